// Conformance: how a component's connections end, by whom, and that each has exactly one last event.
#include <atomic>
#include <cerrno>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/base/clock.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/harness/deadline.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::conformance {
namespace {

using harness::DeadlineClock;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::NeedsSimulatedTime;
using harness::Peer;
using harness::RunUntil;
using harness::StreamEnd;
using harness::Thread;

// Stands for OnAccept or OnConnect.
constexpr EventKind kOpening = EventKind::kAccept;

class TcpComplexClosing : public ComplexTest {
 protected:
  static bool Ends(ComplexUnderTest& component, CONNID id) {
    return component.events().WaitFor([id](const EventLog& log) { return log.CountEnds(id) == 1; }) &&
           RunUntil([&] {
             void* extra = nullptr;
             return !component->GetConnectionExtra(id, &extra);
           });
  }
  static void ExpectClosed(ComplexUnderTest& component, CONNID id) {
    EXPECT_TRUE(Ends(component, id));
    EXPECT_EQ(component.events().log().Count(EventKind::kClose, id), 1u);
    EXPECT_EQ(component.events().log().Count(EventKind::kError, id), 0u);
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexClosing);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexClosing, ::testing::ValuesIn(TcpComplexes()), ComplexName);

// Spec: §2.2.1, api §6.5/1, api §6.3/5, decisions 4.4, C14, api §2.1/4t
TEST_P(TcpComplexClosing, ClosesAtOnceWhenForced) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect({4096});
  const std::string much = MoreThanTheKernelTakes();
  ASSERT_TRUE(component->Send(link.id, Bytes(much), Length(much)));
  EXPECT_TRUE(component->Disconnect(link.id));
  ExpectClosed(component, link.id);
  StreamEnd end = StreamEnd::kOpen;
  EXPECT_LT(link->ReceiveToEnd(&end).size(), much.size()) << "unsent data is lost";
  EXPECT_NE(end, StreamEnd::kOpen);
  EXPECT_TRUE(component.CountBecomes(0));
}

// No option for lingering: what the kernel has taken still arrives, and then the end of the stream.
// Spec: decisions 4.4, decisions 8.7/1, C14, api §2.1/4t
TEST_P(TcpComplexClosing, ResetsNothingWhenForced) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect();
  const std::string some = Pattern(4096);
  ASSERT_TRUE(component->Send(link.id, Bytes(some), Length(some)));
  ASSERT_TRUE(component.events().WaitFor([&](const EventLog& log) { return log.Sent(link.id) == some; }));
  EXPECT_TRUE(component->Disconnect(link.id));
  ExpectClosed(component, link.id);
  StreamEnd end = StreamEnd::kOpen;
  EXPECT_TRUE(link->ReceiveToEnd(&end) == some);
  EXPECT_EQ(end, StreamEnd::kOrderly);
}

// Spec: api §6.5/2, decisions 4.6, C14, input 4, api §2.1/4t
TEST_P(TcpComplexClosing, RefusesToCloseWhatIsUnknownOrGone) {
  ComplexUnderTest& component = NewComponent();
  const auto refuses = [&](CONNID id) {
    for (const bool force : {true, false}) {
      errno = 0;
      EXPECT_FALSE(component->Disconnect(id, force));
      EXPECT_EQ(errno, EBADSLT);
      EXPECT_EQ(component->GetLastError(), SE_OK);
    }
  };
  refuses(1);  // not started
  component.events().Do(EventKind::kClose, [&](const Event& event) { refuses(event.id); });
  component.MustStart();
  refuses(0);
  const Link link = component.Connect();
  refuses(link.id + 1);
  EXPECT_TRUE(component->Disconnect(link.id));
  ExpectClosed(component, link.id);
  refuses(link.id);
}

// Spec: api §6.5/2, decisions 2.7, C14
TEST_P(TcpComplexClosing, EndsOnceHoweverOftenItIsAsked) {
  ComplexUnderTest& component = StartedComponent();
  for (int round = 0; round < 20; ++round) {
    const Link link = component.Connect();
    std::vector<Thread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&] { component->Disconnect(link.id, true); });
    for (Thread& thread : threads) thread.Join();
    ExpectClosed(component, link.id);
  }
}

// Spec: api §6.5/1, decisions 3.3, C14, C19, fault 14
TEST_P(TcpComplexClosing, ClosesFromInsideEveryEvent) {
  for (const EventKind each : {kOpening, EventKind::kReceive, EventKind::kSend}) {
    ComplexUnderTest& component = NewComponent();
    const EventKind kind = each == kOpening ? component.opening() : each;
    SCOPED_TRACE(harness::ToString(kind));
    component.EchoBack();
    const auto disconnect = [&](const Event& event) {
      EXPECT_TRUE(component->Disconnect(event.id));
      // RP_PARALLEL: another worker may have run it meanwhile.
      const EventLog log = component.events().log();
      const Event* const close = log.First(EventKind::kClose, event.id);
      EXPECT_TRUE(close == nullptr || close->thread != event.thread) << "never inside Disconnect";
    };
    if (kind == EventKind::kReceive) {
      component.events().Do(kind, [&component, disconnect](const Event& event) {
        component->Send(event.id, event.bytes, Length(event.data));
        disconnect(event);
      });
    } else {
      component.events().Do(kind, disconnect);
    }
    component.MustStart();
    const auto peer = component.NewPeer();
    ASSERT_NE(peer, nullptr);
    peer->Send("go");
    EXPECT_NE(peer->AwaitEnd(), StreamEnd::kOpen);
    ASSERT_TRUE(component.events().WaitForCount(EventKind::kClose, 1));
    ExpectClosed(component, component.events().log().Ids()[0]);
    ASSERT_TRUE(component->Stop());
  }
}

// Spec: api §6.5, decisions 4.4, C14
TEST_P(TcpComplexClosing, DeliversEverythingBeforeAGracefulClose) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect({4096});
  const std::string much = MoreThanTheKernelTakes();
  ASSERT_TRUE(component->Send(link.id, Bytes(much), Length(much)));
  EXPECT_TRUE(component->Disconnect(link.id, false));
  errno = 0;
  EXPECT_FALSE(component->Send(link.id, Bytes("late"), 4));
  EXPECT_EQ(errno, EBADSLT);
  errno = 0;
  EXPECT_FALSE(component->Disconnect(link.id, false)) << "closing already";
  EXPECT_EQ(errno, EBADSLT);
  StreamEnd end = StreamEnd::kOpen;
  EXPECT_TRUE(link->ReceiveToEnd(&end) == much);
  EXPECT_EQ(end, StreamEnd::kOrderly);
  EXPECT_EQ(component.events().log().CountEnds(link.id), 0u) << "the peer has not closed yet";
  EXPECT_EQ(component->GetConnectionCount(), 1u) << "the ID counts";
  ASSERT_TRUE(link->Send("still listening?"));
  EXPECT_TRUE(component.events().WaitFor(
      [&](const EventLog& log) { return log.Received(link.id) == "still listening?"; }));
  link->Close();
  ExpectClosed(component, link.id);
  ASSERT_TRUE(component.events().log().Sent(link.id) == much) << "OnSend is exact";
}

// Spec: decisions 4.4, decisions 8.2/8
TEST_P(TcpComplexClosing, EndsAGracefulCloseByForceOrByTime) {
  ComplexUnderTest& patient = StartedComponent();
  const Link forced = patient.Connect();
  EXPECT_TRUE(patient->Disconnect(forced.id, false));
  EXPECT_EQ(forced->AwaitEnd(), StreamEnd::kOrderly);
  EXPECT_TRUE(patient->Disconnect(forced.id, true));
  ExpectClosed(patient, forced.id);

  ComplexUnderTest& impatient = NewComponent();
  impatient->SetGracefulTimeout(1);
  impatient.MustStart();
  const Link timed = impatient.Connect();
  EXPECT_TRUE(impatient->Disconnect(timed.id, false));
  ExpectClosed(impatient, timed.id);
}

// Spec: decisions 4.4
TEST_P(TcpComplexClosing, GivesAGracefulCloseItsTimeAndNoMore) {
  if (NeedsSimulatedTime("compares durations")) return;
  // A peer that has nothing to read and one that reads nothing; neither closes.
  for (const std::string& much : {std::string(), MoreThanTheKernelTakes()}) {
    SCOPED_TRACE(much.size());
    core::TimePoint end;
    ComplexUnderTest& component = NewComponent();
    component->SetGracefulTimeout(2000);
    component.events().Do(EventKind::kClose, [&](const Event&) { end = DeadlineClock::Now(); });
    component.MustStart();
    const Link link = component.Connect({4096});
    ASSERT_TRUE(component->Send(link.id, Bytes(much), Length(much)));
    const core::TimePoint begin = DeadlineClock::Now();
    EXPECT_TRUE(component->Disconnect(link.id, false));
    ExpectClosed(component, link.id);
    EXPECT_GE(core::ToMillis(end - begin), 2000);
    EXPECT_LE(core::ToMillis(end - begin), 2050);
    StreamEnd how = StreamEnd::kOpen;
    EXPECT_EQ(link->ReceiveToEnd(&how).size() < much.size(), !much.empty());
    EXPECT_NE(how, StreamEnd::kOpen);
    ASSERT_TRUE(component->Stop());
  }
}

// Spec: decisions 4.4
TEST_P(TcpComplexClosing, TakesAResetForAnAnswerToAGracefulClose) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect();
  EXPECT_TRUE(component->Disconnect(link.id, false));
  EXPECT_EQ(link->AwaitEnd(), StreamEnd::kOrderly);
  link->Reset();
  ExpectClosed(component, link.id);
}

// Spec: api §6.3/4, api §6.3/6, decisions 4.8, fault 2
TEST_P(TcpComplexClosing, DeliversWhatCameBeforeThePeersClose) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect();
  const std::string message = Pattern(1 << 20);
  ASSERT_TRUE(link->Send(message));
  link->Close();
  ExpectClosed(component, link.id);
  EXPECT_TRUE(component.events().log().Received(link.id) == message);
}

// Spec: api §6.3/6, decisions 4.8, fault 2, input 14
TEST_P(TcpComplexClosing, StillWritesWhatItHadAcceptedWhenThePeerHalfCloses) {
  ComplexUnderTest& component = NewComponent();
  const std::string answer = MoreThanTheKernelTakes();
  component.events().Do(EventKind::kReceive, [&](const Event& event) {
    EXPECT_TRUE(component->Send(event.id, Bytes(answer), Length(answer)));
  });
  component.MustStart();
  const Link link = component.Connect({4096});
  ASSERT_TRUE(link->Send("?"));
  ASSERT_TRUE(component.events().WaitForCount(EventKind::kReceive, 1));
  link->HalfClose();
  ExpectClosed(component, link.id);
  EXPECT_FALSE(component->Send(link.id, Bytes("late"), 4));
  EXPECT_EQ(errno, EBADSLT);
  StreamEnd end = StreamEnd::kOpen;
  EXPECT_TRUE(link->ReceiveToEnd(&end) == answer);
  EXPECT_EQ(end, StreamEnd::kOrderly);
}

// Spec: api §6.3/4, decisions 4.8, fault 1
TEST_P(TcpComplexClosing, ReportsAResetAsAnError) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect();
  link->Reset();
  EXPECT_TRUE(Ends(component, link.id));
  const EventLog log = component.events().log();
  EXPECT_EQ(log.Count(EventKind::kClose, link.id), 0u);
  const Event* const error = log.First(EventKind::kError, link.id);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->operation, SO_RECEIVE);
  EXPECT_EQ(error->error, ECONNRESET);
  EXPECT_EQ(component->GetLastError(), SE_OK);
}

// Spec: api §6.3/4, decisions 4.8, fault 1
TEST_P(TcpComplexClosing, ReportsAResetWhileItIsSendingAsAnError) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect({4096});
  const std::string much = MoreThanTheKernelTakes();
  ASSERT_TRUE(component->Send(link.id, Bytes(much), Length(much)));
  EXPECT_EQ(link->Receive(1000).size(), 1000u);
  link->Reset();
  EXPECT_TRUE(Ends(component, link.id));
  const EventLog log = component.events().log();
  EXPECT_EQ(log.Count(EventKind::kClose, link.id), 0u);
  const Event* const error = log.First(EventKind::kError, link.id);
  ASSERT_NE(error, nullptr);
  EXPECT_TRUE(error->operation == SO_RECEIVE || error->operation == SO_SEND) << error->operation;
  EXPECT_TRUE(error->error == ECONNRESET || error->error == EPIPE) << error->error;
  EXPECT_LT(log.Sent(link.id).size(), much.size());
  EXPECT_EQ(log.Sent(link.id), much.substr(0, log.Sent(link.id).size()));
}

// Spec: §2.1.3, api §6.3/1, decisions 2.7, C05
TEST_P(TcpComplexClosing, GivesEveryConnectionExactlyOneLastEvent) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 60;
  ComplexUnderTest& component = NewComponent();
  // Our side closes some of them, the peers the others, both at any moment.
  component.events().React(EventKind::kReceive, [&](const Event& event) {
    switch (event.id % 5) {
      case 0:
        return HR_ERROR;
      case 1:
        component->Disconnect(event.id, true);
        break;
      case 2:
        component->Disconnect(event.id, false);
        break;
      default:
        component->Send(event.id, event.bytes, Length(event.data));
    }
    return HR_OK;
  });
  component->SetGracefulTimeout(1000);
  component.MustStart();
  std::vector<Thread> threads;
  for (unsigned thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&component, thread] {
      std::minstd_rand random(thread + 1);
      for (int round = 0; round < kRounds; ++round) {
        const std::unique_ptr<Peer> peer = component.NewPeer();
        if (peer == nullptr) continue;
        for (unsigned i = random() % 4; i > 0; --i) peer->Send("message");
        switch (random() % 4) {
          case 0:
            peer->Reset();
            break;
          case 1:
            peer->HalfClose();
            break;
          default:
            break;
        }
      }
    });
  }
  for (Thread& thread : threads) thread.Join();
  EXPECT_TRUE(component.CountBecomes(0));
  const EventLog log = component.events().log();
  for (const CONNID id : log.Ids()) EXPECT_EQ(log.CountEnds(id), 1u) << id;
}

}  // namespace
}  // namespace hpsocket::conformance
