// Conformance: what happens when descriptors run out, when more peers come than the backlog holds, and
// when a callback blocks.
#include <atomic>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <memory>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/api/library.h"
#include "hpsocket/core/base/clock.h"
#include "hpsocket/testing/conformance/client_fixture.h"
#include "hpsocket/testing/conformance/server_fixture.h"
#include "hpsocket/testing/harness/deadline.h"
#include "hpsocket/testing/harness/descriptor_shortage.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"
#include "hpsocket/testing/harness/process_probe.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::conformance {
namespace {

using harness::Deadline;
using harness::DescriptorShortage;
using harness::Environment;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;
using harness::NeedsKernel;
using harness::Peer;
using harness::PeerListener;
using harness::RunUntil;

HP_Stats StatsOf(ServerUnderTest& server) {
  HP_Stats stats;
  EXPECT_TRUE(server->GetStats(stats));
  return stats;
}

// How often a listening socket of this network has turned somebody away because its queue was full.
uint64_t ListenOverflows() {
  std::ifstream file("/proc/net/netstat");
  std::string names;
  std::string values;
  while (std::getline(file, names) && std::getline(file, values)) {
    std::istringstream name_words(names);
    std::istringstream value_words(values);
    std::string name;
    std::string value;
    while (name_words >> name && value_words >> value) {
      if (name == "ListenOverflows") return std::stoull(value);
    }
  }
  return 0;
}

// Everything that the library has said since the first of these was made. It says a thing once per
// process, so what it has said before counts as well.
class Said {
 public:
  Said() { HP_SetLogHandler(&Said::Hear, nullptr); }
  ~Said() { HP_SetLogHandler(nullptr, nullptr); }

  static bool Anything(const std::string& word) {
    std::lock_guard<std::mutex> lock(mutex());
    for (const std::string& line : lines()) {
      if (line.find(word) != std::string::npos) return true;
    }
    return false;
  }

 private:
  static std::mutex& mutex() {
    static std::mutex& one = *new std::mutex;
    return one;
  }
  static std::vector<std::string>& lines() {
    static std::vector<std::string>& all = *new std::vector<std::string>;
    return all;
  }
  static void Hear(int, const char* message, void*) {
    std::lock_guard<std::mutex> lock(mutex());
    lines().push_back(message);
  }
};

class TcpServerExhaustion : public ServerTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpServerExhaustion);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpServerExhaustion, ::testing::ValuesIn(harness::TcpServers()),
                         ServerName);

class TcpClientExhaustion : public ClientTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientExhaustion);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientExhaustion, ::testing::ValuesIn(harness::TcpClients()),
                         ClientName);

// Accepting fails for as long as there is no descriptor, is tried again in growing intervals, and goes
// on by itself; whoever is connected is served meanwhile, and whoever waited is served afterwards.
// Spec: fault 8
TEST_P(TcpServerExhaustion, OutlivesAShortageOfDescriptors) {
  if (NeedsKernel("takes the process's descriptors")) return;
  constexpr uint64_t kErrors = 5;
  DescriptorShortage shortage;
  ServerUnderTest& server = EchoServer();
  const Link before = server.Connect();
  shortage.Begin(1);
  const core::TimePoint begin = core::Clock::System().Now();
  // It takes the last descriptor; there is none for the server's end.
  const std::unique_ptr<Peer> waiting = Environment::Current().Connect("127.0.0.1", server.port(), {});
  ASSERT_NE(waiting, nullptr);
  ASSERT_TRUE(RunUntil([&] { return StatsOf(server).accept_errors >= kErrors; })) << "it gave up";
  const int64_t errors = static_cast<int64_t>(StatsOf(server).accept_errors);
  const int64_t took_ms = core::ToMillis(core::Clock::System().Now() - begin);
  EXPECT_LE(errors, took_ms / 10 + 2) << "it spins: it is to wait 10 ms, 20 ms, 40 ms ...";
  EXPECT_TRUE(server.Echoes(before, "served all the while"));
  EXPECT_EQ(server->GetState(), SS_STARTED);
  shortage.End();
  EXPECT_TRUE(waiting->Send("waited"));
  EXPECT_EQ(waiting->Receive(6), "waited");
  const Link after = server.Connect();
  EXPECT_TRUE(server.Echoes(after, "afterwards"));
  EXPECT_EQ(server.events().log().CountEnds(), 0u);
}

// Spec: fault 8, fault 9, decisions 2.6
TEST_P(TcpServerExhaustion, SaysWhichDescriptorsItLacksToStart) {
  if (NeedsKernel("takes the process's descriptors")) return;
  {
    ServerUnderTest& warm = StartedServer();  // what is made once per process exists from here on
    EXPECT_TRUE(warm->Stop());
  }
  const std::set<int> before = harness::OpenDescriptors();
  std::set<EnSocketError> seen;
  bool started = false;
  for (int spare = 0; spare < 64 && !started; ++spare) {
    SCOPED_TRACE(std::to_string(spare) + " descriptors");
    ServerUnderTest& server = NewServer();
    int error = 0;
    {
      DescriptorShortage shortage;
      shortage.Begin(spare);
      errno = 0;
      started = server->Start("127.0.0.1", 0);
      error = errno;
    }
    if (!started) {
      EXPECT_EQ(error, EMFILE);
      EXPECT_TRUE(server->GetLastError() == SE_SOCKET_CREATE || server->GetLastError() == SE_CP_CREATE)
          << server->GetLastErrorDesc();
      EXPECT_EQ(server->GetState(), SS_STOPPED);
      EXPECT_EQ(server.events().log().Count(EventKind::kShutdown), 1u);
      seen.insert(server->GetLastError());
      EXPECT_EQ(harness::OpenDescriptors(), before);
      server.EchoBack();
      server.MustStart();  // the same one, a moment later
      EXPECT_TRUE(server.Echoes(server.Connect(), "now"));
    }
    EXPECT_TRUE(server->Stop());
    EXPECT_EQ(harness::OpenDescriptors(), before);
  }
  EXPECT_TRUE(started);
  EXPECT_EQ(seen, (std::set<EnSocketError>{SE_SOCKET_CREATE, SE_CP_CREATE}));
}

// Spec: fault 8, fault 9, fault 18, decisions 5.13
TEST_P(TcpClientExhaustion, SaysThatItLacksDescriptorsToConnect) {
  if (NeedsKernel("takes the process's descriptors")) return;
  PeerListener& listener = Listener();
  for (const bool async : {false, true}) {
    {
      ClientUnderTest& warm = NewClient();
      ASSERT_TRUE(warm.Start("localhost", listener.port(), async));
      ASSERT_TRUE(warm.events().WaitForCount(EventKind::kConnect, 1));
      const std::unique_ptr<Peer> peer = listener.Accept();
      EXPECT_TRUE(warm->Stop());
    }
    for (const char* const address : {"127.0.0.1", "localhost"}) {
      const std::set<int> before = harness::OpenDescriptors();
      bool connected = false;
      bool failed = false;
      for (int spare = 0; spare < 32 && !connected; ++spare) {
        SCOPED_TRACE(std::string(address) + (async ? ", asynchronous, " : ", ") + std::to_string(spare) +
                     " descriptors");
        ClientUnderTest& client = NewClient();
        DescriptorShortage shortage;
        shortage.Begin(spare);
        errno = 0;
        if (client.Start(address, listener.port(), async)) {
          ASSERT_TRUE(client.events().WaitFor(
              [](const EventLog& log) { return log.Count(EventKind::kConnect) + log.CountEnds() > 0; }));
          const EventLog log = client.events().log();
          connected = log.Count(EventKind::kConnect) == 1;
          if (const Event* const error = log.First(EventKind::kError)) {
            failed = true;
            EXPECT_TRUE(async) << "FALSE is the answer of a synchronous Start";
            EXPECT_EQ(error->operation, SO_CONNECT);
            // A name cannot be looked up without a descriptor either.
            EXPECT_TRUE(error->error == EMFILE || error->error == EADDRNOTAVAIL) << error->error;
          }
        } else {
          failed = true;
          const int error = errno;
          EXPECT_TRUE(error == EMFILE || error == EADDRNOTAVAIL) << error;
          EXPECT_TRUE(client->GetLastError() == SE_SOCKET_CREATE || client->GetLastError() == SE_CP_CREATE ||
                      client->GetLastError() == SE_CONNECT_SERVER)
              << client->GetLastErrorDesc();
          EXPECT_EQ(client.events().log().CountEnds(), 0u) << "FALSE is never followed by an event";
        }
        shortage.End();
        if (connected) {
          EXPECT_TRUE(client->Stop());
          EXPECT_NE(listener.Accept(), nullptr);
        } else {
          ASSERT_TRUE(client->Wait(harness::kPatienceMs));
          // A connection of which nobody was told may have come about and gone.
          while (listener.Accept(Deadline::In(std::chrono::milliseconds(0))) != nullptr) {
          }
          const std::unique_ptr<Peer> peer = client.Connect(listener);  // the same one, a moment later
          EXPECT_TRUE(client->Stop());
        }
        EXPECT_EQ(harness::OpenDescriptors(), before);
      }
      EXPECT_TRUE(connected);
      EXPECT_TRUE(failed);
    }
  }
}

// Connections go to the workers in turn, so one of the first is the accepting worker's own, whose OnAccept
// keeps it from accepting. More peers come than the backlog holds, and
// the kernel lets the rest try again. Afterwards everybody is served, once.
// Spec: fault 7, fault 13
TEST_P(TcpServerExhaustion, ServesEverybodyAfterALongOnAcceptAndAFullBacklog) {
  if (NeedsKernel("reads the kernel's count of full backlogs")) return;
  ServerUnderTest& server = NewServer();
  const size_t workers = server->GetWorkerThreadCount();
  const size_t count = workers + 24;
  server.tcp().SetSocketListenQueue(static_cast<uint32_t>(workers) + 4);
  Gate gate;
  server.events().Do(EventKind::kAccept, [&](const Event&) { EXPECT_TRUE(gate.Pass()); });
  server.EchoBack();
  server.MustStart();
  const uint16_t port = server.port();
  std::vector<std::unique_ptr<Peer>> blockers;
  for (size_t i = 0; i < workers; ++i)
    blockers.push_back(Environment::Current().Connect("127.0.0.1", port, {}));
  ASSERT_TRUE(
      server.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kAccept) >= 1; }));
  const uint64_t overflows = ListenOverflows();
  std::atomic<size_t> served{0};
  std::vector<harness::Thread> peers;
  for (size_t i = 0; i < count; ++i) {
    peers.emplace_back([&, i] {
      const std::unique_ptr<Peer> peer = Environment::Current().Connect("127.0.0.1", port, {});
      if (peer == nullptr) return;
      const std::string message = "peer " + std::to_string(i);
      if (peer->Send(message) && peer->Receive(message.size()) == message) ++served;
    });
  }
  EXPECT_TRUE(RunUntil([&] { return ListenOverflows() > overflows; })) << "the backlog was not full";
  gate.Open();
  for (harness::Thread& peer : peers) peer.Join();
  EXPECT_EQ(served.load(), count);
  EXPECT_TRUE(server.CountBecomes(static_cast<uint32_t>(workers)));
  EXPECT_EQ(server.events().log().Count(EventKind::kAccept), workers + count);
}

// Spec: fault 13, decisions 2.5
TEST_P(TcpServerExhaustion, StopsWithAFullBacklog) {
  ServerUnderTest& server = NewServer();
  const size_t workers = server->GetWorkerThreadCount();
  Gate gate;
  server.events().Do(EventKind::kAccept, [&](const Event&) { EXPECT_TRUE(gate.Pass()); });
  server.MustStart();
  const uint16_t port = server.port();
  std::vector<std::unique_ptr<Peer>> peers;
  for (size_t i = 0; i < workers; ++i) peers.push_back(Environment::Current().Connect("127.0.0.1", port, {}));
  ASSERT_TRUE(
      server.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kAccept) >= 1; }));
  for (int i = 0; i < 50; ++i) peers.push_back(Environment::Current().Connect("127.0.0.1", port, {}));
  harness::Thread stopper([&] { EXPECT_TRUE(server->Stop()); });
  ASSERT_TRUE(RunUntil([&] { return server->GetState() == SS_STOPPING; }));
  gate.Open();
  stopper.Join();
  EXPECT_EQ(server->GetState(), SS_STOPPED);
  for (const auto& peer : peers) {
    ASSERT_NE(peer, nullptr);
    EXPECT_NE(peer->AwaitEnd(), harness::StreamEnd::kOpen);
  }
  server.MustStart(port);
}

// Spec: fault 17, decisions 8.2/9
TEST_P(TcpServerExhaustion, ReportsASlowCallback) {
  if (NeedsKernel("the time that a callback takes is real")) return;
  const Said said;
  ServerUnderTest& server = NewServer();
  server->SetSlowCallbackTime(5);
  server.events().DoOnce(EventKind::kReceive, [](const Event&) {
    const Deadline slow = Deadline::In(std::chrono::milliseconds(20));
    RunUntil([&] { return slow.passed(); }, slow);
  });
  server.MustStart();
  const Link link = server.Connect();
  ASSERT_TRUE(link->Send("x"));
  // Others may be slow, too, and earlier.
  EXPECT_TRUE(RunUntil([&] { return StatsOf(server).longest_callback_us >= 20'000u; }));
  EXPECT_GE(StatsOf(server).slow_callbacks, 1u);
  EXPECT_TRUE(RunUntil([&] { return Said::Anything("OnReceive"); })) << "which one is said";
}

// Spec: fault 17, decisions 8.2/9
TEST_P(TcpClientExhaustion, ReportsASlowCallback) {
  if (NeedsKernel("the time that a callback takes is real")) return;
  const Said said;
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  client->SetSlowCallbackTime(5);
  client.events().DoOnce(EventKind::kReceive, [](const Event&) {
    const Deadline slow = Deadline::In(std::chrono::milliseconds(20));
    RunUntil([&] { return slow.passed(); }, slow);
  });
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  ASSERT_TRUE(peer->Send("x"));
  HP_Stats stats;
  EXPECT_TRUE(RunUntil([&] { return client->GetStats(stats) && stats.longest_callback_us >= 20'000u; }));
  EXPECT_GE(stats.slow_callbacks, 1u);
  EXPECT_TRUE(RunUntil([&] { return Said::Anything("OnReceive"); })) << "which one is said";
}

}  // namespace
}  // namespace hpsocket::conformance
