// UDP in the simulated world: detection to the tick, whatever is lost on the way. HPSOCKET_SEEDS says how
// many seeds are run (default 25), HPSOCKET_SEED which one only.
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "hpsocket/core/io/fake_world.h"
#include "hpsocket/core/io/simulation_seeds.h"
#include "hpsocket/udp/udp_client.h"
#include "hpsocket/udp/udp_server.h"

namespace hpsocket {
namespace {

using core::Address;
using core::FakeDatagram;
using core::FakeWorld;
using core::FakeWorldOptions;
using core::SimulationSeeds;
using core::TimePoint;
using core::World;

class Listener final : public CUdpServerListener {
 public:
  using CUdpServerListener::OnReceive;

  explicit Listener(FakeWorld& world) : world_(world) {}

  EnHandleResult OnPrepareListen(SOCKET listening) override {
    socket = listening;
    return HR_OK;
  }
  EnHandleResult OnAccept(CONNID id, const sockaddr_in*) override {
    EXPECT_TRUE(accepted.insert(id).second);
    return HR_OK;
  }
  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    EXPECT_EQ(ended.count(id), 0u) << "an event after the last one";
    received.emplace_back(reinterpret_cast<const char*>(data), static_cast<size_t>(length));
    if (server != nullptr) {
      EXPECT_TRUE(server->Send(id, data, length));
    }
    return HR_OK;
  }
  EnHandleResult OnSend(CONNID id, const uint8_t*, int) override {
    EXPECT_EQ(ended.count(id), 0u) << "an event after the last one";
    return HR_OK;
  }
  EnHandleResult OnClose(CONNID id) override {
    EXPECT_TRUE(ended.insert(id).second) << "ended twice";
    ended_at = world_.clock().Now();
    return HR_OK;
  }
  EnHandleResult OnError(CONNID id, EnSocketOperation, int) override { return OnClose(id); }
  EnHandleResult OnShutdown() override {
    ++shutdowns;
    return HR_OK;
  }

  IUdpServer* server = nullptr;  // null: no echo
  SOCKET socket = -1;
  std::set<CONNID> accepted;
  std::set<CONNID> ended;
  std::vector<std::string> received;
  TimePoint ended_at;
  int shutdowns = 0;

 private:
  FakeWorld& world_;
};

class ClientListener final : public CUdpClientListener {
 public:
  using CUdpClientListener::OnReceive;

  explicit ClientListener(FakeWorld& world) : world_(world) {}

  EnHandleResult OnConnect(IClient* client) override {
    ++connected;
    const uint8_t byte = 'x';
    for (int i = 0; i < sends_at_once; ++i) {
      EXPECT_TRUE(client->Send(&byte, 1));
    }
    return connect_result;
  }
  EnHandleResult OnReceive(IClient*, const uint8_t* data, int length) override {
    received.emplace_back(reinterpret_cast<const char*>(data), static_cast<size_t>(length));
    return HR_OK;
  }
  EnHandleResult OnClose(IClient*) override { return End(0); }
  EnHandleResult OnError(IClient*, EnSocketOperation, int code) override { return End(code); }

  int connected = 0;
  int sends_at_once = 0;
  EnHandleResult connect_result = HR_OK;
  int ended = 0;
  int error = 0;
  TimePoint ended_at;
  std::vector<std::string> received;

 private:
  EnHandleResult End(int code) {
    ++ended;
    error = code;
    ended_at = world_.clock().Now();
    return HR_OK;
  }

  FakeWorld& world_;
};

// The test's own socket.
class Peer {
 public:
  Peer(FakeWorld& world, const Address& server) : kernel_(world.kernel()), server_(server) {
    fd_ = kernel_.NewDatagramSocket(AF_INET, true);
    Address local;
    Address::ParseLiteral("127.0.0.1", 0, &local);
    EXPECT_EQ(kernel_.Bind(fd_, local), 0);
  }
  ~Peer() { kernel_.Close(fd_); }

  void Send(const std::string& bytes) {
    EXPECT_EQ(
        kernel_.SendDatagram(fd_, &server_, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()), 0);
  }
  std::optional<std::string> Receive() {
    FakeDatagram datagram;
    if (!kernel_.ReceiveDatagram(fd_, &datagram)) return std::nullopt;
    return datagram.bytes;
  }

 private:
  core::FakeKernel& kernel_;
  const Address server_;
  int fd_;
};

struct Simulation {
  explicit Simulation(const FakeWorldOptions& options, uint32_t workers = 1)
      : world(options), listener(world), client_listener(world) {
    World::ReplaceForTest(&world);
    server = std::make_unique<CUdpServer>(&listener);
    server->SetWorkerThreadCount(workers);
    client = std::make_unique<CUdpClient>(&client_listener);
    EXPECT_TRUE(Address::ParseLiteral("127.0.0.1", 5555, &address));
  }
  ~Simulation() {
    client.reset();
    server.reset();
    EXPECT_EQ(world.open_descriptors(), 0u);
    World::ReplaceForTest(nullptr);
  }

  FakeWorld world;
  Address address;
  Listener listener;
  ClientListener client_listener;
  std::unique_ptr<CUdpServer> server;
  std::unique_ptr<CUdpClient> client;
};

// Spec: api §6.12
TEST(UdpSimulatedTest, EchoesWhateverTheOrderOfThings) {
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Simulation simulation(FakeWorldOptions::Rough(seed), 1 + static_cast<uint32_t>(seed % 4));
    simulation.listener.server = simulation.server.get();
    ASSERT_TRUE(simulation.server->Start("127.0.0.1", 5555));
    std::vector<std::unique_ptr<Peer>> peers;
    for (int i = 0; i < 5; ++i) peers.push_back(std::make_unique<Peer>(simulation.world, simulation.address));
    for (int round = 0; round < 10; ++round) {
      for (auto& peer : peers) peer->Send(std::to_string(round));
    }
    ASSERT_TRUE(simulation.world.RunUntil([&] { return simulation.listener.received.size() == 50; }));
    for (auto& peer : peers) {
      for (int round = 0; round < 10; ++round) {
        std::optional<std::string> bytes;
        ASSERT_TRUE(simulation.world.RunUntil([&] { return (bytes = peer->Receive()).has_value(); }));
        EXPECT_EQ(*bytes, std::to_string(round));
      }
    }
    ASSERT_TRUE(simulation.server->Stop());
    EXPECT_EQ(simulation.listener.accepted.size(), 5u);
    EXPECT_EQ(simulation.listener.ended.size(), 5u);
    EXPECT_EQ(simulation.listener.shutdowns, 1);
  }
}

// The arithmetic of a session, as the specification has it: at each tick a session that has failed
// `attempts` times is ended, any other fails once more, and every datagram sets it back.
class DetectionModel {
 public:
  DetectionModel(uint32_t attempts, uint32_t interval_s) : attempts_(attempts), interval_(interval_s) {}

  void Heard() { fails_ = 0; }
  // False: the session ends at this tick.
  bool Tick() { return fails_++ < attempts_; }
  core::Duration interval() const { return interval_; }

 private:
  const uint32_t attempts_;
  const std::chrono::seconds interval_;
  uint32_t fails_ = 0;
};

// Spec: api §6.12, decisions 6.1
TEST(UdpSimulatedTest, AnIdleSessionEndsExactlyAtTheTickThatTheArithmeticSays) {
  for (const uint64_t seed : SimulationSeeds(1000)) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const uint32_t attempts = 1 + static_cast<uint32_t>(random() % 4);
    const uint32_t interval = 1 + static_cast<uint32_t>(random() % 30);
    Simulation simulation(FakeWorldOptions::Calm(seed));
    simulation.server->SetDetectAttempts(attempts);
    simulation.server->SetDetectInterval(interval);
    const TimePoint started = simulation.world.clock().Now();
    ASSERT_TRUE(simulation.server->Start("127.0.0.1", 5555));
    Peer peer(simulation.world, simulation.address);
    DetectionModel model(attempts, interval);
    peer.Send("first");
    ASSERT_TRUE(simulation.world.RunUntil([&] { return simulation.listener.accepted.size() == 1; }));
    int tick = 1;
    for (;; ++tick) {
      // Between two ticks the peer may speak, and the network may lose it.
      simulation.world.RunFor(started + tick * model.interval() - core::FromMillis(500) -
                              simulation.world.clock().Now());
      ASSERT_TRUE(simulation.listener.ended.empty()) << "tick " << tick;
      const bool speaks = tick < 12 && random() % 3 != 0;
      const bool lost = random() % 2 == 0;
      if (speaks && !lost) {
        peer.Send(random() % 2 == 0 ? "" : "x");
        model.Heard();
      }
      simulation.world.RunFor(core::FromMillis(600));
      if (!model.Tick()) break;
      ASSERT_TRUE(simulation.listener.ended.empty()) << "earlier than tick " << tick << " says";
    }
    ASSERT_EQ(simulation.listener.ended.size(), 1u) << "later than tick " << tick;
    const core::Duration late = simulation.listener.ended_at - (started + tick * model.interval());
    EXPECT_GE(late, core::Duration::zero());
    EXPECT_LE(late, core::FromMillis(2));
    ASSERT_TRUE(simulation.server->Stop());
  }
}

// Spec: api §6.12
TEST(UdpSimulatedTest, AClientWithoutAnswerEndsAfterAttemptsTimesInterval) {
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const uint32_t attempts = 1 + static_cast<uint32_t>(seed % 4);
    Simulation simulation(FakeWorldOptions::Calm(seed));
    simulation.client->SetDetectAttempts(attempts);
    simulation.client->SetDetectInterval(7);
    const TimePoint started = simulation.world.clock().Now();
    ASSERT_TRUE(simulation.client->Start("127.0.0.1", 5555, seed % 2 == 0));
    ASSERT_TRUE(simulation.world.RunUntil([&] { return simulation.client_listener.ended == 1; },
                                          std::chrono::minutes(2)));
    EXPECT_EQ(simulation.client_listener.error, ECONNRESET);
    const core::Duration took = simulation.client_listener.ended_at - started;
    EXPECT_GE(took, std::chrono::seconds(attempts * 7));
    EXPECT_LE(took, std::chrono::seconds(attempts * 7) + core::FromMillis(5));
    EXPECT_TRUE(simulation.client->Wait());
  }
}

// Spec: api §6.12, decisions 6.1
TEST(UdpSimulatedTest, HeartbeatsKeepBothSidesAliveAndSoDoesDataUnderLoss) {
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    FakeWorldOptions options = FakeWorldOptions::Rough(seed);
    const bool with_data = seed % 2 == 0;
    options.datagram_loss = with_data ? 0.3 : 0;
    options.datagram_duplicate = 0.1;
    options.datagram_delay = 0.2;
    Simulation simulation(options, 1 + static_cast<uint32_t>(seed % 3));
    for (const uint32_t attempts : {3u}) {
      simulation.server->SetDetectAttempts(attempts);
      simulation.client->SetDetectAttempts(attempts);
      simulation.server->SetDetectInterval(2);
      simulation.client->SetDetectInterval(2);
    }
    simulation.listener.server = simulation.server.get();
    ASSERT_TRUE(simulation.server->Start("127.0.0.1", 5555));
    ASSERT_TRUE(simulation.client->Start("127.0.0.1", 5555));
    for (int i = 0; i < 200; ++i) {
      simulation.world.RunFor(core::FromMillis(200));
      const uint8_t byte = 'x';
      if (with_data) {
        ASSERT_TRUE(simulation.client->Send(&byte, 1));
      }
    }
    EXPECT_EQ(simulation.client_listener.ended, 0);
    EXPECT_EQ(simulation.listener.ended.size(), 0u);
    ASSERT_TRUE(simulation.client->Stop());
    EXPECT_EQ(simulation.client_listener.ended, 1);
    // Now nobody speaks.
    ASSERT_TRUE(simulation.world.RunUntil([&] { return simulation.listener.ended.size() == 1; },
                                          std::chrono::minutes(1)));
    ASSERT_TRUE(simulation.server->Stop());
  }
}

// Whoever asks for answers while the socket takes nothing fills no memory with them.
// Spec: api §6.12
TEST(UdpSimulatedTest, KeepsOneAnswerAtMostWhileNothingLeaves) {
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Simulation simulation(FakeWorldOptions::Calm(seed));
    ASSERT_TRUE(simulation.server->Start("127.0.0.1", 5555));
    Peer peer(simulation.world, simulation.address);
    simulation.world.kernel().HoldDatagrams(true);
    for (int i = 0; i < 20; ++i) {
      peer.Send("");
      simulation.world.RunFor(std::chrono::seconds(1));
    }
    simulation.world.kernel().HoldDatagrams(false);
    simulation.world.RunFor(std::chrono::seconds(1));
    int answers = 0;
    while (peer.Receive().has_value()) ++answers;
    EXPECT_EQ(answers, 1);
    peer.Send("");
    simulation.world.RunFor(core::FromMillis(100));
    EXPECT_TRUE(peer.Receive().has_value()) << "no answer any more";
    ASSERT_TRUE(simulation.server->Stop());
  }
}

// Sessions that have ended and whose datagrams cannot leave take up room, too.
// Spec: decisions 6.5
TEST(UdpSimulatedTest, BoundsTheSessionsThatEndWhileNothingLeaves) {
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    constexpr size_t kMost = 10;
    constexpr size_t kPeers = 300;
    const uint32_t workers = 1 + static_cast<uint32_t>(seed % 3);
    Simulation simulation(FakeWorldOptions::Calm(seed), workers);
    simulation.server->SetMaxConnectionCount(kMost);
    simulation.listener.server = simulation.server.get();
    ASSERT_TRUE(simulation.server->Start("127.0.0.1", 5555));
    simulation.world.kernel().HoldDatagrams(true);
    std::vector<std::unique_ptr<Peer>> peers;
    for (size_t i = 0; i < kPeers; ++i) {
      peers.push_back(std::make_unique<Peer>(simulation.world, simulation.address));
      peers.back()->Send("x");
      simulation.world.RunFor(core::FromMillis(2));
    }
    // The limit, what it may be exceeded by for a moment, and for each worker the one that finds out.
    EXPECT_LE(simulation.listener.accepted.size(), kMost + 64 + 2 * workers);
    HP_Stats stats{};
    stats.size = sizeof(stats);
    ASSERT_TRUE(simulation.server->GetStats(stats));
    EXPECT_EQ(stats.failed_connections, kPeers - simulation.listener.accepted.size());
    simulation.world.kernel().HoldDatagrams(false);
    simulation.world.RunFor(core::FromMillis(100));
    Peer late(simulation.world, simulation.address);
    late.Send("late");
    simulation.world.RunFor(core::FromMillis(100));
    EXPECT_EQ(late.Receive(), "late") << "nobody is let in any more";
    ASSERT_TRUE(simulation.server->Stop());
  }
}

uint64_t SendCalls(IUdpServer& server) {
  HP_Stats stats{};
  stats.size = sizeof(stats);
  EXPECT_TRUE(server.GetStats(stats));
  return stats.send_calls;
}

// Each takes the other for a client that asks.
// Spec: api §6.12
TEST(UdpSimulatedTest, TwoServersDoNotAnswerEachOtherForEver) {
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    FakeWorldOptions options = FakeWorldOptions::Calm(seed);
    options.datagram_delay = 1;
    options.max_delay = core::FromMillis(1 + static_cast<int64_t>(seed * 37 % 200));
    Simulation simulation(options);
    Listener other_listener(simulation.world);
    CUdpServer other(&other_listener);
    ASSERT_TRUE(simulation.server->Start("127.0.0.1", 5555));
    ASSERT_TRUE(other.Start("127.0.0.1", 5556));
    // What somebody sends in the other's name.
    const uint8_t kNothing[1] = {};
    ASSERT_EQ(simulation.world.kernel().SendDatagram(other_listener.socket, &simulation.address, kNothing, 0),
              0);
    simulation.world.RunFor(std::chrono::seconds(30));
    EXPECT_EQ(simulation.listener.accepted.size(), 1u);
    EXPECT_EQ(other_listener.accepted.size(), 1u);
    EXPECT_LE(SendCalls(*simulation.server) + SendCalls(other), 4u);
    ASSERT_TRUE(other.Stop());
    ASSERT_TRUE(simulation.server->Stop());
  }
}

// Whichever workers they belong to, and whatever is asked of which.
// Spec: decisions 6.5
TEST(UdpSimulatedTest, TheSessionsThatWereSilentLongestMakeRoom) {
  for (const uint64_t seed : SimulationSeeds(200)) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    constexpr size_t kMost = 8;
    Simulation simulation(FakeWorldOptions::Calm(seed), 2 + static_cast<uint32_t>(seed % 3));
    simulation.server->SetMaxConnectionCount(kMost);
    ASSERT_TRUE(simulation.server->Start("127.0.0.1", 5555));
    std::vector<std::unique_ptr<Peer>> peers;
    for (size_t i = 0; i < kMost; ++i) {
      peers.push_back(std::make_unique<Peer>(simulation.world, simulation.address));
      peers.back()->Send("first");
      simulation.world.RunFor(core::FromMillis(3));
    }
    ASSERT_EQ(simulation.listener.accepted.size(), kMost);
    // IDs count up.
    const std::vector<CONNID> ids(simulation.listener.accepted.begin(), simulation.listener.accepted.end());
    std::vector<size_t> order(kMost);
    for (size_t i = 0; i < kMost; ++i) order[i] = i;
    std::shuffle(order.begin(), order.end(), random);
    for (const size_t i : order) {
      peers[i]->Send("again");
      simulation.world.RunFor(core::FromMillis(3));
    }
    Peer new_ones[2] = {{simulation.world, simulation.address}, {simulation.world, simulation.address}};
    for (Peer& peer : new_ones) peer.Send("new");
    // In steps: what workers ask of each other is no news to the world.
    for (int i = 0; i < 10; ++i) simulation.world.RunFor(core::FromMillis(5));
    EXPECT_EQ(simulation.listener.accepted.size(), kMost + 2);
    EXPECT_EQ(simulation.listener.ended, (std::set<CONNID>{ids[order[0]], ids[order[1]]}));
    ASSERT_TRUE(simulation.server->Stop());
  }
}

// What OnConnect sends waits until it has returned, and goes with the session where it refuses.
// Spec: decisions 2.6, decisions 3.5
TEST(UdpSimulatedTest, WhatAClientSendsInOnConnectLeavesOnlyIfItStays) {
  for (const uint64_t seed : SimulationSeeds()) {
    for (const bool async : {false, true}) {
      SCOPED_TRACE("seed " + std::to_string(seed) + (async ? ", asynchronous" : ""));
      Simulation simulation(FakeWorldOptions::Rough(seed));
      const bool stays = seed % 2 == 0;
      simulation.client_listener.sends_at_once = 3;
      simulation.client_listener.connect_result = stays ? HR_OK : HR_ERROR;
      ASSERT_TRUE(simulation.server->Start("127.0.0.1", 5555));
      EXPECT_EQ(simulation.client->Start("127.0.0.1", 5555, async), stays || async);
      simulation.world.RunFor(core::FromMillis(100));
      EXPECT_EQ(simulation.client_listener.connected, 1);
      EXPECT_EQ(simulation.client_listener.ended, !stays && async ? 1 : 0);
      EXPECT_EQ(simulation.listener.received.size(), stays ? 3u : 0u);
      EXPECT_EQ(simulation.client->HasStarted(), stays);
      HP_Stats stats{};
      stats.size = sizeof(stats);
      ASSERT_TRUE(simulation.client->GetStats(stats));
      EXPECT_EQ(stats.pending_bytes, 0u);
      ASSERT_TRUE(simulation.server->Stop());
    }
  }
}

// Where the port cannot say when there is something to read, it is looked for, and not without a pause.
// Spec: decisions 6.2
TEST(UdpSimulatedTest, ReadsThoughItIsNotToldWhen) {
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Simulation simulation(FakeWorldOptions::Calm(seed), 1 + static_cast<uint32_t>(seed % 3));
    ASSERT_TRUE(simulation.server->Start("127.0.0.1", 5555));
    Peer peer(simulation.world, simulation.address);
    simulation.world.faults().FailNext(core::FakeCall::kAwaitReady, ENOMEM, UINT64_MAX);
    const uint64_t failures = simulation.world.faults().failures();
    for (int i = 0; i < 20; ++i) {
      peer.Send(std::to_string(i));
      simulation.world.RunFor(core::FromMillis(50));
    }
    EXPECT_EQ(simulation.listener.received.size(), 20u);
    EXPECT_GT(simulation.world.faults().failures(), failures);
    EXPECT_LE(simulation.world.faults().failures() - failures, 20 * 5 * 4u) << "it spins";
    ASSERT_TRUE(simulation.server->Stop());
  }
}

// Every call that can fail does, once each.
TEST(UdpSimulatedTest, SurvivesTheFailureOfEachCall) {
  for (uint64_t n = 1;; ++n) {
    SCOPED_TRACE("call " + std::to_string(n));
    Simulation simulation(FakeWorldOptions::Calm(n), 2);
    simulation.listener.server = simulation.server.get();
    simulation.world.FailCall(n);
    const bool server = simulation.server->Start("127.0.0.1", 5555);
    if (!server) {
      EXPECT_EQ(simulation.listener.shutdowns, 1);
    }
    const bool client = simulation.client->Start("127.0.0.1", 5555, n % 2 == 0);
    if (client) {
      simulation.world.RunFor(core::FromMillis(50));
      const uint8_t byte = 'x';
      simulation.client->Send(&byte, 1);
      simulation.world.RunFor(core::FromMillis(50));
    }
    if (simulation.client->HasStarted()) {
      EXPECT_TRUE(simulation.client->Stop());
    }
    if (server) {
      EXPECT_TRUE(simulation.server->Stop());
    }
    EXPECT_EQ(simulation.listener.ended.size(), simulation.listener.accepted.size());
    if (simulation.world.calls() < n) break;
  }
}

// Spec: decisions 2.5
TEST(UdpSimulatedTest, EndsWellWhereverItIsStopped) {
  for (const uint64_t seed : SimulationSeeds(200)) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    FakeWorldOptions options = FakeWorldOptions::Hostile(seed);
    options.datagram_loss = 0.2;
    options.datagram_duplicate = 0.2;
    Simulation simulation(options, 1 + static_cast<uint32_t>(seed % 4));
    simulation.listener.server = nullptr;
    if (!simulation.server->Start("127.0.0.1", 5555)) continue;
    const bool client = simulation.client->Start("localhost", 5555, seed % 2 == 0);
    std::vector<std::unique_ptr<Peer>> peers;
    for (int i = 0; i < 3; ++i) peers.push_back(std::make_unique<Peer>(simulation.world, simulation.address));
    std::mt19937_64 random(seed);
    for (uint64_t steps = random() % 20; steps > 0; --steps) {
      peers[random() % 3]->Send(std::string(random() % 3, 'x'));
      const uint8_t byte = 'x';
      if (client && random() % 2 == 0) simulation.client->Send(&byte, 1);
      if (random() % 3 == 0) simulation.world.RunFor(core::FromMillis(1));
      if (random() % 5 == 0 && !simulation.listener.accepted.empty())
        simulation.server->Disconnect(*simulation.listener.accepted.rbegin());
    }
    if (simulation.client->HasStarted()) simulation.client->Stop();
    EXPECT_TRUE(simulation.server->Stop());
    EXPECT_EQ(simulation.listener.ended.size(), simulation.listener.accepted.size());
    EXPECT_LE(simulation.client_listener.ended, 1);
  }
}

}  // namespace
}  // namespace hpsocket
