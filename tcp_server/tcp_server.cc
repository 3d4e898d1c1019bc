#include "hpsocket/tcp_server/tcp_server.h"

#include <cerrno>
#include <exception>
#include <memory>

#include "hpsocket/core/facade/complex_events.h"
#include "hpsocket/core/facade/complex_facade_impl.h"
#include "hpsocket/core/facade/facade_calls.h"
#include "hpsocket/core/facade/listener_call.h"
#include "hpsocket/core/stream/stream_engine.h"
#include "hpsocket/tcp_server/acceptor.h"
#include "hpsocket/tcp_server/tcp_pull_server.h"
#include "hpsocket/tcp_server/version.h"  // refuses a core that is too old

namespace hpsocket {
namespace {

class ServerEvents final : public core::ComplexEvents {
 public:
  explicit ServerEvents(ITcpServerListener* listener) : ComplexEvents(listener), listener_(listener) {}

  EnHandleResult HandlePrepareListen(int fd) override {
    return core::CallListener(engine(), "OnPrepareListen", [&] { return listener_->OnPrepareListen(fd); });
  }
  EnHandleResult HandleAccept(CONNID id, int fd, const core::Address&) override {
    return core::CallListener(engine(), "OnAccept", [&] { return listener_->OnAccept(id, fd); });
  }

 private:
  ITcpServerListener* const listener_;
};

}  // namespace

template <class Interface>
TcpServerFacade<Interface>::TcpServerFacade(const char* kind, ITcpServerListener* listener,
                                            core::Delivery delivery)
    : core::ComplexFacade<Interface>(kind, core::Role::kServer, delivery,
                                     std::make_unique<ServerEvents>(listener)),
      acceptor_(std::make_unique<core::Acceptor>(this->engine())) {}

template <class Interface>
TcpServerFacade<Interface>::~TcpServerFacade() {
  // In a forked child: a worker of another process accepts with it.
  if (this->engine().forked()) static_cast<void>(acceptor_.release());
}

template <class Interface>
bool TcpServerFacade<Interface>::Start(const char* bind_address, uint16_t port) {
  if (!this->CanStart()) return false;
  return this->engine().Start(*acceptor_, [&] { acceptor_->Configure(bind_address, port); });
}

template <class Interface>
bool TcpServerFacade<Interface>::GetListenAddress(char address[], int& address_length, uint16_t& port) {
  core::Address found;
  return !this->engine().forked() && acceptor_->ListenAddress(&found) &&
         core::CopyAddress(found, address, address_length, port);
}

template <class Interface>
bool TcpServerFacade<Interface>::SendSmallFile(CONNID conn_id, const char* file_name, const WSABUF* head,
                                               const WSABUF* tail) {
  if (const char* fault = core::FaultInFile(file_name, head, tail); fault != nullptr) {
    return core::Report(EINVAL, fault);
  }
  return core::Report(this->engine().SendSmallFile(conn_id, file_name, head, tail));
}

template <class Interface>
void TcpServerFacade<Interface>::SetAcceptSocketCount(uint32_t accept_socket_count) {
  this->engine().Change([=](auto& settings) { settings.accept_socket_count = accept_socket_count; });
}

template <class Interface>
uint32_t TcpServerFacade<Interface>::GetAcceptSocketCount() {
  return this->engine().settings().accept_socket_count;
}

template <class Interface>
void TcpServerFacade<Interface>::SetSocketBufferSize(uint32_t socket_buffer_size) {
  this->engine().Change([=](auto& settings) { settings.socket_buffer_size = socket_buffer_size; });
}

template <class Interface>
uint32_t TcpServerFacade<Interface>::GetSocketBufferSize() {
  return this->engine().settings().socket_buffer_size;
}

template <class Interface>
void TcpServerFacade<Interface>::SetSocketListenQueue(uint32_t socket_listen_queue) {
  this->engine().Change([=](auto& settings) { settings.socket_listen_queue = socket_listen_queue; });
}

template <class Interface>
uint32_t TcpServerFacade<Interface>::GetSocketListenQueue() {
  return this->engine().settings().socket_listen_queue;
}

template <class Interface>
void TcpServerFacade<Interface>::SetKeepAliveTime(uint32_t keep_alive_time_ms) {
  this->engine().Change([=](auto& settings) { settings.keep_alive_time = keep_alive_time_ms; });
}

template <class Interface>
uint32_t TcpServerFacade<Interface>::GetKeepAliveTime() {
  return this->engine().settings().keep_alive_time;
}

template <class Interface>
void TcpServerFacade<Interface>::SetKeepAliveInterval(uint32_t keep_alive_interval_ms) {
  this->engine().Change([=](auto& settings) { settings.keep_alive_interval = keep_alive_interval_ms; });
}

template <class Interface>
uint32_t TcpServerFacade<Interface>::GetKeepAliveInterval() {
  return this->engine().settings().keep_alive_interval;
}

template class core::ComplexFacade<ITcpServer>;
template class TcpServerFacade<ITcpServer>;
template class core::ComplexFacade<ITcpPullServer>;
template class TcpServerFacade<ITcpPullServer>;

CTcpServer::CTcpServer(ITcpServerListener* listener)
    : TcpServerFacade<ITcpServer>("TcpServer", listener, core::Delivery::kPush) {}

CTcpServer::~CTcpServer() { StopForDestruction(); }

ITcpServer* TcpServer_Creator::Create(ITcpServerListener* listener) noexcept {
  try {
    return std::make_unique<CTcpServer>(listener).release();
  } catch (const std::exception&) {  // out of memory
    return nullptr;
  }
}

void TcpServer_Creator::Destroy(ITcpServer* server) noexcept { std::unique_ptr<ITcpServer> owned(server); }

}  // namespace hpsocket
