// Conformance: what UDP servers and clients make of sizes, calls and moments that make no sense.
#include <cerrno>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
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

constexpr uint32_t kLimit = 1000;
constexpr size_t kLargest = 65507;  // what IPv4 carries

// A size, and what becomes of a call that sends so many bytes: 0, or its errno.
struct SentSize {
  size_t size;
  int error;
};
constexpr SentSize kSentSizes[] = {
    {0, EINVAL}, {1, 0}, {kLimit, 0}, {kLimit + 1, EMSGSIZE}, {kLargest, EMSGSIZE}};

class UdpServerBadInput : public UdpTest<harness::UdpServerFactory> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpServerBadInput);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpServerBadInput, ::testing::ValuesIn(harness::UdpServers()),
                         NameOfUdp<harness::UdpServerFactory>);

class UdpClientBadInput : public UdpTest<harness::UdpClientFactory> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpClientBadInput);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpClientBadInput, ::testing::ValuesIn(harness::UdpClients()),
                         NameOfUdp<harness::UdpClientFactory>);

// Spec: api §6.12/2, api §6.12/4, decisions 6.3, fault 23, input 16, C21
TEST_P(UdpServerBadInput, TakesEverySizeUpToItsLimitAndCountsTheLonger) {
  UdpServerUnderTest server(GetParam());
  server.udp().SetMaxDatagramSize(kLimit);
  server.MustStart();
  Session session = server.Meet();
  Session other = server.Meet();
  for (const size_t size : {size_t{0}, size_t{1}, size_t{kLimit}, size_t{kLimit} + 1, kLargest}) {
    ASSERT_TRUE(session.peer->SendTo(kLoopback, server.port(), std::string(size, 'd'))) << size;
    ASSERT_TRUE(other.peer->SendTo(kLoopback, server.port(), "between")) << size;
  }
  ASSERT_TRUE(session.peer->SendTo(kLoopback, server.port(), "end"));
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kReceive, 2 + 2 + 5 + 1));
  const EventLog log = server.events().log();
  EXPECT_EQ(log.Received(session.id), "hello" + std::string(1 + kLimit, 'd') + "end");
  EXPECT_EQ(log.Count(EventKind::kReceive, session.id), 4u) << "one of 1, one of the limit, no other";
  EXPECT_EQ(log.Count(EventKind::kReceive, other.id), 6u) << "nothing is lost for others";
  EXPECT_EQ(session.peer->Receive(Deadline::Patient()), "") << "the empty one was answered";
  EXPECT_EQ(server.Stats().oversize_datagrams, 2u);
  EXPECT_EQ(server->GetConnectionCount(), 2u);
}

// Spec: api §6.6, decisions 4.6, fault 23, input 16, C21
TEST_P(UdpServerBadInput, SendsEverySizeUpToItsLimitAndRefusesTheOthers) {
  UdpServerUnderTest server(GetParam());
  server.udp().SetMaxDatagramSize(kLimit);
  server.MustStart();
  Session session = server.Meet();
  const std::string bytes(kLargest, 'd');
  for (const SentSize& each : kSentSizes) {
    errno = 0;
    EXPECT_EQ(server->Send(session.id, BytesOf(bytes), static_cast<int>(each.size)), each.error == 0)
        << each.size;
    EXPECT_EQ(errno, each.error) << each.size;
    if (each.error == 0) {
      EXPECT_EQ(session.peer->Receive(Deadline::Patient()), bytes.substr(0, each.size));
    }
  }
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kSend, 2));
  ASSERT_TRUE(server.Send(session.id, "end"));
  EXPECT_EQ(session.peer->Receive(Deadline::Patient()), "end");
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kSend, 3));
  EXPECT_EQ(server.Stats().dropped_datagrams, 0u);
  EXPECT_EQ(server->GetLastError(), SE_OK);
}

// Whoever sends in somebody else's name has him sent no more than was sent, and not a byte.
// Spec: api §6.12/2, decisions 6.1, fault 26
TEST_P(UdpServerBadInput, AnswersNothingWithMore) {
  UdpServerUnderTest server(GetParam());
  server.udp().SetMaxDatagramSize(kLimit);
  server.events().Do(EventKind::kReceive, [&](const Event& event) {
    if (event.data == "end") {
      EXPECT_TRUE(server.Send(event.id, event.data));
    }
  });
  server.MustStart();
  const auto silent = BindPeer(kLoopback);
  for (const size_t size : {size_t{1}, size_t{kLimit}, size_t{kLimit} + 1, kLargest})
    ASSERT_TRUE(silent->SendTo(kLoopback, server.port(), std::string(size, 'd')));
  ASSERT_TRUE(silent->SendTo(kLoopback, server.port(), "end"));
  EXPECT_EQ(silent->Receive(Deadline::Patient()), "end") << "data has no answer of the library's";
  const auto asking = BindPeer(kLoopback);
  constexpr int kAsked = 50;
  for (int i = 0; i < kAsked; ++i) ASSERT_TRUE(asking->SendTo(kLoopback, server.port(), ""));
  ASSERT_TRUE(asking->SendTo(kLoopback, server.port(), "end"));
  int answers = 0;
  std::optional<std::string> answer;
  while ((answer = asking->Receive(Deadline::Patient())) == "") ++answers;
  EXPECT_EQ(answer, "end");
  EXPECT_GE(answers, 1);
  EXPECT_LE(answers, kAsked);
}

// Their sum does not fit into 32 bits, and would look like one byte there.
// Spec: api §6.6, decisions 4.6, input 16
TEST_P(UdpServerBadInput, RefusesPacketsWhoseTotalIsTooLong) {
  UdpServerUnderTest server(GetParam());
  server.udp().SetMaxDatagramSize(65535);
  server.MustStart();
  Session session = server.Meet();
  std::string bytes(kLargest, 'd');
  uint8_t* const data = reinterpret_cast<uint8_t*>(bytes.data());
  WSABUF wrapping[] = {{0x80000000u, data}, {0x80000000u, data}, {1, data}};
  EXPECT_FALSE(server->SendPackets(session.id, wrapping, 3));
  EXPECT_EQ(errno, EMSGSIZE);
  WSABUF pair[] = {{65000, data}, {508, data}};
  EXPECT_FALSE(server->SendPackets(session.id, pair, 2)) << "no datagram is that long, whatever the limit";
  EXPECT_EQ(errno, EMSGSIZE);
  pair[1].len = 507;
  EXPECT_TRUE(server->SendPackets(session.id, pair, 2));
  EXPECT_EQ(session.peer->Receive(Deadline::Patient()), bytes);
  WSABUF without_data[] = {{1, data}, {1, nullptr}};
  EXPECT_FALSE(server->SendPackets(session.id, without_data, 2));
  EXPECT_EQ(errno, EINVAL);
  EXPECT_FALSE(server->SendPackets(session.id, pair, 0));
  EXPECT_EQ(errno, EINVAL);
  EXPECT_FALSE(server->SendPackets(session.id, nullptr, 1));
  EXPECT_EQ(errno, EINVAL);
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kSend, 1));
  EXPECT_EQ(server.events().log().Sent(session.id), bytes);
}

// Another thread sends and disconnects while the session's worker is kept from sending.
// Spec: decisions 4.4, input 17
TEST_P(UdpServerBadInput, SendsWhatWaitsOfASessionThatIsClosedMeanwhile) {
  UdpServerUnderTest server(GetParam());
  Gate gate;
  server.events().Do(EventKind::kReceive, [&](const Event& event) {
    if (event.data == "block") {
      EXPECT_TRUE(gate.Pass());
    }
  });
  server.MustStart();
  Session closed = server.Meet();
  Session other = server.Meet();
  ASSERT_TRUE(closed.peer->SendTo(kLoopback, server.port(), "block"));
  ASSERT_TRUE(RunUntil([&] { return server.events().running() == 1; }));
  for (const char* const text : {"one", "two", "three"}) {
    ASSERT_TRUE(server.Send(closed.id, text));
    ASSERT_TRUE(server.Send(other.id, text));
  }
  ASSERT_TRUE(server->Disconnect(closed.id));
  EXPECT_FALSE(server.Send(closed.id, "late"));
  EXPECT_EQ(errno, EBADSLT);
  gate.Open();
  for (Session* session : {&closed, &other}) {
    for (const char* const text : {"one", "two", "three"})
      EXPECT_EQ(session->peer->ReceiveData(Deadline::Patient()), text);
  }
  ASSERT_TRUE(server.CountBecomes(1));
  ASSERT_TRUE(server.events().WaitFor(
      [&](const EventLog& log) { return log.Count(EventKind::kSend, other.id) == 3; }));
  EXPECT_EQ(server.events().log().Count(EventKind::kClose, closed.id), 1u);
  EXPECT_TRUE(RunUntil([&] { return server.Stats().pending_bytes == 0; }));
  EXPECT_TRUE(closed.peer->Quiet());
}

// What came after the datagram in whose event the session was closed is another session's.
// Spec: api §6.12/5, decisions 6.2, input 17
TEST_P(UdpServerBadInput, GivesWhatWaitsToBeDeliveredToANewSession) {
  UdpServerUnderTest server(GetParam());
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
  for (const char* const text : {"a", "b", "c"})
    ASSERT_TRUE(session.peer->SendTo(kLoopback, server.port(), text));
  ASSERT_TRUE(server->Disconnect(session.id));
  gate.Open();
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kReceive, 2 + 3));
  const EventLog log = server.events().log();
  ASSERT_EQ(log.Ids().size(), 2u);
  EXPECT_EQ(log.Received(log.Ids()[0]), "helloblock");
  EXPECT_EQ(log.Received(log.Ids()[1]), "abc");
  EXPECT_TRUE(server.events().WaitForCount(EventKind::kClose, 1));
  EXPECT_TRUE(server.CountBecomes(1));
  EXPECT_EQ(server.events().log().Count(EventKind::kClose, session.id), 1u);
}

// Spec: api §3.2/7, api §6.12/1, input 18
TEST_P(UdpServerBadInput, AsksOnAcceptAgainForEachDatagramThatItRefused) {
  UdpServerUnderTest server(GetParam());
  int asked = 0;
  server.events().React(EventKind::kAccept, [&](const Event&) { return ++asked == 3 ? HR_OK : HR_ERROR; });
  server.EchoBack();
  server.MustStart();
  auto peer = BindPeer(kLoopback);
  // The second is a heartbeat, which a session that is refused does not answer.
  for (const char* const text : {"a", "", "c", "d"})
    ASSERT_TRUE(peer->SendTo(kLoopback, server.port(), text));
  EXPECT_EQ(peer->Receive(Deadline::Patient()), "c");
  EXPECT_EQ(peer->Receive(Deadline::Patient()), "d");
  const EventLog log = server.events().log();
  ASSERT_EQ(log.Ids().size(), 3u);
  EXPECT_EQ(log.Received(log.Ids()[2]), "cd");
  EXPECT_EQ(log.Received(), 2u) << "what was refused is discarded";
  EXPECT_EQ(log.CountEnds(), 0u);
  EXPECT_EQ(server->GetConnectionCount(), 1u);
  EXPECT_EQ(server.Stats().total_connections, 1u);
}

// What these say changes nothing: the session is gone, the datagram has left, the server stops.
// Spec: input 15, fault 15, decisions 2.8
TEST_P(UdpServerBadInput, OutlivesAListenerThatFailsInEveryEventThatOnlyTells) {
  for (const bool throws : {false, true}) {
    SCOPED_TRACE(throws ? "exceptions" : "HR_ERROR");
    UdpServerUnderTest server(GetParam());
    server.udp().SetMaxDatagramSize(kLimit);
    server.udp().SetCloseOnOversize(true);
    const EventKind failing[] = {EventKind::kSend, EventKind::kClose, EventKind::kError,
                                 EventKind::kShutdown};
    for (const EventKind kind : failing) {
      server.events().React(kind, [throws](const Event&) {
        if (throws) throw std::runtime_error("application");
        return HR_ERROR;
      });
    }
    for (int round = 0; round < 2; ++round) {
      server.MustStart();
      Session closed = server.Meet();
      Session failed = server.Meet();
      Session other = server.Meet();
      const EventLog before = server.events().log();
      const auto count = [&](EventKind kind) {
        return server.events().log().Count(kind) - before.Count(kind);
      };
      ASSERT_TRUE(server.Send(other.id, "first"));
      ASSERT_EQ(other.peer->ReceiveData(Deadline::Patient()), "first");
      ASSERT_TRUE(RunUntil([&] { return count(EventKind::kSend) == 1; }));
      ASSERT_TRUE(server->Disconnect(closed.id));
      ASSERT_TRUE(failed.peer->SendTo(kLoopback, server.port(), std::string(kLimit + 1, 'x')));
      ASSERT_TRUE(server.CountBecomes(1));
      EXPECT_EQ(count(EventKind::kClose), 1u);
      EXPECT_EQ(count(EventKind::kError), 1u);
      ASSERT_TRUE(server.Send(other.id, "second"));
      ASSERT_EQ(other.peer->ReceiveData(Deadline::Patient()), "second");
      ASSERT_TRUE(server->Stop());
      EXPECT_EQ(server->GetState(), SS_STOPPED);
      const EventLog log = server.events().log();
      for (const Session* const session : {&closed, &failed, &other})
        EXPECT_EQ(log.CountEnds(session->id), 1u);
      EXPECT_EQ(count(EventKind::kShutdown), 1u);
      size_t told = 0;
      for (const EventKind kind : failing) told += count(kind);
      EXPECT_EQ(server.Stats().contained_exceptions, throws ? told : 0u);
    }
  }
}

// Spec: api §6.12/12, decisions 6.3, fault 23, input 16, C21
TEST_P(UdpClientBadInput, TakesEverySizeUpToItsLimitAndCountsTheLonger) {
  auto server = BindPeer(kLoopback);
  UdpClientUnderTest client(GetParam());
  client.udp().SetMaxDatagramSize(kLimit);
  ASSERT_TRUE(client.Start(kLoopback, server->port()));
  ASSERT_EQ(server->Receive(Deadline::Patient()), "");
  const uint16_t port = server->last_source_port();
  for (const size_t size : {size_t{0}, size_t{1}, size_t{kLimit}, size_t{kLimit} + 1, kLargest})
    ASSERT_TRUE(server->SendTo(kLoopback, port, std::string(size, 'd'))) << size;
  ASSERT_TRUE(server->SendTo(kLoopback, port, "end"));
  ASSERT_TRUE(client.Hears("end"));
  const EventLog log = client.events().log();
  EXPECT_EQ(log.Received(client->GetConnectionID()), std::string(1 + kLimit, 'd') + "end");
  EXPECT_EQ(log.Count(EventKind::kReceive), 3u);
  EXPECT_EQ(client.Stats().oversize_datagrams, 2u);
  EXPECT_EQ(client->GetState(), SS_STARTED);
}

// Spec: api §6.6, decisions 4.6, fault 23, input 16, C21
TEST_P(UdpClientBadInput, SendsEverySizeUpToItsLimitAndRefusesTheOthers) {
  auto server = BindPeer(kLoopback);
  UdpClientUnderTest client(GetParam());
  client.udp().SetMaxDatagramSize(kLimit);
  client.udp().SetDetectAttempts(0);
  ASSERT_TRUE(client.Start(kLoopback, server->port()));
  ASSERT_EQ(server->Receive(Deadline::Patient()), "");
  std::string bytes(kLargest, 'd');
  for (const SentSize& each : kSentSizes) {
    errno = 0;
    EXPECT_EQ(client->Send(BytesOf(bytes), static_cast<int>(each.size)), each.error == 0) << each.size;
    EXPECT_EQ(errno, each.error) << each.size;
    if (each.error == 0) {
      EXPECT_EQ(server->Receive(Deadline::Patient()), bytes.substr(0, each.size));
    } else {
      EXPECT_EQ(client->GetLastError(), SE_INVALID_PARAM);
    }
  }
  uint8_t* const data = reinterpret_cast<uint8_t*>(bytes.data());
  WSABUF wrapping[] = {{0x80000000u, data}, {0x80000000u, data}, {1, data}};
  EXPECT_FALSE(client->SendPackets(wrapping, 3));
  EXPECT_EQ(errno, EMSGSIZE);
  WSABUF pair[] = {{kLimit - 1, data}, {2, data}};
  EXPECT_FALSE(client->SendPackets(pair, 2));
  EXPECT_EQ(errno, EMSGSIZE);
  pair[1].len = 1;
  EXPECT_TRUE(client->SendPackets(pair, 2));
  EXPECT_EQ(server->Receive(Deadline::Patient()), bytes.substr(0, kLimit)) << "one datagram";
  ASSERT_TRUE(client.events().WaitForCount(EventKind::kSend, 3));
  EXPECT_EQ(client.Stats().dropped_datagrams, 0u);
}

// Loopback is the only interface here, and no route leads away.
// Spec: api §6.11/3, decisions 5.13, input 8
TEST_P(UdpClientBadInput, SaysThatNoWayLeadsToItsServer) {
  for (const char* const far : {"192.0.2.1", "2001:db8::1"}) {
    UdpClientUnderTest client(GetParam());
    EXPECT_FALSE(client.Start(far, 9)) << far;
    EXPECT_EQ(client->GetLastError(), SE_CONNECT_SERVER);
    EXPECT_EQ(errno, ENETUNREACH);
    EXPECT_EQ(client->GetState(), SS_STOPPED);
    ASSERT_TRUE(client.Start(far, 9, true)) << far;
    ASSERT_TRUE(client.events().WaitForCount(EventKind::kError, 1));
    const Event error = *client.events().log().First(EventKind::kError);
    EXPECT_EQ(error.operation, SO_CONNECT);
    EXPECT_EQ(error.error, ENETUNREACH);
    EXPECT_TRUE(client->Wait(harness::kPatienceMs));
  }
}

}  // namespace
}  // namespace hpsocket::conformance
