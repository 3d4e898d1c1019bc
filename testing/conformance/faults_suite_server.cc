// Conformance: what peers and networks do to a server: resets at any moment, peers that vanish, that
// never read, or that send faster than the listener takes; and calls from inside every event.
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/server_fixture.h"
#include "hpsocket/testing/harness/effort.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::conformance {
namespace {

using harness::Environment;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;
using harness::NeedsKernel;
using harness::Peer;
using harness::RunUntil;

void SetOption(SOCKET socket, int level, int option, int value) {
  EXPECT_TRUE(Environment::Current().SetOption(socket, level, option, value));
}

class TcpServerFaults : public ServerTest {
 protected:
  static HP_Stats Stats(ServerUnderTest& server) {
    HP_Stats stats;
    EXPECT_TRUE(server->GetStats(stats));
    return stats;
  }
  // Whether no connection, no buffer and no byte is held any more.
  static bool HoldsNothing(ServerUnderTest& server) {
    const HP_Stats stats = Stats(server);
    return stats.connections == 0 && stats.lingering == 0 && stats.pending_bytes == 0 &&
           stats.pool_buffers == 0 && stats.leases == 0;
  }
  // The one event that ended a connection; the log is not copied, it may be long.
  static Event EndOf(ServerUnderTest& server, CONNID id) {
    Event end;
    EXPECT_TRUE(server.events().WaitFor([&](const EventLog& log) {
      const Event* const close = log.First(EventKind::kClose, id);
      const Event* const error = log.First(EventKind::kError, id);
      if (close == nullptr && error == nullptr) return false;
      end = close != nullptr ? *close : *error;
      return true;
    }));
    return end;
  }
  // The last event was an OnError with this errno, and nothing else ended the connection.
  static void ExpectError(const EventLog& log, CONNID id, const std::set<int>& errors) {
    EXPECT_EQ(log.CountEnds(id), 1u) << id;
    const Event* const error = log.First(EventKind::kError, id);
    ASSERT_NE(error, nullptr) << id;
    EXPECT_TRUE(error->operation == SO_RECEIVE || error->operation == SO_SEND) << error->operation;
    EXPECT_EQ(errors.count(error->error), 1u) << error->error;
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpServerFaults);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpServerFaults, ::testing::ValuesIn(harness::TcpServers()),
                         ServerName);

// Connections go to the workers in turn, so one of the first is the accepting worker's own: its OnAccept
// keeps it from accepting, and who comes next waits in the kernel.
// Spec: fault 1, decisions 4.8
TEST_P(TcpServerFaults, ReportsResetsThatCameBeforeItAccepted) {
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
  EXPECT_TRUE(RunUntil([&] {
    const HP_Stats stats = Stats(server);
    return stats.total_connections + stats.failed_connections == workers + kResets &&
           stats.connections == workers;
  }));
  const EventLog log = server.events().log();
  for (const Event& event : log.events()) {
    if (event.kind != EventKind::kAccept || event.peer_port == 0 || patient.count(event.peer_port) != 0)
      continue;
    ExpectError(log, event.id, {ECONNRESET});
  }
  server.EchoBack();
  EXPECT_TRUE(server.Echoes(server.Connect(), "still there"));
}

// A peer resets at a moment that the seed chooses: idle, with bytes on their way in either direction,
// with answers that it has not read.
// Spec: fault 1, input 13, decisions 4.8
TEST_P(TcpServerFaults, EndsOnceAtWhateverMomentThePeerResets) {
  const int rounds = harness::Effort("HPSOCKET_MOMENTS", 150);
  for (const EnSendPolicy policy : {SP_PACK, SP_SAFE, SP_DIRECT}) {
    ServerUnderTest& server = NewServer();
    server->SetSendPolicy(policy);
    server.events().Do(EventKind::kReceive, [&](const Event& event) {
      for (int i = 0; i < 3; ++i) server->Send(event.id, event.bytes, Length(event.data));
    });
    server.MustStart();
    for (int round = 0; round < rounds; ++round) {
      SCOPED_TRACE("policy " + std::to_string(policy) + ", moment " + std::to_string(round));
      std::minstd_rand random(static_cast<unsigned>(round + 1));
      const Link link = server.Connect();
      for (auto i = random() % 5; i > 0; --i) {
        const size_t size = 1 + random() % 20000;
        ASSERT_TRUE(link->Send(Pattern(size)));
        if (random() % 2 == 0) link->Receive(1 + random() % size);
      }
      const bool half_closed = random() % 4 == 0;
      if (half_closed) link->HalfClose();
      link->Reset();
      const Event end = EndOf(server, link.id);
      // After a FIN it is the FIN that ends it, unless the reset was seen first.
      if (end.kind == EventKind::kClose) {
        EXPECT_TRUE(half_closed);
      } else {
        EXPECT_TRUE(end.operation == SO_RECEIVE || end.operation == SO_SEND) << end.operation;
        // EPIPE is what Linux calls a reset after a FIN, and what a Send in the calling thread may meet.
        EXPECT_TRUE(end.error == ECONNRESET || (end.error == EPIPE && (half_closed || policy == SP_DIRECT)))
            << end.error;
      }
    }
    EXPECT_TRUE(RunUntil([&] { return HoldsNothing(server); }));
  }
}

// Spec: fault 3, decisions 4.8
TEST_P(TcpServerFaults, ReportsAPeerThatVanishesWhileIdle) {
  ServerUnderTest& server = NewServer();
  server.tcp().SetKeepAliveTime(1000);
  server.tcp().SetKeepAliveInterval(1000);
  if (!Environment::Current().simulated()) {
    server.events().Do(EventKind::kPrepareListen,
                       [](const Event& event) { SetOption(event.socket, IPPROTO_TCP, TCP_KEEPCNT, 1); });
  }
  server.MustStart();
  const Link link = server.Connect();
  if (!link->Vanish()) GTEST_SKIP() << "peers cannot vanish here";
  ASSERT_TRUE(server.events().WaitFor([&](const EventLog& log) { return log.CountEnds(link.id) == 1; }));
  ExpectError(server.events().log(), link.id, {ETIMEDOUT});
  EXPECT_EQ(server.events().log().First(EventKind::kError, link.id)->operation, SO_RECEIVE);
  EXPECT_TRUE(RunUntil([&] { return HoldsNothing(server); }));
}

// Spec: fault 3, decisions 4.8
TEST_P(TcpServerFaults, ReportsAPeerThatVanishesWhileItIsSentTo) {
  if (NeedsKernel("the patience of the kernel's retries is set")) return;
  ServerUnderTest& server = NewServer();
  server.events().Do(EventKind::kPrepareListen,
                     [](const Event& event) { SetOption(event.socket, IPPROTO_TCP, TCP_USER_TIMEOUT, 500); });
  server.MustStart();
  const Link link = server.Connect();
  if (!link->Vanish()) GTEST_SKIP() << "peers cannot vanish here";
  const std::string much = Pattern(32 << 20);
  ASSERT_TRUE(server->Send(link.id, Bytes(much), Length(much)));
  ASSERT_TRUE(server.events().WaitFor([&](const EventLog& log) { return log.CountEnds(link.id) == 1; }));
  ExpectError(server.events().log(), link.id, {ETIMEDOUT});
  EXPECT_LT(server.events().log().Sent(link.id).size(), much.size());
  EXPECT_TRUE(RunUntil([&] { return HoldsNothing(server); }));
}

// Spec: fault 4, input 11, decisions 4.3
TEST_P(TcpServerFaults, KeepsItsMemoryBoundedWhenPeersNeverRead) {
  constexpr uint64_t kTotal = 1 << 20;
  ServerUnderTest& server = NewServer();
  server->SetMaxPendingLength(256 << 10);
  server->SetMaxPendingTotal(kTotal);
  server.MustStart();
  std::vector<Link> links;
  for (int i = 0; i < 8; ++i) links.push_back(server.Connect({4096}));
  const std::string piece = Pattern(30000);
  const auto fill = [&] {
    for (const Link& link : links) {
      errno = 0;
      while (server->Send(link.id, Bytes(piece), Length(piece))) {
      }
      EXPECT_EQ(errno, ENOBUFS);
    }
  };
  // The kernel takes some, then somewhat later some more.
  for (int round = 0; round < 200; ++round) {
    fill();
    const HP_Stats stats = Stats(server);
    EXPECT_LE(stats.pending_bytes, kTotal);
    EXPECT_LE(stats.pool_bytes, kTotal * 2 + (8u << 20)) << "what waits, receive buffers and connections";
  }
  for (const Link& link : links) EXPECT_TRUE(server->Disconnect(link.id));
  EXPECT_TRUE(RunUntil([&] { return HoldsNothing(server); }));
}

// Spec: fault 5, decisions 4.1
TEST_P(TcpServerFaults, ReadsNoFasterThanItsListenerTakes) {
  constexpr size_t kPiece = 1 << 20;
  constexpr size_t kPieces = 64;
  // What two socket buffers and one worker's receive buffers may hold, generously.
  constexpr size_t kUnderWay = 40 << 20;
  ServerUnderTest& server = NewServer();
  std::atomic<size_t> sent{0};
  size_t taken = 0;
  size_t most_under_way = 0;
  uint64_t most_memory = 0;
  bool same = true;
  const std::string piece = Pattern(kPiece);
  Gate gate;
  server.events().Do(EventKind::kReceive, [&](const Event& event) {
    if (taken == 0) {
      EXPECT_TRUE(gate.Pass());
    }
    most_under_way = std::max(most_under_way, sent.load() - std::min(taken, sent.load()));
    most_memory = std::max(most_memory, Stats(server).pool_bytes);
    for (size_t i = 0; i < event.data.size(); i += 1000)
      same = same && event.data[i] == piece[(taken + i) % kPiece];
    taken += event.data.size();
  });
  server.MustStart();
  const Link link = server.Connect();
  harness::Thread sender([&] {
    for (size_t i = 0; i < kPieces; ++i) {
      EXPECT_TRUE(link->Send(piece));
      sent += kPiece;
    }
    link->HalfClose();
  });
  ASSERT_TRUE(
      server.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kReceive) == 1; }));
  // Held back at the listener's first byte the peer gets no further than the buffers between them.
  EXPECT_LE(sent.load(), kUnderWay);
  gate.Open();
  sender.Join();
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kClose, 1));
  EXPECT_EQ(taken, kPiece * kPieces);
  EXPECT_TRUE(same) << "bytes changed";
  EXPECT_LE(most_under_way, kUnderWay);
  EXPECT_LE(most_memory, uint64_t{32} << 20);
}

// Spec: fault 14, decisions 3.3
TEST_P(TcpServerFaults, TakesEveryCallInsideEveryEvent) {
  ServerUnderTest& server = NewServer();
  std::atomic<int> alive{0};
  std::atomic<int> ended{0};
  const auto call_everything = [&](const Event& event, bool living) {
    const CONNID id = event.id;
    WSABUF packets[] = {Packet("b"), Packet("c")};
    EXPECT_EQ(server->Send(id, Bytes("a"), 1), living);
    EXPECT_EQ(server->SendPackets(id, packets, 2), living);
    EXPECT_EQ(server->PauseReceive(id, true), living);
    bool paused = false;
    EXPECT_EQ(server->IsPauseReceive(id, paused), living);
    EXPECT_EQ(paused, living);
    EXPECT_EQ(server->PauseReceive(id, false), living);
    EXPECT_TRUE(server->SetConnectionExtra(id, &alive));
    void* extra = nullptr;
    EXPECT_TRUE(server->GetConnectionExtra(id, &extra));
    EXPECT_EQ(extra, &alive);
    EXPECT_TRUE(server.RemoteName(id).ok);
    uint32_t period = 0;
    EXPECT_EQ(server->GetConnectPeriod(id, period), living);
    int pending = 0;
    EXPECT_EQ(server->GetPendingDataLength(id, pending), living);
    CONNID ids[8] = {};
    uint32_t count = 8;
    EXPECT_TRUE(server->GetAllConnectionIDs(ids, count));
    EXPECT_EQ(std::count(ids, ids + count, id), 1);
    EXPECT_TRUE(Stats(server).connections >= 1);
    EXPECT_FALSE(server->DisconnectLongConnections(0x7FFFFFFF));
    EXPECT_FALSE(server->Disconnect(id + 1000)) << "of nobody";
    EXPECT_FALSE(server->Start("127.0.0.1", 0));
    EXPECT_FALSE(server->Wait(0));
    ++(living ? alive : ended);
  };
  const auto while_alive = [&](const Event& event) { call_everything(event, true); };
  const auto at_the_end = [&](const Event& event) { call_everything(event, false); };
  server.events().DoOnce(EventKind::kAccept, while_alive);
  server.events().DoOnce(EventKind::kReceive, while_alive);
  server.events().DoOnce(EventKind::kSend, while_alive);
  server.events().Do(EventKind::kClose, at_the_end);
  server.events().Do(EventKind::kError, at_the_end);
  server.MustStart();
  const Link link = server.Connect();
  ASSERT_TRUE(link->Send("x"));
  EXPECT_EQ(link->Receive(9), "abcabcabc") << "from OnAccept, OnReceive and OnSend";
  link->HalfClose();
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kClose, 1));
  const Link other = server.Connect();
  other->Reset();
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kError, 1));
  EXPECT_EQ(alive.load(), 3);
  EXPECT_EQ(ended.load(), 2);
}

// A connection waits for its OnAccept behind another's; whoever finds its ID may use it already.
// Spec: fault 14, decisions 3.3, decisions 3.4
TEST_P(TcpServerFaults, TakesCallsForAConnectionWhoseOnAcceptIsStillToCome) {
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
      if (!found) continue;
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

// Spec: fault 16, input 4, decisions 1.4
TEST_P(TcpServerFaults, NeverReachesAnotherConnectionThroughAnOldId) {
  ServerUnderTest& server = StartedServer();
  std::vector<CONNID> old;
  for (int round = 0; round < harness::Effort("HPSOCKET_MOMENTS", 150); ++round) {
    const Link link = server.Connect();
    for (const CONNID id : old) {
      ASSERT_NE(id, link.id);
      ASSERT_FALSE(server->Send(id, Bytes("wrong"), 5));
      ASSERT_EQ(errno, EBADSLT);
      ASSERT_FALSE(server->Disconnect(id));
      ASSERT_EQ(errno, EBADSLT);
      ASSERT_FALSE(server->PauseReceive(id));
      ASSERT_EQ(errno, EBADSLT);
      ASSERT_FALSE(server->SetConnectionExtra(id, &server));
    }
    ASSERT_TRUE(server->Send(link.id, Bytes("right"), 5));
    ASSERT_EQ(link->Receive(5), "right");
    void* extra = &server;
    EXPECT_TRUE(server->GetConnectionExtra(link.id, &extra));
    EXPECT_EQ(extra, nullptr);
    if (round % 2 == 0) {
      link->Reset();
    } else {
      EXPECT_TRUE(server->Disconnect(link.id));
    }
    ASSERT_TRUE(server.CountBecomes(0));
    old.push_back(link.id);
  }
  if (Environment::Current().simulated()) return;  // there, each socket has a number of its own
  // Descriptors did come round again; that is what the old IDs must not reach.
  std::set<SOCKET> sockets;
  for (const Event& event : server.events().log().events()) {
    if (event.kind == EventKind::kAccept) sockets.insert(event.socket);
  }
  EXPECT_LT(sockets.size(), old.size());
}

}  // namespace
}  // namespace hpsocket::conformance
