// Internal to testing.
//
// A UDP peer in a simulated world: a socket of its kernel on which nothing is made to fail. It does what the
// raw one does on the machine's sockets.
//
// Threads:  those of the world.
// Owner:    the object owns its descriptor.
// Lifetime: the world outlives it.
#ifndef HPSOCKET_TESTING_SIMULATION_SIMULATED_DATAGRAM_PEER_H_
#define HPSOCKET_TESTING_SIMULATION_SIMULATED_DATAGRAM_PEER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hpsocket/core/io/fake_world.h"
#include "hpsocket/testing/harness/datagram_peer.h"

namespace hpsocket::simulation {

class SimulatedDatagramPeer final : public harness::DatagramPeer {
 public:
  // Null when the address is taken or not ours, errno saying why.
  static std::unique_ptr<SimulatedDatagramPeer> Bind(core::FakeWorld& world, const std::string& address,
                                                     uint16_t port);

  SimulatedDatagramPeer(const SimulatedDatagramPeer&) = delete;
  SimulatedDatagramPeer& operator=(const SimulatedDatagramPeer&) = delete;
  ~SimulatedDatagramPeer() override;

  uint16_t port() const override { return port_; }
  bool SendTo(const std::string& address, uint16_t port, std::string_view bytes) override;
  std::optional<std::string> Receive(harness::Deadline deadline) override;
  const std::string& last_source() const override { return last_source_; }
  uint16_t last_source_port() const override { return last_source_port_; }
  bool Quiet() override;

 private:
  SimulatedDatagramPeer(core::FakeWorld& world, int fd, uint16_t port)
      : world_(world), fd_(fd), port_(port) {}

  core::FakeWorld& world_;
  const int fd_;
  const uint16_t port_;
  std::string last_source_;
  uint16_t last_source_port_ = 0;
};

}  // namespace hpsocket::simulation

#endif  // HPSOCKET_TESTING_SIMULATION_SIMULATED_DATAGRAM_PEER_H_
