// Conformance: which callbacks count as slow, on a clock that says exactly how long each has taken.
#include <chrono>
#include <cstdint>
#include <memory>
#include <set>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/client_fixture.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/harness/deadline.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"

namespace hpsocket::conformance {
namespace {

using harness::Deadline;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::NeedsSimulatedTime;
using harness::Peer;
using harness::PeerListener;
using harness::RunUntil;
using std::chrono::milliseconds;

// How long every callback takes, and what that comes to.
struct Case {
  uint32_t slow_callback_time;
  int64_t every_ms;    // but
  int64_t receive_ms;  // OnReceive, which is neither the first nor the last
  bool slow;
  uint64_t longest_us;
};

constexpr Case kCases[] = {
    {10, 11, 12, true, 12'000},
    {10, 11, 11, true, 11'000},
    {10, 10, 10, false, 0},  // longer than SlowCallbackTime, not as long
    {0, 11, 11, false, 0},   // off
};

// Nothing but the callback moves the clock meanwhile, for all others wait.
void Take(harness::Recorder& events, const Case& one, const std::set<EventKind>& kinds) {
  for (const EventKind kind : kinds) {
    const milliseconds time(kind == EventKind::kReceive ? one.receive_ms : one.every_ms);
    events.Do(kind, [time](const Event&) { RunUntil([] { return false; }, Deadline::In(time)); });
  }
}

void Expect(const HP_Stats& stats, const EventLog& log, const Case& one, const std::set<EventKind>& kinds) {
  for (const EventKind kind : kinds) EXPECT_GE(log.Count(kind), 1u) << harness::ToString(kind);
  EXPECT_EQ(stats.slow_callbacks, one.slow ? log.size() : 0u);
  EXPECT_EQ(stats.longest_callback_us, one.longest_us);
}

class TcpComplexSlowCallbacks : public ComplexTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexSlowCallbacks);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexSlowCallbacks, ::testing::ValuesIn(TcpComplexes()),
                         ComplexName);

class TcpClientSlowCallbacks : public ClientTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientSlowCallbacks);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientSlowCallbacks, ::testing::ValuesIn(harness::TcpClients()),
                         ClientName);

// Spec: fault 17, decisions 8.2/9
TEST_P(TcpComplexSlowCallbacks, AreThoseOfEveryKindThatTakeLongerThanAskedFor) {
  if (NeedsSimulatedTime("compares durations")) return;
  for (const Case& one : kCases) {
    ComplexUnderTest& component = NewComponent();
    const std::set<EventKind> kinds = {component.preparing(), component.opening(), EventKind::kReceive,
                                       EventKind::kSend,      EventKind::kClose,   EventKind::kError,
                                       EventKind::kShutdown};
    component->SetSlowCallbackTime(one.slow_callback_time);
    Take(component.events(), one, kinds);
    component.MustStart();
    const Link link = component.Connect();
    ASSERT_TRUE(link->Send("x"));
    ASSERT_TRUE(component.events().WaitForCount(EventKind::kReceive, 1));
    ASSERT_TRUE(component->Send(link.id, Bytes("y"), 1));
    ASSERT_TRUE(component.events().WaitForCount(EventKind::kSend, 1));
    link->HalfClose();
    ASSERT_TRUE(component.events().WaitForCount(EventKind::kClose, 1));
    const Link other = component.Connect();
    other->Reset();
    ASSERT_TRUE(component.events().WaitForCount(EventKind::kError, 1));
    ASSERT_TRUE(component->Stop());
    HP_Stats stats;
    ASSERT_TRUE(component->GetStats(stats));
    Expect(stats, component.events().log(), one, kinds);
  }
}

// Spec: fault 17, decisions 8.2/9
TEST_P(TcpClientSlowCallbacks, AreThoseOfEveryKindThatTakeLongerThanAskedFor) {
  if (NeedsSimulatedTime("compares durations")) return;
  for (const Case& one : kCases) {
    for (const EventKind end : {EventKind::kClose, EventKind::kError}) {
      PeerListener& listener = Listener();
      ClientUnderTest& client = NewClient();
      const std::set<EventKind> kinds = {EventKind::kPrepareConnect, EventKind::kConnect, EventKind::kReceive,
                                         EventKind::kSend, end};
      client->SetSlowCallbackTime(one.slow_callback_time);
      Take(client.events(), one, kinds);
      const std::unique_ptr<Peer> peer = client.Connect(listener, end == EventKind::kError);
      ASSERT_TRUE(peer->Send("x"));
      ASSERT_TRUE(client.events().WaitForCount(EventKind::kReceive, 1));
      ASSERT_TRUE(client->Send(Bytes("y"), 1));
      ASSERT_TRUE(client.events().WaitForCount(EventKind::kSend, 1));
      if (end == EventKind::kError) {
        peer->Reset();
      } else {
        peer->HalfClose();
      }
      ASSERT_TRUE(client->Wait(harness::kPatienceMs));
      HP_Stats stats;
      ASSERT_TRUE(client->GetStats(stats));
      Expect(stats, client.events().log(), one, kinds);
    }
  }
}

}  // namespace
}  // namespace hpsocket::conformance
