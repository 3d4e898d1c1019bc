// Conformance: how a server ends, from outside of callbacks: Stop, Wait, destruction.
#include <atomic>
#include <future>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/server_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/peer.h"
#include "hpsocket/testing/harness/process_probe.h"

namespace hpsocket::conformance {
namespace {

using harness::Environment;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;
using harness::RunUntil;
using harness::StreamEnd;

class TcpServerStopping : public ServerTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpServerStopping);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpServerStopping, ::testing::ValuesIn(harness::TcpServers()),
                         ServerName);

// Spec: api §3.2/4, decisions 2.8
TEST_P(TcpServerStopping, IgnoresWhatOnShutdownAnswers) {
  ServerUnderTest& server = StartedServer();
  server.events().React(EventKind::kShutdown, [](const Event&) { return HR_ERROR; });
  EXPECT_TRUE(server->Stop());
  EXPECT_EQ(server->GetState(), SS_STOPPED);
  server.MustStart();
  server.events().React(EventKind::kShutdown,
                        [](const Event&) -> EnHandleResult { throw std::runtime_error("thrown by a test"); });
  EXPECT_TRUE(server->Stop());
  EXPECT_EQ(server->GetState(), SS_STOPPED);
  EXPECT_EQ(server.events().log().Count(EventKind::kShutdown), 2u);
}

// Spec: §2.2.2, api §6.4/1, api §6.3/5, api §6.2/3t, decisions 2.5, decisions 2.7, C16
TEST_P(TcpServerStopping, ClosesEveryConnectionBeforeOnShutdown) {
  constexpr size_t kConnections = 20;
  ServerUnderTest& server = StartedServer();
  std::vector<Link> links;
  for (size_t i = 0; i < kConnections; ++i) links.push_back(server.Connect());
  EXPECT_EQ(server->GetConnectionCount(), kConnections);
  ASSERT_TRUE(server->Stop());
  EXPECT_EQ(server->GetState(), SS_STOPPED);
  EXPECT_EQ(server->GetConnectionCount(), 0u);
  EXPECT_EQ(server.events().running(), 0u);

  const EventLog log = server.events().log();
  EXPECT_EQ(log.Count(EventKind::kClose), kConnections);
  EXPECT_EQ(log.Count(EventKind::kError), 0u);
  for (const Event& event : log.events()) {
    if (event.kind != EventKind::kClose) continue;
    EXPECT_NE(event.thread, std::this_thread::get_id()) << "on a worker";
    EXPECT_EQ(event.state, SS_STOPPING);
    EXPECT_EQ(event.thread, log.First(EventKind::kAccept, event.id)->thread) << "on the connection's worker";
  }
  EXPECT_EQ(log.Count(EventKind::kShutdown), 1u);
  ASSERT_EQ(log.Last()->kind, EventKind::kShutdown);
  EXPECT_EQ(log.Last()->thread, std::this_thread::get_id());
  EXPECT_EQ(log.Last()->state, SS_STOPPING);
  EXPECT_EQ(log.Last()->connections, 0u);
  for (const Link& link : links) EXPECT_NE(link->AwaitEnd(), StreamEnd::kOpen);
}

// Spec: api §6.4/2, decisions 2.5
TEST_P(TcpServerStopping, StopsThoughAPeerNeverReads) {
  ServerUnderTest& server = StartedServer();
  const Link link = server.Connect({4096});
  const std::string much = Pattern(8 << 20);
  ASSERT_TRUE(server->Send(link.id, Bytes(much), Length(much)));
  int pending = 0;
  ASSERT_TRUE(server->GetPendingDataLength(link.id, pending));
  EXPECT_GT(pending, 0);
  EXPECT_TRUE(server->Stop());
  EXPECT_EQ(server->GetState(), SS_STOPPED);
  StreamEnd end = StreamEnd::kOpen;
  EXPECT_LT(link->ReceiveToEnd(&end).size(), much.size()) << "unsent data is discarded";
  EXPECT_NE(end, StreamEnd::kOpen);
}

// Spec: api §6.4/2, decisions 2.5
TEST_P(TcpServerStopping, WaitsForARunningCallbackWhenItStops) {
  ServerUnderTest& server = NewServer();
  Gate gate;
  server.events().Do(EventKind::kReceive, [&](const Event&) { EXPECT_TRUE(gate.Pass()); });
  server.MustStart();
  const Link link = server.Connect();
  ASSERT_TRUE(link->Send("x"));
  ASSERT_TRUE(
      server.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kReceive) == 1; }));
  std::future<bool> stop = std::async(std::launch::async, [&] { return server->Stop(); });
  ASSERT_TRUE(RunUntil([&] { return server->GetState() == SS_STOPPING; }));
  EXPECT_EQ(server.events().log().CountEnds(), 0u) << "the connection's OnReceive is still running";
  EXPECT_EQ(server.events().log().Count(EventKind::kShutdown), 0u);
  gate.Open();
  EXPECT_TRUE(stop.get());
  EXPECT_EQ(server->GetState(), SS_STOPPED);
  EXPECT_EQ(server.events().running(), 0u);
}

// Spec: decisions 2.5, C05
TEST_P(TcpServerStopping, IsSilentOnceStopHasReturned) {
  ServerUnderTest& server = NewServer();
  server.EchoBack();
  for (int round = 0; round < 10; ++round) {
    server.MustStart();
    const uint16_t port = server.port();
    std::atomic<bool> over{false};
    std::vector<std::thread> storms;
    for (int i = 0; i < 4; ++i) {
      storms.emplace_back([&over, port] {
        while (!over.load()) {
          const auto peer = Environment::Current().Connect("127.0.0.1", port, {});
          if (peer == nullptr) continue;
          for (int message = 0; message < 3 && peer->Send("message"); ++message) {
          }
          if (peer->local_port() % 2 == 0) peer->Reset();
        }
      });
    }
    const size_t before = server.events().log().CountEnds();
    EXPECT_TRUE(server.events().WaitFor([&](const EventLog& log) { return log.CountEnds() >= before + 20; }));
    EXPECT_TRUE(server->Stop());
    EXPECT_EQ(server.events().running(), 0u);
    const size_t events = server.events().size();
    EXPECT_EQ(server.events().log().Last()->kind, EventKind::kShutdown);
    over.store(true);
    for (std::thread& storm : storms) storm.join();
    EXPECT_EQ(server.events().size(), events);
  }
}

// Spec: decisions 2.5
TEST_P(TcpServerStopping, LeavesNoDescriptorAndNoThreadBehind) {
  ServerUnderTest& server = EchoServer();
  const auto run = [&server] {
    std::vector<Link> links;
    for (int i = 0; i < 8; ++i) links.push_back(server.Connect());
    for (const Link& link : links) EXPECT_TRUE(server.Echoes(link, "busy"));
    EXPECT_TRUE(server->Stop());
  };
  run();  // what is made once per process exists from here on
  const std::set<int> descriptors = harness::OpenDescriptors();
  const std::set<int> threads = harness::ThreadIds();
  for (int round = 0; round < 3; ++round) {
    server.MustStart();
    run();
    EXPECT_EQ(harness::OpenDescriptors(), descriptors);
    // A joined thread's entry goes away a moment later.
    EXPECT_TRUE(RunUntil([&] { return harness::ThreadIds() == threads; }));
  }
}

// Spec: api §6.1/8, decisions 2.5
TEST_P(TcpServerStopping, StopsWhenItIsDestroyed) {
  ServerUnderTest& server = StartedServer();
  std::vector<Link> links;
  for (int i = 0; i < 5; ++i) links.push_back(server.Connect());
  server.Destroy();
  const EventLog log = server.events().log();
  EXPECT_EQ(log.Count(EventKind::kClose), 5u);
  EXPECT_EQ(log.Count(EventKind::kShutdown), 1u);
  EXPECT_EQ(log.Last()->kind, EventKind::kShutdown);
  EXPECT_EQ(log.Last()->thread, std::this_thread::get_id());
  EXPECT_EQ(server.events().running(), 0u);
  for (const Link& link : links) EXPECT_NE(link->AwaitEnd(), StreamEnd::kOpen);
}

// Spec: decisions 2.4, decisions §8
TEST_P(TcpServerStopping, WaitSaysWhetherItIsStopped) {
  ServerUnderTest& server = NewServer();
  EXPECT_TRUE(server->Wait(-1)) << "never started";
  EXPECT_TRUE(server->Wait(0));
  server.MustStart();
  EXPECT_FALSE(server->Wait(0));
  EXPECT_FALSE(server->Wait(1));
  EXPECT_EQ(server->GetLastError(), SE_OK) << "time being over is no error";
  EXPECT_TRUE(server->Stop());
  EXPECT_TRUE(server->Wait(-1));
}

// Spec: decisions 2.4, decisions §8
TEST_P(TcpServerStopping, WaitBlocksUntilItIsStopped) {
  ServerUnderTest& server = NewServer();
  Gate gate;
  server.events().Do(EventKind::kShutdown, [&](const Event&) { EXPECT_TRUE(gate.Pass()); });
  server.MustStart();
  std::vector<std::future<EnServiceState>> waits;
  for (int i = 0; i < 3; ++i) {
    waits.push_back(std::async(std::launch::async, [&] {
      EXPECT_TRUE(server->Wait(-1));
      return server->GetState();
    }));
  }
  std::future<bool> stop = std::async(std::launch::async, [&] { return server->Stop(); });
  ASSERT_TRUE(
      server.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kShutdown) == 1; }));
  EXPECT_FALSE(server->Wait(0)) << "OnShutdown is still running";
  EXPECT_FALSE(server->Stop()) << "another Stop is under way";
  EXPECT_EQ(server->GetLastError(), SE_ILLEGAL_STATE);
  gate.Open();
  for (auto& wait : waits) EXPECT_EQ(wait.get(), SS_STOPPED);
  EXPECT_TRUE(stop.get());
}

// Spec: decisions 2.4, decisions 3.3
TEST_P(TcpServerStopping, LetsOneOfManyStopsSucceed) {
  ServerUnderTest& server = StartedServer();
  const Link link = server.Connect();
  std::vector<std::future<bool>> stops;
  for (int i = 0; i < 8; ++i) stops.push_back(std::async(std::launch::async, [&] { return server->Stop(); }));
  int succeeded = 0;
  for (auto& stop : stops) succeeded += stop.get() ? 1 : 0;
  EXPECT_EQ(succeeded, 1);
  EXPECT_TRUE(server->Wait(harness::kPatienceMs));
  EXPECT_EQ(server->GetLastError(), SE_ILLEGAL_STATE);
  EXPECT_EQ(server.events().log().Count(EventKind::kShutdown), 1u);
}

}  // namespace
}  // namespace hpsocket::conformance
