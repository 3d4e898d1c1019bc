// UDP in the simulated world, where the kernel refuses, lacks memory, or has counted as far as it can.
// HPSOCKET_SEEDS says how many seeds are run (default 25), HPSOCKET_SEED which one only.
#include <gtest/gtest.h>

#include <cerrno>
#include <string>

#include "hpsocket/core/io/fake_world.h"
#include "hpsocket/core/io/simulation_seeds.h"
#include "hpsocket/udp/udp_simulation.h"

namespace hpsocket {
namespace {

using core::FakeWorldOptions;
using core::SimulationSeeds;
using udp_simulation::Peer;
using udp_simulation::Simulation;

// However often the socket is full in between, and tells what became of earlier ones.
// Spec: decisions 6.4
TEST(UdpKernelSimulatedTest, AClientLosesNothingToRefusalsOfEarlierDatagrams) {
  constexpr size_t kCount = 200;
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    FakeWorldOptions options = FakeWorldOptions::Calm(seed);
    options.datagram_full = 0.6;
    options.datagram_refusal = 0.9;
    Simulation simulation(options);
    ASSERT_TRUE(simulation.server->Start("127.0.0.1", 5555));
    ASSERT_TRUE(simulation.client->Start("127.0.0.1", 5555));
    const uint8_t byte = 'x';
    for (size_t i = 0; i < kCount; ++i) ASSERT_TRUE(simulation.client->Send(&byte, 1));
    EXPECT_TRUE(simulation.world.RunUntil([&] { return simulation.listener.received.size() == kCount; }));
    HP_Stats stats{};
    stats.size = sizeof(stats);
    ASSERT_TRUE(simulation.client->GetStats(stats));
    EXPECT_EQ(stats.dropped_datagrams, 0u);
    ASSERT_TRUE(simulation.client->Stop());
    ASSERT_TRUE(simulation.server->Stop());
  }
}

// Where the port cannot say when there is something to read, it is looked for, and not without a pause.
// Spec: decisions 6.2
TEST(UdpKernelSimulatedTest, ReadsThoughItIsNotToldWhen) {
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

// The same of a socket that takes nothing.
// Spec: decisions 6.2
TEST(UdpKernelSimulatedTest, SendsThoughItIsNotToldWhen) {
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Simulation simulation(FakeWorldOptions::Calm(seed));
    ASSERT_TRUE(simulation.server->Start("127.0.0.1", 5555));
    ASSERT_TRUE(simulation.client->Start("127.0.0.1", 5555));
    ASSERT_TRUE(simulation.world.RunUntil([&] { return simulation.listener.accepted.size() == 1; }));
    simulation.world.kernel().HoldDatagrams(true);
    simulation.world.faults().FailNext(core::FakeCall::kAwaitReady, ENOMEM, UINT64_MAX);
    const uint64_t failures = simulation.world.faults().failures();
    const uint8_t byte = 'x';
    for (int i = 0; i < 20; ++i) {
      ASSERT_TRUE(simulation.client->Send(&byte, 1));
      simulation.world.RunFor(core::FromMillis(50));
    }
    EXPECT_TRUE(simulation.listener.received.empty());
    EXPECT_GT(simulation.world.faults().failures(), failures);
    // The client waits for two things, the server for one.
    EXPECT_LE(simulation.world.faults().failures() - failures, 20 * 5 * 4u) << "it spins";
    simulation.world.kernel().HoldDatagrams(false);
    simulation.world.RunFor(core::FromMillis(50));
    EXPECT_EQ(simulation.listener.received.size(), 20u);
    ASSERT_TRUE(simulation.client->Stop());
    ASSERT_TRUE(simulation.server->Stop());
  }
}

// There is something to read all the time, and no memory to read it.
// Spec: decisions 6.2
TEST(UdpKernelSimulatedTest, ReadsLaterWhereMemoryIsShortAndDoesNotSpin) {
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const uint32_t workers = 1 + static_cast<uint32_t>(seed % 3);
    Simulation simulation(FakeWorldOptions::Calm(seed), workers);
    ASSERT_TRUE(simulation.server->Start("127.0.0.1", 5555));
    Peer peer(simulation.world, simulation.address);
    constexpr uint64_t kShortages = 1000;
    simulation.world.faults().FailNext(core::FakeCall::kReceiveDatagrams, seed % 2 == 0 ? ENOMEM : ENOBUFS,
                                       kShortages);
    const uint64_t failures = simulation.world.faults().failures();
    peer.Send("x");
    simulation.world.RunFor(std::chrono::seconds(1));
    EXPECT_TRUE(simulation.listener.received.empty());
    EXPECT_GE(simulation.world.faults().failures() - failures, 50u);
    EXPECT_LE(simulation.world.faults().failures() - failures, 110u * workers) << "it spins";
    ASSERT_TRUE(simulation.world.RunUntil([&] { return simulation.listener.received.size() == 1; }))
        << "it does not come back to it";
    EXPECT_EQ(simulation.world.faults().failures() - failures, kShortages);
    ASSERT_TRUE(simulation.server->Stop());
  }
}

uint64_t KernelDrops(IUdpServer& server) {
  HP_Stats stats{};
  stats.size = sizeof(stats);
  EXPECT_TRUE(server.GetStats(stats));
  return stats.kernel_drops;
}

// The kernel counts with 32 bits.
// Spec: decisions 8.2/5
TEST(UdpKernelSimulatedTest, CountsMoreDropsThanTheKernelCan) {
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Simulation simulation(FakeWorldOptions::Calm(seed), 1 + static_cast<uint32_t>(seed % 3));
    simulation.server->SetDetectAttempts(0);
    constexpr uint64_t kMany = 0xfffffff0;
    uint64_t dropped = 0;
    const auto drop = [&](uint64_t count) {
      simulation.world.kernel().AddDatagramDrops(simulation.listener.socket, count);
      dropped += count;
    };
    ASSERT_TRUE(simulation.server->Start("127.0.0.1", 5555));
    EXPECT_EQ(KernelDrops(*simulation.server), 0u);
    for (const uint64_t count : {kMany, uint64_t{100}, uint64_t{0}, kMany}) {
      drop(count);
      EXPECT_EQ(KernelDrops(*simulation.server), dropped);
    }
    // Where nobody asks, those look who read.
    Peer peer(simulation.world, simulation.address);
    for (int i = 0; i < 3; ++i) {
      drop(kMany);
      simulation.world.RunFor(std::chrono::seconds(15));
      peer.Send("x");
      simulation.world.RunFor(core::FromMillis(10));
    }
    EXPECT_EQ(KernelDrops(*simulation.server), dropped);
    drop(7);
    ASSERT_TRUE(simulation.server->Stop());
    EXPECT_EQ(KernelDrops(*simulation.server), dropped) << "still known when the socket is gone";
  }
}

}  // namespace
}  // namespace hpsocket
