// Conformance: how a PUSH server hands up what arrives, and on which threads.
#include <algorithm>
#include <future>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/server_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/variant.h"

namespace hpsocket::conformance {
namespace {

using harness::Environment;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;
using harness::StreamEnd;

class TcpServerPush : public ServerTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpServerPush);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpServerPush, ::testing::ValuesIn(harness::PushTcpServers()),
                         ServerName);

// Spec: §2.1.1, §2.2.2, api §6.8/1, api §6.8/2, decisions 4.1, C11
TEST_P(TcpServerPush, GivesEveryByteBackWhateverTheSizes) {
  for (const uint32_t buffer : {64u, 4096u, 65536u}) {
    ServerUnderTest& server = NewServer();
    server.tcp().SetSocketBufferSize(buffer);
    server.EchoBack();
    server.MustStart();
    uint32_t seed = buffer;
    for (const size_t size : {1u, 63u, 64u, 65u, 4095u, 4096u, 4097u, 65536u, 1048576u}) {
      SCOPED_TRACE("buffer " + std::to_string(buffer) + ", message " + std::to_string(size));
      const Link link = server.Connect();
      const std::string message = Pattern(size, ++seed);
      ASSERT_TRUE(link->Send(message));
      ASSERT_TRUE(link->Receive(size) == message);
      link->Close();
      ASSERT_TRUE(server.events().WaitFor([&](const EventLog& log) { return log.CountEnds(link.id) == 1; }));
      const EventLog log = server.events().log();
      EXPECT_TRUE(log.Received(link.id) == message);
      for (const Event& event : log.events()) {
        if (event.kind != EventKind::kReceive || event.id != link.id) continue;
        EXPECT_GE(event.data.size(), 1u);
        EXPECT_LE(event.data.size(), buffer);
      }
    }
  }
}

// Spec: api §6.8/2, decisions 4.1
TEST_P(TcpServerPush, GivesBytesUpThatComeOneAtATime) {
  ServerUnderTest& server = EchoServer();
  const Link link = server.Connect();
  const std::string message = Pattern(300);
  for (const char byte : message) {
    ASSERT_TRUE(link->Send(std::string_view(&byte, 1)));
    ASSERT_EQ(link->Receive(1)[0], byte);
  }
  EXPECT_EQ(server.events().log().Received(link.id), message);
}

// Spec: api §6.2/4, api §6.3, decisions 3.1
TEST_P(TcpServerPush, FinishesOnAcceptBeforeTheFirstOnReceive) {
  ServerUnderTest& server = NewServer();
  Gate gate;
  server.events().DoOnce(EventKind::kAccept, [&](const Event&) { EXPECT_TRUE(gate.Pass()); });
  server.MustStart();
  const auto peer = Environment::Current().Connect("127.0.0.1", server.port(), {});
  ASSERT_NE(peer, nullptr);
  ASSERT_TRUE(peer->Send("early"));
  ASSERT_TRUE(
      server.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kAccept) == 1; }));
  EXPECT_EQ(server.events().log().Count(EventKind::kReceive), 0u);
  gate.Open();
  ASSERT_TRUE(server.events().WaitFor([](const EventLog& log) { return log.Received() == 5; }));
  const EventLog log = server.events().log();
  EXPECT_EQ(log.Received(log.Ids()[0]), "early");
}

// Spec: api §6.2/2t, api §6.2/1, decisions 3.1
TEST_P(TcpServerPush, RunsAllEventsOfAConnectionOnOneWorker) {
  ServerUnderTest& server = EchoServer();
  std::vector<Link> links;
  for (int i = 0; i < 8; ++i) links.push_back(server.Connect());
  for (int round = 0; round < 20; ++round) {
    for (const Link& link : links) ASSERT_TRUE(link->Send(Pattern(1000)));
    for (const Link& link : links) ASSERT_TRUE(link->Receive(1000) == Pattern(1000));
  }
  for (const Link& link : links) link->Close();
  ASSERT_TRUE(server.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kClose) == 8; }));
  std::map<CONNID, std::set<std::thread::id>> threads;
  for (const Event& event : server.events().log().events()) {
    if (event.id != 0) threads[event.id].insert(event.thread);
  }
  ASSERT_EQ(threads.size(), 8u);
  for (const auto& [id, of_one] : threads) {
    EXPECT_EQ(of_one.size(), 1u) << id;
    EXPECT_EQ(of_one.count(std::this_thread::get_id()), 0u) << "not on the application's thread";
  }
}

// Spec: D11.5, decisions 3.1
TEST_P(TcpServerPush, SpreadsConnectionsEvenlyOverItsWorkers) {
  const uint32_t workers = harness::CurrentVariant().workers;
  if (workers == 0) GTEST_SKIP() << "no --workers was given";
  ServerUnderTest& server = StartedServer();
  std::vector<Link> links;
  for (int i = 0; i < 42; ++i) links.push_back(server.Connect());
  std::map<std::thread::id, size_t> load;
  for (const Event& event : server.events().log().events()) {
    if (event.kind == EventKind::kAccept) ++load[event.thread];
  }
  EXPECT_EQ(load.size(), workers);
  size_t least = links.size();
  size_t most = 0;
  for (const auto& [thread, count] : load) {
    least = std::min(least, count);
    most = std::max(most, count);
  }
  EXPECT_LE(most - least, 1u);
}

// Spec: decisions 2.1, decisions 3.1
TEST_P(TcpServerPush, RunsWithAsManyWorkersAsItWasTold) {
  ServerUnderTest& server = NewServer();
  server->SetWorkerThreadCount(3);
  server.MustStart();
  std::vector<Link> links;
  for (int i = 0; i < 9; ++i) links.push_back(server.Connect());
  EXPECT_EQ(server.events().log().Threads(EventKind::kAccept).size(), 3u);
}

// Spec: decisions 3.1
TEST_P(TcpServerPush, ServesOthersWhileOneWorkerIsBlocked) {
  if (harness::CurrentVariant().workers == 1) GTEST_SKIP() << "needs a second worker";
  ServerUnderTest& server = NewServer();
  server->SetWorkerThreadCount(2);
  Gate gate;
  server.events().React(EventKind::kReceive, [&](const Event& event) {
    if (event.data == "block") {
      EXPECT_TRUE(gate.Pass());
    }
    return server->Send(event.id, event.bytes, Length(event.data)) ? HR_OK : HR_ERROR;
  });
  server.MustStart();
  const Link first = server.Connect();
  const Link second = server.Connect();
  const EventLog log = server.events().log();
  ASSERT_NE(log.First(EventKind::kAccept, first.id)->thread,
            log.First(EventKind::kAccept, second.id)->thread);
  ASSERT_TRUE(first->Send("block"));
  ASSERT_TRUE(
      server.events().WaitFor([](const EventLog& now) { return now.Count(EventKind::kReceive) == 1; }));
  EXPECT_TRUE(server.Echoes(second, "not me"));
  gate.Open();
  EXPECT_EQ(first->Receive(5), "block");
}

// Spec: §2.2.2, api §6.3, C05
TEST_P(TcpServerPush, ServesManyConnectionsAtOnce) {
  constexpr size_t kConnections = 500;
  ServerUnderTest& server = EchoServer();
  const uint16_t port = server.port();
  std::vector<std::unique_ptr<harness::Peer>> peers;
  for (size_t i = 0; i < kConnections; ++i) {
    peers.push_back(Environment::Current().Connect("127.0.0.1", port, {}));
    ASSERT_NE(peers.back(), nullptr) << i;
  }
  for (size_t i = 0; i < kConnections; ++i)
    ASSERT_TRUE(peers[i]->Send(Pattern(200, static_cast<uint32_t>(i))));
  for (size_t i = 0; i < kConnections; ++i) {
    ASSERT_TRUE(peers[i]->Receive(200) == Pattern(200, static_cast<uint32_t>(i))) << i;
  }
  EXPECT_EQ(server->GetConnectionCount(), kConnections);
  peers.clear();
  ASSERT_TRUE(server.CountBecomes(0));
  const EventLog log = server.events().log();
  EXPECT_EQ(log.Count(EventKind::kAccept), kConnections);
  EXPECT_EQ(log.Count(EventKind::kClose), kConnections);
  EXPECT_EQ(log.Count(EventKind::kError), 0u);
}

// Spec: api §6.3/2, api §3.2/6, §1.4, decisions 2.8, C06
TEST_P(TcpServerPush, DropsSilentlyWhomOnAcceptRefuses) {
  ServerUnderTest& server = NewServer();
  const auto expect_dropped = [&server](size_t accepts) {
    const auto peer = Environment::Current().Connect("127.0.0.1", server.port(), {});
    ASSERT_NE(peer, nullptr);
    peer->Send("hello?");
    EXPECT_NE(peer->AwaitEnd(), StreamEnd::kOpen);
    EXPECT_TRUE(server.CountBecomes(0));
    EXPECT_EQ(server.events().log().Count(EventKind::kAccept), accepts);
    EXPECT_EQ(server.events().log().size(), 1 + accepts) << "no event but OnPrepareListen and OnAccept";
  };
  server.events().React(EventKind::kAccept, [](const Event&) { return HR_ERROR; });
  server.MustStart();
  expect_dropped(1);
  server.events().React(EventKind::kAccept,
                        [](const Event&) -> EnHandleResult { throw std::runtime_error("thrown by a test"); });
  expect_dropped(2);
  HP_Stats stats;
  ASSERT_TRUE(server->GetStats(stats));
  EXPECT_EQ(stats.contained_exceptions, 1u);
  server.events().React(EventKind::kAccept, nullptr);
  server.EchoBack();
  const Link link = server.Connect();
  EXPECT_TRUE(server.Echoes(link, "welcome"));
}

// Spec: api §3.2/2, §1.4, decisions 2.8, decisions 4.3, C07
TEST_P(TcpServerPush, EndsTheConnectionWhoseOnReceiveFails) {
  ServerUnderTest& server = NewServer();
  for (const bool by_exception : {false, true}) {
    server.tcp().SetSocketBufferSize(64);
    server.events().React(EventKind::kReceive, [by_exception](const Event&) -> EnHandleResult {
      if (by_exception) throw std::runtime_error("thrown by a test");
      return HR_ERROR;
    });
    server.MustStart();
    const Link link = server.Connect();
    // Many chunks: what was read behind the failing one is dropped.
    ASSERT_TRUE(link->Send(Pattern(4096)));
    ASSERT_TRUE(server.events().WaitFor([&](const EventLog& log) { return log.CountEnds(link.id) == 1; }));
    EXPECT_NE(link->AwaitEnd(), StreamEnd::kOpen);
    const EventLog log = server.events().log();
    EXPECT_EQ(log.Count(EventKind::kReceive, link.id), 1u);
    const Event* const error = log.First(EventKind::kError, link.id);
    ASSERT_NE(error, nullptr);
    EXPECT_EQ(error->operation, SO_RECEIVE);
    EXPECT_EQ(error->error, ECANCELED);
    EXPECT_EQ(server->GetLastError(), SE_OK);
    ASSERT_TRUE(server->Stop());
  }
}

// Spec: api §3.2/1, decisions 2.8
TEST_P(TcpServerPush, DoesNotCareWhatOnSendAnswers) {
  for (const bool by_exception : {false, true}) {
    ServerUnderTest& server = EchoServer();
    server.events().React(EventKind::kSend, [by_exception](const Event&) -> EnHandleResult {
      if (by_exception) throw std::runtime_error("thrown by a test");
      return HR_ERROR;
    });
    const Link link = server.Connect();
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(server.Echoes(link, "message " + std::to_string(i)));
    EXPECT_TRUE(server.events().WaitFor([&](const EventLog& log) { return log.Sent(link.id).size() == 45; }));
    EXPECT_EQ(server.events().log().CountEnds(link.id), 0u);
  }
}

// Spec: api §3.2/4, decisions 2.8
TEST_P(TcpServerPush, DoesNotCareWhatTheLastEventAnswers) {
  for (const bool by_exception : {false, true}) {
    ServerUnderTest& server = EchoServer();
    const auto fail = [by_exception](const Event&) -> EnHandleResult {
      if (by_exception) throw std::runtime_error("thrown by a test");
      return HR_ERROR;
    };
    server.events().React(EventKind::kClose, fail);
    server.events().React(EventKind::kError, fail);
    const Link closing = server.Connect();
    const Link resetting = server.Connect();
    const Link staying = server.Connect();
    closing->Close();
    resetting->Reset();
    ASSERT_TRUE(server.CountBecomes(1));
    EXPECT_EQ(server.events().log().Count(EventKind::kClose, closing.id), 1u);
    EXPECT_EQ(server.events().log().Count(EventKind::kError, resetting.id), 1u);
    EXPECT_TRUE(server.Echoes(staying, "undisturbed"));
  }
}

// Spec: decisions 4.3, decisions §8
TEST_P(TcpServerPush, StopsReadingWhilePausedAndLosesNothing) {
  ServerUnderTest& server = NewServer();
  server.tcp().SetSocketBufferSize(64);
  server.events().DoOnce(EventKind::kReceive,
                         [&](const Event& event) { EXPECT_TRUE(server->PauseReceive(event.id, true)); });
  server.MustStart();
  const Link link = server.Connect();
  const std::string message = Pattern(100000);
  ASSERT_TRUE(link->Send(message));
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kReceive, 1));
  bool paused = false;
  EXPECT_TRUE(server->IsPauseReceive(link.id, paused));
  EXPECT_TRUE(paused);
  // Another connection on the same worker goes there and back meanwhile.
  std::vector<Link> others;
  for (int i = 0; i < 8; ++i) others.push_back(server.Connect());
  EXPECT_EQ(server.events().log().Count(EventKind::kReceive, link.id), 1u) << "no OnReceive while paused";
  EXPECT_TRUE(server->PauseReceive(link.id, false));
  ASSERT_TRUE(server.events().WaitFor([&](const EventLog& log) { return log.Received() == message.size(); }));
  EXPECT_TRUE(server.events().log().Received(link.id) == message);
  EXPECT_TRUE(server->IsPauseReceive(link.id, paused));
  EXPECT_FALSE(paused);
}

}  // namespace
}  // namespace hpsocket::conformance
