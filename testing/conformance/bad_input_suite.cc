// Conformance: what is given wrong, with its exact result, where no other suite has it already; and
// HR_ERROR and an exception from every event.
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <fstream>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/agent_fixture.h"
#include "hpsocket/testing/conformance/client_fixture.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/conformance/server_fixture.h"
#include "hpsocket/testing/harness/deaf_component.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::conformance {
namespace {

using harness::Environment;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::NeedsKernel;
using harness::Peer;
using harness::PeerListener;
using harness::StreamEnd;

// The calling thread may no longer bind to privileged ports. A thread's capabilities are its own.
bool DropBindService() {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2] = {};
  if (syscall(SYS_capget, &header, data) != 0) return false;
  data[0].effective &= ~(1u << CAP_NET_BIND_SERVICE);
  return syscall(SYS_capset, &header, data) == 0;
}

int FirstUnprivilegedPort() {
  std::ifstream file("/proc/sys/net/ipv4/ip_unprivileged_port_start");
  int port = 1024;
  file >> port;
  return port;
}

// How a listener may fail.
struct Failing {
  const char* name;
  std::function<EnHandleResult(const Event&)> reaction;
};

std::vector<Failing> FailingListeners() {
  return {{"HR_ERROR", [](const Event&) { return HR_ERROR; }},
          {"exception", [](const Event&) -> EnHandleResult { throw std::runtime_error("thrown by a test"); }},
          {"a thrown int", [](const Event&) -> EnHandleResult { throw 7; }}};
}

uint64_t Exceptions(ComplexUnderTest& component) {
  HP_Stats stats;
  EXPECT_TRUE(component->GetStats(stats));
  return stats.contained_exceptions;
}

// Of a running component without connections whose OnSend, OnClose, OnError and OnShutdown fail, and now its
// OnReceive.
void ExpectOutlivesFailingEvents(ComplexUnderTest& component, const Failing& failing) {
  const bool throws = std::strcmp(failing.name, "HR_ERROR") != 0;
  const Link sending = component.Connect();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(component->Send(sending.id, Bytes("x"), 1));
  EXPECT_EQ(sending->Receive(3), "xxx");
  ASSERT_TRUE(component.events().WaitFor([&](const EventLog& log) { return log.Sent(sending.id) == "xxx"; }));
  sending->Close();  // OnClose fails
  const Link reset = component.Connect();
  reset->Reset();  // OnError fails
  ASSERT_TRUE(component.CountBecomes(0));
  EXPECT_EQ(component.events().log().Count(EventKind::kClose), 1u);
  EXPECT_EQ(component.events().log().Count(EventKind::kError), 1u);

  component.events().React(EventKind::kReceive, failing.reaction);
  const Link receiving = component.Connect();
  ASSERT_TRUE(receiving->Send("x"));
  EXPECT_NE(receiving->AwaitEnd(), StreamEnd::kOpen);
  ASSERT_TRUE(component.CountBecomes(0));
  const EventLog log = component.events().log();
  ASSERT_EQ(log.CountEnds(receiving.id), 1u);
  const Event* const error = log.First(EventKind::kError, receiving.id);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->operation, SO_RECEIVE);
  EXPECT_EQ(error->error, ECANCELED);
  EXPECT_EQ(Exceptions(component) > 0, throws);
  EXPECT_TRUE(component->Stop());
  EXPECT_EQ(component->GetState(), SS_STOPPED);
}

class TcpComplexBadInput : public ComplexTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexBadInput);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexBadInput, ::testing::ValuesIn(TcpComplexes()), ComplexName);

class TcpServerBadInput : public ServerTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpServerBadInput);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpServerBadInput, ::testing::ValuesIn(harness::TcpServers()),
                         ServerName);

class TcpAgentBadInput : public AgentTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpAgentBadInput);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpAgentBadInput, ::testing::ValuesIn(harness::TcpAgents()), AgentName);

class TcpClientBadInput : public ClientTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientBadInput);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientBadInput, ::testing::ValuesIn(harness::TcpClients()),
                         ClientName);

class TcpDeafBadInput : public ::testing::TestWithParam<harness::DeafFactory> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpDeafBadInput);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpDeafBadInput, ::testing::ValuesIn(harness::DeafComponents()),
                         [](const auto& deaf) { return deaf.param.name; });

// Spec: input 1
TEST_P(TcpDeafBadInput, DoesNotStartWithoutAListener) {
  const std::unique_ptr<harness::DeafComponent> component = GetParam().make();
  const std::unique_ptr<PeerListener> listener = Environment::Current().Listen({});
  ASSERT_NE(listener, nullptr);
  for (const bool async : {false, true, false}) {
    errno = 0;
    EXPECT_FALSE(component->Start(listener->port(), async));
    EXPECT_EQ(errno, EINVAL);
    EXPECT_EQ(component->GetLastError(), SE_INVALID_PARAM);
    EXPECT_EQ(component->GetState(), SS_STOPPED);
  }
  EXPECT_FALSE(component->Stop());
  EXPECT_EQ(component->GetLastError(), SE_ILLEGAL_STATE);
  HP_Stats stats;
  EXPECT_TRUE(component->GetStats(stats));
  EXPECT_EQ(stats.total_connections + stats.failed_connections, 0u);
}

// Spec: input 9, fault 20, api §6.1/5, decisions 2.6
TEST_P(TcpServerBadInput, SaysWhichPortIsInUse) {
  std::unique_ptr<PeerListener> squatter = Environment::Current().Listen({});
  ASSERT_NE(squatter, nullptr);
  ServerUnderTest& server = NewServer();
  errno = 0;
  EXPECT_FALSE(server->Start("127.0.0.1", squatter->port()));
  EXPECT_EQ(errno, EADDRINUSE);
  const std::string detail = server->GetLastErrorDetail();
  const std::string where = "127.0.0.1 port " + std::to_string(squatter->port());
  EXPECT_NE(detail.find(where + ": " + std::strerror(EADDRINUSE)), std::string::npos) << detail;
}

// Spec: input 10, fault 20, api §6.1/5, decisions 2.6
TEST_P(TcpServerBadInput, ReportsAPrivilegedPort) {
  if (NeedsKernel("drops a capability of a real thread")) return;
  constexpr uint16_t kPort = 81;
  if (FirstUnprivilegedPort() <= kPort) GTEST_SKIP() << "no port is privileged here";
  ServerUnderTest& server = NewServer();
  bool dropped = false;
  bool started = true;
  int error = 0;
  std::string detail;
  harness::Thread([&] {
    dropped = DropBindService();
    errno = 0;
    started = server->Start("127.0.0.1", kPort);
    error = errno;
    detail = server->GetLastErrorDetail();
  }).Join();
  ASSERT_TRUE(dropped);
  EXPECT_FALSE(started);
  EXPECT_EQ(error, EACCES);
  EXPECT_EQ(server->GetLastError(), SE_SOCKET_BIND);
  EXPECT_NE(detail.find("127.0.0.1 port 81"), std::string::npos) << detail;
  EXPECT_EQ(server->GetState(), SS_STOPPED);
  EXPECT_EQ(server.events().log().Count(EventKind::kPrepareListen), 1u);
  EXPECT_EQ(server.events().log().Count(EventKind::kShutdown), 1u);
  server.MustStart();
}

// Spec: input 7, input 8, api §6.1/5
TEST_P(TcpServerBadInput, ReportsEveryListenAddressThatIsNone) {
  const std::string endless(100000, '1');
  const auto refused = [&](const char* address, int error) {
    SCOPED_TRACE(address == nullptr ? "null" : std::string(address).substr(0, 40));
    ServerUnderTest& server = NewServer();
    errno = 0;
    EXPECT_FALSE(server->Start(address, 0));
    EXPECT_EQ(errno, error);
    EXPECT_EQ(server->GetLastError(), SE_SOCKET_BIND);
    EXPECT_EQ(server->GetState(), SS_STOPPED);
    server.MustStart();
  };
  for (const char* const address :
       {static_cast<const char*>(nullptr), "", " ", "127.0.0.1 ", "127.0.0", "127.0.0.1.1", "0x7f.0.0.1",
        ":::", "1::2::3", "::1%", "localhost", "\xff\xfe", "12345::", "::ffff:1.2.3.256", endless.c_str()}) {
    refused(address, EINVAL);
  }
  for (const char* const foreign : {"203.0.113.1", "2001:db8::1"}) refused(foreign, EADDRNOTAVAIL);
}

// Spec: input 2, input 3, input 4, decisions 4.6
TEST_P(TcpComplexBadInput, RefusesNullAndNegativeEverywhere) {
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect();
  const auto refused = [](bool result, int error) {
    EXPECT_FALSE(result);
    EXPECT_EQ(errno, error);
    errno = 0;
  };
  const uint8_t* const data = Bytes("0123456789");
  for (const int negative : {-1, INT_MIN}) {
    refused(component->Send(link.id, data, negative), EINVAL);
    refused(component->Send(link.id, data, 1, negative), EINVAL);
    refused(component->Send(link.id, data, 0, negative), EINVAL);
    refused(component->SendPackets(link.id, nullptr, negative), EINVAL);
  }
  refused(component->Send(link.id, nullptr, 1), EINVAL);
  refused(component->SendPackets(link.id, nullptr, 1), EINVAL);
  WSABUF hole = {10, nullptr};
  refused(component->SendPackets(link.id, &hole, 1), EINVAL);
  refused(component.tcp().SendSmallFile(link.id, nullptr, nullptr, nullptr), EINVAL);
  // What is wrong with the arguments comes before what is wrong with the ID.
  refused(component->Send(0, nullptr, 1), EINVAL);

  uint32_t count = 7;
  EXPECT_FALSE(component->GetAllConnectionIDs(nullptr, count));
  EXPECT_EQ(count, 1u);
  CONNID id = 0;
  count = 0;
  EXPECT_FALSE(component->GetAllConnectionIDs(&id, count));
  EXPECT_EQ(count, 1u);
  EXPECT_FALSE(component->GetConnectionExtra(link.id, nullptr));
  uint16_t port = 0;
  for (const int room : {0, -1, INT_MIN}) {
    int length = room;
    EXPECT_FALSE(component->GetRemoteAddress(link.id, nullptr, length, port));
    EXPECT_EQ(length, static_cast<int>(sizeof("127.0.0.1")));
    EXPECT_EQ(port, link->local_port());
  }
  HP_Stats stats;
  stats.size = 0;
  refused(component->GetStats(stats), EINVAL);
  EXPECT_TRUE(component->Send(link.id, data, 10));
  EXPECT_EQ(link->Receive(10), "0123456789") << "nothing of all that was sent";
}

// Spec: input 2, decisions 4.6
TEST_P(TcpServerBadInput, SaysHowMuchRoomItsListenAddressNeedsWhateverItIsGiven) {
  ServerUnderTest& server = StartedServer();
  uint16_t port = 0;
  for (const int room : {0, -1, INT_MIN}) {
    int length = room;
    EXPECT_FALSE(server->GetListenAddress(nullptr, length, port));
    EXPECT_EQ(length, static_cast<int>(sizeof("127.0.0.1")));
  }
}

// Spec: input 15, fault 15, decisions 2.8
TEST_P(TcpServerBadInput, OutlivesAListenerThatFailsInEveryEvent) {
  for (const Failing& failing : FailingListeners()) {
    SCOPED_TRACE(failing.name);
    ServerUnderTest& server = NewServer();
    server.events().React(EventKind::kPrepareListen, failing.reaction);
    EXPECT_FALSE(server->Start("127.0.0.1", 0));
    EXPECT_EQ(server->GetLastError(), SE_SOCKET_PREPARE);
    EXPECT_EQ(errno, ECANCELED);
    server.events().React(EventKind::kPrepareListen, nullptr);

    for (const EventKind kind :
         {EventKind::kSend, EventKind::kClose, EventKind::kError, EventKind::kShutdown}) {
      server.events().React(kind, failing.reaction);
    }
    server.events().React(EventKind::kAccept, failing.reaction);
    server.MustStart();
    const std::unique_ptr<Peer> refused = Environment::Current().Connect("127.0.0.1", server.port(), {});
    ASSERT_NE(refused, nullptr);
    EXPECT_NE(refused->AwaitEnd(), StreamEnd::kOpen);
    ASSERT_TRUE(server.CountBecomes(0));
    EXPECT_EQ(server.events().log().CountEnds(), 0u) << "who did not get past OnAccept has no last event";
    server.events().React(EventKind::kAccept, nullptr);

    ExpectOutlivesFailingEvents(server, failing);
  }
}

// Spec: input 15, fault 15, decisions 2.8
TEST_P(TcpAgentBadInput, OutlivesAListenerThatFailsInEveryEvent) {
  harness::PeerListener& listener = Listener();
  for (const Failing& failing : FailingListeners()) {
    SCOPED_TRACE(failing.name);
    AgentUnderTest& agent = NewAgent();
    agent.MustStart();
    agent.events().React(EventKind::kPrepareConnect, failing.reaction);
    errno = 0;
    EXPECT_FALSE(agent.ConnectTo(listener));
    EXPECT_EQ(errno, ECANCELED);
    agent.events().React(EventKind::kPrepareConnect, nullptr);

    for (const EventKind kind :
         {EventKind::kSend, EventKind::kClose, EventKind::kError, EventKind::kShutdown}) {
      agent.events().React(kind, failing.reaction);
    }
    agent.events().React(EventKind::kConnect, failing.reaction);
    ASSERT_TRUE(agent.ConnectTo(listener));
    const std::unique_ptr<Peer> refused = listener.Accept();
    ASSERT_NE(refused, nullptr);
    EXPECT_NE(refused->AwaitEnd(), StreamEnd::kOpen);
    ASSERT_TRUE(agent.CountBecomes(0));
    EXPECT_EQ(agent.events().log().CountEnds(), 0u) << "who did not get past OnConnect has no last event";
    agent.events().React(EventKind::kConnect, nullptr);

    ExpectOutlivesFailingEvents(agent, failing);
  }
}

// Spec: input 2, input 3, decisions 4.6
TEST_P(TcpClientBadInput, RefusesNullAndNegativeEverywhere) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  const auto refused = [&](bool result) {
    EXPECT_FALSE(result);
    EXPECT_EQ(errno, EINVAL);
    EXPECT_EQ(client->GetLastError(), SE_INVALID_PARAM);
    errno = 0;
  };
  const uint8_t* const data = Bytes("0123456789");
  for (const int negative : {-1, INT_MIN}) {
    refused(client->Send(data, negative));
    refused(client->Send(data, 1, negative));
    refused(client->Send(data, 0, negative));
    refused(client->SendPackets(nullptr, negative));
  }
  refused(client->Send(nullptr, 1));
  refused(client->SendPackets(nullptr, 1));
  WSABUF hole = {10, nullptr};
  refused(client->SendPackets(&hole, 1));
  refused(client.tcp().SendSmallFile(nullptr, nullptr, nullptr));
  for (const int room : {0, -1, INT_MIN}) {
    int length = room;
    uint16_t port = 0;
    EXPECT_FALSE(client->GetLocalAddress(nullptr, length, port));
    EXPECT_EQ(length, static_cast<int>(sizeof("127.0.0.1")));
    EXPECT_EQ(port, peer->remote_port());
  }
  HP_Stats stats;
  stats.size = 0;
  EXPECT_FALSE(client->GetStats(stats));
  EXPECT_EQ(errno, EINVAL);
  EXPECT_TRUE(client->Send(data, 10));
  EXPECT_EQ(peer->Receive(10), "0123456789") << "nothing of all that was sent";
}

// Spec: input 15, fault 15, decisions 2.8
TEST_P(TcpClientBadInput, OutlivesAListenerThatFailsInEveryEvent) {
  PeerListener& listener = Listener();
  for (const Failing& failing : FailingListeners()) {
    for (const bool async : {false, true}) {
      SCOPED_TRACE(std::string(failing.name) + (async ? ", asynchronous" : ""));
      ClientUnderTest& client = NewClient();
      client.events().React(EventKind::kPrepareConnect, failing.reaction);
      EXPECT_FALSE(client.Start("127.0.0.1", listener.port(), async));
      EXPECT_EQ(errno, ECANCELED);
      EXPECT_EQ(client->GetLastError(), SE_SOCKET_PREPARE);
      client.events().React(EventKind::kPrepareConnect, nullptr);

      client.events().React(EventKind::kConnect, failing.reaction);
      if (client.Start("127.0.0.1", listener.port(), async)) {
        EXPECT_TRUE(async);
        ASSERT_TRUE(client.events().WaitForCount(EventKind::kError, 1));
        EXPECT_EQ(client.events().log().Last()->operation, SO_CONNECT);
        EXPECT_EQ(client.events().log().Last()->error, ECANCELED);
      } else {
        EXPECT_FALSE(async);
        EXPECT_EQ(errno, ECANCELED);
        EXPECT_EQ(client->GetLastError(), SE_CONNECT_SERVER);
      }
      ASSERT_TRUE(client->Wait(harness::kPatienceMs));
      EXPECT_NE(listener.Accept()->AwaitEnd(), StreamEnd::kOpen);
      client.events().React(EventKind::kConnect, nullptr);

      for (const EventKind kind : {EventKind::kSend, EventKind::kClose, EventKind::kError})
        client.events().React(kind, failing.reaction);
      std::unique_ptr<Peer> peer = client.Connect(listener, async);
      const CONNID sending = client->GetConnectionID();
      for (int i = 0; i < 3; ++i) ASSERT_TRUE(client->Send(Bytes("x"), 1));
      EXPECT_EQ(peer->Receive(3), "xxx");
      ASSERT_TRUE(client.events().WaitFor([&](const EventLog& log) { return log.Sent(sending) == "xxx"; }));
      peer->Close();  // OnClose fails
      ASSERT_TRUE(client->Wait(harness::kPatienceMs));
      EXPECT_EQ(client.events().log().Count(EventKind::kClose, sending), 1u);

      client.events().React(EventKind::kReceive, failing.reaction);
      peer = client.Connect(listener, async);
      const CONNID receiving = client->GetConnectionID();
      ASSERT_TRUE(peer->Send("x"));
      ASSERT_TRUE(client->Wait(harness::kPatienceMs));
      const EventLog log = client.events().log();
      ASSERT_EQ(log.CountEnds(receiving), 1u);
      ASSERT_NE(log.First(EventKind::kError, receiving), nullptr);
      EXPECT_EQ(log.First(EventKind::kError, receiving)->operation, SO_RECEIVE);
      EXPECT_EQ(log.First(EventKind::kError, receiving)->error, ECANCELED);
      EXPECT_EQ(client->GetLastError(), SE_DATA_PROC);
      EXPECT_NE(peer->AwaitEnd(), StreamEnd::kOpen);
    }
  }
}

}  // namespace
}  // namespace hpsocket::conformance
