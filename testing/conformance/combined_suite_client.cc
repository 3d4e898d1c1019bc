// Conformance: servers and clients of one process together: their IDs, a listener that they share, and
// what each may do to the other inside a callback.
#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/client_fixture.h"
#include "hpsocket/testing/conformance/server_fixture.h"
#include "hpsocket/testing/harness/conformance_main.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/recorder.h"
#include "hpsocket/testing/harness/variant.h"

namespace hpsocket::conformance {
namespace {

using harness::Environment;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;
using harness::LogOf;
using harness::Peer;
using harness::PeerListener;
using harness::StreamEnd;

struct Pair {
  harness::TcpServerFactory server;
  harness::TcpClientFactory client;
};
void PrintTo(const Pair& pair, std::ostream* out) { *out << pair.server.name << " and " << pair.client.name; }

std::vector<Pair> EveryPair() {
  std::vector<Pair> pairs;
  for (const harness::TcpServerFactory& server : harness::PushTcpServers()) {
    for (const harness::TcpClientFactory& client : harness::PushTcpClients())
      pairs.push_back({server, client});
  }
  return pairs;
}

class TcpTogether : public ::testing::TestWithParam<Pair> {
 protected:
  void SetUp() override {
    if (!harness::SkipReason().empty()) GTEST_SKIP() << harness::SkipReason();
  }

  void TearDown() override {
    for (const auto& client : clients_) client->Destroy();
    for (const auto& server : servers_) server->Destroy();
    for (const auto& client : clients_) Judge(client->events().log(), LogOf::kClient, client->begun());
    for (const auto& server : servers_) Judge(server->events().log(), LogOf::kServer, {});
  }

  ServerUnderTest& NewServer() {
    servers_.push_back(std::make_unique<ServerUnderTest>(GetParam().server, false));
    return *servers_.back();
  }
  ServerUnderTest& StartedServer() {
    NewServer().MustStart();
    return *servers_.back();
  }
  ClientUnderTest& NewClient() {
    clients_.push_back(std::make_unique<ClientUnderTest>(GetParam().client, false));
    return *clients_.back();
  }
  // Somebody else's listener, for clients whose server is not under test.
  PeerListener& Listener() {
    listeners_.push_back(Environment::Current().Listen({}));
    return *listeners_.back();
  }

  // Connects the client to the server; the ID under which the server knows it, its OnAccept over.
  static CONNID Join(ClientUnderTest& client, ServerUnderTest& server, bool async = false) {
    const size_t before = server.events().log().CountReturned(EventKind::kAccept);
    EXPECT_TRUE(client.Start("127.0.0.1", server.port(), async));
    EXPECT_TRUE(server.events().WaitForCount(EventKind::kAccept, before + 1));
    return server.events().log().Ids().at(before);
  }

 private:
  static void Judge(const EventLog& log, LogOf role, const std::set<CONNID>& begun) {
    for (const std::string& violation :
         log.Violations(role, true, begun, harness::CurrentVariant().recv_policy))
      ADD_FAILURE() << violation;
    if (HasFailure()) std::printf("What the listener saw:\n%s", log.ToText().c_str());
  }

  std::vector<std::unique_ptr<ServerUnderTest>> servers_;
  std::vector<std::unique_ptr<ClientUnderTest>> clients_;
  std::vector<std::unique_ptr<PeerListener>> listeners_;
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpTogether);

std::string PairName(const ::testing::TestParamInfo<Pair>& info) {
  return info.param.server.name + info.param.client.name;
}
INSTANTIATE_TEST_SUITE_P(Conformance, TcpTogether, ::testing::ValuesIn(EveryPair()), PairName);

// Spec: api §6.9/1, decisions 1.4, C23
TEST_P(TcpTogether, CountIdsUpThroughOneCounter) {
  ServerUnderTest& first = StartedServer();
  ServerUnderTest& second = StartedServer();
  CONNID last = 0;
  for (int round = 0; round < 12; ++round) {
    ClientUnderTest& client = NewClient();
    const CONNID server_id = Join(client, round % 2 == 0 ? first : second, round % 3 == 0);
    const CONNID client_id = client->GetConnectionID();
    EXPECT_GT(client_id, last);
    EXPECT_GT(server_id, client_id) << "the client had its ID before it connected";
    last = server_id;
    if (round % 4 == 0) {
      EXPECT_TRUE(client->Stop());
    }
  }
}

// Everything that a listener of servers and one of clients has, as one object.
class ListenerOfAll final : public harness::TcpServerEvents,
                            public IClientListener,
                            public harness::Recorder {
 public:
  EnHandleResult OnPrepareListen(SOCKET) override { return Note(EventKind::kPrepareListen, 0); }
  EnHandleResult OnAccept(CONNID id, SOCKET) override { return Note(EventKind::kAccept, id); }
  EnHandleResult OnSend(CONNID, const uint8_t*, int) override { return HR_OK; }
  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    return NoteData(id, data, length);
  }
  EnHandleResult OnReceive(CONNID, int) override { return HR_ERROR; }
  EnHandleResult OnClose(CONNID id) override { return Note(EventKind::kClose, id); }
  EnHandleResult OnError(CONNID id, EnSocketOperation, int) override { return Note(EventKind::kError, id); }
  EnHandleResult OnShutdown() override { return Note(EventKind::kShutdown, 0); }

  EnHandleResult OnPrepareConnect(IClient* client, SOCKET) override {
    return Note(EventKind::kPrepareConnect, client->GetConnectionID());
  }
  EnHandleResult OnConnect(IClient* client) override {
    return Note(EventKind::kConnect, client->GetConnectionID());
  }
  EnHandleResult OnSend(IClient*, const uint8_t*, int) override { return HR_OK; }
  EnHandleResult OnReceive(IClient* client, const uint8_t* data, int length) override {
    return NoteData(client->GetConnectionID(), data, length);
  }
  EnHandleResult OnReceive(IClient*, int) override { return HR_ERROR; }
  EnHandleResult OnClose(IClient* client) override {
    return Note(EventKind::kClose, client->GetConnectionID());
  }
  EnHandleResult OnError(IClient* client, EnSocketOperation, int) override {
    return Note(EventKind::kError, client->GetConnectionID());
  }

 private:
  EnHandleResult Note(EventKind kind, CONNID id) {
    Event event;
    event.kind = kind;
    event.id = id;
    return Record(std::move(event));
  }
  EnHandleResult NoteData(CONNID id, const uint8_t* data, int length) {
    Event event;
    event.kind = EventKind::kReceive;
    event.id = id;
    event.data.assign(reinterpret_cast<const char*>(data), static_cast<size_t>(length));
    return Record(std::move(event));
  }
};

// Spec: §1.1, decisions 1.4, decisions 1.5, C23, §4.2/10
TEST_P(TcpTogether, TellThemselvesApartToOneListenerOfAll) {
  ListenerOfAll listener;
  const auto server = GetParam().server.make(listener);
  std::vector<std::unique_ptr<harness::TcpClientSubject>> clients;
  ASSERT_TRUE(server->server().Start("127.0.0.1", 0));
  char text[64];
  int length = sizeof(text);
  uint16_t port = 0;
  ASSERT_TRUE(server->server().GetListenAddress(text, length, port));
  std::set<CONNID> clients_ids;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(GetParam().client.make(listener));
    ASSERT_TRUE(clients.back()->client().Start("127.0.0.1", port));
    clients_ids.insert(clients.back()->client().GetConnectionID());
    ASSERT_TRUE(listener.WaitForCount(EventKind::kAccept, clients.size()));
  }
  std::set<CONNID> ids;
  for (const CONNID id : listener.log().Ids()) ids.insert(id);
  EXPECT_EQ(ids.size(), 6u) << "three that connected, three that were accepted";
  for (const CONNID id : ids) {
    const std::string message = "to the other side of " + std::to_string(id);
    if (clients_ids.count(id) > 0) continue;
    EXPECT_TRUE(server->server().Send(id, Bytes(message), Length(message)));
  }
  // Whatever has an ID of a client says so to the server.
  for (const auto& client : clients) {
    const std::string message = "from " + std::to_string(client->client().GetConnectionID());
    EXPECT_TRUE(client->client().Send(Bytes(message), Length(message)));
    EXPECT_FALSE(server->server().Send(client->client().GetConnectionID(), Bytes(message), 1))
        << "a client's ID means nothing to a server";
  }
  EXPECT_TRUE(listener.WaitFor([&](const EventLog& log) {
    size_t complete = 0;
    for (const CONNID id : ids) {
      const std::string prefix = clients_ids.count(id) > 0 ? "to the other side of " : "from ";
      if (log.Received(id).rfind(prefix, 0) == 0) ++complete;
    }
    return complete == ids.size();
  }));
  for (const auto& client : clients) EXPECT_TRUE(client->client().Stop());
  EXPECT_TRUE(server->server().Stop());
  const EventLog log = listener.log();
  for (const CONNID id : ids) EXPECT_EQ(log.CountEnds(id), 1u) << id;
  EXPECT_EQ(log.Count(EventKind::kShutdown), 1u);
}

// Spec: decisions 2.4, decisions 3.3, decisions 3.5
TEST_P(TcpTogether, StopAClientSynchronouslyInsideACallbackOfTheServer) {
  for (const bool destroy : {false, true}) {
    SCOPED_TRACE(destroy ? "destroyed" : "stopped");
    ServerUnderTest& server = NewServer();
    ClientUnderTest& client = NewClient();
    std::thread::id worker;
    server.events().DoOnce(EventKind::kReceive, [&](const Event& event) {
      worker = event.thread;
      if (destroy) {
        client.Destroy();
      } else {
        EXPECT_TRUE(client->Stop());
        EXPECT_EQ(client->GetState(), SS_STOPPED);
      }
      EXPECT_EQ(client.events().running(), 0u);
      EXPECT_EQ(client.events().log().CountEnds(), 1u);
    });
    server.MustStart();
    const CONNID id = Join(client, server);
    EXPECT_TRUE(client->Send(Bytes("stop me"), 7));
    ASSERT_TRUE(server.events().WaitForCount(EventKind::kReceive, 1));
    const EventLog log = client.events().log();
    EXPECT_EQ(log.Last()->kind, EventKind::kClose);
    EXPECT_EQ(log.Last()->thread, worker) << "OnClose comes on the caller of Stop";
    EXPECT_TRUE(server.events().WaitFor([&](const EventLog& now) { return now.CountEnds(id) == 1; }));
    EXPECT_EQ(server->GetState(), SS_STARTED);
  }
}

// Spec: decisions 2.4, decisions 2.5, decisions 3.3
TEST_P(TcpTogether, StopAServerSynchronouslyInsideACallbackOfTheClient) {
  for (const bool destroy : {false, true}) {
    SCOPED_TRACE(destroy ? "destroyed" : "stopped");
    ServerUnderTest& server = NewServer();
    ClientUnderTest& client = NewClient();
    std::thread::id worker;
    client.events().DoOnce(EventKind::kReceive, [&](const Event& event) {
      worker = event.thread;
      if (destroy) {
        server.Destroy();
      } else {
        EXPECT_TRUE(server->Stop());
        EXPECT_EQ(server->GetState(), SS_STOPPED);
      }
      EXPECT_EQ(server.events().running(), 0u);
      EXPECT_EQ(client.events().log().CountEnds(), 0u) << "its own OnReceive is still running";
    });
    server.MustStart();
    const CONNID id = Join(client, server);
    EXPECT_TRUE(server->Send(id, Bytes("stop me"), 7));
    ASSERT_TRUE(client.events().WaitForCount(EventKind::kReceive, 1));
    const EventLog log = server.events().log();
    EXPECT_EQ(log.Count(EventKind::kClose, id), 1u);
    EXPECT_EQ(log.Last()->kind, EventKind::kShutdown);
    EXPECT_EQ(log.Last()->thread, worker) << "OnShutdown comes on the caller of Stop";
    EXPECT_TRUE(client->Wait(harness::kPatienceMs)) << "its peer is gone, so it stops itself";
    EXPECT_EQ(client.events().log().CountEnds(), 1u);
  }
}

// Spec: decisions 3.1, decisions 3.3
TEST_P(TcpTogether, ConnectAClientToTheServerInWhoseCallbackItIsStarted) {
  ServerUnderTest& server = NewServer();
  ClientUnderTest& client = NewClient();
  Gate connected;
  server.events().DoOnce(EventKind::kReceive, [&](const Event& event) {
    // The worker that is to accept it may be this one: the kernel completes the connect.
    EXPECT_TRUE(client.Start("127.0.0.1", server.port()));
    EXPECT_EQ(client->GetState(), SS_STARTED);
    EXPECT_EQ(client.events().log().First(EventKind::kConnect)->thread, event.thread);
    connected.Open();
  });
  server.MustStart();
  const Link link = server.Connect();
  ASSERT_TRUE(link->Send("start one"));
  ASSERT_TRUE(connected.Pass());
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kAccept, 2));
  EXPECT_TRUE(client->Send(Bytes("here I am"), 9));
  EXPECT_TRUE(server.events().WaitFor(
      [](const EventLog& log) { return log.Received(log.Ids().back()) == "here I am"; }));
}

// Each of a ring, servers and clients by turns, stops the next one inside a callback, all at once.
// Spec: decisions 2.4
TEST_P(TcpTogether, DoNotDeadlockWhenAllStopEachOther) {
  for (const size_t pairs : {1u, 2u, 3u}) {
    SCOPED_TRACE(pairs);
    std::vector<ServerUnderTest*> servers;
    std::vector<ClientUnderTest*> clients;
    std::vector<Link> links;
    std::vector<std::unique_ptr<Peer>> peers;
    std::atomic<size_t> inside{0};
    Gate everybody;
    const auto meet = [&] {
      if (inside.fetch_add(1) + 1 == 2 * pairs) everybody.Open();
      EXPECT_TRUE(everybody.Pass());
    };
    for (size_t i = 0; i < pairs; ++i) {
      servers.push_back(&NewServer());
      clients.push_back(&NewClient());
    }
    for (size_t i = 0; i < pairs; ++i) {
      ClientUnderTest& client = *clients[i];
      ServerUnderTest& next_server = *servers[(i + 1) % pairs];
      servers[i]->events().DoOnce(EventKind::kReceive, [&](const Event&) {
        meet();
        EXPECT_TRUE(client->Stop());
      });
      client.events().DoOnce(EventKind::kReceive, [&](const Event&) {
        meet();
        EXPECT_TRUE(next_server->Stop());
      });
      servers[i]->MustStart();
      links.push_back(servers[i]->Connect());
      peers.push_back(client.Connect(Listener()));
    }
    for (const Link& link : links) ASSERT_TRUE(link->Send("stop the next"));
    for (const auto& peer : peers) ASSERT_TRUE(peer->Send("stop the next"));
    for (size_t i = 0; i < pairs; ++i) {
      ASSERT_TRUE(servers[i]->events().WaitForCount(EventKind::kReceive, 1));
      ASSERT_TRUE(clients[i]->events().WaitForCount(EventKind::kReceive, 1));
      ASSERT_TRUE((*servers[i])->Wait(harness::kPatienceMs));
      ASSERT_TRUE((*clients[i])->Wait(harness::kPatienceMs));
      const EventLog log = servers[i]->events().log();
      EXPECT_EQ(log.Last()->kind, EventKind::kShutdown);
      EXPECT_EQ(log.Count(EventKind::kShutdown), 1u);
      EXPECT_EQ(log.CountEnds(), 1u);
      EXPECT_EQ(clients[i]->events().log().CountEnds(), 1u);
    }
  }
}

// A client's callback that waits for the server, whose callback ends the client: the end of the chain
// must not wait for its beginning.
// Spec: decisions 2.4
TEST_P(TcpTogether, StopWhoeverWaitsForThisCallbackAsynchronously) {
  ServerUnderTest& server = NewServer();
  ClientUnderTest& client = NewClient();
  client.events().DoOnce(EventKind::kReceive, [&](const Event&) {
    EXPECT_TRUE(server->Stop());
    EXPECT_EQ(server->GetState(), SS_STOPPED) << "this one is synchronous";
  });
  server.events().DoOnce(EventKind::kClose, [&](const Event&) {
    EXPECT_TRUE(client->Stop());
    EXPECT_EQ(client->GetState(), SS_STOPPING) << "this one is not: its callback waits for us";
    EXPECT_EQ(client.events().log().CountEnds(), 0u);
  });
  server.MustStart();
  const Link link = server.Connect();
  const std::unique_ptr<Peer> peer = client.Connect(Listener());
  ASSERT_TRUE(peer->Send("stop the server"));
  ASSERT_TRUE(client.events().WaitForCount(EventKind::kReceive, 1));
  EXPECT_TRUE(client->Wait(harness::kPatienceMs));
  EXPECT_EQ(client.events().log().Count(EventKind::kClose), 1u);
  EXPECT_EQ(server.events().log().Count(EventKind::kClose, link.id), 1u);
}

// The client's OnConnect runs on the server's worker, inside the server's OnReceive: a callback of both.
// Spec: decisions 2.4
TEST_P(TcpTogether, StopBothAsynchronouslyInsideACallbackOfBoth) {
  ServerUnderTest& server = NewServer();
  ClientUnderTest& client = NewClient();
  PeerListener& listener = Listener();
  client.events().DoOnce(EventKind::kConnect, [&](const Event&) {
    EXPECT_TRUE(server->Stop());
    EXPECT_EQ(server->GetState(), SS_STOPPING);
    EXPECT_FALSE(server->Wait(-1));
    EXPECT_EQ(server->GetLastError(), SE_ILLEGAL_STATE);
    EXPECT_TRUE(client->Stop());
  });
  server.events().DoOnce(EventKind::kReceive, [&](const Event&) {
    EXPECT_FALSE(client.Start("127.0.0.1", listener.port()));
    EXPECT_EQ(client->GetLastError(), SE_ILLEGAL_STATE);
  });
  server.MustStart();
  const Link link = server.Connect();
  ASSERT_TRUE(link->Send("x"));
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kReceive, 1));
  EXPECT_TRUE(server->Wait(harness::kPatienceMs));
  EXPECT_TRUE(client->Wait(harness::kPatienceMs));
  EXPECT_EQ(client.events().log().Count(EventKind::kConnect), 1u);
  EXPECT_EQ(client.events().log().CountEnds(), 0u) << "FALSE is never followed by an event";
}

class TcpTogetherDeathTest : public TcpTogether {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpTogetherDeathTest);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpTogetherDeathTest, ::testing::ValuesIn(EveryPair()), PairName);

// Spec: decisions 2.4, decisions 2.5
TEST_P(TcpTogetherDeathTest, EndTheProcessNamingBothWhenAServerDestroysTheClientThatWaitsForIt) {
  EXPECT_DEATH(
      {
        ServerUnderTest& server = NewServer();
        ClientUnderTest& client = NewClient();
        client.events().Do(EventKind::kReceive, [&](const Event&) { server->Stop(); });
        server.events().Do(EventKind::kClose, [&](const Event&) { client.Destroy(); });
        server.MustStart();
        const Link link = server.Connect();
        const std::unique_ptr<Peer> peer = client.Connect(Listener());
        peer->Send("x");
        peer->AwaitEnd();
      },
      "Client is destroyed inside a callback of [A-Za-z]*Server, which it waits for");
}

// Spec: decisions 2.4, decisions 2.5
TEST_P(TcpTogetherDeathTest, EndTheProcessNamingBothWhenAClientDestroysTheServerThatWaitsForIt) {
  EXPECT_DEATH(
      {
        ServerUnderTest& server = NewServer();
        ClientUnderTest& client = NewClient();
        Gate inside;
        Gate stopping;
        // The client is inside its callback while the server waits for it, so that one cannot take over.
        client.events().Do(EventKind::kReceive, [&](const Event&) {
          inside.Open();
          stopping.Pass();
          harness::RunUntil([&] { return client->GetState() == SS_STOPPING; });
          server.Destroy();
        });
        server.events().Do(EventKind::kReceive, [&](const Event&) {
          inside.Pass();
          stopping.Open();
          client->Stop();
        });
        server.MustStart();
        const Link link = server.Connect();
        const std::unique_ptr<Peer> peer = client.Connect(Listener());
        peer->Send("x");
        link->Send("x");
        link->AwaitEnd();
      },
      "Server is destroyed inside a callback of [A-Za-z]*Client, which it waits for");
}

// Spec: decisions 2.5
TEST_P(TcpTogetherDeathTest, EndTheProcessWhenAServerIsDestroyedInsideAClientsCallbackInsideItsOwn) {
  EXPECT_DEATH(
      {
        ServerUnderTest& server = NewServer();
        ClientUnderTest& client = NewClient();
        PeerListener& listener = Listener();
        client.events().Do(EventKind::kConnect, [&](const Event&) { server.Destroy(); });
        server.events().Do(EventKind::kReceive,
                           [&](const Event&) { client.Start("127.0.0.1", listener.port()); });
        server.MustStart();
        const Link link = server.Connect();
        link->Send("x");
        link->AwaitEnd();
      },
      "Server is destroyed inside one of its own callbacks");
}

}  // namespace
}  // namespace hpsocket::conformance
