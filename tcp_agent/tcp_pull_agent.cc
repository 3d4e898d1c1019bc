#include "hpsocket/tcp_agent/tcp_pull_agent.h"

#include <exception>
#include <memory>

#include "hpsocket/core/facade/pull_calls.h"
#include "hpsocket/core/stream/stream_engine.h"

namespace hpsocket {

CTcpPullAgent::CTcpPullAgent(ITcpAgentListener* listener)
    : TcpAgentFacade<ITcpPullAgent>("TcpPullAgent", listener, core::Delivery::kPull) {}

CTcpPullAgent::~CTcpPullAgent() { StopForDestruction(); }

EnFetchResult CTcpPullAgent::Fetch(CONNID conn_id, uint8_t* data, int length) {
  return core::PullFetch(engine(), conn_id, data, length);
}

EnFetchResult CTcpPullAgent::Peek(CONNID conn_id, uint8_t* data, int length) {
  return core::PullPeek(engine(), conn_id, data, length);
}

EnFetchResult CTcpPullAgent::PeekSpan(CONNID conn_id, const uint8_t** data, int* length) {
  return core::PullPeekSpan(engine(), conn_id, data, length);
}

EnFetchResult CTcpPullAgent::Find(CONNID conn_id, const uint8_t* pattern, int length, int from,
                                  int* position) {
  return core::PullFind(engine(), conn_id, pattern, length, from, position);
}

void CTcpPullAgent::SetMaxPullLength(uint64_t length) { core::SetMaxPullLength(engine(), length); }

uint64_t CTcpPullAgent::GetMaxPullLength() { return core::GetMaxPullLength(engine()); }

ITcpPullAgent* TcpPullAgent_Creator::Create(ITcpAgentListener* listener) noexcept {
  try {
    return std::make_unique<CTcpPullAgent>(listener).release();
  } catch (const std::exception&) {  // out of memory
    return nullptr;
  }
}

void TcpPullAgent_Creator::Destroy(ITcpPullAgent* agent) noexcept {
  std::unique_ptr<ITcpPullAgent> owned(agent);
}

}  // namespace hpsocket
