// One scripted session of a UDP server and a UDP client, again and again, each time with the next call that
// can fail failing.
#include <gtest/gtest.h>

#include <cerrno>
#include <cstdint>
#include <string>
#include <tuple>

#include "hpsocket/core/io/fake_world.h"
#include "hpsocket/udp/udp_simulation.h"

namespace hpsocket {
namespace {

using core::FakeWorldOptions;
using udp_simulation::Peer;
using udp_simulation::Simulation;

// Whether the client starts asynchronously, with a name, and the server's send policy.
using Script = std::tuple<bool, const char*, EnSendPolicy>;

class UdpFailingCallsSimulatedTest : public ::testing::TestWithParam<Script> {
 protected:
  // What came of it.
  struct Outcome {
    bool server = false;
    bool client = false;
    uint64_t calls = 0;
  };

  static Outcome Run(uint64_t failing) {
    const auto [async, remote, policy] = GetParam();
    Simulation simulation(FakeWorldOptions::Calm(7), 2);
    core::FakeWorld& world = simulation.world;
    simulation.listener.server = simulation.server.get();
    simulation.server->SetSendPolicy(policy);
    simulation.listener.may_fail_to_send = failing > 0 && policy == SP_DIRECT;
    if (failing > 0) world.FailCall(failing);
    Outcome outcome;
    outcome.server = simulation.server->Start("127.0.0.1", 5555);
    if (!outcome.server) ExpectTold(*simulation.server);
    outcome.client = simulation.client->Start(remote, 5555, async);
    if (!outcome.client) ExpectTold(*simulation.client);
    world.RunFor(core::FromMillis(50));
    Peer peer(world, simulation.address);
    peer.Send("hello");
    const uint8_t byte = 'x';
    if (simulation.client->HasStarted()) simulation.client->Send(&byte, 1);
    world.RunFor(core::FromMillis(50));
    if (!simulation.listener.accepted.empty())
      simulation.server->Disconnect(*simulation.listener.accepted.begin());
    world.RunFor(core::FromMillis(50));
    if (simulation.client->HasStarted()) {
      EXPECT_TRUE(simulation.client->Stop());
    }
    if (outcome.server) {
      EXPECT_TRUE(simulation.server->Stop());
    }
    EXPECT_TRUE(simulation.client->Wait());
    EXPECT_EQ(simulation.client->GetState(), SS_STOPPED);
    EXPECT_EQ(simulation.server->GetState(), SS_STOPPED);
    EXPECT_EQ(simulation.listener.shutdowns, 1);
    EXPECT_EQ(simulation.listener.ended, simulation.listener.accepted);
    EXPECT_EQ(simulation.client_listener.ended, outcome.client ? 1 : 0);
    EXPECT_EQ(world.open_descriptors(), 0u);
    EXPECT_TRUE(failing == 0 || world.faults().failures() == 1);
    outcome.calls = world.calls();
    if (failing == 0) {
      EXPECT_EQ(simulation.listener.accepted.size(), 2u);
      EXPECT_EQ(simulation.listener.received.size(), 2u);
      EXPECT_EQ(simulation.client_listener.received.size(), 1u);
      EXPECT_EQ(peer.Receive(), "hello");
    }
    return outcome;
  }

 private:
  template <class Component>
  static void ExpectTold(Component& component) {
    EXPECT_NE(component.GetLastError(), SE_OK);
    EXPECT_STRNE(component.GetLastErrorDetail(), "");
  }
};

// Spec: fault 9
TEST_P(UdpFailingCallsSimulatedTest, SurvivesTheFailureOfEveryFallibleCall) {
  const Outcome well = Run(0);
  ASSERT_TRUE(well.server && well.client);
  ASSERT_GT(well.calls, 20u);
  uint64_t failed_starts = 0;
  for (uint64_t n = 1; n <= well.calls; ++n) {
    SCOPED_TRACE("call " + std::to_string(n) + " fails");
    const Outcome outcome = Run(n);
    if (!outcome.server || !outcome.client) ++failed_starts;
    if (HasFailure()) return;
  }
  EXPECT_GT(failed_starts, 4u);
}

INSTANTIATE_TEST_SUITE_P(Scripts, UdpFailingCallsSimulatedTest,
                         ::testing::Combine(::testing::Bool(), ::testing::Values("127.0.0.1", "localhost"),
                                            ::testing::Values(SP_PACK, SP_SAFE, SP_DIRECT)));

}  // namespace
}  // namespace hpsocket
