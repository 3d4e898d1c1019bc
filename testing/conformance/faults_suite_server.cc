// Conformance: what peers and networks do to a server or an agent: resets at any moment, peers that vanish,
// that never read, or that send faster than the listener takes.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

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
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/conformance/faults_fixture.h"
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
using harness::Scaled;

void SetOption(SOCKET socket, int level, int option, int value) {
  EXPECT_TRUE(Environment::Current().SetOption(socket, level, option, value));
}

class TcpComplexFaults : public ComplexTest {
 protected:
  static HP_Stats Stats(ComplexUnderTest& component) {
    HP_Stats stats;
    EXPECT_TRUE(component->GetStats(stats));
    return stats;
  }
  // Whether no connection, no buffer and no byte is held any more.
  static bool HoldsNothing(ComplexUnderTest& component) {
    const HP_Stats stats = Stats(component);
    return stats.connections == 0 && stats.lingering == 0 && stats.pending_bytes == 0 &&
           stats.pool_buffers == 0 && stats.leases == 0;
  }
  // The one event that ended a connection; the log is not copied, it may be long.
  static Event EndOf(ComplexUnderTest& component, CONNID id) {
    Event end;
    EXPECT_TRUE(component.events().WaitFor([&](const EventLog& log) {
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
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexFaults);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexFaults, ::testing::ValuesIn(TcpComplexes()), ComplexName);

// A peer resets at a moment that the seed chooses: idle, with bytes on their way in either direction,
// with answers that it has not read.
// Spec: fault 1, input 13, decisions 4.8
TEST_P(TcpComplexFaults, EndsOnceAtWhateverMomentThePeerResets) {
  const int rounds = harness::Effort("HPSOCKET_MOMENTS", 150);
  for (const EnSendPolicy policy : {SP_PACK, SP_SAFE, SP_DIRECT}) {
    ComplexUnderTest& component = NewComponent();
    component->SetSendPolicy(policy);
    component.events().Do(EventKind::kReceive, [&](const Event& event) {
      for (int i = 0; i < 3; ++i) component->Send(event.id, event.bytes, Length(event.data));
    });
    component.MustStart();
    for (int round = 0; round < rounds; ++round) {
      SCOPED_TRACE("policy " + std::to_string(policy) + ", moment " + std::to_string(round));
      std::minstd_rand random(static_cast<unsigned>(round + 1));
      const Link link = component.Connect();
      for (auto i = random() % 5; i > 0; --i) {
        const size_t size = 1 + random() % 20000;
        ASSERT_TRUE(link->Send(Pattern(size)));
        if (random() % 2 == 0) link->Receive(1 + random() % size);
      }
      const bool half_closed = random() % 4 == 0;
      if (half_closed) link->HalfClose();
      link->Reset();
      const Event end = EndOf(component, link.id);
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
    EXPECT_TRUE(RunUntil([&] { return HoldsNothing(component); }));
  }
}

void BeImpatient(ComplexUnderTest& component) {
  component.tcp().SetKeepAliveTime(1000);
  component.tcp().SetKeepAliveInterval(1000);
  if (Environment::Current().simulated()) return;
  component.events().Do(component.preparing(),
                        [](const Event& event) { SetOption(event.socket, IPPROTO_TCP, TCP_KEEPCNT, 1); });
}

// Spec: fault 3, decisions 4.8, §4.2/6
TEST_P(TcpComplexFaults, ReportsAPeerThatVanishesWhileIdle) {
  ComplexUnderTest& component = NewComponent();
  BeImpatient(component);
  component.MustStart();
  const Link link = component.Connect();
  if (!Vanishes(*link.peer)) return;
  ASSERT_TRUE(component.events().WaitFor([&](const EventLog& log) { return log.CountEnds(link.id) == 1; }));
  ExpectError(component.events().log(), link.id, {ETIMEDOUT});
  EXPECT_EQ(component.events().log().First(EventKind::kError, link.id)->operation, SO_RECEIVE);
  EXPECT_TRUE(RunUntil([&] { return HoldsNothing(component); }));
}

// Spec: fault 3, decisions 4.3, decisions 4.8
TEST_P(TcpComplexFaults, ReportsAPeerThatVanishesWhileNothingIsRead) {
  for (const bool full : {false, true}) {
    SCOPED_TRACE(full ? "full" : "paused");
    ComplexUnderTest& component = NewComponent();
    if (full && component.tcp().pull() == nullptr) continue;
    if (full) component.tcp().pull()->SetMaxPullLength(4);
    BeImpatient(component);
    component.MustStart();
    const Link link = component.Connect();
    if (!full) {
      EXPECT_TRUE(component->PauseReceive(link.id, true));
    }
    ASSERT_TRUE(link->Send("never fetched"));
    if (full) {
      ASSERT_TRUE(component.events().WaitForCount(EventKind::kReceive, 1));
    }
    if (!Vanishes(*link.peer)) return;
    ASSERT_TRUE(component.events().WaitFor([&](const EventLog& log) { return log.CountEnds(link.id) == 1; }));
    ExpectError(component.events().log(), link.id, {ETIMEDOUT});
    EXPECT_EQ(component.events().log().Count(EventKind::kReceive, link.id), full ? 1u : 0u);
    EXPECT_TRUE(RunUntil([&] { return HoldsNothing(component); }));
  }
}

// A link that is down for a moment is no end, whoever looks meanwhile.
// Spec: decisions 4.3, decisions 4.8
TEST_P(TcpComplexFaults, KeepsAPeerThatCannotBeReachedForAWhileWhileNothingIsRead) {
  if (NeedsKernel("a message of a router is made")) return;
  ComplexUnderTest& component = NewComponent();
  component.tcp().SetKeepAliveTime(1000);
  component.tcp().SetKeepAliveInterval(1000);
  component.MustStart();
  const Link link = component.Connect();
  EXPECT_TRUE(component->PauseReceive(link.id, true));
  if (!link->SeemUnreachable()) GTEST_SKIP() << "no message of a router can be made here";
  // Long enough for two looks.
  ASSERT_TRUE(RunUntil([&] {
    uint32_t age = 0;
    EXPECT_TRUE(link->SeemUnreachable());
    return component.events().log().CountEnds(link.id) != 0 ||
           (component->GetConnectPeriod(link.id, age) && age > 2500);
  }));
  ASSERT_EQ(component.events().log().CountEnds(link.id), 0u);
  ASSERT_TRUE(link->Send("still here"));
  EXPECT_TRUE(component->PauseReceive(link.id, false));
  EXPECT_TRUE(
      component.events().WaitFor([&](const EventLog& log) { return log.Received(link.id) == "still here"; }));
}

// Spec: fault 3, decisions 4.8
TEST_P(TcpComplexFaults, ReportsAPeerThatVanishesWhileItIsSentTo) {
  if (NeedsKernel("the patience of the kernel's retries is set")) return;
  ComplexUnderTest& component = NewComponent();
  component.events().Do(component.preparing(), [](const Event& event) {
    SetOption(event.socket, IPPROTO_TCP, TCP_USER_TIMEOUT, 500);
  });
  component.MustStart();
  const Link link = component.Connect();
  if (!Vanishes(*link.peer)) return;
  const std::string much = Pattern(Scaled(32 << 20, 1 << 20));
  ASSERT_TRUE(component->Send(link.id, Bytes(much), Length(much)));
  ASSERT_TRUE(component.events().WaitFor([&](const EventLog& log) { return log.CountEnds(link.id) == 1; }));
  ExpectError(component.events().log(), link.id, {ETIMEDOUT});
  EXPECT_LT(component.events().log().Sent(link.id).size(), much.size());
  EXPECT_TRUE(RunUntil([&] { return HoldsNothing(component); }));
}

// Spec: fault 4, input 11, decisions 4.3
TEST_P(TcpComplexFaults, KeepsItsMemoryBoundedWhenPeersNeverRead) {
  constexpr uint64_t kTotal = 1 << 20;
  ComplexUnderTest& component = NewComponent();
  component->SetMaxPendingLength(256 << 10);
  component->SetMaxPendingTotal(kTotal);
  component.MustStart();
  std::vector<Link> links;
  for (int i = 0; i < 8; ++i) links.push_back(component.Connect({4096}));
  const std::string piece = Pattern(30000);
  const auto fill = [&] {
    for (const Link& link : links) {
      errno = 0;
      while (component->Send(link.id, Bytes(piece), Length(piece))) {
      }
      EXPECT_EQ(errno, ENOBUFS);
    }
  };
  // The kernel takes some, then somewhat later some more.
  for (int round = 0; round < 200; ++round) {
    fill();
    const HP_Stats stats = Stats(component);
    EXPECT_LE(stats.pending_bytes, kTotal);
    EXPECT_LE(stats.pool_bytes, kTotal * 2 + (8u << 20)) << "what waits, receive buffers and connections";
  }
  for (const Link& link : links) EXPECT_TRUE(component->Disconnect(link.id));
  EXPECT_TRUE(RunUntil([&] { return HoldsNothing(component); }));
}

// Spec: fault 5, decisions 4.1
TEST_P(TcpComplexFaults, ReadsNoFasterThanItsListenerTakes) {
  constexpr size_t kPieces = 24;
  const size_t size = Scaled(1 << 20, 256 << 10);
  // What two socket buffers and one worker's receive buffers may hold, generously.
  const size_t most = 16 * size;
  ComplexUnderTest& component = NewComponent();
  // The kernel's own choice may grow to more than everything that is sent here.
  component.events().Do(component.preparing(), [&](const Event& event) {
    SetOption(event.socket, SOL_SOCKET, SO_RCVBUF, static_cast<int>(size));
  });
  std::atomic<size_t> sent{0};
  size_t taken = 0;
  size_t most_under_way = 0;
  uint64_t most_memory = 0;
  bool same = true;
  const std::string piece = Pattern(size);
  Gate gate;
  component.events().Do(EventKind::kReceive, [&](const Event& event) {
    if (taken == 0) {
      EXPECT_TRUE(gate.Pass());
    }
    most_under_way = std::max(most_under_way, sent.load() - std::min(taken, sent.load()));
    most_memory = std::max(most_memory, Stats(component).pool_bytes);
    same = same && Continues(event.data, piece, taken);
    taken += event.data.size();
  });
  component.MustStart();
  const Link link = component.Connect();
  harness::Thread sender([&] {
    for (size_t i = 0; i < kPieces; ++i) {
      EXPECT_TRUE(link->Send(piece));
      sent += piece.size();
    }
    link->HalfClose();
  });
  ASSERT_TRUE(
      component.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kReceive) == 1; }));
  // Held back at the listener's first byte the peer gets no further than the buffers between them.
  EXPECT_LE(sent.load(), most);
  gate.Open();
  sender.Join();
  ASSERT_TRUE(component.events().WaitForCount(EventKind::kClose, 1));
  EXPECT_EQ(taken, piece.size() * kPieces);
  EXPECT_TRUE(same) << "bytes changed";
  EXPECT_LE(most_under_way, most);
  EXPECT_LE(most_memory, uint64_t{32} << 20);
}

// Spec: fault 16, input 4, decisions 1.4, api §6.9/2
TEST_P(TcpComplexFaults, NeverReachesAnotherConnectionThroughAnOldId) {
  ComplexUnderTest& component = StartedComponent();
  std::vector<CONNID> old;
  for (int round = 0; round < harness::Effort("HPSOCKET_MOMENTS", 150); ++round) {
    const Link link = component.Connect();
    for (const CONNID id : old) {
      ASSERT_NE(id, link.id);
      ASSERT_FALSE(component->Send(id, Bytes("wrong"), 5));
      ASSERT_EQ(errno, EBADSLT);
      ASSERT_FALSE(component->Disconnect(id));
      ASSERT_EQ(errno, EBADSLT);
      ASSERT_FALSE(component->PauseReceive(id));
      ASSERT_EQ(errno, EBADSLT);
      ASSERT_FALSE(component->SetConnectionExtra(id, &component));
    }
    ASSERT_TRUE(component->Send(link.id, Bytes("right"), 5));
    ASSERT_EQ(link->Receive(5), "right");
    void* extra = &component;
    EXPECT_TRUE(component->GetConnectionExtra(link.id, &extra));
    EXPECT_EQ(extra, nullptr);
    if (round % 2 == 0) {
      link->Reset();
    } else {
      EXPECT_TRUE(component->Disconnect(link.id));
    }
    ASSERT_TRUE(component.CountBecomes(0));
    old.push_back(link.id);
  }
  if (Environment::Current().simulated()) return;  // there, each socket has a number of its own
  // Descriptors did come round again; that is what the old IDs must not reach.
  std::set<SOCKET> sockets;
  for (const Event& event : component.events().log().events()) {
    if (event.kind == component.opening()) sockets.insert(event.socket);
  }
  EXPECT_LT(sockets.size(), old.size());
}

}  // namespace
}  // namespace hpsocket::conformance
