// Conformance: which events of a connection may meet. RP_SERIAL: none. RP_PARALLEL: a close from our side
// overtakes a running OnReceive.
#include <atomic>
#include <cerrno>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::conformance {
namespace {

using harness::Async;
using harness::Environment;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;
using harness::Later;
using harness::LetOthersGoOn;
using harness::RunUntil;
using harness::StreamEnd;
using harness::Thread;

// One byte, which no reading divides.
constexpr char kBlock[] = "#";

// A way in which our side ends a connection; false when it could not.
struct OurClose {
  const char* name;
  EventKind last;
  bool all;  // not this one only, but every connection
  std::function<bool(ComplexUnderTest&, const Link&)> close;
};

std::vector<OurClose> OurCloses() {
  std::vector<OurClose> closes = {
      {"Disconnect", EventKind::kClose, false,
       [](ComplexUnderTest& component, const Link& link) { return component->Disconnect(link.id, true); }},
      {"a graceful, then a forced Disconnect", EventKind::kClose, false,
       [](ComplexUnderTest& component, const Link& link) {
         return component->Disconnect(link.id, false) && component->Disconnect(link.id, true);
       }},
      {"DisconnectLongConnections", EventKind::kClose, true,
       [](ComplexUnderTest& component, const Link&) { return component->DisconnectLongConnections(0); }},
      {"DisconnectSilenceConnections", EventKind::kClose, true,
       [](ComplexUnderTest& component, const Link&) { return component->DisconnectSilenceConnections(0); }},
  };
  // A simulated kernel may take less for no reason; then the send that fails is a queued one.
  if (!Environment::Current().simulated()) {
    closes.push_back({"a Send that fails in the calling thread", EventKind::kError, false,
                      [](ComplexUnderTest& component, const Link& link) {
                        link->Reset();
                        return RunUntil([&] { return !component->Send(link.id, Bytes("anybody?"), 8); });
                      }});
  }
  return closes;
}

class TcpComplexRecvPolicy : public ComplexTest {
 protected:
  // With SP_DIRECT, so that a Send can fail in the calling thread.
  ComplexUnderTest& ComponentWith(EnRecvPolicy policy, uint32_t workers) {
    ComplexUnderTest& component = NewComponent();
    component->SetSendPolicy(SP_DIRECT);
    component->SetRecvPolicy(policy);
    component->SetWorkerThreadCount(workers);
    component->SetMarkSilence(true);
    return component;
  }
  // OnReceive of kBlock waits at the gate, then does what `afterwards` says; else it answers.
  static void BlockAt(ComplexUnderTest& component, Gate& gate,
                      const std::function<void(const Event&)>& afterwards = nullptr) {
    component.events().React(EventKind::kReceive, [&component, &gate, afterwards](const Event& event) {
      if (event.data == kBlock) {
        EXPECT_TRUE(gate.Pass());
        if (afterwards) afterwards(event);
      } else {
        component->Send(event.id, event.bytes, Length(event.data));
      }
      return HR_OK;
    });
  }
  static void Block(ComplexUnderTest& component, const Link& link) {
    ASSERT_TRUE(link->Send(kBlock));
    ASSERT_TRUE(
        component.events().WaitFor([&](const EventLog& log) { return log.Received(link.id) == kBlock; }));
  }
  static bool Ended(ComplexUnderTest& component, CONNID id) {
    return component.events().WaitFor([id](const EventLog& log) {
      for (const Event& event : log.events()) {
        const bool last = event.kind == EventKind::kClose || event.kind == EventKind::kError;
        if (last && event.id == id) return event.returned;
      }
      return false;
    });
  }
  static void ExpectUnknown(ComplexUnderTest& component, CONNID id) {
    const auto fails = [](bool result) {
      const int error = errno;
      EXPECT_FALSE(result);
      EXPECT_EQ(error, EBADSLT);
      errno = 0;
    };
    void* extra = nullptr;
    int pending = 0;
    uint32_t period = 0;
    WSABUF packets[] = {Packet("x")};
    fails(component->Send(id, Bytes("x"), 1));
    fails(component->SendPackets(id, packets, 1));
    fails(component->Disconnect(id, true));
    fails(component->Disconnect(id, false));
    fails(component->PauseReceive(id, true));
    EXPECT_FALSE(component->GetPendingDataLength(id, pending));
    EXPECT_FALSE(component->GetConnectionExtra(id, &extra));
    EXPECT_FALSE(component->SetConnectionExtra(id, nullptr));
    EXPECT_FALSE(component->GetConnectPeriod(id, period));
    EXPECT_FALSE(component.RemoteName(id).ok);
  }
  // The last event came after OnReceive had returned.
  static void ExpectInTurn(ComplexUnderTest& component, CONNID id, EventKind last) {
    const EventLog log = component.events().log();
    const Event* const event = log.First(last, id);
    ASSERT_NE(event, nullptr);
    EXPECT_FALSE(event->overlaps);
    EXPECT_EQ(event->thread, log.First(EventKind::kReceive, id)->thread);
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexRecvPolicy);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexRecvPolicy, ::testing::ValuesIn(TcpComplexes()), ComplexName);

// Spec: §2.1.3, api §6.2/2, decisions 3.2
TEST_P(TcpComplexRecvPolicy, LetsOurCloseOvertakeOnReceiveWhenParallel) {
  for (const OurClose& one : OurCloses()) {
    SCOPED_TRACE(one.name);
    ComplexUnderTest& component = ComponentWith(RP_PARALLEL, 2);
    Gate gate;
    std::atomic<bool> checked{false};
    BlockAt(component, gate, [&](const Event& event) {
      ExpectUnknown(component, event.id);
      checked.store(true);
    });
    int token = 0;
    component.events().Do(component.opening(), [&](const Event& event) {
      EXPECT_TRUE(component->SetConnectionExtra(event.id, &token));
    });
    component.events().Do(one.last, [&](const Event& event) {
      void* extra = nullptr;
      EXPECT_TRUE(component->GetConnectionExtra(event.id, &extra)) << "during the event it is known";
      EXPECT_EQ(extra, &token);
    });
    component.MustStart();
    const Link link = component.Connect();
    Block(component, link);
    ASSERT_TRUE(one.close(component, link));
    EXPECT_TRUE(Ended(component, link.id)) << "OnReceive is still running";
    {
      const EventLog log = component.events().log();
      const Event* const last = log.First(one.last, link.id);
      ASSERT_NE(last, nullptr);
      EXPECT_TRUE(last->overlaps_receive);
      EXPECT_NE(last->thread, log.First(EventKind::kReceive, link.id)->thread);
      EXPECT_NE(last->thread, std::this_thread::get_id());
      if (one.last == EventKind::kError) {
        EXPECT_EQ(last->operation, SO_SEND);
      }
    }
    EXPECT_TRUE(component.CountBecomes(0));
    const size_t before = component.events().size();
    gate.Open();
    // Two more connections, one for each worker: had anything been left to say, it would have been said.
    const Link other = component.Connect();
    const Link another = component.Connect();
    ASSERT_TRUE(component.Echoes(other, "here"));
    ASSERT_TRUE(component.Echoes(another, "here"));
    EXPECT_TRUE(checked.load());
    const std::vector<Event> events = component.events().log().events();
    for (size_t i = before; i < events.size(); ++i) EXPECT_NE(events[i].id, link.id);
    ASSERT_TRUE(component->Stop());
  }
}

// Spec: §2.1.3, api §6.2/2, api §6.5/1, decisions 3.1, decisions 3.2, C19
TEST_P(TcpComplexRecvPolicy, LetsOurCloseWaitForOnReceiveWhenSerial) {
  for (const OurClose& one : OurCloses()) {
    SCOPED_TRACE(one.name);
    ComplexUnderTest& component = ComponentWith(RP_SERIAL, 2);
    Gate gate;
    BlockAt(component, gate);
    component.MustStart();
    const Link link = component.Connect();
    const Link other = component.Connect();
    Block(component, link);
    ASSERT_TRUE(one.close(component, link));
    // The other worker is free, has had work since, and has not run the last event.
    if (one.all) {
      EXPECT_TRUE(Ended(component, other.id));
    } else {
      for (int round = 0; round < 10; ++round) EXPECT_TRUE(component.Echoes(other, "busy"));
    }
    EXPECT_EQ(component.events().log().CountEnds(link.id), 0u);
    gate.Open();
    EXPECT_TRUE(Ended(component, link.id));
    ExpectInTurn(component, link.id, one.last);
    ASSERT_TRUE(component->Stop());
  }
}

// Spec: decisions 3.2
TEST_P(TcpComplexRecvPolicy, KnowsNoDifferenceWithOneWorker) {
  for (const EnRecvPolicy policy : {RP_SERIAL, RP_PARALLEL}) {
    for (const OurClose& one : OurCloses()) {
      SCOPED_TRACE(std::string(one.name) + ", policy " + std::to_string(policy));
      ComplexUnderTest& component = ComponentWith(policy, 1);
      Gate gate;
      BlockAt(component, gate);
      component.MustStart();
      const Link link = component.Connect();
      Block(component, link);
      ASSERT_TRUE(one.close(component, link));
      EXPECT_EQ(component.events().log().CountEnds(), 0u);
      gate.Open();
      EXPECT_TRUE(Ended(component, link.id));
      ExpectInTurn(component, link.id, one.last);
      ASSERT_TRUE(component->Stop());
    }
  }
}

// A connection has one reader, who sees the end of the stream after what came before it.
// Spec: api §6.2/2, decisions 3.2
TEST_P(TcpComplexRecvPolicy, LetsThePeersCloseWaitForOnReceive) {
  for (const EnRecvPolicy policy : {RP_SERIAL, RP_PARALLEL}) {
    for (const bool by_reset : {false, true}) {
      SCOPED_TRACE(policy);
      ComplexUnderTest& component = ComponentWith(policy, 2);
      Gate gate;
      BlockAt(component, gate);
      component.MustStart();
      const Link link = component.Connect();
      const Link other = component.Connect();
      Block(component, link);
      if (by_reset) {
        link->Reset();
      } else {
        link->Close();
      }
      for (int i = 0; i < 10; ++i) EXPECT_TRUE(component.Echoes(other, "busy"));
      EXPECT_EQ(component.events().log().CountEnds(link.id), 0u);
      gate.Open();
      EXPECT_TRUE(Ended(component, link.id));
      ExpectInTurn(component, link.id, by_reset ? EventKind::kError : EventKind::kClose);
      ASSERT_TRUE(component->Stop());
    }
  }
}

// Spec: decisions 3.2, decisions 2.5, api §6.4/2
TEST_P(TcpComplexRecvPolicy, WaitsInStopForTheOnReceiveThatOnCloseOvertook) {
  for (const EnRecvPolicy policy : {RP_SERIAL, RP_PARALLEL}) {
    SCOPED_TRACE(policy);
    ComplexUnderTest& component = ComponentWith(policy, 2);
    Gate gate;
    BlockAt(component, gate, [&, policy](const Event& event) {
      if (policy == RP_PARALLEL) ExpectUnknown(component, event.id);
    });
    component.MustStart();
    const Link link = component.Connect();
    const Link other = component.Connect();
    Block(component, link);
    Later<bool> stop = Async([&] { return component->Stop(); });
    // The free worker closes its own connection, and under RP_PARALLEL the other's.
    EXPECT_TRUE(Ended(component, other.id));
    if (policy == RP_PARALLEL) {
      EXPECT_TRUE(Ended(component, link.id));
      EXPECT_TRUE(component.CountBecomes(0)) << "the ID is unknown a little after the event";
    }
    const EventLog log = component.events().log();
    EXPECT_EQ(log.CountEnds(link.id), policy == RP_PARALLEL ? 1u : 0u);
    EXPECT_EQ(log.Count(EventKind::kShutdown), 0u) << "OnReceive is still running";
    EXPECT_EQ(component->GetState(), SS_STOPPING);
    gate.Open();
    EXPECT_TRUE(stop.Get());
    EXPECT_EQ(component.events().running(), 0u);
    EXPECT_EQ(component.events().log().Last()->kind, EventKind::kShutdown);
    EXPECT_EQ(component.events().log().CountEnds(), 2u);
  }
}

// Spec: decisions 3.2
TEST_P(TcpComplexRecvPolicy, OvertakesAsSoonAsAWorkerIsFree) {
  ComplexUnderTest& component = ComponentWith(RP_PARALLEL, 2);
  Gate first_gate;
  Gate second_gate;
  component.events().Do(EventKind::kReceive, [&](const Event& event) {
    EXPECT_TRUE((event.data == "1" ? first_gate : second_gate).Pass());
  });
  component.MustStart();
  const Link first = component.Connect();
  const Link second = component.Connect();
  ASSERT_TRUE(first->Send("1"));
  ASSERT_TRUE(second->Send("2"));
  ASSERT_TRUE(
      component.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kReceive) == 2; }));
  EXPECT_TRUE(component->Disconnect(first.id, true));
  EXPECT_EQ(component.events().log().CountEnds(), 0u) << "nobody is free";
  second_gate.Open();
  EXPECT_TRUE(Ended(component, first.id)) << "the second's worker is free now";
  EXPECT_TRUE(component.events().log().First(EventKind::kClose, first.id)->overlaps_receive);
  first_gate.Open();
  ASSERT_TRUE(component->Stop());
}

// A slow OnClose does not keep others from overtaking.
// Spec: decisions 3.2
TEST_P(TcpComplexRecvPolicy, RunsSeveralLastEventsAtOnce) {
  ComplexUnderTest& component = ComponentWith(RP_PARALLEL, 4);
  Gate receiving;
  Gate closing;
  BlockAt(component, receiving);
  component.events().Do(EventKind::kClose, [&](const Event&) { EXPECT_TRUE(closing.Pass()); });
  component.MustStart();
  const Link first = component.Connect();
  const Link second = component.Connect();
  Block(component, first);
  Block(component, second);
  EXPECT_TRUE(component->Disconnect(first.id, true));
  EXPECT_TRUE(component->Disconnect(second.id, true));
  EXPECT_TRUE(component.events().WaitFor([](const EventLog& log) { return log.CountEnds() == 2; }));
  closing.Open();
  EXPECT_TRUE(Ended(component, first.id));
  EXPECT_TRUE(Ended(component, second.id));
  receiving.Open();
  ASSERT_TRUE(component->Stop());
}

// The listener itself closes its connection; OnClose runs on another worker, or on this one afterwards.
// Spec: decisions 3.2, api §6.5/1
TEST_P(TcpComplexRecvPolicy, HasOneLastEventWhenOnReceiveClosesItself) {
  ComplexUnderTest& component = ComponentWith(RP_PARALLEL, 2);
  component.events().Do(EventKind::kReceive,
                        [&](const Event& event) { EXPECT_TRUE(component->Disconnect(event.id, true)); });
  component.MustStart();
  for (int i = 0; i < 20; ++i) {
    const Link link = component.Connect();
    ASSERT_TRUE(link->Send("x"));
    EXPECT_TRUE(Ended(component, link.id));
    EXPECT_EQ(component.events().log().CountEnds(link.id), 1u);
    EXPECT_NE(link->AwaitEnd(), StreamEnd::kOpen);
  }
  ASSERT_TRUE(component->Stop());
}

// Spec: decisions 3.2, decisions 2.7, C05
TEST_P(TcpComplexRecvPolicy, GivesOneLastEventThoughItRacesWithOnReceive) {
  constexpr int kRounds = 100;
  ComplexUnderTest& component = ComponentWith(RP_PARALLEL, 4);
  component.tcp().SetSocketBufferSize(64);
  std::atomic<int> received{0};
  component.events().React(EventKind::kReceive, [&](const Event& event) {
    // Some close themselves, some are refused, all are closed by other threads meanwhile.
    const int number = received.fetch_add(1);
    component->Send(event.id, event.bytes, Length(event.data));
    if (number % 7 == 0) component->Disconnect(event.id, true);
    return number % 11 == 0 ? HR_ERROR : HR_OK;
  });
  component.MustStart();
  for (int round = 0; round < kRounds; ++round) {
    const Link link = component.Connect();
    std::vector<Thread> closers;
    ASSERT_TRUE(link->Send(Pattern(2000)));
    for (int i = 0; i < 2; ++i) {
      closers.emplace_back([&] { component->Disconnect(link.id, true); });
    }
    closers.emplace_back([&] {
      while (component->Send(link.id, Bytes("x"), 1)) LetOthersGoOn();
    });
    for (Thread& closer : closers) closer.Join();
    EXPECT_TRUE(Ended(component, link.id));
  }
  EXPECT_TRUE(component.CountBecomes(0));
  ASSERT_TRUE(component->Stop());
}

// Three of four workers are inside OnReceive, and have slept before: whoever looks for a sleeper must find
// the fourth. Spec: decisions 3.2
TEST_P(TcpComplexRecvPolicy, FindsTheOneWorkerThatIsFreeWhenParallel) {
  constexpr size_t kWorkers = 4;
  ComplexUnderTest& component = ComponentWith(RP_PARALLEL, kWorkers);
  Gate gate;
  BlockAt(component, gate);
  component.MustStart();
  std::vector<Link> links;  // one for each worker, in turn
  for (size_t i = 0; i < kWorkers; ++i) links.push_back(component.Connect());
  for (size_t i = 0; i + 1 < kWorkers; ++i) Block(component, links[i]);
  for (size_t i = 0; i + 1 < kWorkers; ++i) {
    ASSERT_TRUE(component->Disconnect(links[i].id, true));
    EXPECT_TRUE(Ended(component, links[i].id)) << "of worker " << i;
  }
  gate.Open();
  EXPECT_TRUE(component->Stop());  // the reactions use what ends here
}

}  // namespace
}  // namespace hpsocket::conformance
