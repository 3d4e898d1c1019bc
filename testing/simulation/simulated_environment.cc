#include "hpsocket/testing/simulation/simulated_environment.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "hpsocket/core/net/address.h"
#include "hpsocket/testing/simulation/simulated_datagram_peer.h"
#include "hpsocket/testing/simulation/simulated_peer.h"
#include "hpsocket/testing/simulation/simulated_udp_relay.h"

namespace hpsocket::simulation {
namespace {

constexpr std::chrono::milliseconds kPollInterval{1};

class SimulatedThread final : public harness::TestThread {
 public:
  explicit SimulatedThread(std::unique_ptr<core::RunningThread> thread) : thread_(std::move(thread)) {}
  void Join() override { thread_->Join(); }

 private:
  std::unique_ptr<core::RunningThread> thread_;
};

}  // namespace

std::unique_ptr<harness::Peer> SimulatedEnvironment::Connect(const std::string& address, uint16_t port,
                                                             const harness::PeerOptions& options) {
  return SimulatedPeer::Connect(world_, address, port, options);
}

std::unique_ptr<harness::PeerListener> SimulatedEnvironment::Listen(
    const harness::PeerListenOptions& options) {
  return SimulatedPeerListener::Open(world_, options);
}

std::unique_ptr<harness::DatagramPeer> SimulatedEnvironment::BindDatagramPeer(const std::string& address,
                                                                              uint16_t port) {
  return SimulatedDatagramPeer::Bind(world_, address, port);
}

std::unique_ptr<harness::UdpRelay> SimulatedEnvironment::OpenUdpRelay(uint16_t server_port, uint64_t seed) {
  core::Address server;
  core::Address::ParseLiteral("127.0.0.1", server_port, &server);
  return std::make_unique<SimulatedUdpRelay>(world_, server, seed);
}

uint16_t SimulatedEnvironment::PeerPort(SOCKET socket) {
  core::Address remote;
  if (!world_.kernel().Exists(socket) || world_.kernel().PeerAddress(socket, &remote) != 0) return 0;
  return remote.port();
}

uint16_t SimulatedEnvironment::LocalPort(SOCKET socket) {
  core::Address local;
  if (!world_.kernel().Exists(socket) || world_.kernel().LocalAddress(socket, &local) != 0) return 0;
  return local.port();
}

int SimulatedEnvironment::GetOption(SOCKET socket, int level, int name) {
  return world_.kernel().Exists(socket) ? world_.kernel().Get(socket).option(level, name, 0) : -1;
}

bool SimulatedEnvironment::SetOption(SOCKET socket, int level, int name, int value) {
  return world_.kernel().Exists(socket) && world_.kernel().SetOption(socket, level, name, value) == 0;
}

std::unique_ptr<harness::TestThread> SimulatedEnvironment::StartThread(std::function<void()> body) {
  return std::make_unique<SimulatedThread>(world_.driver().StartThread(std::move(body), "the test's own"));
}

bool SimulatedEnvironment::Await(std::unique_lock<std::mutex>& lock, std::condition_variable&,
                                 const std::function<bool()>& holds, harness::Deadline deadline) {
  // Nobody else runs between the last holds() and the lock that follows.
  std::mutex& mutex = *lock.mutex();
  lock.unlock();
  world_.driver().GiveWay();
  const bool result = world_.driver().PumpUntil(
      "Await",
      [&mutex, &holds] {
        const std::lock_guard<std::mutex> locked(mutex);
        return holds();
      },
      deadline.at());
  lock.lock();
  return result;
}

bool SimulatedEnvironment::Poll(const std::function<bool()>& holds, harness::Deadline deadline) {
  // Not asked after every step: to ask may be to act, and would keep everybody busy.
  world_.driver().GiveWay();
  while (!holds()) {
    if (deadline.passed()) return holds();
    world_.driver().PumpUntil(
        "RunUntil", [] { return false; }, std::min(world_.clock().Now() + kPollInterval, deadline.at()));
  }
  return true;
}

}  // namespace hpsocket::simulation
