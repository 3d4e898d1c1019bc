// FakePort keeps the port contract, in a calm world and in many rough ones.
#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>
#include <utility>

#include "hpsocket/core/io/fake_peer.h"
#include "hpsocket/core/io/fake_world.h"
#include "hpsocket/core/io/port_contract_suite.h"

namespace hpsocket::core {
namespace {

constexpr uint64_t kRoughSeeds = 12;

Address Literal(const char* text, uint16_t port = 0) {
  Address address;
  HP_CHECK(Address::ParseLiteral(text, port, &address));
  return address;
}

class Peer final : public ContractPeer {
 public:
  explicit Peer(std::unique_ptr<FakePeer> peer) : peer_(std::move(peer)) {}

  int64_t TryWrite(const char* data, size_t length) override { return peer_->TrySend(data, length); }
  int64_t TryRead(char* data, size_t length) override { return peer_->TryReceive(data, length); }
  void ShutdownWrite() override { peer_->ShutdownWrite(); }
  void Close() override { peer_->Close(); }
  void Reset() override { peer_->Reset(); }

 private:
  const std::unique_ptr<FakePeer> peer_;
};

class Listener final : public ContractListener {
 public:
  explicit Listener(FakeWorld& world) : peer_(world) { HP_CHECK(peer_.Listen(Literal("127.0.0.1")) == 0); }

  Address address() const override { return peer_.local_address(); }
  std::unique_ptr<ContractPeer> TryAccept() override {
    std::unique_ptr<FakePeer> peer = peer_.TryAccept();
    return peer == nullptr ? nullptr : std::make_unique<Peer>(std::move(peer));
  }

 private:
  FakePeer peer_;
};

class SimulatedContractWorld final : public ContractWorld {
 public:
  SimulatedContractWorld(const FakeWorldOptions& options, PortChoice choice)
      : world_(options), choice_(choice) {
    // The suite counts buffers, takes an uncancelled send that ended with nothing sent for an error,
    // and loses patience with megabytes that trickle through the smallest sockets.
    FakeWorldOptions& knobs = world_.faults().options();
    knobs.receive_buffers = 0;
    knobs.spurious_sent = 0;
    knobs.max_delay = std::min<Duration>(knobs.max_delay, FromMillis(1));
    knobs.send_buffer = std::max(knobs.send_buffer, 8192u);
    knobs.receive_buffer = std::max(knobs.receive_buffer, 8192u);
    world_.kernel().AddSilentHost(Literal("192.0.2.1"));
  }

  std::unique_ptr<CompletionPort> NewPort(std::string* why) override {
    int error = 0;
    return world_.NewPort(choice_, &error, why);
  }
  Network& network() override { return world_.network(); }
  const Clock& clock() override { return world_.clock(); }

  Address LocalAddress() override { return Literal("127.0.0.1"); }
  std::unique_ptr<ContractListener> NewListener() override { return std::make_unique<Listener>(world_); }
  std::unique_ptr<ContractPeer> ConnectPeer(const Address& address) override {
    auto peer = std::make_unique<FakePeer>(world_);
    HP_CHECK(peer->StartConnect(address) == 0);
    return std::make_unique<Peer>(std::move(peer));
  }
  std::unique_ptr<ContractPeer> NewPair(int* fd) override {
    FakePeer listener(world_);
    HP_CHECK(listener.Listen(Literal("127.0.0.1")) == 0);
    *fd = network().OpenStream(AF_INET);
    ConnectCanceller canceller;
    HP_CHECK(network().ConnectAndAwait(*fd, listener.local_address(), kForever, canceller) == 0);
    return std::make_unique<Peer>(listener.Accept());
  }
  Address RefusingAddress() override { return Literal("127.0.0.1", 1); }
  Address SilentAddress() override { return Literal("192.0.2.1", 9); }

  bool ExhaustDescriptors() override {
    world_.faults().options().max_descriptors = static_cast<uint32_t>(world_.open_descriptors());
    return true;
  }
  void RestoreDescriptors() override { world_.faults().options().max_descriptors = 0; }

  bool simulated() const override { return true; }

 private:
  FakeWorld world_;
  const PortChoice choice_;
};

bool RegisterAll() {
  const auto add = [](const std::string& name, const FakeWorldOptions& options, PortChoice choice) {
    RegisterContractSubject(
        {name, [options, choice] { return std::make_unique<SimulatedContractWorld>(options, choice); }});
  };
  add("SimulatedCalmSendingLater", FakeWorldOptions::Calm(1), PortChoice::kUring);
  add("SimulatedCalmSendingAtOnce", FakeWorldOptions::Calm(2), PortChoice::kEpoll);
  for (uint64_t seed = 1; seed <= kRoughSeeds; ++seed) {
    add("SimulatedRoughSeed" + std::to_string(seed), FakeWorldOptions::Rough(seed), PortChoice::kAuto);
  }
  return true;
}

[[maybe_unused]] const bool kRegistered = RegisterAll();

}  // namespace
}  // namespace hpsocket::core
