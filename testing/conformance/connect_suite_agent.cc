// Conformance: how a TCP agent connects, synchronously and asynchronously, and what each way of not
// connecting gives. What ends a connect early is in cancelling_suite_agent.cc, what many of them share in
// connections_suite_agent.cc.
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/agent_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"
#include "hpsocket/testing/harness/raw_peer.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::conformance {
namespace {

using harness::Environment;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;
using harness::NeedsKernel;
using harness::Peer;
using harness::PeerListener;
using harness::RunUntil;
using harness::StreamEnd;

// A name under a top level that never exists.
constexpr char kNobody[] = "nobody.invalid";

class TcpAgentConnect : public AgentTest {
 protected:
  // Connect is FALSE with this, and nothing but `events` events came, ever.
  static void ExpectConnectFails(AgentUnderTest& agent, const char* address, uint16_t port, int error,
                                 size_t events) {
    const size_t before = agent.events().size();
    const uint64_t failed_before = Failed(agent);
    CONNID id = 4711;
    errno = 0;
    EXPECT_FALSE(agent.ConnectTo(address, port, &id));
    EXPECT_EQ(errno, error);
    EXPECT_EQ(id != 0, events > 0) << "set before OnPrepareConnect, and kept";
    EXPECT_EQ(agent->GetLastError(), SE_OK) << "the component error stays as it was";
    EXPECT_EQ(agent.events().size(), before + events);
    EXPECT_EQ(agent->GetConnectionCount(), 0u);
    EXPECT_EQ(Failed(agent), failed_before + 1);
  }
  // An asynchronous Connect is TRUE and ends in this OnError, after these events.
  static void ExpectConnectFailsLater(AgentUnderTest& agent, const char* address, uint16_t port, int error,
                                      const std::vector<EventKind>& events) {
    const uint64_t failed_before = Failed(agent);
    CONNID id = 0;
    ASSERT_TRUE(agent.ConnectTo(address, port, &id)) << agent->GetLastErrorDetail();
    ASSERT_NE(id, 0u);
    ASSERT_TRUE(agent.events().WaitFor([&](const EventLog& log) { return log.CountEnds(id) == 1; }));
    ASSERT_TRUE(agent.CountBecomes(0));
    const EventLog log = agent.events().log();
    EXPECT_EQ(log.Milestones(id), events);
    const Event* const failure = log.First(EventKind::kError, id);
    ASSERT_NE(failure, nullptr);
    EXPECT_EQ(failure->operation, SO_CONNECT);
    EXPECT_EQ(failure->error, error);
    EXPECT_EQ(failure->connections, 1u) << "it is known until its last event has returned";
    EXPECT_NE(failure->thread, std::this_thread::get_id()) << "on a worker";
    EXPECT_EQ(agent->GetState(), SS_STARTED);
    EXPECT_EQ(Failed(agent), failed_before + 1);
  }
  static uint64_t Failed(AgentUnderTest& agent) {
    HP_Stats stats;
    EXPECT_TRUE(agent->GetStats(stats));
    return stats.failed_connections;
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpAgentConnect);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpAgentConnect, ::testing::ValuesIn(harness::TcpAgents()), AgentName);

// Spec: §2.1.4, §2.3.1, §2.3.2, api §6.10/2, api §6.2/5t, api §6.2/6t, decisions 2.2, decisions 3.1, C17
// Spec: api §2.5/1t, api §2.5/2t, decisions 5.8
TEST_P(TcpAgentConnect, ConnectsSynchronouslyOnTheCaller) {
  PeerListener& listener = Listener();
  AgentUnderTest& agent = NewAgent();
  ASSERT_TRUE(agent->Start()) << "synchronous by default";
  CONNID id = 0;
  ASSERT_TRUE(agent.ConnectTo(listener, &id));
  const EventLog log = agent.events().log();
  ASSERT_EQ(log.size(), 2u) << "both came before Connect returned";
  EXPECT_EQ(log.events()[0].kind, EventKind::kPrepareConnect);
  EXPECT_EQ(log.events()[1].kind, EventKind::kConnect);
  for (const Event& event : log.events()) {
    EXPECT_EQ(event.thread, std::this_thread::get_id());
    EXPECT_EQ(event.state, SS_STARTED);
    EXPECT_EQ(event.id, id);
  }
  const std::unique_ptr<Peer> peer = listener.Accept();
  ASSERT_NE(peer, nullptr);
  EXPECT_TRUE(agent->Send(id, Bytes("there"), 5));
  EXPECT_EQ(peer->Receive(5), "there");
  ASSERT_TRUE(peer->Send("back"));
  ASSERT_TRUE(agent.events().WaitFor([&](const EventLog& now) { return now.Received(id) == "back"; }));
  EXPECT_NE(agent.events().log().First(EventKind::kReceive)->thread, std::this_thread::get_id())
      << "on a worker";
}

// Spec: §2.1.4, §2.3.2, api §6.10/3, api §6.2/5t, api §6.2/6t, decisions 5.8, decisions 3.1, C17
TEST_P(TcpAgentConnect, ConnectsAsynchronouslyOnAWorker) {
  PeerListener& listener = Listener();
  AgentUnderTest& agent = NewAgent();
  Gate gate;
  agent.events().DoOnce(EventKind::kConnect, [&](const Event&) { EXPECT_TRUE(gate.Pass()); });
  agent.MustStart(true);
  CONNID id = 0;
  ASSERT_TRUE(agent.ConnectTo(listener, &id));
  ASSERT_TRUE(
      agent.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kConnect) == 1; }));
  const std::unique_ptr<Peer> peer = listener.Accept();
  ASSERT_NE(peer, nullptr);
  ASSERT_TRUE(peer->Send("early"));
  gate.Open();
  ASSERT_TRUE(agent.events().WaitFor([&](const EventLog& log) { return log.Received(id) == "early"; }));
  const EventLog log = agent.events().log();
  EXPECT_EQ(log.First(EventKind::kPrepareConnect)->thread, std::this_thread::get_id())
      << "an address, not a name";
  EXPECT_NE(log.First(EventKind::kConnect)->thread, std::this_thread::get_id());
  EXPECT_EQ(log.First(EventKind::kConnect)->thread, log.First(EventKind::kReceive)->thread);
}

// Spec: api §6.2/11t, decisions 3.1, C17
TEST_P(TcpAgentConnect, FinishesASynchronousOnConnectBeforeTheFirstOnReceive) {
  PeerListener& listener = Listener();
  AgentUnderTest& agent = NewAgent();
  Gate gate;
  const std::thread::id own = std::this_thread::get_id();
  agent.events().Do(EventKind::kConnect,
                    [&](const Event& event) { EXPECT_TRUE(event.thread == own || gate.Pass()); });
  agent.MustStart(false);
  harness::Later<bool> connect = harness::Async([&] { return agent.ConnectTo(listener); });
  const std::unique_ptr<Peer> peer = listener.Accept();
  ASSERT_NE(peer, nullptr);
  ASSERT_TRUE(peer->Send("early"));
  ASSERT_TRUE(
      agent.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kConnect) == 1; }));
  // Every worker goes round meanwhile: connections come to them in turn.
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(agent.ConnectTo(listener));
  EXPECT_EQ(agent.events().log().Count(EventKind::kReceive), 0u);
  gate.Open();
  EXPECT_TRUE(connect.Get());
  EXPECT_TRUE(agent.events().WaitFor([](const EventLog& log) { return log.Received() == 5; }));
}

// Spec: api §6.10/1, decisions 4.6, C17, api §2.5/2t
TEST_P(TcpAgentConnect, RefusesToConnectUnlessItIsStarted) {
  PeerListener& listener = Listener();
  AgentUnderTest& agent = NewAgent();
  const auto refuses = [&] {
    CONNID id = 4711;
    errno = 0;
    EXPECT_FALSE(agent.ConnectTo(listener, &id));
    EXPECT_EQ(errno, EPERM);
    EXPECT_EQ(id, 0u);
    errno = 0;
    EXPECT_FALSE(agent->Connect("127.0.0.1", listener.port())) << "the ID may be left out";
    EXPECT_EQ(errno, EPERM);
  };
  refuses();
  EXPECT_EQ(agent.events().size(), 0u);
  for (const bool async : {false, true}) {
    agent.events().Do(EventKind::kShutdown, [&](const Event&) { refuses(); });
    agent.MustStart(async);
    EXPECT_TRUE(agent->Connect("127.0.0.1", listener.port())) << "the ID may be left out";
    ASSERT_TRUE(agent->Stop());
    const size_t events = agent.events().size();
    refuses();
    EXPECT_EQ(agent.events().size(), events);
  }
}

// Spec: §2.1.4, api §6.10/2, api §6.3/2, api §6.3/3, C17, fault 18, decisions 5.13
TEST_P(TcpAgentConnect, ReportsARefusedConnection) {
  AgentUnderTest& sync = StartedAgent(false);
  ExpectConnectFails(sync, "127.0.0.1", RefusingPort(), ECONNREFUSED, 1);
  ExpectConnects(sync);
  AgentUnderTest& async = StartedAgent(true);
  ExpectConnectFailsLater(async, "127.0.0.1", RefusingPort(), ECONNREFUSED,
                          {EventKind::kPrepareConnect, EventKind::kError});
  ExpectConnects(async);
}

// Spec: api §6.10/1, api §6.3/3, decisions 5.9, C17, input 6, input 7
TEST_P(TcpAgentConnect, ReportsAnAddressThatCannotBeResolved) {
  AgentUnderTest& sync = StartedAgent(false);
  for (const char* const address : {kNobody, "256.0.0.1", "not an address", "", "[::1]"}) {
    SCOPED_TRACE(address);
    ExpectConnectFails(sync, address, 1, EADDRNOTAVAIL, 0);
  }
  ExpectConnectFails(sync, nullptr, 1, EADDRNOTAVAIL, 0);
  ExpectConnects(sync);
  AgentUnderTest& async = StartedAgent(true);
  for (const char* const address : {kNobody, "256.0.0.1", "not an address"}) {
    SCOPED_TRACE(address);
    ExpectConnectFailsLater(async, address, 1, EADDRNOTAVAIL, {EventKind::kError});
  }
  ExpectConnectFails(async, "", 1, EADDRNOTAVAIL, 0);
  ExpectConnectFails(async, nullptr, 1, EADDRNOTAVAIL, 0);
  ExpectConnects(async);
}

// Nothing but loopback is there: no way leads to the address of another machine.
// Spec: api §6.10/2, api §6.3/3, input 8, fault 18
TEST_P(TcpAgentConnect, ReportsAnAddressThatCannotBeReached) {
  if (NeedsKernel("asks which networks it reaches")) return;
  AgentUnderTest& sync = StartedAgent(false);
  ExpectConnectFails(sync, "203.0.113.1", 1, ENETUNREACH, 1);
  AgentUnderTest& async = StartedAgent(true);
  ExpectConnectFailsLater(async, "203.0.113.1", 1, ENETUNREACH,
                          {EventKind::kPrepareConnect, EventKind::kError});
}

// Spec: decisions 5.12, api §6.10/2, C17, fault 18, decisions 8.5/1
TEST_P(TcpAgentConnect, GivesUpASynchronousConnectInTime) {
  AgentUnderTest& agent = NewAgent();
  agent->SetSyncConnectTimeout(1);
  EXPECT_EQ(agent->GetSyncConnectTimeout(), 1u);
  agent.MustStart(false);
  ExpectConnectFails(agent, "127.0.0.1", SilentListener().port(), ETIMEDOUT, 1);
  ExpectConnects(agent);
}

// Spec: decisions 5.4, decisions 5.8, decisions 5.11
TEST_P(TcpAgentConnect, ConnectsToAName) {
  PeerListener& listener = Listener();  // on 127.0.0.1 only: ::1, if it is tried first, refuses
  for (const bool async : {false, true}) {
    SCOPED_TRACE(async);
    AgentUnderTest& agent = StartedAgent(async);
    CONNID id = 0;
    ASSERT_TRUE(agent.ConnectTo("localhost", listener.port(), &id)) << agent->GetLastErrorDetail();
    ASSERT_NE(id, 0u);
    ASSERT_TRUE(agent.events().WaitForCount(EventKind::kConnect, 1));
    const std::unique_ptr<Peer> peer = listener.Accept();
    ASSERT_NE(peer, nullptr);
    EXPECT_EQ(agent.LocalName(id).address, "127.0.0.1");
    EXPECT_EQ(agent.LocalName(id).port, peer->remote_port());
    EXPECT_EQ(agent.RemoteName(id).address, "127.0.0.1");
    EXPECT_EQ(agent.RemoteName(id).port, listener.port());
    const EventLog log = agent.events().log();
    EXPECT_GE(log.Count(EventKind::kPrepareConnect), 1u);
    EXPECT_EQ(log.Count(EventKind::kError), 0u) << "a failed address is reported only if it was the last";
    const std::thread::id thread = log.First(EventKind::kPrepareConnect)->thread;
    EXPECT_EQ(thread == std::this_thread::get_id(), !async);
    EXPECT_EQ(log.First(EventKind::kConnect)->thread, thread);
    for (const Event& event : log.events()) EXPECT_EQ(event.id, id) << "one ID for all addresses";
  }
}

// Spec: decisions 5.7, decisions 5.11, api §6.9/1
TEST_P(TcpAgentConnect, PreparesASocketForEachAddressOfAName) {
  const uint16_t port = RefusingPort();
  size_t addresses = 0;
  for (const bool async : {false, true}) {
    SCOPED_TRACE(async);
    AgentUnderTest& agent = StartedAgent(async);
    CONNID id = 0;
    // Nobody listens on any of localhost's addresses: each is tried, the last one's failure is told.
    errno = 0;
    EXPECT_EQ(agent.ConnectTo("localhost", port, &id), async);
    if (async) {
      ASSERT_TRUE(agent.events().WaitForCount(EventKind::kError, 1));
      EXPECT_EQ(agent.events().log().First(EventKind::kError)->error, ECONNREFUSED);
    } else {
      EXPECT_EQ(errno, ECONNREFUSED);
    }
    const EventLog log = agent.events().log();
    const size_t prepared = log.Count(EventKind::kPrepareConnect);
    EXPECT_GE(prepared, 1u);
    EXPECT_EQ(log.size(), prepared + (async ? 1 : 0)) << "nothing else";
    EXPECT_EQ(log.Ids(), std::vector<CONNID>{id}) << "one ID for all of them";
    if (addresses != 0) {
      EXPECT_EQ(prepared, addresses) << "both modes try the same";
    }
    addresses = prepared;
  }
}

// Spec: decisions 5.1
TEST_P(TcpAgentConnect, ConnectsOverIpv6) {
  harness::PeerListenOptions options;
  options.address = "::1";
  const std::unique_ptr<PeerListener> listener = Environment::Current().Listen(options);
  if (listener == nullptr) GTEST_SKIP() << "this network has no IPv6 loopback";
  for (const bool async : {false, true}) {
    AgentUnderTest& agent = StartedAgent(async);
    CONNID id = 0;
    ASSERT_TRUE(agent.ConnectTo("::1", listener->port(), &id)) << agent->GetLastErrorDetail();
    const std::unique_ptr<Peer> peer = listener->Accept();
    ASSERT_NE(peer, nullptr);
    ASSERT_TRUE(agent.events().WaitForCount(EventKind::kConnect, 1));
    EXPECT_EQ(agent.LocalName(id).address, "::1");
    EXPECT_EQ(agent.RemoteName(id).address, "::1");
    EXPECT_TRUE(agent->Send(id, Bytes("six"), 3));
    EXPECT_EQ(peer->Receive(3), "six");
  }
}

// A socket whose own port is the one that it connects to: TCP lets it, and it hears itself.
// Spec: api §6.10, fault 18
TEST_P(TcpAgentConnect, ConnectsToItselfIfToldTo) {
  if (NeedsKernel("binds a socket behind the library's back")) return;
  for (const bool async : {false, true}) {
    AgentUnderTest& agent = NewAgent();
    const uint16_t port = RefusingPort();
    sockaddr_storage name;
    const socklen_t length = harness::NameOf("127.0.0.1", port, &name);
    agent.events().Do(EventKind::kPrepareConnect, [&](const Event& event) {
      EXPECT_EQ(bind(event.socket, reinterpret_cast<const sockaddr*>(&name), length), 0);
    });
    agent.MustStart(async);
    CONNID id = 0;
    ASSERT_TRUE(agent.ConnectTo("127.0.0.1", port, &id));
    ASSERT_TRUE(agent.events().WaitForCount(EventKind::kConnect, 1));
    EXPECT_EQ(agent.LocalName(id).port, agent.RemoteName(id).port);
    EXPECT_TRUE(agent->Send(id, Bytes("echo"), 4));
    EXPECT_TRUE(agent.events().WaitFor([&](const EventLog& log) { return log.Received(id) == "echo"; }));
    EXPECT_TRUE(agent->Disconnect(id));
    EXPECT_TRUE(agent.CountBecomes(0));
  }
}

// Spec: api §6.3/9, §2.1.4, decisions 2.3, decisions 5.7, api §2.5/2t, decisions 8.7/2
TEST_P(TcpAgentConnect, PreparesASocketThatIsNeitherBoundNorConnectedAndAnIdThatIsNotKnownYet) {
  for (const bool async : {false, true}) {
    PeerListener& listener = Listener();
    AgentUnderTest& agent = NewAgent();
    int token = 0;
    const auto known = [&](CONNID id) {
      void* extra = nullptr;
      const bool set = agent->SetConnectionExtra(id, &token);
      EXPECT_EQ(agent->GetConnectionExtra(id, &extra), set);
      EXPECT_EQ(agent.RemoteName(id).ok, set);
      return set;
    };
    agent.events().Do(EventKind::kPrepareConnect, [&](const Event& event) {
      EXPECT_EQ(Environment::Current().LocalPort(event.socket), 0);
      EXPECT_EQ(Environment::Current().PeerPort(event.socket), 0);
      EXPECT_FALSE(known(event.id));
      errno = 0;
      EXPECT_FALSE(agent->Send(event.id, Bytes("x"), 1));
      EXPECT_EQ(errno, EBADSLT);
      errno = 0;
      EXPECT_FALSE(agent->Disconnect(event.id));
      EXPECT_EQ(errno, EBADSLT);
      EXPECT_EQ(event.connections, 0u);
      CONNID ids[1];
      uint32_t count = 1;
      EXPECT_TRUE(agent->GetAllConnectionIDs(ids, count));
      EXPECT_EQ(count, 0u);
      EXPECT_TRUE(Environment::Current().SetOption(event.socket, SOL_SOCKET, SO_RCVBUF, 65536));
    });
    agent.events().Do(EventKind::kConnect, [&](const Event& event) {
      EXPECT_TRUE(known(event.id));
      EXPECT_TRUE(agent.LocalName(event.id).ok);
      EXPECT_EQ(event.connections, 1u);
      EXPECT_TRUE(agent->Send(event.id, Bytes("hello"), 5));
    });
    agent.MustStart(async, "127.0.0.1");
    CONNID id = 0;
    ASSERT_TRUE(agent.ConnectTo(listener, &id));
    const std::unique_ptr<Peer> peer = listener.Accept();
    ASSERT_NE(peer, nullptr);
    EXPECT_EQ(peer->Receive(5), "hello");
    EXPECT_EQ(agent.LocalName(id).port, peer->remote_port());
    ASSERT_TRUE(agent->Stop());
  }
}

// Spec: api §3.2/9, api §6.3/2, decisions 5.10, decisions 2.8, §1.4, fault 15, input 15
TEST_P(TcpAgentConnect, FailsWhenOnPrepareConnectRefuses) {
  for (const bool by_exception : {false, true}) {
    for (const bool async : {false, true}) {  // an address: both are refused inside Connect
      AgentUnderTest& agent = StartedAgent(async);
      agent.events().React(EventKind::kPrepareConnect, [by_exception](const Event&) -> EnHandleResult {
        if (by_exception) throw std::runtime_error("thrown by a test");
        return HR_ERROR;
      });
      ExpectConnectFails(agent, "127.0.0.1", Listener().port(), ECANCELED, 1);
      HP_Stats stats;
      ASSERT_TRUE(agent->GetStats(stats));
      EXPECT_EQ(stats.contained_exceptions, by_exception ? 1u : 0u);
      agent.events().React(EventKind::kPrepareConnect, nullptr);
      ExpectConnects(agent);
    }
  }
}

// Spec: api §3.2/9, decisions 5.10
TEST_P(TcpAgentConnect, ReportsItLaterWhenOnPrepareConnectRefusesAName) {
  PeerListener& listener = Listener();
  AgentUnderTest& sync = StartedAgent(false);
  sync.events().React(EventKind::kPrepareConnect, [](const Event&) { return HR_ERROR; });
  ExpectConnectFails(sync, "localhost", listener.port(), ECANCELED, 1);
  AgentUnderTest& async = StartedAgent(true);
  async.events().React(EventKind::kPrepareConnect, [](const Event&) { return HR_ERROR; });
  ExpectConnectFailsLater(async, "localhost", listener.port(), ECANCELED,
                          {EventKind::kPrepareConnect, EventKind::kError});
}

// Spec: api §3.2/10, api §3.2/11, api §6.3/2, §1.4, decisions 2.8, fault 15, input 15, decisions 5.13
TEST_P(TcpAgentConnect, DropsSilentlyWhatOnConnectRefuses) {
  for (const bool by_exception : {false, true}) {
    for (const bool async : {false, true}) {
      SCOPED_TRACE(async);
      PeerListener& listener = Listener();
      AgentUnderTest& agent = StartedAgent(async);
      agent.events().React(EventKind::kConnect, [by_exception](const Event&) -> EnHandleResult {
        if (by_exception) throw std::runtime_error("thrown by a test");
        return HR_ERROR;
      });
      CONNID id = 0;
      errno = 0;
      EXPECT_EQ(agent.ConnectTo(listener, &id), async);
      if (!async) {
        EXPECT_EQ(errno, ECANCELED);
      }
      EXPECT_NE(id, 0u);
      const std::unique_ptr<Peer> peer = listener.Accept();
      ASSERT_NE(peer, nullptr);
      peer->Send("hello?");
      EXPECT_NE(peer->AwaitEnd(), StreamEnd::kOpen);
      EXPECT_TRUE(agent.CountBecomes(0));
      const std::vector<EventKind> expected = {EventKind::kPrepareConnect, EventKind::kConnect};
      EXPECT_EQ(agent.events().log().Milestones(id), expected);
      EXPECT_EQ(agent.events().size(), 2u) << "no other event";
      agent.events().React(EventKind::kConnect, nullptr);
      ExpectConnects(agent);
    }
  }
}

// Spec: api §6.10, §2.3.2, decisions 3.1, decisions 3.3
TEST_P(TcpAgentConnect, ConnectsInsideEveryEvent) {
  for (const bool async : {false, true}) {
    for (const EventKind kind : {EventKind::kPrepareConnect, EventKind::kConnect, EventKind::kReceive,
                                 EventKind::kSend, EventKind::kClose, EventKind::kError}) {
      SCOPED_TRACE(harness::ToString(kind));
      PeerListener& listener = Listener();
      AgentUnderTest& agent = StartedAgent(async);
      std::atomic<CONNID> inner{0};
      std::thread::id thread;
      agent.events().DoOnce(kind, [&](const Event& event) {
        thread = event.thread;
        CONNID id = 0;
        EXPECT_TRUE(agent.ConnectTo(listener, &id)) << agent->GetLastErrorDetail();
        // Synchronous: it is open by now.
        if (!async) {
          EXPECT_TRUE(agent->Send(id, Bytes("inner"), 5));
        }
        inner = id;
      });
      const Link link = agent.Connect();
      ASSERT_TRUE(link->Send("x"));
      ASSERT_TRUE(agent.events().WaitForCount(EventKind::kReceive, 1));
      EXPECT_TRUE(agent->Send(link.id, Bytes("y"), 1));
      EXPECT_EQ(link->Receive(1), "y");
      ASSERT_TRUE(agent.events().WaitForCount(EventKind::kSend, 1));
      if (kind == EventKind::kError) {
        link->Reset();
      } else {
        link->Close();
      }
      ASSERT_TRUE(agent.events().WaitFor([&](const EventLog& log) {
        const Event* const opened = log.First(EventKind::kConnect, inner);
        return log.CountEnds(link.id) == 1 && opened != nullptr && opened->returned;
      }));
      const std::unique_ptr<Peer> peer = listener.Accept();
      ASSERT_NE(peer, nullptr);
      if (async) {
        EXPECT_TRUE(agent->Send(inner, Bytes("inner"), 5));
      } else {
        EXPECT_EQ(agent.events().log().First(EventKind::kConnect, inner)->thread, thread);
      }
      EXPECT_EQ(peer->Receive(5), "inner");
      ASSERT_TRUE(peer->Send("answer"));
      EXPECT_TRUE(
          agent.events().WaitFor([&](const EventLog& log) { return log.Received(inner) == "answer"; }));
      ASSERT_TRUE(agent->Stop());
    }
  }
}

}  // namespace
}  // namespace hpsocket::conformance
