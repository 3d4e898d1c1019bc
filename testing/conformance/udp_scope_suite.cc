// Conformance: UDP servers and clients at link-local addresses, which name the interface that they are meant
// on. Over a wire between two hosts, each with its own name for its end.
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/two_host_fixture.h"
#include "hpsocket/testing/conformance/udp_fixture.h"
#include "hpsocket/testing/harness/raw_datagram_peer.h"

namespace hpsocket::conformance {
namespace {

using harness::DatagramPeer;
using harness::Deadline;
using harness::Event;
using harness::EventKind;

constexpr char kOwn[] = "fe80::99:1%hp0";
constexpr char kOther[] = "fe80::99:2%hp0";
// As the other host has them.
constexpr char kOwnThere[] = "fe80::99:1%hp1";
constexpr char kOtherThere[] = "fe80::99:2%hp1";

template <class Factory>
class UdpScopeTest : public WithSecondHost<UdpTest<Factory>> {
 protected:
  std::unique_ptr<DatagramPeer> BindThere() {
    std::unique_ptr<DatagramPeer> peer;
    this->host().Run([&] { peer = harness::RawDatagramPeer::Bind(kOtherThere); });
    return peer;
  }
  // From there to this host.
  bool SendFrom(DatagramPeer& there, uint16_t port, const std::string& text) {
    bool sent = false;
    this->host().Run([&] { sent = there.SendTo(kOwnThere, port, text); });
    return sent;
  }
};

using UdpServerScope = UdpScopeTest<harness::UdpServerFactory>;
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpServerScope);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpServerScope, ::testing::ValuesIn(harness::UdpServers()),
                         NameOfUdp<harness::UdpServerFactory>);

using UdpClientScope = UdpScopeTest<harness::UdpClientFactory>;
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpClientScope);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpClientScope, ::testing::ValuesIn(harness::UdpClients()),
                         NameOfUdp<harness::UdpClientFactory>);

// Spec: decisions 5.2
TEST_P(UdpServerScope, ServesItsLinkLocalAddress) {
  UdpServerUnderTest server(GetParam());
  server.EchoBack();
  server.MustStart(kOwn);
  const uint16_t port = server.port();
  for (int round = 0; round < 2; ++round) {
    char address[64];
    int room = sizeof(address);
    uint16_t told = 0;
    ASSERT_TRUE(server->GetListenAddress(address, room, told));
    EXPECT_STREQ(address, kOwn);
    const std::unique_ptr<DatagramPeer> peer = BindThere();
    ASSERT_NE(peer, nullptr);
    ASSERT_TRUE(SendFrom(*peer, port, "hello"));
    EXPECT_EQ(peer->ReceiveData(Deadline::Patient()), "hello");
    ASSERT_TRUE(server->Stop());
    server.MustStart(address, told);  // what it gave can be used again
  }
}

// Spec: decisions 5.2, decisions 5.3
TEST_P(UdpServerScope, NamesALinkLocalPeerSoThatItCanBeCalledBack) {
  for (const char* const own : {kOwn, "::"}) {
    SCOPED_TRACE(own);
    UdpServerUnderTest server(GetParam());
    server.EchoBack();
    server.MustStart(own);
    const std::unique_ptr<DatagramPeer> peer = BindThere();
    ASSERT_NE(peer, nullptr);
    ASSERT_TRUE(SendFrom(*peer, server.port(), "hello"));
    EXPECT_EQ(peer->ReceiveData(Deadline::Patient()), "hello");
    const Event accept = *server.events().log().First(EventKind::kAccept);
    EXPECT_EQ(accept.family, AF_INET6);
    EXPECT_EQ(accept.peer_address, kOther);
    char address[64];
    int room = sizeof(address);
    uint16_t port = 0;
    ASSERT_TRUE(server->GetRemoteAddress(accept.id, address, room, port));
    EXPECT_STREQ(address, kOther);
    EXPECT_EQ(port, peer->port());
    const auto caller = BindPeer("::");
    ASSERT_NE(caller, nullptr);
    ASSERT_TRUE(caller->SendTo(address, port, "back"));
    EXPECT_EQ(peer->ReceiveData(Deadline::Patient()), "back");
  }
}

// Spec: decisions 5.2
TEST_P(UdpClientScope, TalksToALinkLocalAddress) {
  for (const bool async : {false, true}) {
    SCOPED_TRACE(async ? "asynchronously" : "synchronously");
    const std::unique_ptr<DatagramPeer> peer = BindThere();
    ASSERT_NE(peer, nullptr);
    UdpClientUnderTest client(GetParam());
    ASSERT_TRUE(client.Start(kOther, peer->port(), async)) << client->GetLastErrorDetail();
    ASSERT_TRUE(client.events().WaitForCount(EventKind::kConnect, 1));
    ASSERT_TRUE(client.Send("ping"));
    ASSERT_EQ(peer->ReceiveData(Deadline::Patient()), "ping");
    char address[64];
    int room = sizeof(address);
    uint16_t port = 0;
    ASSERT_TRUE(client->GetLocalAddress(address, room, port));
    EXPECT_STREQ(address, kOwn);
    EXPECT_EQ(port, peer->last_source_port());
    ASSERT_TRUE(SendFrom(*peer, port, "pong"));
    EXPECT_TRUE(client.Hears("pong"));
  }
}

// Where the address is no link-local one, a scope may say so all the same.
// Spec: decisions 5.2
TEST_P(UdpClientScope, TakesAScopeThatSaysNothing) {
  std::unique_ptr<DatagramPeer> peer;
  host().Run([&] { peer = harness::RawDatagramPeer::Bind("fd99::2"); });
  ASSERT_NE(peer, nullptr);
  UdpClientUnderTest client(GetParam());
  ASSERT_TRUE(client.Start("fd99::2%hp0", peer->port())) << client->GetLastErrorDetail();
  ASSERT_TRUE(client.Send("ping"));
  ASSERT_EQ(peer->ReceiveData(Deadline::Patient()), "ping");
  ASSERT_TRUE(peer->SendTo("fd99::1", peer->last_source_port(), "pong"));
  EXPECT_TRUE(client.Hears("pong"));
}

}  // namespace
}  // namespace hpsocket::conformance
