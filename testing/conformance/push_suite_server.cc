// Conformance: how what arrives is handed up, and on which threads. PULL fetches at once what comes.
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
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/conformance/server_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/variant.h"

namespace hpsocket::conformance {
namespace {

using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;
using harness::StreamEnd;

class TcpComplexPush : public ComplexTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexPush);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexPush, ::testing::ValuesIn(TcpComplexes()), ComplexName);

// Spec: §2.1.1, §2.2.2, api §6.8/1, api §6.8/2, decisions 4.1, C11
TEST_P(TcpComplexPush, GivesEveryByteBackWhateverTheSizes) {
  for (const uint32_t buffer : {64u, 4096u, 65536u}) {
    ComplexUnderTest& component = NewComponent();
    component.tcp().SetSocketBufferSize(buffer);
    component.EchoBack();
    component.MustStart();
    uint32_t seed = buffer;
    for (const size_t size : {1u, 63u, 64u, 65u, 4095u, 4096u, 4097u, 65536u, 1048576u}) {
      SCOPED_TRACE("buffer " + std::to_string(buffer) + ", message " + std::to_string(size));
      const Link link = component.Connect();
      const std::string message = Pattern(size, ++seed);
      ASSERT_TRUE(link->Send(message));
      ASSERT_TRUE(link->Receive(size) == message);
      link->Close();
      ASSERT_TRUE(
          component.events().WaitFor([&](const EventLog& log) { return log.CountEnds(link.id) == 1; }));
      const EventLog log = component.events().log();
      EXPECT_TRUE(log.Received(link.id) == message);
      for (const Event& event : log.events()) {
        if (event.kind != EventKind::kReceive || event.id != link.id) continue;
        EXPECT_GE(event.data.size(), 1u);
        // What PULL hands over at once has no such limit.
        if (component.tcp().pull() == nullptr) {
          EXPECT_LE(event.data.size(), buffer);
        }
      }
    }
  }
}

// Spec: api §6.8/2, decisions 4.1, input 12, §4.2/8
TEST_P(TcpComplexPush, GivesBytesUpThatComeOneAtATime) {
  ComplexUnderTest& component = EchoComponent();
  const Link link = component.Connect();
  const std::string message = Pattern(300);
  for (const char byte : message) {
    ASSERT_TRUE(link->Send(std::string_view(&byte, 1)));
    ASSERT_EQ(link->Receive(1)[0], byte);
  }
  EXPECT_EQ(component.events().log().Received(link.id), message);
}

// Spec: api §6.2/4, api §6.3, decisions 3.1
TEST_P(TcpComplexPush, FinishesTheFirstEventBeforeOnReceive) {
  ComplexUnderTest& component = NewComponent();
  Gate gate;
  component.events().DoOnce(component.opening(), [&](const Event&) { EXPECT_TRUE(gate.Pass()); });
  component.MustStart();
  const auto peer = component.NewPeer();
  ASSERT_NE(peer, nullptr);
  ASSERT_TRUE(peer->Send("early"));
  ASSERT_TRUE(
      component.events().WaitFor([&](const EventLog& log) { return log.Count(component.opening()) == 1; }));
  EXPECT_EQ(component.events().log().Count(EventKind::kReceive), 0u);
  gate.Open();
  ASSERT_TRUE(component.events().WaitFor([](const EventLog& log) { return log.Received() == 5; }));
  const EventLog log = component.events().log();
  EXPECT_EQ(log.Received(log.Ids()[0]), "early");
}

// Spec: api §6.2/2t, api §6.2/1, decisions 3.1, api §6.2/3, §4.2/9
TEST_P(TcpComplexPush, RunsAllEventsOfAConnectionOnOneWorker) {
  ComplexUnderTest& component = EchoComponent();
  std::vector<Link> links;
  for (int i = 0; i < 8; ++i) links.push_back(component.Connect());
  for (int round = 0; round < 20; ++round) {
    for (const Link& link : links) ASSERT_TRUE(link->Send(Pattern(1000)));
    for (const Link& link : links) ASSERT_TRUE(link->Receive(1000) == Pattern(1000));
  }
  for (const Link& link : links) link->Close();
  ASSERT_TRUE(
      component.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kClose) == 8; }));
  std::map<CONNID, std::set<std::thread::id>> threads;
  for (const Event& event : component.events().log().events()) {
    // What is prepared is not a connection yet.
    if (event.id != 0 && event.kind != component.preparing()) threads[event.id].insert(event.thread);
  }
  ASSERT_EQ(threads.size(), 8u);
  for (const auto& [id, of_one] : threads) {
    EXPECT_EQ(of_one.size(), 1u) << id;
    EXPECT_EQ(of_one.count(std::this_thread::get_id()), 0u) << "not on the application's thread";
  }
}

// Spec: D11.5, decisions 3.1
TEST_P(TcpComplexPush, SpreadsConnectionsEvenlyOverItsWorkers) {
  const uint32_t workers = harness::CurrentVariant().workers;
  if (workers == 0) GTEST_SKIP() << "no --workers was given";
  ComplexUnderTest& component = StartedComponent();
  std::vector<Link> links;
  for (int i = 0; i < 42; ++i) links.push_back(component.Connect());
  std::map<std::thread::id, size_t> load;
  for (const Event& event : component.events().log().events()) {
    if (event.kind == component.opening()) ++load[event.thread];
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

// Spec: decisions 2.1, decisions 3.1, api §2.1/25t
TEST_P(TcpComplexPush, RunsWithAsManyWorkersAsItWasTold) {
  ComplexUnderTest& component = NewComponent();
  component->SetWorkerThreadCount(3);
  component.MustStart();
  std::vector<Link> links;
  for (int i = 0; i < 9; ++i) links.push_back(component.Connect());
  EXPECT_EQ(component.events().log().Threads(component.opening()).size(), 3u);
}

// Spec: decisions 3.1, fault 17
TEST_P(TcpComplexPush, ServesOthersWhileOneWorkerIsBlocked) {
  if (harness::CurrentVariant().workers == 1) GTEST_SKIP() << "needs a second worker";
  ComplexUnderTest& component = NewComponent();
  component->SetWorkerThreadCount(2);
  Gate gate;
  component.events().React(EventKind::kReceive, [&](const Event& event) {
    if (event.data == "block") {
      EXPECT_TRUE(gate.Pass());
    }
    return component->Send(event.id, event.bytes, Length(event.data)) ? HR_OK : HR_ERROR;
  });
  component.MustStart();
  const Link first = component.Connect();
  const Link second = component.Connect();
  const EventLog log = component.events().log();
  ASSERT_NE(log.First(component.opening(), first.id)->thread,
            log.First(component.opening(), second.id)->thread);
  ASSERT_TRUE(first->Send("block"));
  ASSERT_TRUE(
      component.events().WaitFor([](const EventLog& now) { return now.Count(EventKind::kReceive) == 1; }));
  EXPECT_TRUE(component.Echoes(second, "not me"));
  gate.Open();
  EXPECT_EQ(first->Receive(5), "block");
}

// Spec: §2.2.2, api §6.3, C05
TEST_P(TcpComplexPush, ServesManyConnectionsAtOnce) {
  constexpr size_t kConnections = 500;
  ComplexUnderTest& component = EchoComponent();
  std::vector<std::unique_ptr<harness::Peer>> peers;
  for (size_t i = 0; i < kConnections; ++i) {
    peers.push_back(component.NewPeer());
    ASSERT_NE(peers.back(), nullptr) << i;
  }
  for (size_t i = 0; i < kConnections; ++i)
    ASSERT_TRUE(peers[i]->Send(Pattern(200, static_cast<uint32_t>(i))));
  for (size_t i = 0; i < kConnections; ++i) {
    ASSERT_TRUE(peers[i]->Receive(200) == Pattern(200, static_cast<uint32_t>(i))) << i;
  }
  EXPECT_EQ(component->GetConnectionCount(), kConnections);
  peers.clear();
  ASSERT_TRUE(component.CountBecomes(0));
  const EventLog log = component.events().log();
  EXPECT_EQ(log.Count(component.opening()), kConnections);
  EXPECT_EQ(log.Count(EventKind::kClose), kConnections);
  EXPECT_EQ(log.Count(EventKind::kError), 0u);
}

// Spec: api §3.2/2, §1.4, decisions 2.8, decisions 4.3, C07, fault 15, input 15
TEST_P(TcpComplexPush, EndsTheConnectionWhoseOnReceiveFails) {
  ComplexUnderTest& component = NewComponent();
  for (const bool by_exception : {false, true}) {
    component.tcp().SetSocketBufferSize(64);
    component.events().React(EventKind::kReceive, [by_exception](const Event&) -> EnHandleResult {
      if (by_exception) throw std::runtime_error("thrown by a test");
      return HR_ERROR;
    });
    component.MustStart();
    const Link link = component.Connect();
    // Many chunks: what was read behind the failing one is dropped.
    ASSERT_TRUE(link->Send(Pattern(4096)));
    ASSERT_TRUE(component.events().WaitFor([&](const EventLog& log) { return log.CountEnds(link.id) == 1; }));
    EXPECT_NE(link->AwaitEnd(), StreamEnd::kOpen);
    const EventLog log = component.events().log();
    EXPECT_EQ(log.Count(EventKind::kReceive, link.id), 1u);
    const Event* const error = log.First(EventKind::kError, link.id);
    ASSERT_NE(error, nullptr);
    EXPECT_EQ(error->operation, SO_RECEIVE);
    EXPECT_EQ(error->error, ECANCELED);
    EXPECT_EQ(component->GetLastError(), SE_OK);
    ASSERT_TRUE(component->Stop());
  }
}

// Spec: api §3.2/1, decisions 2.8, fault 15, input 15
TEST_P(TcpComplexPush, DoesNotCareWhatOnSendAnswers) {
  for (const bool by_exception : {false, true}) {
    ComplexUnderTest& component = EchoComponent();
    component.events().React(EventKind::kSend, [by_exception](const Event&) -> EnHandleResult {
      if (by_exception) throw std::runtime_error("thrown by a test");
      return HR_ERROR;
    });
    const Link link = component.Connect();
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(component.Echoes(link, "message " + std::to_string(i)));
    EXPECT_TRUE(
        component.events().WaitFor([&](const EventLog& log) { return log.Sent(link.id).size() == 45; }));
    EXPECT_EQ(component.events().log().CountEnds(link.id), 0u);
  }
}

// Spec: api §3.2/4, decisions 2.8, fault 15, input 15
TEST_P(TcpComplexPush, DoesNotCareWhatTheLastEventAnswers) {
  for (const bool by_exception : {false, true}) {
    ComplexUnderTest& component = EchoComponent();
    const auto fail = [by_exception](const Event&) -> EnHandleResult {
      if (by_exception) throw std::runtime_error("thrown by a test");
      return HR_ERROR;
    };
    component.events().React(EventKind::kClose, fail);
    component.events().React(EventKind::kError, fail);
    const Link closing = component.Connect();
    const Link resetting = component.Connect();
    const Link staying = component.Connect();
    closing->Close();
    resetting->Reset();
    ASSERT_TRUE(component.CountBecomes(1));
    EXPECT_EQ(component.events().log().Count(EventKind::kClose, closing.id), 1u);
    EXPECT_EQ(component.events().log().Count(EventKind::kError, resetting.id), 1u);
    EXPECT_TRUE(component.Echoes(staying, "undisturbed"));
  }
}

class TcpServerPush : public ServerTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpServerPush);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpServerPush, ::testing::ValuesIn(harness::TcpServers()), ServerName);

// Spec: api §6.3/2, api §3.2/6, §1.4, decisions 2.8, C06, fault 15, input 15
TEST_P(TcpServerPush, DropsSilentlyWhomOnAcceptRefuses) {
  ServerUnderTest& server = NewServer();
  const auto expect_dropped = [&server](size_t accepts) {
    const auto peer = server.NewPeer();
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

}  // namespace
}  // namespace hpsocket::conformance
