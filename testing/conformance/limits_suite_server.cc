// Conformance: TCP servers' and agents' settings, their defaults and ranges, and what Start says about them.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/agent_fixture.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/conformance/server_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"
#include "hpsocket/testing/harness/thread.h"
#include "hpsocket/testing/harness/variant.h"

namespace hpsocket::conformance {
namespace {

using harness::Event;
using harness::EventKind;
using harness::EventLog;

constexpr uint32_t kMaxLong = 0x7FFFFFFF;

// A setting of whole numbers and the range that Start accepts.
struct Range {
  const char* name;
  uint32_t lowest;
  uint32_t highest;
  std::function<void(ComplexUnderTest&, uint32_t)> set;
  std::function<uint32_t(ComplexUnderTest&)> get;
};

#define HP_COMPLEX_SETTING(Name, lowest, highest)                                                \
  Range {                                                                                        \
#Name, lowest, highest,                                                                      \
        [](ComplexUnderTest & s,                                                                 \
           uint32_t v) { s->Set##Name(v); }, [](ComplexUnderTest & s) { return s->Get##Name(); } \
  }
#define HP_TCP_SETTING(Name, lowest, highest)                                                              \
  Range {                                                                                                  \
#Name, lowest, highest,                                                                                \
        [](ComplexUnderTest & s,                                                                           \
           uint32_t v) { s.tcp().Set##Name(v); }, [](ComplexUnderTest & s) { return s.tcp().Get##Name(); } \
  }

std::vector<Range> Ranges() {
  return {
      HP_COMPLEX_SETTING(FreeSocketObjLockTime, 0, kMaxLong),
      // The hold belongs to the pool and may not be below it.
      Range{"FreeSocketObjPool", 0, kMaxLong,
            [](ComplexUnderTest& s, uint32_t v) {
              s->SetFreeSocketObjPool(v);
              s->SetFreeSocketObjHold(v);
            },
            [](ComplexUnderTest& s) { return s->GetFreeSocketObjPool(); }},
      HP_COMPLEX_SETTING(FreeSocketObjHold, 150, kMaxLong),
      Range{"FreeBufferObjPool", 0, kMaxLong,
            [](ComplexUnderTest& s, uint32_t v) {
              s->SetFreeBufferObjPool(v);
              s->SetFreeBufferObjHold(v);
            },
            [](ComplexUnderTest& s) { return s->GetFreeBufferObjPool(); }},
      HP_COMPLEX_SETTING(FreeBufferObjHold, 300, kMaxLong),
      HP_COMPLEX_SETTING(MaxShutdownWaitTime, 0, kMaxLong),
      HP_COMPLEX_SETTING(GracefulTimeout, 0, kMaxLong),
      HP_COMPLEX_SETTING(SlowCallbackTime, 0, kMaxLong),
      HP_COMPLEX_SETTING(MaxIdleTime, 0, kMaxLong),
      HP_COMPLEX_SETTING(BusyPoll, 0, 1000),
      HP_TCP_SETTING(SocketBufferSize, 64, kMaxLong),
      HP_TCP_SETTING(KeepAliveTime, 0, kMaxLong),
      HP_TCP_SETTING(KeepAliveInterval, 0, kMaxLong),
  };
}

#undef HP_COMPLEX_SETTING
#undef HP_TCP_SETTING

uint32_t UsableCpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) != 0) return 1;
  return static_cast<uint32_t>(CPU_COUNT(&set));
}

int SocketOption(int fd, int level, int name) {
  return harness::Environment::Current().GetOption(fd, level, name);
}

void ExpectRefused(ComplexUnderTest& component, const std::string& what) {
  const EnServiceState state = component->GetState();
  const size_t events = component.events().size();
  EXPECT_FALSE(component.Start()) << what;
  EXPECT_EQ(component->GetLastError(), SE_INVALID_PARAM) << what;
  EXPECT_EQ(component->GetState(), state) << what;
  EXPECT_EQ(component.events().size(), events) << what;
}
void ExpectTaken(ComplexUnderTest& component, const std::string& what) {
  EXPECT_TRUE(component.Start()) << what << ": " << component->GetLastErrorDesc() << ", "
                                 << component->GetLastErrorDetail();
  EXPECT_EQ(component->GetState(), SS_STARTED) << what;
  EXPECT_TRUE(component->Stop()) << what;
}
// The options of a connection, read inside its first event.
void WithOpenSocket(ComplexUnderTest& component, const std::function<void(int)>& look) {
  component.events().Do(component.opening(), [look](const Event& event) { look(event.socket); });
  component.MustStart();
  component.Connect();
  EXPECT_TRUE(component->Stop());
}

void ExpectRange(const Range& range, ComplexUnderTest& component) {
  if (range.lowest > 0) {
    range.set(component, range.lowest - 1);
    ExpectRefused(component, std::string(range.name) + " below its range");
  }
  range.set(component, range.highest + 1);
  EXPECT_EQ(range.get(component), range.highest + 1) << range.name << ": getters give what was set";
  ExpectRefused(component, std::string(range.name) + " above its range");
  range.set(component, range.lowest);
  ExpectTaken(component, std::string(range.name) + " at its lowest");
  range.set(component, range.highest - 1);
  ExpectTaken(component, std::string(range.name) + " below its highest");
  range.set(component, range.highest);
  ExpectTaken(component, std::string(range.name) + " at its highest");
  EXPECT_EQ(range.get(component), range.highest) << range.name << ": settings survive Stop";
}

class TcpComplexLimits : public ComplexTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexLimits);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexLimits, ::testing::ValuesIn(TcpComplexes()), ComplexName);

// Spec: C01, api §2.1/18t, api §2.1/19t, api §2.1/20t, api §2.1/21t, api §2.1/22t, api §2.1/23t
// Spec: api §2.1/24t, api §2.1/25t, api §2.1/26t, api §2.1/27t, api §2.3/3t, api §2.3/5t, api §2.3/6t
// Spec: api §2.6/3t, api §2.6/4t, api §2.6/5t, decisions 3.1
TEST_P(TcpComplexLimits, StartsOutWithTheDocumentedSettings) {
  ComplexUnderTest& component = NewPristineComponent();
  EXPECT_EQ(component->GetSendPolicy(), SP_PACK);
  EXPECT_EQ(component->GetRecvPolicy(), RP_SERIAL);
  EXPECT_EQ(component->GetFreeSocketObjLockTime(), 10000u);
  EXPECT_EQ(component->GetFreeSocketObjPool(), 150u);
  EXPECT_EQ(component->GetFreeSocketObjHold(), 450u);
  EXPECT_EQ(component->GetFreeBufferObjPool(), 300u);
  EXPECT_EQ(component->GetFreeBufferObjHold(), 900u);
  EXPECT_EQ(component->GetWorkerThreadCount(), UsableCpus());
  EXPECT_EQ(component->GetMaxShutdownWaitTime(), 15000u);
  EXPECT_FALSE(component->IsMarkSilence());
  EXPECT_EQ(component.tcp().GetSocketBufferSize(), static_cast<uint32_t>(sysconf(_SC_PAGESIZE)));
  EXPECT_EQ(component.tcp().GetKeepAliveTime(), 20000u);
  EXPECT_EQ(component.tcp().GetKeepAliveInterval(), 5000u);
}

// Spec: C01, decisions 8.2/2, decisions 8.2/6, decisions 8.2/7, decisions 8.2/8, decisions 8.2/9
// Spec: decisions 8.2/10, decisions 8.2/11, decisions 8.3/1, decisions 8.3/2, decisions 4.3, decisions 4.4
TEST_P(TcpComplexLimits, StartsOutWithOurOwnSettings) {
  ComplexUnderTest& component = NewPristineComponent();
  EXPECT_EQ(component->GetIoBackend(), IO_AUTO);
  EXPECT_EQ(component->GetMaxPendingLength(), uint64_t{64} << 20);
  EXPECT_GT(component->GetMaxPendingTotal(), 0u);
  const uint64_t memory =
      static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  EXPECT_LE(component->GetMaxPendingTotal(), memory / 4);
  EXPECT_EQ(component->GetGracefulTimeout(), 10000u);
  EXPECT_EQ(component->GetSlowCallbackTime(), 0u);
  EXPECT_EQ(component->GetBusyPoll(), 0u);
  EXPECT_TRUE(component->IsNoDelay());
  EXPECT_EQ(component->GetMaxConnectionCount(), 0u);
  EXPECT_EQ(component->GetMaxIdleTime(), 0u);
}

// Spec: C02, api §2.1/20t, api §2.1/21t, api §2.1/22t, api §2.1/23t, api §2.1/24t, api §2.1/26t
// Spec: api §2.3/3t, api §2.3/5t, api §2.3/6t, api §2.6/3t, api §2.6/4t, api §2.6/5t, decisions 2.9
// Spec: api §2.13, input 5, decisions 8.2/8, decisions 8.2/10
TEST_P(TcpComplexLimits, RefusesEachNumberBeyondItsRangeAndTakesBothEnds) {
  for (const Range& range : Ranges()) ExpectRange(range, NewComponent());
}

// Spec: C02, api §2.1/25t, input 5
TEST_P(TcpComplexLimits, RefusesWorkerCountsOutsideOneToFiveHundred) {
  ComplexUnderTest& component = NewComponent();
  for (const uint32_t count : {0u, 501u, kMaxLong, 0xFFFFFFFFu}) {
    component->SetWorkerThreadCount(count);
    ExpectRefused(component, std::to_string(count) + " workers");
  }
  for (const uint32_t count : {1u, 64u}) {
    component->SetWorkerThreadCount(count);
    ExpectTaken(component, std::to_string(count) + " workers");
  }
}

// Spec: C02, api §2.1/25t
TEST_P(TcpComplexLimits, RunsFiveHundredWorkers) {
  ComplexUnderTest& component = NewComponent();
  // On epoll under every variant: 500 rings take about all the locked memory that the kernel grants a
  // user, and other tests of that user run beside this one.
  component->SetIoBackend(IO_EPOLL);
  component->SetWorkerThreadCount(500);
  ExpectTaken(component, "500 workers");
}

// Spec: C02, api §2.1/18t, api §2.1/19t, decisions 8.2/2, input 5
TEST_P(TcpComplexLimits, RefusesValuesThatAreNoEnumerators) {
  for (const int value : {-1, 3, 1000}) {
    ComplexUnderTest& component = NewComponent();
    component->SetSendPolicy(static_cast<EnSendPolicy>(value));
    ExpectRefused(component, "send policy " + std::to_string(value));
  }
  for (const int value : {-1, 2, 1000}) {
    ComplexUnderTest& component = NewComponent();
    component->SetRecvPolicy(static_cast<EnRecvPolicy>(value));
    ExpectRefused(component, "receive policy " + std::to_string(value));
  }
  for (const int value : {-1, 3, 1000}) {
    ComplexUnderTest& component = NewComponent();
    component->SetIoBackend(static_cast<EnIoBackend>(value));
    ExpectRefused(component, "backend " + std::to_string(value));
  }
}

// Spec: C02, api §2.1/18t, api §2.1/19t
TEST_P(TcpComplexLimits, TakesEveryPolicy) {
  for (const EnSendPolicy policy : {SP_PACK, SP_SAFE, SP_DIRECT}) {
    for (const EnRecvPolicy receive : {RP_SERIAL, RP_PARALLEL}) {
      ComplexUnderTest& component = NewComponent();
      component->SetSendPolicy(policy);
      component->SetRecvPolicy(receive);
      EXPECT_EQ(component->GetSendPolicy(), policy);
      EXPECT_EQ(component->GetRecvPolicy(), receive);
      ExpectTaken(component, "policies " + std::to_string(policy) + ", " + std::to_string(receive));
    }
  }
}

// Spec: C02, api §2.1/22t, api §2.1/24t
TEST_P(TcpComplexLimits, RefusesAHoldBelowItsPool) {
  ComplexUnderTest& sockets = NewComponent();
  sockets->SetFreeSocketObjPool(451);
  ExpectRefused(sockets, "socket pool above its hold");
  sockets->SetFreeSocketObjHold(451);
  ExpectTaken(sockets, "socket pool equal to its hold");
  ComplexUnderTest& buffers = NewComponent();
  buffers->SetFreeBufferObjPool(901);
  ExpectRefused(buffers, "buffer pool above its hold");
  buffers->SetFreeBufferObjHold(901);
  ExpectTaken(buffers, "buffer pool equal to its hold");
}

// Spec: C03, api §2.13, api §6.1/4, decisions 2.1
TEST_P(TcpComplexLimits, ReportsABadSettingEvenWhileItRunsAndGoesOnServing) {
  ComplexUnderTest& component = EchoComponent();
  const Link link = component.Connect();
  component.tcp().SetSocketBufferSize(63);
  ExpectRefused(component, "a bad setting while running");
  EXPECT_TRUE(component.Echoes(link, "still here"));
  component.tcp().SetSocketBufferSize(64);
  EXPECT_FALSE(component.Start());
  EXPECT_EQ(component->GetLastError(), SE_ILLEGAL_STATE) << "settings are good, the state is not";
  EXPECT_TRUE(component.Echoes(link, "and still"));
}

// Spec: api §6.1/2, decisions 2.1, api §2.3/3t, api §2.6/3t, decisions 8.1
TEST_P(TcpComplexLimits, UsesASettingOnlyAtTheNextStart) {
  ComplexUnderTest& component = EchoComponent();
  component.tcp().SetSocketBufferSize(64);
  const Link first = component.Connect();
  // 4096 is the default; in one segment, so that one read can give all of it.
  ASSERT_TRUE(first->Send(Pattern(4096)));
  EXPECT_EQ(first->Receive(4096), Pattern(4096));
  size_t longest = 0;
  for (const Event& event : component.events().log().events()) {
    if (event.kind == EventKind::kReceive) longest = std::max(longest, event.data.size());
  }
  EXPECT_GT(longest, 64u);
  ASSERT_TRUE(component->Stop());
  component.MustStart();
  const Link second = component.Connect();
  ASSERT_TRUE(second->Send(Pattern(4096)));
  EXPECT_EQ(second->Receive(4096), Pattern(4096));
  for (const Event& event : component.events().log().events()) {
    // What PULL hands over at once has no such limit.
    if (event.kind == EventKind::kReceive && event.id == second.id && component.tcp().pull() == nullptr) {
      EXPECT_LE(event.data.size(), 64u);
    }
  }
}

// Spec: decisions 8.2/2, decisions 8.2/3, D11.1
TEST_P(TcpComplexLimits, RunsOnThePortThatWasAskedFor) {
  if (harness::NeedsKernel("a port of it is asked for")) return;
  if (harness::CurrentVariant().port == IO_AUTO) GTEST_SKIP() << "no --port was given";
  ComplexUnderTest& component = StartedComponent();
  const std::string_view description = component->GetIoBackendDesc();
  const bool uring = harness::CurrentVariant().port == IO_URING;
  EXPECT_EQ(component->GetIoBackend(), uring ? IO_URING : IO_EPOLL);
  EXPECT_NE(description.find(uring ? "io_uring" : "epoll"), std::string_view::npos) << description;
}

// Spec: decisions 7.2, decisions 2.3, api §2.3/5t, api §2.3/6t, api §2.6/4t, api §2.6/5t, §4.2/6
TEST_P(TcpComplexLimits, RoundsKeepAliveUpToWholeSeconds) {
  struct Case {
    uint32_t set_ms;
    int seconds;
  };
  for (const Case& one :
       {Case{1, 1}, Case{1000, 1}, Case{1001, 2}, Case{32767000, 32767}, Case{kMaxLong, 32767}}) {
    ComplexUnderTest& component = NewComponent();
    component.tcp().SetKeepAliveTime(one.set_ms);
    component.tcp().SetKeepAliveInterval(one.set_ms);
    WithOpenSocket(component, [&](int fd) {
      EXPECT_EQ(SocketOption(fd, SOL_SOCKET, SO_KEEPALIVE), 1) << one.set_ms;
      EXPECT_EQ(SocketOption(fd, IPPROTO_TCP, TCP_KEEPIDLE), one.seconds) << one.set_ms;
      EXPECT_EQ(SocketOption(fd, IPPROTO_TCP, TCP_KEEPINTVL), one.seconds) << one.set_ms;
    });
    EXPECT_EQ(component.tcp().GetKeepAliveTime(), one.set_ms);
    EXPECT_EQ(component.tcp().GetKeepAliveInterval(), one.set_ms);
  }
}

// Spec: decisions 7.2, api §2.3/5t, api §2.3/6t, api §2.6/4t, api §2.6/5t
TEST_P(TcpComplexLimits, LeavesKeepAliveOffWhenEitherTimeIsZero) {
  struct Case {
    uint32_t time;
    uint32_t interval;
  };
  for (const Case& one : {Case{0, 5000}, Case{20000, 0}, Case{0, 0}}) {
    ComplexUnderTest& component = NewComponent();
    component.tcp().SetKeepAliveTime(one.time);
    component.tcp().SetKeepAliveInterval(one.interval);
    WithOpenSocket(component, [](int fd) { EXPECT_EQ(SocketOption(fd, SOL_SOCKET, SO_KEEPALIVE), 0); });
  }
}

// Spec: decisions 8.2/11, decisions 8.7/2
TEST_P(TcpComplexLimits, SetsNoDelayAsAsked) {
  ComplexUnderTest& quick = NewComponent();
  WithOpenSocket(quick, [](int fd) { EXPECT_EQ(SocketOption(fd, IPPROTO_TCP, TCP_NODELAY), 1); });
  ComplexUnderTest& patient = NewComponent();
  patient->SetNoDelay(false);
  WithOpenSocket(patient, [](int fd) { EXPECT_EQ(SocketOption(fd, IPPROTO_TCP, TCP_NODELAY), 0); });
}

// It asks the kernel again and again before it sleeps, and neither there nor then misses anything: bytes,
// what other threads hand over, its timers, and Stop.
// Spec: decisions 8.2/10
TEST_P(TcpComplexLimits, MissesNothingWhileItPolls) {
  for (const uint32_t busy_poll : {1u, 50u, 1000u}) {
    SCOPED_TRACE(busy_poll);
    ComplexUnderTest& component = NewComponent();
    component->SetBusyPoll(busy_poll);
    component->SetSendPolicy(SP_PACK);  // the worker sends
    component->SetGracefulTimeout(1);
    component.EchoBack();
    component.MustStart();
    const Link link = component.Connect();
    const Link timed = component.Connect();
    for (int round = 0; round < 20; ++round) {
      EXPECT_TRUE(ComplexUnderTest::Echoes(link, "polled"));
      if (round % 2 == 0) harness::LetOthersGoOn();
      ASSERT_TRUE(component->Send(link.id, Bytes("woken"), 5));
      EXPECT_EQ(link->Receive(5), "woken");
    }
    EXPECT_TRUE(component->Disconnect(timed.id, false));
    ASSERT_TRUE(component.events().WaitForCount(EventKind::kClose, 1)) << "its peer does not close";
    EXPECT_EQ(component.events().log().First(EventKind::kClose)->id, timed.id);
    ASSERT_TRUE(component->Stop());
    EXPECT_EQ(component.events().log().Count(EventKind::kClose, link.id), 1u);
  }
}

// What only servers have.
class TcpServerLimits : public ServerTest {
 protected:
  static ServerUnderTest& Server(ComplexUnderTest& component) {
    return static_cast<ServerUnderTest&>(component);
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpServerLimits);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpServerLimits, ::testing::ValuesIn(harness::TcpServers()),
                         ServerName);

// Spec: C01, C02, api §2.3/2t, api §2.3/4t, input 5
TEST_P(TcpServerLimits, HasTheDocumentedSettingsOfItsOwnAndTheirRanges) {
  ServerUnderTest& server = NewPristineServer();
  EXPECT_EQ(server.tcp().GetAcceptSocketCount(), 300u);
  EXPECT_EQ(server.tcp().GetSocketListenQueue(), static_cast<uint32_t>(SOMAXCONN));
  const Range ranges[] = {
      {"AcceptSocketCount", 1, kMaxLong,
       [](ComplexUnderTest& s, uint32_t v) { Server(s).tcp().SetAcceptSocketCount(v); },
       [](ComplexUnderTest& s) { return Server(s).tcp().GetAcceptSocketCount(); }},
      {"SocketListenQueue", 1, kMaxLong,
       [](ComplexUnderTest& s, uint32_t v) { Server(s).tcp().SetSocketListenQueue(v); },
       [](ComplexUnderTest& s) { return Server(s).tcp().GetSocketListenQueue(); }},
  };
  for (const Range& range : ranges) ExpectRange(range, NewServer());
}

// Spec: api §6.1/6, decisions 2.3
TEST_P(TcpServerLimits, LetsOnPrepareListenHaveTheLastWordOnOptions) {
  ServerUnderTest& server = NewServer();
  server.events().Do(EventKind::kPrepareListen, [](const Event& event) {
    EXPECT_EQ(SocketOption(event.socket, SOL_SOCKET, SO_REUSEADDR), 1);
    EXPECT_EQ(SocketOption(event.socket, SOL_SOCKET, SO_KEEPALIVE), 1);
    EXPECT_TRUE(harness::Environment::Current().SetOption(event.socket, IPPROTO_TCP, TCP_KEEPIDLE, 77));
  });
  WithOpenSocket(server, [](int fd) { EXPECT_EQ(SocketOption(fd, IPPROTO_TCP, TCP_KEEPIDLE), 77); });
}

// What only agents have.
class TcpAgentLimits : public AgentTest {
 protected:
  static AgentUnderTest& Agent(ComplexUnderTest& component) {
    return static_cast<AgentUnderTest&>(component);
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpAgentLimits);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpAgentLimits, ::testing::ValuesIn(harness::TcpAgents()), AgentName);

// Spec: C01, C02, api §2.6/2t, decisions 8.5/1, decisions 5.12, input 5
TEST_P(TcpAgentLimits, HasTheDocumentedSettingsOfItsOwnAndTheirRanges) {
  AgentUnderTest& agent = NewPristineAgent();
  EXPECT_FALSE(agent.tcp().IsReuseAddress());
  EXPECT_EQ(agent->GetSyncConnectTimeout(), 10000u);
  ExpectRange({"SyncConnectTimeout", 1, kMaxLong,
               [](ComplexUnderTest& a, uint32_t v) { Agent(a)->SetSyncConnectTimeout(v); },
               [](ComplexUnderTest& a) { return Agent(a)->GetSyncConnectTimeout(); }},
              NewAgent());
}

}  // namespace
}  // namespace hpsocket::conformance
