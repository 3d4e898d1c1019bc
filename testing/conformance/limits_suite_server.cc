// Conformance: a TCP server's settings, their defaults and ranges, and what Start says about them.
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
#include "hpsocket/testing/conformance/server_fixture.h"
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
  std::function<void(ServerUnderTest&, uint32_t)> set;
  std::function<uint32_t(ServerUnderTest&)> get;
};

#define HP_SERVER_SETTING(Name, lowest, highest)                                                \
  Range {                                                                                       \
#Name, lowest, highest,                                                                     \
        [](ServerUnderTest & s,                                                                 \
           uint32_t v) { s->Set##Name(v); }, [](ServerUnderTest & s) { return s->Get##Name(); } \
  }
#define HP_TCP_SETTING(Name, lowest, highest)                                                             \
  Range {                                                                                                 \
#Name, lowest, highest,                                                                               \
        [](ServerUnderTest & s,                                                                           \
           uint32_t v) { s.tcp().Set##Name(v); }, [](ServerUnderTest & s) { return s.tcp().Get##Name(); } \
  }

std::vector<Range> Ranges() {
  return {
      HP_SERVER_SETTING(FreeSocketObjLockTime, 0, kMaxLong),
      // The hold belongs to the pool and may not be below it.
      Range{"FreeSocketObjPool", 0, kMaxLong,
            [](ServerUnderTest& s, uint32_t v) {
              s->SetFreeSocketObjPool(v);
              s->SetFreeSocketObjHold(v);
            },
            [](ServerUnderTest& s) { return s->GetFreeSocketObjPool(); }},
      HP_SERVER_SETTING(FreeSocketObjHold, 150, kMaxLong),
      Range{"FreeBufferObjPool", 0, kMaxLong,
            [](ServerUnderTest& s, uint32_t v) {
              s->SetFreeBufferObjPool(v);
              s->SetFreeBufferObjHold(v);
            },
            [](ServerUnderTest& s) { return s->GetFreeBufferObjPool(); }},
      HP_SERVER_SETTING(FreeBufferObjHold, 300, kMaxLong),
      HP_SERVER_SETTING(MaxShutdownWaitTime, 0, kMaxLong),
      HP_SERVER_SETTING(GracefulTimeout, 0, kMaxLong),
      HP_SERVER_SETTING(BusyPoll, 0, 1000),
      HP_TCP_SETTING(AcceptSocketCount, 1, kMaxLong),
      HP_TCP_SETTING(SocketBufferSize, 64, kMaxLong),
      HP_TCP_SETTING(SocketListenQueue, 1, kMaxLong),
      HP_TCP_SETTING(KeepAliveTime, 0, kMaxLong),
      HP_TCP_SETTING(KeepAliveInterval, 0, kMaxLong),
  };
}

#undef HP_SERVER_SETTING
#undef HP_TCP_SETTING

uint32_t UsableCpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) != 0) return 1;
  return static_cast<uint32_t>(CPU_COUNT(&set));
}

int SocketOption(int fd, int level, int name) {
  int value = -1;
  socklen_t length = sizeof(value);
  return getsockopt(fd, level, name, &value, &length) == 0 ? value : -1;
}

class TcpServerLimits : public ServerTest {
 protected:
  void ExpectRefused(ServerUnderTest& server, const std::string& what) {
    const EnServiceState state = server->GetState();
    const size_t events = server.events().size();
    EXPECT_FALSE(server->Start("127.0.0.1", 0)) << what;
    EXPECT_EQ(server->GetLastError(), SE_INVALID_PARAM) << what;
    EXPECT_EQ(server->GetState(), state) << what;
    EXPECT_EQ(server.events().size(), events) << what;
  }
  void ExpectTaken(ServerUnderTest& server, const std::string& what) {
    EXPECT_TRUE(server->Start("127.0.0.1", 0))
        << what << ": " << server->GetLastErrorDesc() << ", " << server->GetLastErrorDetail();
    EXPECT_EQ(server->GetState(), SS_STARTED) << what;
    EXPECT_TRUE(server->Stop()) << what;
  }
  // The options of an accepted connection, read inside OnAccept.
  void WithAcceptedSocket(ServerUnderTest& server, const std::function<void(int)>& look) {
    server.events().Do(EventKind::kAccept, [look](const Event& event) { look(event.socket); });
    server.MustStart();
    server.Connect();
    EXPECT_TRUE(server->Stop());
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpServerLimits);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpServerLimits, ::testing::ValuesIn(harness::TcpServers()),
                         ServerName);

// Spec: C01, api §2.1, api §2.3, decisions 3.1
TEST_P(TcpServerLimits, StartsOutWithTheDocumentedSettings) {
  ServerUnderTest& server = NewPristineServer();
  EXPECT_EQ(server->GetSendPolicy(), SP_PACK);
  EXPECT_EQ(server->GetRecvPolicy(), RP_SERIAL);
  EXPECT_EQ(server->GetFreeSocketObjLockTime(), 10000u);
  EXPECT_EQ(server->GetFreeSocketObjPool(), 150u);
  EXPECT_EQ(server->GetFreeSocketObjHold(), 450u);
  EXPECT_EQ(server->GetFreeBufferObjPool(), 300u);
  EXPECT_EQ(server->GetFreeBufferObjHold(), 900u);
  EXPECT_EQ(server->GetWorkerThreadCount(), UsableCpus());
  EXPECT_EQ(server->GetMaxShutdownWaitTime(), 15000u);
  EXPECT_FALSE(server->IsMarkSilence());
  EXPECT_EQ(server.tcp().GetAcceptSocketCount(), 300u);
  EXPECT_EQ(server.tcp().GetSocketBufferSize(), static_cast<uint32_t>(sysconf(_SC_PAGESIZE)));
  EXPECT_EQ(server.tcp().GetSocketListenQueue(), static_cast<uint32_t>(SOMAXCONN));
  EXPECT_EQ(server.tcp().GetKeepAliveTime(), 20000u);
  EXPECT_EQ(server.tcp().GetKeepAliveInterval(), 5000u);
}

// Spec: C01, decisions §8, decisions 4.3, decisions 4.4
TEST_P(TcpServerLimits, StartsOutWithOurOwnSettings) {
  ServerUnderTest& server = NewPristineServer();
  EXPECT_EQ(server->GetIoBackend(), IO_AUTO);
  EXPECT_EQ(server->GetMaxPendingLength(), uint64_t{64} << 20);
  EXPECT_GT(server->GetMaxPendingTotal(), 0u);
  const uint64_t memory =
      static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  EXPECT_LE(server->GetMaxPendingTotal(), memory / 4);
  EXPECT_EQ(server->GetGracefulTimeout(), 10000u);
  EXPECT_EQ(server->GetSlowCallbackTime(), 0u);
  EXPECT_EQ(server->GetBusyPoll(), 0u);
  EXPECT_TRUE(server->IsNoDelay());
  EXPECT_EQ(server->GetMaxConnectionCount(), 0u);
  EXPECT_EQ(server->GetMaxIdleTime(), 0u);
}

// Spec: C02, api §2.1, api §2.3, api §2.13
TEST_P(TcpServerLimits, RefusesEachNumberBeyondItsRangeAndTakesBothEnds) {
  for (const Range& range : Ranges()) {
    ServerUnderTest& server = NewServer();
    if (range.lowest > 0) {
      range.set(server, range.lowest - 1);
      ExpectRefused(server, std::string(range.name) + " below its range");
    }
    range.set(server, range.highest + 1);
    EXPECT_EQ(range.get(server), range.highest + 1) << range.name << ": getters give what was set";
    ExpectRefused(server, std::string(range.name) + " above its range");
    range.set(server, range.lowest);
    ExpectTaken(server, std::string(range.name) + " at its lowest");
    range.set(server, range.highest);
    ExpectTaken(server, std::string(range.name) + " at its highest");
    EXPECT_EQ(range.get(server), range.highest) << range.name << ": settings survive Stop";
  }
}

// Spec: C02, api §2.1
TEST_P(TcpServerLimits, RefusesWorkerCountsOutsideOneToFiveHundred) {
  ServerUnderTest& server = NewServer();
  for (const uint32_t count : {0u, 501u, kMaxLong, 0xFFFFFFFFu}) {
    server->SetWorkerThreadCount(count);
    ExpectRefused(server, std::to_string(count) + " workers");
  }
  for (const uint32_t count : {1u, 64u}) {
    server->SetWorkerThreadCount(count);
    ExpectTaken(server, std::to_string(count) + " workers");
  }
}

// Spec: C02, api §2.1
TEST_P(TcpServerLimits, RunsFiveHundredWorkers) {
  ServerUnderTest& server = NewServer();
  // On epoll under every variant: 500 rings take about all the locked memory that the kernel grants a
  // user, and other tests of that user run beside this one.
  server->SetIoBackend(IO_EPOLL);
  server->SetWorkerThreadCount(500);
  ExpectTaken(server, "500 workers");
}

// Spec: C02, api §2.1, decisions §8
TEST_P(TcpServerLimits, RefusesValuesThatAreNoEnumerators) {
  for (const int value : {-1, 3, 1000}) {
    ServerUnderTest& server = NewServer();
    server->SetSendPolicy(static_cast<EnSendPolicy>(value));
    ExpectRefused(server, "send policy " + std::to_string(value));
  }
  for (const int value : {-1, 2, 1000}) {
    ServerUnderTest& server = NewServer();
    server->SetRecvPolicy(static_cast<EnRecvPolicy>(value));
    ExpectRefused(server, "receive policy " + std::to_string(value));
  }
  for (const int value : {-1, 3, 1000}) {
    ServerUnderTest& server = NewServer();
    server->SetIoBackend(static_cast<EnIoBackend>(value));
    ExpectRefused(server, "backend " + std::to_string(value));
  }
}

// Spec: C02, api §2.1
TEST_P(TcpServerLimits, TakesEveryPolicy) {
  for (const EnSendPolicy policy : {SP_PACK, SP_SAFE, SP_DIRECT}) {
    for (const EnRecvPolicy receive : {RP_SERIAL, RP_PARALLEL}) {
      ServerUnderTest& server = NewServer();
      server->SetSendPolicy(policy);
      server->SetRecvPolicy(receive);
      EXPECT_EQ(server->GetSendPolicy(), policy);
      EXPECT_EQ(server->GetRecvPolicy(), receive);
      ExpectTaken(server, "policies " + std::to_string(policy) + ", " + std::to_string(receive));
    }
  }
}

// Spec: C02, api §2.1
TEST_P(TcpServerLimits, RefusesAHoldBelowItsPool) {
  ServerUnderTest& sockets = NewServer();
  sockets->SetFreeSocketObjPool(451);
  ExpectRefused(sockets, "socket pool above its hold");
  sockets->SetFreeSocketObjHold(451);
  ExpectTaken(sockets, "socket pool equal to its hold");
  ServerUnderTest& buffers = NewServer();
  buffers->SetFreeBufferObjPool(901);
  ExpectRefused(buffers, "buffer pool above its hold");
  buffers->SetFreeBufferObjHold(901);
  ExpectTaken(buffers, "buffer pool equal to its hold");
}

// Spec: C03, api §2.13, api §6.1/4, decisions 2.1
TEST_P(TcpServerLimits, ReportsABadSettingEvenWhileItRunsAndGoesOnServing) {
  ServerUnderTest& server = EchoServer();
  const Link link = server.Connect();
  server.tcp().SetSocketBufferSize(63);
  ExpectRefused(server, "a bad setting while running");
  EXPECT_TRUE(server.Echoes(link, "still here"));
  server.tcp().SetSocketBufferSize(64);
  EXPECT_FALSE(server->Start("127.0.0.1", 0));
  EXPECT_EQ(server->GetLastError(), SE_ILLEGAL_STATE) << "settings are good, the state is not";
  EXPECT_TRUE(server.Echoes(link, "and still"));
}

// Spec: api §6.1/2, decisions 2.1
TEST_P(TcpServerLimits, UsesASettingOnlyAtTheNextStart) {
  ServerUnderTest& server = EchoServer();
  server.tcp().SetSocketBufferSize(64);
  const Link first = server.Connect();
  // 4096 is the default; in one segment, so that one read can give all of it.
  ASSERT_TRUE(first->Send(Pattern(4096)));
  EXPECT_EQ(first->Receive(4096), Pattern(4096));
  size_t longest = 0;
  for (const Event& event : server.events().log().events()) {
    if (event.kind == EventKind::kReceive) longest = std::max(longest, event.data.size());
  }
  EXPECT_GT(longest, 64u);
  ASSERT_TRUE(server->Stop());
  server.MustStart();
  const Link second = server.Connect();
  ASSERT_TRUE(second->Send(Pattern(4096)));
  EXPECT_EQ(second->Receive(4096), Pattern(4096));
  for (const Event& event : server.events().log().events()) {
    if (event.kind == EventKind::kReceive && event.id == second.id) {
      EXPECT_LE(event.data.size(), 64u);
    }
  }
}

// Spec: decisions §8, D11.1
TEST_P(TcpServerLimits, RunsOnThePortThatWasAskedFor) {
  if (harness::CurrentVariant().port == IO_AUTO) GTEST_SKIP() << "no --port was given";
  ServerUnderTest& server = StartedServer();
  const std::string_view description = server->GetIoBackendDesc();
  const bool uring = harness::CurrentVariant().port == IO_URING;
  EXPECT_EQ(server->GetIoBackend(), uring ? IO_URING : IO_EPOLL);
  EXPECT_NE(description.find(uring ? "io_uring" : "epoll"), std::string_view::npos) << description;
}

// Spec: decisions 7.2, decisions 2.3, api §2.3
TEST_P(TcpServerLimits, RoundsKeepAliveUpToWholeSeconds) {
  struct Case {
    uint32_t set_ms;
    int seconds;
  };
  for (const Case& one :
       {Case{1, 1}, Case{1000, 1}, Case{1001, 2}, Case{32767000, 32767}, Case{kMaxLong, 32767}}) {
    ServerUnderTest& server = NewServer();
    server.tcp().SetKeepAliveTime(one.set_ms);
    server.tcp().SetKeepAliveInterval(one.set_ms);
    WithAcceptedSocket(server, [&](int fd) {
      EXPECT_EQ(SocketOption(fd, SOL_SOCKET, SO_KEEPALIVE), 1) << one.set_ms;
      EXPECT_EQ(SocketOption(fd, IPPROTO_TCP, TCP_KEEPIDLE), one.seconds) << one.set_ms;
      EXPECT_EQ(SocketOption(fd, IPPROTO_TCP, TCP_KEEPINTVL), one.seconds) << one.set_ms;
    });
    EXPECT_EQ(server.tcp().GetKeepAliveTime(), one.set_ms);
    EXPECT_EQ(server.tcp().GetKeepAliveInterval(), one.set_ms);
  }
}

// Spec: decisions 7.2, api §2.3
TEST_P(TcpServerLimits, LeavesKeepAliveOffWhenEitherTimeIsZero) {
  struct Case {
    uint32_t time;
    uint32_t interval;
  };
  for (const Case& one : {Case{0, 5000}, Case{20000, 0}, Case{0, 0}}) {
    ServerUnderTest& server = NewServer();
    server.tcp().SetKeepAliveTime(one.time);
    server.tcp().SetKeepAliveInterval(one.interval);
    WithAcceptedSocket(server, [](int fd) { EXPECT_EQ(SocketOption(fd, SOL_SOCKET, SO_KEEPALIVE), 0); });
  }
}

// Spec: decisions §8
TEST_P(TcpServerLimits, SetsNoDelayAsAsked) {
  ServerUnderTest& quick = NewServer();
  WithAcceptedSocket(quick, [](int fd) { EXPECT_EQ(SocketOption(fd, IPPROTO_TCP, TCP_NODELAY), 1); });
  ServerUnderTest& patient = NewServer();
  patient->SetNoDelay(false);
  WithAcceptedSocket(patient, [](int fd) { EXPECT_EQ(SocketOption(fd, IPPROTO_TCP, TCP_NODELAY), 0); });
}

// Spec: api §6.1/6, decisions 2.3
TEST_P(TcpServerLimits, LetsOnPrepareListenHaveTheLastWordOnOptions) {
  ServerUnderTest& server = NewServer();
  server.events().Do(EventKind::kPrepareListen, [](const Event& event) {
    EXPECT_EQ(SocketOption(event.socket, SOL_SOCKET, SO_REUSEADDR), 1);
    EXPECT_EQ(SocketOption(event.socket, SOL_SOCKET, SO_KEEPALIVE), 1);
    const int seconds = 77;
    EXPECT_EQ(setsockopt(event.socket, IPPROTO_TCP, TCP_KEEPIDLE, &seconds, sizeof(seconds)), 0);
  });
  WithAcceptedSocket(server, [](int fd) { EXPECT_EQ(SocketOption(fd, IPPROTO_TCP, TCP_KEEPIDLE), 77); });
}

}  // namespace
}  // namespace hpsocket::conformance
