// Conformance: what clients and agents are told to connect to: names with several addresses, texts that are
// no address, and addresses where nobody answers.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/base/clock.h"
#include "hpsocket/testing/conformance/agent_fixture.h"
#include "hpsocket/testing/conformance/client_fixture.h"
#include "hpsocket/testing/harness/deadline.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"

namespace hpsocket::conformance {
namespace {

using harness::DeadlineClock;
using harness::Environment;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::NeedsKernel;
using harness::NeedsSimulatedTime;
using harness::Peer;
using harness::PeerListener;

// A name with two addresses.
constexpr char kTwo[] = "two.test";
constexpr char kFirst[] = "127.0.0.2";
constexpr char kSecond[] = "127.0.0.1";

constexpr EventKind kPrepare = EventKind::kPrepareConnect;

// Texts that are neither an address nor a name that anybody has.
std::vector<std::string> NoAddresses() {
  const std::string endless(100000, 'a');
  return {" ",          "256.256.256.256", "1::2::3", "::1%nosuchdevice", "\xff\xfe", "a..b",
          "127.0.0.1 ", "nobody.invalid",  endless};
}

// How to listen on one of the addresses of kTwo, which is known from here on.
harness::PeerListenOptions On(const char* address) {
  Environment::Current().AddName(kTwo, {kFirst, kSecond});
  harness::PeerListenOptions options;
  options.address = address;
  return options;
}

// In OnPrepareConnect. A descriptor's number may come again, what was set on its socket may not.
void ExpectAFreshSocket(const Event& event) {
  Environment& environment = Environment::Current();
  EXPECT_EQ(environment.LocalPort(event.socket), 0);
  EXPECT_EQ(environment.PeerPort(event.socket), 0);
  EXPECT_EQ(environment.GetOption(event.socket, SOL_SOCKET, SO_PRIORITY), 0);
  EXPECT_TRUE(environment.SetOption(event.socket, SOL_SOCKET, SO_PRIORITY, 3));
}

// TCP gives up at once, not after minutes.
void GiveUpAtOnce(const Event& event) {
  EXPECT_TRUE(Environment::Current().SetOption(event.socket, IPPROTO_TCP, TCP_SYNCNT, 1));
  EXPECT_TRUE(Environment::Current().SetOption(event.socket, IPPROTO_TCP, TCP_USER_TIMEOUT, 1));
}

// Nobody answers at the first address of kTwo, nor, `silent`, at the second; on one port.
std::vector<std::unique_ptr<PeerListener>> SilentAtFirst(bool silent) {
  std::vector<std::unique_ptr<PeerListener>> both;
  harness::PeerListenOptions options = On(kFirst);
  options.silent = true;
  both.push_back(Environment::Current().Listen(options));
  if (both[0] == nullptr) return {};
  options.silent = silent;
  options.address = kSecond;
  options.port = both[0]->port();
  both.push_back(Environment::Current().Listen(options));
  return both;
}

// A SyncConnectTimeout, and what simulated time may add to it.
constexpr int64_t kTimeoutMs = 2000;
constexpr int64_t kLateMs = 50;

// `connect` fails with ETIMEDOUT when the time-out is over, neither before nor much later.
template <class Connect>
void ExpectTimesOut(const Connect& connect) {
  const core::TimePoint begin = DeadlineClock::Now();
  errno = 0;
  EXPECT_FALSE(connect());
  EXPECT_EQ(errno, ETIMEDOUT);
  const int64_t took = core::ToMillis(DeadlineClock::Now() - begin);
  EXPECT_GE(took, kTimeoutMs);
  EXPECT_LE(took, kTimeoutMs + kLateMs);
}

class TcpClientAddresses : public ClientTest {
 protected:
  // Ends in this failure after these events of OnPrepareConnect.
  static void ExpectFails(ClientUnderTest& client, uint16_t port, bool async, int error, size_t prepared) {
    errno = 0;
    EXPECT_EQ(client.Start(kTwo, port, async), async);
    std::vector<EventKind> events(prepared, kPrepare);
    if (async) {
      ASSERT_TRUE(client->Wait(harness::kPatienceMs));
      events.push_back(EventKind::kError);
      ASSERT_EQ(client.events().log().Count(EventKind::kError), 1u);
      EXPECT_EQ(client.events().log().Last()->operation, SO_CONNECT);
      EXPECT_EQ(client.events().log().Last()->error, error);
    } else {
      EXPECT_EQ(errno, error);
    }
    EXPECT_EQ(client.events().log().Milestones(client->GetConnectionID()), events);
    EXPECT_EQ(client.events().size(), events.size()) << "of no other ID";
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientAddresses);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientAddresses, ::testing::ValuesIn(harness::TcpClients()),
                         ClientName);

class TcpAgentAddresses : public AgentTest {
 protected:
  static void ExpectFails(AgentUnderTest& agent, const std::string& address, uint16_t port, int error,
                          bool async, size_t prepared) {
    const size_t before = agent.events().size();
    CONNID id = 4711;
    errno = 0;
    EXPECT_EQ(agent.ConnectTo(address.c_str(), port, &id), async);
    std::vector<EventKind> events(prepared, kPrepare);
    if (async) {
      ASSERT_TRUE(agent.events().WaitFor([&](const EventLog& log) { return log.CountEnds(id) == 1; }));
      events.push_back(EventKind::kError);
      const EventLog log = agent.events().log();
      ASSERT_EQ(log.Count(EventKind::kError, id), 1u);
      EXPECT_EQ(log.First(EventKind::kError, id)->operation, SO_CONNECT);
      EXPECT_EQ(log.First(EventKind::kError, id)->error, error);
    } else {
      EXPECT_EQ(errno, error);
      EXPECT_EQ(id != 0, prepared > 0);
    }
    ASSERT_TRUE(agent.CountBecomes(0));
    EXPECT_EQ(agent.events().log().Milestones(id), events);
    EXPECT_EQ(agent.events().size(), before + events.size()) << "of no other ID";
    EXPECT_EQ(agent->GetState(), SS_STARTED);
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpAgentAddresses);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpAgentAddresses, ::testing::ValuesIn(harness::TcpAgents()),
                         AgentName);

// Spec: decisions 5.4, decisions 5.7, decisions 5.11
TEST_P(TcpClientAddresses, TriesTheAddressesOfANameInOrderEachWithASocketOfItsOwn) {
  for (const bool async : {false, true}) {
    for (const char* const address : {kFirst, kSecond}) {
      const std::unique_ptr<PeerListener> listener = Environment::Current().Listen(On(address));
      ASSERT_NE(listener, nullptr);
      ClientUnderTest& client = NewClient();
      client.events().Do(kPrepare, ExpectAFreshSocket);
      ASSERT_TRUE(client.Start(kTwo, listener->port(), async)) << client->GetLastErrorDetail();
      ASSERT_TRUE(client.events().WaitForCount(EventKind::kConnect, 1));
      const std::unique_ptr<Peer> peer = listener->Accept();
      EXPECT_NE(peer, nullptr);
      std::vector<EventKind> events(address == kFirst ? 1 : 2, kPrepare);
      events.push_back(EventKind::kConnect);
      EXPECT_EQ(client.events().log().Milestones(client->GetConnectionID()), events);
      ASSERT_TRUE(client->Stop());
    }
  }
}

// Spec: decisions 5.7, decisions 5.11
TEST_P(TcpClientAddresses, ReportsTheFailureOfTheLastAddressOfAName) {
  On(kFirst);
  for (const bool async : {false, true}) {
    ClientUnderTest& client = NewClient();
    client.events().Do(kPrepare, ExpectAFreshSocket);
    ExpectFails(client, RefusingPort(), async, ECONNREFUSED, 2);
  }
}

// Spec: decisions 5.10, api §3.2/8
TEST_P(TcpClientAddresses, TriesNoFurtherAddressWhenOnPrepareConnectRefuses) {
  PeerListener& second = Listener(On(kSecond));
  for (const bool async : {false, true}) {
    for (const size_t refused : {1u, 2u}) {
      ClientUnderTest& client = NewClient();
      client.events().React(kPrepare, [&](const Event&) {
        return client.events().log().Count(kPrepare) == refused ? HR_ERROR : HR_OK;
      });
      ExpectFails(client, second.port(), async, ECANCELED, refused);
    }
  }
}

// Spec: decisions 5.4, decisions 5.7, decisions 5.11
TEST_P(TcpAgentAddresses, TriesTheAddressesOfANameInOrderEachWithASocketOfItsOwn) {
  for (const bool async : {false, true}) {
    AgentUnderTest& agent = NewAgent();
    agent.events().Do(kPrepare, ExpectAFreshSocket);
    agent.MustStart(async);
    for (const char* const address : {kFirst, kSecond}) {
      const std::unique_ptr<PeerListener> listener = Environment::Current().Listen(On(address));
      ASSERT_NE(listener, nullptr);
      CONNID id = 0;
      ASSERT_TRUE(agent.ConnectTo(kTwo, listener->port(), &id)) << agent->GetLastErrorDetail();
      ASSERT_TRUE(agent.events().WaitFor(
          [&](const EventLog& log) { return log.Count(EventKind::kConnect, id) == 1; }));
      const std::unique_ptr<Peer> peer = listener->Accept();
      EXPECT_NE(peer, nullptr);
      EXPECT_EQ(agent.RemoteName(id).address, address);
      std::vector<EventKind> events(address == kFirst ? 1 : 2, kPrepare);
      events.push_back(EventKind::kConnect);
      EXPECT_EQ(agent.events().log().Milestones(id), events);
    }
    ASSERT_TRUE(agent->Stop());
  }
}

// Spec: decisions 5.7, decisions 5.11
TEST_P(TcpAgentAddresses, ReportsTheFailureOfTheLastAddressOfAName) {
  On(kFirst);
  for (const bool async : {false, true}) {
    AgentUnderTest& agent = NewAgent();
    agent.events().Do(kPrepare, ExpectAFreshSocket);
    agent.MustStart(async);
    ExpectFails(agent, kTwo, RefusingPort(), ECONNREFUSED, async, 2);
    ExpectConnects(agent);
  }
}

// Spec: decisions 5.10, api §3.2/9
TEST_P(TcpAgentAddresses, TriesNoFurtherAddressWhenOnPrepareConnectRefuses) {
  PeerListener& second = Listener(On(kSecond));
  for (const bool async : {false, true}) {
    for (const size_t refused : {1u, 2u}) {
      AgentUnderTest& agent = NewAgent();
      agent.events().React(kPrepare, [&](const Event& event) {
        return agent.events().log().Count(kPrepare, event.id) == refused ? HR_ERROR : HR_OK;
      });
      agent.MustStart(async);
      ExpectFails(agent, kTwo, second.port(), ECANCELED, async, refused);
      agent.events().React(kPrepare, nullptr);
      ExpectConnects(agent);
    }
  }
}

// Spec: input 7, api §6.11/3, decisions 5.9
TEST_P(TcpClientAddresses, ReportsEveryRemoteAddressThatIsNone) {
  ClientUnderTest& client = NewClient();
  const auto refused = [&](const char* address, bool async) {
    errno = 0;
    EXPECT_FALSE(client.Start(address, 9, async));
    EXPECT_EQ(errno, EADDRNOTAVAIL);
    EXPECT_EQ(client->GetLastError(), SE_CONNECT_SERVER);
    EXPECT_EQ(client->GetState(), SS_STOPPED);
  };
  for (const bool async : {false, true}) {
    refused(nullptr, async);
    refused("", async);
  }
  for (const std::string& address : NoAddresses()) refused(address.c_str(), false);
  EXPECT_EQ(client.events().size(), 0u);
  for (const std::string& address : NoAddresses()) {
    SCOPED_TRACE(address.substr(0, 40));
    ClientUnderTest& async = NewClient();
    ASSERT_TRUE(async.Start(address.c_str(), 9, true));
    ASSERT_TRUE(async->Wait(harness::kPatienceMs));
    ASSERT_EQ(async.events().size(), 1u);
    EXPECT_EQ(async.events().log().Last()->operation, SO_CONNECT);
    EXPECT_EQ(async.events().log().Last()->error, EADDRNOTAVAIL);
  }
}

// Spec: input 7, input 10, api §6.11/2
TEST_P(TcpClientAddresses, IsRefusedByThePortThatNobodyCanHave) {
  ClientUnderTest& client = NewClient();
  errno = 0;
  EXPECT_FALSE(client.Start("127.0.0.1", 0));
  EXPECT_EQ(errno, ECONNREFUSED);
  EXPECT_EQ(client->GetLastError(), SE_CONNECT_SERVER);
}

// Spec: input 7, api §6.10/1, decisions 5.9
TEST_P(TcpAgentAddresses, ReportsEveryRemoteAddressThatIsNone) {
  for (const bool async : {false, true}) {
    AgentUnderTest& agent = StartedAgent(async);
    ExpectFails(agent, "", 9, EADDRNOTAVAIL, false, 0);
    errno = 0;
    EXPECT_FALSE(agent.ConnectTo(nullptr, 9));
    EXPECT_EQ(errno, EADDRNOTAVAIL);
    for (const std::string& address : NoAddresses()) {
      SCOPED_TRACE(address.substr(0, 40));
      ExpectFails(agent, address, 9, EADDRNOTAVAIL, async, 0);
    }
    ExpectConnects(agent);
  }
}

// Spec: input 7, input 10, api §6.10/2, api §6.10/3
TEST_P(TcpAgentAddresses, IsRefusedByThePortThatNobodyCanHave) {
  for (const bool async : {false, true}) {
    AgentUnderTest& agent = StartedAgent(async);
    ExpectFails(agent, "127.0.0.1", 0, ECONNREFUSED, async, 1);
    ExpectConnects(agent);
  }
}

// Spec: api §6.11/2, decisions 5.13, fault 18
TEST_P(TcpClientAddresses, ReportsAnAsynchronousConnectThatNobodyAnswers) {
  if (NeedsKernel("TCP gives up by itself")) return;
  ClientUnderTest& client = NewClient();
  client.events().Do(kPrepare, GiveUpAtOnce);
  ASSERT_TRUE(client.Start("127.0.0.1", SilentListener().port(), true));
  ASSERT_TRUE(client->Wait(harness::kPatienceMs));
  const EventLog log = client.events().log();
  EXPECT_EQ(log.Milestones(client->GetConnectionID()), (std::vector<EventKind>{kPrepare, EventKind::kError}));
  EXPECT_EQ(log.Last()->operation, SO_CONNECT);
  EXPECT_EQ(log.Last()->error, ETIMEDOUT);
}

// Spec: api §6.10/3, decisions 5.13, fault 18
TEST_P(TcpAgentAddresses, ReportsAnAsynchronousConnectThatNobodyAnswers) {
  if (NeedsKernel("TCP gives up by itself")) return;
  AgentUnderTest& agent = NewAgent();
  agent.events().Do(kPrepare, GiveUpAtOnce);
  agent.MustStart(true);
  ExpectFails(agent, "127.0.0.1", SilentListener().port(), ETIMEDOUT, true, 1);
  agent.events().Do(kPrepare, [](const Event&) {});
  ExpectConnects(agent);
}

// Spec: decisions 5.12, api §6.11/2, fault 18
TEST_P(TcpClientAddresses, GivesUpASynchronousStartWhenItsTimeIsOverHoweverManyAddressesThereAre) {
  if (NeedsSimulatedTime("compares durations")) return;
  const std::vector<std::unique_ptr<PeerListener>> both = SilentAtFirst(true);
  ASSERT_EQ(both.size(), 2u);
  for (const char* const address : {kFirst, kTwo}) {
    SCOPED_TRACE(address);
    ClientUnderTest& client = NewClient();
    client->SetSyncConnectTimeout(kTimeoutMs);
    ExpectTimesOut([&] { return client.Start(address, both[0]->port()); });
    EXPECT_EQ(client->GetLastError(), SE_CONNECT_SERVER);
    EXPECT_EQ(client.events().size(), 1u) << "one OnPrepareConnect";
  }
}

// Spec: decisions 5.12, api §6.10/2, fault 18
TEST_P(TcpAgentAddresses, GivesUpASynchronousConnectWhenItsTimeIsOverHoweverManyAddressesThereAre) {
  if (NeedsSimulatedTime("compares durations")) return;
  const std::vector<std::unique_ptr<PeerListener>> both = SilentAtFirst(true);
  ASSERT_EQ(both.size(), 2u);
  AgentUnderTest& agent = NewAgent();
  agent->SetSyncConnectTimeout(kTimeoutMs);
  agent.MustStart(false);
  for (const char* const address : {kFirst, kTwo}) {
    SCOPED_TRACE(address);
    const size_t before = agent.events().size();
    ExpectTimesOut([&] { return agent.ConnectTo(address, both[0]->port()); });
    EXPECT_EQ(agent.events().size(), before + 1) << "one OnPrepareConnect";
    EXPECT_EQ(agent->GetConnectionCount(), 0u);
  }
  ExpectConnects(agent);
}

// The time-out bounds the whole of the call, so where it is over no further address is tried, not even one
// that would answer at once.
// Spec: decisions 5.12, fault 18
TEST_P(TcpClientAddresses, TriesNoFurtherAddressWhenItsTimeIsOver) {
  const std::vector<std::unique_ptr<PeerListener>> both = SilentAtFirst(false);
  ASSERT_EQ(both.size(), 2u);
  ASSERT_NE(both[1], nullptr);
  ClientUnderTest& client = NewClient();
  client->SetSyncConnectTimeout(1);
  ExpectFails(client, both[0]->port(), false, ETIMEDOUT, 1);
}

// Spec: decisions 5.12, fault 18
TEST_P(TcpAgentAddresses, TriesNoFurtherAddressWhenItsTimeIsOver) {
  const std::vector<std::unique_ptr<PeerListener>> both = SilentAtFirst(false);
  ASSERT_EQ(both.size(), 2u);
  ASSERT_NE(both[1], nullptr);
  AgentUnderTest& agent = NewAgent();
  agent->SetSyncConnectTimeout(1);
  agent.MustStart(false);
  ExpectFails(agent, kTwo, both[0]->port(), ETIMEDOUT, false, 1);
  ExpectConnects(agent);
}

}  // namespace
}  // namespace hpsocket::conformance
