// Internal to testing.
//
// Peers in a simulated world: sockets of its kernel on which nothing is made to fail. They do what the
// raw peers do on the machine's sockets.
//
// Threads:  those of the world.
// Lifetime: the world outlives them.
#ifndef HPSOCKET_TESTING_SIMULATION_SIMULATED_PEER_H_
#define HPSOCKET_TESTING_SIMULATION_SIMULATED_PEER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "hpsocket/core/io/fake_peer.h"
#include "hpsocket/core/io/fake_world.h"
#include "hpsocket/testing/harness/peer.h"

namespace hpsocket::simulation {

class SimulatedPeer final : public harness::Peer {
 public:
  // Null when the connection does not come about, errno saying why.
  static std::unique_ptr<SimulatedPeer> Connect(core::FakeWorld& world, const std::string& address,
                                                uint16_t port, const harness::PeerOptions& options);

  // Takes over a connected one.
  SimulatedPeer(core::FakeWorld& world, std::unique_ptr<core::FakePeer> peer);

  bool Send(std::string_view bytes, harness::Deadline deadline) override;
  std::string Receive(size_t count, harness::Deadline deadline) override;
  std::string ReceiveToEnd(harness::StreamEnd* end, harness::Deadline deadline) override;
  void HalfClose() override { peer_->ShutdownWrite(); }
  void Close() override { peer_->Close(); }
  void Reset() override { peer_->Reset(); }
  bool Vanish() override;
  uint16_t local_port() const override { return local_port_; }
  uint16_t remote_port() const override { return remote_port_; }

 private:
  // Appends up to `most` bytes; false when the stream has ended, `*end` saying how.
  bool ReceiveSome(size_t most, harness::Deadline deadline, std::string* bytes, harness::StreamEnd* end);

  core::FakeWorld& world_;
  std::unique_ptr<core::FakePeer> peer_;
  uint16_t local_port_ = 0;
  uint16_t remote_port_ = 0;
};

class SimulatedPeerListener final : public harness::PeerListener {
 public:
  // Null when the address is taken or not ours, errno saying why.
  static std::unique_ptr<SimulatedPeerListener> Open(core::FakeWorld& world,
                                                     const harness::PeerListenOptions& options);

  uint16_t port() const override { return listener_.local_address().port(); }
  std::unique_ptr<harness::Peer> Accept(harness::Deadline deadline) override;

 private:
  explicit SimulatedPeerListener(core::FakeWorld& world) : world_(world), listener_(world), filler_(world) {}

  core::FakeWorld& world_;
  core::FakePeer listener_;
  // Of a silent one: what fills its queue, so that whoever comes later is not answered.
  core::FakePeer filler_;
};

}  // namespace hpsocket::simulation

#endif  // HPSOCKET_TESTING_SIMULATION_SIMULATED_PEER_H_
