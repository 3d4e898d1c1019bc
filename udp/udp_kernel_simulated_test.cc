// UDP in the simulated world, where the kernel refuses, lacks memory, or has counted as far as it can.
// HPSOCKET_SEEDS says how many seeds are run (default 25), HPSOCKET_SEED which one only.
#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>
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
    const HP_Stats stats = StatsOf(*simulation.client);
    EXPECT_EQ(stats.dropped_datagrams, 0u);
    ASSERT_TRUE(simulation.client->Stop());
    ASSERT_TRUE(simulation.server->Stop());
  }
}

// Whatever ICMP has told of them.
// Spec: decisions 6.4, decisions 6.7
TEST(UdpKernelSimulatedTest, AClientLosesNothingToWhatIsToldOfEarlierDatagrams) {
  for (const int error : {ECONNREFUSED, EMSGSIZE, EHOSTUNREACH, ENETUNREACH, EACCES, EPROTO}) {
    SCOPED_TRACE(strerror(error));
    Simulation simulation(FakeWorldOptions::Calm(1));
    ASSERT_TRUE(simulation.server->Start("127.0.0.1", 5555));
    ASSERT_TRUE(simulation.client->Start("127.0.0.1", 5555));
    simulation.world.RunFor(core::FromMillis(10));
    for (int i = 0; i < 3; ++i) {
      simulation.world.faults().FailNext(core::FakeCall::kSendDatagrams, error);
      const std::string text = std::to_string(i);
      ASSERT_TRUE(simulation.client->Send(reinterpret_cast<const uint8_t*>(text.data()), 1));
      simulation.world.RunFor(core::FromMillis(10));
    }
    EXPECT_EQ(simulation.listener.received, (std::vector<std::string>{"0", "1", "2"}));
    EXPECT_EQ(StatsOf(*simulation.client).dropped_datagrams, 0u);
    ASSERT_TRUE(simulation.client->Stop());
    ASSERT_TRUE(simulation.server->Stop());
  }
}

// What the kernel refuses is gone and is not reported, and what follows leaves.
// Spec: decisions 6.7
TEST(UdpKernelSimulatedTest, ADatagramThatIsRefusedIsCountedAndNotReported) {
  for (const int error : {ENETUNREACH, EPERM, EMSGSIZE, ENOBUFS}) {
    for (const EnSendPolicy policy : {SP_PACK, SP_SAFE}) {
      SCOPED_TRACE(std::string(strerror(error)) + ", policy " + std::to_string(policy));
      Simulation simulation(FakeWorldOptions::Calm(1));
      simulation.server->SetSendPolicy(policy);
      ASSERT_TRUE(simulation.server->Start("127.0.0.1", 5555));
      Peer peer(simulation.world, simulation.address);
      peer.Send("x");
      ASSERT_TRUE(simulation.world.RunUntil([&] { return simulation.listener.accepted.size() == 1; }));
      const CONNID id = *simulation.listener.accepted.begin();
      simulation.world.faults().FailNext(core::FakeCall::kSendDatagrams, error);
      for (const char* const text : {"one", "and two", "and three"}) {
        ASSERT_TRUE(simulation.server->Send(id, reinterpret_cast<const uint8_t*>(text),
                                            static_cast<int>(strlen(text))));
      }
      simulation.world.RunFor(core::FromMillis(50));
      EXPECT_EQ(StatsOf(*simulation.server).dropped_datagrams, 1u);
      EXPECT_EQ(simulation.listener.sent, (std::vector<std::string>{"and two", "and three"}));
      EXPECT_EQ(peer.Receive(), "and two");
      EXPECT_EQ(peer.Receive(), "and three");
      EXPECT_EQ(simulation.listener.ended.size(), 0u);
      int pending = -1;
      EXPECT_TRUE(simulation.server->GetPendingDataLength(id, pending));
      EXPECT_EQ(pending, 0);
      ASSERT_TRUE(simulation.server->Stop());
    }
  }
}

// However it was sent, and whatever became of it: afterwards there is room for as much again.
// Spec: decisions 4.3, decisions 8.2/8
TEST(UdpKernelSimulatedTest, BoundsWhatWaitsOfAllSessions) {
  constexpr uint64_t kTotal = 10000;
  const std::string datagram(1000, 'd');
  for (const EnSendPolicy policy : {SP_PACK, SP_SAFE, SP_DIRECT}) {
    for (const bool inside : {false, true}) {
      SCOPED_TRACE("policy " + std::to_string(policy) + (inside ? ", in OnReceive" : ", elsewhere"));
      Simulation simulation(FakeWorldOptions::Calm(1));
      simulation.server->SetSendPolicy(policy);
      simulation.server->SetMaxPendingTotal(kTotal);
      ASSERT_TRUE(simulation.server->Start("127.0.0.1", 5555));
      Peer first(simulation.world, simulation.address);
      Peer second(simulation.world, simulation.address);
      for (Peer* peer : {&first, &second}) peer->Send("x");
      ASSERT_TRUE(simulation.world.RunUntil([&] { return simulation.listener.accepted.size() == 2; }));
      int accepted = 0;
      const auto fill = [&] {
        bool more = true;
        while (more) {
          more = false;
          for (const CONNID id : simulation.listener.accepted) {
            if (simulation.server->Send(id, reinterpret_cast<const uint8_t*>(datagram.data()),
                                        static_cast<int>(datagram.size()))) {
              ++accepted;
              more = true;
            } else {
              EXPECT_EQ(errno, ENOBUFS);
            }
          }
        }
      };
      simulation.listener.on_receive = [&](const std::string& bytes) {
        if (bytes == "fill") fill();
      };
      for (int round = 0; round < 20; ++round) {
        simulation.world.kernel().HoldDatagrams(true);
        accepted = 0;
        if (inside) {
          first.Send("fill");
        } else {
          fill();
        }
        simulation.world.RunFor(core::FromMillis(20));
        EXPECT_EQ(accepted, 10) << "round " << round;
        // Some are refused.
        simulation.world.faults().FailNext(core::FakeCall::kSendDatagrams, EPERM,
                                           static_cast<uint64_t>(round % 3));
        simulation.world.kernel().HoldDatagrams(false);
        simulation.world.RunFor(core::FromMillis(50));
        while (first.Receive().has_value() || second.Receive().has_value()) {
        }
      }
      const HP_Stats stats = StatsOf(*simulation.server);
      EXPECT_EQ(stats.pending_bytes, 0u);
      ASSERT_TRUE(simulation.server->Stop());
    }
  }
}

// Spec: §2.1.5, decisions 8.2/10
TEST(UdpKernelSimulatedTest, EndsTheOldSessionsOnlyAndCountsSlowCallbacks) {
  Simulation simulation(FakeWorldOptions::Calm(1));
  simulation.server->SetSlowCallbackTime(10);
  ASSERT_TRUE(simulation.server->Start("127.0.0.1", 5555));
  Peer old(simulation.world, simulation.address);
  Peer young(simulation.world, simulation.address);
  old.Send("x");
  simulation.world.RunFor(std::chrono::seconds(2));
  const CONNID id = *simulation.listener.accepted.begin();
  young.Send("x");
  simulation.world.RunFor(core::FromMillis(500));
  EXPECT_FALSE(simulation.server->DisconnectLongConnections(3000, true));
  EXPECT_TRUE(simulation.server->DisconnectLongConnections(1000, true));
  ASSERT_TRUE(simulation.world.RunUntil([&] { return !simulation.listener.ended.empty(); }));
  simulation.world.RunFor(core::FromMillis(50));
  EXPECT_EQ(simulation.listener.ended, std::set<CONNID>{id});
  simulation.listener.on_receive = [&](const std::string&) {
    udp_simulation::Block(simulation.world, core::FromMillis(20));
  };
  young.Send("slow");
  simulation.world.RunFor(core::FromMillis(100));
  const HP_Stats stats = StatsOf(*simulation.server);
  EXPECT_EQ(stats.slow_callbacks, 1u);
  EXPECT_GE(stats.longest_callback_us, 20000u);
  ASSERT_TRUE(simulation.server->Stop());
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
    EXPECT_EQ(StatsOf(*simulation.server).kernel_drops, 0u);
    for (const uint64_t count : {kMany, uint64_t{100}, uint64_t{0}, kMany}) {
      drop(count);
      EXPECT_EQ(StatsOf(*simulation.server).kernel_drops, dropped);
    }
    // Where nobody asks, those look who read.
    Peer peer(simulation.world, simulation.address);
    for (int i = 0; i < 3; ++i) {
      drop(kMany);
      simulation.world.RunFor(std::chrono::seconds(15));
      peer.Send("x");
      simulation.world.RunFor(core::FromMillis(10));
    }
    EXPECT_EQ(StatsOf(*simulation.server).kernel_drops, dropped);
    drop(7);
    ASSERT_TRUE(simulation.server->Stop());
    EXPECT_EQ(StatsOf(*simulation.server).kernel_drops, dropped) << "still known when the socket is gone";
  }
}

}  // namespace
}  // namespace hpsocket
