// Conformance: servers and agents of one process together, as a gateway has them: their IDs, a listener that
// they share, what each may do to the other inside a callback, and passing on what was received.
#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/agent_fixture.h"
#include "hpsocket/testing/conformance/server_fixture.h"
#include "hpsocket/testing/harness/conformance_main.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/recorder.h"

namespace hpsocket::conformance {
namespace {

using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;

struct ServerAndAgent {
  harness::TcpServerFactory server;
  harness::TcpAgentFactory agent;
};
void PrintTo(const ServerAndAgent& pair, std::ostream* out) {
  *out << pair.server.name << " and " << pair.agent.name;
}

std::vector<ServerAndAgent> EveryServerAndAgent() {
  std::vector<ServerAndAgent> pairs;
  for (const harness::TcpServerFactory& server : harness::PushTcpServers()) {
    for (const harness::TcpAgentFactory& agent : harness::PushTcpAgents()) pairs.push_back({server, agent});
  }
  return pairs;
}

class TcpGateway : public ::testing::TestWithParam<ServerAndAgent> {
 protected:
  void SetUp() override {
    if (!harness::SkipReason().empty()) GTEST_SKIP() << harness::SkipReason();
  }
  void TearDown() override {
    for (const auto& component : components_) DestroyAndJudge(*component);
  }

  ServerUnderTest& NewServer() {
    auto server = std::make_unique<ServerUnderTest>(GetParam().server, false);
    ServerUnderTest& made = *server;
    components_.push_back(std::move(server));
    return made;
  }
  ServerUnderTest& StartedServer() {
    ServerUnderTest& server = NewServer();
    server.MustStart();
    return server;
  }
  AgentUnderTest& NewAgent() {
    auto agent = std::make_unique<AgentUnderTest>(GetParam().agent, false);
    AgentUnderTest& made = *agent;
    components_.push_back(std::move(agent));
    return made;
  }
  AgentUnderTest& StartedAgent(bool async) {
    AgentUnderTest& agent = NewAgent();
    agent.MustStart(async);
    return agent;
  }

  // From now on what comes from one side leaves on the other.
  static void PassOn(ComplexUnderTest& from, ComplexUnderTest& to, CONNID to_id) {
    from.events().React(EventKind::kReceive, [&to, to_id](const Event& event) {
      return to->Send(to_id, event.bytes, Length(event.data)) ? HR_OK : HR_ERROR;
    });
  }

  // One of the two stops or destroys the other, which has one connection and is not in a callback, inside its
  // OnReceive. What it sees there.
  static void EndInside(ComplexUnderTest& one, ComplexUnderTest& other, bool destroy, CONNID other_id) {
    const Link link = one.Connect();
    std::thread::id worker;
    one.events().DoOnce(EventKind::kReceive, [&](const Event& event) {
      worker = event.thread;
      if (destroy) {
        other.Destroy();
      } else {
        EXPECT_TRUE(other->Stop());
        EXPECT_EQ(other->GetState(), SS_STOPPED);
      }
      EXPECT_EQ(other.events().running(), 0u);
    });
    ASSERT_TRUE(link->Send("end it"));
    ASSERT_TRUE(one.events().WaitForCount(EventKind::kReceive, 1));
    const EventLog log = other.events().log();
    EXPECT_EQ(log.Count(EventKind::kClose, other_id), 1u);
    EXPECT_EQ(log.Last()->kind, EventKind::kShutdown);
    EXPECT_EQ(log.Last()->thread, worker) << "OnShutdown comes on the caller of Stop";
    EXPECT_EQ(one->GetState(), SS_STARTED);
    EXPECT_EQ(one.events().log().CountEnds(), 0u);
  }

 private:
  std::vector<std::unique_ptr<ComplexUnderTest>> components_;
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpGateway);
std::string ServerAndAgentName(const ::testing::TestParamInfo<ServerAndAgent>& info) {
  return info.param.server.name + info.param.agent.name;
}
INSTANTIATE_TEST_SUITE_P(Conformance, TcpGateway, ::testing::ValuesIn(EveryServerAndAgent()),
                         ServerAndAgentName);

// Spec: api §6.9/1, decisions 1.4, C23
TEST_P(TcpGateway, CountsIdsUpThroughOneCounter) {
  ServerUnderTest& first = StartedServer();
  ServerUnderTest& second = StartedServer();
  AgentUnderTest& synchronous = StartedAgent(false);
  AgentUnderTest& asynchronous = StartedAgent(true);
  CONNID last = 0;
  for (int round = 0; round < 12; ++round) {
    ServerUnderTest& server = round % 2 == 0 ? first : second;
    AgentUnderTest& agent = round % 3 == 0 ? asynchronous : synchronous;
    const size_t before = server.events().log().CountReturned(EventKind::kAccept);
    CONNID id = 0;
    ASSERT_TRUE(agent.ConnectTo("127.0.0.1", server.port(), &id));
    ASSERT_TRUE(server.events().WaitForCount(EventKind::kAccept, before + 1));
    EXPECT_GT(id, last);
    last = server.events().log().Ids().at(before);
    EXPECT_GT(last, id) << "the agent's had its ID before it connected";
  }
}

// Everything that a listener of servers and one of agents has, as one object.
class ListenerOfBoth final : public harness::TcpServerEvents,
                             public IAgentListener,
                             public harness::Recorder {
 public:
  EnHandleResult OnPrepareListen(SOCKET) override { return Note(EventKind::kPrepareListen, 0); }
  EnHandleResult OnAccept(CONNID id, SOCKET) override { return Note(EventKind::kAccept, id); }
  EnHandleResult OnPrepareConnect(CONNID id, SOCKET) override { return Note(EventKind::kPrepareConnect, id); }
  EnHandleResult OnConnect(CONNID id) override { return Note(EventKind::kConnect, id); }
  EnHandleResult OnSend(CONNID, const uint8_t*, int) override { return HR_OK; }
  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    Event event;
    event.kind = EventKind::kReceive;
    event.id = id;
    event.data.assign(reinterpret_cast<const char*>(data), static_cast<size_t>(length));
    return Record(std::move(event));
  }
  EnHandleResult OnReceive(CONNID, int) override { return HR_ERROR; }
  EnHandleResult OnClose(CONNID id) override { return Note(EventKind::kClose, id); }
  EnHandleResult OnError(CONNID id, EnSocketOperation, int) override { return Note(EventKind::kError, id); }
  EnHandleResult OnShutdown() override { return Note(EventKind::kShutdown, 0); }

 private:
  EnHandleResult Note(EventKind kind, CONNID id) {
    Event event;
    event.kind = kind;
    event.id = id;
    return Record(std::move(event));
  }
};

// Spec: §1.1, decisions 1.4, decisions 1.5, C23, §4.2/10
TEST_P(TcpGateway, TellsBothSidesApartToOneListener) {
  ListenerOfBoth listener;
  const auto server = GetParam().server.make(listener);
  const auto agent = GetParam().agent.make(listener);
  ASSERT_TRUE(server->server().Start("127.0.0.1", 0));
  ASSERT_TRUE(agent->agent().Start(nullptr, false));
  char text[64];
  int length = sizeof(text);
  uint16_t port = 0;
  ASSERT_TRUE(server->server().GetListenAddress(text, length, port));
  std::set<CONNID> connected;
  for (size_t i = 1; i <= 3; ++i) {
    CONNID id = 0;
    ASSERT_TRUE(agent->agent().Connect("127.0.0.1", port, &id));
    connected.insert(id);
    ASSERT_TRUE(listener.WaitForCount(EventKind::kAccept, i));
  }
  const std::vector<CONNID> found = listener.log().Ids();
  const std::set<CONNID> ids(found.begin(), found.end());
  EXPECT_EQ(ids.size(), 6u) << "three that connected, three that were accepted";
  for (const CONNID id : ids) {
    const std::string message = "from " + std::to_string(id);
    const bool is_agents = connected.count(id) > 0;
    IComplexSocket& own = is_agents ? static_cast<IComplexSocket&>(agent->agent()) : server->server();
    IComplexSocket& other = is_agents ? static_cast<IComplexSocket&>(server->server()) : agent->agent();
    EXPECT_TRUE(own.Send(id, Bytes(message), Length(message)));
    EXPECT_FALSE(other.Send(id, Bytes(message), Length(message))) << "one's ID means nothing to the other";
    EXPECT_FALSE(other.Disconnect(id));
  }
  EXPECT_TRUE(listener.WaitFor([&](const EventLog& log) {
    size_t complete = 0;
    for (const CONNID id : ids) {
      const std::string received = log.Received(id);
      if (received.rfind("from ", 0) != 0) continue;
      const CONNID sender = static_cast<CONNID>(std::stoull(received.substr(5)));
      if (ids.count(sender) > 0 && (connected.count(sender) > 0) != (connected.count(id) > 0)) ++complete;
    }
    return complete == ids.size();
  }));
  EXPECT_TRUE(agent->agent().Stop());
  EXPECT_TRUE(server->server().Stop());
  const EventLog log = listener.log();
  for (const CONNID id : ids) EXPECT_EQ(log.CountEnds(id), 1u) << id;
  EXPECT_EQ(log.Count(EventKind::kShutdown), 2u);
}

// Spec: decisions 2.4, decisions 3.3
TEST_P(TcpGateway, EndsTheAgentInsideACallbackOfTheServer) {
  for (const bool destroy : {false, true}) {
    SCOPED_TRACE(destroy ? "destroyed" : "stopped");
    ServerUnderTest& server = StartedServer();
    AgentUnderTest& agent = StartedAgent(true);
    const Link back = agent.Connect();
    EndInside(server, agent, destroy, back.id);
  }
}

// Spec: decisions 2.4, decisions 2.5, decisions 3.3
TEST_P(TcpGateway, EndsTheServerInsideACallbackOfTheAgent) {
  for (const bool destroy : {false, true}) {
    SCOPED_TRACE(destroy ? "destroyed" : "stopped");
    ServerUnderTest& server = StartedServer();
    AgentUnderTest& agent = StartedAgent(true);
    const Link front = server.Connect();
    EndInside(agent, server, destroy, front.id);
  }
}

// Spec: decisions 3.1, decisions 3.3, decisions 5.8
TEST_P(TcpGateway, ConnectsToTheServerInsideACallbackOfIt) {
  ServerUnderTest& server = NewServer();
  AgentUnderTest& agent = StartedAgent(false);
  CONNID id = 0;
  Gate connected;
  server.events().DoOnce(EventKind::kReceive, [&](const Event& event) {
    // The worker that is to accept it may be this one: the kernel completes the connect.
    EXPECT_TRUE(agent.ConnectTo("127.0.0.1", server.port(), &id));
    EXPECT_EQ(agent.events().log().First(EventKind::kConnect)->thread, event.thread);
    connected.Open();
  });
  server.MustStart();
  const Link link = server.Connect();
  ASSERT_TRUE(link->Send("connect"));
  ASSERT_TRUE(connected.Pass());
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kAccept, 2));
  EXPECT_TRUE(agent->Send(id, Bytes("here I am"), 9));
  EXPECT_TRUE(server.events().WaitFor(
      [](const EventLog& log) { return log.Received(log.Ids().back()) == "here I am"; }));
}

// Each hands the other the very bytes that its OnReceive got.
// Spec: §1.1, decisions 3.4, decisions 4.2
TEST_P(TcpGateway, PassesOnWhatItReceivesByteByByte) {
  ServerUnderTest& server = StartedServer();
  AgentUnderTest& agent = StartedAgent(true);
  const Link front = server.Connect();
  const Link back = agent.Connect();
  PassOn(server, agent, back.id);
  PassOn(agent, server, front.id);
  for (const size_t size : {size_t{1}, size_t{5000}, size_t{300'000}}) {
    const std::string request = Pattern(size, 1);
    const std::string answer = Pattern(size, 2);
    ASSERT_TRUE(front->Send(request));
    ASSERT_TRUE(back->Receive(size) == request) << size;
    ASSERT_TRUE(back->Send(answer));
    ASSERT_TRUE(front->Receive(size) == answer) << size;
  }
  EXPECT_TRUE(
      server.events().WaitFor([&](const EventLog& log) { return log.Sent(front.id).size() == 305'001; }));
  EXPECT_TRUE(
      agent.events().WaitFor([&](const EventLog& log) { return log.Sent(back.id).size() == 305'001; }));
}

// A side that ends takes the other with it, as a gateway's callbacks see to.
// Spec: decisions 3.3, decisions 4.8
TEST_P(TcpGateway, EndsTheOtherSideInsideOnClose) {
  ServerUnderTest& server = StartedServer();
  AgentUnderTest& agent = StartedAgent(true);
  for (const bool from_front : {false, true}) {
    SCOPED_TRACE(from_front ? "the client goes" : "the other server goes");
    Link front = server.Connect();
    Link back = agent.Connect();
    server.events().Do(EventKind::kClose, [&](const Event&) { agent->Disconnect(back.id); });
    agent.events().Do(EventKind::kClose, [&](const Event&) { server->Disconnect(front.id); });
    (from_front ? front : back)->Close();
    EXPECT_EQ((from_front ? back : front)->AwaitEnd(), harness::StreamEnd::kOrderly);
    EXPECT_TRUE(server.CountBecomes(0));
    EXPECT_TRUE(agent.CountBecomes(0));
    EXPECT_EQ(server.events().log().CountEnds(front.id), 1u);
    EXPECT_EQ(agent.events().log().CountEnds(back.id), 1u);
  }
}

// Each of a ring, servers and agents by turns, stops the next one inside a callback, all at once.
// Spec: decisions 2.4
TEST_P(TcpGateway, DoesNotDeadlockWhenAllStopEachOther) {
  for (const size_t pairs : {1u, 2u, 3u}) {
    SCOPED_TRACE(pairs);
    std::vector<ComplexUnderTest*> ring;
    std::vector<Link> links;
    std::atomic<size_t> inside{0};
    Gate everybody;
    for (size_t i = 0; i < pairs; ++i) {
      ring.push_back(&StartedServer());
      ring.push_back(&StartedAgent(true));
    }
    for (size_t i = 0; i < ring.size(); ++i) {
      ComplexUnderTest& next = *ring[(i + 1) % ring.size()];
      ring[i]->events().DoOnce(EventKind::kReceive, [&](const Event&) {
        if (inside.fetch_add(1) + 1 == ring.size()) everybody.Open();
        EXPECT_TRUE(everybody.Pass());
        EXPECT_TRUE(next->Stop());
      });
      links.push_back(ring[i]->Connect());
    }
    for (const Link& link : links) ASSERT_TRUE(link->Send("stop the next"));
    for (ComplexUnderTest* const component : ring) {
      ASSERT_TRUE(component->events().WaitForCount(EventKind::kReceive, 1));
      ASSERT_TRUE((*component)->Wait(harness::kPatienceMs));
      const EventLog log = component->events().log();
      EXPECT_EQ(log.Last()->kind, EventKind::kShutdown);
      EXPECT_EQ(log.Count(EventKind::kShutdown), 1u);
      EXPECT_EQ(log.CountEnds(), 1u);
    }
  }
}

// A callback that waits for the other, whose callback ends the first: the end of the chain must not wait for
// its beginning. Spec: decisions 2.4
TEST_P(TcpGateway, StopsWhoeverWaitsForThisCallbackAsynchronously) {
  ServerUnderTest& server = StartedServer();
  AgentUnderTest& agent = StartedAgent(true);
  const Link front = server.Connect();
  const Link back = agent.Connect();
  agent.events().DoOnce(EventKind::kReceive, [&](const Event&) {
    EXPECT_TRUE(server->Stop());
    EXPECT_EQ(server->GetState(), SS_STOPPED) << "this one is synchronous";
  });
  server.events().DoOnce(EventKind::kClose, [&](const Event&) {
    EXPECT_TRUE(agent->Stop());
    EXPECT_EQ(agent->GetState(), SS_STOPPING) << "this one is not: its callback waits for us";
  });
  ASSERT_TRUE(back->Send("stop the server"));
  ASSERT_TRUE(agent.events().WaitForCount(EventKind::kReceive, 1));
  EXPECT_TRUE(agent->Wait(harness::kPatienceMs));
  EXPECT_EQ(agent.events().log().CountEnds(back.id), 1u);
  EXPECT_EQ(server.events().log().CountEnds(front.id), 1u);
}

}  // namespace
}  // namespace hpsocket::conformance
