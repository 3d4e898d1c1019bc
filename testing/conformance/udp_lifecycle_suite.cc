// Conformance: a UDP server's states, settings, Start, Stop, Wait and destruction.
#include <cerrno>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/udp_fixture.h"
#include "hpsocket/testing/harness/effort.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/process_probe.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::conformance {
namespace {

using harness::DatagramPeer;
using harness::Deadline;
using harness::Effort;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;
using harness::LetOthersGoOn;
using harness::Thread;

class UdpServerLifecycle : public UdpTest<harness::UdpServerFactory> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpServerLifecycle);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpServerLifecycle, ::testing::ValuesIn(harness::UdpServers()),
                         NameOfUdp<harness::UdpServerFactory>);

// Spec: api §2.1/18t, api §2.1/19t, api §2.1/21t, api §2.1/22t, api §2.1/23t, api §2.1/24t, api §2.1/27t
// Spec: api §2.4/1t, api §2.4/2t, api §2.4/3t, api §2.4/4t, api §6.1/1, decisions 3.1, decisions 8.2/1
// Spec: decisions 8.3/1, decisions 8.5/2, decisions 8.5/3, C01
TEST_P(UdpServerLifecycle, StartsOutWithTheDocumentedSettings) {
  UdpServerUnderTest server(GetParam(), true);
  EXPECT_EQ(server->GetState(), SS_STOPPED);
  EXPECT_FALSE(server->HasStarted());
  EXPECT_EQ(server->GetLastError(), SE_OK);
  EXPECT_STREQ(server->GetLastErrorDesc(), "SUCCESS");
  EXPECT_EQ(server->GetConnectionCount(), 0u);
  EXPECT_TRUE(server->Wait(-1));
  EXPECT_EQ(server.udp().GetMaxDatagramSize(), 1472u);
  EXPECT_EQ(server.udp().GetPostReceiveCount(), 300u);
  EXPECT_EQ(server.udp().GetDetectAttempts(), 3u);
  EXPECT_EQ(server.udp().GetDetectInterval(), 20u);
  EXPECT_FALSE(server.udp().IsCloseOnOversize());
  EXPECT_EQ(server.udp().GetSendBufferSize(), 0u);
  EXPECT_EQ(server.udp().GetReceiveBufferSize(), 0u);
  EXPECT_EQ(server->GetMaxConnectionCount(), 1'000'000u);
  EXPECT_EQ(server->GetSendPolicy(), SP_PACK);
  EXPECT_EQ(server->GetRecvPolicy(), RP_SERIAL);
  EXPECT_EQ(server->GetFreeSocketObjPool(), 150u);
  EXPECT_EQ(server->GetFreeSocketObjHold(), 450u);
  EXPECT_EQ(server->GetFreeBufferObjPool(), 300u);
  EXPECT_EQ(server->GetFreeBufferObjHold(), 900u);
  EXPECT_FALSE(server->IsMarkSilence());
}

// Spec: api §2.4/1t, api §2.4/2t, api §2.4/3t, api §2.4/4t, api §2.13, api §6.1/4, C02
TEST_P(UdpServerLifecycle, RefusesEachNumberBeyondItsRangeAndTakesBothEnds) {
  UdpServerUnderTest server(GetParam());
  struct Range {
    void (harness::UdpServerSubject::*set)(uint32_t);
    uint32_t low;
    uint32_t high;
    uint32_t usual;
  };
  using Subject = harness::UdpServerSubject;
  const Range ranges[] = {
      {&Subject::SetMaxDatagramSize, 1, 65535, 1472},
      {&Subject::SetPostReceiveCount, 1, 0x7fffffff, 300},
      {&Subject::SetDetectAttempts, 0, 0x7fffffff, 3},
      {&Subject::SetDetectInterval, 0, 0x7fffffff, 20},
  };
  for (const Range& range : ranges) {
    std::vector<uint32_t> bad = {range.high + 1};
    if (range.low > 0) bad.push_back(range.low - 1);
    for (const uint32_t value : bad) {
      (server.udp().*range.set)(value);
      EXPECT_FALSE(server->Start(kLoopback, 0)) << value;
      EXPECT_EQ(server->GetLastError(), SE_INVALID_PARAM);
      EXPECT_EQ(server->GetState(), SS_STOPPED);
    }
    for (const uint32_t value : {range.low, range.high}) {
      (server.udp().*range.set)(value);
      EXPECT_TRUE(server->Start(kLoopback, 0)) << value << ": " << server->GetLastErrorDetail();
      EXPECT_TRUE(server->Stop());
    }
    (server.udp().*range.set)(range.usual);
  }
  EXPECT_EQ(server.events().log().Count(EventKind::kShutdown), 8u) << "none for what was refused";
}

// Spec: §2.2.2, api §6.1/2, api §6.1/3, api §6.4, decisions 2.1, C03
TEST_P(UdpServerLifecycle, GoesFromStoppedToStartedAndBack) {
  UdpServerUnderTest server(GetParam());
  EXPECT_FALSE(server->Stop());
  EXPECT_EQ(server->GetLastError(), SE_ILLEGAL_STATE);
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(server->Start(kLoopback, 0)) << server->GetLastErrorDetail();
    EXPECT_EQ(server->GetState(), SS_STARTED);
    EXPECT_TRUE(server->HasStarted());
    EXPECT_FALSE(server->Start(kLoopback, 0));
    EXPECT_EQ(server->GetLastError(), SE_ILLEGAL_STATE);
    server.Meet();
    server.Meet();
    ASSERT_TRUE(server->Stop());
    EXPECT_EQ(server->GetState(), SS_STOPPED);
    EXPECT_EQ(server.events().running(), 0u);
    char address[64];
    int room = sizeof(address);
    uint16_t port = 0;
    EXPECT_FALSE(server->GetListenAddress(address, room, port));
  }
  const EventLog log = server.events().log();
  EXPECT_EQ(log.Count(EventKind::kClose), 6u);
  EXPECT_EQ(log.Count(EventKind::kShutdown), 3u);
  const Event& shutdown = *log.First(EventKind::kShutdown);
  EXPECT_EQ(shutdown.thread, std::this_thread::get_id());
  EXPECT_EQ(shutdown.state, SS_STOPPING);
  EXPECT_EQ(shutdown.connections, 0u);
}

// Spec: §2.2.1, api §2.2/1t, api §2.2/2t, decisions 2.3, decisions 2.6, C04
TEST_P(UdpServerLifecycle, PreparesBeforeItBindsAndFailsWhereThatFails) {
  UdpServerUnderTest server(GetParam());
  const uint16_t wanted = FreePort();
  uint16_t shown = 0;
  server.events().DoOnce(EventKind::kPrepareListen, [&](const Event& event) {
    EXPECT_EQ(event.state, SS_STARTING);
    EXPECT_EQ(harness::Environment::Current().LocalPort(event.socket), 0) << "bound already";
    EXPECT_EQ(harness::Environment::Current().GetOption(event.socket, SOL_SOCKET, SO_REUSEADDR), 0)
        << "would hide a port in use";
    shown = server.port();
  });
  server.MustStart(kLoopback, wanted);
  EXPECT_EQ(shown, wanted);
  EXPECT_EQ(server.port(), wanted);

  UdpServerUnderTest second(GetParam());
  EXPECT_FALSE(second->Start(kLoopback, wanted));
  EXPECT_EQ(second->GetLastError(), SE_SOCKET_BIND);
  EXPECT_EQ(second.events().log().Count(EventKind::kShutdown), 1u);
  UdpServerUnderTest lost(GetParam());
  EXPECT_FALSE(lost->Start("nowhere", 0));
  EXPECT_EQ(lost->GetLastError(), SE_SOCKET_BIND);
  EXPECT_EQ(lost.events().log().Count(EventKind::kShutdown), 1u);
  EXPECT_FALSE(second->Start("192.0.2.1", 0)) << "not ours";
  EXPECT_EQ(second->GetLastError(), SE_SOCKET_BIND);
  second.events().React(EventKind::kPrepareListen, [](const Event&) { return HR_ERROR; });
  EXPECT_FALSE(second->Start(kLoopback, 0));
  EXPECT_EQ(second->GetLastError(), SE_SOCKET_PREPARE);
  EXPECT_EQ(second->GetState(), SS_STOPPED);
  ASSERT_TRUE(server->Stop());
  second.events().React(EventKind::kPrepareListen, nullptr);
  EXPECT_TRUE(second->Start(kLoopback, wanted)) << "free again at once";
}

// Spec: decisions 2.4, decisions 2.5, C16
TEST_P(UdpServerLifecycle, StopsInsideEveryCallback) {
  for (const EventKind where :
       {EventKind::kAccept, EventKind::kReceive, EventKind::kSend, EventKind::kClose}) {
    SCOPED_TRACE(harness::ToString(where));
    UdpServerUnderTest server(GetParam());
    server.EchoBack();
    server.events().DoOnce(where, [&](const Event&) {
      EXPECT_FALSE(server->Wait(0));
      EXPECT_EQ(server->GetLastError(), SE_ILLEGAL_STATE);
      EXPECT_FALSE(server->Start(kLoopback, 0));
      EXPECT_TRUE(server->Stop());
      EXPECT_FALSE(server->Stop()) << "the second";
    });
    if (where == EventKind::kReceive) {
      server.events().React(EventKind::kReceive, [&](const Event&) {
        EXPECT_TRUE(server->Stop());
        return HR_OK;
      });
    }
    server.MustStart();
    auto peer = BindPeer(kLoopback);
    ASSERT_TRUE(peer->SendTo(kLoopback, server.port(), "x"));
    if (where == EventKind::kClose) {
      ASSERT_TRUE(server.events().WaitForCount(EventKind::kSend, 1));
      ASSERT_TRUE(server->DisconnectLongConnections(0));
    }
    EXPECT_TRUE(server->Wait(harness::kPatienceMs));
    EXPECT_EQ(server->GetState(), SS_STOPPED);
    EXPECT_EQ(server.events().log().Count(EventKind::kShutdown), 1u);
  }
}

// Spec: api §6.1/8, decisions 2.5
TEST_P(UdpServerLifecycle, MayBeDestroyedWhileItRuns) {
  UdpServerUnderTest server(GetParam());
  server.MustStart();
  server.Meet();
  server.Destroy();
  const EventLog log = server.events().log();
  EXPECT_EQ(log.Count(EventKind::kClose), 1u);
  EXPECT_EQ(log.Count(EventKind::kShutdown), 1u);
}

// Spec: decisions 2.8
TEST_P(UdpServerLifecycle, ContainsWhatAListenerThrows) {
  UdpServerUnderTest server(GetParam());
  server.MustStart();
  Session session = server.Meet();
  server.events().React(EventKind::kReceive,
                        [](const Event&) -> EnHandleResult { throw std::runtime_error("application"); });
  ASSERT_TRUE(session.peer->SendTo(kLoopback, server.port(), "x"));
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kError, 1));
  const Event error = *server.events().log().First(EventKind::kError);
  EXPECT_EQ(error.operation, SO_RECEIVE);
  EXPECT_EQ(error.error, ECANCELED);
  EXPECT_EQ(server.Stats().contained_exceptions, 1u);
}

class UdpServerStorm : public UdpTest<harness::UdpServerFactory> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpServerStorm);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpServerStorm, ::testing::ValuesIn(harness::UdpServers()),
                         NameOfUdp<harness::UdpServerFactory>);

// Spec: decisions 2.5, decisions 3.2, decisions 7.1
TEST_P(UdpServerStorm, StopsAtAnyMomentUnderTraffic) {
  {
    UdpServerUnderTest warm(GetParam());  // what is made once per process exists from here on
    warm.MustStart();
  }
  const std::set<int> descriptors = harness::OpenDescriptors();
  for (int round = 0; round < Effort("HPSOCKET_STORMS", 50); ++round) {
    UdpServerUnderTest server(GetParam());
    server.EchoBack();
    server.MustStart();
    const uint16_t port = server.port();
    std::vector<std::unique_ptr<DatagramPeer>> peers;
    for (int i = 0; i < 10; ++i) peers.push_back(BindPeer(kLoopback));
    Gate done;
    Thread traffic([&] {
      for (int i = 0; !done.is_open(); ++i)
        peers[static_cast<size_t>(i) % peers.size()]->SendTo(kLoopback, port,
                                                             std::string(static_cast<size_t>(i % 3), 'x'));
    });
    Thread closer([&] {
      while (!done.is_open()) {
        server->DisconnectLongConnections(1);
        LetOthersGoOn();
      }
    });
    EXPECT_TRUE(server.events().WaitForCount(EventKind::kReceive, static_cast<size_t>(round % 20)));
    EXPECT_TRUE(server->Stop());
    done.Open();
    traffic.Join();
    closer.Join();
    EXPECT_EQ(server->GetConnectionCount(), 0u);
    EXPECT_EQ(server.Stats().pending_bytes, 0u);
  }
  EXPECT_EQ(harness::OpenDescriptors(), descriptors);
}

}  // namespace
}  // namespace hpsocket::conformance
