// Conformance: UDP servers and clients with a bad network between them.
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/udp_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/udp_relay.h"

namespace hpsocket::conformance {
namespace {

using harness::DatagramPeer;
using harness::Deadline;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::RelayWay;
using harness::RunUntil;
using harness::UdpRelay;

constexpr uint64_t kSeed = 20260;

// Data of one direction, in the order in which it came.
std::vector<std::string> Received(const EventLog& log) {
  std::vector<std::string> all;
  for (const Event& event : log.events()) {
    if (event.kind == EventKind::kReceive) all.push_back(event.data);
  }
  return all;
}

std::vector<std::string> WithoutHeartbeats(std::vector<std::string> datagrams) {
  datagrams.erase(
      std::remove_if(datagrams.begin(), datagrams.end(), [](const auto& each) { return each.empty(); }),
      datagrams.end());
  return datagrams;
}

// A server, and the program's UDP client as often as a test wants it.
class UdpRelayed : public UdpTest<harness::UdpServerFactory> {
 protected:
  void SetUp() override {
    UdpTest::SetUp();
    if (!IsSkipped() && harness::UdpClients().empty()) GTEST_SKIP() << "this program has no UDP client";
  }

  static std::unique_ptr<UdpClientUnderTest> NewClient() {
    return std::make_unique<UdpClientUnderTest>(harness::UdpClients().front());
  }
  static std::unique_ptr<UdpRelay> RelayTo(UdpServerUnderTest& server) {
    std::unique_ptr<UdpRelay> relay = harness::Environment::Current().OpenUdpRelay(server.port(), kSeed);
    if (relay == nullptr) throw std::runtime_error("no relay");
    return relay;
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpRelayed);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpRelayed, ::testing::ValuesIn(harness::UdpServers()),
                         NameOfUdp<harness::UdpServerFactory>);

// How long the loss lasts is said by a peer that is silent: it is found out, and the others are not.
// Spec: api §6.12/3, api §6.12/10, decisions 6.1, fault 27
TEST_P(UdpRelayed, SessionsGoOnUnderLossWhileDataFlowsAndEndWhenNothingPasses) {
  constexpr size_t kClients = 4;
  UdpServerUnderTest server(GetParam());
  server.udp().SetDetectAttempts(3);
  server.udp().SetDetectInterval(1);
  server.EchoBack();
  std::atomic<CONNID> silent_id{0};
  std::atomic<bool> silent_ended{false};
  server.events().Do(EventKind::kClose, [&](const Event& event) {
    if (event.id == silent_id.load()) silent_ended.store(true);
  });
  server.MustStart();
  const std::unique_ptr<UdpRelay> relay = RelayTo(server);
  std::vector<std::unique_ptr<UdpClientUnderTest>> clients;
  for (size_t i = 0; i < kClients; ++i) {
    clients.push_back(NewClient());
    clients.back()->udp().SetDetectAttempts(3);
    clients.back()->udp().SetDetectInterval(1);
    ASSERT_TRUE(clients.back()->Start(kLoopback, relay->port()));
  }
  ASSERT_TRUE(server.CountBecomes(kClients));

  relay->Set({0.3, 0.1, 0.1});
  const Session silent = server.Meet();
  silent_id.store(silent.id);
  int asked = 0;
  ASSERT_TRUE(RunUntil([&] {
    // Many times per tick, and not so often that it fills the log.
    if (asked++ % 10 == 0) {
      for (auto& client : clients) EXPECT_TRUE(client->Send("data"));
    }
    return silent_ended.load();
  }));
  EXPECT_EQ(server.events().log().CountEnds(), 1u) << "only the silent one";
  EXPECT_EQ(server->GetConnectionCount(), kClients);
  for (auto& client : clients) {
    EXPECT_EQ(client->client().GetState(), SS_STARTED);
    EXPECT_GT(client->events().log().Count(EventKind::kReceive), 0u);
  }
  for (const RelayWay way : {RelayWay::kToServer, RelayWay::kToClient}) {
    EXPECT_GT(relay->figures(way).lost, 0u);
    EXPECT_GT(relay->figures(way).left, 0u);
  }

  relay->Set({1, 0, 0});
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kClose, 1 + kClients));
  EXPECT_TRUE(server.CountBecomes(0));
  for (auto& client : clients) {
    ASSERT_TRUE(client->events().WaitForCount(EventKind::kError, 1));
    const Event error = *client->events().log().First(EventKind::kError);
    EXPECT_EQ(error.operation, SO_CONNECT);
    EXPECT_EQ(error.error, ECONNRESET);
    EXPECT_TRUE(client->client().Wait(harness::kPatienceMs));
  }
}

// What is lost is nobody's, a copy is a datagram of its own, and the order is the network's.
// Spec: decisions 6.2, fault 27
TEST_P(UdpRelayed, EachDatagramIsDeliveredAsItComesFromTheNetwork) {
  constexpr int kCount = 100;
  UdpServerUnderTest server(GetParam());
  server.MustStart();
  const std::unique_ptr<UdpRelay> relay = RelayTo(server);
  const std::unique_ptr<UdpClientUnderTest> client = NewClient();
  client->udp().SetDetectAttempts(0);
  ASSERT_TRUE(client->Start(kLoopback, relay->port()));
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kAccept, 1));
  const CONNID id = server.events().log().First(EventKind::kAccept)->id;

  relay->Set({0.2, 0.3, 0.3});
  const auto all_passed = [&](RelayWay way, uint64_t came) {
    return RunUntil([&] { return relay->figures(way).came == came && !relay->holds(); });
  };
  for (int i = 0; i < kCount; ++i) ASSERT_TRUE(client->Send(std::to_string(i)));
  ASSERT_TRUE(all_passed(RelayWay::kToServer, 1 + kCount)) << "one empty datagram came at first";
  const std::vector<std::string> to_server = WithoutHeartbeats(relay->left(RelayWay::kToServer));
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kReceive, to_server.size()));
  EXPECT_EQ(Received(server.events().log()), to_server);

  for (int i = 0; i < kCount; ++i) ASSERT_TRUE(server.Send(id, std::to_string(i)));
  ASSERT_TRUE(all_passed(RelayWay::kToClient, 1 + kCount)) << "the empty one was answered";
  const std::vector<std::string> to_client = WithoutHeartbeats(relay->left(RelayWay::kToClient));
  ASSERT_TRUE(client->events().WaitForCount(EventKind::kReceive, to_client.size()));
  EXPECT_EQ(Received(client->events().log()), to_client);

  for (const RelayWay way : {RelayWay::kToServer, RelayWay::kToClient}) {
    const harness::PathFigures figures = relay->figures(way);
    EXPECT_GT(figures.lost, 0u);
    EXPECT_GT(figures.doubled, 0u);
    EXPECT_GT(figures.overtaken, 0u);
  }
  EXPECT_TRUE(server.events().WaitForCount(EventKind::kSend, kCount))
      << "what left was reported, whatever became of it";
  EXPECT_EQ(server->GetConnectionCount(), 1u);
}

// The server sees a client that moves, as behind a router that has forgotten it, as another peer.
// Spec: api §6.12/1, fault 27
TEST_P(UdpRelayed, ClientsBehindOneRelayAreSessionsOfTheirOwn) {
  UdpServerUnderTest server(GetParam());
  server.EchoBack();
  server.MustStart();
  const std::unique_ptr<UdpRelay> first = RelayTo(server);
  const std::unique_ptr<UdpRelay> second = RelayTo(server);
  const std::unique_ptr<DatagramPeer> peer = BindPeer(kLoopback);
  const std::unique_ptr<DatagramPeer> other = BindPeer(kLoopback);
  const auto expect_echo = [&](DatagramPeer& from, UdpRelay& over, const std::string& text) {
    ASSERT_TRUE(from.SendTo(kLoopback, over.port(), text));
    EXPECT_EQ(from.ReceiveData(Deadline::Patient()), text);
    EXPECT_EQ(from.last_source_port(), over.port());
  };
  expect_echo(*peer, *first, "a");
  expect_echo(*other, *first, "b");
  expect_echo(*peer, *first, "c");
  EXPECT_EQ(server->GetConnectionCount(), 2u);
  expect_echo(*peer, *second, "d");
  EXPECT_EQ(server->GetConnectionCount(), 3u) << "another address is another session";
}

}  // namespace
}  // namespace hpsocket::conformance
