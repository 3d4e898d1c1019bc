#include "hpsocket/tcp_server/acceptor.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "hpsocket/core/base/log.h"
#include "hpsocket/core/lifecycle/callback_scope.h"
#include "hpsocket/core/stream/socket_setup.h"
#include "hpsocket/core/stream/worker.h"

namespace hpsocket::core {
namespace {

constexpr Duration kFirstRetry = std::chrono::milliseconds(10);
constexpr Duration kLongestRetry = std::chrono::milliseconds(500);

}  // namespace

Acceptor::Acceptor(StreamEngine& engine) : engine_(engine), retry_delay_(kFirstRetry), retry_timer_(*this) {
  AcceptOperation::socket = &socket_;
}

void Acceptor::Configure(const char* address, uint16_t port) {
  MutexLock lock(mutex_);
  has_text_ = address != nullptr;
  text_ = address == nullptr ? "" : address;
  port_ = port;
}

void Acceptor::SetListenAddress(const Address& address) {
  MutexLock lock(mutex_);
  listen_address_ = address;
}

bool Acceptor::ListenAddress(Address* out) {
  MutexLock lock(mutex_);
  *out = listen_address_.Unmapped();
  return out->valid();
}

StartFailure Acceptor::Open() {
  ending_ = ended_ = false;
  Address wanted;
  {
    MutexLock lock(mutex_);
    if (!has_text_ || !Address::ParseLiteral(text_.c_str(), port_, &wanted)) {
      return {SE_SOCKET_BIND, EINVAL, "'" + text_ + "' is no IPv4 or IPv6 address"};
    }
  }
  const int fd = engine_.world().network().OpenStream(wanted.family());
  if (fd < 0) return StartFailure::Of(SE_SOCKET_CREATE, -fd, "cannot make the listening socket");
  StartFailure failure = StartFailure::Contained([&] { return Prepare(wanted, fd); });
  if (failure.failed()) {
    SetListenAddress(Address());
    engine_.world().network().Close(fd);
    return failure;
  }
  socket_.fd = fd;
  return {};
}

StartFailure Acceptor::Prepare(const Address& wanted, int fd) {
  Network& network = engine_.world().network();
  const StreamSettings& settings = engine_.running();
  int result = network.SetOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  if (result == 0 && wanted.family() == AF_INET6)
    result = network.SetOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (result == 0) result = SetStreamOptions(network, fd, settings);
  if (result < 0) return StartFailure::Of(SE_SOCKET_CREATE, -result, "cannot set up the listening socket");

  SetListenAddress(wanted);
  {
    const CallbackScope scope(engine_.lifecycle());
    if (engine_.events().HandlePrepareListen(fd) == HR_ERROR) {
      return {SE_SOCKET_PREPARE, ECANCELED, "OnPrepareListen returned HR_ERROR"};
    }
  }
  if (engine_.lifecycle().stop_requested()) return StartFailure::Stopped();
  const std::string where = wanted.ToText() + " port " + std::to_string(wanted.port());
  result = network.Bind(fd, wanted);
  if (result < 0) return StartFailure::Of(SE_SOCKET_BIND, -result, "cannot bind to " + where);
  result = network.Listen(fd, static_cast<int>(settings.socket_listen_queue));
  // Two sockets with SO_REUSEADDR may both bind; the port in use then shows here.
  if (result == -EADDRINUSE) return StartFailure::Of(SE_SOCKET_BIND, -result, "cannot listen on " + where);
  if (result < 0) return StartFailure::Of(SE_SOCKET_LISTEN, -result, "cannot listen on " + where);
  Address bound;
  result = network.LocalAddress(fd, &bound);
  if (result < 0) return StartFailure::Of(SE_SOCKET_BIND, -result, "cannot read the bound address");
  SetListenAddress(bound);
  return {};
}

void Acceptor::Abandon() {
  SetListenAddress(Address());
  engine_.world().network().Close(socket_.fd);
  socket_.fd = -1;
}

void Acceptor::Begin(Worker& worker) {
  worker_ = &worker;
  retry_delay_ = kFirstRetry;
  AcceptOperation::batch = engine_.running().accept_socket_count;
  worker.port().Accept(*this);
}

void Acceptor::HandleAccepted(int fd, const Address& peer) {
  Network& network = engine_.world().network();
  retry_delay_ = kFirstRetry;
  const uint32_t limit = engine_.running().max_connection_count;
  if (ending_ || (limit != 0 && engine_.ConnectionCount() + engine_.LingeringCount() >= limit)) {
    if (!ending_) engine_.counters().refused_connections.fetch_add(1, std::memory_order_relaxed);
    network.SetAbortOnClose(fd);
    network.Close(fd);
    return;
  }
  Address remote = peer;
  if (!remote.valid() && network.PeerAddress(fd, &remote) < 0) {
    // Reset before anybody could see it, and its address is gone with it.
    engine_.counters().failed_connections.fetch_add(1, std::memory_order_relaxed);
    network.Close(fd);
    return;
  }
  worker_->Accept(engine_.NextWorker(), fd, remote.Unmapped());
}

void Acceptor::HandleAcceptEnded(int result) {
  if (ending_) return Close();
  LogIfPossible([result] {
    LogOnce(LogLevel::kWarning, "accept-" + std::to_string(result),
            std::string("accepting connections pauses: ") + strerror(-result));
  });
  worker_->timers().Arm(retry_timer_, worker_->FreshNow() + retry_delay_);
  retry_delay_ = std::min(retry_delay_ * 2, kLongestRetry);
}

void Acceptor::Retry(Timer& timer) {
  Acceptor& acceptor = static_cast<RetryTimer&>(timer).owner;
  acceptor.worker_->port().Accept(acceptor);
}

void Acceptor::BeginEnd() {
  ending_ = true;
  if (Operation::in_flight()) {
    worker_->port().Cancel(*this);
  } else {
    worker_->timers().Disarm(retry_timer_);
    Close();
  }
}

void Acceptor::Close() {
  SetListenAddress(Address());
  worker_->port().Close(socket_);
  ended_ = true;
}

}  // namespace hpsocket::core
