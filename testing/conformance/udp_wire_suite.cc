// Conformance: UDP servers and clients between two hosts, over a wire that goes away.
#include <cerrno>
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/two_host_fixture.h"
#include "hpsocket/testing/conformance/udp_fixture.h"
#include "hpsocket/testing/harness/environment.h"

namespace hpsocket::conformance {
namespace {

using harness::DatagramPeer;
using harness::Deadline;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::RunUntil;

class UdpWire : public TwoHostTest<harness::UdpServerFactory> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpWire);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpWire, ::testing::ValuesIn(harness::UdpServers()),
                         NameOfUdp<harness::UdpServerFactory>);

// Spec: decisions 6.7, fault 29, input 8, api §6.12/6
TEST_P(UdpWire, AServerDropsAndCountsWhatHasNoWayAndServesTheOthers) {
  UdpServerUnderTest server(GetParam());
  server.EchoBack();
  server.MustStart("0.0.0.0");
  const std::unique_ptr<DatagramPeer> away = PeerThere();
  ASSERT_NE(away, nullptr);
  ASSERT_TRUE(away->SendTo(kHere, server.port(), "over the wire"));
  ASSERT_EQ(away->ReceiveData(Deadline::Patient()), "over the wire");
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kSend, 1));
  const CONNID id = server.events().log().First(EventKind::kAccept)->id;
  Session near = server.Meet();
  ASSERT_EQ(near.peer->ReceiveData(Deadline::Patient()), "hello");

  host().Unplug();
  ASSERT_TRUE(server.Send(id, "into nothing"));
  ASSERT_TRUE(server.Send(id, "and again"));
  EXPECT_TRUE(RunUntil([&] { return server.Stats().dropped_datagrams == 2; }));
  server.ExpectEcho(near, "still here");
  const EventLog log = server.events().log();
  EXPECT_EQ(log.Sent(id), "over the wire") << "what is dropped is not reported";
  EXPECT_EQ(log.CountEnds(), 0u);
  EXPECT_EQ(server->GetConnectionCount(), 2u);
  int pending = -1;
  EXPECT_TRUE(server->GetPendingDataLength(id, pending));
  EXPECT_EQ(pending, 0);
}

// The calling thread is told, where it sends itself.
// Spec: decisions 4.2, decisions 4.6, fault 29
TEST_P(UdpWire, AServerSaysAtOnceWhatHasNoWayWhereItSendsDirectly) {
  UdpServerUnderTest server(GetParam());
  server->SetSendPolicy(SP_DIRECT);
  server.EchoBack();
  server.MustStart("0.0.0.0");
  const std::unique_ptr<DatagramPeer> away = PeerThere();
  ASSERT_NE(away, nullptr);
  ASSERT_TRUE(away->SendTo(kHere, server.port(), "over the wire"));
  ASSERT_EQ(away->ReceiveData(Deadline::Patient()), "over the wire");
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kSend, 1));
  const CONNID id = server.events().log().First(EventKind::kAccept)->id;
  Session near = server.Meet();
  ASSERT_EQ(near.peer->ReceiveData(Deadline::Patient()), "hello");

  host().Unplug();
  for (int i = 0; i < 3; ++i) {
    errno = 0;
    EXPECT_FALSE(server.Send(id, "into nothing"));
    EXPECT_EQ(errno, ENETUNREACH);
  }
  EXPECT_EQ(server->GetLastError(), SE_OK) << "unchanged by a failing Send";
  server.ExpectEcho(near, "still here");
  const EventLog log = server.events().log();
  EXPECT_EQ(log.Sent(id), "over the wire") << "what is refused is not reported";
  EXPECT_EQ(log.CountEnds(), 0u);
  EXPECT_EQ(server.Stats().dropped_datagrams, 0u) << "it was not accepted";
  int pending = -1;
  EXPECT_TRUE(server->GetPendingDataLength(id, pending));
  EXPECT_EQ(pending, 0);
  EXPECT_TRUE(RunUntil([&] { return server.Stats().pending_bytes == 0; }));
}

// An answer leaves with the address that was asked, and where this host has that one no more, with another.
// Spec: fault 29
TEST_P(UdpWire, AServerAnswersWithTheAddressThatWasAskedAsLongAsThereIsOne) {
  for (const EnSendPolicy policy : {SP_PACK, SP_DIRECT}) {
    ASSERT_TRUE(host().AddAddress("10.99.0.3/24"));
    UdpServerUnderTest server(GetParam());
    server->SetSendPolicy(policy);
    server.EchoBack();
    server.MustStart("0.0.0.0");
    const std::unique_ptr<DatagramPeer> away = PeerThere();
    ASSERT_NE(away, nullptr);
    for (const char* asked : {"10.99.0.3", kHere, "10.99.0.3"}) {
      ASSERT_TRUE(away->SendTo(asked, server.port(), "over the wire"));
      ASSERT_EQ(away->ReceiveData(Deadline::Patient()), "over the wire");
      EXPECT_EQ(away->last_source(), asked);
    }
    ASSERT_TRUE(server.events().WaitForCount(EventKind::kSend, 3));
    const CONNID id = server.events().log().First(EventKind::kAccept)->id;
    ASSERT_TRUE(host().RemoveAddress("10.99.0.3/24"));
    for (int i = 0; i < 2; ++i) {
      ASSERT_TRUE(server.Send(id, "from elsewhere"));
      ASSERT_EQ(away->ReceiveData(Deadline::Patient()), "from elsewhere");
      EXPECT_EQ(away->last_source(), kHere);
    }
    EXPECT_EQ(server.Stats().dropped_datagrams, 0u);
    EXPECT_EQ(server->GetConnectionCount(), 1u);
  }
}

// The kernel does not cut a message into datagrams that do not fit through, nor is one of them lost: they
// leave in fragments, and in runs again where they are shorter.
// Spec: decisions 6.7, fault 28
TEST_P(UdpWire, AServerSendsRunsWhereTheWayIsNarrow) {
  constexpr size_t kCount = 20;
  UdpServerUnderTest server(GetParam());
  server.events().Do(EventKind::kReceive, [&](const Event& event) {
    const size_t length = std::stoul(event.data);
    for (size_t i = 0; i < kCount; ++i)
      EXPECT_TRUE(server.Send(event.id, std::string(length, static_cast<char>('a' + i))));
  });
  server.MustStart("0.0.0.0");
  ASSERT_TRUE(host().Narrow(600));
  const std::unique_ptr<DatagramPeer> away = PeerThere();
  ASSERT_NE(away, nullptr);
  std::string expected;
  size_t runs = 0;
  for (const size_t length : {size_t{1000}, size_t{1400}, size_t{500}, size_t{1000}}) {
    ASSERT_TRUE(away->SendTo(kHere, server.port(), std::to_string(length)));
    for (size_t i = 0; i < kCount; ++i) {
      const std::string datagram(length, static_cast<char>('a' + i));
      ASSERT_EQ(away->ReceiveData(Deadline::Patient()), datagram);
      expected += datagram;
    }
    ASSERT_TRUE(server.events().WaitForCount(EventKind::kSend, ++runs * kCount)) << "one each";
  }
  const EventLog log = server.events().log();
  EXPECT_TRUE(log.Sent(log.First(EventKind::kAccept)->id) == expected);
  EXPECT_EQ(log.CountEnds(), 0u);
  EXPECT_EQ(server.Stats().dropped_datagrams, 0u);
}

// Spec: decisions 6.4, decisions 6.7, fault 29
TEST_P(UdpWire, AClientOutlivesItsInterfaceUntilDetectionEndsIt) {
  if (harness::UdpClients().empty()) GTEST_SKIP() << "this program has no UDP client";
  const std::unique_ptr<DatagramPeer> there = PeerThere();
  ASSERT_NE(there, nullptr);
  UdpClientUnderTest client(harness::UdpClients().front());
  client.udp().SetDetectAttempts(2);
  client.udp().SetDetectInterval(1);
  ASSERT_TRUE(client.Start(kThere, there->port())) << client->GetLastErrorDetail();
  ASSERT_TRUE(client.Send("over the wire"));
  ASSERT_EQ(there->ReceiveData(Deadline::Patient()), "over the wire");
  ASSERT_TRUE(client.events().WaitForCount(EventKind::kSend, 1));
  host().Unplug();
  ASSERT_TRUE(client.Send("into nothing"));
  ASSERT_TRUE(RunUntil([&] { return client.Stats().dropped_datagrams >= 1; }));
  ASSERT_TRUE(client.events().WaitForCount(EventKind::kError, 1)) << "nobody answers any more";
  const EventLog log = client.events().log();
  EXPECT_EQ(log.First(EventKind::kError)->operation, SO_CONNECT);
  EXPECT_EQ(log.First(EventKind::kError)->error, ECONNRESET);
  EXPECT_EQ(log.Count(EventKind::kSend), 1u);
  EXPECT_TRUE(client->Wait(harness::kPatienceMs));
}

}  // namespace
}  // namespace hpsocket::conformance
