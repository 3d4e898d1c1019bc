// UDP in the simulated world: detection to the tick, and who is answered. HPSOCKET_SEEDS says how many seeds
// are run (default 25), HPSOCKET_SEED which one only.
#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "hpsocket/core/io/fake_world.h"
#include "hpsocket/core/io/simulation_seeds.h"
#include "hpsocket/udp/udp_simulation.h"

namespace hpsocket {
namespace {

using core::FakeWorldOptions;
using core::SimulationSeeds;
using core::TimePoint;
using udp_simulation::DetectionModel;
using udp_simulation::Listener;
using udp_simulation::Peer;
using udp_simulation::Simulation;
using udp_simulation::StatsOf;

// Spec: api §6.12, decisions 6.1
TEST(UdpDetectionSimulatedTest, AnIdleSessionEndsExactlyAtTheTickThatTheArithmeticSays) {
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
TEST(UdpDetectionSimulatedTest, AClientWithoutAnswerEndsAfterAttemptsTimesInterval) {
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
TEST(UdpDetectionSimulatedTest, HeartbeatsKeepBothSidesAliveAndSoDoesDataUnderLoss) {
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

// What came while a callback kept the worker is still to be read, and is no silence.
// Spec: api §6.12, decisions 6.1, decisions 8.3/2
TEST(UdpDetectionSimulatedTest, TakesNoCallbackThatBlocksForSilenceOfThosePeersWhoSpoke) {
  for (const uint64_t seed : SimulationSeeds()) {
    for (const bool detects : {false, true}) {
      SCOPED_TRACE("seed " + std::to_string(seed) + (detects ? ", detection" : ", idle time"));
      constexpr uint32_t kPeers = 40;
      Simulation simulation(FakeWorldOptions::Calm(seed));
      simulation.server->SetPostReceiveCount(1 + static_cast<uint32_t>(seed % 3));
      simulation.server->SetDetectAttempts(detects ? 1 + static_cast<uint32_t>(seed % 4) : 0);
      simulation.server->SetDetectInterval(1);
      simulation.server->SetMaxIdleTime(detects ? 0 : 1000);
      ASSERT_TRUE(simulation.server->Start("127.0.0.1", 5555));
      std::vector<std::unique_ptr<Peer>> peers;
      for (uint32_t i = 0; i < kPeers; ++i) {
        peers.push_back(std::make_unique<Peer>(simulation.world, simulation.address));
        peers.back()->Send("hello");
      }
      simulation.listener.on_receive = [&](const std::string& bytes) {
        // Many small batches, and time passes between them.
        if (bytes == "here") udp_simulation::Block(simulation.world, core::FromMillis(2));
        if (bytes != "block") return;
        udp_simulation::Block(simulation.world,
                              core::FromMillis(800 + static_cast<int64_t>(seed % 20) * 500));
        for (auto& peer : peers) peer->Send("here");
      };
      // Between the first tick and the next.
      simulation.world.RunFor(core::FromMillis(500));
      for (auto& peer : peers) peer->Send("again");
      simulation.world.RunFor(core::FromMillis(900));
      peers.front()->Send("block");
      ASSERT_TRUE(simulation.world.RunUntil(
          [&] { return simulation.listener.received.size() == 3 * kPeers + 1; }, std::chrono::minutes(1)));
      EXPECT_EQ(simulation.listener.accepted.size(), kPeers);
      EXPECT_EQ(simulation.listener.ended.size(), 0u);
      // And nobody is forgotten.
      ASSERT_TRUE(simulation.world.RunUntil([&] { return simulation.listener.ended.size() == kPeers; },
                                            std::chrono::minutes(1)));
      ASSERT_TRUE(simulation.server->Stop());
    }
  }
}

// Spec: api §6.12
TEST(UdpDetectionSimulatedTest, AClientThatWasKeptFromAskingLongAsksBeforeItGivesUp) {
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    FakeWorldOptions options = FakeWorldOptions::Calm(seed);
    options.datagram_delay = 1;
    options.max_delay = core::FromMillis(20);
    Simulation simulation(options);
    simulation.client->SetDetectAttempts(1 + static_cast<uint32_t>(seed % 2));
    simulation.client->SetDetectInterval(1);
    simulation.server->SetDetectInterval(60);
    simulation.listener.server = simulation.server.get();
    ASSERT_TRUE(simulation.server->Start("127.0.0.1", 5555));
    ASSERT_TRUE(simulation.client->Start("127.0.0.1", 5555));
    simulation.client_listener.on_receive = [&] {
      udp_simulation::Block(simulation.world, std::chrono::seconds(10));
    };
    const uint8_t byte = 'x';
    ASSERT_TRUE(simulation.client->Send(&byte, 1));
    simulation.world.RunFor(std::chrono::seconds(20));
    EXPECT_EQ(simulation.client_listener.received.size(), 1u);
    EXPECT_EQ(simulation.client_listener.ended, 0);
    ASSERT_TRUE(simulation.client->Stop());
    ASSERT_TRUE(simulation.server->Stop());
  }
}

// Its first question leaves when OnConnect has returned, and may take its time to be answered.
// Spec: api §6.12
TEST(UdpDetectionSimulatedTest, AClientGivesTheFirstAnswerAWholeIntervalHoweverLongOnConnectTook) {
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    FakeWorldOptions options = FakeWorldOptions::Calm(seed);
    options.datagram_delay = 1;
    options.max_delay = core::FromMillis(400);
    Simulation simulation(options);
    simulation.client->SetDetectAttempts(1);
    simulation.client->SetDetectInterval(1);
    simulation.client_listener.on_connect = [&] {
      udp_simulation::Block(simulation.world, core::FromMillis(1000 + static_cast<int64_t>(seed % 5) * 300));
    };
    ASSERT_TRUE(simulation.server->Start("127.0.0.1", 5555));
    ASSERT_TRUE(simulation.client->Start("127.0.0.1", 5555, true));
    simulation.world.RunFor(std::chrono::seconds(5));
    EXPECT_EQ(simulation.client_listener.connected, 1);
    EXPECT_EQ(simulation.client_listener.ended, 0);
    ASSERT_TRUE(simulation.client->Stop());
    ASSERT_TRUE(simulation.server->Stop());
  }
}

// The network may bring together what was asked a second apart.
// Spec: api §6.12/2, fault 26
TEST(UdpDetectionSimulatedTest, AnswersWhatComesCloserTogetherThanItWasAskedAndNoFlood) {
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Simulation simulation(FakeWorldOptions::Calm(seed));
    ASSERT_TRUE(simulation.server->Start("127.0.0.1", 5555));
    Peer peer(simulation.world, simulation.address);
    const auto ask = [&](core::Duration pause) {
      peer.Send("");
      simulation.world.RunFor(pause);
      return peer.Receive().has_value();
    };
    const core::Duration close = core::FromMillis(1 + static_cast<int64_t>(seed % 400));
    for (int i = 0; i < 10; ++i) {
      EXPECT_TRUE(ask(close));
      EXPECT_TRUE(ask(std::chrono::seconds(2) - close));
    }
    int answers = 0;
    for (int i = 0; i < 500; ++i) answers += ask(core::FromMillis(20)) ? 1 : 0;
    EXPECT_GE(answers, 20);
    EXPECT_LE(answers, 22) << "two a second, and one more";
    ASSERT_TRUE(simulation.server->Stop());
  }
}

// Under RP_PARALLEL another worker ends it, at the very tick, and what its peer says meanwhile counts.
// Spec: api §6.12, decisions 3.2
TEST(UdpDetectionSimulatedTest, DetectionDoesNotWaitForACallbackThatBlocksWhenParallel) {
  for (const uint64_t seed : SimulationSeeds(100)) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const uint32_t attempts = 1 + static_cast<uint32_t>(random() % 4);
    const uint32_t interval = 1 + static_cast<uint32_t>(random() % 3);
    Simulation simulation(FakeWorldOptions::Calm(seed), 2 + static_cast<uint32_t>(random() % 3));
    simulation.server->SetRecvPolicy(RP_PARALLEL);
    simulation.server->SetDetectAttempts(attempts);
    simulation.server->SetDetectInterval(interval);
    bool returned = false;
    simulation.listener.on_receive = [&](const std::string& bytes) {
      if (bytes != "block") return;
      udp_simulation::Block(simulation.world, std::chrono::seconds(60));
      returned = true;
    };
    const TimePoint started = simulation.world.clock().Now();
    ASSERT_TRUE(simulation.server->Start("127.0.0.1", 5555));
    Peer peer(simulation.world, simulation.address);
    DetectionModel model(attempts, interval);
    int tick = 1;
    for (;; ++tick) {
      simulation.world.RunFor(started + tick * model.interval() - core::FromMillis(500) -
                              simulation.world.clock().Now());
      ASSERT_TRUE(simulation.listener.ended.empty()) << "tick " << tick;
      if (tick == 1 || (tick < 8 && random() % 3 == 0)) {
        peer.Send(tick == 1 ? "block" : random() % 2 == 0 ? "" : "x");
        model.Heard();
      }
      simulation.world.RunFor(core::FromMillis(600));
      if (!model.Tick()) break;
      ASSERT_TRUE(simulation.listener.ended.empty()) << "earlier than tick " << tick << " says";
    }
    ASSERT_EQ(simulation.listener.ended.size(), 1u) << "later than tick " << tick;
    EXPECT_FALSE(returned);
    const core::Duration late = simulation.listener.ended_at - (started + tick * model.interval());
    EXPECT_GE(late, core::Duration::zero());
    EXPECT_LE(late, core::FromMillis(2));
    ASSERT_TRUE(simulation.world.RunUntil([&] { return returned; }, std::chrono::minutes(2)));
    ASSERT_TRUE(simulation.server->Stop());
    EXPECT_EQ(simulation.listener.ended.size(), simulation.listener.accepted.size());
  }
}

// Whoever asks for answers while the socket takes nothing fills no memory with them.
// Spec: api §6.12
TEST(UdpDetectionSimulatedTest, KeepsOneAnswerAtMostWhileNothingLeaves) {
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

// One that was not answered, since the socket was full, is no reason not to answer the next.
// Spec: api §6.12
TEST(UdpDetectionSimulatedTest, AnswersAsSoonAsThereIsRoomAgain) {
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Simulation simulation(FakeWorldOptions::Calm(seed));
    simulation.listener.server = simulation.server.get();
    ASSERT_TRUE(simulation.server->Start("127.0.0.1", 5555));
    Peer other(simulation.world, simulation.address);
    Peer peer(simulation.world, simulation.address);
    simulation.world.kernel().HoldDatagrams(true);
    other.Send("echo");  // what does not leave
    simulation.world.RunFor(core::FromMillis(50));
    peer.Send("");
    simulation.world.RunFor(core::FromMillis(50));
    simulation.world.kernel().HoldDatagrams(false);
    simulation.world.RunFor(core::FromMillis(50));
    EXPECT_EQ(other.Receive(), "echo");
    EXPECT_FALSE(peer.Receive().has_value()) << "as if it had been lost on the way";
    peer.Send("");
    simulation.world.RunFor(core::FromMillis(50));
    EXPECT_EQ(peer.Receive(), "");
    ASSERT_TRUE(simulation.server->Stop());
  }
}

// Each takes the other for a client that asks.
// Spec: api §6.12, fault 26
TEST(UdpDetectionSimulatedTest, TwoServersDoNotAnswerEachOtherForEver) {
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
    const uint64_t calls = StatsOf(*simulation.server).send_calls + StatsOf(other).send_calls;
    EXPECT_LE(calls, 14u);
    simulation.world.RunFor(std::chrono::seconds(10));
    EXPECT_EQ(StatsOf(*simulation.server).send_calls + StatsOf(other).send_calls, calls) << "they still do";
    ASSERT_TRUE(other.Stop());
    ASSERT_TRUE(simulation.server->Stop());
  }
}

}  // namespace
}  // namespace hpsocket
