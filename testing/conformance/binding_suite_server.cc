// Conformance: what a component knows of its connections: IDs, extras, addresses, ages.
#include <cerrno>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/conformance/server_fixture.h"
#include "hpsocket/testing/harness/environment.h"

namespace hpsocket::conformance {
namespace {

using harness::Environment;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;
using harness::RunUntil;

class TcpComplexBinding : public ComplexTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexBinding);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexBinding, ::testing::ValuesIn(TcpComplexes()), ComplexName);

// Spec: §2.1.5, api §6.9/3, api §6.3/7, C08, api §2.1/7t, api §2.1/8t
TEST_P(TcpComplexBinding, KeepsAnExtraFromTheFirstEventToTheLast) {
  ComplexUnderTest& component = NewComponent();
  int mine = 0;
  const auto expect_extra = [&](CONNID id, void* expected) {
    void* extra = &component;
    EXPECT_TRUE(component->GetConnectionExtra(id, &extra));
    EXPECT_EQ(extra, expected);
  };
  component.events().Do(component.opening(), [&](const Event& event) {
    expect_extra(event.id, nullptr);
    EXPECT_TRUE(component->SetConnectionExtra(event.id, &mine));
  });
  component.events().Do(EventKind::kReceive, [&](const Event& event) { expect_extra(event.id, &mine); });
  const auto at_the_end = [&](const Event& event) {
    expect_extra(event.id, &mine);
    EXPECT_TRUE(component->SetConnectionExtra(event.id, nullptr));
    expect_extra(event.id, nullptr);
  };
  component.events().Do(EventKind::kClose, at_the_end);
  component.events().Do(EventKind::kError, at_the_end);
  component.MustStart();
  for (int round = 0; round < 4; ++round) {  // objects are recycled, extras are not
    const Link link = component.Connect();
    ASSERT_TRUE(link->Send("x"));
    ASSERT_TRUE(
        component.events().WaitFor([&](const EventLog& log) { return log.Received(link.id) == "x"; }));
    expect_extra(link.id, &mine);
    if (round % 2 == 0) {
      link->Close();
    } else {
      link->Reset();
    }
    ASSERT_TRUE(component.CountBecomes(0));
    void* extra = nullptr;
    EXPECT_FALSE(component->GetConnectionExtra(link.id, &extra));
    EXPECT_FALSE(component->SetConnectionExtra(link.id, &mine));
  }
}

// Spec: §2.1.5, api §2.1/7t, api §2.1/8t, input 4
TEST_P(TcpComplexBinding, RefusesExtrasOfNobody) {
  ComplexUnderTest& component = NewComponent();
  void* extra = nullptr;
  EXPECT_FALSE(component->GetConnectionExtra(1, &extra)) << "not started";
  EXPECT_FALSE(component->SetConnectionExtra(1, &extra));
  component.MustStart();
  const Link link = component.Connect();
  EXPECT_FALSE(component->GetConnectionExtra(0, &extra));
  EXPECT_FALSE(component->GetConnectionExtra(link.id + 1, &extra));
  EXPECT_FALSE(component->GetConnectionExtra(link.id, nullptr));
  EXPECT_TRUE(component->SetConnectionExtra(link.id, nullptr));
}

// Spec: api §6.9/1, §4.2/1, decisions 1.4, C23
TEST_P(TcpComplexBinding, CountsIdsUpThroughOneCounterForAllComponents) {
  ComplexUnderTest& first = StartedComponent();
  ComplexUnderTest& second = StartedComponent();
  CONNID last = 0;
  for (int i = 0; i < 20; ++i) {
    ComplexUnderTest& component = i % 3 == 0 ? second : first;
    const Link link = component.Connect();
    EXPECT_GT(link.id, last);
    last = link.id;
    if (i % 2 == 0) component->Disconnect(link.id);
  }
  ASSERT_TRUE(first->Stop());
  first.MustStart();
  EXPECT_GT(first.Connect().id, last) << "a restart does not begin anew";
}

// Spec: §2.2.1, api §2.1/12t, C15
TEST_P(TcpComplexBinding, ListsAllConnectionIds) {
  ComplexUnderTest& component = StartedComponent();
  std::vector<Link> links;
  std::set<CONNID> expected;
  for (int i = 0; i < 5; ++i) {
    links.push_back(component.Connect());
    expected.insert(links.back().id);
  }
  uint32_t count = 100;
  EXPECT_FALSE(component->GetAllConnectionIDs(nullptr, count));
  EXPECT_EQ(count, 5u);
  CONNID ids[8] = {};
  count = 4;
  EXPECT_FALSE(component->GetAllConnectionIDs(ids, count));
  EXPECT_EQ(count, 5u);
  EXPECT_EQ(ids[0], 0u) << "untouched";
  for (const uint32_t room : {5u, 8u}) {
    count = room;
    ASSERT_TRUE(component->GetAllConnectionIDs(ids, count));
    EXPECT_EQ(count, 5u);
    EXPECT_EQ(std::set<CONNID>(ids, ids + count), expected);
  }
}

// Spec: §2.2.1, api §2.1/15t, api §6.3/7, api §6.3/8, C15
TEST_P(TcpComplexBinding, GivesThePeersAddressAsLongAsTheIdIsKnown) {
  ComplexUnderTest& component = NewComponent();
  const auto expect_known = [&](const Event& event) {
    const Name name = component.RemoteName(event.id);
    EXPECT_TRUE(name.ok) << harness::ToString(event.kind);
    EXPECT_EQ(name.address, "127.0.0.1");
    EXPECT_NE(name.port, 0);
  };
  for (const EventKind kind :
       {component.opening(), EventKind::kReceive, EventKind::kClose, EventKind::kError}) {
    component.events().Do(kind, expect_known);
  }
  component.MustStart();
  const Link link = component.Connect();
  ASSERT_TRUE(link->Send("x"));
  ASSERT_TRUE(component.events().WaitForCount(EventKind::kReceive, 1));
  const Name name = component.RemoteName(link.id);
  EXPECT_EQ(name.port, link->local_port());
  component.Connect()->Reset();
  ASSERT_TRUE(component.events().WaitForCount(EventKind::kError, 1));
  link->Close();
  ASSERT_TRUE(component.CountBecomes(0));
  EXPECT_FALSE(component.RemoteName(link.id).ok);
  EXPECT_FALSE(component.RemoteName(0).ok);
}

// Spec: §2.2.1, api §2.1/13t, api §2.1/14t, api §2.1/17t, api §6.3/7
TEST_P(TcpComplexBinding, KnowsAgesUntilTheLastEvent) {
  ComplexUnderTest& component = NewComponent();
  component->SetMarkSilence(true);
  component.events().Do(EventKind::kClose, [&](const Event& event) {
    uint32_t period = 0;
    int pending = 0;
    EXPECT_FALSE(component->GetConnectPeriod(event.id, period));
    EXPECT_FALSE(component->GetSilencePeriod(event.id, period));
    EXPECT_FALSE(component->GetPendingDataLength(event.id, pending));
  });
  component.MustStart();
  const Link link = component.Connect();
  uint32_t age = 0;
  uint32_t silence = 0;
  // Both grow; no duration is asserted.
  EXPECT_TRUE(RunUntil([&] { return component->GetConnectPeriod(link.id, age) && age > 0; }));
  EXPECT_TRUE(RunUntil([&] { return component->GetSilencePeriod(link.id, silence) && silence > 0; }));
  EXPECT_FALSE(component->GetConnectPeriod(link.id + 1, age));
  EXPECT_FALSE(component->GetSilencePeriod(link.id + 1, silence));
  link->Close();
  ASSERT_TRUE(component.CountBecomes(0));
  EXPECT_FALSE(component->GetConnectPeriod(link.id, age));
}

// Spec: api §2.1/11t, api §6.3/8
TEST_P(TcpComplexBinding, CountsConnectionsInsideTheirFirstAndLastEvent) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect();
  link->Close();
  ASSERT_TRUE(component.events().WaitForCount(EventKind::kClose, 1));
  ASSERT_TRUE(component.CountBecomes(0));
  const EventLog log = component.events().log();
  EXPECT_EQ(log.First(component.opening())->connections, 1u);
  EXPECT_EQ(log.First(EventKind::kClose)->connections, 1u);
}

// Spec: decisions 8.2/5
TEST_P(TcpComplexBinding, KeepsFigures) {
  ComplexUnderTest& component = EchoComponent();
  const Link link = component.Connect();
  EXPECT_TRUE(component.Echoes(link, Pattern(10000)));
  ASSERT_TRUE(
      component.events().WaitFor([&](const EventLog& log) { return log.Sent(link.id).size() == 10000; }));
  HP_Stats stats;
  stats.size = 0;
  errno = 0;
  EXPECT_FALSE(component->GetStats(stats));
  EXPECT_EQ(errno, EINVAL);
  stats.size = sizeof(stats);
  ASSERT_TRUE(component->GetStats(stats));
  EXPECT_EQ(stats.connections, 1u);
  EXPECT_EQ(stats.total_connections, 1u);
  EXPECT_EQ(stats.bytes_received, 10000u);
  EXPECT_EQ(stats.bytes_sent, 10000u);
  // A worker publishes these when it has nothing else to do.
  EXPECT_TRUE(RunUntil([&] {
    return component->GetStats(stats) && stats.pending_bytes == 0 && stats.receive_calls >= 1 &&
           stats.send_calls >= 1;
  }));
  EXPECT_EQ(stats.contained_exceptions, 0u);
}

class TcpServerBinding : public ServerTest {
 protected:
  static bool HasIpv6() {
    harness::PeerListenOptions options;
    options.address = "::1";
    return Environment::Current().Listen(options) != nullptr;
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpServerBinding);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpServerBinding, ::testing::ValuesIn(harness::TcpServers()),
                         ServerName);

// Spec: api §2.1/15t, api §2.2/2t, C15
TEST_P(TcpServerBinding, SaysHowMuchRoomAnAddressNeeds) {
  ServerUnderTest& server = StartedServer();
  const Link link = server.Connect();
  const int needed = 10;  // "127.0.0.1" and its end
  const auto get = [&](bool remote, char* text, int& length, uint16_t& port) {
    return remote ? server->GetRemoteAddress(link.id, text, length, port)
                  : server->GetListenAddress(text, length, port);
  };
  for (const bool remote : {true, false}) {
    char text[64];
    for (const int room : {0, 1, needed - 1}) {
      int length = room;
      uint16_t port = 0;
      EXPECT_FALSE(get(remote, text, length, port)) << room;
      EXPECT_EQ(length, needed);
      EXPECT_EQ(port, remote ? link->local_port() : server.port());
    }
    for (const int room : {needed, 64}) {
      int length = room;
      uint16_t port = 0;
      ASSERT_TRUE(get(remote, text, length, port)) << room;
      EXPECT_EQ(length, needed);
      EXPECT_STREQ(text, "127.0.0.1");
    }
  }
}

// Spec: decisions 5.1
TEST_P(TcpServerBinding, ListensOnIpv6) {
  if (!HasIpv6()) GTEST_SKIP() << "this network has no IPv6 loopback";
  ServerUnderTest& server = NewServer();
  server.EchoBack();
  server.MustStart(0, "::1");
  EXPECT_EQ(server.ListenName().address, "::1");
  const Link link = server.Connect({}, "::1");
  EXPECT_TRUE(server.Echoes(link, "six"));
  EXPECT_EQ(server.RemoteName(link.id).address, "::1");
  EXPECT_EQ(server.RemoteName(link.id).port, link->local_port());
}

// Spec: decisions 5.1, decisions 2.3
TEST_P(TcpServerBinding, TakesBothFamiliesOnTheIpv6Wildcard) {
  if (!HasIpv6()) GTEST_SKIP() << "this network has no IPv6 loopback";
  ServerUnderTest& server = NewServer();
  server.EchoBack();
  server.MustStart(0, "::");
  EXPECT_EQ(server.ListenName().address, "::");
  const Link six = server.Connect({}, "::1");
  const Link four = server.Connect({}, "127.0.0.1");
  EXPECT_TRUE(server.Echoes(six, "six"));
  EXPECT_TRUE(server.Echoes(four, "four"));
  EXPECT_EQ(server.RemoteName(six.id).address, "::1");
  EXPECT_EQ(server.RemoteName(four.id).address, "127.0.0.1") << "an IPv4 peer is reported as IPv4";
}

// Spec: decisions 6.5, decisions 8.3/1
TEST_P(TcpServerBinding, RefusesConnectionsAboveTheLimitVisibly) {
  ServerUnderTest& server = NewServer();
  server->SetMaxConnectionCount(2);
  server.EchoBack();
  server.MustStart();
  Link first = server.Connect();
  const Link second = server.Connect();
  const auto refused = server.NewPeer();
  if (refused != nullptr) {  // else the reset was quicker than the connect
    EXPECT_EQ(refused->AwaitEnd(), harness::StreamEnd::kReset);
  }
  HP_Stats stats;
  EXPECT_TRUE(RunUntil([&] { return server->GetStats(stats) && stats.refused_connections == 1; }));
  EXPECT_EQ(server.events().log().Count(EventKind::kAccept), 2u);
  EXPECT_TRUE(server.Echoes(second, "undisturbed"));
  first->Close();
  ASSERT_TRUE(server.CountBecomes(1));
  const Link third = server.Connect();
  EXPECT_TRUE(server.Echoes(third, "room again"));
}

}  // namespace
}  // namespace hpsocket::conformance
