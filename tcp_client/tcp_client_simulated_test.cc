// The clients in the simulated world: every seed is another order of events, other chunks, delays and
// faults, and replays. HPSOCKET_SEEDS says how many are run (default 25), HPSOCKET_SEED which one only.
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include "hpsocket/core/io/fake_peer.h"
#include "hpsocket/core/io/fake_world.h"
#include "hpsocket/core/io/simulation_seeds.h"
#include "hpsocket/core/memory/allocation_fault.h"
#include "hpsocket/tcp_client/tcp_client.h"
#include "hpsocket/tcp_client/tcp_pull_client.h"

namespace hpsocket {
namespace {

using core::Address;
using core::FakePeer;
using core::FakeWorld;
using core::FakeWorldOptions;
using core::RandomBytes;
using core::SimulationSeeds;
using core::World;

class CheckingListener final : public CTcpClientListener {
 public:
  using CTcpClientListener::OnReceive;

  EnHandleResult OnConnect(IClient*) override {
    EXPECT_EQ(connected + ended, 0);
    ++connected;
    return HR_OK;
  }
  EnHandleResult OnReceive(IClient*, const uint8_t* data, int length) override {
    EXPECT_EQ(pull, nullptr) << "that is for PUSH";
    EXPECT_EQ(connected, 1);
    EXPECT_EQ(ended, 0) << "an event after the last one";
    received.append(reinterpret_cast<const char*>(data), static_cast<size_t>(length));
    return HR_OK;
  }
  // Takes some of it; what is left is taken by whoever comes next.
  EnHandleResult OnReceive(IClient*, int total) override {
    EXPECT_EQ(connected, 1);
    EXPECT_EQ(ended, 0) << "an event after the last one";
    EXPECT_GT(static_cast<size_t>(total), unfetched) << "nothing has come";
    unfetched = static_cast<size_t>(total);
    if (random() % 2 == 0) FetchSome();
    return HR_OK;
  }
  void FetchSome() {
    if (unfetched == 0) return;
    std::string bytes(1 + random() % unfetched, '\0');
    if (random() % 2 == 0) bytes.resize(unfetched);
    EXPECT_EQ(pull->Fetch(reinterpret_cast<uint8_t*>(&bytes[0]), static_cast<int>(bytes.size())), FR_OK);
    unfetched -= bytes.size();
    received += bytes;
  }
  EnHandleResult OnSend(IClient*, const uint8_t*, int length) override {
    EXPECT_EQ(ended, 0) << "an event after the last one";
    sent += static_cast<size_t>(length);
    return HR_OK;
  }
  EnHandleResult OnClose(IClient*) override { return End(false); }
  EnHandleResult OnError(IClient*, EnSocketOperation, int error) override {
    EXPECT_NE(error, 0);
    last_error = error;
    return End(error == ENOMEM);
  }

  IPullClient* pull = nullptr;  // null: PUSH
  core::RandomSizes random{1};
  size_t unfetched = 0;
  int connected = 0;
  int ended = 0;
  int last_error = 0;
  size_t sent = 0;
  std::string received;

 private:
  // `short_of_memory`: what had just come could not be kept.
  EnHandleResult End(bool short_of_memory) {
    ++ended;
    for (uint8_t byte = 0; pull != nullptr && pull->Fetch(&byte, 1) == FR_OK; --unfetched)
      received += static_cast<char>(byte);
    EXPECT_TRUE(unfetched == 0 || short_of_memory) << unfetched << " were there";
    return HR_OK;
  }
};

struct Simulation {
  Simulation(bool pull, const FakeWorldOptions& options) : world(options), peer(world) {
    World::ReplaceForTest(&world);
    if (pull) {
      auto component = std::make_unique<CTcpPullClient>(&listener);
      listener.pull = component.get();
      client = std::move(component);
    } else {
      client = std::make_unique<CTcpClient>(&listener);
    }
    listener.random.seed(options.seed);
    EXPECT_TRUE(Address::ParseLiteral("127.0.0.1", 5555, &address));
  }
  ~Simulation() {
    client.reset();
    World::ReplaceForTest(nullptr);
  }

  FakeWorld world;
  FakePeer peer;
  Address address;
  CheckingListener listener;
  std::unique_ptr<ITcpClient> client;
};

bool Send(ITcpClient& client, const std::string& bytes) {
  return client.Send(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int>(bytes.size()));
}

// What the last failure was is for the listener to know.
bool EndsConnection(const core::FakeFaults& faults) {
  return faults.failures() != 0 &&
         (faults.last_call() == core::FakeCall::kReceive || faults.last_call() == core::FakeCall::kSend);
}

// The parameter: PULL.
class TcpClientSimulatedTest : public ::testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Simulated, TcpClientSimulatedTest, ::testing::Bool(),
                         [](const auto& test) { return test.param ? "Pull" : "Push"; });

// Everything that was sent arrives, everything that comes is delivered, the end is OnClose, once.
// Spec: fault 11
TEST_P(TcpClientSimulatedTest, LosesNothingInARoughWorld) {
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("HPSOCKET_SEED=" + std::to_string(seed));
    FakeWorldOptions options = FakeWorldOptions::Rough(seed);
    options.accept_peer_error = 0;
    Simulation simulation(GetParam(), options);
    core::RandomSizes random(seed);
    if (GetParam() && seed % 3 != 0) simulation.listener.pull->SetMaxPullLength(1 + random() % 5000);
    ASSERT_EQ(simulation.peer.Listen(simulation.address), 0);
    const bool async = seed % 2 == 0;
    ASSERT_TRUE(simulation.client->Start("127.0.0.1", 5555, async));
    const std::unique_ptr<FakePeer> accepted = simulation.peer.Accept();
    ASSERT_NE(accepted, nullptr);
    ASSERT_TRUE(simulation.world.RunUntil([&] { return simulation.client->GetState() == SS_STARTED; }));
    EXPECT_EQ(simulation.listener.connected, 1);

    std::string upward;
    std::string arrived;
    const std::string downward = RandomBytes(random, 1 + random() % 80000);
    size_t next = 0;
    for (int i = 0; i < 20000 && (arrived.size() < 60000 || simulation.listener.received != downward); ++i) {
      if (upward.size() < 60000) {
        const std::string bytes = RandomBytes(random, 1 + random() % 4000);
        ASSERT_TRUE(Send(*simulation.client, bytes));
        upward += bytes;
      }
      char buffer[5000];
      const int64_t got = accepted->TryReceive(buffer, 1 + random() % sizeof(buffer));
      if (got > 0) arrived.append(buffer, static_cast<size_t>(got));
      if (next < downward.size()) {
        const size_t length = std::min<size_t>(downward.size() - next, 1 + random() % 4000);
        const int64_t taken = accepted->TrySend(downward.data() + next, length);
        if (taken > 0) next += static_cast<size_t>(taken);
      }
      if (random() % 2 == 0) simulation.listener.FetchSome();
      simulation.world.RunFor(std::chrono::microseconds(random() % 2000));
    }
    arrived += accepted->Receive(upward.size() - arrived.size());
    EXPECT_EQ(arrived, upward);
    EXPECT_EQ(simulation.listener.received, downward);
    accepted->Close();
    EXPECT_TRUE(simulation.world.RunUntil([&] { return simulation.client->GetState() == SS_STOPPED; }));
    EXPECT_EQ(simulation.listener.ended, 1);
    EXPECT_EQ(simulation.listener.sent, upward.size());
    EXPECT_EQ(simulation.world.open_descriptors(), 0u);
    if (testing::Test::HasFailure()) return;
  }
}

// Stop, from outside, at any moment of a life in a world where anything breaks.
// Spec: input 13
TEST_P(TcpClientSimulatedTest, KeepsItsPromisesInAHostileWorld) {
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("HPSOCKET_SEED=" + std::to_string(seed));
    Simulation simulation(GetParam(), FakeWorldOptions::Hostile(seed));
    core::RandomSizes random(seed);
    if (seed % 5 != 0) simulation.peer.Listen(simulation.address);
    const bool async = random() % 2 == 0;
    if (GetParam() && seed % 2 == 0) simulation.listener.pull->SetMaxPullLength(1 + random() % 3000);
    const bool started = simulation.client->Start("127.0.0.1", 5555, async);
    if (started) {
      std::unique_ptr<FakePeer> accepted;
      const int rounds = static_cast<int>(random() % 60);
      for (int i = 0; i < rounds; ++i) {
        if (accepted == nullptr && simulation.peer.open()) accepted = simulation.peer.TryAccept();
        Send(*simulation.client, RandomBytes(random, 1 + random() % 3000));
        if (accepted != nullptr && accepted->open()) {
          char buffer[1000];
          accepted->TryReceive(buffer, sizeof(buffer));
          accepted->TrySend(buffer, sizeof(buffer));
          if (random() % 40 == 0) accepted->Reset();
        }
        simulation.world.RunFor(std::chrono::microseconds(random() % 3000));
      }
      EXPECT_TRUE(simulation.client->Stop() || simulation.client->Wait());
      EXPECT_EQ(simulation.listener.ended, 1) << "connected: " << simulation.listener.connected;
    } else {
      EXPECT_NE(simulation.client->GetLastError(), SE_OK);
      EXPECT_EQ(simulation.listener.ended, 0) << "false is never followed by an event";
    }
    EXPECT_EQ(simulation.client->GetState(), SS_STOPPED);
    EXPECT_EQ(simulation.world.open_descriptors(), 0u);
    if (testing::Test::HasFailure()) return;
  }
}

// One scripted session, again and again, each time with the next fallible call failing.
// Spec: fault 9
TEST_P(TcpClientSimulatedTest, SurvivesTheFailureOfEveryFallibleCall) {
  for (const bool async : {false, true}) {
    uint64_t calls = UINT64_MAX;
    for (uint64_t n = 0; n <= calls; ++n) {
      SCOPED_TRACE("call " + std::to_string(n) + " fails, async " + std::to_string(async));
      Simulation simulation(GetParam(), FakeWorldOptions::Calm(7));
      ASSERT_EQ(simulation.peer.Listen(simulation.address), 0);
      if (n > 0) simulation.world.FailCall(n);
      errno = 0;
      const bool started = simulation.client->Start("127.0.0.1", 5555, async);
      const int error = errno;
      if (started) {
        const std::unique_ptr<FakePeer> accepted = simulation.peer.Accept(std::chrono::seconds(5));
        std::string arrived;
        if (accepted != nullptr) {
          simulation.world.RunUntil([&] { return simulation.client->GetState() != SS_STARTING; });
          Send(*simulation.client, "hello");
          arrived = accepted->Receive(5, std::chrono::seconds(5));
          accepted->Send("world");
          simulation.world.RunUntil(
              [&] {
                simulation.listener.FetchSome();
                return simulation.listener.received == "world";
              },
              std::chrono::seconds(5));
        }
        EXPECT_TRUE((arrived == "hello" && simulation.listener.received == "world") ||
                    simulation.listener.last_error != 0)
            << "lost without a word: " << simulation.world.faults().last_failure();
        EXPECT_TRUE(simulation.client->Stop() || simulation.client->Wait());
        EXPECT_EQ(simulation.listener.ended, 1);
      } else {
        EXPECT_NE(simulation.client->GetLastError(), SE_OK);
        EXPECT_EQ(simulation.listener.ended, 0);
        EXPECT_EQ(error, simulation.world.faults().last_error()) << simulation.world.faults().last_failure();
      }
      if (simulation.listener.last_error != 0 || EndsConnection(simulation.world.faults())) {
        EXPECT_EQ(simulation.listener.last_error, simulation.world.faults().last_error())
            << simulation.world.faults().last_failure();
      }
      EXPECT_EQ(simulation.client->GetState(), SS_STOPPED);
      EXPECT_EQ(simulation.world.open_descriptors(), 0u);
      if (n == 0) {
        ASSERT_EQ(simulation.listener.received, "world");
        calls = simulation.world.calls();
        ASSERT_GT(calls, 5u);
      }
      if (testing::Test::HasFailure()) return;
    }
  }
}

// The same with the next allocation failing: an error to whoever asked for memory, never an abort.
// Spec: fault 40
TEST_P(TcpClientSimulatedTest, SurvivesTheFailureOfEveryAllocation) {
  for (const bool async : {false, true}) {
    bool failed = true;
    for (int64_t n = 0; failed; ++n) {
      SCOPED_TRACE("allocation " + std::to_string(n) + " fails, async " + std::to_string(async));
      Simulation simulation(GetParam(), FakeWorldOptions::Calm(7));
      ASSERT_EQ(simulation.peer.Listen(simulation.address), 0);
      core::FailAllocationsForTest(n, 1);
      errno = 0;
      const bool started = simulation.client->Start("127.0.0.1", 5555, async);
      if (started) {
        simulation.world.RunUntil([&] { return simulation.client->GetState() != SS_STARTING; });
        errno = 0;
        const bool taken = Send(*simulation.client, std::string(5000, 'a'));
        EXPECT_TRUE(taken || errno != 0);
        const std::unique_ptr<FakePeer> accepted = simulation.peer.Accept(std::chrono::seconds(5));
        if (accepted != nullptr) accepted->Send(std::string(5000, 'b'));
        simulation.world.RunFor(std::chrono::seconds(1));
      } else {
        EXPECT_EQ(errno, ENOMEM);
        EXPECT_EQ(simulation.listener.ended, 0);
      }
      failed = core::AllocationsFailedForTest() != 0;
      core::FailAllocationsForTest(0, 0);
      EXPECT_TRUE(!started || simulation.client->Stop() || simulation.client->Wait());
      EXPECT_EQ(simulation.listener.ended, started ? 1 : 0);
      EXPECT_EQ(simulation.client->GetState(), SS_STOPPED);
      EXPECT_EQ(simulation.world.open_descriptors(), 0u);
      ASSERT_TRUE(n > 0 || failed) << "nothing was allocated";
      if (testing::Test::HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace hpsocket
