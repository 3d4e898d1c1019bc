// Conformance: how a TCP client connects, synchronously and asynchronously, and what each way of not
// connecting gives.
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/client_fixture.h"
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
using harness::Peer;
using harness::PeerListener;
using harness::RunUntil;
using harness::StreamEnd;

// A name under a top level that never exists.
constexpr char kNobody[] = "nobody.invalid";

class TcpClientConnect : public ClientTest {
 protected:
  // Start is FALSE with these, and nothing but `events` events came, ever.
  void ExpectStartFails(ClientUnderTest& client, const char* address, uint16_t port, bool async,
                        EnSocketError code, int error, size_t events) {
    errno = 0;
    EXPECT_FALSE(client.Start(address, port, async));
    EXPECT_EQ(errno, error);
    EXPECT_EQ(client->GetLastError(), code) << client->GetLastErrorDesc();
    EXPECT_EQ(client->GetState(), SS_STOPPED);
    EXPECT_FALSE(client->HasStarted());
    EXPECT_TRUE(client->Wait(harness::kPatienceMs));
    EXPECT_EQ(client.events().size(), events);
  }
  // An asynchronous Start is TRUE and ends in this OnError.
  void ExpectConnectFailsLater(ClientUnderTest& client, const char* address, uint16_t port, int error,
                               std::vector<EventKind> events) {
    ASSERT_TRUE(client.Start(address, port, true)) << client->GetLastErrorDetail();
    ASSERT_TRUE(client.events().WaitForCount(EventKind::kError, 1));
    ASSERT_TRUE(client->Wait(harness::kPatienceMs)) << "it stops by itself";
    EXPECT_EQ(client->GetState(), SS_STOPPED);
    const EventLog log = client.events().log();
    EXPECT_EQ(log.Milestones(client->GetConnectionID()), events);
    EXPECT_EQ(log.First(EventKind::kError)->operation, SO_CONNECT);
    EXPECT_EQ(log.First(EventKind::kError)->error, error);
    EXPECT_NE(log.First(EventKind::kError)->thread, std::this_thread::get_id())
        << "on the client's own thread";
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientConnect);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientConnect, ::testing::ValuesIn(harness::TcpClients()),
                         ClientName);

// Spec: §2.1.4, §2.4.2, api §6.11/1, api §6.2/7t, api §6.2/8t, decisions 3.5, C18, api §2.7/1t, api §2.7/6t
// Spec: decisions 5.8
TEST_P(TcpClientConnect, ConnectsSynchronouslyOnTheCaller) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  EXPECT_EQ(client->GetConnectionID(), 0u);
  ASSERT_TRUE(client.Start("127.0.0.1", listener.port()));
  EXPECT_EQ(client->GetState(), SS_STARTED);
  EXPECT_TRUE(client->HasStarted());
  EXPECT_EQ(client->GetLastError(), SE_OK);
  const EventLog log = client.events().log();
  ASSERT_EQ(log.size(), 2u) << "both came before Start returned";
  EXPECT_EQ(log.events()[0].kind, EventKind::kPrepareConnect);
  EXPECT_EQ(log.events()[1].kind, EventKind::kConnect);
  for (const Event& event : log.events()) {
    EXPECT_EQ(event.thread, std::this_thread::get_id());
    EXPECT_EQ(event.state, SS_STARTING);
    EXPECT_EQ(event.id, client->GetConnectionID());
    EXPECT_NE(event.id, 0u);
  }
  EXPECT_NE(listener.Accept(), nullptr);
}

// Spec: §2.1.4, api §6.11/1, api §6.2/8t, decisions 5.8, decisions 3.5, C18, api §2.7/1t, api §2.7/6t
TEST_P(TcpClientConnect, ConnectsAsynchronouslyOnItsOwnThread) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  Gate gate;
  client.events().DoOnce(EventKind::kConnect, [&](const Event&) { EXPECT_TRUE(gate.Pass()); });
  ASSERT_TRUE(client.Start("127.0.0.1", listener.port(), true));
  EXPECT_EQ(client->GetState(), SS_STARTING);
  EXPECT_TRUE(client->HasStarted());
  ASSERT_TRUE(
      client.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kConnect) == 1; }));
  EXPECT_EQ(client->GetState(), SS_STARTING) << "until OnConnect has returned";
  gate.Open();
  EXPECT_TRUE(RunUntil([&] { return client->GetState() == SS_STARTED; }));
  const EventLog log = client.events().log();
  EXPECT_EQ(log.First(EventKind::kPrepareConnect)->thread, std::this_thread::get_id())
      << "an address, not a name";
  EXPECT_EQ(log.First(EventKind::kPrepareConnect)->state, SS_STARTING);
  EXPECT_NE(log.First(EventKind::kConnect)->thread, std::this_thread::get_id());
  EXPECT_EQ(log.First(EventKind::kConnect)->state, SS_STARTING);
  const std::unique_ptr<Peer> peer = listener.Accept();
  ASSERT_NE(peer, nullptr);
  ASSERT_TRUE(peer->Send("x"));
  ASSERT_TRUE(client.events().WaitForCount(EventKind::kReceive, 1));
  EXPECT_EQ(client.events().log().First(EventKind::kReceive)->thread, log.First(EventKind::kConnect)->thread);
}

// Spec: §2.1.4, api §6.11/2, C18, fault 18, decisions 5.13
TEST_P(TcpClientConnect, ReportsARefusedConnection) {
  ClientUnderTest& sync = NewClient();
  ExpectStartFails(sync, "127.0.0.1", RefusingPort(), false, SE_CONNECT_SERVER, ECONNREFUSED, 1);
  EXPECT_EQ(sync.events().log().events()[0].kind, EventKind::kPrepareConnect);
  EXPECT_STREQ(sync->GetLastErrorDesc(), "Connect to Server Fail");
  EXPECT_FALSE(sync->Stop());
  EXPECT_EQ(sync->GetLastError(), SE_ILLEGAL_STATE);

  ClientUnderTest& async = NewClient();
  ExpectConnectFailsLater(async, "127.0.0.1", RefusingPort(), ECONNREFUSED,
                          {EventKind::kPrepareConnect, EventKind::kError});
  EXPECT_EQ(async->GetLastError(), SE_NETWORK);
  EXPECT_FALSE(async->Stop());
}

// Spec: api §6.11/3, decisions 5.9, C18, input 6, input 7
TEST_P(TcpClientConnect, ReportsAnAddressThatCannotBeResolved) {
  for (const char* const address : {kNobody, "256.0.0.1", "not an address", ""}) {
    SCOPED_TRACE(address);
    ClientUnderTest& sync = NewClient();
    ExpectStartFails(sync, address, 1, false, SE_CONNECT_SERVER, EADDRNOTAVAIL, 0);
  }
  for (const char* const address : {kNobody, "256.0.0.1"}) {
    SCOPED_TRACE(address);
    ClientUnderTest& async = NewClient();
    ExpectConnectFailsLater(async, address, 1, EADDRNOTAVAIL, {EventKind::kError});
    EXPECT_EQ(async->GetLastError(), SE_NETWORK);
  }
}

// Spec: api §6.11/3, input 7
TEST_P(TcpClientConnect, ReportsANullAddress) {
  for (const bool async : {false, true}) {
    ClientUnderTest& client = NewClient();
    ExpectStartFails(client, nullptr, 1, async, SE_CONNECT_SERVER, EADDRNOTAVAIL, 0);
  }
}

// Spec: decisions 5.4, decisions 5.8, decisions 5.11
TEST_P(TcpClientConnect, ConnectsToAName) {
  PeerListener& listener = Listener();  // on 127.0.0.1 only: ::1, if it is tried first, refuses
  for (const bool async : {false, true}) {
    SCOPED_TRACE(async);
    ClientUnderTest& client = NewClient();
    ASSERT_TRUE(client.Start("localhost", listener.port(), async)) << client->GetLastErrorDetail();
    ASSERT_TRUE(client.events().WaitForCount(EventKind::kConnect, 1));
    const std::unique_ptr<Peer> peer = listener.Accept();
    ASSERT_NE(peer, nullptr);
    EXPECT_EQ(client.LocalName().address, "127.0.0.1");
    EXPECT_EQ(client.LocalName().port, peer->remote_port());
    const EventLog log = client.events().log();
    EXPECT_GE(log.Count(EventKind::kPrepareConnect), 1u);
    EXPECT_EQ(log.Count(EventKind::kError), 0u) << "a failed address is reported only if it was the last";
    const std::thread::id thread = log.First(EventKind::kPrepareConnect)->thread;
    EXPECT_EQ(thread == std::this_thread::get_id(), !async);
    EXPECT_EQ(log.First(EventKind::kConnect)->thread, thread);
  }
}

// Spec: decisions 5.7, decisions 5.11, api §6.9/1
TEST_P(TcpClientConnect, PreparesASocketForEachAddressOfAName) {
  ClientUnderTest& client = NewClient();
  // Nobody listens on any of localhost's addresses: each is tried, the last one's failure is told.
  const uint16_t port = RefusingPort();
  EXPECT_FALSE(client.Start("localhost", port));
  EXPECT_EQ(errno, ECONNREFUSED);
  EXPECT_EQ(client->GetLastError(), SE_CONNECT_SERVER);
  const EventLog log = client.events().log();
  EXPECT_GE(log.Count(EventKind::kPrepareConnect), 1u);
  EXPECT_EQ(log.size(), log.Count(EventKind::kPrepareConnect)) << "nothing else";
  for (const Event& event : log.events())
    EXPECT_EQ(event.id, client->GetConnectionID()) << "one ID for all of them";
}

// Spec: decisions 5.1
TEST_P(TcpClientConnect, ConnectsOverIpv6) {
  harness::PeerListenOptions options;
  options.address = "::1";
  const std::unique_ptr<PeerListener> listener = Environment::Current().Listen(options);
  if (listener == nullptr) GTEST_SKIP() << "this network has no IPv6 loopback";
  ClientUnderTest& client = NewClient();
  ASSERT_TRUE(client.Start("::1", listener->port())) << client->GetLastErrorDetail();
  const std::unique_ptr<Peer> peer = listener->Accept();
  ASSERT_NE(peer, nullptr);
  EXPECT_EQ(client.LocalName().address, "::1");
  EXPECT_TRUE(client->Send(Bytes("six"), 3));
  EXPECT_EQ(peer->Receive(3), "six");
}

// Spec: §2.1.4, decisions 2.3, decisions 5.7, api §2.7/8t, decisions 8.7/2
TEST_P(TcpClientConnect, PreparesASocketThatIsNeitherBoundNorConnected) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  client.events().Do(EventKind::kPrepareConnect, [&](const Event& event) {
    EXPECT_EQ(event.id, client->GetConnectionID());
    EXPECT_EQ(Environment::Current().LocalPort(event.socket), 0);
    EXPECT_EQ(Environment::Current().PeerPort(event.socket), 0);
    EXPECT_TRUE(Environment::Current().SetOption(event.socket, SOL_SOCKET, SO_RCVBUF, 65536));
  });
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  EXPECT_EQ(client.LocalName().port, peer->remote_port());
}

// Spec: api §3.2/8, decisions 5.10, decisions 2.8, fault 15, input 15
TEST_P(TcpClientConnect, FailsWhenOnPrepareConnectRefuses) {
  PeerListener& listener = Listener();
  for (const bool by_exception : {false, true}) {
    for (const bool async : {false, true}) {  // an address: both are refused inside Start
      ClientUnderTest& client = NewClient();
      client.events().React(EventKind::kPrepareConnect, [by_exception](const Event&) -> EnHandleResult {
        if (by_exception) throw std::runtime_error("thrown by a test");
        return HR_ERROR;
      });
      ExpectStartFails(client, "127.0.0.1", listener.port(), async, SE_SOCKET_PREPARE, ECANCELED, 1);
      client.events().React(EventKind::kPrepareConnect, nullptr);
      EXPECT_NE(client.Connect(listener), nullptr) << "it can be started again";
    }
  }
}

// Spec: decisions 5.10
TEST_P(TcpClientConnect, ReportsItLaterWhenOnPrepareConnectRefusesAName) {
  PeerListener& listener = Listener();
  ClientUnderTest& sync = NewClient();
  sync.events().React(EventKind::kPrepareConnect, [](const Event&) { return HR_ERROR; });
  ExpectStartFails(sync, "localhost", listener.port(), false, SE_SOCKET_PREPARE, ECANCELED, 1);
  ClientUnderTest& async = NewClient();
  async.events().React(EventKind::kPrepareConnect, [](const Event&) { return HR_ERROR; });
  ExpectConnectFailsLater(async, "localhost", listener.port(), ECANCELED,
                          {EventKind::kPrepareConnect, EventKind::kError});
}

// Spec: api §3.2/12, api §3.2/13, api §6.3/2, decisions 2.8, fault 15, input 15
TEST_P(TcpClientConnect, FailsWhenOnConnectRefuses) {
  PeerListener& listener = Listener();
  for (const bool by_exception : {false, true}) {
    const auto refuse = [by_exception](const Event&) -> EnHandleResult {
      if (by_exception) throw std::runtime_error("thrown by a test");
      return HR_ERROR;
    };
    ClientUnderTest& sync = NewClient();
    sync.events().React(EventKind::kConnect, refuse);
    ExpectStartFails(sync, "127.0.0.1", listener.port(), false, SE_CONNECT_SERVER, ECANCELED, 2);
    const std::unique_ptr<Peer> peer = listener.Accept();
    ASSERT_NE(peer, nullptr);
    EXPECT_NE(peer->AwaitEnd(), StreamEnd::kOpen) << "dropped";

    ClientUnderTest& async = NewClient();
    async.events().React(EventKind::kConnect, refuse);
    ExpectConnectFailsLater(async, "127.0.0.1", listener.port(), ECANCELED,
                            {EventKind::kPrepareConnect, EventKind::kConnect, EventKind::kError});
    EXPECT_EQ(async->GetLastError(), SE_NETWORK);
    const std::unique_ptr<Peer> second = listener.Accept();
    ASSERT_NE(second, nullptr);
    EXPECT_NE(second->AwaitEnd(), StreamEnd::kOpen) << "dropped";
  }
}

// Spec: decisions 5.12, api §6.11/2, fault 18, decisions 8.5/1
TEST_P(TcpClientConnect, GivesUpASynchronousConnectInTime) {
  ClientUnderTest& client = NewClient();
  client->SetSyncConnectTimeout(1);
  EXPECT_EQ(client->GetSyncConnectTimeout(), 1u);
  ExpectStartFails(client, "127.0.0.1", SilentListener().port(), false, SE_CONNECT_SERVER, ETIMEDOUT, 1);
}

// Spec: decisions 2.5, C18, fault 18, decisions 5.13
TEST_P(TcpClientConnect, StopsASynchronousStartOfAnotherThread) {
  PeerListener& silent = SilentListener();
  ClientUnderTest& client = NewClient();
  int error = 0;
  Later<bool> start = Async([&] {
    const bool started = client.Start("127.0.0.1", silent.port());
    error = errno;
    return started;
  });
  ASSERT_TRUE(client.events().WaitForCount(EventKind::kPrepareConnect, 1));
  EXPECT_EQ(client->GetState(), SS_STARTING);
  EXPECT_TRUE(client->Stop());
  EXPECT_FALSE(start.Get());
  EXPECT_EQ(error, ECANCELED);
  EXPECT_EQ(client->GetState(), SS_STOPPED);
  EXPECT_EQ(client.events().size(), 1u) << "FALSE is never followed by an event";
  EXPECT_NE(client.Connect(Listener()), nullptr) << "it can be started again";
}

// Spec: §2.4.2, decisions 2.7, api §6.4, C18, fault 18, decisions 5.13
TEST_P(TcpClientConnect, GetsOnCloseWhenItIsStoppedWhileConnecting) {
  ClientUnderTest& client = NewClient();
  ASSERT_TRUE(client.Start("127.0.0.1", SilentListener().port(), true));
  EXPECT_EQ(client->GetState(), SS_STARTING);
  EXPECT_TRUE(client->Stop());
  EXPECT_EQ(client->GetState(), SS_STOPPED);
  const EventLog log = client.events().log();
  EXPECT_EQ(log.Milestones(client->GetConnectionID()),
            (std::vector<EventKind>{EventKind::kPrepareConnect, EventKind::kClose}));
  EXPECT_EQ(log.Last()->thread, std::this_thread::get_id()) << "on the caller of Stop";
}

// Spec: decisions 2.5, decisions 2.7, decisions 5.13, fault 13, fault 18
TEST_P(TcpClientConnect, CanBeStoppedAtAnyMomentOfAnAsynchronousStart) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  for (int round = 0; round < 300; ++round) {
    const char* const address = round % 2 == 0 ? "127.0.0.1" : "localhost";
    ASSERT_TRUE(client.Start(address, listener.port(), true));
    if (round % 5 == 0) {
      ASSERT_TRUE(client.events().WaitFor([&](const EventLog& log) {
        return log.Count(EventKind::kConnect, client->GetConnectionID()) == 1;
      }));
    } else if (round % 5 == 1) {
      harness::LetOthersGoOn();
    }
    EXPECT_TRUE(client->Stop());
    EXPECT_EQ(client->GetState(), SS_STOPPED);
    EXPECT_EQ(client.events().log().Count(EventKind::kClose, client->GetConnectionID()), 1u);
  }
}

// Spec: §4.2/5, api §6.1/9, api §6.11/4, decisions 2.5
TEST_P(TcpClientConnect, ReconnectsAHundredTimes) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  CONNID last = 0;
  for (int round = 0; round < 100; ++round) {
    const std::unique_ptr<Peer> peer = client.Connect(listener, round % 2 == 1);
    EXPECT_GT(client->GetConnectionID(), last);
    last = client->GetConnectionID();
    ASSERT_TRUE(client->Send(Bytes("hi"), 2));
    EXPECT_EQ(peer->Receive(2), "hi");
    peer->Close();
    ASSERT_TRUE(client->Wait(harness::kPatienceMs)) << "it stops by itself";
    EXPECT_EQ(client.events().log().Count(EventKind::kClose, last), 1u);
  }
}

}  // namespace
}  // namespace hpsocket::conformance
