// Conformance: how a component ends, from outside of callbacks: Stop, Wait, destruction.
#include <atomic>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/peer.h"
#include "hpsocket/testing/harness/process_probe.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::conformance {
namespace {

using harness::Async;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;
using harness::Later;
using harness::RunUntil;
using harness::StreamEnd;
using harness::Thread;

class TcpComplexStopping : public ComplexTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexStopping);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexStopping, ::testing::ValuesIn(TcpComplexes()), ComplexName);

// Spec: api §3.2/4, decisions 2.8, fault 15, input 15
TEST_P(TcpComplexStopping, IgnoresWhatOnShutdownAnswers) {
  ComplexUnderTest& component = StartedComponent();
  component.events().React(EventKind::kShutdown, [](const Event&) { return HR_ERROR; });
  EXPECT_TRUE(component->Stop());
  EXPECT_EQ(component->GetState(), SS_STOPPED);
  component.MustStart();
  component.events().React(EventKind::kShutdown, [](const Event&) -> EnHandleResult {
    throw std::runtime_error("thrown by a test");
  });
  EXPECT_TRUE(component->Stop());
  EXPECT_EQ(component->GetState(), SS_STOPPED);
  EXPECT_EQ(component.events().log().Count(EventKind::kShutdown), 2u);
}

// Spec: §2.2.2, api §6.4/1, api §6.3/5, api §6.2/3t, decisions 2.5, decisions 2.7, C16, api §2.1/1t
TEST_P(TcpComplexStopping, ClosesEveryConnectionBeforeOnShutdown) {
  constexpr size_t kConnections = 20;
  ComplexUnderTest& component = StartedComponent();
  std::vector<Link> links;
  for (size_t i = 0; i < kConnections; ++i) links.push_back(component.Connect());
  EXPECT_EQ(component->GetConnectionCount(), kConnections);
  ASSERT_TRUE(component->Stop());
  EXPECT_EQ(component->GetState(), SS_STOPPED);
  EXPECT_EQ(component->GetConnectionCount(), 0u);
  EXPECT_EQ(component.events().running(), 0u);

  const EventLog log = component.events().log();
  EXPECT_EQ(log.Count(EventKind::kClose), kConnections);
  EXPECT_EQ(log.Count(EventKind::kError), 0u);
  for (const Event& event : log.events()) {
    if (event.kind != EventKind::kClose) continue;
    EXPECT_NE(event.thread, std::this_thread::get_id()) << "on a worker";
    EXPECT_EQ(event.state, SS_STOPPING);
    EXPECT_EQ(event.thread, log.First(component.opening(), event.id)->thread) << "on the connection's worker";
  }
  EXPECT_EQ(log.Count(EventKind::kShutdown), 1u);
  ASSERT_EQ(log.Last()->kind, EventKind::kShutdown);
  EXPECT_EQ(log.Last()->thread, std::this_thread::get_id());
  EXPECT_EQ(log.Last()->state, SS_STOPPING);
  EXPECT_EQ(log.Last()->connections, 0u);
  for (const Link& link : links) EXPECT_NE(link->AwaitEnd(), StreamEnd::kOpen);
}

// Spec: api §6.4/2, decisions 2.5, fault 4, input 11
TEST_P(TcpComplexStopping, StopsThoughAPeerNeverReads) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect({4096});
  const std::string much = MoreThanTheKernelTakes();
  ASSERT_TRUE(component->Send(link.id, Bytes(much), Length(much)));
  int pending = 0;
  ASSERT_TRUE(component->GetPendingDataLength(link.id, pending));
  EXPECT_GT(pending, 0);
  EXPECT_TRUE(component->Stop());
  EXPECT_EQ(component->GetState(), SS_STOPPED);
  StreamEnd end = StreamEnd::kOpen;
  EXPECT_LT(link->ReceiveToEnd(&end).size(), much.size()) << "unsent data is discarded";
  EXPECT_NE(end, StreamEnd::kOpen);
}

// Spec: api §6.4/2, decisions 2.5
TEST_P(TcpComplexStopping, WaitsForARunningCallbackWhenItStops) {
  ComplexUnderTest& component = NewComponent();
  Gate gate;
  component.events().Do(EventKind::kReceive, [&](const Event&) { EXPECT_TRUE(gate.Pass()); });
  component.MustStart();
  const Link link = component.Connect();
  ASSERT_TRUE(link->Send("x"));
  ASSERT_TRUE(
      component.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kReceive) == 1; }));
  Later<bool> stop = Async([&] { return component->Stop(); });
  ASSERT_TRUE(RunUntil([&] { return component->GetState() == SS_STOPPING; }));
  EXPECT_EQ(component.events().log().Count(EventKind::kShutdown), 0u);
  gate.Open();
  EXPECT_TRUE(stop.Get());
  EXPECT_EQ(component->GetState(), SS_STOPPED);
  EXPECT_EQ(component.events().running(), 0u);
}

// Spec: decisions 2.5, C05, fault 13
TEST_P(TcpComplexStopping, IsSilentOnceStopHasReturned) {
  ComplexUnderTest& component = NewComponent();
  component.EchoBack();
  for (int round = 0; round < 10; ++round) {
    component.MustStart();
    std::atomic<bool> over{false};
    std::vector<Thread> storms;
    for (int i = 0; i < 4; ++i) {
      storms.emplace_back([&over, &component] {
        while (!over.load()) {
          const auto peer = component.NewPeer();
          if (peer == nullptr) continue;
          for (int message = 0; message < 3 && peer->Send("message"); ++message) {
          }
          if ((peer->local_port() + peer->remote_port()) % 2 == 0) peer->Reset();
        }
      });
    }
    const size_t before = component.events().log().CountEnds();
    EXPECT_TRUE(
        component.events().WaitFor([&](const EventLog& log) { return log.CountEnds() >= before + 20; }));
    EXPECT_TRUE(component->Stop());
    EXPECT_EQ(component.events().running(), 0u);
    const size_t events = component.events().size();
    EXPECT_EQ(component.events().log().Last()->kind, EventKind::kShutdown);
    over.store(true);
    for (Thread& storm : storms) storm.Join();
    EXPECT_EQ(component.events().size(), events);
  }
}

// Spec: decisions 2.5, fault 43
TEST_P(TcpComplexStopping, LeavesNoDescriptorAndNoThreadBehind) {
  ComplexUnderTest& component = EchoComponent();
  const auto run = [&component] {
    std::vector<Link> links;
    for (int i = 0; i < 8; ++i) links.push_back(component.Connect());
    for (const Link& link : links) EXPECT_TRUE(component.Echoes(link, "busy"));
    EXPECT_TRUE(component->Stop());
  };
  run();  // what is made once per process exists from here on
  const std::set<int> descriptors = harness::OpenDescriptors();
  const std::set<int> threads = harness::ThreadIds();
  for (int round = 0; round < 3; ++round) {
    component.MustStart();
    run();
    EXPECT_EQ(harness::OpenDescriptors(), descriptors);
    // A joined thread's entry goes away a moment later.
    EXPECT_TRUE(RunUntil([&] { return harness::HasNoThreadBeside(threads); }));
  }
}

// Spec: api §6.1/8, decisions 2.5, fault 13
TEST_P(TcpComplexStopping, StopsWhenItIsDestroyed) {
  ComplexUnderTest& component = StartedComponent();
  std::vector<Link> links;
  for (int i = 0; i < 5; ++i) links.push_back(component.Connect());
  component.Destroy();
  const EventLog log = component.events().log();
  EXPECT_EQ(log.Count(EventKind::kClose), 5u);
  EXPECT_EQ(log.Count(EventKind::kShutdown), 1u);
  EXPECT_EQ(log.Last()->kind, EventKind::kShutdown);
  EXPECT_EQ(log.Last()->thread, std::this_thread::get_id());
  EXPECT_EQ(component.events().running(), 0u);
  for (const Link& link : links) EXPECT_NE(link->AwaitEnd(), StreamEnd::kOpen);
}

// Spec: decisions 2.4, decisions 8.2/1
TEST_P(TcpComplexStopping, WaitSaysWhetherItIsStopped) {
  ComplexUnderTest& component = NewComponent();
  EXPECT_TRUE(component->Wait(-1)) << "never started";
  EXPECT_TRUE(component->Wait(0));
  component.MustStart();
  EXPECT_FALSE(component->Wait(0));
  EXPECT_FALSE(component->Wait(1));
  EXPECT_EQ(component->GetLastError(), SE_OK) << "time being over is no error";
  EXPECT_TRUE(component->Stop());
  EXPECT_TRUE(component->Wait(-1));
}

// Spec: decisions 2.4, decisions 8.2/1
TEST_P(TcpComplexStopping, WaitBlocksUntilItIsStopped) {
  ComplexUnderTest& component = NewComponent();
  Gate gate;
  component.events().Do(EventKind::kShutdown, [&](const Event&) { EXPECT_TRUE(gate.Pass()); });
  component.MustStart();
  std::vector<Later<EnServiceState>> waits;
  for (int i = 0; i < 3; ++i) {
    waits.push_back(Async([&] {
      EXPECT_TRUE(component->Wait(-1));
      return component->GetState();
    }));
  }
  Later<bool> stop = Async([&] { return component->Stop(); });
  ASSERT_TRUE(
      component.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kShutdown) == 1; }));
  EXPECT_FALSE(component->Wait(0)) << "OnShutdown is still running";
  EXPECT_FALSE(component->Stop()) << "another Stop is under way";
  EXPECT_EQ(component->GetLastError(), SE_ILLEGAL_STATE);
  gate.Open();
  for (auto& wait : waits) EXPECT_EQ(wait.Get(), SS_STOPPED);
  EXPECT_TRUE(stop.Get());
}

// Spec: decisions 2.4, decisions 3.3, fault 13
TEST_P(TcpComplexStopping, LetsOneOfManyStopsSucceed) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect();
  std::vector<Later<bool>> stops;
  for (int i = 0; i < 8; ++i) stops.push_back(Async([&] { return component->Stop(); }));
  int succeeded = 0;
  for (auto& stop : stops) succeeded += stop.Get() ? 1 : 0;
  EXPECT_EQ(succeeded, 1);
  EXPECT_TRUE(component->Wait(harness::kPatienceMs));
  EXPECT_EQ(component->GetLastError(), SE_ILLEGAL_STATE);
  EXPECT_EQ(component.events().log().Count(EventKind::kShutdown), 1u);
}

}  // namespace
}  // namespace hpsocket::conformance
