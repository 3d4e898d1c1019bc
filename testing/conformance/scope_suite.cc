// Conformance: link-local addresses, which name the interface that they are meant on. Over a wire between
// two hosts, each with its own name for its end.
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/agent_fixture.h"
#include "hpsocket/testing/conformance/client_fixture.h"
#include "hpsocket/testing/conformance/server_fixture.h"
#include "hpsocket/testing/conformance/two_host_fixture.h"
#include "hpsocket/testing/harness/event_log.h"
#include "hpsocket/testing/harness/peer.h"
#include "hpsocket/testing/harness/raw_peer.h"

namespace hpsocket::conformance {
namespace {

using harness::EventKind;
using harness::EventLog;
using harness::Peer;
using harness::PeerListener;
using harness::RawPeer;
using harness::RawPeerListener;

constexpr char kOwn[] = "fe80::99:1%hp0";
constexpr char kOther[] = "fe80::99:2%hp0";
// As the other host has them.
constexpr char kOwnThere[] = "fe80::99:1%hp1";
constexpr char kOtherThere[] = "fe80::99:2%hp1";

template <class Base>
class ScopeTest : public WithSecondHost<Base> {
 protected:
  std::unique_ptr<Peer> ConnectFromThere(uint16_t port) {
    std::unique_ptr<Peer> peer;
    this->host().Run([&] { peer = RawPeer::Connect(kOwnThere, port, {}); });
    return peer;
  }
  std::unique_ptr<PeerListener> ListenThere() {
    std::unique_ptr<PeerListener> listener;
    this->host().Run([&] { listener = RawPeerListener::Open({.address = kOtherThere}); });
    return listener;
  }
};

using TcpServerScope = ScopeTest<ServerTest>;
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpServerScope);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpServerScope, ::testing::ValuesIn(harness::TcpServers()), ServerName);

using TcpAgentScope = ScopeTest<AgentTest>;
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpAgentScope);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpAgentScope, ::testing::ValuesIn(harness::TcpAgents()), AgentName);

using TcpClientScope = ScopeTest<ClientTest>;
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientScope);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientScope, ::testing::ValuesIn(harness::TcpClients()), ClientName);

// Spec: decisions 5.2
TEST_P(TcpServerScope, ServesItsLinkLocalAddress) {
  ServerUnderTest& server = NewServer();
  server.EchoBack();
  server.MustStart(0, kOwn);
  const Name first = server.ListenName();
  EXPECT_EQ(first.address, kOwn);
  EXPECT_TRUE(server->Stop());
  server.MustStart(first.port, first.address.c_str());  // what it gave can be used again
  EXPECT_EQ(server.ListenName().address, kOwn);
  const std::unique_ptr<Peer> peer = ConnectFromThere(first.port);
  ASSERT_NE(peer, nullptr);
  ASSERT_TRUE(peer->Send("hello"));
  EXPECT_EQ(peer->Receive(5), "hello");
}

// Spec: decisions 5.2
TEST_P(TcpServerScope, NamesALinkLocalPeerSoThatItCanBeCalledBack) {
  for (const char* const own : {kOwn, "::"}) {
    SCOPED_TRACE(own);
    ServerUnderTest& server = NewServer();
    server.MustStart(0, own);
    const std::unique_ptr<Peer> peer = ConnectFromThere(server.port());
    ASSERT_NE(peer, nullptr);
    ASSERT_TRUE(server.events().WaitForCount(EventKind::kAccept, 1));
    const Name remote = server.RemoteName(server.events().log().First(EventKind::kAccept)->id);
    EXPECT_EQ(remote.address, kOther);
    EXPECT_EQ(remote.port, peer->local_port());
    const std::unique_ptr<PeerListener> listener = ListenThere();
    ASSERT_NE(listener, nullptr);
    EXPECT_NE(RawPeer::Connect(remote.address, listener->port(), {}), nullptr);
  }
}

// Spec: decisions 5.2
TEST_P(TcpAgentScope, ConnectsFromAndToLinkLocalAddresses) {
  const std::unique_ptr<PeerListener> listener = ListenThere();
  ASSERT_NE(listener, nullptr);
  std::string own = kOwn;
  std::string other = kOther;
  for (const bool async : {false, true}) {
    SCOPED_TRACE(async ? "asynchronously" : "synchronously");
    AgentUnderTest& agent = NewAgent();
    agent.EchoBack();
    agent.MustStart(async, own.c_str());
    CONNID id = 0;
    ASSERT_TRUE(agent.ConnectTo(other.c_str(), listener->port(), &id)) << agent->GetLastErrorDetail();
    const std::unique_ptr<Peer> peer = listener->Accept();
    ASSERT_NE(peer, nullptr);
    ASSERT_TRUE(peer->Send("hello"));
    EXPECT_EQ(peer->Receive(5), "hello");
    EXPECT_EQ(agent.LocalName(id).address, kOwn);
    EXPECT_EQ(agent.LocalName(id).port, peer->remote_port());
    EXPECT_EQ(agent.RemoteName(id).address, kOther);
    EXPECT_EQ(agent.RemoteName(id).port, listener->port());
    own = agent.LocalName(id).address;  // both are used again
    other = agent.RemoteName(id).address;
  }
}

// Spec: decisions 5.2
TEST_P(TcpClientScope, ConnectsToALinkLocalAddress) {
  const std::unique_ptr<PeerListener> listener = ListenThere();
  ASSERT_NE(listener, nullptr);
  for (const bool async : {false, true}) {
    SCOPED_TRACE(async ? "asynchronously" : "synchronously");
    ClientUnderTest& client = NewClient();
    ASSERT_TRUE(client.Start(kOther, listener->port(), async)) << client->GetLastErrorDetail();
    const std::unique_ptr<Peer> peer = listener->Accept();
    ASSERT_NE(peer, nullptr);
    ASSERT_TRUE(client.events().WaitForCount(EventKind::kConnect, 1));
    ASSERT_TRUE(client->Send(Bytes("hello"), 5));
    EXPECT_EQ(peer->Receive(5), "hello");
    const Name local = client.LocalName();
    EXPECT_EQ(local.address, kOwn);
    EXPECT_EQ(local.port, peer->remote_port());
    // What it gave can be used again: somebody listens there whom the other host reaches.
    const std::unique_ptr<PeerListener> here = RawPeerListener::Open({.address = local.address});
    ASSERT_NE(here, nullptr);
    EXPECT_NE(ConnectFromThere(here->port()), nullptr);
  }
}

}  // namespace
}  // namespace hpsocket::conformance
