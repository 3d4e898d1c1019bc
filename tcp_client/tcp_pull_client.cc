#include "hpsocket/tcp_client/tcp_pull_client.h"

#include <exception>
#include <memory>

#include "hpsocket/core/facade/pull_calls.h"
#include "hpsocket/core/stream/stream_engine.h"

namespace hpsocket {

CTcpPullClient::CTcpPullClient(ITcpClientListener* listener)
    : TcpClientFacade<ITcpPullClient>("TcpPullClient", listener, core::Delivery::kPull) {}

CTcpPullClient::~CTcpPullClient() { StopForDestruction(); }

EnFetchResult CTcpPullClient::Fetch(uint8_t* data, int length) {
  return core::PullFetch(engine(), engine().client_id(), data, length);
}

EnFetchResult CTcpPullClient::Peek(uint8_t* data, int length) {
  return core::PullPeek(engine(), engine().client_id(), data, length);
}

EnFetchResult CTcpPullClient::PeekSpan(const uint8_t** data, int* length) {
  return core::PullPeekSpan(engine(), engine().client_id(), data, length);
}

EnFetchResult CTcpPullClient::Find(const uint8_t* pattern, int length, int from, int* position) {
  return core::PullFind(engine(), engine().client_id(), pattern, length, from, position);
}

void CTcpPullClient::SetMaxPullLength(uint64_t length) { core::SetMaxPullLength(engine(), length); }

uint64_t CTcpPullClient::GetMaxPullLength() { return core::GetMaxPullLength(engine()); }

ITcpPullClient* TcpPullClient_Creator::Create(ITcpClientListener* listener) noexcept {
  try {
    return std::make_unique<CTcpPullClient>(listener).release();
  } catch (const std::exception&) {  // out of memory
    return nullptr;
  }
}

void TcpPullClient_Creator::Destroy(ITcpPullClient* client) noexcept {
  std::unique_ptr<ITcpPullClient> owned(client);
}

}  // namespace hpsocket
