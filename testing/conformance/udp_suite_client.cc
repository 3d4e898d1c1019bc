// Conformance: UDP clients.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/udp_fixture.h"
#include "hpsocket/testing/harness/effort.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"
#include "hpsocket/testing/harness/process_probe.h"

namespace hpsocket::conformance {
namespace {

using harness::DatagramPeer;
using harness::Deadline;
using harness::Effort;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::RunUntil;

class UdpClientSuite : public UdpTest<harness::UdpClientFactory> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpClientSuite);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpClientSuite, ::testing::ValuesIn(harness::UdpClients()),
                         NameOfUdp<harness::UdpClientFactory>);

// Spec: api §2.7/2t, api §2.7/7t, api §2.7/8t, api §2.7/11t, api §2.7/12t, api §2.9/1, api §2.9/2
// Spec: api §2.9/3, api §2.13, api §6.1/1, C01, C02, C03
TEST_P(UdpClientSuite, HasTheDocumentedSettingsAndTheirRanges) {
  UdpClientUnderTest client(GetParam(), true);
  EXPECT_EQ(client->GetState(), SS_STOPPED);
  EXPECT_EQ(client->GetConnectionID(), 0u);
  EXPECT_EQ(client.udp().GetMaxDatagramSize(), 1472u);
  EXPECT_EQ(client.udp().GetDetectAttempts(), 3u);
  EXPECT_EQ(client.udp().GetDetectInterval(), 20u);
  EXPECT_EQ(client->GetFreeBufferPoolSize(), 10u);
  EXPECT_EQ(client->GetFreeBufferPoolHold(), 30u);
  EXPECT_FALSE(client->Stop());
  EXPECT_EQ(client->GetLastError(), SE_ILLEGAL_STATE);
  client.udp().SetMaxDatagramSize(0);
  EXPECT_FALSE(client.Start(kLoopback, 1));
  EXPECT_EQ(client->GetLastError(), SE_INVALID_PARAM);
  client.udp().SetMaxDatagramSize(1472);
  client.udp().SetDetectInterval(0x80000000u);
  EXPECT_FALSE(client.Start(kLoopback, 1));
  EXPECT_EQ(client->GetLastError(), SE_INVALID_PARAM);
  client.udp().SetDetectInterval(20);
  client.udp().SetDetectAttempts(0x80000000u);
  EXPECT_FALSE(client.Start(kLoopback, 1));
  EXPECT_EQ(client->GetLastError(), SE_INVALID_PARAM);
  EXPECT_FALSE(client.Send("x"));
  EXPECT_EQ(errno, EPERM);
  EXPECT_EQ(client->GetLastError(), SE_ILLEGAL_STATE);
}

// Spec: §2.4.1, §2.4.2, api §6.2/9t, api §6.11/1, api §6.12/9, api §6.12/11, decisions 3.5, decisions 5.4
// Spec: decisions 5.8, C18, C21
TEST_P(UdpClientSuite, TalksToOneServerStartedEitherWay) {
  for (const char* const remote : {"127.0.0.1", "localhost"}) {
    for (const bool async : {false, true}) {
      SCOPED_TRACE(std::string(remote) + (async ? ", asynchronous" : ""));
      auto server = BindPeer(kLoopback);
      auto stranger = BindPeer(kLoopback);
      UdpClientUnderTest client(GetParam());
      client.events().Do(EventKind::kConnect, [&](const Event&) {
        EXPECT_EQ(client->GetState(), SS_STARTING);
        EXPECT_NE(client->GetConnectionID(), 0u);
      });
      ASSERT_TRUE(client.Start(remote, server->port(), async)) << client->GetLastErrorDetail();
      ASSERT_TRUE(client.events().WaitForCount(EventKind::kConnect, 1));
      ASSERT_TRUE(RunUntil([&] { return client->GetState() == SS_STARTED; }));
      EXPECT_EQ(server->Receive(Deadline::Patient()), "") << "the handshake";
      char address[64];
      int room = sizeof(address);
      uint16_t port = 0;
      ASSERT_TRUE(client->GetLocalAddress(address, room, port));
      EXPECT_EQ(port, server->last_source_port());
      ASSERT_TRUE(stranger->SendTo(kLoopback, port, "not for you"));
      ASSERT_TRUE(client.Send("ping"));
      EXPECT_EQ(server->ReceiveData(Deadline::Patient()), "ping");
      ASSERT_TRUE(server->SendTo(kLoopback, port, ""));
      ASSERT_TRUE(server->SendTo(kLoopback, port, "pong"));
      ASSERT_TRUE(client.Hears("pong"));
      EXPECT_EQ(client.events().log().Count(EventKind::kReceive), 1u) << "no stranger's, no empty one";
      ASSERT_TRUE(client.events().WaitForCount(EventKind::kSend, 1));
      ASSERT_TRUE(client->Stop());
      const EventLog log = client.events().log();
      const bool on_caller = log.First(EventKind::kConnect)->thread == std::this_thread::get_id();
      EXPECT_EQ(on_caller, !async);
      EXPECT_NE(log.First(EventKind::kReceive)->thread, std::this_thread::get_id());
      EXPECT_EQ(log.First(EventKind::kClose)->thread, std::this_thread::get_id());
      EXPECT_EQ(client->GetState(), SS_STOPPED);
    }
  }
}

// Spec: decisions 5.1
TEST_P(UdpClientSuite, TalksOverIPv6) {
  for (const bool async : {false, true}) {
    SCOPED_TRACE(async ? "asynchronous" : "synchronous");
    const auto server = BindPeer("::1");
    ASSERT_NE(server, nullptr);
    const auto stranger = BindPeer("::1");
    UdpClientUnderTest client(GetParam());
    ASSERT_TRUE(client.Start("::1", server->port(), async)) << client->GetLastErrorDetail();
    ASSERT_TRUE(RunUntil([&] { return client->GetState() == SS_STARTED; }));
    EXPECT_EQ(server->Receive(Deadline::Patient()), "") << "the handshake";
    char address[64];
    int room = sizeof(address);
    uint16_t port = 0;
    ASSERT_TRUE(client->GetLocalAddress(address, room, port));
    EXPECT_STREQ(address, "::1");
    EXPECT_EQ(port, server->last_source_port());
    ASSERT_TRUE(stranger->SendTo("::1", port, "not for you"));
    ASSERT_TRUE(client.Send("ping"));
    EXPECT_EQ(server->ReceiveData(Deadline::Patient()), "ping");
    ASSERT_TRUE(server->SendTo("::1", port, "pong"));
    ASSERT_TRUE(client.Hears("pong"));
    EXPECT_EQ(client.events().log().Count(EventKind::kReceive), 1u);
    ASSERT_TRUE(client.events().WaitForCount(EventKind::kSend, 1));
    ASSERT_TRUE(client->Stop());
  }
}

// A listener may bind the socket in OnPrepareConnect; from then on everybody reaches it.
// Spec: api §6.12/9, decisions 6.3
TEST_P(UdpClientSuite, DropsWhatStrangersSentBeforeItWasConnected) {
  if (harness::NeedsKernel("binds a descriptor")) return;
  for (const bool async : {false, true}) {
    SCOPED_TRACE(async ? "asynchronous" : "synchronous");
    const auto server = BindPeer(kLoopback);
    const auto stranger = BindPeer(kLoopback);
    UdpClientUnderTest client(GetParam());
    client.udp().SetCloseOnOversize(true);
    client.events().Do(EventKind::kPrepareConnect, [&](const Event& event) {
      sockaddr_in own{};
      own.sin_family = AF_INET;
      own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      ASSERT_EQ(bind(event.socket, reinterpret_cast<const sockaddr*>(&own), sizeof(own)), 0);
      const uint16_t port = harness::Environment::Current().LocalPort(event.socket);
      ASSERT_TRUE(stranger->SendTo(kLoopback, port, "not for you"));
      ASSERT_TRUE(stranger->SendTo(kLoopback, port, std::string(2000, 'x')));
      ASSERT_TRUE(server->SendTo(kLoopback, port, "early"));
    });
    ASSERT_TRUE(client.Start(kLoopback, server->port(), async)) << client->GetLastErrorDetail();
    EXPECT_TRUE(client.Hears("early"));
    const EventLog log = client.events().log();
    EXPECT_EQ(log.Received(client->GetConnectionID()), "early");
    EXPECT_EQ(log.CountEnds(), 0u);
    EXPECT_EQ(client.Stats().oversize_datagrams, 0u);
  }
}

// The server's datagrams come from the address that the wildcard stands for.
// Spec: api §6.12/9, decisions 5.1
TEST_P(UdpClientSuite, ReachesThisHostByAWildcard) {
  for (const char* const wildcard : {"0.0.0.0", "::"}) {
    SCOPED_TRACE(wildcard);
    const auto server = BindPeer(wildcard[0] == ':' ? "::1" : kLoopback);
    UdpClientUnderTest client(GetParam());
    ASSERT_TRUE(client.Start(wildcard, server->port())) << client->GetLastErrorDetail();
    ASSERT_TRUE(client.Send("ping"));
    ASSERT_EQ(server->ReceiveData(Deadline::Patient()), "ping");
    ASSERT_TRUE(server->SendTo(wildcard[0] == ':' ? "::1" : kLoopback, server->last_source_port(), "pong"));
    EXPECT_TRUE(client.Hears("pong"));
  }
}

// Spec: api §6.11/3, decisions 5.9, C18
TEST_P(UdpClientSuite, ReportsStartsThatCannotBe) {
  UdpClientUnderTest client(GetParam());
  for (const char* const nobody : {static_cast<const char*>(nullptr), "", "no.such.name.invalid"}) {
    EXPECT_FALSE(client.Start(nobody, 1));
    EXPECT_EQ(client->GetLastError(), SE_CONNECT_SERVER);
    EXPECT_EQ(errno, EADDRNOTAVAIL);
    EXPECT_EQ(client->GetState(), SS_STOPPED);
  }
  ASSERT_TRUE(client.Start("no.such.name.invalid", 1, true));
  ASSERT_TRUE(client.events().WaitForCount(EventKind::kError, 1));
  EXPECT_EQ(client.events().log().First(EventKind::kError)->operation, SO_CONNECT);
  EXPECT_EQ(client.events().log().First(EventKind::kError)->error, EADDRNOTAVAIL);
  EXPECT_TRUE(client->Wait(harness::kPatienceMs));
}

// Spec: §1.4, api §3.2/3, api §3.2/8, api §3.2/12, api §3.2/13, decisions 2.3, decisions 5.10
TEST_P(UdpClientSuite, EndsAsItsListenerSays) {
  auto server = BindPeer(kLoopback);
  {
    UdpClientUnderTest client(GetParam());
    client.events().React(EventKind::kPrepareConnect, [](const Event&) { return HR_ERROR; });
    EXPECT_FALSE(client.Start(kLoopback, server->port()));
    EXPECT_EQ(client->GetLastError(), SE_SOCKET_PREPARE);
    EXPECT_EQ(errno, ECANCELED);
  }
  {
    UdpClientUnderTest client(GetParam());
    client.events().React(EventKind::kPrepareConnect, [](const Event&) { return HR_ERROR; });
    ASSERT_TRUE(client.Start("localhost", server->port(), true)) << "a name: asked when it is resolved";
    ASSERT_TRUE(client.events().WaitForCount(EventKind::kError, 1));
    const EventLog log = client.events().log();
    EXPECT_EQ(log.Count(EventKind::kPrepareConnect), 1u) << "no further address";
    EXPECT_EQ(log.First(EventKind::kError)->operation, SO_CONNECT);
    EXPECT_EQ(log.First(EventKind::kError)->error, ECANCELED);
  }
  {
    UdpClientUnderTest client(GetParam());
    client.events().React(EventKind::kConnect, [](const Event&) { return HR_ERROR; });
    EXPECT_FALSE(client.Start(kLoopback, server->port()));
    EXPECT_EQ(client->GetLastError(), SE_CONNECT_SERVER);
    EXPECT_EQ(client.events().log().CountEnds(), 0u);
  }
  {
    UdpClientUnderTest client(GetParam());
    client.events().React(EventKind::kConnect, [](const Event&) { return HR_ERROR; });
    ASSERT_TRUE(client.Start(kLoopback, server->port(), true));
    ASSERT_TRUE(client.events().WaitForCount(EventKind::kError, 1));
    EXPECT_EQ(client.events().log().First(EventKind::kError)->error, ECANCELED);
    EXPECT_TRUE(client->Wait(harness::kPatienceMs));
  }
  {
    UdpClientUnderTest client(GetParam());
    client.events().React(EventKind::kReceive, [](const Event&) { return HR_ERROR; });
    ASSERT_TRUE(client.Start(kLoopback, server->port()));
    while (server->Receive(Deadline::Patient()) != "") {
    }
    ASSERT_TRUE(server->SendTo(kLoopback, server->last_source_port(), "x"));
    ASSERT_TRUE(client.events().WaitForCount(EventKind::kError, 1));
    EXPECT_EQ(client.events().log().First(EventKind::kError)->operation, SO_RECEIVE);
    EXPECT_TRUE(client->Wait(harness::kPatienceMs));
    EXPECT_EQ(client->GetLastError(), SE_DATA_PROC);
  }
}

// Spec: api §6.2/10t, api §6.12/10, §4.2/6, decisions 6.1, decisions 6.4, fault 24, C21
TEST_P(UdpClientSuite, FindsOutByDetectionThatNobodyIsThere) {
  UdpClientUnderTest client(GetParam());
  client.udp().SetDetectAttempts(1);
  client.udp().SetDetectInterval(1);
  ASSERT_TRUE(client.Start(kLoopback, FreePort())) << "nobody need listen";
  // Refusals come back for these, and are ignored.
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(client.Send("is anybody there"));
  ASSERT_TRUE(client.events().WaitForCount(EventKind::kError, 1));
  const Event error = *client.events().log().First(EventKind::kError);
  EXPECT_EQ(error.operation, SO_CONNECT);
  EXPECT_EQ(error.error, ECONNRESET);
  EXPECT_TRUE(client->Wait(harness::kPatienceMs));
  EXPECT_FALSE(client->Stop());
}

// Spec: api §6.12/13, §4.2/7
TEST_P(UdpClientSuite, TalksToForeignProgramsWithoutDetection) {
  auto server = BindPeer(kLoopback);
  UdpClientUnderTest client(GetParam());
  client.udp().SetDetectAttempts(0);
  ASSERT_TRUE(client.Start(kLoopback, server->port()));
  EXPECT_EQ(server->Receive(Deadline::Patient()), "") << "one goes all the same";
  ASSERT_TRUE(client.Send("x"));
  EXPECT_EQ(server->ReceiveData(Deadline::Patient()), "x");
  EXPECT_EQ(client->GetState(), SS_STARTED);
}

// Spec: api §6.12/12, decisions 6.3, decisions 8.5/2
TEST_P(UdpClientSuite, CountsOversizeDatagramsOrEndsByOne) {
  for (const bool ends : {false, true}) {
    auto server = BindPeer(kLoopback);
    UdpClientUnderTest client(GetParam());
    client.udp().SetMaxDatagramSize(100);
    client.udp().SetCloseOnOversize(ends);
    ASSERT_TRUE(client.Start(kLoopback, server->port()));
    ASSERT_EQ(server->Receive(Deadline::Patient()), "");
    const uint16_t port = server->last_source_port();
    ASSERT_TRUE(server->SendTo(kLoopback, port, std::string(101, 'x')));
    if (ends) {
      ASSERT_TRUE(client.events().WaitForCount(EventKind::kError, 1));
      EXPECT_EQ(client.events().log().First(EventKind::kError)->error, EMSGSIZE);
      EXPECT_TRUE(client->Wait(harness::kPatienceMs));
    } else {
      ASSERT_TRUE(server->SendTo(kLoopback, port, "fits"));
      EXPECT_TRUE(client.Hears("fits"));
      EXPECT_EQ(client.Stats().oversize_datagrams, 1u);
    }
  }
}

// Spec: api §6.6, decisions 4.6
TEST_P(UdpClientSuite, RefusesWhatIsNoDatagram) {
  auto server = BindPeer(kLoopback);
  UdpClientUnderTest client(GetParam());
  client.udp().SetMaxDatagramSize(10);
  ASSERT_TRUE(client.Start(kLoopback, server->port()));
  EXPECT_FALSE(client->Send(BytesOf("x"), 0));
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(client->GetLastError(), SE_INVALID_PARAM);
  EXPECT_FALSE(client.Send("eleven char"));
  EXPECT_EQ(errno, EMSGSIZE);
  EXPECT_EQ(client->GetLastError(), SE_INVALID_PARAM);
  EXPECT_FALSE(client->PauseReceive());
  EXPECT_EQ(errno, EPERM);
}

// Spec: decisions 2.4, decisions 2.5, decisions 2.7
TEST_P(UdpClientSuite, StopsInsideEveryCallbackAndAtAnyMoment) {
  auto server = BindPeer(kLoopback);
  for (const EventKind where : {EventKind::kPrepareConnect, EventKind::kConnect, EventKind::kSend}) {
    for (const bool async : {false, true}) {
      SCOPED_TRACE(std::string(harness::ToString(where)) + (async ? ", asynchronous" : ""));
      UdpClientUnderTest client(GetParam());
      client.events().DoOnce(where, [&](const Event&) { EXPECT_TRUE(client->Stop()); });
      const bool started = client.Start(kLoopback, server->port(), async);
      // Once it is connected, unless it has been stopped by then.
      RunUntil([&] { return !started || client.Send("x") || !client->HasStarted(); });
      if (started && where == EventKind::kConnect) {
        EXPECT_TRUE(async);
      }
      EXPECT_TRUE(client->Wait(harness::kPatienceMs));
      EXPECT_EQ(client->GetState(), SS_STOPPED);
      EXPECT_EQ(client.events().log().CountEnds(), started ? 1u : 0u);
    }
  }
  const std::set<int> descriptors = harness::OpenDescriptors();
  for (int i = 0; i < Effort("HPSOCKET_RESTARTS", 200); ++i) {
    UdpClientUnderTest client(GetParam());
    // A literal lets Stop come while the worker is still in its first round.
    ASSERT_TRUE(client.Start(i % 4 < 2 ? kLoopback : "localhost", server->port(), i % 2 == 0));
    if (i % 3 == 0) client.Send("x");
    ASSERT_TRUE(client->Stop());
    EXPECT_EQ(client.events().log().CountEnds(), 1u);
  }
  EXPECT_EQ(harness::OpenDescriptors(), descriptors);
}

}  // namespace
}  // namespace hpsocket::conformance
