// Public.
//
// TCP Agent: many outgoing connections in one object; their data is handed up as it arrives (PUSH).
//
//   class Collector : public hpsocket::CTcpAgentListener { ... };
//   Collector collector;
//   hpsocket::CTcpAgentPtr agent(&collector);
//   CONNID id;
//   if (!agent->Start() || !agent->Connect("127.0.0.1", 5555, &id)) puts(agent->GetLastErrorDetail());
//
// Threads:  as IComplexSocket and IAgent; events as IComplexSocketListener and IAgentListener.
// Owner:    the application owns the component and the listener.
// Lifetime: the listener outlives the component.
// Order:    per connection OnPrepareConnect, OnConnect, OnReceive and OnSend in any order, one of OnClose
//           and OnError; OnShutdown at the end.
// Errors:   as IComplexSocket and IAgent.
// Units:    bytes and milliseconds.
#ifndef HPSOCKET_TCP_AGENT_TCP_AGENT_H_
#define HPSOCKET_TCP_AGENT_TCP_AGENT_H_

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
class Connector;
}

// Adds nothing.
// Spec: §1.4, §2.3.1, api §3
class ITcpAgentListener : public IAgentListener {};

// A listener that ignores what is not overridden. Overriding one OnReceive hides the other from
// calls through the derived class, which does not matter to the component.
// Spec: api §3.1
class CTcpAgentListener : public ITcpAgentListener {
 public:
  EnHandleResult OnReceive(CONNID conn_id, const uint8_t* data, int length) override = 0;
  EnHandleResult OnReceive(CONNID, int) override { return HR_IGNORE; }
  EnHandleResult OnSend(CONNID, const uint8_t*, int) override { return HR_IGNORE; }
  EnHandleResult OnPrepareConnect(CONNID, SOCKET) override { return HR_IGNORE; }
  EnHandleResult OnConnect(CONNID) override { return HR_IGNORE; }
  EnHandleResult OnShutdown() override { return HR_IGNORE; }
};

class ITcpAgent : public IAgent {
 public:
  // Sends head, the file's bytes and tail as one SendPackets; a null or empty head or tail is left
  // out. The file has 1 .. 4194304 bytes and is copied: it may change or go away afterwards.
  // errno: as Send, and first what opening and reading gave (ENOENT, EACCES, ...); EINVAL empty file,
  // no regular file or null name; EFBIG.
  // Spec: §2.3.1, api §6.7, decisions 4.5, 4.6
  virtual bool SendSmallFile(CONNID conn_id, const char* file_name, const WSABUF* head = nullptr,
                             const WSABUF* tail = nullptr) = 0;

  // SO_REUSEADDR on each outgoing socket, before OnPrepareConnect. Default false.
  // Spec: §2.3.1, api §2.6
  virtual void SetReuseAddress(bool reuse_address) = 0;
  virtual bool IsReuseAddress() = 0;
  // Most bytes that one OnReceive gets. Default: the memory page (4096), 64 .. 0x7FFFFFFF.
  // Spec: §2.3.1, api §2.6, decisions 4.1
  virtual void SetSocketBufferSize(uint32_t socket_buffer_size) = 0;
  // A silent connection is probed after this time. Default 20000 ms, 0 .. 0x7FFFFFFF; Linux counts
  // whole seconds, so it is rounded up, to at most 32767 s. 0 here or in the interval = off.
  // Spec: §2.3.1, §4.2, api §2.6, decisions 7.2
  virtual void SetKeepAliveTime(uint32_t keep_alive_time_ms) = 0;
  // And again after this time, as often as the system is set to, then OnError. Default 5000 ms; as
  // the time.
  // Spec: §2.3.1, §4.2, api §2.6, decisions 7.2
  virtual void SetKeepAliveInterval(uint32_t keep_alive_interval_ms) = 0;

  virtual uint32_t GetSocketBufferSize() = 0;
  virtual uint32_t GetKeepAliveTime() = 0;
  virtual uint32_t GetKeepAliveInterval() = 0;
};

// The part of a TCP agent that does not depend on PUSH or PULL. Its contracts are ITcpAgent's.
template <class Interface>
class TcpAgentFacade : public core::ComplexFacade<Interface> {
 public:
  bool Start(const char* bind_address = nullptr, bool async_connect = false) final;
  bool Connect(const char* remote_address, uint16_t port, CONNID* conn_id = nullptr) final;
  bool GetLocalAddress(CONNID conn_id, char address[], int& address_length, uint16_t& port) final;
  void SetSyncConnectTimeout(uint32_t timeout_ms = 10000) final;
  uint32_t GetSyncConnectTimeout() final;

  bool SendSmallFile(CONNID conn_id, const char* file_name, const WSABUF* head = nullptr,
                     const WSABUF* tail = nullptr) final;
  void SetReuseAddress(bool reuse_address) final;
  bool IsReuseAddress() final;
  void SetSocketBufferSize(uint32_t socket_buffer_size) final;
  void SetKeepAliveTime(uint32_t keep_alive_time_ms) final;
  void SetKeepAliveInterval(uint32_t keep_alive_interval_ms) final;
  uint32_t GetSocketBufferSize() final;
  uint32_t GetKeepAliveTime() final;
  uint32_t GetKeepAliveInterval() final;

 protected:
  TcpAgentFacade(const char* kind, ITcpAgentListener* listener, core::Delivery delivery);
  ~TcpAgentFacade() override;

 private:
  std::unique_ptr<core::Connector> connector_;
};

extern template class core::ComplexFacade<ITcpAgent>;
extern template class TcpAgentFacade<ITcpAgent>;

// Spec: §1.2, §2.3
class CTcpAgent : public TcpAgentFacade<ITcpAgent> {
 public:
  // With a null listener every Start fails, SE_INVALID_PARAM. Throws std::bad_alloc, nothing else.
  explicit CTcpAgent(ITcpAgentListener* listener);
  // Stops first: OnClose and OnShutdown may come from here. A class derived from this one must stop
  // in its own destructor if its listener needs the derived part.
  ~CTcpAgent() override;
};

// Spec: §3.2, api §4
struct TcpAgent_Creator {
  // Null when memory is short.
  static ITcpAgent* Create(ITcpAgentListener* listener) noexcept;
  static void Destroy(ITcpAgent* agent) noexcept;
};
typedef CHPSocketPtr<ITcpAgent, ITcpAgentListener, TcpAgent_Creator> CTcpAgentPtr;

}  // namespace hpsocket

#endif  // HPSOCKET_TCP_AGENT_TCP_AGENT_H_
