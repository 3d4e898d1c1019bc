#include "hpsocket/tcp_server/tcp_pull_server.h"

#include <exception>
#include <memory>

#include "hpsocket/core/facade/pull_calls.h"
#include "hpsocket/core/stream/stream_engine.h"

namespace hpsocket {

CTcpPullServer::CTcpPullServer(ITcpServerListener* listener)
    : TcpServerFacade<ITcpPullServer>("TcpPullServer", listener, core::Delivery::kPull) {}

CTcpPullServer::~CTcpPullServer() { StopForDestruction(); }

EnFetchResult CTcpPullServer::Fetch(CONNID conn_id, uint8_t* data, int length) {
  return core::PullFetch(engine(), conn_id, data, length);
}

EnFetchResult CTcpPullServer::Peek(CONNID conn_id, uint8_t* data, int length) {
  return core::PullPeek(engine(), conn_id, data, length);
}

EnFetchResult CTcpPullServer::PeekSpan(CONNID conn_id, const uint8_t** data, int* length) {
  return core::PullPeekSpan(engine(), conn_id, data, length);
}

EnFetchResult CTcpPullServer::Find(CONNID conn_id, const uint8_t* pattern, int length, int from,
                                   int* position) {
  return core::PullFind(engine(), conn_id, pattern, length, from, position);
}

void CTcpPullServer::SetMaxPullLength(uint64_t length) { core::SetMaxPullLength(engine(), length); }

uint64_t CTcpPullServer::GetMaxPullLength() { return core::GetMaxPullLength(engine()); }

ITcpPullServer* TcpPullServer_Creator::Create(ITcpServerListener* listener) noexcept {
  try {
    return std::make_unique<CTcpPullServer>(listener).release();
  } catch (const std::exception&) {  // out of memory
    return nullptr;
  }
}

void TcpPullServer_Creator::Destroy(ITcpPullServer* server) noexcept {
  std::unique_ptr<ITcpPullServer> owned(server);
}

}  // namespace hpsocket
