// Public.
//
// TCP Server: accepts connections and hands their data up as it arrives (PUSH).
//
//   class Echo : public hpsocket::CTcpServerListener { ... };
//   Echo echo;
//   hpsocket::CTcpServerPtr server(&echo);
//   if (!server->Start("0.0.0.0", 5555)) puts(server->GetLastErrorDesc());
//
// Threads:  as IComplexSocket; events as IComplexSocketListener.
// Owner:    the application owns the component and the listener.
// Lifetime: the listener outlives the component.
// Order:    OnPrepareListen, then per connection OnAccept, OnReceive and OnSend in any order, one of
//           OnClose and OnError, and OnShutdown at the end.
// Errors:   as IComplexSocket.
// Units:    bytes and milliseconds.
#ifndef HPSOCKET_TCP_SERVER_TCP_SERVER_H_
#define HPSOCKET_TCP_SERVER_TCP_SERVER_H_

#include <cstdint>
#include <memory>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/listener_interfaces.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/socket_ptr.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/core/facade/complex_facade.h"

namespace hpsocket {

namespace core {
class Acceptor;
}

class ITcpServerListener : public IServerListener {
 public:
  // A peer has connected; the ID works in every call, Send included. On the connection's worker,
  // before its first OnReceive. HR_ERROR: closed, and no further event comes for this ID.
  // Spec: §1.4, §2.2.1, §2.2.2, api §3.2, api §6.3
  virtual EnHandleResult OnAccept(CONNID conn_id, SOCKET client_socket) = 0;
};

// A listener that ignores what is not overridden. Overriding one OnReceive hides the other from
// calls through the derived class, which does not matter to the component.
// Spec: api §3.1
class CTcpServerListener : public ITcpServerListener {
 public:
  EnHandleResult OnReceive(CONNID conn_id, const uint8_t* data, int length) override = 0;
  EnHandleResult OnReceive(CONNID, int) override { return HR_IGNORE; }
  EnHandleResult OnSend(CONNID, const uint8_t*, int) override { return HR_IGNORE; }
  EnHandleResult OnPrepareListen(SOCKET) override { return HR_IGNORE; }
  EnHandleResult OnAccept(CONNID, SOCKET) override { return HR_IGNORE; }
  EnHandleResult OnShutdown() override { return HR_IGNORE; }
};

class ITcpServer : public IServer {
 public:
  // Sends head, the file's bytes and tail as one SendPackets; a null or empty head or tail is left
  // out. The file has 1 .. 4194304 bytes and is copied: it may change or go away afterwards.
  // errno: as Send, and first what opening and reading gave (ENOENT, EACCES, ...); EINVAL empty file,
  // no regular file or null name; EFBIG.
  // Spec: §2.2.1, api §6.7, decisions 4.5, 4.6
  virtual bool SendSmallFile(CONNID conn_id, const char* file_name, const WSABUF* head = nullptr,
                             const WSABUF* tail = nullptr) = 0;

  // Connections accepted in one go before other work has its turn. Default 300, 1 .. 0x7FFFFFFF.
  // Spec: §2.2.1, api §2.3, decisions 2.9
  virtual void SetAcceptSocketCount(uint32_t accept_socket_count) = 0;
  // Most bytes that one OnReceive gets. Default: the memory page (4096), 64 .. 0x7FFFFFFF.
  // Spec: §2.2.1, api §2.3, decisions 4.1
  virtual void SetSocketBufferSize(uint32_t socket_buffer_size) = 0;
  // The backlog of listen(2). Default SOMAXCONN, 1 .. 0x7FFFFFFF.
  // Spec: §2.2.1, api §2.3, decisions 2.9
  virtual void SetSocketListenQueue(uint32_t socket_listen_queue) = 0;
  // A silent connection is probed after this time. Default 20000 ms, 0 .. 0x7FFFFFFF; Linux counts
  // whole seconds, so it is rounded up, to at most 32767 s. 0 here or in the interval = off.
  // Spec: §2.2.1, §4.2, api §2.3, decisions 7.2
  virtual void SetKeepAliveTime(uint32_t keep_alive_time_ms) = 0;
  // And again after this time, as often as the system is set to, then OnError. Default 5000 ms; as
  // the time.
  // Spec: §2.2.1, §4.2, api §2.3, decisions 7.2
  virtual void SetKeepAliveInterval(uint32_t keep_alive_interval_ms) = 0;

  virtual uint32_t GetAcceptSocketCount() = 0;
  virtual uint32_t GetSocketBufferSize() = 0;
  virtual uint32_t GetSocketListenQueue() = 0;
  virtual uint32_t GetKeepAliveTime() = 0;
  virtual uint32_t GetKeepAliveInterval() = 0;
};

// The part of a TCP server that does not depend on PUSH or PULL. Its contracts are ITcpServer's.
template <class Interface>
class TcpServerFacade : public core::ComplexFacade<Interface> {
 public:
  bool Start(const char* bind_address, uint16_t port) final;
  bool GetListenAddress(char address[], int& address_length, uint16_t& port) final;

  bool SendSmallFile(CONNID conn_id, const char* file_name, const WSABUF* head = nullptr,
                     const WSABUF* tail = nullptr) final;
  void SetAcceptSocketCount(uint32_t accept_socket_count) final;
  void SetSocketBufferSize(uint32_t socket_buffer_size) final;
  void SetSocketListenQueue(uint32_t socket_listen_queue) final;
  void SetKeepAliveTime(uint32_t keep_alive_time_ms) final;
  void SetKeepAliveInterval(uint32_t keep_alive_interval_ms) final;
  uint32_t GetAcceptSocketCount() final;
  uint32_t GetSocketBufferSize() final;
  uint32_t GetSocketListenQueue() final;
  uint32_t GetKeepAliveTime() final;
  uint32_t GetKeepAliveInterval() final;

 protected:
  TcpServerFacade(const char* kind, ITcpServerListener* listener, core::Delivery delivery);
  ~TcpServerFacade() override;

 private:
  std::unique_ptr<core::Acceptor> acceptor_;
};

extern template class core::ComplexFacade<ITcpServer>;
extern template class TcpServerFacade<ITcpServer>;

// Spec: §1.2, §2.2
class CTcpServer : public TcpServerFacade<ITcpServer> {
 public:
  // With a null listener every Start fails, SE_INVALID_PARAM. Throws std::bad_alloc, nothing else.
  explicit CTcpServer(ITcpServerListener* listener);
  // Stops first: OnClose and OnShutdown may come from here. A class derived from this one must stop
  // in its own destructor if its listener needs the derived part.
  ~CTcpServer() override;
};

// Spec: §3.2, api §4
struct TcpServer_Creator {
  // Null when memory is short.
  static ITcpServer* Create(ITcpServerListener* listener) noexcept;
  static void Destroy(ITcpServer* server) noexcept;
};
typedef CHPSocketPtr<ITcpServer, ITcpServerListener, TcpServer_Creator> CTcpServerPtr;

}  // namespace hpsocket

#endif  // HPSOCKET_TCP_SERVER_TCP_SERVER_H_
