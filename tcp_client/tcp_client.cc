#include "hpsocket/tcp_client/tcp_client.h"

#include <cerrno>
#include <exception>
#include <memory>

#include "hpsocket/core/facade/client_facade_impl.h"
#include "hpsocket/core/facade/facade_calls.h"
#include "hpsocket/core/stream/stream_engine.h"
#include "hpsocket/tcp_client/tcp_pull_client.h"
#include "hpsocket/tcp_client/version.h"  // refuses a core that is too old

namespace hpsocket {

template <class Interface>
TcpClientFacade<Interface>::TcpClientFacade(const char* kind, ITcpClientListener* listener,
                                            core::Delivery delivery)
    : core::ClientFacade<Interface>(kind, core::Role::kClient, listener, delivery) {}

template <class Interface>
bool TcpClientFacade<Interface>::SendSmallFile(const char* file_name, const WSABUF* head,
                                               const WSABUF* tail) {
  if (const char* fault = core::FaultInFile(file_name, head, tail); fault != nullptr) {
    return this->ReportSend(EINVAL, fault);
  }
  core::StreamEngine& engine = this->engine();
  return this->ReportSend(engine.SendSmallFile(engine.client_id(), file_name, head, tail));
}

template <class Interface>
void TcpClientFacade<Interface>::SetSocketBufferSize(uint32_t socket_buffer_size) {
  this->engine().Change([=](auto& settings) { settings.socket_buffer_size = socket_buffer_size; });
}

template <class Interface>
uint32_t TcpClientFacade<Interface>::GetSocketBufferSize() {
  return this->engine().settings().socket_buffer_size;
}

template <class Interface>
void TcpClientFacade<Interface>::SetKeepAliveTime(uint32_t keep_alive_time_ms) {
  this->engine().Change([=](auto& settings) { settings.keep_alive_time = keep_alive_time_ms; });
}

template <class Interface>
uint32_t TcpClientFacade<Interface>::GetKeepAliveTime() {
  return this->engine().settings().keep_alive_time;
}

template <class Interface>
void TcpClientFacade<Interface>::SetKeepAliveInterval(uint32_t keep_alive_interval_ms) {
  this->engine().Change([=](auto& settings) { settings.keep_alive_interval = keep_alive_interval_ms; });
}

template <class Interface>
uint32_t TcpClientFacade<Interface>::GetKeepAliveInterval() {
  return this->engine().settings().keep_alive_interval;
}

template class core::ClientFacade<ITcpClient>;
template class TcpClientFacade<ITcpClient>;
template class core::ClientFacade<ITcpPullClient>;
template class TcpClientFacade<ITcpPullClient>;

CTcpClient::CTcpClient(ITcpClientListener* listener)
    : TcpClientFacade<ITcpClient>("TcpClient", listener, core::Delivery::kPush) {}

CTcpClient::~CTcpClient() { StopForDestruction(); }

ITcpClient* TcpClient_Creator::Create(ITcpClientListener* listener) noexcept {
  try {
    return std::make_unique<CTcpClient>(listener).release();
  } catch (const std::exception&) {
    return nullptr;
  }
}

void TcpClient_Creator::Destroy(ITcpClient* client) noexcept { std::unique_ptr<ITcpClient> owned(client); }

}  // namespace hpsocket
