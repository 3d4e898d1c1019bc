// Conformance: what a UDP server sends, and what it refuses to.
#include <sys/socket.h>

#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/udp_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/thread.h"
#include "hpsocket/testing/harness/variant.h"

namespace hpsocket::conformance {
namespace {

using harness::Deadline;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;
using harness::RunUntil;
using harness::Thread;

class UdpServerSending : public UdpTest<harness::UdpServerFactory> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpServerSending);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpServerSending, ::testing::ValuesIn(harness::UdpServers()),
                         NameOfUdp<harness::UdpServerFactory>);

// Spec: §2.1.2, api §6.6, decisions 4.2, C11, C12, C21
TEST_P(UdpServerSending, ReportsEachDatagramThatLeftOnceAndInOrder) {
  UdpServerUnderTest server(GetParam());
  server.MustStart();
  Session session = server.Meet();
  std::string expected;
  // Equal ones in a row leave as one message of the kernel's, where it cuts them.
  for (int i = 0; i < 60; ++i) {
    const std::string text = i % 7 == 3 ? "short" : "datagram " + std::to_string(100 + i);
    expected += text;
    ASSERT_TRUE(server.Send(session.id, text));
  }
  std::string arrived;
  for (int i = 0; i < 60; ++i) arrived += session.peer->ReceiveData(Deadline::Patient()).value_or("nothing");
  EXPECT_EQ(arrived, expected);
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kSend, 60));
  const EventLog log = server.events().log();
  EXPECT_EQ(log.Count(EventKind::kSend, session.id), 60u) << "one each";
  EXPECT_EQ(log.Sent(session.id), expected);
  int pending = -1;
  EXPECT_TRUE(server->GetPendingDataLength(session.id, pending));
  EXPECT_EQ(pending, 0);
  EXPECT_TRUE(RunUntil([&] { return server.Stats().pending_bytes == 0; }));
}

// Equal ones in a row share memory and leave together, however many are added while they leave.
// Spec: §2.2.1, api §6.6, decisions 3.4
TEST_P(UdpServerSending, KeepsTheOrderOfWhatCallbacksSendInRuns) {
  constexpr int kAtOnce = 80;
  constexpr int kLater = 60;
  UdpServerUnderTest server(GetParam());
  std::string accepted;  // on the session's worker
  int count = 0;
  const auto send_next = [&](CONNID id) {
    // Runs of 1, of a few and of many; of two lengths.
    const bool longer = count % 9 == 4 || (count > 30 && count < 50);
    const std::string text = (longer ? "longer datagram " : "datagram ") + std::to_string(100 + count++);
    EXPECT_TRUE(server.Send(id, text));
    accepted += text;
  };
  server.events().Do(EventKind::kReceive, [&](const Event& event) {
    if (event.data != "begin") return;
    for (int i = 0; i < kAtOnce; ++i) send_next(event.id);
  });
  server.events().Do(EventKind::kSend, [&](const Event& event) {
    if (count < kAtOnce + kLater) send_next(event.id);
  });
  server.MustStart();
  Session session = server.Meet();
  ASSERT_TRUE(session.peer->SendTo(kLoopback, server.port(), "begin"));
  std::string arrived;
  for (int i = 0; i < kAtOnce + kLater; ++i)
    arrived += session.peer->ReceiveData(Deadline::Patient()).value_or("nothing");
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kSend, kAtOnce + kLater));
  EXPECT_EQ(arrived, accepted);
  const EventLog log = server.events().log();
  EXPECT_EQ(log.Count(EventKind::kSend, session.id), size_t{kAtOnce + kLater}) << "one each";
  EXPECT_EQ(log.Sent(session.id), accepted);
  int pending = -1;
  EXPECT_TRUE(server->GetPendingDataLength(session.id, pending));
  EXPECT_EQ(pending, 0);
  EXPECT_TRUE(RunUntil([&] { return server.Stats().pending_bytes == 0; }));
}

// On a socket without checksums the kernel takes no message that it would have to cut.
// Spec: decisions 4.2, decisions 6.7, fault 28
TEST_P(UdpServerSending, SendsOneByOneWhatTheKernelDoesNotCut) {
  constexpr size_t kCount = 150;  // more than leave in one call
  UdpServerUnderTest server(GetParam());
  server.events().Do(EventKind::kPrepareListen, [](const Event& event) {
    EXPECT_TRUE(harness::Environment::Current().SetOption(event.socket, SOL_SOCKET, SO_NO_CHECK, 1));
  });
  // What a callback sends leaves together after it.
  server.events().Do(EventKind::kReceive, [&](const Event& event) {
    if (event.data != "run") return;
    for (size_t i = 0; i < kCount; ++i) EXPECT_TRUE(server.Send(event.id, std::to_string(100 + i)));
  });
  server.MustStart();
  Session session = server.Meet();
  for (size_t run = 1; run <= 2; ++run) {
    ASSERT_TRUE(session.peer->SendTo(kLoopback, server.port(), "run"));
    for (size_t i = 0; i < kCount; ++i)
      ASSERT_EQ(session.peer->ReceiveData(Deadline::Patient()), std::to_string(100 + i));
    ASSERT_TRUE(server.events().WaitForCount(EventKind::kSend, run * kCount)) << "one each";
  }
  std::string expected;
  for (size_t i = 0; i < 2 * kCount; ++i) expected += std::to_string(100 + i % kCount);
  EXPECT_EQ(server.events().log().Sent(session.id), expected);
  EXPECT_EQ(server.Stats().dropped_datagrams, 0u);
}

// Spec: api §6.6, decisions 4.6, C21
TEST_P(UdpServerSending, RefusesWhatIsNoDatagram) {
  UdpServerUnderTest server(GetParam());
  server.udp().SetMaxDatagramSize(100);
  server.MustStart();
  Session session = server.Meet();
  const std::string bytes(101, 'x');
  EXPECT_FALSE(server->Send(session.id, BytesOf(bytes), 0));
  EXPECT_EQ(errno, EINVAL);
  EXPECT_FALSE(server->Send(session.id, nullptr, 1));
  EXPECT_EQ(errno, EINVAL);
  EXPECT_FALSE(server->Send(session.id, BytesOf(bytes), -1));
  EXPECT_EQ(errno, EINVAL);
  EXPECT_FALSE(server->Send(session.id, BytesOf(bytes), 101));
  EXPECT_EQ(errno, EMSGSIZE);
  EXPECT_FALSE(server->Send(session.id + 1000, BytesOf(bytes), 1));
  EXPECT_EQ(errno, EBADSLT);
  WSABUF pieces[3] = {
      {60, const_cast<uint8_t*>(BytesOf(bytes))}, {0, nullptr}, {41, const_cast<uint8_t*>(BytesOf(bytes))}};
  EXPECT_FALSE(server->SendPackets(session.id, pieces, 3));
  EXPECT_EQ(errno, EMSGSIZE);
  EXPECT_FALSE(server->SendPackets(session.id, pieces + 1, 1)) << "nothing at all";
  EXPECT_EQ(errno, EINVAL);
  pieces[2].len = 40;
  EXPECT_TRUE(server->SendPackets(session.id, pieces, 3));
  EXPECT_EQ(session.peer->ReceiveData(Deadline::Patient()), std::string(100, 'x')) << "one datagram";
  EXPECT_FALSE(server->PauseReceive(session.id));
  EXPECT_EQ(errno, EPERM);
  EXPECT_EQ(server->GetLastError(), SE_OK) << "unchanged by a failing Send";
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kSend, 1));
}

// Spec: decisions 4.6, decisions 6.7
TEST_P(UdpServerSending, TakesTheLargestDatagramThereIs) {
  UdpServerUnderTest server(GetParam());
  server.udp().SetMaxDatagramSize(65535);
  server.EchoBack();
  server.MustStart();
  Session session = server.Meet();
  EXPECT_EQ(session.peer->ReceiveData(Deadline::Patient()), "hello");
  server.ExpectEcho(session, std::string(65507, 'x'));
  const std::string bytes(65508, 'x');
  EXPECT_FALSE(server->Send(session.id, BytesOf(bytes), 65508));
  EXPECT_EQ(errno, EMSGSIZE);
  server.ExpectEcho(session, "still here");
}

// Spec: §2.2.1, decisions 3.3, decisions 3.4, §4.2/9
TEST_P(UdpServerSending, KeepsTheOrderOfEachThread) {
  UdpServerUnderTest server(GetParam());
  server.MustStart();
  constexpr int kThreads = 3;
  constexpr int kCount = 30;
  std::vector<Session> sessions;
  for (int i = 0; i < kThreads; ++i) sessions.push_back(server.Meet());
  {
    std::vector<Thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kCount; ++i)
          EXPECT_TRUE(server.Send(sessions[static_cast<size_t>(t)].id, std::to_string(i)));
      });
    }
  }
  for (Session& session : sessions) {
    for (int i = 0; i < kCount; ++i)
      EXPECT_EQ(session.peer->ReceiveData(Deadline::Patient()), std::to_string(i));
  }
}

// What waits is bounded; the worker is kept from sending by a callback.
// Spec: decisions 4.3, decisions 4.6
TEST_P(UdpServerSending, BoundsWhatWaits) {
  if (harness::CurrentVariant().send_policy == SP_DIRECT) GTEST_SKIP() << "the caller sends at once";
  UdpServerUnderTest server(GetParam());
  server->SetMaxPendingLength(1000);
  Gate gate;
  server.events().Do(EventKind::kReceive, [&](const Event& event) {
    if (event.data == "block") {
      EXPECT_TRUE(gate.Pass());
    }
  });
  server.MustStart();
  Session session = server.Meet();
  ASSERT_TRUE(session.peer->SendTo(kLoopback, server.port(), "block"));
  ASSERT_TRUE(RunUntil([&] { return server.events().running() == 1; }));
  const std::string half(500, 'x');
  EXPECT_TRUE(server.Send(session.id, half));
  EXPECT_TRUE(server.Send(session.id, half));
  EXPECT_FALSE(server.Send(session.id, "x"));
  EXPECT_EQ(errno, ENOBUFS);
  EXPECT_FALSE(server.Send(session.id, std::string(1001, 'x')));
  EXPECT_EQ(errno, EMSGSIZE);
  int pending = 0;
  EXPECT_TRUE(server->GetPendingDataLength(session.id, pending));
  EXPECT_EQ(pending, 1000);
  EXPECT_EQ(server.Stats().pending_bytes, 1000u);
  gate.Open();
  EXPECT_EQ(session.peer->ReceiveData(Deadline::Patient()), half);
  EXPECT_EQ(session.peer->ReceiveData(Deadline::Patient()), half);
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kSend, 2));
  EXPECT_TRUE(server.Send(session.id, "x"));
}

// Spec: decisions 4.4
TEST_P(UdpServerSending, SendsWhatItHadAcceptedBeforeTheEnd) {
  UdpServerUnderTest server(GetParam());
  server.events().Do(EventKind::kReceive, [&](const Event& event) {
    if (event.data != "bye") return;
    EXPECT_TRUE(server.Send(event.id, "good"));
    EXPECT_TRUE(server.Send(event.id, "bye"));
    EXPECT_TRUE(server->Disconnect(event.id));
    EXPECT_FALSE(server.Send(event.id, "late"));
  });
  server.MustStart();
  Session session = server.Meet();
  ASSERT_TRUE(session.peer->SendTo(kLoopback, server.port(), "bye"));
  EXPECT_EQ(session.peer->ReceiveData(Deadline::Patient()), "good");
  EXPECT_EQ(session.peer->ReceiveData(Deadline::Patient()), "bye");
  EXPECT_TRUE(server.CountBecomes(0));
}

// ICMP says so of each datagram for a peer that has closed its socket: of the one socket that all share.
// Spec: decisions 6.4, decisions 6.7, fault 24
TEST_P(UdpServerSending, LosesNothingOfOthersToAPeerThatIsGone) {
  constexpr size_t kCount = 50;
  UdpServerUnderTest server(GetParam());
  server.EchoBack();
  server.MustStart();
  Session first = server.Meet();
  Session gone = server.Meet();
  Session last = server.Meet();
  for (Session* session : {&first, &gone, &last})
    ASSERT_EQ(session->peer->ReceiveData(Deadline::Patient()), "hello");
  gone.peer.reset();
  for (size_t i = 0; i < kCount; ++i) {
    for (const CONNID id : {first.id, gone.id, last.id}) ASSERT_TRUE(server.Send(id, std::to_string(i)));
  }
  for (Session* session : {&first, &last}) {
    for (size_t i = 0; i < kCount; ++i)
      ASSERT_EQ(session->peer->ReceiveData(Deadline::Patient()), std::to_string(i));
  }
  for (const CONNID id : {first.id, gone.id, last.id}) {
    EXPECT_TRUE(server.events().WaitFor(
        [id](const EventLog& log) { return log.Count(EventKind::kSend, id) == 1 + kCount; }));
  }
  server.ExpectEcho(first, "still heard");
  EXPECT_EQ(server.events().log().CountEnds(), 0u) << "detection finds out";
  EXPECT_EQ(server->GetConnectionCount(), 3u);
  EXPECT_EQ(server.Stats().dropped_datagrams, 0u);
}

// Spec: api §3.2/1
TEST_P(UdpServerSending, GoesOnWhateverOnSendAnswers) {
  UdpServerUnderTest server(GetParam());
  server.events().React(EventKind::kSend, [](const Event&) { return HR_ERROR; });
  server.EchoBack();
  server.MustStart();
  Session session = server.Meet();
  EXPECT_EQ(session.peer->ReceiveData(Deadline::Patient()), "hello");
  server.ExpectEcho(session, "x");
  server.ExpectEcho(session, "y");
}

}  // namespace
}  // namespace hpsocket::conformance
