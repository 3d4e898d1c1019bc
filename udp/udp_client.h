// Public.
//
// UDP Client: a connected UDP socket that hears one server, and finds out when that is gone.
//
//   class Printer : public hpsocket::CUdpClientListener { ... };
//   Printer printer;
//   hpsocket::CUdpClientPtr client(&printer);
//   if (!client->Start("127.0.0.1", 5555)) puts(client->GetLastErrorDesc());
//
// Threads:  as IClient; events as IClientListener, on the client's own thread.
// Owner:    the application owns the component and the listener.
// Lifetime: the listener outlives the component.
// Order:    OnPrepareConnect, OnConnect, OnReceive and OnSend in any order, one of OnClose and OnError.
// Errors:   as IClient. Start succeeds though nobody listens: detection finds that out. A datagram that
//           the kernel refuses to send is dropped and counted.
// Units:    bytes; seconds where it says so.
#ifndef HPSOCKET_UDP_UDP_CLIENT_H_
#define HPSOCKET_UDP_UDP_CLIENT_H_

#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/listener_interfaces.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/socket_ptr.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/core/facade/client_facade.h"

namespace hpsocket {

namespace core {
class DatagramEngine;
}

// Adds nothing.
// Spec: §1.4, §2.4.1, api §3
class IUdpClientListener : public IClientListener {};

// A listener that ignores what is not overridden. Overriding one OnReceive hides the other from
// calls through the derived class, which does not matter to the component.
// Spec: api §3.1
class CUdpClientListener : public IUdpClientListener {
 public:
  EnHandleResult OnReceive(IClient* client, const uint8_t* data, int length) override = 0;
  EnHandleResult OnReceive(IClient*, int) override { return HR_IGNORE; }
  EnHandleResult OnSend(IClient*, const uint8_t*, int) override { return HR_IGNORE; }
  EnHandleResult OnPrepareConnect(IClient*, SOCKET) override { return HR_IGNORE; }
  EnHandleResult OnConnect(IClient*) override { return HR_IGNORE; }
};

class IUdpClient : public IClient {
 public:
  // As IUdpServer::SetMaxDatagramSize.
  // Spec: §2.4.1, api §2.9, decisions 6.3
  virtual void SetMaxDatagramSize(uint32_t max_datagram_size) = 0;
  // Detection: an empty datagram goes to the server at once and every DetectInterval seconds; any
  // datagram that comes counts as an answer. When DetectAttempts of them were not answered, instead of the
  // next one OnError(SO_CONNECT, ECONNRESET), and the client stops. Defaults 3 and 20 seconds,
  // 0 .. 0x7FFFFFFF; 0 in either = off, and one empty datagram goes all the same.
  // Spec: §2.4.1, §4.2, api §2.9, api §6.12, decisions 6.1, 6.4
  virtual void SetDetectAttempts(uint32_t detect_attempts) = 0;
  virtual void SetDetectInterval(uint32_t detect_interval_s) = 0;
  // An oversize datagram stops the client, OnError(SO_RECEIVE, EMSGSIZE), as in HP-Socket 3.3.
  // Spec: decisions 6.3, decisions §8
  virtual void SetCloseOnOversize(bool close_on_oversize = false) = 0;
  // As IUdpServer's.
  // Spec: decisions §8
  virtual void SetSendBufferSize(uint32_t send_buffer_size = 0) = 0;
  virtual void SetReceiveBufferSize(uint32_t receive_buffer_size = 0) = 0;

  virtual uint32_t GetMaxDatagramSize() = 0;
  virtual uint32_t GetDetectAttempts() = 0;
  virtual uint32_t GetDetectInterval() = 0;
  virtual bool IsCloseOnOversize() = 0;
  virtual uint32_t GetSendBufferSize() = 0;
  virtual uint32_t GetReceiveBufferSize() = 0;
};

extern template class core::ClientFacade<IUdpClient, core::DatagramEngine>;

// Spec: §1.2, §2.4
class CUdpClient : public core::ClientFacade<IUdpClient, core::DatagramEngine> {
 public:
  // With a null listener every Start fails, SE_INVALID_PARAM. Throws std::bad_alloc, nothing else.
  explicit CUdpClient(IUdpClientListener* listener);
  // Stops first: OnClose may come from here. A class derived from this one must stop in its own
  // destructor if its listener needs the derived part.
  ~CUdpClient() override;

  void SetMaxDatagramSize(uint32_t max_datagram_size) final;
  void SetDetectAttempts(uint32_t detect_attempts) final;
  void SetDetectInterval(uint32_t detect_interval_s) final;
  void SetCloseOnOversize(bool close_on_oversize = false) final;
  void SetSendBufferSize(uint32_t send_buffer_size = 0) final;
  void SetReceiveBufferSize(uint32_t receive_buffer_size = 0) final;
  uint32_t GetMaxDatagramSize() final;
  uint32_t GetDetectAttempts() final;
  uint32_t GetDetectInterval() final;
  bool IsCloseOnOversize() final;
  uint32_t GetSendBufferSize() final;
  uint32_t GetReceiveBufferSize() final;
};

// Spec: §3.2, api §4
struct UdpClient_Creator {
  // Null when memory is short.
  static IUdpClient* Create(IUdpClientListener* listener) noexcept;
  static void Destroy(IUdpClient* client) noexcept;
};
typedef CHPSocketPtr<IUdpClient, IUdpClientListener, UdpClient_Creator> CUdpClientPtr;

}  // namespace hpsocket

#endif  // HPSOCKET_UDP_UDP_CLIENT_H_
