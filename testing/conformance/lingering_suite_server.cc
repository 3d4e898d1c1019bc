// Conformance: connections that linger: the peer has sent its FIN, OnClose has come, and what Send had
// accepted still goes out.
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/harness/deadline.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"

namespace hpsocket::conformance {
namespace {

using harness::Deadline;
using harness::Environment;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;
using harness::NeedsSimulatedTime;
using harness::Peer;
using harness::RunUntil;
using harness::StreamEnd;

// Longer than any test: what ends earlier was ended by something else.
constexpr uint32_t kNever = 600'000;

class TcpComplexLingering : public ComplexTest {
 protected:
  static uint64_t Lingering(ComplexUnderTest& component) {
    HP_Stats stats;
    EXPECT_TRUE(component->GetStats(stats));
    return stats.lingering;
  }
  // A connection whose peer has closed its side and does not read `much`.
  static Link Lingerer(ComplexUnderTest& component, const std::string& much) {
    Link link = component.Connect({4096});
    EXPECT_TRUE(component->Send(link.id, Bytes(much), Length(much)));
    link->HalfClose();
    EXPECT_TRUE(component.events().WaitFor(
        [&](const EventLog& log) { return log.Count(EventKind::kClose, link.id) == 1; }));
    EXPECT_TRUE(RunUntil([&] { return Lingering(component) == 1; }));
    return link;
  }
  static void ExpectCutShort(const Link& link, const std::string& much) {
    StreamEnd end = StreamEnd::kOpen;
    EXPECT_LT(link->ReceiveToEnd(&end).size(), much.size());
    EXPECT_EQ(end, StreamEnd::kReset);
  }

  const std::string much_ = MoreThanTheKernelTakes();
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexLingering);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexLingering, ::testing::ValuesIn(TcpComplexes()), ComplexName);

// Spec: decisions 4.8
TEST_P(TcpComplexLingering, WritesTheRestWithoutOnSend) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = Lingerer(component, much_);
  const size_t events = component.events().size();
  EXPECT_EQ(component->GetConnectionCount(), 0u);
  StreamEnd end = StreamEnd::kOpen;
  EXPECT_TRUE(link->ReceiveToEnd(&end) == much_);
  EXPECT_EQ(end, StreamEnd::kOrderly);
  EXPECT_TRUE(RunUntil([&] { return Lingering(component) == 0; }));
  EXPECT_EQ(component.events().size(), events) << "no OnSend, nor anything else";
}

// Spec: decisions 4.8, decisions 6.5
TEST_P(TcpComplexLingering, CountsInMaxConnectionCount) {
  ComplexUnderTest& component = NewComponent();
  component->SetMaxConnectionCount(1);
  component->SetGracefulTimeout(kNever);
  component.MustStart();
  const Link link = Lingerer(component, much_);
  // A server resets who comes, an agent does not connect.
  if (const std::unique_ptr<Peer> refused = component.NewPeer()) {
    EXPECT_EQ(refused->AwaitEnd(), StreamEnd::kReset);
  }
  HP_Stats stats;
  ASSERT_TRUE(component->GetStats(stats));
  EXPECT_EQ(stats.refused_connections, 1u);
  EXPECT_EQ(stats.total_connections, 1u);
  EXPECT_EQ(stats.lingering, 1u);
  StreamEnd end = StreamEnd::kOpen;
  EXPECT_TRUE(link->ReceiveToEnd(&end) == much_);
  EXPECT_TRUE(RunUntil([&] { return Lingering(component) == 0; }));
  component.Connect();
}

// Spec: decisions 4.8, decisions 2.5
TEST_P(TcpComplexLingering, IsEndedByStop) {
  ComplexUnderTest& component = NewComponent();
  component->SetGracefulTimeout(kNever);
  component.MustStart();
  const Link link = Lingerer(component, much_);
  ASSERT_TRUE(component->Stop());
  EXPECT_EQ(Lingering(component), 0u);
  ExpectCutShort(link, much_);
  EXPECT_EQ(component.events().log().CountEnds(link.id), 1u);
}

// Spec: decisions 4.8, decisions 8.2/8
TEST_P(TcpComplexLingering, LastsNoLongerThanTheGracefulTimeout) {
  if (NeedsSimulatedTime("compares durations")) return;
  ComplexUnderTest& component = NewComponent();
  component->SetGracefulTimeout(2000);
  component.MustStart();
  const Link link = Lingerer(component, much_);
  const auto let_pass = [](std::chrono::milliseconds time) {
    RunUntil([] { return false; }, Deadline::In(time));
  };
  let_pass(std::chrono::milliseconds(1900));
  EXPECT_EQ(Lingering(component), 1u);
  let_pass(std::chrono::milliseconds(150));
  EXPECT_EQ(Lingering(component), 0u);
  ExpectCutShort(link, much_);
}

// Their ends all come to the worker at once, and they never read.
// Spec: decisions 4.8
TEST_P(TcpComplexLingering, ResetsTheOldestPastSoMany) {
  if (NeedsSimulatedTime("needs a thousand connections whose bytes the kernel does not take")) return;
  constexpr size_t kMost = 1024;
  constexpr size_t kMore = 50;
  ComplexUnderTest& component = NewComponent();
  component->SetWorkerThreadCount(1);
  component->SetGracefulTimeout(kNever);
  // So many of them are kept cheap by having little room in the kernel.
  component.events().Do(component.opening(), [](const Event& event) {
    EXPECT_TRUE(Environment::Current().SetOption(event.socket, SOL_SOCKET, SO_SNDBUF, 4096));
  });
  component.MustStart();
  const std::string much = Pattern(20'000);
  std::vector<Link> links;
  for (size_t i = 0; i < kMost + kMore; ++i) {
    links.push_back(component.Connect({4096}));
    ASSERT_TRUE(component->Send(links.back().id, Bytes(much), Length(much)));
  }
  Gate gate;
  component.events().DoOnce(EventKind::kReceive, [&](const Event&) { EXPECT_TRUE(gate.Pass()); });
  ASSERT_TRUE(links[0]->Send("x"));
  ASSERT_TRUE(
      component.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kReceive) == 1; }));
  for (const Link& link : links) link->HalfClose();
  gate.Open();
  HP_Stats stats;
  ASSERT_TRUE(RunUntil([&] {
    return component->GetStats(stats) && stats.connections == 0 && stats.lingering == kMost;
  })) << stats.connections
      << " connections, " << stats.lingering << " linger, " << stats.pending_bytes << " bytes wait";
  // They began to linger when OnClose had returned, one after the other.
  std::vector<CONNID> order;
  for (const Event& event : component.events().log().events()) {
    if (event.kind == EventKind::kClose) order.push_back(event.id);
  }
  ASSERT_EQ(order.size(), links.size());
  const auto of = [&](CONNID id) -> const Link& {
    return *std::find_if(links.begin(), links.end(), [id](const Link& link) { return link.id == id; });
  };
  for (size_t i = 0; i < kMore; ++i) ExpectCutShort(of(order[i]), much);
  // All the others are as they were; a few of them get to see it.
  for (const size_t i : {kMore, kMore + 1, kMost, kMost + kMore - 1}) {
    StreamEnd end = StreamEnd::kOpen;
    EXPECT_TRUE(of(order[i])->ReceiveToEnd(&end) == much) << i;
    EXPECT_EQ(end, StreamEnd::kOrderly) << i;
  }
  EXPECT_TRUE(RunUntil([&] { return Lingering(component) == kMost - 4; }));
  EXPECT_TRUE(component->Stop());
}

}  // namespace
}  // namespace hpsocket::conformance
