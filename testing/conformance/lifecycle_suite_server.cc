// Conformance: a server's states, and Start with all its failures. Ending is in stopping_suite_server.cc,
// what happens inside of callbacks in reentry_suite_server.cc.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/server_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/peer.h"
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
using harness::Gate;
using harness::Later;
using harness::PeerListener;
using harness::RunUntil;

class TcpServerLifecycle : public ServerTest {
 protected:
  // A Start that failed on its way: its error, OnShutdown once, on the caller, and stopped again.
  void ExpectFailedOnItsWay(ServerUnderTest& server, EnSocketError error) {
    EXPECT_EQ(server->GetLastError(), error) << server->GetLastErrorDesc();
    EXPECT_EQ(server->GetState(), SS_STOPPED);
    EXPECT_FALSE(server->HasStarted());
    EXPECT_FALSE(server.ListenName().ok);
    const EventLog log = server.events().log();
    EXPECT_EQ(log.Count(EventKind::kShutdown), 1u);
    if (const Event* const shutdown = log.First(EventKind::kShutdown)) {
      EXPECT_EQ(shutdown->thread, std::this_thread::get_id());
      EXPECT_EQ(shutdown->connections, 0u);
    }
    EXPECT_EQ(log.Count(EventKind::kAccept), 0u);
  }
  void ExpectServes(ServerUnderTest& server) {
    server.EchoBack();
    const Link link = server.Connect();
    EXPECT_TRUE(server.Echoes(link, "hello"));
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpServerLifecycle);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpServerLifecycle, ::testing::ValuesIn(harness::TcpServers()),
                         ServerName);

// Spec: api §6.1/1, C03
TEST_P(TcpServerLifecycle, IsStoppedAndWithoutErrorWhenNew) {
  ServerUnderTest& server = NewPristineServer();
  EXPECT_EQ(server->GetState(), SS_STOPPED);
  EXPECT_FALSE(server->HasStarted());
  EXPECT_EQ(server->GetLastError(), SE_OK);
  EXPECT_STREQ(server->GetLastErrorDesc(), "SUCCESS");
  EXPECT_EQ(server->GetConnectionCount(), 0u);
  EXPECT_FALSE(server.ListenName().ok);
  CONNID ids[1];
  uint32_t count = 1;
  EXPECT_TRUE(server->GetAllConnectionIDs(ids, count));
  EXPECT_EQ(count, 0u);
}

// Spec: §2.2.2, api §6.1/2, api §6.1/5, api §6.2/1t, api §6.2/4t, decisions 2.1, api §2.1/9t, api §2.1/10t
TEST_P(TcpServerLifecycle, GoesFromStoppedToStartedAndBack) {
  ServerUnderTest& server = NewServer();
  ASSERT_TRUE(server->Start("127.0.0.1", 0));
  EXPECT_EQ(server->GetState(), SS_STARTED);
  EXPECT_TRUE(server->HasStarted());
  {
    const EventLog log = server.events().log();
    ASSERT_EQ(log.size(), 1u);
    EXPECT_EQ(log.events()[0].kind, EventKind::kPrepareListen);
    EXPECT_EQ(log.events()[0].state, SS_STARTING);
    EXPECT_EQ(log.events()[0].thread, std::this_thread::get_id());
  }
  ASSERT_TRUE(server->Stop());
  EXPECT_EQ(server->GetState(), SS_STOPPED);
  EXPECT_FALSE(server->HasStarted());
  const EventLog log = server.events().log();
  ASSERT_EQ(log.size(), 2u);
  EXPECT_EQ(log.events()[1].kind, EventKind::kShutdown);
  EXPECT_EQ(log.events()[1].state, SS_STOPPING);
  EXPECT_EQ(log.events()[1].thread, std::this_thread::get_id());
  EXPECT_EQ(server->GetLastError(), SE_OK);
}

// Spec: api §6.1/3, C03, api §2.1/16t, api §2.2/1t
TEST_P(TcpServerLifecycle, RefusesASecondStartAndGoesOnServing) {
  ServerUnderTest& server = EchoServer();
  const Link link = server.Connect();
  const size_t events = server.events().size();
  EXPECT_FALSE(server->Start("127.0.0.1", 0));
  EXPECT_EQ(server->GetLastError(), SE_ILLEGAL_STATE);
  EXPECT_STREQ(server->GetLastErrorDesc(), "Illegal State");
  EXPECT_EQ(server->GetState(), SS_STARTED);
  EXPECT_EQ(server.events().size(), events);
  EXPECT_TRUE(server.Echoes(link, "still here"));
}

// Spec: api §6.1/3, decisions 2.4, C03, api §2.1/1t
TEST_P(TcpServerLifecycle, RefusesToStopWhenStopped) {
  ServerUnderTest& server = NewServer();
  EXPECT_FALSE(server->Stop());
  EXPECT_EQ(server->GetLastError(), SE_ILLEGAL_STATE);
  EXPECT_EQ(server.events().size(), 0u);
  server.MustStart();
  EXPECT_TRUE(server->Stop());
  const size_t events = server.events().size();
  EXPECT_FALSE(server->Stop());
  EXPECT_EQ(server->GetLastError(), SE_ILLEGAL_STATE);
  EXPECT_EQ(server.events().size(), events);
}

// Spec: api §1, api §2.1/16t
TEST_P(TcpServerLifecycle, KeepsTheLastErrorWhenLaterCallsSucceed) {
  ServerUnderTest& server = NewServer();
  EXPECT_FALSE(server->Stop());
  server.MustStart();
  EXPECT_TRUE(server->Stop());
  EXPECT_EQ(server->GetLastError(), SE_ILLEGAL_STATE);
}

// Spec: api §6.1/2, decisions 2.5, C03, fault 13, fault 20
TEST_P(TcpServerLifecycle, RestartsOnTheSamePortAgainAndAgain) {
  ServerUnderTest& server = EchoServer();
  server.tcp().SetSocketBufferSize(1234);
  const uint16_t port = server.port();
  for (int round = 0; round < 20; ++round) {
    const Link link = server.Connect();
    EXPECT_TRUE(server.Echoes(link, "round " + std::to_string(round)));
    ASSERT_TRUE(server->Stop());
    EXPECT_EQ(server->GetState(), SS_STOPPED);
    // The peer is still there, so the port has an old connection when it is bound again.
    server.MustStart(port);
    EXPECT_EQ(server.port(), port);
    EXPECT_EQ(server.tcp().GetSocketBufferSize(), 1234u);
  }
  EXPECT_EQ(server.events().log().Count(EventKind::kPrepareListen), 21u);
  EXPECT_EQ(server.events().log().Count(EventKind::kShutdown), 20u);
}

// Spec: api §6.1/5, decisions 2.6, C04, fault 20, input 9
TEST_P(TcpServerLifecycle, ReportsAPortInUse) {
  std::unique_ptr<PeerListener> squatter = Environment::Current().Listen({});
  ASSERT_NE(squatter, nullptr);
  const uint16_t port = squatter->port();
  ServerUnderTest& server = NewServer();
  errno = 0;
  EXPECT_FALSE(server->Start("127.0.0.1", port));
  EXPECT_EQ(errno, EADDRINUSE);
  ExpectFailedOnItsWay(server, SE_SOCKET_BIND);
  EXPECT_STREQ(server->GetLastErrorDesc(), "Bind SOCKET Fail");
  EXPECT_EQ(server.events().log().Count(EventKind::kPrepareListen), 1u);
  squatter.reset();
  server.MustStart(port);
  ExpectServes(server);
}

// Spec: api §6.1/5, decisions 2.3, C04, fault 20, input 9
TEST_P(TcpServerLifecycle, RefusesAPortThatAnotherServerListensOn) {
  ServerUnderTest& first = EchoServer();
  ServerUnderTest& second = NewServer();
  EXPECT_FALSE(second->Start("127.0.0.1", first.port()));
  ExpectFailedOnItsWay(second, SE_SOCKET_BIND);
  const Link link = first.Connect();
  EXPECT_TRUE(first.Echoes(link, "undisturbed"));
}

// Spec: api §2.2/1t, api §6.1/5, decisions 2.6, C04, input 7
TEST_P(TcpServerLifecycle, ReportsABindAddressThatIsNoAddress) {
  for (const char* const address : {"", "localhost", "not an address", "256.0.0.1", "1.2.3", "127.0.0.1:80",
                                    "[::1]", "fe80::1%nosuchdevice"}) {
    ServerUnderTest& server = NewServer();
    EXPECT_FALSE(server->Start(address, 0)) << address;
    ExpectFailedOnItsWay(server, SE_SOCKET_BIND);
    EXPECT_EQ(server.events().log().Count(EventKind::kPrepareListen), 0u) << "there is no socket to prepare";
    server.MustStart();
    EXPECT_EQ(server.events().log().Count(EventKind::kPrepareListen), 1u);
  }
}

// Spec: api §6.1/5, decisions 2.6, input 8
TEST_P(TcpServerLifecycle, ReportsAnAddressOfAnotherMachine) {
  ServerUnderTest& server = NewServer();
  errno = 0;
  EXPECT_FALSE(server->Start("203.0.113.1", 0));
  EXPECT_EQ(errno, EADDRNOTAVAIL);
  ExpectFailedOnItsWay(server, SE_SOCKET_BIND);
}

// Spec: §2.2.1, api §2.2/1t, api §2.2/2t, api §6.1/5, decisions 2.3
TEST_P(TcpServerLifecycle, CallsOnPrepareListenOnceBeforeItBinds) {
  ServerUnderTest& server = NewServer();
  Name inside;
  server.events().Do(EventKind::kPrepareListen, [&](const Event& event) {
    inside = server.ListenName();
    EXPECT_EQ(Environment::Current().LocalPort(event.socket), 0) << "already bound";
  });
  std::unique_ptr<PeerListener> squatter = Environment::Current().Listen({});
  ASSERT_NE(squatter, nullptr);
  const uint16_t port = squatter->port();
  squatter.reset();
  server.MustStart(port);
  EXPECT_TRUE(inside.ok);
  EXPECT_EQ(inside.address, "127.0.0.1");
  EXPECT_EQ(inside.port, port) << "what was asked for";
  EXPECT_EQ(server.events().log().Count(EventKind::kPrepareListen), 1u);
  EXPECT_EQ(server.port(), port);
  ASSERT_TRUE(server->Stop());
  EXPECT_FALSE(server.ListenName().ok);

  server.MustStart(0);
  EXPECT_EQ(inside.port, 0) << "what was asked for";
  const Name bound = server.ListenName();
  EXPECT_TRUE(bound.ok);
  EXPECT_EQ(bound.address, "127.0.0.1");
  EXPECT_NE(bound.port, 0) << "what the kernel chose";
}

// Spec: §1.4, api §3.2/5, decisions 2.6, C04, fault 15, input 15
TEST_P(TcpServerLifecycle, FailsToStartWhenOnPrepareListenRefuses) {
  ServerUnderTest& server = NewServer();
  server.events().React(EventKind::kPrepareListen, [](const Event&) { return HR_ERROR; });
  EXPECT_FALSE(server->Start("127.0.0.1", 0));
  ExpectFailedOnItsWay(server, SE_SOCKET_PREPARE);
  EXPECT_EQ(server.events().log().Count(EventKind::kPrepareListen), 1u);
  server.events().React(EventKind::kPrepareListen, nullptr);
  server.MustStart();
  ExpectServes(server);
}

// Spec: decisions 2.8, api §3.2/5, fault 15, input 15
TEST_P(TcpServerLifecycle, ContainsWhatOnPrepareListenThrows) {
  ServerUnderTest& server = NewServer();
  server.events().React(EventKind::kPrepareListen,
                        [](const Event&) -> EnHandleResult { throw std::runtime_error("thrown by a test"); });
  EXPECT_FALSE(server->Start("127.0.0.1", 0));
  ExpectFailedOnItsWay(server, SE_SOCKET_PREPARE);
  HP_Stats stats;
  ASSERT_TRUE(server->GetStats(stats));
  EXPECT_EQ(stats.contained_exceptions, 1u);
}

// Spec: decisions 2.8
TEST_P(TcpServerLifecycle, ContainsThrownThingsThatAreNoExceptions) {
  ServerUnderTest& server = NewServer();
  server.events().React(EventKind::kPrepareListen, [](const Event&) -> EnHandleResult { throw 42; });
  EXPECT_FALSE(server->Start("127.0.0.1", 0));
  ExpectFailedOnItsWay(server, SE_SOCKET_PREPARE);
}

// Spec: decisions 2.6
TEST_P(TcpServerLifecycle, LeavesNothingBehindWhenItCouldNotStart) {
  ServerUnderTest& taken = StartedServer();
  ServerUnderTest& server = NewServer();
  EXPECT_FALSE(server->Start("127.0.0.1", taken.port()));
  const std::set<int> descriptors = harness::OpenDescriptors();
  const std::set<int> threads = harness::ThreadIds();
  EXPECT_FALSE(server->Start("127.0.0.1", taken.port()));
  server.events().React(EventKind::kPrepareListen, [](const Event&) { return HR_ERROR; });
  EXPECT_FALSE(server->Start("127.0.0.1", 0));
  EXPECT_EQ(harness::OpenDescriptors(), descriptors);
  EXPECT_TRUE(RunUntil([&] { return harness::HasNoThreadBeside(threads); }));
}

// Spec: decisions 2.1, decisions 3.3
TEST_P(TcpServerLifecycle, LetsOneOfManyStartsSucceed) {
  ServerUnderTest& server = NewServer();
  std::vector<Later<bool>> starts;
  for (int i = 0; i < 8; ++i) {
    starts.push_back(Async([&] { return server->Start("127.0.0.1", 0); }));
  }
  int succeeded = 0;
  for (auto& start : starts) succeeded += start.Get() ? 1 : 0;
  EXPECT_EQ(succeeded, 1);
  EXPECT_EQ(server.events().log().Count(EventKind::kPrepareListen), 1u);
  EXPECT_EQ(server.events().log().Count(EventKind::kShutdown), 0u);
  ExpectServes(server);
}

// Spec: decisions 2.4, decisions 2.5, api §2.1/1t, api §2.1/9t
TEST_P(TcpServerLifecycle, MakesAStartFailThatAnotherThreadStops) {
  ServerUnderTest& server = NewServer();
  Gate gate;
  server.events().DoOnce(EventKind::kPrepareListen, [&](const Event&) { EXPECT_TRUE(gate.Pass()); });
  int error = 0;
  EnSocketError component_error = SE_OK;
  Later<bool> start = Async([&] {
    const bool started = server->Start("127.0.0.1", 0);
    error = errno;
    component_error = server->GetLastError();
    return started;
  });
  ASSERT_TRUE(
      server.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kPrepareListen) == 1; }));
  EXPECT_TRUE(server->HasStarted()) << "STARTING counts";
  // Of two the second is refused at once, which shows that the first has come.
  std::atomic<int> refused{0};
  const auto stop = [&] {
    const bool stopped = server->Stop();
    if (!stopped) ++refused;
    return stopped;
  };
  Later<bool> one = Async(stop);
  Later<bool> other = Async(stop);
  EXPECT_TRUE(RunUntil([&] { return refused.load() == 1; }));
  gate.Open();
  EXPECT_NE(one.Get(), other.Get());
  EXPECT_FALSE(start.Get());
  EXPECT_EQ(error, ECANCELED);
  EXPECT_EQ(component_error, SE_ILLEGAL_STATE);
  EXPECT_EQ(refused.load(), 1);
  EXPECT_TRUE(server->Wait(harness::kPatienceMs));
  EXPECT_EQ(server.events().log().Count(EventKind::kShutdown), 1u);
  server.MustStart();
  ExpectServes(server);
}

// Spec: §1.1, decisions 1.4, decisions 1.5, C23, §4.2/10
TEST_P(TcpServerLifecycle, LetsOneListenerServeSeveralServers) {
  ServerUnderTest& first = StartedServer();
  first.events().Observe(nullptr);
  DoNotJudge(first);
  const std::unique_ptr<harness::TcpServerSubject> second = GetParam().make(first.events());
  second->server().SetIoBackend(harness::CurrentVariant().port);
  second->server().SetWorkerThreadCount(1);
  ASSERT_TRUE(second->server().Start("127.0.0.1", 0));
  char text[64];
  int length = sizeof(text);
  uint16_t port = 0;
  ASSERT_TRUE(second->server().GetListenAddress(text, length, port));

  const Link one = first.Connect();
  const auto peer = Environment::Current().Connect("127.0.0.1", port, {});
  ASSERT_NE(peer, nullptr);
  ASSERT_TRUE(first.events().WaitForCount(EventKind::kAccept, 2));
  const std::vector<CONNID> ids = first.events().log().Ids();
  ASSERT_EQ(ids.size(), 2u);
  EXPECT_NE(ids[0], ids[1]) << "the listener can tell them apart";
  EXPECT_EQ(ids[0], one.id);
  // Each server knows its own connection only.
  EXPECT_TRUE(first->Send(ids[0], Bytes("1"), 1));
  EXPECT_FALSE(second->server().Send(ids[0], Bytes("1"), 1));
  EXPECT_EQ(errno, EBADSLT);
  EXPECT_TRUE(second->server().Send(ids[1], Bytes("2"), 1));
  EXPECT_FALSE(first->Send(ids[1], Bytes("2"), 1));
  EXPECT_EQ(errno, EBADSLT);
  EXPECT_EQ(one->Receive(1), "1");
  EXPECT_EQ(peer->Receive(1), "2");
  EXPECT_TRUE(second->server().Stop());
  EXPECT_TRUE(first->Stop());
  const EventLog log = first.events().log();
  EXPECT_EQ(log.Count(EventKind::kShutdown), 2u);
  EXPECT_EQ(log.CountEnds(ids[0]), 1u);
  EXPECT_EQ(log.CountEnds(ids[1]), 1u);
}

}  // namespace
}  // namespace hpsocket::conformance
