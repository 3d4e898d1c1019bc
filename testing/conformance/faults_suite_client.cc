// Conformance: what servers and networks do to a client: resets at any moment, a server that vanishes,
// that never reads or never stops, no route, and a connection to itself.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/client_fixture.h"
#include "hpsocket/testing/conformance/faults_fixture.h"
#include "hpsocket/testing/harness/effort.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"
#include "hpsocket/testing/harness/raw_peer.h"
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
using harness::PeerListener;
using harness::RunUntil;
using harness::Scaled;

class TcpClientFaults : public ClientTest {
 protected:
  // The client is stopped, told so by an OnError with one of these, and holds nothing any more.
  static void ExpectError(ClientUnderTest& client, CONNID id, std::vector<int> errors) {
    ASSERT_TRUE(client->Wait(harness::kPatienceMs));
    const EventLog log = client.events().log();
    EXPECT_EQ(log.CountEnds(id), 1u);
    const Event* const error = log.First(EventKind::kError, id);
    ASSERT_NE(error, nullptr);
    EXPECT_TRUE(error->operation == SO_RECEIVE || error->operation == SO_SEND) << error->operation;
    EXPECT_EQ(std::count(errors.begin(), errors.end(), error->error), 1) << error->error;
    EXPECT_EQ(client->GetLastError(), SE_NETWORK);
    ExpectNothingHeld(client);
  }
  static void ExpectNothingHeld(ClientUnderTest& client) {
    HP_Stats stats;
    ASSERT_TRUE(client->GetStats(stats));
    EXPECT_EQ(stats.connections, 0u);
    EXPECT_EQ(stats.pending_bytes, 0u);
    EXPECT_EQ(stats.pool_buffers, 0u);
    EXPECT_EQ(stats.leases, 0u);
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientFaults);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientFaults, ::testing::ValuesIn(harness::TcpClients()),
                         ClientName);

// Spec: fault 1, decisions 4.8
TEST_P(TcpClientFaults, ReportsAResetWhileItIsSending) {
  harness::PeerListenOptions options;
  options.accepted.receive_buffer = 4096;
  PeerListener& listener = Listener(options);
  ClientUnderTest& client = NewClient();
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  const CONNID id = client->GetConnectionID();
  const std::string much = MoreThanTheKernelTakes();
  ASSERT_TRUE(client->Send(Bytes(much), Length(much)));
  EXPECT_EQ(peer->Receive(1000).size(), 1000u);
  peer->Reset();
  ExpectError(client, id, {ECONNRESET});
  const std::string sent = client.events().log().Sent(id);
  EXPECT_LT(sent.size(), much.size());
  EXPECT_EQ(sent, much.substr(0, sent.size()));
}

// Spec: fault 1, input 13, decisions 4.8
TEST_P(TcpClientFaults, EndsOnceAtWhateverMomentThePeerResets) {
  PeerListener& listener = Listener();
  const int rounds = harness::Effort("HPSOCKET_MOMENTS", 150);
  ClientUnderTest& client = NewClient();
  client.events().Do(EventKind::kReceive, [&](const Event& event) {
    for (int i = 0; i < 3; ++i) client->Send(event.bytes, Length(event.data));
  });
  for (int round = 0; round < rounds; ++round) {
    SCOPED_TRACE("moment " + std::to_string(round));
    std::minstd_rand random(static_cast<unsigned>(round + 1));
    const std::unique_ptr<Peer> peer = client.Connect(listener, round % 2 == 1);
    const CONNID id = client->GetConnectionID();
    for (auto i = random() % 5; i > 0; --i) {
      const size_t size = 1 + random() % 20000;
      ASSERT_TRUE(peer->Send(Pattern(size)));
      if (random() % 2 == 0) peer->Receive(1 + random() % size);
    }
    const bool half_closed = random() % 4 == 0;
    if (half_closed) peer->HalfClose();
    peer->Reset();
    ASSERT_TRUE(client->Wait(harness::kPatienceMs));
    Event end;  // without copying the log, which may be long
    ASSERT_TRUE(client.events().WaitFor([&](const EventLog& log) {
      end = *log.Last();
      return log.CountEnds(id) == 1;
    }));
    if (end.kind == EventKind::kClose) {
      EXPECT_TRUE(half_closed);
    } else {
      EXPECT_EQ(end.kind, EventKind::kError);
      EXPECT_TRUE(end.operation == SO_RECEIVE || end.operation == SO_SEND) << end.operation;
      // EPIPE is what Linux calls a reset after a FIN.
      EXPECT_TRUE(end.error == ECONNRESET || (end.error == EPIPE && half_closed)) << end.error;
    }
    ExpectNothingHeld(client);
  }
}

// Spec: fault 3, decisions 4.3, decisions 4.8, §4.2/6
TEST_P(TcpClientFaults, ReportsAPeerThatVanishesWhileIdle) {
  for (const bool paused : {false, true}) {
    SCOPED_TRACE(paused ? "paused" : "reading");
    PeerListener& listener = Listener();
    ClientUnderTest& client = NewClient();
    client.tcp().SetKeepAliveTime(1000);
    client.tcp().SetKeepAliveInterval(1000);
    if (!Environment::Current().simulated()) {
      client.events().Do(EventKind::kPrepareConnect, [](const Event& event) {
        EXPECT_TRUE(Environment::Current().SetOption(event.socket, IPPROTO_TCP, TCP_KEEPCNT, 1));
      });
    }
    const std::unique_ptr<Peer> peer = client.Connect(listener);
    if (paused) {
      EXPECT_TRUE(client->PauseReceive(true));
    }
    if (!Vanishes(*peer)) return;
    ExpectError(client, client->GetConnectionID(), {ETIMEDOUT});
  }
}

// Spec: fault 3, decisions 4.8
TEST_P(TcpClientFaults, ReportsAPeerThatVanishesWhileItIsSentTo) {
  if (NeedsKernel("the patience of the kernel's retries is set")) return;
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  client.events().Do(EventKind::kPrepareConnect, [](const Event& event) {
    EXPECT_TRUE(Environment::Current().SetOption(event.socket, IPPROTO_TCP, TCP_USER_TIMEOUT, 500));
  });
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  if (!Vanishes(*peer)) return;
  const std::string much = Pattern(Scaled(32 << 20, 1 << 20));
  ASSERT_TRUE(client->Send(Bytes(much), Length(much)));
  ExpectError(client, client->GetConnectionID(), {ETIMEDOUT});
}

// Spec: fault 4, input 11, decisions 4.3
TEST_P(TcpClientFaults, KeepsItsMemoryBoundedWhenThePeerNeverReads) {
  harness::PeerListenOptions options;
  options.accepted.receive_buffer = 4096;
  PeerListener& listener = Listener(options);
  ClientUnderTest& client = NewClient();
  client->SetMaxPendingLength(256 << 10);
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  const std::string piece = Pattern(30000);
  HP_Stats stats;
  for (int round = 0; round < 200; ++round) {
    errno = 0;
    while (client->Send(Bytes(piece), Length(piece))) {
    }
    EXPECT_EQ(errno, ENOBUFS);
    ASSERT_TRUE(client->GetStats(stats));
    EXPECT_LE(stats.pending_bytes, 256u << 10);
    EXPECT_LE(stats.pool_bytes, 4u << 20);
  }
  EXPECT_TRUE(client->Stop());
  ExpectNothingHeld(client);
}

// Spec: fault 5, decisions 4.1
TEST_P(TcpClientFaults, ReadsNoFasterThanItsListenerTakes) {
  constexpr size_t kPieces = 24;
  const size_t size = Scaled(1 << 20, 256 << 10);
  const size_t most = 16 * size;  // what two socket buffers and a receive buffer may hold, generously
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  // The kernel's own choice may grow to more than everything that is sent here.
  client.events().Do(EventKind::kPrepareConnect, [&](const Event& event) {
    EXPECT_TRUE(
        Environment::Current().SetOption(event.socket, SOL_SOCKET, SO_RCVBUF, static_cast<int>(size)));
  });
  const std::string piece = Pattern(size);
  std::atomic<size_t> sent{0};
  size_t taken = 0;
  uint64_t most_memory = 0;
  bool same = true;
  Gate gate;
  client.events().Do(EventKind::kReceive, [&](const Event& event) {
    if (taken == 0) {
      EXPECT_TRUE(gate.Pass());
    }
    HP_Stats stats;
    EXPECT_TRUE(client->GetStats(stats));
    most_memory = std::max(most_memory, stats.pool_bytes);
    same = same && Continues(event.data, piece, taken);
    taken += event.data.size();
  });
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  harness::Thread sender([&] {
    for (size_t i = 0; i < kPieces; ++i) {
      EXPECT_TRUE(peer->Send(piece));
      sent += piece.size();
    }
    peer->HalfClose();
  });
  ASSERT_TRUE(
      client.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kReceive) == 1; }));
  EXPECT_LE(sent.load(), most);
  gate.Open();
  sender.Join();
  ASSERT_TRUE(client->Wait(harness::kPatienceMs));
  EXPECT_EQ(taken, piece.size() * kPieces);
  EXPECT_TRUE(same) << "bytes changed";
  EXPECT_LE(most_memory, uint64_t{32} << 20);
}

// This network has no way to anywhere else.
// Spec: fault 18, decisions 5.13
TEST_P(TcpClientFaults, ReportsThatThereIsNoWay) {
  if (NeedsKernel("routes are the kernel's")) return;
  ClientUnderTest& sync = NewClient();
  EXPECT_FALSE(sync.Start("198.51.100.1", 9));
  EXPECT_EQ(errno, ENETUNREACH);
  EXPECT_EQ(sync->GetLastError(), SE_CONNECT_SERVER);
  EXPECT_EQ(sync.events().log().CountEnds(), 0u);

  ClientUnderTest& async = NewClient();
  ASSERT_TRUE(async.Start("198.51.100.1", 9, true));
  ASSERT_TRUE(async->Wait(harness::kPatienceMs));
  const EventLog log = async.events().log();
  ASSERT_EQ(log.CountEnds(), 1u);
  ASSERT_EQ(log.Last()->kind, EventKind::kError);
  EXPECT_EQ(log.Last()->operation, SO_CONNECT);
  EXPECT_EQ(log.Last()->error, ENETUNREACH);
}

// A socket that is bound to the very port that it connects to meets itself. Linux calls that a
// connection, and so does the client.
// Spec: fault 18, decisions 5.13
TEST_P(TcpClientFaults, IsOneConnectionWhenItConnectsToItself) {
  if (NeedsKernel("it is the kernel that meets itself")) return;
  for (const bool async : {false, true}) {
    SCOPED_TRACE(async);
    ClientUnderTest& client = NewClient();
    const uint16_t port = RefusingPort();
    client.events().Do(EventKind::kPrepareConnect, [&](const Event& event) {
      sockaddr_storage name;
      const socklen_t length = harness::NameOf("127.0.0.1", port, &name);
      EXPECT_EQ(bind(event.socket, reinterpret_cast<const sockaddr*>(&name), length), 0);
    });
    ASSERT_TRUE(client.Start("127.0.0.1", port, async)) << client->GetLastErrorDetail();
    ASSERT_TRUE(client.events().WaitForCount(EventKind::kConnect, 1));
    ASSERT_TRUE(RunUntil([&] { return client->GetState() == SS_STARTED; }));
    EXPECT_EQ(client.LocalName().port, port);
    ASSERT_TRUE(client->Send(Bytes("myself"), 6));
    const CONNID id = client->GetConnectionID();
    ASSERT_TRUE(client.events().WaitFor([&](const EventLog& log) { return log.Received(id) == "myself"; }));
    EXPECT_TRUE(client->Stop());
    EXPECT_EQ(client.events().log().Milestones(id),
              (std::vector<EventKind>{EventKind::kPrepareConnect, EventKind::kConnect, EventKind::kClose}));
    ExpectNothingHeld(client);
  }
}

}  // namespace
}  // namespace hpsocket::conformance
