// Internal to testing.
//
// The suites' environment in a simulated world: peers are sockets of its kernel, threads take turns, and
// whoever waits lets the others go on.
//
// Threads:  those of the world.
// Lifetime: the world outlives it and everything that it has made.
#ifndef HPSOCKET_TESTING_SIMULATION_SIMULATED_ENVIRONMENT_H_
#define HPSOCKET_TESTING_SIMULATION_SIMULATED_ENVIRONMENT_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "hpsocket/core/api/types.h"
#include "hpsocket/core/io/fake_world.h"
#include "hpsocket/testing/harness/datagram_peer.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/peer.h"
#include "hpsocket/testing/harness/udp_relay.h"

namespace hpsocket::simulation {

class SimulatedEnvironment final : public harness::Environment {
 public:
  explicit SimulatedEnvironment(core::FakeWorld& world) : world_(world) {}

  bool simulated() const override { return true; }

  std::unique_ptr<harness::Peer> Connect(const std::string& address, uint16_t port,
                                         const harness::PeerOptions& options) override;
  std::unique_ptr<harness::PeerListener> Listen(const harness::PeerListenOptions& options) override;
  std::unique_ptr<harness::DatagramPeer> BindDatagramPeer(const std::string& address, uint16_t port) override;
  std::unique_ptr<harness::UdpRelay> OpenUdpRelay(uint16_t server_port, uint64_t seed) override;
  uint16_t PeerPort(SOCKET socket) override;
  uint16_t LocalPort(SOCKET socket) override;
  int GetOption(SOCKET socket, int level, int name) override;
  bool SetOption(SOCKET socket, int level, int name, int value) override;

  void AddName(const std::string& name, const std::vector<std::string>& literals) override {
    world_.fake_network().AddName(name, literals);
  }

  std::unique_ptr<harness::TestThread> StartThread(std::function<void()> body) override;
  bool Await(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
             const std::function<bool()>& holds, harness::Deadline deadline) override;
  bool Poll(const std::function<bool()>& holds, harness::Deadline deadline) override;

 private:
  core::FakeWorld& world_;
};

}  // namespace hpsocket::simulation

#endif  // HPSOCKET_TESTING_SIMULATION_SIMULATED_ENVIRONMENT_H_
