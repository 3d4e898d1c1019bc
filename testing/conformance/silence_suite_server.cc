// Conformance: how old connections are, how long they have been silent, and what ends them for that.
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/harness/deadline.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"
#include "hpsocket/testing/harness/peer.h"

namespace hpsocket::conformance {
namespace {

using harness::Deadline;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::NeedsSimulatedTime;
using harness::RunUntil;
using harness::StreamEnd;

constexpr char kWhy[] = "compares durations";

class TcpComplexSilence : public ComplexTest {
 protected:
  static void ExpectClosed(ComplexUnderTest& component, CONNID id) {
    EXPECT_TRUE(component.events().WaitFor([id](const EventLog& log) { return log.CountEnds(id) == 1; }));
    EXPECT_EQ(component.events().log().Count(EventKind::kClose, id), 1u);
  }
  // In simulated time, to the nanosecond.
  static void LetPass(std::chrono::milliseconds time) {
    RunUntil([] { return false; }, Deadline::In(time));
  }
  // One that `disconnect` closes gracefully; the other end gets everything that was accepted before.
  static void ExpectClosesGracefully(ComplexUnderTest& component, const std::function<bool()>& disconnect) {
    const std::string much = MoreThanTheKernelTakes();
    const Link link = component.Connect({4096});
    ASSERT_TRUE(component->Send(link.id, Bytes(much), Length(much)));
    EXPECT_TRUE(disconnect());
    errno = 0;
    EXPECT_FALSE(component->Send(link.id, Bytes("late"), 4));
    EXPECT_EQ(errno, EBADSLT);
    errno = 0;
    EXPECT_FALSE(disconnect()) << "it is closing already";
    EXPECT_EQ(errno, EBADSLT);
    StreamEnd end = StreamEnd::kOpen;
    EXPECT_TRUE(link->ReceiveToEnd(&end) == much);
    EXPECT_EQ(end, StreamEnd::kOrderly);
    EXPECT_TRUE(Alive(component, link.id)) << "the peer has not closed yet";
    link->Close();
    ExpectClosed(component, link.id);
  }
  static bool Alive(ComplexUnderTest& component, CONNID id) {
    return component.events().log().CountEnds(id) == 0;
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexSilence);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexSilence, ::testing::ValuesIn(TcpComplexes()), ComplexName);

// Spec: §2.2.1, api §2.1/5t, §4.2/3, api §6.5, C14
TEST_P(TcpComplexSilence, ClosesLongConnections) {
  ComplexUnderTest& component = StartedComponent();
  errno = 0;
  EXPECT_FALSE(component->DisconnectLongConnections(0)) << "there is none";
  EXPECT_EQ(errno, EBADSLT);
  std::vector<Link> links;
  for (int i = 0; i < 5; ++i) links.push_back(component.Connect());
  EXPECT_FALSE(component->DisconnectLongConnections(0x7FFFFFFF)) << "none is that old";
  EXPECT_EQ(component->GetConnectionCount(), 5u);
  EXPECT_TRUE(component->DisconnectLongConnections(0));
  for (const Link& link : links) ExpectClosed(component, link.id);
}

// Spec: §2.2.1, api §2.1/6t, api §2.1/14t, api §2.1/27t, §4.2/4, api §6.5, C14
TEST_P(TcpComplexSilence, ClosesSilentConnectionsOnlyWhileSilenceIsMarked) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect();
  uint32_t period = 0;
  EXPECT_FALSE(component->GetSilencePeriod(link.id, period));
  errno = 0;
  EXPECT_FALSE(component->DisconnectSilenceConnections(0));
  EXPECT_EQ(errno, EPERM);
  component->SetMarkSilence(true);
  EXPECT_TRUE(component->IsMarkSilence());
  EXPECT_TRUE(component->GetSilencePeriod(link.id, period)) << "works at once";
  EXPECT_FALSE(component->DisconnectSilenceConnections(0x7FFFFFFF));
  EXPECT_TRUE(component->DisconnectSilenceConnections(0));
  ExpectClosed(component, link.id);
}

// Spec: §2.2.1, api §6.5, decisions 4.4, C14
TEST_P(TcpComplexSilence, ClosesGracefullyWhenNotForced) {
  ComplexUnderTest& component = NewComponent();
  component->SetMarkSilence(true);
  component->SetGracefulTimeout(600'000);
  component.MustStart();
  ExpectClosesGracefully(component, [&] { return component->DisconnectLongConnections(0, false); });
  ExpectClosesGracefully(component, [&] { return component->DisconnectSilenceConnections(0, false); });
}

// Spec: §2.2.1, api §2.1/14t, api §6.8/7, C14
TEST_P(TcpComplexSilence, CountsSilenceFromTheLastBytesThatCame) {
  constexpr uint32_t kSilent = 50;
  ComplexUnderTest& component = NewComponent();
  component->SetMarkSilence(true);
  component.MustStart();
  const Link talking = component.Connect();
  const Link silent = component.Connect();
  uint32_t silence = 0;
  ASSERT_TRUE(RunUntil([&] {
    return component->GetSilencePeriod(talking.id, silence) && silence >= kSilent &&
           component->GetSilencePeriod(silent.id, silence) && silence >= kSilent;
  }));
  ASSERT_TRUE(talking->Send("x"));
  ASSERT_TRUE(component.events().WaitForCount(EventKind::kReceive, 1));
  uint32_t age = 0;
  ASSERT_TRUE(component->GetSilencePeriod(talking.id, silence));
  ASSERT_TRUE(component->GetConnectPeriod(talking.id, age));
  EXPECT_LE(silence + kSilent, age + 1) << "only since the bytes came; both are whole milliseconds";
  // What was sent to it does not count: the peer says nothing.
  EXPECT_TRUE(component->Send(silent.id, Bytes("x"), 1));
  EXPECT_EQ(silent->Receive(1), "x");
  ASSERT_TRUE(component->GetSilencePeriod(silent.id, silence));
  EXPECT_GE(silence, kSilent);
}

// Spec: api §2.1/5t, api §2.1/6t, §4.2/3, §4.2/4, api §6.5, api §6.8/7
TEST_P(TcpComplexSilence, ClosesThoseAloneThatAreOldOrSilentEnough) {
  if (NeedsSimulatedTime(kWhy)) return;
  ComplexUnderTest& component = NewComponent();
  component->SetMarkSilence(true);
  component.MustStart();
  const Link oldest = component.Connect();
  const Link old = component.Connect();
  LetPass(std::chrono::milliseconds(100));
  const Link young = component.Connect();
  ASSERT_TRUE(oldest->Send("x"));
  ASSERT_TRUE(component.events().WaitForCount(EventKind::kReceive, 1));
  ASSERT_TRUE(component->Send(old.id, Bytes("y"), 1));
  ASSERT_EQ(old->Receive(1), "y");
  LetPass(std::chrono::milliseconds(50));
  EXPECT_TRUE(component->DisconnectSilenceConnections(100));
  ExpectClosed(component, old.id);  // what was sent to it is no sign of life
  EXPECT_TRUE(Alive(component, oldest.id));
  EXPECT_TRUE(Alive(component, young.id));
  EXPECT_FALSE(component->DisconnectSilenceConnections(100));
  EXPECT_TRUE(component->DisconnectLongConnections(100));
  ExpectClosed(component, oldest.id);
  EXPECT_TRUE(Alive(component, young.id));
  EXPECT_FALSE(component->DisconnectLongConnections(100));
}

// Spec: decisions 8.3/2
TEST_P(TcpComplexSilence, ClosesWhatHasBeenIdleInBothDirections) {
  if (NeedsSimulatedTime(kWhy)) return;
  ComplexUnderTest& component = NewComponent();
  component->SetMaxIdleTime(100);
  component.MustStart();
  const Link hears = component.Connect();
  const Link says = component.Connect();
  const Link idle = component.Connect();
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(hears->Send("x"));
    ASSERT_TRUE(component->Send(says.id, Bytes("y"), 1));
    ASSERT_EQ(says->Receive(1), "y");
    LetPass(std::chrono::milliseconds(20));
  }
  ExpectClosed(component, idle.id);
  EXPECT_TRUE(Alive(component, hears.id));
  EXPECT_TRUE(Alive(component, says.id)) << "under every send policy";
  ExpectClosed(component, hears.id);
  ExpectClosed(component, says.id);
}

// Callbacks that take longer than the idle time are the application's silence, not the peers'.
// Spec: decisions 8.3/2
TEST_P(TcpComplexSilence, DoesNotTakeItsOwnSlownessForSilence) {
  if (NeedsSimulatedTime(kWhy)) return;
  ComplexUnderTest& component = NewComponent();
  component->SetWorkerThreadCount(1);
  component->SetMaxIdleTime(100);
  component.events().Do(EventKind::kReceive, [&](const Event& event) {
    LetPass(std::chrono::milliseconds(150));
    component->Send(event.id, Bytes("y"), 1);
  });
  component.MustStart();
  const Link one = component.Connect();
  const Link other = component.Connect();
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(one->Send("x"));
    ASSERT_TRUE(other->Send("x"));  // in the kernel, while the worker is at the first
    ASSERT_EQ(one->Receive(1), "y");
    ASSERT_EQ(other->Receive(1), "y");
  }
  EXPECT_TRUE(Alive(component, one.id));
  EXPECT_TRUE(Alive(component, other.id));
  ExpectClosed(component, one.id);
  ExpectClosed(component, other.id);
}

// Nor is what an opening event takes.
// Spec: decisions 8.3/2
TEST_P(TcpComplexSilence, BeginsWhenTheOpeningEventHasReturned) {
  if (NeedsSimulatedTime(kWhy)) return;
  ComplexUnderTest& component = NewComponent();
  component->SetMaxIdleTime(100);
  component.events().Do(component.opening(), [](const Event&) { LetPass(std::chrono::milliseconds(150)); });
  component.MustStart();
  const Link link = component.Connect();
  LetPass(std::chrono::milliseconds(50));
  EXPECT_TRUE(Alive(component, link.id));
  ExpectClosed(component, link.id);
}

// However busy callbacks keep the worker, it comes to those who are silent.
// Spec: decisions 8.3/2
TEST_P(TcpComplexSilence, ClosesIdleConnectionsThoughCallbacksAlwaysKeepTheWorker) {
  if (NeedsSimulatedTime(kWhy)) return;
  ComplexUnderTest& component = NewComponent();
  component->SetWorkerThreadCount(1);
  component->SetMaxIdleTime(100);
  component.MustStart();
  const Link busy = component.Connect();
  const Link idle = component.Connect();
  component.events().Do(EventKind::kReceive, [&](const Event&) {
    LetPass(std::chrono::milliseconds(150));
    if (Alive(component, idle.id)) {
      EXPECT_TRUE(busy->Send("x"));  // there before the worker looks again
    }
  });
  ASSERT_TRUE(busy->Send("x"));
  ExpectClosed(component, idle.id);
  EXPECT_TRUE(Alive(component, busy.id));
  ExpectClosed(component, busy.id);
}

}  // namespace
}  // namespace hpsocket::conformance
