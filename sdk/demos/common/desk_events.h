// Internal to the demos.
//
// A listener's events, handed to the desk as they are: what an echo program overrides besides is what makes
// it another one.
//
// Threads:  the component's.
// Lifetime: the desk outlives the component.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_DESK_EVENTS_H_
#define HPSOCKET_SDK_DEMOS_COMMON_DESK_EVENTS_H_

#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/sdk/demos/common/client_desk.h"
#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/server_desk.h"

namespace hpsocket::demos {

// `Listener`: CTcpClientListener, CUdpClientListener.
template <class Listener>
class ClientDeskEvents : public Listener {
 public:
  EnHandleResult OnConnect(IClient*) override {
    desk_.HandleConnect();
    return HR_OK;
  }
  using Listener::OnReceive;
  EnHandleResult OnReceive(IClient*, const uint8_t* data, int length) override {
    desk_.HandleReceive(length, BytesContent(length) + " " + Preview(data, length));
    return HR_OK;
  }
  EnHandleResult OnSend(IClient*, const uint8_t*, int length) override {
    desk_.HandleSend(length);
    return HR_OK;
  }
  EnHandleResult OnClose(IClient*) override {
    desk_.HandleClose();
    return HR_OK;
  }
  EnHandleResult OnError(IClient*, EnSocketOperation operation, int error_code) override {
    desk_.HandleError(operation, error_code);
    return HR_OK;
  }

 protected:
  explicit ClientDeskEvents(ClientDesk& desk) : desk_(desk) {}
  ClientDesk& desk() { return desk_; }

 private:
  ClientDesk& desk_;
};

// `Listener`: CTcpServerListener, CUdpServerListener. OnAccept and OnReceive are the program's.
template <class Listener>
class ServerDeskEvents : public Listener {
 public:
  EnHandleResult OnPrepareListen(SOCKET) override {
    desk_.HandlePrepareListen();
    return HR_OK;
  }
  EnHandleResult OnSend(CONNID id, const uint8_t*, int length) override {
    desk_.HandleSend(id, length);
    return HR_OK;
  }
  EnHandleResult OnClose(CONNID id) override {
    desk_.HandleClose(id);
    return HR_OK;
  }
  EnHandleResult OnError(CONNID id, EnSocketOperation operation, int error_code) override {
    desk_.HandleError(id, operation, error_code);
    return HR_OK;
  }
  EnHandleResult OnShutdown() override {
    desk_.HandleShutdown();
    return HR_OK;
  }

 protected:
  explicit ServerDeskEvents(ServerDesk& desk) : desk_(desk) {}
  ServerDesk& desk() { return desk_; }

 private:
  ServerDesk& desk_;
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_DESK_EVENTS_H_
