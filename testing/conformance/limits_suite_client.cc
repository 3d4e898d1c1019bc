// Conformance: a TCP client's settings, their defaults and ranges, and what Start says about them.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/client_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"
#include "hpsocket/testing/harness/thread.h"
#include "hpsocket/testing/harness/variant.h"

namespace hpsocket::conformance {
namespace {

using harness::Event;
using harness::EventKind;
using harness::Peer;
using harness::PeerListener;
using harness::StreamEnd;

constexpr uint32_t kMaxLong = 0x7FFFFFFF;

struct Range {
  const char* name;
  uint32_t lowest;
  uint32_t highest;
  std::function<void(ClientUnderTest&, uint32_t)> set;
  std::function<uint32_t(ClientUnderTest&)> get;
};

#define HP_CLIENT_SETTING(Name, lowest, highest)                                                \
  Range {                                                                                       \
#Name, lowest, highest,                                                                     \
        [](ClientUnderTest & c,                                                                 \
           uint32_t v) { c->Set##Name(v); }, [](ClientUnderTest & c) { return c->Get##Name(); } \
  }
#define HP_TCP_SETTING(Name, lowest, highest)                                                             \
  Range {                                                                                                 \
#Name, lowest, highest,                                                                               \
        [](ClientUnderTest & c,                                                                           \
           uint32_t v) { c.tcp().Set##Name(v); }, [](ClientUnderTest & c) { return c.tcp().Get##Name(); } \
  }

std::vector<Range> Ranges() {
  return {
      HP_CLIENT_SETTING(FreeBufferPoolSize, 0, kMaxLong), HP_CLIENT_SETTING(FreeBufferPoolHold, 0, kMaxLong),
      HP_CLIENT_SETTING(GracefulTimeout, 0, kMaxLong),    HP_CLIENT_SETTING(BusyPoll, 0, 1000),
      HP_CLIENT_SETTING(SlowCallbackTime, 0, kMaxLong),   HP_TCP_SETTING(SocketBufferSize, 1, kMaxLong),
      HP_TCP_SETTING(KeepAliveTime, 0, kMaxLong),         HP_TCP_SETTING(KeepAliveInterval, 0, kMaxLong),
  };
}

#undef HP_CLIENT_SETTING
#undef HP_TCP_SETTING

int SocketOption(int fd, int level, int name) {
  return harness::Environment::Current().GetOption(fd, level, name);
}

class TcpClientLimits : public ClientTest {
 protected:
  void ExpectRefused(ClientUnderTest& client, uint16_t port, const std::string& what) {
    const EnServiceState state = client->GetState();
    const size_t events = client.events().size();
    EXPECT_FALSE(client.Start("127.0.0.1", port)) << what;
    EXPECT_EQ(client->GetLastError(), SE_INVALID_PARAM) << what;
    EXPECT_EQ(client->GetState(), state) << what;
    EXPECT_EQ(client.events().size(), events) << what;
  }
  void ExpectTaken(ClientUnderTest& client, PeerListener& listener, const std::string& what) {
    EXPECT_TRUE(client.Start("127.0.0.1", listener.port()))
        << what << ": " << client->GetLastErrorDesc() << ", " << client->GetLastErrorDetail();
    EXPECT_EQ(client->GetState(), SS_STARTED) << what;
    const std::unique_ptr<Peer> peer = listener.Accept();
    ASSERT_NE(peer, nullptr) << what;
    EXPECT_TRUE(client->Stop()) << what;
  }
  // The options of the client's socket, read inside OnPrepareConnect.
  void WithPreparedSocket(ClientUnderTest& client, PeerListener& listener,
                          const std::function<void(int)>& look) {
    client.events().Do(EventKind::kPrepareConnect, [look](const Event& event) { look(event.socket); });
    const std::unique_ptr<Peer> peer = client.Connect(listener);
    EXPECT_TRUE(client->Stop());
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientLimits);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientLimits, ::testing::ValuesIn(harness::TcpClients()),
                         ClientName);

// Spec: C01, api §2.7/11t, api §2.7/12t, api §2.8/2, api §2.8/3, api §2.8/4, decisions 8.2/2
// Spec: decisions 8.2/6, decisions 8.2/7, decisions 8.2/8, decisions 8.2/9, decisions 8.2/10
// Spec: decisions 8.2/11, decisions 8.5/1
TEST_P(TcpClientLimits, StartsOutWithTheDocumentedSettings) {
  ClientUnderTest& client = NewPristineClient();
  EXPECT_EQ(client->GetFreeBufferPoolSize(), 10u);
  EXPECT_EQ(client->GetFreeBufferPoolHold(), 30u);
  EXPECT_EQ(client.tcp().GetSocketBufferSize(), static_cast<uint32_t>(sysconf(_SC_PAGESIZE)));
  EXPECT_EQ(client.tcp().GetKeepAliveTime(), 20000u);
  EXPECT_EQ(client.tcp().GetKeepAliveInterval(), 5000u);
  EXPECT_EQ(client->GetIoBackend(), IO_AUTO);
  EXPECT_EQ(client->GetMaxPendingLength(), uint64_t{64} << 20);
  EXPECT_GT(client->GetMaxPendingTotal(), 0u);
  EXPECT_EQ(client->GetGracefulTimeout(), 10000u);
  EXPECT_EQ(client->GetSlowCallbackTime(), 0u);
  EXPECT_EQ(client->GetBusyPoll(), 0u);
  EXPECT_TRUE(client->IsNoDelay());
  EXPECT_EQ(client->GetSyncConnectTimeout(), 10000u);
}

// Spec: C02, api §2.7/11t, api §2.7/12t, api §2.8/2, api §2.8/3, api §2.8/4, api §2.13, input 5
// Spec: decisions 8.2/8, decisions 8.2/10
TEST_P(TcpClientLimits, RefusesEachNumberBeyondItsRangeAndTakesBothEnds) {
  PeerListener& listener = Listener();
  for (const Range& range : Ranges()) {
    ClientUnderTest& client = NewClient();
    if (range.lowest > 0) {
      range.set(client, range.lowest - 1);
      ExpectRefused(client, listener.port(), std::string(range.name) + " below its range");
    }
    range.set(client, range.highest + 1);
    EXPECT_EQ(range.get(client), range.highest + 1) << range.name << ": getters give what was set";
    ExpectRefused(client, listener.port(), std::string(range.name) + " above its range");
    range.set(client, range.lowest);
    ExpectTaken(client, listener, std::string(range.name) + " at its lowest");
    range.set(client, range.highest - 1);
    ExpectTaken(client, listener, std::string(range.name) + " below its highest");
    range.set(client, range.highest);
    ExpectTaken(client, listener, std::string(range.name) + " at its highest");
    EXPECT_EQ(range.get(client), range.highest) << range.name << ": settings survive Stop";
  }
}

// Taken by asynchronous starts: what a millisecond suffices for is up to the machine.
// Spec: C02, decisions 5.12, decisions 8.5/1, input 5
TEST_P(TcpClientLimits, RefusesASyncConnectTimeoutBeyondItsRangeAndTakesBothEnds) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  for (const uint32_t beyond : {uint32_t{0}, kMaxLong + 1}) {
    client->SetSyncConnectTimeout(beyond);
    EXPECT_EQ(client->GetSyncConnectTimeout(), beyond) << "getters give what was set";
    ExpectRefused(client, listener.port(), std::to_string(beyond) + " ms");
  }
  for (const uint32_t end : {uint32_t{1}, kMaxLong}) {
    client->SetSyncConnectTimeout(end);
    const std::unique_ptr<Peer> peer = client.Connect(listener, true);
    EXPECT_TRUE(client->Stop());
    EXPECT_EQ(client->GetSyncConnectTimeout(), end) << "settings survive Stop";
  }
  ExpectTaken(client, listener, "SyncConnectTimeout at its highest");
}

// Spec: C02, decisions 8.2/2
TEST_P(TcpClientLimits, RefusesABackendThatIsNoEnumerator) {
  for (const int value : {-1, 3, 1000}) {
    ClientUnderTest& client = NewClient();
    client->SetIoBackend(static_cast<EnIoBackend>(value));
    ExpectRefused(client, RefusingPort(), "backend " + std::to_string(value));
  }
}

// Spec: C03, api §2.13, api §6.1/4
TEST_P(TcpClientLimits, ReportsABadSettingEvenWhileItRunsAndGoesOn) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  client.tcp().SetSocketBufferSize(0);
  ExpectRefused(client, listener.port(), "a bad setting while running");
  client.tcp().SetSocketBufferSize(64);
  EXPECT_FALSE(client.Start("127.0.0.1", listener.port()));
  EXPECT_EQ(client->GetLastError(), SE_ILLEGAL_STATE) << "settings are good, the state is not";
  EXPECT_TRUE(client->Send(Bytes("on"), 2));
  EXPECT_EQ(peer->Receive(2), "on");
}

// Spec: decisions 8.2/2, decisions 8.2/3, D11.1
TEST_P(TcpClientLimits, RunsOnThePortThatWasAskedFor) {
  if (harness::NeedsKernel("a port of it is asked for")) return;
  if (harness::CurrentVariant().port == IO_AUTO) GTEST_SKIP() << "no --port was given";
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  const std::string_view description = client->GetIoBackendDesc();
  const bool uring = harness::CurrentVariant().port == IO_URING;
  EXPECT_NE(description.find(uring ? "io_uring" : "epoll"), std::string_view::npos) << description;
}

// Spec: decisions 7.2, decisions 2.3, api §2.8/3, api §2.8/4, §4.2/6
TEST_P(TcpClientLimits, RoundsKeepAliveUpToWholeSeconds) {
  struct Case {
    uint32_t set_ms;
    int seconds;
  };
  PeerListener& listener = Listener();
  for (const Case& one :
       {Case{1, 1}, Case{1000, 1}, Case{1001, 2}, Case{32767000, 32767}, Case{kMaxLong, 32767}}) {
    ClientUnderTest& client = NewClient();
    client.tcp().SetKeepAliveTime(one.set_ms);
    client.tcp().SetKeepAliveInterval(one.set_ms);
    WithPreparedSocket(client, listener, [&](int fd) {
      EXPECT_EQ(SocketOption(fd, SOL_SOCKET, SO_KEEPALIVE), 1) << one.set_ms;
      EXPECT_EQ(SocketOption(fd, IPPROTO_TCP, TCP_KEEPIDLE), one.seconds) << one.set_ms;
      EXPECT_EQ(SocketOption(fd, IPPROTO_TCP, TCP_KEEPINTVL), one.seconds) << one.set_ms;
    });
    EXPECT_EQ(client.tcp().GetKeepAliveTime(), one.set_ms);
    EXPECT_EQ(client.tcp().GetKeepAliveInterval(), one.set_ms);
  }
}

// Spec: decisions 7.2, api §2.8/3, api §2.8/4
TEST_P(TcpClientLimits, LeavesKeepAliveOffWhenEitherTimeIsZero) {
  struct Case {
    uint32_t time;
    uint32_t interval;
  };
  PeerListener& listener = Listener();
  for (const Case& one : {Case{0, 5000}, Case{20000, 0}, Case{0, 0}}) {
    ClientUnderTest& client = NewClient();
    client.tcp().SetKeepAliveTime(one.time);
    client.tcp().SetKeepAliveInterval(one.interval);
    WithPreparedSocket(client, listener,
                       [](int fd) { EXPECT_EQ(SocketOption(fd, SOL_SOCKET, SO_KEEPALIVE), 0); });
  }
}

// Spec: decisions 8.2/11, decisions 2.3, decisions 8.7/2
TEST_P(TcpClientLimits, SetsNoDelayAsAsked) {
  PeerListener& listener = Listener();
  ClientUnderTest& quick = NewClient();
  WithPreparedSocket(quick, listener,
                     [](int fd) { EXPECT_EQ(SocketOption(fd, IPPROTO_TCP, TCP_NODELAY), 1); });
  ClientUnderTest& patient = NewClient();
  patient->SetNoDelay(false);
  WithPreparedSocket(patient, listener,
                     [](int fd) { EXPECT_EQ(SocketOption(fd, IPPROTO_TCP, TCP_NODELAY), 0); });
}

// Spec: decisions 8.2/10
TEST_P(TcpClientLimits, MissesNothingWhileItPolls) {
  harness::PeerListenOptions options;
  options.accepted.receive_buffer = 4096;
  PeerListener& listener = Listener(options);
  const std::string much = MoreThanTheKernelTakes();
  for (const uint32_t busy_poll : {1u, 50u, 1000u}) {
    SCOPED_TRACE(busy_poll);
    ClientUnderTest& client = NewClient();
    client->SetBusyPoll(busy_poll);
    client->SetGracefulTimeout(1);
    std::unique_ptr<Peer> peer = client.Connect(listener);
    for (int round = 1; round <= 20; ++round) {
      ASSERT_TRUE(peer->Send("polled"));
      ASSERT_TRUE(client.events().WaitFor(
          [&](const harness::EventLog& log) { return log.Received() == static_cast<size_t>(round) * 6; }));
      if (round % 2 == 0) harness::LetOthersGoOn();
      ASSERT_TRUE(client->Send(Bytes("woken"), 5));
      EXPECT_EQ(peer->Receive(5), "woken");
    }
    EXPECT_TRUE(client->Stop());
    peer = client.Connect(listener);
    ASSERT_TRUE(client->Send(Bytes(much), Length(much)));
    peer->HalfClose();
    EXPECT_TRUE(client->Wait(harness::kPatienceMs)) << "its peer does not read";
  }
}

}  // namespace
}  // namespace hpsocket::conformance
