// Conformance: UDP servers, clients and casts in their process: descriptors, threads and whether they sleep,
// signals, and fork.
#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/process_fixture.h"
#include "hpsocket/testing/conformance/udp_fixture.h"
#include "hpsocket/testing/harness/deadline.h"
#include "hpsocket/testing/harness/effort.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"
#include "hpsocket/testing/harness/process_probe.h"

namespace hpsocket::conformance {
namespace {

using harness::DatagramPeer;
using harness::Deadline;
using harness::EventKind;
using harness::NeedsKernel;
using harness::RunUntil;

constexpr char kGroup[] = "233.0.0.1";

class UdpServerInProcess : public UdpTest<harness::UdpServerFactory> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpServerInProcess);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpServerInProcess, ::testing::ValuesIn(harness::UdpServers()),
                         NameOfUdp<harness::UdpServerFactory>);

class UdpClientInProcess : public UdpTest<harness::UdpClientFactory> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpClientInProcess);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpClientInProcess, ::testing::ValuesIn(harness::UdpClients()),
                         NameOfUdp<harness::UdpClientFactory>);

class UdpCastInProcess : public UdpTest<harness::UdpCastFactory> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpCastInProcess);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpCastInProcess, ::testing::ValuesIn(harness::UdpCasts()),
                         NameOfUdp<harness::UdpCastFactory>);

// To the peer and back.
void ExpectConverses(UdpClientUnderTest& client, DatagramPeer& peer) {
  ASSERT_TRUE(client.Send("question"));
  ASSERT_EQ(peer.ReceiveData(Deadline::Patient()), "question");
  const size_t heard = client.events().log().Count(EventKind::kReceive);
  ASSERT_TRUE(peer.SendTo(kLoopback, peer.last_source_port(), "answer"));
  ASSERT_TRUE(client.events().WaitForCount(EventKind::kReceive, heard + 1));
}

// A member of a group that hears itself.
void MustStart(UdpCastUnderTest& cast) {
  cast.udp().SetBindAdddress(kLoopback);
  cast.udp().SetMultiCastLoop(true);
  ASSERT_TRUE(cast.Start(kGroup, FreePort())) << cast->GetLastErrorDetail();
  ASSERT_TRUE(cast.Send("hello"));
  ASSERT_TRUE(cast.Hears("hello"));
}

// Spec: decisions 7.1, fault 32
TEST_P(UdpServerInProcess, KeepsItsDescriptorsAndThreadsToItself) {
  if (NeedsKernel("looks at descriptors and threads")) return;
  const std::set<int> threads = harness::ThreadIds();
  UdpServerUnderTest server(GetParam());
  server.EchoBack();
  const std::set<int> before = harness::OpenDescriptors();
  const ProcessState state = ProcessState::Now();
  server.MustStart();
  ExpectCloseOnExec(Added(before, harness::OpenDescriptors()));
  Session session = server.Meet();
  EXPECT_EQ(session.peer->ReceiveData(Deadline::Patient()), "hello");
  ExpectQuietThreads(Added(threads, harness::ThreadIds()));
  state.ExpectSame(ProcessState::Now());
  EXPECT_TRUE(server->Stop());
  state.ExpectSame(ProcessState::Now());
}

// Spec: decisions 7.1, decisions 3.5, fault 32
TEST_P(UdpClientInProcess, KeepsItsDescriptorsAndItsThreadToItself) {
  if (NeedsKernel("looks at descriptors and threads")) return;
  const auto peer = BindPeer(kLoopback);
  const std::set<int> threads = harness::ThreadIds();
  const std::set<int> before = harness::OpenDescriptors();
  UdpClientUnderTest client(GetParam());
  ASSERT_TRUE(client.Start(kLoopback, peer->port()));
  ExpectConverses(client, *peer);
  ExpectCloseOnExec(Added(before, harness::OpenDescriptors()));
  const std::set<int> own = Added(threads, harness::ThreadIds());
  EXPECT_EQ(own.size(), 1u);
  ExpectQuietThreads(own);
}

// Spec: decisions 7.1, decisions 3.5, fault 32
TEST_P(UdpCastInProcess, KeepsItsDescriptorsAndItsThreadToItself) {
  if (NeedsKernel("looks at descriptors and threads")) return;
  const std::set<int> threads = harness::ThreadIds();
  const std::set<int> before = harness::OpenDescriptors();
  UdpCastUnderTest cast(GetParam());
  MustStart(cast);
  ExpectCloseOnExec(Added(before, harness::OpenDescriptors()));
  const std::set<int> own = Added(threads, harness::ThreadIds());
  EXPECT_EQ(own.size(), 1u);
  ExpectQuietThreads(own);
}

// Spec: fault 32
TEST_P(UdpServerInProcess, IsStoppedForGoodInAForkedChild) {
  if (NeedsKernel("forks")) return;
  UdpServerUnderTest server(GetParam());
  server.EchoBack();
  server.MustStart();
  Session session = server.Meet();
  EXPECT_EQ(session.peer->ReceiveData(Deadline::Patient()), "hello");
  UdpServerUnderTest fresh(GetParam());
  EXPECT_EQ(
      InForkedChild([&](Child& child) {
        ExpectStoppedForGood(child, server.server(), session.id, [&] { return server->Start(kLoopback, 0); });
        server.Destroy();
#ifndef HPSOCKET_THREAD_SANITIZER  // it lets no thread begin after such a fork
        fresh.EchoBack();
        child.Expect(fresh->Start(kLoopback, 0), "a new one: Start");
        child.Expect(session.peer->SendTo(kLoopback, fresh.port(), "child"), "a new one: its peer");
        child.Expect(session.peer->ReceiveData(Deadline::Patient()) == "child", "a new one: its answer");
        child.Expect(fresh->Stop(), "a new one: Stop");
#endif
      }),
      "");
  server.ExpectEcho(session, "the parent goes on");
  EXPECT_TRUE(server->Stop());
}

// Spec: fault 32
TEST_P(UdpClientInProcess, IsStoppedForGoodInAForkedChild) {
  if (NeedsKernel("forks")) return;
  const auto peer = BindPeer(kLoopback);
  UdpClientUnderTest client(GetParam());
  ASSERT_TRUE(client.Start(kLoopback, peer->port()));
  EXPECT_EQ(InForkedChild([&](Child& child) {
              ExpectStoppedForGood(child, client.client(),
                                   [&] { return client->Start(kLoopback, peer->port()); });
              client.Destroy();
            }),
            "");
  ExpectConverses(client, *peer);
  EXPECT_EQ(client.events().log().CountEnds(), 0u);
}

// Spec: fault 32
TEST_P(UdpCastInProcess, IsStoppedForGoodInAForkedChild) {
  if (NeedsKernel("forks")) return;
  UdpCastUnderTest cast(GetParam());
  MustStart(cast);
  EXPECT_EQ(InForkedChild([&](Child& child) {
              ExpectStoppedForGood(child, cast.client(), [&] { return cast->Start(kGroup, 1); });
              cast.Destroy();
            }),
            "");
  ASSERT_TRUE(cast.Send("the parent goes on"));
  EXPECT_TRUE(cast.Hears("the parent goes on"));
  EXPECT_EQ(cast.events().log().CountEnds(), 0u);
}

// Spec: fault 31, decisions 7.1
TEST_P(UdpServerInProcess, IsNotDisturbedByAStormOfSignals) {
  if (NeedsKernel("sends signals to threads")) return;
  const SignalStorm storm;
  for (int round = 0; round < 5; ++round) {
    UdpServerUnderTest server(GetParam());
    server.EchoBack();
    server.MustStart();
    Session session = server.Meet();
    EXPECT_EQ(session.peer->ReceiveData(Deadline::Patient()), "hello");
    for (int i = 0; i < 100; ++i) server.ExpectEcho(session, std::to_string(i));
    EXPECT_TRUE(server->Stop());
    EXPECT_EQ(server.events().log().Count(EventKind::kError), 0u);
  }
  EXPECT_TRUE(RunUntil([&] { return storm.count() >= 10; }));
}

// Spec: fault 31, decisions 7.1
TEST_P(UdpClientInProcess, IsNotDisturbedByAStormOfSignals) {
  if (NeedsKernel("sends signals to threads")) return;
  const SignalStorm storm;
  const auto peer = BindPeer(kLoopback);
  for (int round = 0; round < 5; ++round) {
    UdpClientUnderTest client(GetParam());
    ASSERT_TRUE(client.Start(kLoopback, peer->port(), round % 2 == 1));
    ASSERT_TRUE(client.events().WaitForCount(EventKind::kConnect, 1));
    for (int i = 0; i < 100 && !HasFatalFailure(); ++i) ExpectConverses(client, *peer);
    EXPECT_TRUE(client->Stop());
    EXPECT_EQ(client.events().log().Count(EventKind::kError), 0u);
  }
}

// Asks the kernel again and again before it sleeps, and neither there nor then misses anything.
// Spec: decisions 8.2/10
TEST_P(UdpServerInProcess, MissesNothingWhileItPolls) {
  for (const uint32_t busy_poll : {1u, 50u, 1000u}) {
    SCOPED_TRACE(busy_poll);
    UdpServerUnderTest server(GetParam());
    server->SetBusyPoll(busy_poll);
    EXPECT_EQ(server->GetBusyPoll(), busy_poll);
    server.EchoBack();
    server.MustStart();
    Session session = server.Meet();
    EXPECT_EQ(session.peer->ReceiveData(Deadline::Patient()), "hello");
    for (int round = 0; round < 20; ++round) {
      server.ExpectEcho(session, "polled");
      ASSERT_TRUE(server.Send(session.id, "woken"));
      EXPECT_EQ(session.peer->ReceiveData(Deadline::Patient()), "woken");
    }
    ASSERT_TRUE(server->Stop());
    EXPECT_EQ(server.events().log().Count(EventKind::kClose, session.id), 1u);
  }
}

// Spec: decisions 8.2/10
TEST_P(UdpClientInProcess, MissesNothingWhileItPolls) {
  const auto peer = BindPeer(kLoopback);
  for (const uint32_t busy_poll : {1u, 50u, 1000u}) {
    SCOPED_TRACE(busy_poll);
    UdpClientUnderTest client(GetParam());
    client->SetBusyPoll(busy_poll);
    ASSERT_TRUE(client.Start(kLoopback, peer->port()));
    for (int i = 0; i < 20 && !HasFatalFailure(); ++i) ExpectConverses(client, *peer);
    EXPECT_TRUE(client->Stop());
  }
}

}  // namespace
}  // namespace hpsocket::conformance
