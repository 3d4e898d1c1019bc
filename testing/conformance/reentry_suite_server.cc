// Conformance: Start, Stop and Wait inside a component's callbacks, and destruction inside another one's.
#include <atomic>
#include <cerrno>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/conformance/server_fixture.h"
#include "hpsocket/testing/harness/environment.h"

namespace hpsocket::conformance {
namespace {

using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;

// The events that a running component can be stopped in.
std::vector<EventKind> RunningEvents(const ComplexUnderTest& component) {
  return {component.opening(), EventKind::kReceive, EventKind::kSend, EventKind::kClose, EventKind::kError};
}

class TcpComplexReentry : public ComplexTest {
 protected:
  // Makes events of every kind happen to a component, OnShutdown excepted.
  static void ProvokeEverything(ComplexUnderTest& component) {
    // Any step may meet a component that has been stopped by an earlier one.
    if (const auto peer = component.NewPeer()) {
      if (peer->Send("ping")) peer->Receive(4);
    }
    if (const auto peer = component.NewPeer()) {
      if (peer->Send("ping") && peer->Receive(4) == "ping") peer->Reset();
    }
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexReentry);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexReentry, ::testing::ValuesIn(TcpComplexes()), ComplexName);

// Spec: api §6.1/7, decisions 2.4, decisions 2.7, fault 13, §4.2/2
TEST_P(TcpComplexReentry, StopsAsynchronouslyInsideEachEventOfAConnection) {
  for (const EventKind kind : RunningEvents(NewPristineComponent())) {
    SCOPED_TRACE(harness::ToString(kind));
    ComplexUnderTest& component = NewComponent();
    component.EchoBack();
    component.MustStart();
    // Others are connected meanwhile: each of them must get its OnClose.
    std::vector<Link> others;
    for (int i = 0; i < 4; ++i) others.push_back(component.Connect());
    std::thread::id worker;
    const auto stop = [&](const Event& event) {
      worker = event.thread;
      EXPECT_TRUE(component->Stop());
      EXPECT_EQ(component->GetState(), SS_STOPPING);
      EXPECT_FALSE(component->HasStarted());
      EXPECT_FALSE(component->Stop()) << "the second of two";
      EXPECT_EQ(component->GetLastError(), SE_ILLEGAL_STATE);
    };
    if (kind == EventKind::kReceive) {
      auto done = std::make_shared<std::atomic<bool>>(false);
      component.events().React(kind, [&component, stop, done](const Event& event) {
        component->Send(event.id, event.bytes, Length(event.data));
        if (!done->exchange(true)) stop(event);
        return HR_OK;
      });
    } else {
      component.events().DoOnce(kind, stop);
    }
    ProvokeEverything(component);
    ASSERT_TRUE(component->Wait(harness::kPatienceMs));
    EXPECT_EQ(component->GetState(), SS_STOPPED);
    const EventLog log = component.events().log();
    EXPECT_EQ(log.Count(EventKind::kShutdown), 1u);
    ASSERT_EQ(log.Last()->kind, EventKind::kShutdown);
    EXPECT_EQ(log.Last()->state, SS_STOPPING);
    EXPECT_EQ(log.Last()->connections, 0u);
    EXPECT_NE(log.Last()->thread, std::this_thread::get_id()) << "on the component's last thread";
    for (const Link& other : others) EXPECT_EQ(log.Count(EventKind::kClose, other.id), 1u);
    component.events().React(kind, nullptr);
    component.EchoBack();
    component.MustStart();
    const Link link = component.Connect();
    EXPECT_TRUE(component.Echoes(link, "again"));
  }
}

// Spec: decisions 2.4
TEST_P(TcpComplexReentry, RefusesToStopInsideOnShutdown) {
  ComplexUnderTest& component = StartedComponent();
  component.events().Do(EventKind::kShutdown, [&](const Event&) {
    EXPECT_FALSE(component->Stop());
    EXPECT_EQ(component->GetLastError(), SE_ILLEGAL_STATE);
  });
  EXPECT_TRUE(component->Stop());
  EXPECT_EQ(component.events().log().Count(EventKind::kShutdown), 1u);
}

// Spec: api §6.1/7, decisions 2.4, §4.2/2
TEST_P(TcpComplexReentry, RefusesToStartAndToWaitInsideEveryEvent) {
  ComplexUnderTest& component = NewComponent();
  std::atomic<int> seen{0};
  const auto refuse = [&](const Event&) {
    EXPECT_FALSE(component.Start());
    EXPECT_EQ(component->GetLastError(), SE_ILLEGAL_STATE);
    EXPECT_FALSE(component->Wait(-1));
    EXPECT_EQ(component->GetLastError(), SE_ILLEGAL_STATE);
    EXPECT_FALSE(component->Wait(0));
    seen.fetch_add(1);
  };
  for (const EventKind kind : {component.preparing(), component.opening(), EventKind::kSend,
                               EventKind::kClose, EventKind::kError, EventKind::kShutdown}) {
    component.events().Do(kind, refuse);
  }
  component.events().React(EventKind::kReceive, [&](const Event& event) {
    refuse(event);
    return component->Send(event.id, event.bytes, Length(event.data)) ? HR_OK : HR_ERROR;
  });
  component.MustStart();
  ProvokeEverything(component);
  EXPECT_TRUE(component.events().WaitFor([](const EventLog& log) { return log.CountEnds() == 2; }));
  EXPECT_EQ(component->GetState(), SS_STARTED) << "none of it disturbed the component";
  ASSERT_TRUE(component->Stop());
  const EventLog log = component.events().log();
  for (const EventKind kind :
       {component.preparing(), component.opening(), EventKind::kReceive, EventKind::kSend, EventKind::kClose,
        EventKind::kError, EventKind::kShutdown}) {
    EXPECT_GE(log.Count(kind), 1u) << harness::ToString(kind);
  }
  EXPECT_EQ(static_cast<size_t>(seen.load()), log.size());
}

// Spec: decisions 2.4
TEST_P(TcpComplexReentry, StopsAnotherSynchronouslyInsideACallback) {
  ComplexUnderTest& other = StartedComponent();
  const Link victim = other.Connect();
  ComplexUnderTest& component = NewComponent();
  std::thread::id worker;
  component.events().DoOnce(EventKind::kReceive, [&](const Event& event) {
    worker = event.thread;
    EXPECT_TRUE(other->Stop());
    EXPECT_EQ(other->GetState(), SS_STOPPED);
    EXPECT_EQ(other.events().running(), 0u);
    EXPECT_EQ(other.events().log().Last()->kind, EventKind::kShutdown);
  });
  component.MustStart();
  const Link link = component.Connect();
  ASSERT_TRUE(link->Send("stop the other"));
  ASSERT_TRUE(component.events().WaitForCount(EventKind::kReceive, 1));
  const EventLog log = other.events().log();
  EXPECT_EQ(log.Count(EventKind::kClose, victim.id), 1u);
  EXPECT_EQ(log.Last()->thread, worker) << "OnShutdown comes on the caller of Stop";
  EXPECT_EQ(component->GetState(), SS_STARTED);
}

// Spec: decisions 2.4
TEST_P(TcpComplexReentry, DestroysAnotherSynchronouslyInsideACallback) {
  ComplexUnderTest& other = StartedComponent();
  const Link victim = other.Connect();
  ComplexUnderTest& component = NewComponent();
  component.events().DoOnce(EventKind::kReceive, [&](const Event&) {
    other.Destroy();
    EXPECT_EQ(other.events().running(), 0u);
    EXPECT_EQ(other.events().log().Last()->kind, EventKind::kShutdown);
  });
  component.MustStart();
  const Link link = component.Connect();
  ASSERT_TRUE(link->Send("destroy the other"));
  ASSERT_TRUE(component.events().WaitForCount(EventKind::kReceive, 1));
  EXPECT_EQ(other.events().log().Count(EventKind::kClose, victim.id), 1u);
}

// Each of a ring of components stops the next one from inside a callback, all at the same time.
// Spec: decisions 2.4
TEST_P(TcpComplexReentry, DoesNotDeadlockWhenTheyStopEachOther) {
  for (const size_t size : {2u, 3u, 5u}) {
    SCOPED_TRACE(size);
    std::vector<ComplexUnderTest*> ring;
    std::vector<Link> links;
    std::atomic<size_t> inside{0};
    Gate everybody;
    for (size_t i = 0; i < size; ++i) ring.push_back(&NewComponent());
    for (size_t i = 0; i < size; ++i) {
      ComplexUnderTest& next = *ring[(i + 1) % size];
      ring[i]->events().DoOnce(EventKind::kReceive, [&](const Event&) {
        if (inside.fetch_add(1) + 1 == size) everybody.Open();
        EXPECT_TRUE(everybody.Pass());
        EXPECT_TRUE(next->Stop());
      });
      ring[i]->MustStart();
      links.push_back(ring[i]->Connect());
    }
    for (const Link& link : links) ASSERT_TRUE(link->Send("stop the next"));
    for (ComplexUnderTest* const component : ring) {
      ASSERT_TRUE(component->events().WaitForCount(EventKind::kReceive, 1));
      ASSERT_TRUE((*component)->Wait(harness::kPatienceMs));
      const EventLog log = component->events().log();
      EXPECT_EQ(log.Count(EventKind::kShutdown), 1u);
      EXPECT_EQ(log.Last()->kind, EventKind::kShutdown);
      EXPECT_EQ(log.Count(EventKind::kClose), 1u);
    }
  }
}

// Spec: decisions 2.4
TEST_P(TcpComplexReentry, DoesNotDeadlockWhenACallbackStopsWhoeverWaitsForIt) {
  ComplexUnderTest& outer = NewComponent();
  ComplexUnderTest& inner = NewComponent();
  Gate waiting;
  // A thread stops `inner`, whose callback stops `outer`, whose callback is stopping `inner` too.
  outer.events().DoOnce(EventKind::kReceive, [&](const Event&) {
    waiting.Open();
    inner->Stop();
  });
  inner.events().DoOnce(EventKind::kReceive, [&](const Event&) {
    EXPECT_TRUE(waiting.Pass());
    EXPECT_TRUE(outer->Stop());
  });
  outer.MustStart();
  inner.MustStart();
  const Link to_outer = outer.Connect();
  const Link to_inner = inner.Connect();
  ASSERT_TRUE(to_inner->Send("x"));
  ASSERT_TRUE(
      inner.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kReceive) == 1; }));
  ASSERT_TRUE(to_outer->Send("x"));
  ASSERT_TRUE(waiting.Pass());
  inner->Stop();
  EXPECT_TRUE(inner->Wait(harness::kPatienceMs));
  EXPECT_TRUE(outer->Wait(harness::kPatienceMs));
  EXPECT_EQ(inner.events().log().Count(EventKind::kShutdown), 1u);
  EXPECT_EQ(outer.events().log().Count(EventKind::kShutdown), 1u);
}

class TcpServerReentry : public ServerTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpServerReentry);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpServerReentry, ::testing::ValuesIn(harness::TcpServers()),
                         ServerName);

// Spec: decisions 2.4, decisions 2.6
TEST_P(TcpServerReentry, FailsTheStartThatOnPrepareListenStops) {
  ServerUnderTest& server = NewServer();
  server.events().DoOnce(EventKind::kPrepareListen, [&](const Event&) {
    EXPECT_TRUE(server->Stop());
    EXPECT_FALSE(server->Stop()) << "the second of two";
    EXPECT_EQ(server->GetLastError(), SE_ILLEGAL_STATE);
  });
  errno = 0;
  EXPECT_FALSE(server->Start("127.0.0.1", 0));
  EXPECT_EQ(errno, ECANCELED);
  EXPECT_EQ(server->GetLastError(), SE_ILLEGAL_STATE);
  EXPECT_EQ(server->GetState(), SS_STOPPED);
  const EventLog log = server.events().log();
  EXPECT_EQ(log.Count(EventKind::kPrepareListen), 1u);
  EXPECT_EQ(log.Count(EventKind::kShutdown), 1u);
  EXPECT_EQ(log.Last()->thread, std::this_thread::get_id());
  server.MustStart();
}

}  // namespace
}  // namespace hpsocket::conformance
