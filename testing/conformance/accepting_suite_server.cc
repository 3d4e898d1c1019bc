// Conformance: what happens to connections that a server is about to accept: resets that come first, and
// calls that do.
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/server_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::conformance {
namespace {

using harness::Async;
using harness::Environment;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;
using harness::Later;
using harness::Peer;
using harness::RunUntil;

class TcpServerAccepting : public ServerTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpServerAccepting);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpServerAccepting, ::testing::ValuesIn(harness::TcpServers()),
                         ServerName);

// Connections go to the workers in turn, so one of the first is the accepting worker's own: its OnAccept
// keeps it from accepting, and who comes next waits in the kernel.
// Spec: fault 1, decisions 4.8
TEST_P(TcpServerAccepting, ReportsResetsThatCameBeforeItAccepted) {
  constexpr size_t kResets = 20;
  ServerUnderTest& server = NewServer();
  const size_t workers = server->GetWorkerThreadCount();
  Gate gate;
  server.events().Do(EventKind::kAccept, [&](const Event&) { EXPECT_TRUE(gate.Pass()); });
  server.MustStart();
  std::vector<std::unique_ptr<Peer>> blockers;
  for (size_t i = 0; i < workers; ++i)
    blockers.push_back(Environment::Current().Connect("127.0.0.1", server.port(), {}));
  std::set<uint16_t> patient;
  for (const auto& blocker : blockers) patient.insert(blocker->local_port());
  for (size_t i = 0; i < kResets; ++i) {
    const std::unique_ptr<Peer> peer = Environment::Current().Connect("127.0.0.1", server.port(), {});
    ASSERT_NE(peer, nullptr);
    peer->Reset();
  }
  gate.Open();
  // Each is either told of, or was gone before anybody could see it.
  HP_Stats stats;
  EXPECT_TRUE(RunUntil([&] {
    EXPECT_TRUE(server->GetStats(stats));
    return stats.total_connections + stats.failed_connections == workers + kResets &&
           stats.connections == workers;
  }));
  const EventLog log = server.events().log();
  EXPECT_EQ(stats.total_connections, log.Count(EventKind::kAccept));
  EXPECT_EQ(stats.failed_connections, workers + kResets - log.Count(EventKind::kAccept));
  EXPECT_EQ(log.CountEnds(), log.Count(EventKind::kAccept) - workers) << "who was told of has an end";
  EXPECT_EQ(stats.refused_connections, 0u);
  for (const Event& event : log.events()) {
    if (event.kind != EventKind::kAccept || event.peer_port == 0 || patient.count(event.peer_port) != 0)
      continue;
    EXPECT_EQ(log.CountEnds(event.id), 1u) << event.id;
    const Event* const error = log.First(EventKind::kError, event.id);
    ASSERT_NE(error, nullptr) << event.id;
    EXPECT_TRUE(error->operation == SO_RECEIVE || error->operation == SO_SEND) << error->operation;
    EXPECT_EQ(error->error, ECONNRESET);
  }
  server.EchoBack();
  EXPECT_TRUE(server.Echoes(server.Connect(), "still there"));
}

// Every worker is inside a callback, so who comes now waits in the kernel, or with the port, and is first
// looked at by a server that is ending.
// Spec: api §6.4/3, decisions 2.5
TEST_P(TcpServerAccepting, DropsWhoComesWhileItStops) {
  constexpr size_t kLate = 5;
  ServerUnderTest& server = NewServer();
  const size_t workers = server->GetWorkerThreadCount();
  Gate gate;
  server.events().Do(EventKind::kReceive, [&](const Event&) { EXPECT_TRUE(gate.Pass()); });
  server.MustStart();
  const uint16_t port = server.port();
  std::vector<Link> holders;
  for (size_t i = 0; i < workers; ++i) holders.push_back(server.Connect());
  for (const Link& holder : holders) ASSERT_TRUE(holder->Send("x"));
  ASSERT_TRUE(server.events().WaitFor(
      [&](const EventLog& log) { return log.Count(EventKind::kReceive) == workers; }));
  Later<bool> stop = Async([&] { return server->Stop(); });
  ASSERT_TRUE(RunUntil([&] { return server->GetState() == SS_STOPPING; }));
  std::vector<std::unique_ptr<Peer>> late;
  for (size_t i = 0; i < kLate; ++i) late.push_back(Environment::Current().Connect("127.0.0.1", port, {}));
  gate.Open();
  EXPECT_TRUE(stop.Get());
  for (const std::unique_ptr<Peer>& peer : late) {
    if (peer == nullptr) continue;  // refused: nobody listens any more
    EXPECT_NE(peer->AwaitEnd(), harness::StreamEnd::kOpen);
  }
  EXPECT_EQ(server.events().log().Count(EventKind::kAccept), workers);
  server.MustStart(port);
}

// A connection waits for its OnAccept behind another's; whoever finds its ID may use it already.
// Spec: fault 14, decisions 3.3, decisions 3.4
TEST_P(TcpServerAccepting, TakesCallsForAConnectionWhoseOnAcceptIsStillToCome) {
  for (const EnSendPolicy policy : {SP_PACK, SP_SAFE, SP_DIRECT}) {
    SCOPED_TRACE(policy);
    ServerUnderTest& server = NewServer();
    const size_t workers = server->GetWorkerThreadCount();
    if (workers < 2) GTEST_SKIP() << "the only worker accepts";
    server->SetSendPolicy(policy);
    server.MustStart();
    std::vector<Link> first;
    for (size_t i = 0; i < workers; ++i) first.push_back(server.Connect());
    std::vector<std::unique_ptr<Gate>> gates;
    bool found = false;
    // All workers but the one that accepts will do.
    for (size_t i = 0; i < workers && !found; ++i) {
      gates.push_back(std::make_unique<Gate>());
      Gate& gate = *gates.back();
      const size_t before = server.events().log().Count(EventKind::kReceive);
      server.events().Do(EventKind::kReceive, [&](const Event&) { EXPECT_TRUE(gate.Pass()); });
      ASSERT_TRUE(first[i]->Send("x"));
      ASSERT_TRUE(server.events().WaitFor(
          [&](const EventLog& log) { return log.Count(EventKind::kReceive) == before + 1; }));
      std::vector<std::unique_ptr<Peer>> peers;
      for (size_t peer = 0; peer < workers * 2; ++peer)
        peers.push_back(Environment::Current().Connect("127.0.0.1", server.port(), {}));
      std::vector<CONNID> waiting;
      RunUntil(
          [&] {
            CONNID ids[1024];
            uint32_t count = 1024;
            EXPECT_TRUE(server->GetAllConnectionIDs(ids, count));
            const EventLog log = server.events().log();
            waiting.clear();
            for (uint32_t at = 0; at < count; ++at) {
              if (log.Count(EventKind::kAccept, ids[at]) == 0) waiting.push_back(ids[at]);
            }
            return waiting.size() == 2 && log.Ids().size() == (i + 1) * workers * 2 + workers - 2;
          },
          harness::Deadline::In(std::chrono::milliseconds(300)));
      if (waiting.size() == 2) {
        found = true;
        EXPECT_TRUE(server->Send(waiting[0], Bytes("early"), 5));
        EXPECT_TRUE(server->Disconnect(waiting[1], false));
      }
      gate.Open();
      if (!found) {
        // Before the next worker is kept: it must not have to wait for these, too.
        ASSERT_TRUE(server.events().WaitForCount(EventKind::kAccept, (i + 1) * workers * 2 + workers));
        continue;
      }
      ASSERT_TRUE(server.events().WaitFor([&](const EventLog& log) {
        return log.Sent(waiting[0]) == "early" && log.Count(EventKind::kAccept, waiting[1]) == 1;
      }));
      EXPECT_TRUE(server.RemoteName(waiting[0]).ok);
      size_t got = 0;
      size_t ended = 0;
      for (const auto& peer : peers) {
        const uint16_t port = peer->local_port();
        if (port == server.RemoteName(waiting[0]).port) {
          EXPECT_EQ(peer->Receive(5), "early");
          ++got;
        }
        const EventLog log = server.events().log();
        for (const Event& event : log.events()) {
          if (event.kind != EventKind::kAccept || event.id != waiting[1] || event.peer_port != port) continue;
          EXPECT_EQ(peer->AwaitEnd(), harness::StreamEnd::kOrderly);
          ++ended;
        }
      }
      EXPECT_EQ(got, 1u);
      EXPECT_EQ(ended, 1u);
    }
    EXPECT_TRUE(found);
    EXPECT_TRUE(server->Stop());
  }
}

}  // namespace
}  // namespace hpsocket::conformance
