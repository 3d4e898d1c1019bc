// Public.
//
// TCP Pull Agent: many outgoing connections in one object; their data is kept until fetched (PULL).
// For protocols with lengths: wait until OnReceive says that enough is there, then Fetch exactly that.
//
//   class Reader : public hpsocket::CTcpPullAgentListener { ... };
//   Reader reader;
//   hpsocket::CTcpPullAgentPtr agent(&reader);
//   if (!agent->Start() || !agent->Connect("127.0.0.1", 5555)) puts(agent->GetLastErrorDetail());
//
// Threads:  as IComplexSocket and IPullSocket; events as IComplexSocketListener.
// Owner:    the application owns the component and the listener.
// Lifetime: the listener outlives the component. A connection's data can be fetched until its OnClose
//           or OnError has returned.
// Order:    as ITcpAgent; one OnReceive, with the unfetched total, for each completed read.
// Errors:   as IComplexSocket and IPullSocket.
// Units:    bytes and milliseconds.
#ifndef HPSOCKET_TCP_AGENT_TCP_PULL_AGENT_H_
#define HPSOCKET_TCP_AGENT_TCP_PULL_AGENT_H_

#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/pull_interfaces.h"
#include "hpsocket/core/api/socket_ptr.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/tcp_agent/tcp_agent.h"

namespace hpsocket {

// A listener that ignores what is not overridden; the OnReceive without data is the one that comes.
// Spec: api §3.1
class CTcpPullAgentListener : public CTcpAgentListener {
 public:
  EnHandleResult OnReceive(CONNID, const uint8_t*, int) override { return HR_IGNORE; }
  // `length`: everything that can be fetched now.
  EnHandleResult OnReceive(CONNID conn_id, int length) override = 0;
};

// Spec: §2.1.1, §2.3, api §2.12
class ITcpPullAgent : public IPullSocket, public ITcpAgent {
 public:
  // Between the two bases of one object; `agent` and `pull` belong to an ITcpPullAgent.
  static IPullSocket* ToPull(IAgent* agent) { return static_cast<ITcpPullAgent*>(agent); }
  static ITcpAgent* ToAgent(IPullSocket* pull) { return static_cast<ITcpPullAgent*>(pull); }
};

extern template class core::ComplexFacade<ITcpPullAgent>;
extern template class TcpAgentFacade<ITcpPullAgent>;

// Spec: §1.2, §2.3
class CTcpPullAgent : public TcpAgentFacade<ITcpPullAgent> {
 public:
  // As CTcpAgent.
  explicit CTcpPullAgent(ITcpAgentListener* listener);
  ~CTcpPullAgent() override;

  EnFetchResult Fetch(CONNID conn_id, uint8_t* data, int length) final;
  EnFetchResult Peek(CONNID conn_id, uint8_t* data, int length) final;
  EnFetchResult PeekSpan(CONNID conn_id, const uint8_t** data, int* length) final;
  EnFetchResult Find(CONNID conn_id, const uint8_t* pattern, int length, int from, int* position) final;
  void SetMaxPullLength(uint64_t length = 0) final;
  uint64_t GetMaxPullLength() final;
};

// Spec: §3.2, api §4
struct TcpPullAgent_Creator {
  // Null when memory is short.
  static ITcpPullAgent* Create(ITcpAgentListener* listener) noexcept;
  static void Destroy(ITcpPullAgent* agent) noexcept;
};
typedef CHPSocketPtr<ITcpPullAgent, ITcpAgentListener, TcpPullAgent_Creator> CTcpPullAgentPtr;

}  // namespace hpsocket

#endif  // HPSOCKET_TCP_AGENT_TCP_PULL_AGENT_H_
