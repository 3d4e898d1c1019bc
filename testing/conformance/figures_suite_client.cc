// Conformance: what a client's GetStats says.
#include <cerrno>
#include <cstdint>
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/conformance/blocked_worker.h"
#include "hpsocket/testing/conformance/client_fixture.h"
#include "hpsocket/testing/conformance/client_send_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/event_log.h"

namespace hpsocket::conformance {
namespace {

using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Peer;
using harness::PeerListener;
using harness::RunUntil;

class TcpClientFigures : public ClientSendTest {
 protected:
  static void EchoBack(ClientUnderTest& client) {
    client.events().React(EventKind::kReceive, [&client](const Event& event) {
      return client->Send(event.bytes, Length(event.data)) ? HR_OK : HR_ERROR;
    });
  }
  static void ExpectConnections(ClientUnderTest& client, uint64_t now, uint64_t total, uint64_t failed) {
    const HP_Stats stats = Stats(client);
    EXPECT_EQ(stats.connections, now);
    EXPECT_EQ(stats.total_connections, total);
    EXPECT_EQ(stats.failed_connections, failed);
    EXPECT_EQ(stats.refused_connections, 0u);
  }
  static void ExpectBytes(ClientUnderTest& client, uint64_t bytes) {
    EXPECT_EQ(Stats(client).bytes_received, bytes);
    EXPECT_EQ(Stats(client).bytes_sent, bytes);
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientFigures);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientFigures, ::testing::ValuesIn(harness::TcpClients()),
                         ClientName);

class TcpClientPushFigures : public TcpClientFigures {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientPushFigures);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientPushFigures, ::testing::ValuesIn(harness::PushTcpClients()),
                         ClientName);

// Spec: decisions 8.2/5
TEST_P(TcpClientFigures, AreKept) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  EchoBack(client);
  ExpectConnections(client, 0, 0, 0);
  for (const bool async : {false, true}) {
    std::unique_ptr<Peer> peer = client.Connect(listener, async);
    const CONNID id = client->GetConnectionID();
    ExpectBytes(client, 0);
    ASSERT_TRUE(peer->Send(Pattern(10000)));
    EXPECT_TRUE(peer->Receive(10000) == Pattern(10000));
    ASSERT_TRUE(client.events().WaitFor([&](const EventLog& log) { return log.Sent(id).size() == 10000; }));
    ExpectConnections(client, 1, 1, 0);
    ExpectBytes(client, 10000);
    // A worker publishes these when it has nothing else to do.
    EXPECT_TRUE(RunUntil([&] {
      const HP_Stats now = Stats(client);
      return now.receive_calls >= 1 && now.send_calls >= 1 && now.pool_bytes > 0;
    }));
    HP_Stats stats;
    EXPECT_TRUE(RunUntil([&] {
      stats = Stats(client);
      return stats.pending_bytes == 0 && stats.pool_buffers == 0 && stats.leases == 0;
    }));
    EXPECT_EQ(stats.lingering, 0u);
    EXPECT_EQ(stats.contained_exceptions, 0u);
    ASSERT_TRUE(client->Stop());
    ExpectConnections(client, 0, 1, 0);
    ExpectBytes(client, 10000);
    EXPECT_GE(Stats(client).receive_calls, 1u) << "counters keep their values after Stop";
    EXPECT_GE(Stats(client).send_calls, 1u);
  }
}

// Spec: decisions 8.2/5
TEST_P(TcpClientFigures, AskForTheSizeThatTheCallerKnows) {
  ClientUnderTest& client = NewClient();
  HP_Stats stats;
  stats.size = 0;
  errno = 0;
  EXPECT_FALSE(client->GetStats(stats));
  EXPECT_EQ(errno, EINVAL);
  stats.size = sizeof(stats);
  EXPECT_TRUE(client->GetStats(stats));
  EXPECT_EQ(stats.size, sizeof(stats));
}

// Spec: decisions 8.2/5
TEST_P(TcpClientFigures, CountAConnectThatFailed) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  const uint16_t nobody = RefusingPort();
  EXPECT_FALSE(client.Start("127.0.0.1", nobody));
  EXPECT_EQ(client->GetLastError(), SE_CONNECT_SERVER);
  ExpectConnections(client, 0, 0, 1);

  ASSERT_TRUE(client.Start("127.0.0.1", nobody, true));
  ASSERT_TRUE(client->Wait(harness::kPatienceMs));
  EXPECT_EQ(client.events().log().Count(EventKind::kError), 1u);
  ExpectConnections(client, 0, 0, 1);

  for (const bool async : {false, true}) {
    client.events().React(EventKind::kPrepareConnect, [](const Event&) { return HR_ERROR; });
    EXPECT_FALSE(client.Start("127.0.0.1", listener.port(), async));
    ExpectConnections(client, 0, 0, 1);
    client.events().React(EventKind::kPrepareConnect, nullptr);
    EXPECT_FALSE(client.Start("", listener.port(), async));
    ExpectConnections(client, 0, 0, 1);
  }

  const std::unique_ptr<Peer> peer = client.Connect(listener);
  ExpectConnections(client, 1, 1, 0);
  EXPECT_FALSE(client.Start("127.0.0.1", nobody)) << "it is running";
  ExpectConnections(client, 1, 1, 0);
}

// Whoever sends from another thread is not told how far the worker has come.
// Spec: decisions 8.2/5
TEST_P(TcpClientFigures, CountWhatWaitsForItsOnSend) {
  constexpr size_t kBytes = 100'000;
  ClientUnderTest& client = NewClient();
  const std::unique_ptr<Peer> peer = client.Connect(Listener());
  const CONNID id = client->GetConnectionID();
  {
    const BlockedWorker blocked(client.events(), *peer);
    ASSERT_TRUE(Send(client, Pattern(kBytes)));
    const HP_Stats stats = Stats(client);
    EXPECT_EQ(stats.pending_bytes, kBytes);
    EXPECT_GT(stats.pool_buffers, 0u);
    EXPECT_GE(stats.pool_bytes, kBytes);
    EXPECT_EQ(stats.bytes_sent, 0u);
  }
  EXPECT_TRUE(peer->Receive(kBytes) == Pattern(kBytes));
  ASSERT_TRUE(client.events().WaitFor([&](const EventLog& log) { return log.Sent(id).size() == kBytes; }));
  EXPECT_TRUE(RunUntil([&] { return Stats(client).pending_bytes == 0 && Stats(client).pool_buffers == 0; }));
  EXPECT_EQ(Stats(client).bytes_sent, kBytes);
}

// Spec: decisions 8.2/5
TEST_P(TcpClientFigures, CountWhatWaitsThatWasSentInsideACallback) {
  const std::string much = MoreThanTheKernelTakes();
  ClientUnderTest& client = NewClient();
  client.events().DoOnce(EventKind::kReceive, [&](const Event&) {
    ASSERT_TRUE(Send(client, much));
    EXPECT_EQ(Stats(client).pending_bytes, much.size());
  });
  const std::unique_ptr<Peer> peer = client.Connect(NarrowListener());
  ASSERT_TRUE(peer->Send("?"));
  EXPECT_TRUE(RunUntil([&] { return Stats(client).pending_bytes > 0 && Stats(client).pool_buffers > 0; }))
      << "the peer does not read";
  EXPECT_TRUE(peer->Receive(much.size()) == much);
  EXPECT_TRUE(RunUntil([&] { return Stats(client).pending_bytes == 0 && Stats(client).pool_buffers == 0; }));
  EXPECT_EQ(Stats(client).bytes_sent, much.size());
}

// The queue is longer than any network under it, so what is echoed stays behind it until the peer reads.
// Spec: decisions 8.2/5, decisions 4.7
TEST_P(TcpClientPushFigures, CountReceivedBuffersThatSendsReferTo) {
  const std::string much = MoreThanTheKernelTakes();
  const std::string echoed = Pattern(64 << 10, 7);
  ClientUnderTest& client = NewClient();
  EchoBack(client);
  const std::unique_ptr<Peer> peer = client.Connect(NarrowListener());
  const CONNID id = client->GetConnectionID();
  ASSERT_TRUE(Send(client, much));
  EXPECT_EQ(Stats(client).leases, 0u);
  ASSERT_TRUE(peer->Send(echoed));
  ASSERT_TRUE(client.events().WaitFor([&](const EventLog& log) { return log.Received(id) == echoed; }));
  EXPECT_TRUE(RunUntil([&] { return Stats(client).leases > 0; }));
  EXPECT_TRUE(peer->Receive(much.size()) == much);
  EXPECT_TRUE(peer->Receive(echoed.size()) == echoed);
  EXPECT_TRUE(RunUntil([&] { return Stats(client).leases == 0 && Stats(client).pool_buffers == 0; }));
}

}  // namespace
}  // namespace hpsocket::conformance
