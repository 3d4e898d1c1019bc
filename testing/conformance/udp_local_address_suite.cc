// Conformance: which of this host's addresses a UDP server answers with, where it is bound to none of them.
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/udp_fixture.h"

namespace hpsocket::conformance {
namespace {

using harness::DatagramPeer;
using harness::Deadline;
using harness::Event;
using harness::EventKind;

// The whole network 127.0.0.0/8 is this host.
constexpr char kOther[] = "127.0.0.9";
constexpr char kThird[] = "127.1.2.3";

class UdpServerLocalAddress : public UdpTest<harness::UdpServerFactory> {
 protected:
  // Sends to the server at `host`, and expects what comes back to come from there.
  void ExpectEchoFrom(UdpServerUnderTest& server, DatagramPeer& peer, const std::string& host) {
    ASSERT_TRUE(peer.SendTo(host, server.port(), "to " + host));
    ASSERT_EQ(peer.ReceiveData(Deadline::Patient()), "to " + host);
    EXPECT_EQ(peer.last_source(), host);
    EXPECT_EQ(peer.last_source_port(), server.port());
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpServerLocalAddress);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpServerLocalAddress, ::testing::ValuesIn(harness::UdpServers()),
                         NameOfUdp<harness::UdpServerFactory>);

TEST_P(UdpServerLocalAddress, IsTheOneThatThePeerHasSentToLast) {
  UdpServerUnderTest server(GetParam());
  server.EchoBack();
  server.MustStart("0.0.0.0");
  const std::unique_ptr<DatagramPeer> peer = BindPeer(kLoopback);
  ASSERT_NE(peer, nullptr);
  for (const char* host : {kOther, kThird, kLoopback, kOther}) ExpectEchoFrom(server, *peer, host);
  EXPECT_EQ(server->GetConnectionCount(), 1u) << "it is one peer all the same";
}

TEST_P(UdpServerLocalAddress, IsThatOfItsSocketWhereItHasOne) {
  UdpServerUnderTest server(GetParam());
  server.EchoBack();
  server.MustStart(kOther);
  const std::unique_ptr<DatagramPeer> peer = BindPeer(kLoopback);
  ASSERT_NE(peer, nullptr);
  ExpectEchoFrom(server, *peer, kOther);
}

TEST_P(UdpServerLocalAddress, IsTheSameForWhateverThreadSends) {
  for (const EnSendPolicy policy : {SP_PACK, SP_SAFE, SP_DIRECT}) {
    UdpServerUnderTest server(GetParam());
    server->SetSendPolicy(policy);
    server.MustStart("0.0.0.0");
    const std::unique_ptr<DatagramPeer> peer = BindPeer(kLoopback);
    ASSERT_NE(peer, nullptr);
    ASSERT_TRUE(peer->SendTo(kOther, server.port(), "hello"));
    ASSERT_TRUE(server.events().WaitForCount(EventKind::kReceive, 1));
    const CONNID id = server.events().log().First(EventKind::kAccept)->id;
    ASSERT_TRUE(server.Send(id, "from the test's thread"));
    EXPECT_EQ(peer->ReceiveData(Deadline::Patient()), "from the test's thread");
    EXPECT_EQ(peer->last_source(), kOther) << policy;
  }
}

// Spec: api §6.12/2
TEST_P(UdpServerLocalAddress, IsTheSameForWhatTheLibraryAnswers) {
  UdpServerUnderTest server(GetParam());
  server.MustStart("0.0.0.0");
  const std::unique_ptr<DatagramPeer> peer = BindPeer(kLoopback);
  ASSERT_NE(peer, nullptr);
  ASSERT_TRUE(peer->SendTo(kOther, server.port(), ""));
  EXPECT_EQ(peer->Receive(Deadline::Patient()), "");
  EXPECT_EQ(peer->last_source(), kOther);
}

// They leave as messages that the kernel cuts, where it does.
TEST_P(UdpServerLocalAddress, IsTheSameForRunsToSeveralPeers) {
  constexpr int kCount = 100;
  UdpServerUnderTest server(GetParam());
  server.events().Do(EventKind::kReceive, [&](const Event& event) {
    for (int i = 0; i < kCount; ++i) EXPECT_TRUE(server.Send(event.id, event.data));
  });
  server.MustStart("0.0.0.0");
  const std::unique_ptr<DatagramPeer> one = BindPeer(kLoopback);
  const std::unique_ptr<DatagramPeer> two = BindPeer(kLoopback);
  ASSERT_NE(one, nullptr);
  ASSERT_NE(two, nullptr);
  ASSERT_TRUE(one->SendTo(kOther, server.port(), "first"));
  ASSERT_TRUE(two->SendTo(kThird, server.port(), "other"));
  for (int i = 0; i < kCount; ++i) {
    ASSERT_EQ(one->ReceiveData(Deadline::Patient()), "first");
    ASSERT_EQ(one->last_source(), kOther);
    ASSERT_EQ(two->ReceiveData(Deadline::Patient()), "other");
    ASSERT_EQ(two->last_source(), kThird);
  }
}

TEST_P(UdpServerLocalAddress, IsFoundOverIPv4AndIPv6Alike) {
  UdpServerUnderTest server(GetParam());
  server.EchoBack();
  server.MustStart("::");
  const std::unique_ptr<DatagramPeer> v4 = BindPeer(kLoopback);
  ASSERT_NE(v4, nullptr);
  ExpectEchoFrom(server, *v4, kOther);
  const std::unique_ptr<DatagramPeer> v6 = BindPeer("::1");
  ASSERT_NE(v6, nullptr);
  ExpectEchoFrom(server, *v6, "::1");
  ExpectEchoFrom(server, *v4, kThird);
}

// It hears its server's address only.
TEST_P(UdpServerLocalAddress, IsHeardByAClientThatIsConnectedToIt) {
  if (harness::UdpClients().empty()) GTEST_SKIP() << "this program has no UDP client";
  UdpServerUnderTest server(GetParam());
  server.EchoBack();
  server.MustStart("0.0.0.0");
  UdpClientUnderTest client(harness::UdpClients().front());
  ASSERT_TRUE(client.Start(kOther, server.port())) << client->GetLastErrorDetail();
  ASSERT_TRUE(client.Send("hello"));
  EXPECT_TRUE(client.Hears("hello"));
}

}  // namespace
}  // namespace hpsocket::conformance
