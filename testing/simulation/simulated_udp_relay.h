// Internal to testing.
//
// A UdpRelay in a simulated world: sockets of its kernel, and no thread, for what comes is passed on as an
// event of the world.
//
// Threads:  those of the world.
// Lifetime: the world outlives it.
#ifndef HPSOCKET_TESTING_SIMULATION_SIMULATED_UDP_RELAY_H_
#define HPSOCKET_TESTING_SIMULATION_SIMULATED_UDP_RELAY_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "hpsocket/core/io/fake_world.h"
#include "hpsocket/core/net/address.h"
#include "hpsocket/testing/harness/udp_relay.h"

namespace hpsocket::simulation {

class SimulatedUdpRelay final : public harness::UdpRelay, private core::FakeSocketWatcher {
 public:
  SimulatedUdpRelay(core::FakeWorld& world, const core::Address& server, uint64_t seed);
  ~SimulatedUdpRelay() override;

  uint16_t port() const override;

 private:
  // A client: the socket under which the server knows it.
  struct Link {
    int fd;
    core::Address client;
  };

  void HandleSocketChange(int fd) override;
  bool SendInFlight(int) const override { return false; }

  int NewSocket();
  // Unless it is destroyed by then.
  void After(core::Duration delay, std::function<void()> action);
  void PassAll();
  void ReleaseAll();
  void SendOn(size_t client, harness::RelayWay way, const std::vector<std::string>& datagrams);
  size_t ClientOf(const core::Address& address);

  core::FakeKernel& kernel_;
  const core::Address server_;
  int front_;
  std::vector<Link> links_;
  bool passing_soon_ = false;
  bool releasing_soon_ = false;
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace hpsocket::simulation

#endif  // HPSOCKET_TESTING_SIMULATION_SIMULATED_UDP_RELAY_H_
