// Conformance: a TCP agent's many connections: made by many threads, spread over workers, limited, and made
// again after a restart.
#include <algorithm>
#include <cerrno>
#include <map>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/agent_fixture.h"
#include "hpsocket/testing/harness/thread.h"
#include "hpsocket/testing/harness/variant.h"

namespace hpsocket::conformance {
namespace {

using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Peer;
using harness::PeerListener;

class TcpAgentConnections : public AgentTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpAgentConnections);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpAgentConnections, ::testing::ValuesIn(harness::TcpAgents()),
                         AgentName);

// Spec: §2.3.2, api §6.10, api §6.9/1, decisions 1.4, decisions 3.3, C23
TEST_P(TcpAgentConnections, ConnectsFromManyThreadsAtOnce) {
  constexpr int kThreads = 8;
  constexpr int kEach = 20;
  for (const bool async : {false, true}) {
    AgentUnderTest& agent = EchoAgent(async);
    PeerListener& listener = Listener();
    std::vector<std::vector<CONNID>> ids(kThreads);
    {
      std::vector<harness::Thread> threads;
      for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&, i] {
          for (int n = 0; n < kEach; ++n) {
            CONNID id = 0;
            EXPECT_TRUE(agent.ConnectTo(listener, &id));
            ids[static_cast<size_t>(i)].push_back(id);
          }
        });
      }
    }
    std::set<CONNID> all;
    for (const auto& of_one : ids) {
      EXPECT_TRUE(std::is_sorted(of_one.begin(), of_one.end())) << "IDs count up";
      all.insert(of_one.begin(), of_one.end());
    }
    EXPECT_EQ(all.size(), size_t{kThreads * kEach}) << "each its own ID";
    EXPECT_EQ(all.count(0), 0u);
    std::vector<std::unique_ptr<Peer>> peers;
    for (size_t i = 0; i < all.size(); ++i) {
      peers.push_back(listener.Accept());
      ASSERT_NE(peers.back(), nullptr);
      ASSERT_TRUE(peers.back()->Send("hello"));
    }
    for (const auto& peer : peers) EXPECT_EQ(peer->Receive(5), "hello");
    EXPECT_EQ(agent->GetConnectionCount(), all.size());
    ASSERT_TRUE(agent->Stop());
    EXPECT_EQ(agent.events().log().Count(EventKind::kClose), all.size());
  }
}

// Spec: api §2.5/2t, api §6.10, decisions 5.8
TEST_P(TcpAgentConnections, KnowsTheIdOfAConnectBeforeItIsPrepared) {
  PeerListener& listener = Listener();
  for (const bool async : {false, true}) {
    for (const EnHandleResult answer : {HR_OK, HR_ERROR}) {
      AgentUnderTest& agent = StartedAgent(async);
      CONNID id = 4711;
      agent.events().React(EventKind::kPrepareConnect, [&](const Event& event) {
        EXPECT_EQ(event.thread, std::this_thread::get_id()) << "an address: on the caller, who may look";
        EXPECT_EQ(id, event.id);
        EXPECT_NE(id, 4711u);
        return answer;
      });
      EXPECT_EQ(agent.ConnectTo(listener, &id), answer == HR_OK);
      EXPECT_EQ(agent.events().log().Ids(), std::vector<CONNID>{id}) << "it stays, even of one that failed";
      EXPECT_TRUE(agent->Stop());
    }
  }
}

// Spec: D11.5, decisions 3.1
TEST_P(TcpAgentConnections, SpreadsSynchronousConnectionsEvenlyOverItsWorkers) {
  const uint32_t workers = harness::CurrentVariant().workers;
  if (workers == 0) GTEST_SKIP() << "no --workers was given";
  PeerListener& listener = Listener();
  AgentUnderTest& agent = StartedAgent(false);
  constexpr size_t kConnections = 42;
  std::vector<std::unique_ptr<Peer>> peers;
  for (size_t i = 0; i < kConnections; ++i) {
    ASSERT_TRUE(agent.ConnectTo(listener));
    peers.push_back(listener.Accept());
    ASSERT_NE(peers.back(), nullptr);
    ASSERT_TRUE(peers.back()->Send("x"));
  }
  ASSERT_TRUE(agent.events().WaitForCount(EventKind::kReceive, kConnections));
  std::map<std::thread::id, size_t> load;
  for (const Event& event : agent.events().log().events()) {
    if (event.kind == EventKind::kReceive) ++load[event.thread];
  }
  EXPECT_EQ(load.size(), workers);
  size_t least = kConnections;
  size_t most = 0;
  for (const auto& [thread, count] : load) {
    least = std::min(least, count);
    most = std::max(most, count);
  }
  EXPECT_LE(most - least, 1u);
}

// Spec: decisions 4.6, decisions 6.5, decisions 8.3/1
TEST_P(TcpAgentConnections, RefusesConnectionsAboveTheLimit) {
  for (const bool async : {false, true}) {
    PeerListener& listener = Listener();
    AgentUnderTest& agent = NewAgent();
    agent->SetMaxConnectionCount(2);
    agent.MustStart(async);
    CONNID first = 0;
    ASSERT_TRUE(agent.ConnectTo(listener, &first));
    ASSERT_TRUE(agent.ConnectTo(listener)) << "those that are still connecting count";
    const size_t before = agent.events().log().Count(EventKind::kPrepareConnect);
    CONNID refused = 4711;
    errno = 0;
    EXPECT_FALSE(agent.ConnectTo(listener, &refused));
    EXPECT_EQ(errno, ENOSR);
    EXPECT_EQ(refused, 0u);
    HP_Stats stats;
    ASSERT_TRUE(agent->GetStats(stats));
    EXPECT_EQ(stats.refused_connections, 1u);
    EXPECT_EQ(stats.failed_connections, 0u);
    EXPECT_EQ(agent.events().log().Count(EventKind::kPrepareConnect), before);
    ASSERT_TRUE(agent->Disconnect(first));
    ASSERT_TRUE(agent.CountBecomes(1));
    EXPECT_TRUE(agent.ConnectTo(listener)) << "room again";
    ASSERT_TRUE(agent->Stop());
  }
}

// A failed one gives its place back.
// Spec: decisions 8.3/1, api §6.9/1
TEST_P(TcpAgentConnections, KeepsNoPlaceForWhatDidNotConnect) {
  for (const bool async : {false, true}) {
    AgentUnderTest& agent = NewAgent();
    agent->SetMaxConnectionCount(1);
    agent.MustStart(async);
    const uint16_t nobody = RefusingPort();
    CONNID last = 0;
    for (int i = 0; i < 200; ++i) {
      CONNID id = 0;
      EXPECT_EQ(agent.ConnectTo("127.0.0.1", nobody, &id), async) << errno;
      EXPECT_GT(id, last) << "an ID is consumed all the same";
      last = id;
      ASSERT_TRUE(agent.CountBecomes(0));
    }
    HP_Stats stats;
    ASSERT_TRUE(agent->GetStats(stats));
    EXPECT_EQ(stats.total_connections, 0u);
    ExpectConnects(agent);
  }
}

// Spec: §2.3.1, api §2.5/3t, decisions 5.1, decisions 1.2
TEST_P(TcpAgentConnections, KnowsBothAddressesAsLongAsTheIdIsKnown) {
  for (const bool async : {false, true}) {
    AgentUnderTest& agent = NewAgent();
    const auto expect_known = [&](const Event& event) {
      EXPECT_TRUE(agent.LocalName(event.id).ok) << harness::ToString(event.kind);
      EXPECT_NE(agent.LocalName(event.id).port, 0);
      EXPECT_EQ(agent.RemoteName(event.id).address, "127.0.0.1");
      EXPECT_NE(agent.RemoteName(event.id).port, 0);
    };
    for (const EventKind kind :
         {EventKind::kConnect, EventKind::kReceive, EventKind::kClose, EventKind::kError}) {
      agent.events().Do(kind, expect_known);
    }
    agent.MustStart(async);
    const Link link = agent.Connect();
    ASSERT_TRUE(link->Send("x"));
    ASSERT_TRUE(agent.events().WaitForCount(EventKind::kReceive, 1));
    EXPECT_EQ(agent.LocalName(link.id).address, "127.0.0.1");
    EXPECT_EQ(agent.LocalName(link.id).port, link->remote_port());
    EXPECT_EQ(agent.RemoteName(link.id).port, link->local_port());
    char text[64];
    int length = 9;  // "127.0.0.1" needs one more
    uint16_t port = 0;
    EXPECT_FALSE(agent->GetLocalAddress(link.id, text, length, port));
    EXPECT_EQ(length, 10);
    EXPECT_TRUE(agent->GetLocaleAddress(link.id, text, length, port)) << "the document's spelling";
    EXPECT_STREQ(text, "127.0.0.1");
    agent.Connect()->Reset();
    ASSERT_TRUE(agent.events().WaitForCount(EventKind::kError, 1));
    link->Close();
    ASSERT_TRUE(agent.CountBecomes(0));
    EXPECT_FALSE(agent.LocalName(link.id).ok);
    EXPECT_FALSE(agent.LocalName(0).ok);
    ASSERT_TRUE(agent->Stop());
  }
}

// One worker, and another connection on it: what has been there and back shows that the worker has looked.
// Spec: decisions 5.8, decisions 5.13, decisions 3.1, decisions 4.4
TEST_P(TcpAgentConnections, DoNothingUntilASynchronousOnConnectHasReturned) {
  for (const bool refuse : {false, true}) {
    SCOPED_TRACE(refuse);
    PeerListener& listener = Listener();
    AgentUnderTest& agent = NewAgent();
    agent->SetWorkerThreadCount(1);
    agent->SetGracefulTimeout(600'000);
    agent.EchoBack();
    agent.MustStart(false);
    const Link witness = agent.Connect();
    CONNID id = 0;
    agent.events().React(EventKind::kConnect, [&](const Event& event) {
      EXPECT_TRUE(agent->Send(event.id, Bytes("hello"), 5));
      EXPECT_TRUE(agent->Disconnect(event.id, false));
      EXPECT_TRUE(agent.Echoes(witness, "seen"));
      const EventLog log = agent.events().log();
      EXPECT_EQ(log.Count(EventKind::kSend, event.id), 0u);
      EXPECT_EQ(log.CountEnds(event.id), 0u);
      return refuse ? HR_ERROR : HR_OK;
    });
    EXPECT_EQ(agent.ConnectTo(listener, &id), !refuse);
    const std::unique_ptr<Peer> peer = listener.Accept();
    ASSERT_NE(peer, nullptr);
    if (refuse) {
      EXPECT_NE(peer->AwaitEnd(), harness::StreamEnd::kOpen);
      ASSERT_TRUE(agent.CountBecomes(1));
      EXPECT_EQ(agent.events().log().Count(EventKind::kSend, id), 0u) << "FALSE is followed by no event";
    } else {
      EXPECT_EQ(peer->Receive(5), "hello");
      EXPECT_EQ(peer->AwaitEnd(), harness::StreamEnd::kOrderly) << "long before GracefulTimeout";
      peer->Close();
      ASSERT_TRUE(agent.CountBecomes(1));
      EXPECT_EQ(agent.events().log().Count(EventKind::kClose, id), 1u);
    }
    ASSERT_TRUE(agent->Stop());  // the reactions use what ends here
  }
}

// Spec: decisions 2.1, decisions 2.5, api §6.1/2
TEST_P(TcpAgentConnections, ConnectsAgainAfterEveryRestartInEitherMode) {
  AgentUnderTest& agent = NewAgent();
  CONNID last = 0;
  for (int round = 0; round < 20; ++round) {
    agent.MustStart(round % 2 == 1);
    const Link link = agent.Connect();
    EXPECT_GT(link.id, last);
    last = link.id;
    ASSERT_TRUE(link->Send("x"));
    ASSERT_TRUE(agent.events().WaitFor([&](const EventLog& log) { return log.Received(last) == "x"; }));
    ASSERT_TRUE(agent->Stop());
    EXPECT_EQ(agent.events().log().Count(EventKind::kClose, last), 1u);
  }
  EXPECT_EQ(agent.events().log().Count(EventKind::kShutdown), 20u);
}

}  // namespace
}  // namespace hpsocket::conformance
