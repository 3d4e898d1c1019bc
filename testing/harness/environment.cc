#include "hpsocket/testing/harness/environment.h"

#include <sys/socket.h>

#include <atomic>
#include <thread>
#include <utility>

#include "hpsocket/testing/harness/names.h"
#include "hpsocket/testing/harness/raw_datagram_peer.h"
#include "hpsocket/testing/harness/raw_peer.h"
#include "hpsocket/testing/harness/raw_udp_relay.h"

namespace hpsocket::harness {
namespace {

constexpr std::chrono::milliseconds kPollInterval{1};

class RealThread final : public TestThread {
 public:
  explicit RealThread(std::function<void()> body) : thread_(std::move(body)) {}
  void Join() override { thread_.join(); }

 private:
  std::thread thread_;
};

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

  std::unique_ptr<DatagramPeer> BindDatagramPeer(const std::string& address, uint16_t port) override {
    return RawDatagramPeer::Bind(address, port);
  }

  std::unique_ptr<UdpRelay> OpenUdpRelay(uint16_t server_port, uint64_t seed) override {
    return RawUdpRelay::Open(server_port, seed);
  }

  uint16_t PeerPort(SOCKET socket) override {
    sockaddr_storage name{};
    socklen_t length = sizeof(name);
    if (getpeername(socket, reinterpret_cast<sockaddr*>(&name), &length) != 0) return 0;
    return PortOf(name);
  }

  uint16_t LocalPort(SOCKET socket) override {
    sockaddr_storage name{};
    socklen_t length = sizeof(name);
    if (getsockname(socket, reinterpret_cast<sockaddr*>(&name), &length) != 0) return 0;
    return PortOf(name);
  }

  int GetOption(SOCKET socket, int level, int name) override {
    int value = -1;
    socklen_t length = sizeof(value);
    return getsockopt(socket, level, name, &value, &length) == 0 ? value : -1;
  }

  bool SetOption(SOCKET socket, int level, int name, int value) override {
    return setsockopt(socket, level, name, &value, sizeof(value)) == 0;
  }

  void AddName(const std::string& name, const std::vector<std::string>& literals) override {
    harness::AddName(name, literals);
  }

  std::unique_ptr<TestThread> StartThread(std::function<void()> body) override {
    return std::make_unique<RealThread>(std::move(body));
  }

  bool Await(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
             const std::function<bool()>& holds, Deadline deadline) override {
    return changed.wait_until(lock, deadline.at(), holds);
  }

  bool Poll(const std::function<bool()>& holds, Deadline deadline) override {
    std::mutex nobody_else;
    std::condition_variable never_notified;
    std::unique_lock<std::mutex> lock(nobody_else);
    while (!holds()) {
      if (deadline.passed()) return holds();
      never_notified.wait_for(lock, kPollInterval);
    }
    return true;
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
  return Environment::Current().Poll(holds, deadline);
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
  return Environment::Current().Await(
      lock, changed_, [this] { return open_; }, deadline);
}

}  // namespace hpsocket::harness
