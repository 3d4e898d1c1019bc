// UDP in the simulated world: echoes, sessions that make room, ends, whatever the order of things.
// HPSOCKET_SEEDS says how many seeds are run (default 25), HPSOCKET_SEED which one only.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "hpsocket/core/io/fake_world.h"
#include "hpsocket/core/io/simulation_seeds.h"
#include "hpsocket/udp/udp_simulation.h"

namespace hpsocket {
namespace {

using core::FakeWorldOptions;
using core::SimulationSeeds;
using udp_simulation::Peer;
using udp_simulation::Simulation;
using udp_simulation::StatsOf;

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
        ASSERT_TRUE(simulation.world.RunUntil([&] {
          if (!bytes) bytes = peer->Receive();  // it may be asked again
          return bytes.has_value();
        }));
        EXPECT_EQ(*bytes, std::to_string(round));
      }
    }
    ASSERT_TRUE(simulation.server->Stop());
    EXPECT_EQ(simulation.listener.accepted.size(), 5u);
    EXPECT_EQ(simulation.listener.ended.size(), 5u);
    EXPECT_EQ(simulation.listener.shutdowns, 1);
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
    const HP_Stats stats = StatsOf(*simulation.server);
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
      const HP_Stats stats = StatsOf(*simulation.client);
      EXPECT_EQ(stats.pending_bytes, 0u);
      ASSERT_TRUE(simulation.server->Stop());
    }
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
    core::RandomSizes random(seed);
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
