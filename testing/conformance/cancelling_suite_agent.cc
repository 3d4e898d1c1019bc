// Conformance: what becomes of an agent's connect that our own side ends: Disconnect, Stop, destruction.
#include <atomic>
#include <cerrno>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/agent_fixture.h"
#include "hpsocket/testing/harness/effort.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::conformance {
namespace {

using harness::Async;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;
using harness::Later;
using harness::Peer;
using harness::PeerListener;

const std::vector<EventKind> kClosedWhileConnecting = {EventKind::kPrepareConnect, EventKind::kClose};

class TcpAgentCancelling : public AgentTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpAgentCancelling);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpAgentCancelling, ::testing::ValuesIn(harness::TcpAgents()),
                         AgentName);

// Spec: api §6.3/3, §2.3.2, api §2.1/11t, decisions 2.7, decisions 4.6, C17, fault 18, decisions 5.13
TEST_P(TcpAgentCancelling, GivesOnCloseToWhatDisconnectsWhileItConnects) {
  const uint16_t silent = SilentListener().port();
  for (const bool force : {true, false}) {
    AgentUnderTest& agent = StartedAgent(true);
    CONNID id = 0;
    ASSERT_TRUE(agent.ConnectTo("127.0.0.1", silent, &id));
    EXPECT_EQ(agent->GetConnectionCount(), 1u);
    int token = 0;
    void* extra = nullptr;
    EXPECT_TRUE(agent->SetConnectionExtra(id, &token)) << "it is known";
    EXPECT_TRUE(agent->GetConnectionExtra(id, &extra));
    EXPECT_EQ(extra, &token);
    errno = 0;
    EXPECT_FALSE(agent->Send(id, Bytes("early"), 5));
    EXPECT_EQ(errno, EPERM) << "not connected yet";
    EXPECT_TRUE(agent->Disconnect(id, force));
    ASSERT_TRUE(agent.events().WaitFor([&](const EventLog& log) { return log.CountEnds(id) == 1; }));
    ASSERT_TRUE(agent.CountBecomes(0));
    EXPECT_EQ(agent.events().log().Milestones(id), kClosedWhileConnecting);
    errno = 0;
    EXPECT_FALSE(agent->Disconnect(id, force));
    EXPECT_EQ(errno, EBADSLT);
    EXPECT_EQ(agent->GetState(), SS_STARTED);
  }
}

// Spec: api §6.3/3, api §6.4/1, decisions 2.7, C16, C17, fault 18, decisions 5.13
TEST_P(TcpAgentCancelling, GivesOnCloseToWhatIsConnectingWhenItStops) {
  const uint16_t silent = SilentListener().port();
  AgentUnderTest& agent = StartedAgent(true);
  constexpr int kConnects = 20;
  for (int i = 0; i < kConnects; ++i) ASSERT_TRUE(agent.ConnectTo("127.0.0.1", silent));
  EXPECT_EQ(agent->GetConnectionCount(), uint32_t{kConnects});
  EXPECT_TRUE(agent->Stop());
  const EventLog log = agent.events().log();
  EXPECT_EQ(log.Count(EventKind::kClose), size_t{kConnects});
  EXPECT_EQ(log.Count(EventKind::kConnect), 0u);
  EXPECT_EQ(log.Last()->kind, EventKind::kShutdown);
  for (const CONNID id : log.Ids()) EXPECT_EQ(log.Milestones(id), kClosedWhileConnecting);
}

// Spec: decisions 2.5, decisions 5.13, C17, fault 18
TEST_P(TcpAgentCancelling, WakesSynchronousConnectsOfOtherThreadsWhenItStops) {
  constexpr size_t kThreads = 4;
  const uint16_t silent = SilentListener().port();
  AgentUnderTest& agent = StartedAgent(false);
  std::vector<Later<int>> connects;
  for (size_t i = 0; i < kThreads; ++i) {
    connects.push_back(Async([&] { return agent.ConnectTo("127.0.0.1", silent) ? 0 : errno; }));
  }
  ASSERT_TRUE(agent.events().WaitForCount(EventKind::kPrepareConnect, kThreads));
  EXPECT_TRUE(agent->Stop());
  for (Later<int>& connect : connects) EXPECT_EQ(connect.Get(), ECANCELED);
  const EventLog log = agent.events().log();
  EXPECT_EQ(log.size(), kThreads + 1) << "FALSE is never followed by an event";
  EXPECT_EQ(log.Last()->kind, EventKind::kShutdown);
  EXPECT_EQ(log.Last()->connections, 0u);
}

// A connect of a callback keeps its worker busy; the stop ends it like any other.
// Spec: decisions 2.4, decisions 2.5, decisions 3.1, fault 13
TEST_P(TcpAgentCancelling, WakesASynchronousConnectInsideACallbackWhenItStops) {
  const uint16_t silent = SilentListener().port();
  AgentUnderTest& agent = NewAgent();
  int error = 0;
  agent.events().DoOnce(EventKind::kReceive,
                        [&](const Event&) { error = agent.ConnectTo("127.0.0.1", silent) ? 0 : errno; });
  agent.MustStart(false);
  const Link link = agent.Connect();
  ASSERT_TRUE(link->Send("x"));
  ASSERT_TRUE(agent.events().WaitForCount(EventKind::kPrepareConnect, 2));
  EXPECT_TRUE(agent->Stop());
  EXPECT_EQ(error, ECANCELED);
  EXPECT_EQ(agent.events().running(), 0u);
  EXPECT_EQ(agent.events().log().Count(EventKind::kClose, link.id), 1u);
}

// Spec: decisions 2.5, decisions 2.7, api §6.1/8, fault 13, fault 18
TEST_P(TcpAgentCancelling, EndsEverythingWhenItIsDestroyedWhileConnecting) {
  const uint16_t silent = SilentListener().port();
  AgentUnderTest& async = StartedAgent(true);
  ASSERT_TRUE(async.ConnectTo("127.0.0.1", silent));
  ASSERT_TRUE(async.ConnectTo("nobody.invalid", 1));
  async.Destroy();
  EXPECT_EQ(async.events().log().CountEnds(), 2u);
  EXPECT_EQ(async.events().log().Last()->kind, EventKind::kShutdown);
  EXPECT_EQ(async.events().running(), 0u);

  AgentUnderTest& sync = StartedAgent(false);
  sync.events().DoOnce(EventKind::kPrepareConnect,
                       [&](const Event&) { EXPECT_EQ(sync->GetConnectionCount(), 0u); });
  Later<int> connect = Async([&] { return sync.ConnectTo("127.0.0.1", silent) ? 0 : errno; });
  ASSERT_TRUE(sync.events().WaitForCount(EventKind::kPrepareConnect, 1));
  sync.Destroy();
  EXPECT_EQ(connect.Get(), ECANCELED);
  EXPECT_EQ(sync.events().log().Last()->kind, EventKind::kShutdown);
}

// Spec: decisions 2.4, decisions 2.6, decisions 5.13, fault 13
TEST_P(TcpAgentCancelling, FailsTheConnectWhoseOnPrepareConnectStopsTheAgent) {
  PeerListener& listener = Listener();
  for (const bool async : {false, true}) {
    SCOPED_TRACE(async);
    AgentUnderTest& agent = NewAgent();
    agent.events().DoOnce(EventKind::kPrepareConnect, [&](const Event&) {
      EXPECT_TRUE(agent->Stop());
      EXPECT_FALSE(agent->Stop()) << "the second of two";
    });
    agent.MustStart(async);
    errno = 0;
    EXPECT_FALSE(agent.ConnectTo(listener));
    EXPECT_EQ(errno, ECANCELED);
    ASSERT_TRUE(agent->Wait(harness::kPatienceMs));
    const EventLog log = agent.events().log();
    ASSERT_EQ(log.size(), 2u);
    EXPECT_EQ(log.Last()->kind, EventKind::kShutdown);
    agent.MustStart(async);
    EXPECT_TRUE(agent.ConnectTo(listener)) << "it can be started again";
    ASSERT_TRUE(agent->Stop());
  }
}

// A name is prepared on the worker, after Connect has returned.
// Spec: decisions 2.4, decisions 2.7, decisions 5.8, decisions 5.13, fault 13
TEST_P(TcpAgentCancelling, ClosesTheNameWhoseOnPrepareConnectEndsIt) {
  PeerListener& listener = Listener();
  for (const bool by_stop : {false, true}) {
    SCOPED_TRACE(by_stop);
    AgentUnderTest& agent = NewAgent();
    agent.events().DoOnce(EventKind::kPrepareConnect, [&](const Event& event) {
      EXPECT_TRUE(by_stop ? agent->Stop() : agent->Disconnect(event.id));
    });
    agent.MustStart(true);
    CONNID id = 0;
    ASSERT_TRUE(agent.ConnectTo("localhost", listener.port(), &id));
    ASSERT_TRUE(agent.events().WaitFor([&](const EventLog& log) { return log.CountEnds(id) == 1; }));
    if (by_stop) {
      ASSERT_TRUE(agent->Wait(harness::kPatienceMs));
    }
    EXPECT_EQ(agent.events().log().Milestones(id), kClosedWhileConnecting);
  }
}

// Spec: decisions 2.4, decisions 2.7, fault 13
TEST_P(TcpAgentCancelling, ClosesTheConnectionWhoseOnConnectStopsTheAgent) {
  PeerListener& listener = Listener();
  for (const bool async : {false, true}) {
    SCOPED_TRACE(async);
    AgentUnderTest& agent = NewAgent();
    agent.events().DoOnce(EventKind::kConnect, [&](const Event&) { EXPECT_TRUE(agent->Stop()); });
    agent.MustStart(async);
    CONNID id = 0;
    EXPECT_TRUE(agent.ConnectTo(listener, &id));
    ASSERT_TRUE(agent.events().WaitForCount(EventKind::kShutdown, 1));
    ASSERT_TRUE(agent->Wait(harness::kPatienceMs));
    const std::vector<EventKind> expected = {EventKind::kPrepareConnect, EventKind::kConnect,
                                             EventKind::kClose};
    EXPECT_EQ(agent.events().log().Milestones(id), expected);
  }
}

// Spec: api §6.5/1, decisions 3.3, C14
TEST_P(TcpAgentCancelling, ClosesTheConnectionThatOnConnectDisconnects) {
  PeerListener& listener = Listener();
  for (const bool async : {false, true}) {
    for (const bool force : {true, false}) {
      AgentUnderTest& agent = NewAgent();
      agent.events().Do(EventKind::kConnect,
                        [&](const Event& event) { EXPECT_TRUE(agent->Disconnect(event.id, force)); });
      agent.MustStart(async);
      CONNID id = 0;
      EXPECT_TRUE(agent.ConnectTo(listener, &id)) << "it had connected";
      const std::unique_ptr<Peer> peer = listener.Accept();
      ASSERT_NE(peer, nullptr);
      EXPECT_NE(peer->AwaitEnd(), harness::StreamEnd::kOpen);
      peer->Close();
      ASSERT_TRUE(agent.events().WaitForCount(EventKind::kClose, 1));
      EXPECT_EQ(agent.events().log().CountEnds(id), 1u);
      ASSERT_TRUE(agent->Stop());
    }
  }
}

// A synchronous OnConnect runs on its caller; its connection's other events wait for it.
// Spec: decisions 2.4, decisions 2.5, decisions 3.1
TEST_P(TcpAgentCancelling, WaitsInStopForASynchronousOnConnect) {
  PeerListener& listener = Listener();
  AgentUnderTest& agent = NewAgent();
  Gate gate;
  agent.events().DoOnce(EventKind::kConnect, [&](const Event&) { EXPECT_TRUE(gate.Pass()); });
  agent.MustStart(false);
  CONNID id = 0;
  Later<bool> connect = Async([&] { return agent.ConnectTo(listener, &id); });
  ASSERT_TRUE(
      agent.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kConnect) == 1; }));
  Later<bool> stop = Async([&] { return agent->Stop(); });
  ASSERT_TRUE(harness::RunUntil([&] { return agent->GetState() == SS_STOPPING; }));
  EXPECT_EQ(agent.events().log().CountEnds(), 0u);
  EXPECT_EQ(agent.events().log().Count(EventKind::kShutdown), 0u);
  gate.Open();
  EXPECT_TRUE(stop.Get());
  EXPECT_TRUE(connect.Get());
  EXPECT_EQ(agent.events().log().Count(EventKind::kClose, id), 1u);
}

// Refused by OnConnect while a Stop has already claimed it: FALSE, and so no event.
// Spec: api §3.2/10, decisions 5.13, decisions 2.7
TEST_P(TcpAgentCancelling, SaysNothingMoreOfWhatOnConnectRefusesWhileItStops) {
  PeerListener& listener = Listener();
  for (const bool async : {false, true}) {
    SCOPED_TRACE(async);
    AgentUnderTest& agent = NewAgent();
    Gate gate;
    agent.events().React(EventKind::kConnect, [&](const Event&) {
      EXPECT_TRUE(gate.Pass());
      return HR_ERROR;
    });
    agent.MustStart(async);
    Later<bool> connect = Async([&] { return agent.ConnectTo(listener); });
    ASSERT_TRUE(
        agent.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kConnect) == 1; }));
    Later<bool> stop = Async([&] { return agent->Stop(); });
    ASSERT_TRUE(harness::RunUntil([&] { return agent->GetState() == SS_STOPPING; }));
    gate.Open();
    EXPECT_TRUE(stop.Get());
    EXPECT_EQ(connect.Get(), async);
    EXPECT_EQ(agent.events().log().CountEnds(), 0u);
  }
}

// Spec: decisions 2.5, decisions 2.7, decisions 5.13, C17, fault 13, fault 18
TEST_P(TcpAgentCancelling, CanBeStoppedAtAnyMomentOfItsConnects) {
  PeerListener& listener = Listener();
  for (const bool async : {false, true}) {
    AgentUnderTest& agent = NewAgent();
    for (int round = 0; round < 100; ++round) {
      agent.MustStart(async);
      std::vector<harness::Thread> threads;
      std::atomic<int> connected{0};
      for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&, i] {
          const char* const address = i == 2 ? "localhost" : "127.0.0.1";
          for (int n = 0; n < 5; ++n) {
            if (agent.ConnectTo(address, listener.port())) {
              connected.fetch_add(1);
            } else {
              EXPECT_TRUE(errno == ECANCELED || errno == EPERM) << errno;
            }
          }
        });
      }
      if (round % 3 == 0) {
        agent.events().WaitFor(
            [&](const EventLog& log) { return log.Count(EventKind::kConnect) >= static_cast<size_t>(round); },
            harness::Deadline::In(std::chrono::milliseconds(20)));
      } else if (round % 3 == 1) {
        harness::LetOthersGoOn();
      }
      EXPECT_TRUE(agent->Stop());
      EXPECT_EQ(agent.events().running(), 0u);
      const size_t events = agent.events().size();
      for (harness::Thread& thread : threads) thread.Join();
      EXPECT_EQ(agent.events().size(), events) << "nothing after Stop has returned";
      while (listener.Accept(harness::Deadline::In(std::chrono::milliseconds(0))) != nullptr) {
      }
    }
    EXPECT_EQ(agent.events().log().Count(EventKind::kShutdown), 100u);
  }
}

}  // namespace
}  // namespace hpsocket::conformance
