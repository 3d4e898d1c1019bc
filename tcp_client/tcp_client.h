// Public.
//
// TCP Client: one outgoing connection; its data is handed up as it arrives (PUSH).
//
//   class Printer : public hpsocket::CTcpClientListener { ... };
//   Printer printer;
//   hpsocket::CTcpClientPtr client(&printer);
//   if (!client->Start("127.0.0.1", 5555)) puts(client->GetLastErrorDesc());
//
// Threads:  as IClient; events as IClientListener, on the client's own thread.
// Owner:    the application owns the component and the listener.
// Lifetime: the listener outlives the component.
// Order:    OnPrepareConnect, OnConnect, OnReceive and OnSend in any order, one of OnClose and OnError.
// Errors:   as IClient.
// Units:    bytes and milliseconds.
#ifndef HPSOCKET_TCP_CLIENT_TCP_CLIENT_H_
#define HPSOCKET_TCP_CLIENT_TCP_CLIENT_H_

#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/listener_interfaces.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/socket_ptr.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/core/facade/client_facade.h"

namespace hpsocket {

// Adds nothing.
// Spec: §1.4, §2.4.1, api §3
class ITcpClientListener : public IClientListener {};

// A listener that ignores what is not overridden. Overriding one OnReceive hides the other from
// calls through the derived class, which does not matter to the component.
// Spec: api §3.1
class CTcpClientListener : public ITcpClientListener {
 public:
  EnHandleResult OnReceive(IClient* client, const uint8_t* data, int length) override = 0;
  EnHandleResult OnReceive(IClient*, int) override { return HR_IGNORE; }
  EnHandleResult OnSend(IClient*, const uint8_t*, int) override { return HR_IGNORE; }
  EnHandleResult OnPrepareConnect(IClient*, SOCKET) override { return HR_IGNORE; }
  EnHandleResult OnConnect(IClient*) override { return HR_IGNORE; }
};

class ITcpClient : public IClient {
 public:
  // Sends head, the file's bytes and tail as one SendPackets; a null or empty head or tail is left
  // out. The file has 1 .. 4194304 bytes and is copied: it may change or go away afterwards.
  // Errors: as Send, and first, with SE_INVALID_PARAM, what opening and reading gave (ENOENT,
  // EACCES, ...), EINVAL empty file, no regular file or null name, EFBIG.
  // Spec: §2.4.1, api §6.7, decisions 4.5, 4.6
  virtual bool SendSmallFile(const char* file_name, const WSABUF* head = nullptr,
                             const WSABUF* tail = nullptr) = 0;

  // Most bytes that one OnReceive gets. Default: the memory page (4096), 1 .. 0x7FFFFFFF.
  // Spec: §2.4.1, api §2.8, decisions 4.1
  virtual void SetSocketBufferSize(uint32_t socket_buffer_size) = 0;
  // A silent connection is probed after this time. Default 20000 ms, 0 .. 0x7FFFFFFF; Linux counts
  // whole seconds, so it is rounded up, to at most 32767 s. 0 here or in the interval = off.
  // Spec: §2.4.1, §4.2, api §2.8, decisions 7.2
  virtual void SetKeepAliveTime(uint32_t keep_alive_time_ms) = 0;
  // And again after this time, as often as the system is set to, then OnError. Default 5000 ms; as
  // the time.
  // Spec: §2.4.1, §4.2, api §2.8, decisions 7.2
  virtual void SetKeepAliveInterval(uint32_t keep_alive_interval_ms) = 0;

  virtual uint32_t GetSocketBufferSize() = 0;
  virtual uint32_t GetKeepAliveTime() = 0;
  virtual uint32_t GetKeepAliveInterval() = 0;
};

// The part of a TCP client that does not depend on PUSH or PULL. Its contracts are ITcpClient's.
template <class Interface>
class TcpClientFacade : public core::ClientFacade<Interface> {
 public:
  bool SendSmallFile(const char* file_name, const WSABUF* head = nullptr, const WSABUF* tail = nullptr) final;
  void SetSocketBufferSize(uint32_t socket_buffer_size) final;
  void SetKeepAliveTime(uint32_t keep_alive_time_ms) final;
  void SetKeepAliveInterval(uint32_t keep_alive_interval_ms) final;
  uint32_t GetSocketBufferSize() final;
  uint32_t GetKeepAliveTime() final;
  uint32_t GetKeepAliveInterval() final;

 protected:
  TcpClientFacade(const char* kind, ITcpClientListener* listener, core::Delivery delivery);
};

extern template class core::ClientFacade<ITcpClient>;
extern template class TcpClientFacade<ITcpClient>;

// Spec: §1.2, §2.4
class CTcpClient : public TcpClientFacade<ITcpClient> {
 public:
  // With a null listener every Start fails, SE_INVALID_PARAM. Throws std::bad_alloc, nothing else.
  explicit CTcpClient(ITcpClientListener* listener);
  // Stops first: OnClose may come from here. A class derived from this one must stop in its own
  // destructor if its listener needs the derived part.
  ~CTcpClient() override;
};

// Spec: §3.2, api §4
struct TcpClient_Creator {
  // Null when memory is short.
  static ITcpClient* Create(ITcpClientListener* listener) noexcept;
  static void Destroy(ITcpClient* client) noexcept;
};
typedef CHPSocketPtr<ITcpClient, ITcpClientListener, TcpClient_Creator> CTcpClientPtr;

}  // namespace hpsocket

#endif  // HPSOCKET_TCP_CLIENT_TCP_CLIENT_H_
