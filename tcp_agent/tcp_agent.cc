#include "hpsocket/tcp_agent/tcp_agent.h"

#include <cerrno>
#include <exception>
#include <memory>
#include <string>

#include "hpsocket/core/facade/complex_events.h"
#include "hpsocket/core/facade/complex_facade_impl.h"
#include "hpsocket/core/facade/facade_calls.h"
#include "hpsocket/core/facade/listener_call.h"
#include "hpsocket/core/stream/connector.h"
#include "hpsocket/core/stream/stream_engine.h"
#include "hpsocket/tcp_agent/tcp_pull_agent.h"
#include "hpsocket/tcp_agent/version.h"  // refuses a core that is too old

namespace hpsocket {
namespace {

class AgentEvents final : public core::ComplexEvents {
 public:
  explicit AgentEvents(ITcpAgentListener* listener) : ComplexEvents(listener), listener_(listener) {}

  EnHandleResult HandlePrepareConnect(CONNID id, int fd) override {
    return core::CallListener(engine(), "OnPrepareConnect",
                              [&] { return listener_->OnPrepareConnect(id, fd); });
  }
  EnHandleResult HandleConnect(CONNID id) override {
    return core::CallListener(engine(), "OnConnect", [&] { return listener_->OnConnect(id); });
  }

 private:
  ITcpAgentListener* const listener_;
};

}  // namespace

template <class Interface>
TcpAgentFacade<Interface>::TcpAgentFacade(const char* kind, ITcpAgentListener* listener,
                                          core::Delivery delivery)
    : core::ComplexFacade<Interface>(kind, core::Role::kAgent, delivery,
                                     std::make_unique<AgentEvents>(listener)),
      connector_(std::make_unique<core::Connector>(this->engine())) {}

template <class Interface>
TcpAgentFacade<Interface>::~TcpAgentFacade() {
  // In a forked child: a worker of another process looks at it.
  if (this->engine().forked()) static_cast<void>(connector_.release());
}

template <class Interface>
bool TcpAgentFacade<Interface>::Start(const char* bind_address, bool async_connect) {
  if (!this->CanStart()) return false;
  return this->engine().Start(*connector_, [&] { connector_->Configure(bind_address, async_connect); });
}

template <class Interface>
bool TcpAgentFacade<Interface>::Connect(const char* remote_address, uint16_t port, CONNID* conn_id) {
  CONNID unused = 0;
  std::string detail;
  const int error =
      connector_->Connect(remote_address, port, conn_id == nullptr ? &unused : conn_id, &detail);
  return core::Report(error, detail.empty() ? nullptr : detail.c_str());
}

template <class Interface>
bool TcpAgentFacade<Interface>::GetLocalAddress(CONNID conn_id, char address[], int& address_length,
                                                uint16_t& port) {
  core::Address found;
  return this->engine().GetLocalAddress(conn_id, &found) == 0 &&
         core::CopyAddress(found, address, address_length, port);
}

template <class Interface>
void TcpAgentFacade<Interface>::SetSyncConnectTimeout(uint32_t timeout_ms) {
  this->engine().Change([=](auto& settings) { settings.sync_connect_timeout = timeout_ms; });
}

template <class Interface>
uint32_t TcpAgentFacade<Interface>::GetSyncConnectTimeout() {
  return this->engine().settings().sync_connect_timeout;
}

template <class Interface>
bool TcpAgentFacade<Interface>::SendSmallFile(CONNID conn_id, const char* file_name, const WSABUF* head,
                                              const WSABUF* tail) {
  if (const char* fault = core::FaultInFile(file_name, head, tail); fault != nullptr) {
    return core::Report(EINVAL, fault);
  }
  return core::Report(this->engine().SendSmallFile(conn_id, file_name, head, tail));
}

template <class Interface>
void TcpAgentFacade<Interface>::SetReuseAddress(bool reuse_address) {
  this->engine().Change([=](auto& settings) { settings.reuse_address = reuse_address; });
}

template <class Interface>
bool TcpAgentFacade<Interface>::IsReuseAddress() {
  return this->engine().settings().reuse_address;
}

template <class Interface>
void TcpAgentFacade<Interface>::SetSocketBufferSize(uint32_t socket_buffer_size) {
  this->engine().Change([=](auto& settings) { settings.socket_buffer_size = socket_buffer_size; });
}

template <class Interface>
uint32_t TcpAgentFacade<Interface>::GetSocketBufferSize() {
  return this->engine().settings().socket_buffer_size;
}

template <class Interface>
void TcpAgentFacade<Interface>::SetKeepAliveTime(uint32_t keep_alive_time_ms) {
  this->engine().Change([=](auto& settings) { settings.keep_alive_time = keep_alive_time_ms; });
}

template <class Interface>
uint32_t TcpAgentFacade<Interface>::GetKeepAliveTime() {
  return this->engine().settings().keep_alive_time;
}

template <class Interface>
void TcpAgentFacade<Interface>::SetKeepAliveInterval(uint32_t keep_alive_interval_ms) {
  this->engine().Change([=](auto& settings) { settings.keep_alive_interval = keep_alive_interval_ms; });
}

template <class Interface>
uint32_t TcpAgentFacade<Interface>::GetKeepAliveInterval() {
  return this->engine().settings().keep_alive_interval;
}

template class core::ComplexFacade<ITcpAgent>;
template class TcpAgentFacade<ITcpAgent>;
template class core::ComplexFacade<ITcpPullAgent>;
template class TcpAgentFacade<ITcpPullAgent>;

CTcpAgent::CTcpAgent(ITcpAgentListener* listener)
    : TcpAgentFacade<ITcpAgent>("TcpAgent", listener, core::Delivery::kPush) {}

CTcpAgent::~CTcpAgent() { StopForDestruction(); }

ITcpAgent* TcpAgent_Creator::Create(ITcpAgentListener* listener) noexcept {
  try {
    return std::make_unique<CTcpAgent>(listener).release();
  } catch (const std::exception&) {  // out of memory
    return nullptr;
  }
}

void TcpAgent_Creator::Destroy(ITcpAgent* agent) noexcept { std::unique_ptr<ITcpAgent> owned(agent); }

}  // namespace hpsocket
