// The servers in the simulated world: every seed is another order of events, other chunks, delays and
// faults, and replays. HPSOCKET_SEEDS says how many are run (default 25), HPSOCKET_SEED which one only.
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "hpsocket/core/io/fake_peer.h"
#include "hpsocket/core/io/fake_world.h"
#include "hpsocket/core/io/simulation_seeds.h"
#include "hpsocket/core/memory/allocation_fault.h"
#include "hpsocket/tcp_server/tcp_pull_server.h"
#include "hpsocket/tcp_server/tcp_server.h"

namespace hpsocket {
namespace {

using core::Address;
using core::FakePeer;
using core::FakeWorld;
using core::FakeWorldOptions;
using core::RandomBytes;
using core::SimulationSeeds;
using core::World;

// Echoes, and holds every connection's events against what was promised.
class CheckingListener final : public CTcpServerListener {
 public:
  using CTcpServerListener::OnReceive;

  EnHandleResult OnAccept(CONNID id, SOCKET) override {
    EXPECT_EQ(life_.count(id), 0u) << "an ID came twice";
    life_[id] = Life();
    return HR_OK;
  }
  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    Life& life = Alive(id);
    EXPECT_EQ(pull, nullptr) << "that is for PUSH";
    return Echo(id, life, data, length);
  }
  EnHandleResult OnReceive(CONNID id, int total) override {
    Life& life = Alive(id);
    EXPECT_GT(static_cast<size_t>(total), life.unfetched) << "nothing has come";
    life.unfetched = static_cast<size_t>(total);
    while (life.unfetched != 0 && !takes_nothing && (!leaves || random() % 4 != 0)) {
      if (FetchSome(id, random() % 2 == 0) == HR_ERROR) return HR_ERROR;
    }
    return HR_OK;
  }
  EnHandleResult OnSend(CONNID id, const uint8_t*, int length) override {
    Life& life = Alive(id);
    life.sent += static_cast<size_t>(length);
    EXPECT_LE(life.sent, life.accepted + (1u << 16)) << "more was reported than accepted";
    return HR_OK;
  }
  // Sends some of what is unfetched back, `lent`, or fetched before.
  EnHandleResult FetchSome(CONNID id, bool lent) {
    Life& life = Alive(id);
    const uint8_t* data = nullptr;
    int length = 0;
    std::string bytes(1 + random() % life.unfetched, '\0');
    if (lent) {
      EXPECT_EQ(pull->PeekSpan(id, &data, &length), FR_OK);
      EXPECT_LE(static_cast<size_t>(length), life.unfetched);
      bytes.resize(static_cast<size_t>(length));
      if (Echo(id, life, data, length) == HR_ERROR) return HR_ERROR;
    }
    uint8_t* const to = reinterpret_cast<uint8_t*>(&bytes[0]);
    length = static_cast<int>(bytes.size());
    EXPECT_EQ(pull->Fetch(id, to, length), FR_OK);
    life.unfetched -= bytes.size();
    return lent ? HR_OK : Echo(id, life, to, length);
  }
  // Between events: of any connection.
  void FetchAnywhere() {
    for (auto& [id, life] : life_) {
      if (!life.ended && life.unfetched != 0) FetchSome(id, false);
    }
  }
  EnHandleResult OnClose(CONNID id) override { return End(id); }
  EnHandleResult OnError(CONNID id, EnSocketOperation operation, int error) override {
    EXPECT_NE(error, 0);
    last_operation = operation;
    last_error = error;
    return End(id, error == ENOMEM);
  }
  EnHandleResult OnShutdown() override {
    ++shutdowns;
    EXPECT_EQ(server->GetConnectionCount(), 0u);
    EXPECT_EQ(server->GetState(), SS_STOPPING);
    return HR_OK;
  }

  size_t accepted() const { return life_.size(); }
  size_t alive() const {
    size_t count = 0;
    for (const auto& [id, life] : life_) count += life.ended ? 0u : 1u;
    return count;
  }

  ITcpServer* server = nullptr;
  IPullSocket* pull = nullptr;  // null: PUSH
  bool leaves = false;          // PULL: some of what comes, for later
  bool takes_nothing = false;   // PULL: it stays until the last event
  std::string last_words;       // what the last event fetched
  core::RandomSizes random{1};
  int shutdowns = 0;
  EnSocketOperation last_operation = SO_UNKNOWN;
  int last_error = 0;

 private:
  struct Life {
    size_t accepted = 0;
    size_t unfetched = 0;
    size_t sent = 0;
    bool ended = false;
  };

  Life& Alive(CONNID id) {
    EXPECT_EQ(life_.count(id), 1u) << "an event before OnAccept";
    EXPECT_FALSE(life_[id].ended) << "an event after the last one";
    return life_[id];
  }
  EnHandleResult Echo(CONNID id, Life& life, const uint8_t* data, int length) {
    if (!server->Send(id, data, length)) return HR_ERROR;
    life.accepted += static_cast<size_t>(length);
    return HR_OK;
  }
  // `short_of_memory`: what had just come could not be kept.
  EnHandleResult End(CONNID id, bool short_of_memory = false) {
    Life& life = Alive(id);
    life.ended = true;
    for (uint8_t byte = 0; pull != nullptr && pull->Fetch(id, &byte, 1) == FR_OK; --life.unfetched)
      last_words += static_cast<char>(byte);
    EXPECT_TRUE(life.unfetched == 0 || short_of_memory) << life.unfetched << " were there";
    return HR_OK;
  }

  std::map<CONNID, Life> life_;
};

// A world with a server in it. The world goes last.
struct Simulation {
  Simulation(bool pull, const FakeWorldOptions& options, uint32_t workers) : world(options) {
    World::ReplaceForTest(&world);
    if (pull) {
      auto component = std::make_unique<CTcpPullServer>(&listener);
      listener.pull = component.get();
      server = std::move(component);
    } else {
      server = std::make_unique<CTcpServer>(&listener);
    }
    listener.server = server.get();
    listener.random.seed(options.seed);
    server->SetWorkerThreadCount(workers);
  }
  ~Simulation() {
    server.reset();
    World::ReplaceForTest(nullptr);
  }

  bool Start() {
    if (!server->Start("127.0.0.1", 5555)) return false;
    return Address::ParseLiteral("127.0.0.1", 5555, &address);
  }

  FakeWorld world;
  CheckingListener listener;
  std::unique_ptr<ITcpServer> server;
  Address address;
};

// What the last failure was is for the listener to know.
bool EndsConnection(const core::FakeFaults& faults) {
  return faults.failures() != 0 &&
         (faults.last_call() == core::FakeCall::kReceive || faults.last_call() == core::FakeCall::kSend);
}

// The parameter: PULL.
class TcpServerSimulatedTest : public ::testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Simulated, TcpServerSimulatedTest, ::testing::Bool(),
                         [](const auto& test) { return test.param ? "Pull" : "Push"; });

// What a correct program must not notice: everybody gets back exactly what he sent, and then the end.
// Spec: fault 11
TEST_P(TcpServerSimulatedTest, EchoesEveryByteInARoughWorld) {
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("HPSOCKET_SEED=" + std::to_string(seed));
    Simulation simulation(GetParam(), FakeWorldOptions::Rough(seed), 1 + static_cast<uint32_t>(seed % 4));
    ASSERT_TRUE(simulation.Start()) << simulation.server->GetLastErrorDetail();
    core::RandomSizes random(seed);
    struct Client {
      explicit Client(FakeWorld& world) : peer(world) {}
      FakePeer peer;
      std::string sent;
      std::string received;
      size_t next = 0;
      bool ended = false;
      bool aborted = false;  // by the world, before the server saw it (ECONNABORTED)
    };
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 6; ++i) {
      auto client = std::make_unique<Client>(simulation.world);
      if (client->peer.Connect(simulation.address) != 0) continue;  // ECONNABORTED is part of the world
      client->sent = RandomBytes(random, 1 + random() % 60000);
      clients.push_back(std::move(client));
    }
    const auto step = [&] {
      bool none_left = true;
      for (const std::unique_ptr<Client>& client : clients) {
        char buffer[4096];
        if (client->next < client->sent.size()) {
          const size_t length = std::min<size_t>(client->sent.size() - client->next, 1 + random() % 3000);
          const int64_t taken = client->peer.TrySend(client->sent.data() + client->next, length);
          if (taken > 0) client->next += static_cast<size_t>(taken);
          if (client->next == client->sent.size()) client->peer.ShutdownWrite();
        }
        const int64_t got = client->peer.TryReceive(buffer, 1 + random() % sizeof(buffer));
        if (got > 0) client->received.append(buffer, static_cast<size_t>(got));
        if (got == 0) client->ended = true;
        if (got < 0 && got != -EAGAIN) client->ended = client->aborted = true;
        none_left = none_left && client->ended;
      }
      return none_left;
    };
    bool all_ended = false;
    for (int i = 0; i < 20000 && !all_ended; ++i) {
      simulation.world.RunFor(std::chrono::microseconds(50 + random() % 2000));
      all_ended = step();
    }
    EXPECT_TRUE(all_ended);
    size_t served = 0;
    for (const std::unique_ptr<Client>& client : clients) {
      EXPECT_EQ(client->received, client->aborted ? "" : client->sent);
      served += client->aborted ? 0u : 1u;
    }
    EXPECT_EQ(simulation.listener.accepted(), served);
    EXPECT_TRUE(simulation.server->Stop());
    EXPECT_EQ(simulation.listener.shutdowns, 1);
    EXPECT_EQ(simulation.listener.alive(), 0u);
    EXPECT_EQ(simulation.world.open_descriptors(), 0u);
    if (testing::Test::HasFailure()) return;
  }
}

// Connections break, calls fail, peers vanish, and Stop comes at any moment: events stay in order,
// nothing hangs, nothing is left.
// Spec: input 13
TEST_P(TcpServerSimulatedTest, KeepsItsPromisesInAHostileWorld) {
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("HPSOCKET_SEED=" + std::to_string(seed));
    Simulation simulation(GetParam(), FakeWorldOptions::Hostile(seed), 1 + static_cast<uint32_t>(seed % 4));
    core::RandomSizes random(seed);
    simulation.listener.leaves = seed % 3 != 0;
    if (GetParam() && seed % 2 == 0) simulation.listener.pull->SetMaxPullLength(1 + random() % 4000);
    if (simulation.Start()) {
      std::vector<std::unique_ptr<FakePeer>> peers;
      for (int i = 0; i < 8; ++i) {
        peers.push_back(std::make_unique<FakePeer>(simulation.world));
        peers.back()->StartConnect(simulation.address);
      }
      const int rounds = static_cast<int>(random() % 200);
      for (int i = 0; i < rounds; ++i) {
        FakePeer& peer = *peers[random() % peers.size()];
        const std::string bytes = RandomBytes(random, 1 + random() % 5000);
        char buffer[2000];
        if (!peer.open()) {
          peer.StartConnect(simulation.address);
          continue;
        }
        switch (random() % 8) {
          case 0:
            peer.ShutdownWrite();
            break;
          case 1:
            peer.Reset();
            break;
          default:
            peer.TrySend(bytes.data(), bytes.size());
            peer.TryReceive(buffer, sizeof(buffer));
        }
        simulation.world.RunFor(std::chrono::microseconds(random() % 3000));
        if (random() % 4 == 0) simulation.listener.FetchAnywhere();
      }
      EXPECT_TRUE(simulation.server->Stop());
      EXPECT_EQ(simulation.listener.alive(), 0u);
      EXPECT_EQ(simulation.world.open_descriptors(), 0u);
    } else {
      EXPECT_NE(simulation.server->GetLastError(), SE_OK);
      EXPECT_EQ(simulation.world.open_descriptors(), 0u);
    }
    EXPECT_EQ(simulation.server->GetState(), SS_STOPPED);
    EXPECT_EQ(simulation.listener.shutdowns, 1);
    if (testing::Test::HasFailure()) return;
  }
}

// One scripted session, again and again, each time with the next fallible call failing: what is lost is
// told, to the listener or by the figures.
// Spec: fault 9, decisions 8.2/4
TEST_P(TcpServerSimulatedTest, SurvivesTheFailureOfEveryFallibleCall) {
  uint64_t calls = UINT64_MAX;
  for (uint64_t n = 0; n <= calls; ++n) {
    SCOPED_TRACE("call " + std::to_string(n) + " fails");
    Simulation simulation(GetParam(), FakeWorldOptions::Calm(7), 2);
    if (n > 0) simulation.world.FailCall(n);
    errno = 0;
    const bool started = simulation.Start();
    const int error = errno;
    FakePeer peer(simulation.world);
    if (started) {
      ASSERT_EQ(peer.Connect(simulation.address), 0) << "the kernel's queue takes it";
      peer.Send("hello");
      const std::string echo = peer.Receive(5, std::chrono::seconds(5));
      peer.ShutdownWrite();
      peer.AwaitEnd(std::chrono::seconds(30));
      HP_Stats stats;
      EXPECT_TRUE(simulation.server->GetStats(stats));
      EXPECT_TRUE(echo == "hello" || simulation.listener.last_error != 0 ||
                  stats.accept_errors + stats.failed_connections >= 1)
          << "lost without a word: " << simulation.world.faults().last_failure();
      EXPECT_TRUE(n > 0 || echo == "hello");
      EXPECT_TRUE(simulation.server->Stop());
    } else {
      EXPECT_NE(simulation.server->GetLastError(), SE_OK);
      EXPECT_STRNE(simulation.server->GetLastErrorDetail(), "");
      EXPECT_EQ(error, simulation.world.faults().last_error()) << simulation.world.faults().last_failure();
    }
    if (simulation.listener.last_error != 0 || EndsConnection(simulation.world.faults())) {
      EXPECT_EQ(simulation.listener.last_error, simulation.world.faults().last_error())
          << simulation.world.faults().last_failure();
    }
    EXPECT_EQ(simulation.server->GetState(), SS_STOPPED);
    EXPECT_EQ(simulation.listener.shutdowns, 1);
    EXPECT_EQ(simulation.listener.alive(), 0u);
    EXPECT_EQ(simulation.world.open_descriptors(), 0u);
    if (n == 0) {
      ASSERT_TRUE(started);
      ASSERT_EQ(simulation.listener.accepted(), 1u);
      calls = simulation.world.calls();
      ASSERT_GT(calls, 10u);
    }
    if (testing::Test::HasFailure()) return;
  }
}

// The same with the next allocation failing: an error to whoever asked for memory, never an abort.
// Spec: fault 40
TEST_P(TcpServerSimulatedTest, SurvivesTheFailureOfEveryAllocation) {
  bool failed = true;
  for (int64_t n = 0; failed; ++n) {
    SCOPED_TRACE("allocation " + std::to_string(n) + " fails");
    Simulation simulation(GetParam(), FakeWorldOptions::Calm(7), 2);
    simulation.listener.leaves = true;
    core::FailAllocationsForTest(n, 1);
    const bool started = simulation.Start();
    FakePeer peer(simulation.world);
    if (started && peer.Connect(simulation.address) == 0) {
      const std::string bytes(20000, 'a');
      peer.Send(bytes, std::chrono::seconds(5));
      peer.Receive(bytes.size(), std::chrono::seconds(5));
      simulation.listener.FetchAnywhere();
      peer.ShutdownWrite();
      peer.AwaitEnd(std::chrono::seconds(30));
    }
    failed = core::AllocationsFailedForTest() != 0;
    core::FailAllocationsForTest(0, 0);
    EXPECT_EQ(simulation.server->Stop(), started);
    EXPECT_EQ(simulation.server->GetState(), SS_STOPPED);
    EXPECT_EQ(simulation.listener.alive(), 0u);
    EXPECT_EQ(simulation.world.open_descriptors(), 0u);
    ASSERT_TRUE(n > 0 || failed) << "nothing was allocated";
    if (testing::Test::HasFailure()) return;
  }
}

// A PULL server that reads no faster than somebody else, who is not in its events, fetches.
// Spec: fault 5, decisions 4.3
TEST(TcpPullServerSimulatedTest, LosesNothingThoughItStopsReadingAgainAndAgain) {
  for (const uint64_t seed : SimulationSeeds()) {
    SCOPED_TRACE("HPSOCKET_SEED=" + std::to_string(seed));
    FakeWorldOptions options = FakeWorldOptions::Rough(seed);
    options.accept_peer_error = 0;
    Simulation simulation(true, options, 1 + static_cast<uint32_t>(seed % 4));
    core::RandomSizes random(seed);
    const uint64_t limit = 1 + random() % 5000;
    simulation.listener.pull->SetMaxPullLength(limit);
    ASSERT_TRUE(simulation.Start()) << simulation.server->GetLastErrorDetail();
    FakePeer peer(simulation.world);
    ASSERT_EQ(peer.Connect(simulation.address), 0);
    const std::string sent = RandomBytes(random, 1 + random() % 60000);
    std::string received;
    size_t next = 0;
    simulation.listener.leaves = true;
    for (int i = 0; i < 20000 && received.size() < sent.size(); ++i) {
      if (next < sent.size()) {
        const int64_t taken = peer.TrySend(sent.data() + next, std::min<size_t>(sent.size() - next, 3000));
        if (taken > 0) next += static_cast<size_t>(taken);
        // The end waits behind what has not been fetched yet.
        if (next == sent.size()) peer.ShutdownWrite();
      }
      char buffer[4096];
      const int64_t got = peer.TryReceive(buffer, sizeof(buffer));
      if (got > 0) received.append(buffer, static_cast<size_t>(got));
      if (got == 0 || (got < 0 && got != -EAGAIN)) break;
      if (random() % 3 == 0) simulation.listener.FetchAnywhere();
      simulation.world.RunFor(std::chrono::microseconds(50 + random() % 2000));
    }
    // Everything came back, but for what OnClose found unfetched when the end was there.
    EXPECT_EQ(received + simulation.listener.last_words, sent);
    EXPECT_LT(simulation.listener.last_words.size(), limit + 1);
    EXPECT_TRUE(simulation.server->Stop());
    EXPECT_EQ(simulation.listener.alive(), 0u);
    EXPECT_EQ(simulation.world.open_descriptors(), 0u);
    if (testing::Test::HasFailure()) return;
  }
}

// Spec: fault 40, decisions 4.1
TEST(TcpPullServerSimulatedTest, ReportsThatItCannotKeepWhatIsNotFetched) {
  Simulation simulation(true, FakeWorldOptions::Calm(7), 1);
  simulation.listener.takes_nothing = true;
  ASSERT_TRUE(simulation.Start());
  FakePeer peer(simulation.world);
  ASSERT_EQ(peer.Connect(simulation.address), 0);
  ASSERT_TRUE(peer.Send("kept"));
  simulation.world.RunFor(std::chrono::milliseconds(100));
  core::FailAllocationsForTest(0, 1);
  ASSERT_TRUE(peer.Send(std::string(5000, 'x')));
  peer.AwaitEnd(std::chrono::seconds(30));
  EXPECT_EQ(core::AllocationsFailedForTest(), 1);
  core::FailAllocationsForTest(0, 0);
  EXPECT_EQ(simulation.listener.last_operation, SO_RECEIVE);
  EXPECT_EQ(simulation.listener.last_error, ENOMEM);
  EXPECT_EQ(simulation.listener.last_words.substr(0, 4), "kept") << "what came before is still there";
  EXPECT_EQ(simulation.listener.alive(), 0u);
  EXPECT_TRUE(simulation.server->Stop());
}

}  // namespace
}  // namespace hpsocket
