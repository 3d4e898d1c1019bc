#include "hpsocket/testing/harness/environment.h"

#include <sys/socket.h>

#include <atomic>
#include <utility>

#include "hpsocket/testing/harness/raw_peer.h"

namespace hpsocket::harness {
namespace {

class RealEnvironment final : public Environment {
 public:
  bool simulated() const override { return false; }

  std::unique_ptr<Peer> Connect(const std::string& address, uint16_t port,
                                const PeerOptions& options) override {
    return RawPeer::Connect(address, port, options);
  }

  std::unique_ptr<PeerListener> Listen(const PeerListenOptions& options) override {
    return RawPeerListener::Open(options);
  }

  uint16_t PeerPort(SOCKET socket) override {
    sockaddr_storage name{};
    socklen_t length = sizeof(name);
    if (getpeername(socket, reinterpret_cast<sockaddr*>(&name), &length) != 0) return 0;
    return PortOf(name);
  }

  bool AwaitChange(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                   Deadline deadline) override {
    return changed.wait_until(lock, deadline.at()) == std::cv_status::no_timeout || !deadline.passed();
  }
};

std::atomic<Environment*> g_replacement{nullptr};

}  // namespace

Environment& Environment::Current() {
  static RealEnvironment& real = *new RealEnvironment;
  Environment* const replacement = g_replacement.load(std::memory_order_acquire);
  return replacement != nullptr ? *replacement : real;
}

void Environment::Replace(Environment* environment) {
  g_replacement.store(environment, std::memory_order_release);
}

bool RunUntil(const std::function<bool()>& holds, Deadline deadline) {
  std::mutex nobody_else;
  std::condition_variable never_notified;
  std::unique_lock<std::mutex> lock(nobody_else);
  while (!holds()) {
    if (deadline.passed()) return holds();
    Environment::Current().AwaitChange(lock, never_notified, Deadline::In(std::chrono::milliseconds(1)));
  }
  return true;
}

void Gate::Open() {
  std::lock_guard<std::mutex> lock(mutex_);
  open_ = true;
  changed_.notify_all();
}

bool Gate::is_open() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return open_;
}

bool Gate::Pass(Deadline deadline) {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!open_) {
    if (!Environment::Current().AwaitChange(lock, changed_, deadline)) break;
  }
  return open_;
}

}  // namespace hpsocket::harness
