// Conformance: the sessions of a UDP server, from the first datagram of a peer to the last event.
#include <sys/socket.h>

#include <cerrno>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/udp_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/thread.h"
#include "hpsocket/testing/harness/variant.h"

namespace hpsocket::conformance {
namespace {

using harness::DatagramPeer;
using harness::Deadline;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;
using harness::RunUntil;
using harness::Thread;

class UdpServerSessions : public UdpTest<harness::UdpServerFactory> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpServerSessions);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpServerSessions, ::testing::ValuesIn(harness::UdpServers()),
                         NameOfUdp<harness::UdpServerFactory>);

// Spec: §1.4, §2.2.1, api §6.12/1, api §6.12/8, decisions 6.1, C21
TEST_P(UdpServerSessions, EachPeerHasOneAndItsDatagramsComeWhole) {
  UdpServerUnderTest server(GetParam());
  server.EchoBack();
  server.MustStart();
  std::vector<Session> sessions;
  std::set<CONNID> ids;
  for (int i = 0; i < 20; ++i) {
    sessions.push_back(server.Meet());
    EXPECT_EQ(sessions.back().peer->ReceiveData(Deadline::Patient()), "hello");
    ids.insert(sessions.back().id);
  }
  EXPECT_EQ(ids.size(), 20u);
  EXPECT_EQ(server->GetConnectionCount(), 20u);
  for (Session& session : sessions) {
    for (const size_t size : {size_t{1}, size_t{64}, size_t{1472}})
      server.ExpectEcho(session, std::string(size, 's'));
    EXPECT_EQ(session.peer->last_source_port(), server.port()) << "all are sent from the one socket";
    // One event for each.
    EXPECT_EQ(server.events().log().Count(EventKind::kReceive, session.id), 4u);
  }
  EXPECT_TRUE(RunUntil([&] { return server.Stats().total_connections == 20; }));
}

// Spec: api §6.2/1, api §6.2/4, api §6.2/5, decisions 6.2
TEST_P(UdpServerSessions, KeepTheOrderOfABurst) {
  UdpServerUnderTest server(GetParam());
  server.udp().SetReceiveBufferSize(4 << 20);
  server.MustStart();
  std::vector<std::unique_ptr<DatagramPeer>> peers;
  for (int i = 0; i < 4; ++i) peers.push_back(BindPeer(kLoopback));
  constexpr int kCount = 40;
  for (int i = 0; i < kCount; ++i) {
    for (auto& peer : peers) ASSERT_TRUE(peer->SendTo(kLoopback, server.port(), std::to_string(i) + ";"));
  }
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kReceive, 4 * kCount));
  std::string expected;
  for (int i = 0; i < kCount; ++i) expected += std::to_string(i) + ";";
  const EventLog log = server.events().log();
  for (const CONNID id : log.Ids()) EXPECT_EQ(log.Received(id), expected);
}

// A blocked callback stops neither reading nor the others.
// Spec: decisions 6.2
TEST_P(UdpServerSessions, OfOtherWorkersGoOnWhileOneCallbackBlocks) {
  const uint32_t workers = harness::CurrentVariant().workers;
  if (workers == 1) GTEST_SKIP() << "there is no other worker";
  UdpServerUnderTest server(GetParam());
  server.MustStart();
  Gate gate;
  Session blocked = server.Meet();
  std::atomic<bool> inside{false};
  std::thread::id blocked_thread;
  server.events().React(EventKind::kReceive, [&](const Event& event) {
    if (event.id == blocked.id) {
      blocked_thread = std::this_thread::get_id();
      inside.store(true);
      EXPECT_TRUE(gate.Pass());
      return HR_OK;
    }
    return server.Send(event.id, event.data) ? HR_OK : HR_ERROR;
  });
  ASSERT_TRUE(blocked.peer->SendTo(kLoopback, server.port(), "block"));
  ASSERT_TRUE(RunUntil([&] { return inside.load(); }));
  // Some of these meet the blocked worker; at least one meets another.
  std::vector<std::unique_ptr<DatagramPeer>> peers;
  int answered = 0;
  for (int i = 0; i < 32; ++i) {
    peers.push_back(BindPeer(kLoopback));
    ASSERT_TRUE(peers.back()->SendTo(kLoopback, server.port(), "x"));
  }
  EXPECT_TRUE(RunUntil([&] {
    for (auto& peer : peers) answered += peer->Quiet() ? 0 : 1;
    return answered > 0;
  }));
  gate.Open();
  for (auto& peer : peers) EXPECT_EQ(peer->ReceiveData(Deadline::Patient()), "x");
}

// Spec: api §6.12/2, decisions 6.1, fault 22, C21, §4.2/7
TEST_P(UdpServerSessions, AnswerEmptyDatagramsAndDeliverNone) {
  UdpServerUnderTest server(GetParam());
  server.MustStart();
  auto peer = BindPeer(kLoopback);
  ASSERT_TRUE(peer->SendTo(kLoopback, server.port(), ""));
  EXPECT_EQ(peer->Receive(Deadline::Patient()), "") << "a session may begin with one";
  EXPECT_EQ(server->GetConnectionCount(), 1u);
  ASSERT_TRUE(peer->SendTo(kLoopback, server.port(), "x"));
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kReceive, 1));
  const EventLog log = server.events().log();
  EXPECT_EQ(log.Count(EventKind::kAccept), 1u);
  EXPECT_EQ(log.Count(EventKind::kReceive), 1u);
  EXPECT_EQ(log.Count(EventKind::kSend), 0u) << "the answer is the library's own";
}

// Spec: api §6.12/4, decisions 6.3, C21
TEST_P(UdpServerSessions, GoOnAfterAnOversizeDatagram) {
  UdpServerUnderTest server(GetParam());
  server.udp().SetMaxDatagramSize(100);
  server.EchoBack();
  server.MustStart();
  auto stranger = BindPeer(kLoopback);
  ASSERT_TRUE(stranger->SendTo(kLoopback, server.port(), std::string(101, 'x')));
  Session session = server.Meet(std::string(100, 'a'));
  EXPECT_EQ(session.peer->ReceiveData(Deadline::Patient()), std::string(100, 'a'));
  ASSERT_TRUE(session.peer->SendTo(kLoopback, server.port(), std::string(101, 'x')));
  ASSERT_TRUE(session.peer->SendTo(kLoopback, server.port(), std::string(65507, 'x')));
  server.ExpectEcho(session, "b");
  EXPECT_TRUE(RunUntil([&] { return server.Stats().oversize_datagrams == 3; }));
  EXPECT_EQ(server->GetConnectionCount(), 1u) << "a stranger's is ignored";
}

// Spec: decisions 6.3, decisions 8.5/2
TEST_P(UdpServerSessions, EndByAnOversizeDatagramWhereThatIsAskedFor) {
  UdpServerUnderTest server(GetParam());
  server.udp().SetMaxDatagramSize(100);
  server.udp().SetCloseOnOversize(true);
  server.MustStart();
  Session session = server.Meet();
  ASSERT_TRUE(session.peer->SendTo(kLoopback, server.port(), std::string(101, 'x')));
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kError, 1));
  const Event error = *server.events().log().First(EventKind::kError, session.id);
  EXPECT_EQ(error.operation, SO_RECEIVE);
  EXPECT_EQ(error.error, EMSGSIZE);
}

// Spec: api §6.9/1, §4.2/1, decisions 1.4, C23
TEST_P(UdpServerSessions, HaveIdsOfOneCounterForAllComponents) {
  UdpServerUnderTest first(GetParam());
  UdpServerUnderTest second(GetParam());
  first.MustStart();
  second.MustStart();
  CONNID last = 0;
  for (int i = 0; i < 20; ++i) {
    UdpServerUnderTest& server = i % 3 == 0 ? second : first;
    const Session session = server.Meet();
    EXPECT_GT(session.id, last);
    last = session.id;
    if (i % 2 == 0) {
      EXPECT_TRUE(server->Disconnect(session.id));
    }
  }
  ASSERT_TRUE(first->Stop());
  first.MustStart();
  EXPECT_GT(first.Meet().id, last) << "a restart does not begin anew";
}

// Spec: §2.1.3, api §6.3/1, api §6.3/5, api §6.5/1, api §6.9/2, api §6.12/5, decisions 4.4, decisions 6.1
// Spec: fault 16
TEST_P(UdpServerSessions, AreNewOnesAfterTheirEnd) {
  UdpServerUnderTest server(GetParam());
  server.EchoBack();
  server.MustStart();
  Session session = server.Meet();
  const CONNID first = session.id;
  EXPECT_EQ(session.peer->ReceiveData(Deadline::Patient()), "hello");
  ASSERT_TRUE(server->Disconnect(first, false)) << "the flag has no effect";
  ASSERT_TRUE(server.CountBecomes(0));
  EXPECT_FALSE(server->Disconnect(first));
  EXPECT_EQ(errno, EBADSLT);
  EXPECT_FALSE(server.Send(first, "x"));
  EXPECT_EQ(errno, EBADSLT);
  EXPECT_TRUE(session.peer->Quiet()) << "the peer is not told";
  server.ExpectEcho(session, "again");
  const EventLog log = server.events().log();
  ASSERT_EQ(log.Ids().size(), 2u);
  EXPECT_NE(log.Ids()[1], first);
  EXPECT_EQ(log.Count(EventKind::kClose, first), 1u);
}

// Spec: api §3.2/7, api §6.3/2, C06
TEST_P(UdpServerSessions, AreRefusedByOnAccept) {
  UdpServerUnderTest server(GetParam());
  server.events().React(EventKind::kAccept, [](const Event&) { return HR_ERROR; });
  server.MustStart();
  auto peer = BindPeer(kLoopback);
  ASSERT_TRUE(peer->SendTo(kLoopback, server.port(), "a"));
  ASSERT_TRUE(peer->SendTo(kLoopback, server.port(), "b"));
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kAccept, 2)) << "the next datagram asks again";
  ASSERT_TRUE(server.CountBecomes(0));
  const EventLog log = server.events().log();
  EXPECT_EQ(log.Count(EventKind::kReceive), 0u) << "the datagrams are discarded";
  EXPECT_EQ(log.CountEnds(), 0u);
}

// Spec: §2.1.5, api §6.3/7, api §6.3/8, api §6.9/3, C08, C09, C15, api §6.12/7
TEST_P(UdpServerSessions, KeepAnExtraFromTheFirstEventToTheLast) {
  UdpServerUnderTest server(GetParam());
  int extra = 0;
  server.events().Do(EventKind::kAccept, [&](const Event& event) {
    void* found = &extra;
    EXPECT_TRUE(server->GetConnectionExtra(event.id, &found));
    EXPECT_EQ(found, nullptr);
    EXPECT_TRUE(server->SetConnectionExtra(event.id, &extra));
    EXPECT_TRUE(server.Send(event.id, "welcome")) << "Send works here";
    EXPECT_EQ(server->GetConnectionCount(), 1u);
  });
  server.events().Do(EventKind::kClose, [&](const Event& event) {
    void* found = nullptr;
    EXPECT_TRUE(server->GetConnectionExtra(event.id, &found));
    EXPECT_EQ(found, &extra);
    char address[64];
    int room = sizeof(address);
    uint16_t port = 0;
    EXPECT_TRUE(server->GetRemoteAddress(event.id, address, room, port));
    EXPECT_STREQ(address, kLoopback);
    uint32_t period = 0;
    EXPECT_FALSE(server->GetConnectPeriod(event.id, period));
    EXPECT_FALSE(server.Send(event.id, "x"));
    EXPECT_EQ(server->GetConnectionCount(), 1u);
  });
  server.MustStart();
  Session session = server.Meet();
  EXPECT_EQ(session.peer->ReceiveData(Deadline::Patient()), "welcome");
  uint32_t period = 0;
  EXPECT_TRUE(server->GetConnectPeriod(session.id, period));
  char address[64];
  int room = 3;
  uint16_t port = 0;
  EXPECT_FALSE(server->GetRemoteAddress(session.id, address, room, port));
  EXPECT_EQ(room, 10);
  EXPECT_EQ(port, session.peer->port());
  CONNID ids[2];
  uint32_t count = 2;
  EXPECT_TRUE(server->GetAllConnectionIDs(ids, count));
  EXPECT_EQ(count, 1u);
  EXPECT_EQ(ids[0], session.id);
  ASSERT_TRUE(server->Disconnect(session.id));
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kClose, 1));
  ASSERT_TRUE(server.CountBecomes(0));
  void* found = nullptr;
  EXPECT_FALSE(server->GetConnectionExtra(session.id, &found));
}

// Spec: §4.2/4, api §6.5, api §6.8/7, api §6.12/2
TEST_P(UdpServerSessions, AreSilentUntilBytesCome) {
  UdpServerUnderTest server(GetParam());
  server.MustStart();
  Session session = server.Meet();
  uint32_t silence = 0;
  EXPECT_FALSE(server->GetSilencePeriod(session.id, silence)) << "not marked";
  EXPECT_FALSE(server->DisconnectSilenceConnections(0));
  EXPECT_EQ(errno, EPERM);
  server->SetMarkSilence(true);
  ASSERT_TRUE(RunUntil([&] { return server->GetSilencePeriod(session.id, silence) && silence >= 50; }));
  // An empty datagram is no byte.
  ASSERT_TRUE(session.peer->SendTo(kLoopback, server.port(), ""));
  ASSERT_EQ(session.peer->Receive(Deadline::Patient()), "");
  ASSERT_TRUE(server->GetSilencePeriod(session.id, silence));
  EXPECT_GE(silence, 50u);
  EXPECT_FALSE(server->DisconnectSilenceConnections(3'600'000));
  EXPECT_TRUE(server->DisconnectSilenceConnections(50));
  EXPECT_TRUE(server.CountBecomes(0));
  EXPECT_FALSE(server->DisconnectLongConnections(0));
  EXPECT_EQ(errno, EBADSLT);
}

// Spec: decisions 8.3/2
TEST_P(UdpServerSessions, EndWhenTheyAreIdle) {
  UdpServerUnderTest server(GetParam());
  server->SetMaxIdleTime(100);
  server.MustStart();
  const Session session = server.Meet();
  EXPECT_TRUE(server.events().WaitForCount(EventKind::kClose, 1));
  EXPECT_TRUE(server.CountBecomes(0));
}

// Spec: api §6.12/3, decisions 6.1, C21, §4.2/6
TEST_P(UdpServerSessions, EndByDetectionAndAnyDatagramPutsThatOff) {
  UdpServerUnderTest server(GetParam());
  server.udp().SetDetectAttempts(1);
  server.udp().SetDetectInterval(1);
  server.MustStart();
  Session quiet = server.Meet();
  Session lively = server.Meet();
  // As long as the other has not ended this one speaks, and so stays.
  ASSERT_TRUE(RunUntil([&] {
    lively.peer->SendTo(kLoopback, server.port(), "x");
    return server.events().log().Count(EventKind::kClose, quiet.id) == 1;
  }));
  EXPECT_EQ(server.events().log().CountEnds(lively.id), 0u);
  EXPECT_TRUE(server.events().WaitForCount(EventKind::kClose, 2));
}

// Spec: decisions 6.5, decisions 8.3/1
TEST_P(UdpServerSessions, OfTheMostSilentMakeRoomForNewOnes) {
  UdpServerUnderTest server(GetParam());
  server->SetMaxConnectionCount(3);
  server.MustStart();
  std::vector<Session> sessions;
  for (int i = 0; i < 10; ++i) {
    sessions.push_back(server.Meet());
    ASSERT_TRUE(RunUntil([&] { return server->GetConnectionCount() <= 3; }));
    // Sessions that were heard in the same millisecond have no order.
    uint32_t age = 0;
    ASSERT_TRUE(RunUntil([&] { return server->GetConnectPeriod(sessions.back().id, age) && age >= 2; }));
  }
  EXPECT_EQ(server.Stats().evicted_sessions, 7u);
  const EventLog log = server.events().log();
  for (size_t i = 0; i < sessions.size(); ++i)
    EXPECT_EQ(log.Count(EventKind::kClose, sessions[i].id), i < 7 ? 1u : 0u) << i;
}

// All others are ending already when it comes: none of them has to be ended for it, and least of all itself.
// Spec: decisions 2.7, decisions 6.5
TEST_P(UdpServerSessions, AreNotEndedBeforeTheyHaveBegun) {
  UdpServerUnderTest server(GetParam());
  server->SetMaxConnectionCount(1);
  server.MustStart();
  const Session first = server.Meet();
  auto fresh = BindPeer(kLoopback);
  server.events().Do(EventKind::kSend, [&](const Event& event) {
    // The answer to this leaves just before the worker reads again.
    if (event.data == "first") {
      EXPECT_TRUE(server.Send(event.id, "second"));
    } else {
      EXPECT_TRUE(fresh->SendTo(kLoopback, server.port(), "fresh"));
      EXPECT_TRUE(server->Disconnect(event.id));
    }
  });
  ASSERT_TRUE(server.Send(first.id, "first"));
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kReceive, 2));
  ASSERT_TRUE(server.CountBecomes(1));
  const EventLog log = server.events().log();
  ASSERT_EQ(log.Ids().size(), 2u);
  EXPECT_EQ(log.CountEnds(first.id), 1u);
  EXPECT_EQ(log.CountEnds(log.Ids()[1]), 0u);
  EXPECT_EQ(log.Received(log.Ids()[1]), "fresh");
}

// What our side is ending makes room by that.
// Spec: decisions 6.5
TEST_P(UdpServerSessions, StayWhereOneThatEndsMakesRoom) {
  if (harness::CurrentVariant().workers != 1) GTEST_SKIP() << "others end it while this one reads";
  UdpServerUnderTest server(GetParam());
  server->SetMaxConnectionCount(2);
  server.MustStart();
  Session first = server.Meet();
  Session second = server.Meet();
  auto fresh = BindPeer(kLoopback);
  Gate gate;
  server.events().Do(EventKind::kReceive, [&](const Event& event) {
    if (event.id == first.id) {
      EXPECT_TRUE(gate.Pass());
    } else if (event.id == second.id) {
      EXPECT_TRUE(server->Disconnect(first.id));
    }
  });
  ASSERT_TRUE(first.peer->SendTo(kLoopback, server.port(), "block"));
  ASSERT_TRUE(RunUntil([&] { return server.events().running() == 1; }));
  // These are read together.
  ASSERT_TRUE(second.peer->SendTo(kLoopback, server.port(), "end the first"));
  ASSERT_TRUE(fresh->SendTo(kLoopback, server.port(), "fresh"));
  gate.Open();
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kReceive, 5));
  ASSERT_TRUE(server.CountBecomes(2));
  EXPECT_EQ(server.events().log().CountEnds(first.id), 1u);
  EXPECT_EQ(server.events().log().CountEnds(second.id), 0u);
  EXPECT_EQ(server.Stats().evicted_sessions, 0u);
}

// Spec: decisions 3.2
TEST_P(UdpServerSessions, LetOurCloseOvertakeOnReceiveWhenParallel) {
  UdpServerUnderTest server(GetParam());
  const bool parallel =
      harness::CurrentVariant().recv_policy == RP_PARALLEL && harness::CurrentVariant().workers > 1;
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
  ASSERT_TRUE(server->Disconnect(session.id));
  if (parallel) {
    EXPECT_TRUE(server.events().WaitForCount(EventKind::kClose, 1));
  } else {
    EXPECT_EQ(server.events().log().Count(EventKind::kClose), 0u);
  }
  gate.Open();
  EXPECT_TRUE(server.events().WaitForCount(EventKind::kClose, 1));
  EXPECT_TRUE(server.CountBecomes(0));
}

// Spec: api §6.12, decisions 3.2
TEST_P(UdpServerSessions, LetDetectionOvertakeOnReceiveWhenParallel) {
  UdpServerUnderTest server(GetParam());
  const bool parallel =
      harness::CurrentVariant().recv_policy == RP_PARALLEL && harness::CurrentVariant().workers > 1;
  if (!parallel) return;  // it comes when OnReceive has returned, as everything does
  Gate gate;
  server.events().Do(EventKind::kReceive, [&](const Event& event) {
    if (event.data == "block") {
      EXPECT_TRUE(gate.Pass());
    }
  });
  server.udp().SetDetectAttempts(1);
  server.udp().SetDetectInterval(1);
  server.MustStart();
  const auto silent = BindPeer(kLoopback);
  ASSERT_TRUE(silent->SendTo(kLoopback, server.port(), "block"));
  EXPECT_TRUE(server.events().WaitForCount(EventKind::kClose, 1));
  EXPECT_EQ(server.events().running(), 1) << "its OnReceive";
  gate.Open();
  EXPECT_TRUE(server.CountBecomes(0));
}

// Spec: api §2.1/15t, decisions 5.1, decisions 5.3
TEST_P(UdpServerSessions, OfIPv4PeersOfADualStackSocketLookLikeIPv4) {
  UdpServerUnderTest server(GetParam());
  server.EchoBack();
  server.MustStart("::");
  Session four = server.Meet();
  EXPECT_EQ(four.peer->ReceiveData(Deadline::Patient()), "hello");
  char address[64];
  int room = sizeof(address);
  uint16_t port = 0;
  ASSERT_TRUE(server->GetRemoteAddress(four.id, address, room, port));
  EXPECT_STREQ(address, kLoopback);
  auto six = BindPeer("::1");
  ASSERT_NE(six, nullptr);
  ASSERT_TRUE(six->SendTo("::1", server.port(), "six"));
  EXPECT_EQ(six->ReceiveData(Deadline::Patient()), "six");
  const EventLog log = server.events().log();
  ASSERT_EQ(log.Ids().size(), 2u);
  const Event& of_four = *log.First(EventKind::kAccept, four.id);
  EXPECT_EQ(of_four.family, AF_INET);
  EXPECT_EQ(of_four.peer_address, kLoopback);
  EXPECT_EQ(of_four.peer_port, four.peer->port());
  const Event& of_six = *log.First(EventKind::kAccept, log.Ids()[1]);
  EXPECT_EQ(of_six.family, AF_INET6);
  EXPECT_EQ(of_six.peer_address, "::1");
  EXPECT_EQ(of_six.peer_port, six->port());
}

}  // namespace
}  // namespace hpsocket::conformance
