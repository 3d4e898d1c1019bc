// The agents in the simulated world: every seed is another order of events, other chunks, delays and
// faults, and replays. HPSOCKET_SEEDS says how many are run (default 25), HPSOCKET_SEED which one only.
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "hpsocket/core/io/fake_peer.h"
#include "hpsocket/core/io/fake_world.h"
#include "hpsocket/core/io/simulation_seeds.h"
#include "hpsocket/core/memory/allocation_fault.h"
#include "hpsocket/tcp_agent/tcp_agent.h"
#include "hpsocket/tcp_agent/tcp_pull_agent.h"

namespace hpsocket {
namespace {

using core::Address;
using core::FakePeer;
using core::FakeWorld;
using core::FakeWorldOptions;
using core::RandomBytes;
using core::SimulationSeeds;
using core::World;

// What the agent has told of one connection.
struct Life {
  int prepared = 0;
  bool connected = false;
  int ended = 0;
  int error = 0;  // of OnError
  size_t sent = 0;
  size_t unfetched = 0;
  std::string received;
};

// Holds every connection's events against what was promised.
class CheckingListener final : public CTcpAgentListener {
 public:
  using CTcpAgentListener::OnReceive;

  EnHandleResult OnPrepareConnect(CONNID id, SOCKET) override {
    EXPECT_FALSE(lives[id].connected);
    ++lives[id].prepared;
    return HR_OK;
  }
  EnHandleResult OnConnect(CONNID id) override {
    Life& life = lives[id];
    EXPECT_GT(life.prepared, 0);
    EXPECT_FALSE(life.connected) << "OnConnect came twice";
    EXPECT_EQ(life.ended, 0);
    life.connected = true;
    return HR_OK;
  }
  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    EXPECT_EQ(pull, nullptr) << "that is for PUSH";
    Alive(id).received.append(reinterpret_cast<const char*>(data), static_cast<size_t>(length));
    return HR_OK;
  }
  // Takes some of it; what is left is taken by whoever comes next.
  EnHandleResult OnReceive(CONNID id, int total) override {
    Life& life = Alive(id);
    EXPECT_GT(static_cast<size_t>(total), life.unfetched) << "nothing has come";
    life.unfetched = static_cast<size_t>(total);
    if (random() % 2 == 0) FetchSome(id, life);
    return HR_OK;
  }
  // Between events: of any connection.
  void FetchAnywhere() {
    for (auto& [id, life] : lives) {
      if (life.ended == 0 && life.unfetched != 0) FetchSome(id, life);
    }
  }
  EnHandleResult OnSend(CONNID id, const uint8_t*, int length) override {
    Alive(id).sent += static_cast<size_t>(length);
    return HR_OK;
  }
  EnHandleResult OnClose(CONNID id) override { return End(id, false); }
  EnHandleResult OnError(CONNID id, EnSocketOperation operation, int error) override {
    EXPECT_NE(error, 0);
    EXPECT_TRUE(lives[id].connected || operation == SO_CONNECT);
    lives[id].error = last_error = error;
    return End(id, error == ENOMEM);
  }
  EnHandleResult OnShutdown() override {
    ++shutdowns;
    EXPECT_EQ(agent->GetConnectionCount(), 0u);
    EXPECT_EQ(agent->GetState(), SS_STOPPING);
    return HR_OK;
  }

  ITcpAgent* agent = nullptr;
  IPullSocket* pull = nullptr;  // null: PUSH
  core::RandomSizes random{1};
  int shutdowns = 0;
  int last_error = 0;
  std::map<CONNID, Life> lives;

 private:
  Life& Alive(CONNID id) {
    Life& life = lives[id];
    EXPECT_TRUE(life.connected);
    EXPECT_EQ(life.ended, 0) << "an event after the last one";
    return life;
  }
  void FetchSome(CONNID id, Life& life) {
    std::string bytes(1 + random() % life.unfetched, '\0');
    if (random() % 2 == 0) bytes.resize(life.unfetched);
    EXPECT_EQ(pull->Fetch(id, reinterpret_cast<uint8_t*>(&bytes[0]), static_cast<int>(bytes.size())), FR_OK);
    life.unfetched -= bytes.size();
    life.received += bytes;
  }
  // `short_of_memory`: what had just come could not be kept.
  EnHandleResult End(CONNID id, bool short_of_memory) {
    Life& life = lives[id];
    ++life.ended;
    for (uint8_t byte = 0; pull != nullptr && pull->Fetch(id, &byte, 1) == FR_OK; --life.unfetched)
      life.received += static_cast<char>(byte);
    EXPECT_TRUE(life.unfetched == 0 || short_of_memory) << life.unfetched << " were there";
    return HR_OK;
  }
};

bool Send(ITcpAgent& agent, CONNID id, const std::string& bytes) {
  return agent.Send(id, reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int>(bytes.size()));
}

struct Simulation {
  Simulation(bool pull, const FakeWorldOptions& options, uint32_t workers = 2) : world(options), peer(world) {
    World::ReplaceForTest(&world);
    if (pull) {
      auto component = std::make_unique<CTcpPullAgent>(&listener);
      listener.pull = component.get();
      agent = std::move(component);
    } else {
      agent = std::make_unique<CTcpAgent>(&listener);
    }
    agent->SetWorkerThreadCount(workers);
    listener.agent = agent.get();
    listener.random.seed(options.seed);
    EXPECT_TRUE(Address::ParseLiteral("127.0.0.1", 5555, &address));
  }
  ~Simulation() {
    agent.reset();
    World::ReplaceForTest(nullptr);
  }

  // Keeps what Connect promises: its answer, and what that says of events.
  bool Connect(const char* remote, CONNID* id) {
    errno = 0;
    const bool connecting = agent->Connect(remote, 5555, id);
    connect_error = errno;
    if (!connecting) {
      EXPECT_NE(connect_error, 0);
      if (*id != 0) failed.insert(*id);
    } else {
      EXPECT_NE(*id, 0u);
      begun.insert(*id);
    }
    return connecting;
  }
  // Whether a message gets through in each direction.
  bool Exchanges(CONNID id) {
    const std::unique_ptr<FakePeer> accepted = peer.Accept(std::chrono::seconds(5));
    if (accepted == nullptr) return false;
    Life& life = listener.lives[id];
    world.RunUntil([&] { return life.connected || life.ended > 0; }, std::chrono::seconds(5));
    Send(*agent, id, "hello");
    const std::string arrived = accepted->Receive(5, std::chrono::seconds(5));
    accepted->Send("world");
    world.RunUntil(
        [&] {
          listener.FetchAnywhere();
          return life.received == "world";
        },
        std::chrono::seconds(5));
    return arrived == "hello" && life.received == "world";
  }
  // After Stop.
  void Judge() {
    for (const CONNID id : begun) EXPECT_EQ(listener.lives[id].ended, 1) << id;
    for (const CONNID id : failed) EXPECT_EQ(listener.lives[id].ended, 0) << "FALSE, and then an event";
    EXPECT_EQ(agent->GetState(), SS_STOPPED);
    EXPECT_EQ(world.open_descriptors(), 0u);
  }

  FakeWorld world;
  FakePeer peer;
  Address address;
  CheckingListener listener;
  std::unique_ptr<ITcpAgent> agent;
  int connect_error = 0;  // errno after the last Connect
  std::set<CONNID> begun;
  std::set<CONNID> failed;
};

// The parameter: PULL.
class TcpAgentSimulatedTest : public ::testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Simulated, TcpAgentSimulatedTest, ::testing::Bool(),
                         [](const auto& test) { return test.param ? "Pull" : "Push"; });

// Everything that was sent arrives, everything that comes is delivered, on every connection.
// Spec: fault 11
TEST_P(TcpAgentSimulatedTest, LosesNothingInARoughWorld) {
  constexpr size_t kConnections = 5;
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("HPSOCKET_SEED=" + std::to_string(seed));
    FakeWorldOptions options = FakeWorldOptions::Rough(seed);
    options.accept_peer_error = 0;
    Simulation simulation(GetParam(), options, 1 + static_cast<uint32_t>(seed % 3));
    core::RandomSizes random(seed);
    if (GetParam() && seed % 3 != 0) simulation.listener.pull->SetMaxPullLength(1 + random() % 5000);
    ASSERT_EQ(simulation.peer.Listen(simulation.address), 0);
    ASSERT_TRUE(simulation.agent->Start(nullptr, seed % 2 == 0));
    struct Pair {
      CONNID id = 0;
      std::unique_ptr<FakePeer> peer;
      std::string upward;
      std::string arrived;
      std::string downward;
      size_t next = 0;
    };
    std::vector<Pair> pairs(kConnections);
    for (Pair& pair : pairs) {
      ASSERT_TRUE(simulation.Connect("127.0.0.1", &pair.id));
      pair.peer = simulation.peer.Accept();
      ASSERT_NE(pair.peer, nullptr);
      ASSERT_TRUE(simulation.world.RunUntil([&] { return simulation.listener.lives[pair.id].connected; }));
      pair.downward = RandomBytes(random, 1 + random() % 30000);
    }
    const auto done = [&] {
      return std::all_of(pairs.begin(), pairs.end(), [&](const Pair& pair) {
        return pair.upward.size() >= 20000 && pair.arrived.size() == pair.upward.size() &&
               simulation.listener.lives[pair.id].received == pair.downward;
      });
    };
    for (int i = 0; i < 20000 && !done(); ++i) {
      Pair& pair = pairs[random() % kConnections];
      if (pair.upward.size() < 20000) {
        const std::string bytes = RandomBytes(random, 1 + random() % 4000);
        ASSERT_TRUE(Send(*simulation.agent, pair.id, bytes));
        pair.upward += bytes;
      }
      char buffer[5000];
      const int64_t got = pair.peer->TryReceive(buffer, 1 + random() % sizeof(buffer));
      if (got > 0) pair.arrived.append(buffer, static_cast<size_t>(got));
      if (pair.next < pair.downward.size()) {
        const size_t length = std::min<size_t>(pair.downward.size() - pair.next, 1 + random() % 4000);
        const int64_t taken = pair.peer->TrySend(pair.downward.data() + pair.next, length);
        if (taken > 0) pair.next += static_cast<size_t>(taken);
      }
      if (random() % 3 == 0) simulation.listener.FetchAnywhere();
      simulation.world.RunFor(std::chrono::microseconds(random() % 2000));
    }
    for (Pair& pair : pairs) {
      EXPECT_EQ(pair.arrived, pair.upward);
      EXPECT_EQ(simulation.listener.lives[pair.id].received, pair.downward);
      pair.peer->Close();
    }
    EXPECT_TRUE(simulation.world.RunUntil([&] { return simulation.agent->GetConnectionCount() == 0; }));
    for (const Pair& pair : pairs) EXPECT_EQ(simulation.listener.lives[pair.id].sent, pair.upward.size());
    EXPECT_TRUE(simulation.agent->Stop());
    simulation.Judge();
    EXPECT_EQ(simulation.listener.shutdowns, 1);
    if (testing::Test::HasFailure()) return;
  }
}

// Connects of every kind, sends, closes, and a stop at any moment in a world where anything breaks.
// Spec: input 13, fault 13, fault 18
TEST_P(TcpAgentSimulatedTest, KeepsItsPromisesInAHostileWorld) {
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("HPSOCKET_SEED=" + std::to_string(seed));
    Simulation simulation(GetParam(), FakeWorldOptions::Hostile(seed), 1 + static_cast<uint32_t>(seed % 3));
    core::RandomSizes random(seed);
    if (seed % 5 != 0) simulation.peer.Listen(simulation.address);
    simulation.world.fake_network().AddName("slow", {"127.0.0.2", "127.0.0.1"}, std::chrono::milliseconds(3));
    simulation.agent->SetSyncConnectTimeout(50);
    if (GetParam() && seed % 2 == 0) simulation.listener.pull->SetMaxPullLength(1 + random() % 4000);
    const bool started =
        simulation.agent->Start(random() % 2 == 0 ? nullptr : "127.0.0.1", random() % 2 == 0);
    if (started) {
      std::vector<CONNID> ids;
      std::vector<std::unique_ptr<FakePeer>> peers;
      const int rounds = static_cast<int>(random() % 60);
      for (int i = 0; i < rounds; ++i) {
        if (random() % 3 == 0) {
          const char* const names[] = {"127.0.0.1", "slow", "localhost", "nobody"};
          CONNID id = 0;
          if (simulation.Connect(names[random() % 4], &id)) ids.push_back(id);
        }
        if (simulation.peer.open()) {
          if (std::unique_ptr<FakePeer> taken = simulation.peer.TryAccept())
            peers.push_back(std::move(taken));
        }
        if (!ids.empty()) {
          const CONNID id = ids[random() % ids.size()];
          Send(*simulation.agent, id, RandomBytes(random, 1 + random() % 3000));
          if (random() % 8 == 0) simulation.agent->Disconnect(id, random() % 2 == 0);
        }
        for (const auto& peer : peers) {
          if (!peer->open()) continue;
          char buffer[1000] = {};
          peer->TryReceive(buffer, sizeof(buffer));
          peer->TrySend(buffer, sizeof(buffer));
          if (random() % 40 == 0) peer->Reset();
        }
        simulation.world.RunFor(std::chrono::microseconds(random() % 3000));
        if (random() % 4 == 0) simulation.listener.FetchAnywhere();
      }
      EXPECT_TRUE(simulation.agent->Stop());
    } else {
      EXPECT_NE(simulation.agent->GetLastError(), SE_OK);
    }
    EXPECT_EQ(simulation.listener.shutdowns, 1) << "also when it could not start";
    simulation.Judge();
    if (testing::Test::HasFailure()) return;
  }
}

// One scripted session, again and again, each time with the next fallible call failing.
// Spec: fault 9
TEST_P(TcpAgentSimulatedTest, SurvivesTheFailureOfEveryFallibleCall) {
  for (const bool async : {false, true}) {
    uint64_t calls = UINT64_MAX;
    for (uint64_t n = 0; n <= calls; ++n) {
      SCOPED_TRACE("call " + std::to_string(n) + " fails, async " + std::to_string(async));
      Simulation simulation(GetParam(), FakeWorldOptions::Calm(7));
      ASSERT_EQ(simulation.peer.Listen(simulation.address), 0);
      // One address: of several only the last one's error is told.
      simulation.world.fake_network().AddName("somewhere", {"127.0.0.1"}, std::chrono::milliseconds(1));
      if (n > 0) simulation.world.FailCall(n);
      core::FakeFaults& faults = simulation.world.faults();
      errno = 0;
      const bool started = simulation.agent->Start("127.0.0.1", async);
      const int error = errno;
      if (started) {
        for (const char* const name : {"127.0.0.1", "somewhere"}) {
          CONNID id = 0;
          if (!simulation.Connect(name, &id)) {
            EXPECT_EQ(simulation.connect_error, faults.last_error()) << faults.last_failure();
            continue;
          }
          if (!simulation.Exchanges(id)) {
            ASSERT_NE(n, 0u);
            EXPECT_EQ(simulation.listener.lives[id].error, faults.last_error())
                << "lost without a word: " << faults.last_failure();
          }
        }
        EXPECT_TRUE(simulation.agent->Stop());
      } else {
        EXPECT_NE(simulation.agent->GetLastError(), SE_OK);
        EXPECT_EQ(error, faults.last_error()) << faults.last_failure();
      }
      if (simulation.listener.last_error != 0) {
        EXPECT_EQ(simulation.listener.last_error, faults.last_error()) << faults.last_failure();
      }
      EXPECT_EQ(simulation.listener.shutdowns, 1);
      simulation.Judge();
      if (n == 0) {
        EXPECT_EQ(simulation.begun.size(), 2u);
        calls = simulation.world.calls();
        ASSERT_GT(calls, 10u);
      }
      if (testing::Test::HasFailure()) return;
    }
  }
}

// The same with the next allocation failing: an error to whoever asked for memory, never an abort.
// Spec: fault 40
TEST_P(TcpAgentSimulatedTest, SurvivesTheFailureOfEveryAllocation) {
  for (const bool async : {false, true}) {
    bool failed = true;
    for (int64_t n = 0; failed; ++n) {
      SCOPED_TRACE("allocation " + std::to_string(n) + " fails, async " + std::to_string(async));
      Simulation simulation(GetParam(), FakeWorldOptions::Calm(7));
      ASSERT_EQ(simulation.peer.Listen(simulation.address), 0);
      core::FailAllocationsForTest(n, 1);
      const bool started = simulation.agent->Start(nullptr, async);
      if (started) {
        for (const char* const name : {"127.0.0.1", "localhost"}) {
          CONNID id = 0;
          if (!simulation.Connect(name, &id)) {
            EXPECT_EQ(simulation.connect_error, ENOMEM);
            continue;
          }
          const Life& life = simulation.listener.lives[id];
          simulation.world.RunUntil([&] { return life.connected || life.ended > 0; },
                                    std::chrono::seconds(5));
          errno = 0;
          EXPECT_TRUE(Send(*simulation.agent, id, std::string(5000, 'a')) || errno != 0);
          if (const std::unique_ptr<FakePeer> accepted = simulation.peer.TryAccept())
            accepted->Send(std::string(5000, 'b'));
          simulation.world.RunFor(std::chrono::seconds(1));
          simulation.listener.FetchAnywhere();
        }
      } else {
        EXPECT_NE(simulation.agent->GetLastError(), SE_OK);
      }
      failed = core::AllocationsFailedForTest() != 0;
      core::FailAllocationsForTest(0, 0);
      EXPECT_TRUE(!started || simulation.agent->Stop());
      simulation.Judge();
      ASSERT_TRUE(n > 0 || failed) << "nothing was allocated";
      if (testing::Test::HasFailure()) return;
    }
  }
}

// A name that takes its time to resolve cannot keep Stop waiting: the call comes back when the answer does,
// and touches nothing. (An asynchronous one resolves on a thread that a simulated world does not have:
// resolving_test.cc.)
// Spec: decisions 2.5, decisions 5.13
TEST_P(TcpAgentSimulatedTest, StopsWhileANameIsBeingResolved) {
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("HPSOCKET_SEED=" + std::to_string(seed));
    Simulation simulation(GetParam(), FakeWorldOptions::Calm(seed));
    FakeWorld& world = simulation.world;
    ASSERT_EQ(simulation.peer.Listen(simulation.address), 0);
    world.fake_network().AddName("slow", {"127.0.0.1"}, std::chrono::seconds(60));
    ASSERT_TRUE(simulation.agent->Start(nullptr, false));
    CONNID id = 4711;
    bool returned = false;
    int error = 0;
    bool connected = true;
    const core::TimePoint begin = world.clock().Now();
    const std::unique_ptr<core::RunningThread> caller = world.driver().StartThread(
        [&] {
          connected = simulation.agent->Connect("slow", 5555, &id);
          error = errno;
          returned = true;
        },
        "caller");
    world.RunFor(std::chrono::seconds(1));
    EXPECT_FALSE(returned);
    EXPECT_TRUE(simulation.agent->Stop());
    EXPECT_LT(world.clock().Now() - begin, std::chrono::seconds(30)) << "it waited for the name";
    EXPECT_EQ(simulation.listener.shutdowns, 1);
    simulation.agent.reset();  // the resolution outlives the agent
    caller->Join();
    EXPECT_FALSE(connected);
    EXPECT_EQ(error, ECANCELED);
    EXPECT_EQ(id, 0u);
    EXPECT_EQ(simulation.listener.shutdowns, 1);
    EXPECT_TRUE(simulation.listener.lives.empty());
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace hpsocket
