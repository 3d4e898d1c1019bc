// Conformance: an agent's states, and Start with its failures. How its connects begin and end is in
// connect_suite_agent.cc and cancelling_suite_agent.cc, Stop in stopping_suite_server.cc.
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/agent_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"
#include "hpsocket/testing/harness/process_probe.h"
#include "hpsocket/testing/harness/thread.h"
#include "hpsocket/testing/harness/variant.h"

namespace hpsocket::conformance {
namespace {

using harness::Async;
using harness::Environment;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Later;
using harness::NeedsKernel;
using harness::Peer;
using harness::PeerListener;
using harness::RunUntil;

class TcpAgentLifecycle : public AgentTest {
 protected:
  // A Start that failed on its way: its error, OnShutdown once, on the caller, and stopped again.
  static void ExpectFailedOnItsWay(AgentUnderTest& agent, EnSocketError error) {
    EXPECT_EQ(agent->GetLastError(), error) << agent->GetLastErrorDesc();
    EXPECT_EQ(agent->GetState(), SS_STOPPED);
    EXPECT_FALSE(agent->HasStarted());
    const EventLog log = agent.events().log();
    ASSERT_EQ(log.size(), 1u);
    EXPECT_EQ(log.Last()->kind, EventKind::kShutdown);
    EXPECT_EQ(log.Last()->thread, std::this_thread::get_id());
    EXPECT_EQ(log.Last()->connections, 0u);
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpAgentLifecycle);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpAgentLifecycle, ::testing::ValuesIn(harness::TcpAgents()),
                         AgentName);

// Spec: api §6.1/1, C03
TEST_P(TcpAgentLifecycle, IsStoppedAndWithoutErrorWhenNew) {
  AgentUnderTest& agent = NewPristineAgent();
  EXPECT_EQ(agent->GetState(), SS_STOPPED);
  EXPECT_FALSE(agent->HasStarted());
  EXPECT_EQ(agent->GetLastError(), SE_OK);
  EXPECT_STREQ(agent->GetLastErrorDesc(), "SUCCESS");
  EXPECT_EQ(agent->GetConnectionCount(), 0u);
  EXPECT_FALSE(agent.LocalName(1).ok);
}

// Spec: §2.3.2, api §2.1/9t, api §2.1/10t, api §2.5/1t, api §6.1/2, api §6.2/4t, decisions 2.1
TEST_P(TcpAgentLifecycle, GoesFromStoppedToStartedAndBackWithoutAnEventButOnShutdown) {
  AgentUnderTest& agent = NewAgent();
  for (const bool async : {false, true}) {
    ASSERT_TRUE(agent->Start("0.0.0.0", async));
    EXPECT_EQ(agent->GetState(), SS_STARTED);
    EXPECT_TRUE(agent->HasStarted());
    EXPECT_EQ(agent.events().size(), async ? 1u : 0u);
    ASSERT_TRUE(agent->Stop());
    EXPECT_EQ(agent->GetState(), SS_STOPPED);
    EXPECT_FALSE(agent->HasStarted());
    const EventLog log = agent.events().log();
    EXPECT_EQ(log.size(), async ? 2u : 1u);
    EXPECT_EQ(log.Last()->kind, EventKind::kShutdown);
    EXPECT_EQ(log.Last()->state, SS_STOPPING);
    EXPECT_EQ(log.Last()->thread, std::this_thread::get_id());
    EXPECT_EQ(agent->GetLastError(), SE_OK);
  }
}

// Spec: api §6.1/3, api §1, decisions 2.4, C03, api §2.1/1t, api §2.1/16t
TEST_P(TcpAgentLifecycle, RefusesASecondStartAndASecondStop) {
  AgentUnderTest& agent = EchoAgent(true);
  const Link link = agent.Connect();
  const size_t events = agent.events().size();
  EXPECT_FALSE(agent->Start());
  EXPECT_EQ(agent->GetLastError(), SE_ILLEGAL_STATE);
  EXPECT_FALSE(agent->Start("no address"));
  EXPECT_EQ(agent->GetLastError(), SE_ILLEGAL_STATE) << "the state is looked at first";
  EXPECT_EQ(agent->GetState(), SS_STARTED);
  EXPECT_EQ(agent.events().size(), events);
  EXPECT_TRUE(agent.Echoes(link, "still here"));
  EXPECT_TRUE(agent->Stop());
  const size_t after = agent.events().size();
  EXPECT_FALSE(agent->Stop());
  EXPECT_EQ(agent->GetLastError(), SE_ILLEGAL_STATE);
  EXPECT_EQ(agent.events().size(), after);
}

// Spec: api §2.5/1t, api §6.1/5, decisions 2.6, C04, input 7
TEST_P(TcpAgentLifecycle, ReportsABindAddressThatIsNoAddress) {
  for (const bool async : {false, true}) {
    for (const char* const address : {"", "localhost", "not an address", "256.0.0.1", "1.2.3", "127.0.0.1:80",
                                      "[::1]", "fe80::1%nosuchdevice"}) {
      SCOPED_TRACE(address);
      AgentUnderTest& agent = NewAgent();
      errno = 0;
      EXPECT_FALSE(agent->Start(address, async));
      EXPECT_NE(errno, 0);
      ExpectFailedOnItsWay(agent, SE_SOCKET_BIND);
      EXPECT_STREQ(agent->GetLastErrorDesc(), "Bind SOCKET Fail");
      agent.MustStart(async);
      agent.Connect();
    }
  }
}

// Spec: api §2.5/1t, api §6.1/5, decisions 2.6, decisions 5.6, input 8
TEST_P(TcpAgentLifecycle, ReportsABindAddressOfAnotherMachine) {
  for (const bool async : {false, true}) {
    AgentUnderTest& agent = NewAgent();
    errno = 0;
    EXPECT_FALSE(agent->Start("203.0.113.1", async));
    EXPECT_EQ(errno, EADDRNOTAVAIL);
    ExpectFailedOnItsWay(agent, SE_SOCKET_BIND);
  }
}

// Spec: §2.3.1, api §2.5/1t, decisions 2.3, decisions 5.6, decisions 5.7
TEST_P(TcpAgentLifecycle, ConnectsFromItsBindAddress) {
  PeerListener& listener = Listener();
  for (const bool async : {false, true}) {
    for (const char* const name : {"127.0.0.1", "localhost"}) {
      SCOPED_TRACE(name);
      AgentUnderTest& agent = NewAgent();
      agent.events().Do(EventKind::kPrepareConnect, [&](const Event& event) {
        EXPECT_EQ(Environment::Current().LocalPort(event.socket), 0) << "not bound yet";
      });
      agent.MustStart(async, "127.0.0.9");
      CONNID id = 0;
      ASSERT_TRUE(agent.ConnectTo(name, listener.port(), &id)) << agent->GetLastErrorDetail();
      ASSERT_TRUE(agent.events().WaitForCount(EventKind::kConnect, 1));
      EXPECT_EQ(agent.LocalName(id).address, "127.0.0.9");
      const std::unique_ptr<Peer> peer = listener.Accept();
      ASSERT_NE(peer, nullptr);
      EXPECT_EQ(agent.LocalName(id).port, peer->remote_port());
      ASSERT_TRUE(agent->Stop());
    }
  }
}

// From an IPv4 address no way leads to an IPv6 one.
// Spec: decisions 5.6
TEST_P(TcpAgentLifecycle, ReportsABindAddressOfTheOtherFamilyWhenItConnects) {
  AgentUnderTest& sync = NewAgent();
  sync.MustStart(false, "127.0.0.1");
  errno = 0;
  EXPECT_FALSE(sync.ConnectTo("::1", 1));
  EXPECT_NE(errno, 0);
  EXPECT_EQ(sync->GetConnectionCount(), 0u);
  AgentUnderTest& async = NewAgent();
  async.MustStart(true, "127.0.0.1");
  errno = 0;
  EXPECT_FALSE(async.ConnectTo("::1", 1)) << "bound before Connect returns";
  EXPECT_NE(errno, 0);
  EXPECT_EQ(async->GetConnectionCount(), 0u);
}

// Spec: decisions 2.3, decisions 5.6, decisions 5.7, decisions 8.7/2
TEST_P(TcpAgentLifecycle, LeavesThePortToTheConnectAndTheLastWordToOnPrepareConnect) {
  for (const bool bound : {false, true}) {
    AgentUnderTest& agent = NewAgent();
    agent.tcp().SetKeepAliveTime(5000);
    int no_port = -1;
    int keep_alive = -1;
    agent.events().Do(EventKind::kPrepareConnect, [&](const Event& event) {
      Environment& environment = Environment::Current();
      no_port = environment.GetOption(event.socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
      EXPECT_EQ(environment.GetOption(event.socket, SOL_SOCKET, SO_KEEPALIVE), 1) << "set before";
      EXPECT_TRUE(environment.SetOption(event.socket, SOL_SOCKET, SO_KEEPALIVE, 0));
    });
    agent.events().Do(EventKind::kConnect, [&](const Event& event) {
      keep_alive = Environment::Current().GetOption(event.socket, SOL_SOCKET, SO_KEEPALIVE);
    });
    agent.MustStart(true, bound ? "127.0.0.1" : nullptr);
    agent.Connect();
    EXPECT_EQ(no_port, bound ? 1 : 0);
    EXPECT_EQ(keep_alive, 0);
  }
}

// Spec: §2.3.1, api §2.6/2t, C01
TEST_P(TcpAgentLifecycle, ReusesAddressesWhenToldTo) {
  EXPECT_FALSE(NewPristineAgent().tcp().IsReuseAddress());
  for (const bool reuse : {false, true}) {
    AgentUnderTest& agent = NewAgent();
    agent.tcp().SetReuseAddress(reuse);
    EXPECT_EQ(agent.tcp().IsReuseAddress(), reuse);
    int option = -1;
    agent.events().Do(EventKind::kPrepareConnect, [&](const Event& event) {
      option = Environment::Current().GetOption(event.socket, SOL_SOCKET, SO_REUSEADDR);
    });
    agent.MustStart(true, "127.0.0.1");
    agent.Connect();
    EXPECT_EQ(option, reuse ? 1 : 0);
  }
}

// One port for each destination is all that this agent may have: the second connection finds none.
// Spec: api §6.10, decisions 5.6, decisions 5.13
TEST_P(TcpAgentLifecycle, ReportsThatNoPortIsLeft) {
  if (NeedsKernel("runs out of ports")) return;
  constexpr int kLocalPortRange = 51;    // IP_LOCAL_PORT_RANGE, which older headers do not know
  constexpr uint32_t kOnlyPort = 45678;  // among those that the system gives out
  PeerListener& listener = Listener();
  for (const bool async : {false, true}) {
    for (const char* const bind_address : {static_cast<const char*>(nullptr), "127.0.0.1"}) {
      AgentUnderTest& agent = NewAgent();
      bool possible = true;
      agent.events().Do(EventKind::kPrepareConnect, [&](const Event& event) {
        const uint32_t range = kOnlyPort << 16 | kOnlyPort;
        possible = setsockopt(event.socket, IPPROTO_IP, kLocalPortRange, &range, sizeof(range)) == 0;
      });
      agent.MustStart(async, bind_address);
      CONNID first = 0;
      ASSERT_TRUE(agent.ConnectTo(listener, &first)) << errno;
      if (!possible) GTEST_SKIP() << "this kernel has no IP_LOCAL_PORT_RANGE";
      ASSERT_TRUE(agent.events().WaitForCount(EventKind::kConnect, 1));
      const std::unique_ptr<Peer> peer = listener.Accept();
      ASSERT_NE(peer, nullptr);
      EXPECT_EQ(peer->remote_port(), kOnlyPort);
      errno = 0;
      const bool second = agent.ConnectTo(listener);
      int error = errno;
      EXPECT_EQ(second, async);
      if (async) {
        ASSERT_TRUE(agent.events().WaitForCount(EventKind::kError, 1));
        error = agent.events().log().First(EventKind::kError)->error;
      }
      EXPECT_EQ(error, EADDRNOTAVAIL);
      // Another destination may share the port.
      EXPECT_TRUE(agent.ConnectTo(Listener()));
      // Reset by the other side, so that none of them waits its time.
      peer->Reset();
      ASSERT_TRUE(agent.events().WaitForCount(EventKind::kError, async ? 2 : 1));
      if (async) {
        ASSERT_TRUE(agent.events().WaitForCount(EventKind::kConnect, 2));
      }
      agent.events().Do(EventKind::kPrepareConnect, [](const Event&) {});
      ASSERT_TRUE(agent->DisconnectLongConnections(0));
      ASSERT_TRUE(agent.CountBecomes(0));
      ASSERT_TRUE(agent->Stop());
    }
  }
}

// Spec: decisions 2.6, fault 43
TEST_P(TcpAgentLifecycle, LeavesNothingBehindWhenItCouldNotStartOrConnect) {
  if (NeedsKernel("counts the process's descriptors and threads")) return;
  const uint16_t nobody = RefusingPort();
  AgentUnderTest& agent = NewAgent();
  const auto run = [&](bool async) {
    EXPECT_FALSE(agent->Start("203.0.113.1", async));
    agent.MustStart(async);
    const size_t before = agent.events().log().CountEnds();
    for (int i = 0; i < 10; ++i) EXPECT_EQ(agent.ConnectTo("localhost", nobody), async);
    if (async) {
      EXPECT_TRUE(
          agent.events().WaitFor([&](const EventLog& log) { return log.CountEnds() == before + 10; }));
    }
    EXPECT_TRUE(agent->Stop());
  };
  run(true);  // what is made once per process exists from here on
  const std::set<int> descriptors = harness::OpenDescriptors();
  const std::set<int> threads = harness::ThreadIds();
  for (const bool async : {false, true}) {
    run(async);
    EXPECT_EQ(harness::OpenDescriptors(), descriptors);
    EXPECT_TRUE(RunUntil([&] { return harness::HasNoThreadBeside(threads); }));
  }
}

// Spec: decisions 2.1, decisions 3.3
TEST_P(TcpAgentLifecycle, LetsOneOfManyStartsSucceed) {
  AgentUnderTest& agent = NewAgent();
  std::vector<Later<bool>> starts;
  for (int i = 0; i < 8; ++i) {
    starts.push_back(Async([&] { return agent->Start(nullptr, true); }));
  }
  int succeeded = 0;
  for (auto& start : starts) succeeded += start.Get() ? 1 : 0;
  EXPECT_EQ(succeeded, 1);
  EXPECT_EQ(agent.events().size(), 0u);
  agent.Connect();
}

// Spec: §1.1, decisions 1.4, decisions 1.5, C23, §4.2/10
TEST_P(TcpAgentLifecycle, LetsOneListenerServeSeveralAgents) {
  AgentUnderTest& first = StartedAgent(false);
  first.events().Observe(nullptr);
  first.events().FetchFrom(nullptr);
  DoNotJudge(first);
  const std::unique_ptr<harness::TcpAgentSubject> second = GetParam().make(first.events());
  second->agent().SetIoBackend(harness::CurrentVariant().port);
  second->agent().SetWorkerThreadCount(1);
  ASSERT_TRUE(second->agent().Start());
  PeerListener& listener = Listener();
  CONNID ids[2] = {};
  ASSERT_TRUE(first.ConnectTo(listener, &ids[0]));
  ASSERT_TRUE(second->agent().Connect("127.0.0.1", listener.port(), &ids[1]));
  EXPECT_GT(ids[1], ids[0]) << "the listener can tell them apart";
  EXPECT_FALSE(first->Send(ids[1], Bytes("x"), 1));
  EXPECT_EQ(errno, EBADSLT);
  EXPECT_FALSE(second->agent().Send(ids[0], Bytes("x"), 1));
  EXPECT_EQ(errno, EBADSLT);
  EXPECT_TRUE(second->agent().Stop());
  EXPECT_TRUE(first->Stop());
  const EventLog log = first.events().log();
  EXPECT_EQ(log.Count(EventKind::kShutdown), 2u);
  EXPECT_EQ(log.CountEnds(ids[0]), 1u);
  EXPECT_EQ(log.CountEnds(ids[1]), 1u);
}

}  // namespace
}  // namespace hpsocket::conformance
