// A server and a client with a bad network between them, in the simulated world: both ends end exactly when
// the arithmetic says so for what the network let through. HPSOCKET_SEEDS says how many seeds are run,
// HPSOCKET_SEED which one only.
#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "hpsocket/core/io/fake_world.h"
#include "hpsocket/core/io/simulation_seeds.h"
#include "hpsocket/testing/harness/effort.h"
#include "hpsocket/testing/harness/udp_relay.h"
#include "hpsocket/testing/simulation/simulated_udp_relay.h"
#include "hpsocket/udp/udp_simulation.h"

namespace hpsocket {
namespace {

using core::Duration;
using core::FakeWorldOptions;
using core::SimulationSeeds;
using core::TimePoint;
using harness::RelayWay;
using udp_simulation::DetectionModel;
using udp_simulation::Simulation;

// Far more than anything takes in this world, far less than lies between two ticks.
constexpr Duration kMoment = std::chrono::milliseconds(50);

// A client, a relay and a server. The client's ticks lie in the middle between the server's; before each
// the model hears what the relay has let through, and after each both ends have to be as it says.
class RelayedPair {
 public:
  explicit RelayedPair(uint64_t seed)
      : random_(seed),
        attempts_(1 + static_cast<uint32_t>(random_() % 4)),
        interval_s_(1 + static_cast<uint32_t>(random_() % 30)),
        world_(FakeWorldOptions::Calm(seed), 1 + static_cast<uint32_t>(random_() % 3)),
        relay_(world_.world, world_.address, seed),
        client_(std::in_place, attempts_, interval_s_),
        began_(Now()) {
    world_.server->SetDetectAttempts(attempts_);
    world_.server->SetDetectInterval(interval_s_);
    world_.client->SetDetectAttempts(attempts_);
    world_.client->SetDetectInterval(interval_s_);
  }

  double Random() { return static_cast<double>(random_() % 1000) / 1000; }
  harness::UdpRelay& relay() { return relay_; }
  // The server gives back what the client sends.
  void Echo() { world_.listener.server = world_.server.get(); }

  void Start() {
    ASSERT_TRUE(world_.server->Start("127.0.0.1", 5555));
    world_.world.RunFor(HalfInterval());
    ASSERT_TRUE(world_.client->Start("127.0.0.1", relay_.port()));
    client_->Tick();  // the first heartbeat goes at once
  }

  // Up to the next tick, and past it. The client sends so many datagrams until then.
  void Step(int datagrams = 0) {
    ++half_;
    const TimePoint tick = began_ + half_ * HalfInterval();
    for (int i = 0; i < datagrams; ++i) {
      const uint8_t byte = 'x';
      ASSERT_TRUE(world_.client->Send(&byte, 1));
      world_.world.RunFor((tick - Now()) / (datagrams + 1 - i));
    }
    world_.world.RunFor(tick - kMoment - Now());
    Hear();
    ExpectAsModelled("before");
    world_.world.RunFor(tick + kMoment - Now());
    if (half_ % 2 == 0 && server_ && !server_->Tick()) {
      server_.reset();
      ++sessions_ended_;
      ExpectAt(world_.listener.ended_at, tick);
    }
    if (half_ % 2 == 1 && client_ && !client_->Tick()) {
      client_.reset();
      EXPECT_EQ(world_.client_listener.error, ECONNRESET);
      ExpectAt(world_.client_listener.ended_at, tick);
    }
    Hear();  // the heartbeat of this tick, and its answer
    ExpectAsModelled("after");
  }

  bool client_lives() const { return client_.has_value(); }
  bool session_lives() const { return server_.has_value(); }
  size_t sessions_ended() const { return sessions_ended_; }
  uint32_t attempts() const { return attempts_; }

  void Stop() {
    ASSERT_TRUE(world_.client->Wait());
    ASSERT_TRUE(world_.server->Stop());
  }

 private:
  TimePoint Now() { return world_.world.clock().Now(); }
  Duration HalfInterval() const { return std::chrono::milliseconds(500) * interval_s_; }

  void Hear() {
    const uint64_t to_server = relay_.figures(RelayWay::kToServer).left;
    if (std::exchange(to_server_, to_server) != to_server) {
      if (!server_) ++sessions_;
      server_.emplace(attempts_, interval_s_);
    }
    const uint64_t to_client = relay_.figures(RelayWay::kToClient).left;
    if (std::exchange(to_client_, to_client) != to_client && client_) client_->Heard();
  }

  void ExpectAsModelled(const char* when) {
    SCOPED_TRACE(std::string(when) + " half interval " + std::to_string(half_));
    EXPECT_EQ(world_.listener.accepted.size(), sessions_);
    EXPECT_EQ(world_.listener.ended.size(), sessions_ended_);
    EXPECT_EQ(world_.client_listener.ended, client_ ? 0 : 1);
  }

  static void ExpectAt(TimePoint time, TimePoint tick) {
    EXPECT_GE(time, tick);
    EXPECT_LE(time, tick + std::chrono::milliseconds(5));
  }

  std::mt19937_64 random_;
  const uint32_t attempts_;
  const uint32_t interval_s_;
  Simulation world_;
  simulation::SimulatedUdpRelay relay_;
  std::optional<DetectionModel> client_;  // as long as it lives
  std::optional<DetectionModel> server_;  // as long as the server has a session
  size_t sessions_ = 0;
  size_t sessions_ended_ = 0;
  uint64_t to_server_ = 0;
  uint64_t to_client_ = 0;
  const TimePoint began_;
  int half_ = 1;  // when the client starts
};

// Only heartbeats pass, as far as they do.
// Spec: api §6.12, decisions 6.1
TEST(UdpRelaySimulatedTest, BothEndsOfAnIdleSessionEndAtTheTickThatTheArithmeticSays) {
  size_t ended_early = 0;
  size_t lived_on = 0;
  for (const uint64_t seed : SimulationSeeds(harness::kSanitized ? 200 : 1000)) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RelayedPair pair(seed);
    pair.relay().Set({pair.Random(), 0.2, 0.2});
    ASSERT_NO_FATAL_FAILURE(pair.Start());
    for (int half = 0; half < 40 && (pair.client_lives() || pair.session_lives()); ++half)
      ASSERT_NO_FATAL_FAILURE(pair.Step());
    ++(pair.client_lives() ? lived_on : ended_early);
    pair.relay().Set({1, 0, 0});
    // What is under way or counted already may put the end off by one interval more.
    for (uint32_t half = 0; half < 2 * (pair.attempts() + 2); ++half) ASSERT_NO_FATAL_FAILURE(pair.Step());
    EXPECT_FALSE(pair.client_lives() || pair.session_lives());
    ASSERT_NO_FATAL_FAILURE(pair.Stop());
    if (HasFailure()) return;  // the others would say the same
  }
  if (ended_early + lived_on < 100) return;  // a few seeds only
  EXPECT_GT(ended_early, 0u) << "no network was bad enough to show anything";
  EXPECT_GT(lived_on, 0u) << "no network was good enough to show anything";
}

// Spec: api §6.12, decisions 6.1, fault 27
TEST(UdpRelaySimulatedTest, NoneEndsUnderLossWhileDataFlowsAndAllDoWhenNothingPasses) {
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RelayedPair pair(seed);
    pair.Echo();
    pair.relay().Set({0.3, 0.1, 0.1});
    ASSERT_NO_FATAL_FAILURE(pair.Start());
    for (int half = 0; half < 20; ++half) ASSERT_NO_FATAL_FAILURE(pair.Step(20));
    EXPECT_TRUE(pair.client_lives());
    EXPECT_TRUE(pair.session_lives());
    EXPECT_EQ(pair.sessions_ended(), 0u);
    EXPECT_GT(pair.relay().figures(RelayWay::kToServer).lost, 50u);
    EXPECT_GT(pair.relay().figures(RelayWay::kToClient).lost, 50u);
    pair.relay().Set({1, 0, 0});
    for (uint32_t half = 0; half < 2 * (pair.attempts() + 2); ++half) ASSERT_NO_FATAL_FAILURE(pair.Step());
    EXPECT_FALSE(pair.client_lives() || pair.session_lives());
    ASSERT_NO_FATAL_FAILURE(pair.Stop());
    if (HasFailure()) return;  // the others would say the same
  }
}

}  // namespace
}  // namespace hpsocket
