// Conformance: a server's life under load: restarted again and again, stopped at any moment, destroyed
// by anybody, while many threads use it.
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/fetch_storm.h"
#include "hpsocket/testing/conformance/server_fixture.h"
#include "hpsocket/testing/harness/effort.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"
#include "hpsocket/testing/harness/process_probe.h"
#include "hpsocket/testing/harness/stop_watch.h"
#include "hpsocket/testing/harness/subject.h"
#include "hpsocket/testing/harness/thread.h"
#include "hpsocket/testing/harness/variant.h"

namespace hpsocket::conformance {
namespace {

using harness::Effort;
using harness::Environment;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::FirstStorm;
using harness::Gate;
using harness::NeedsKernel;
using harness::Peer;
using harness::RunUntil;
using harness::StopWatch;

// Connections of this network whose near end has the port and waits out its TIME_WAIT.
int InTimeWait(uint16_t port) {
  std::ifstream file("/proc/net/tcp");
  char where[8];
  std::snprintf(where, sizeof(where), ":%04X", port);
  int count = 0;
  for (std::string line; std::getline(file, line);) {
    unsigned number = 0;
    char local[32];
    char remote[32];
    unsigned state = 0;
    if (std::sscanf(line.c_str(), " %u: %31s %31s %x", &number, local, remote, &state) == 4 && state == 6 &&
        std::string(local).find(where) != std::string::npos) {
      ++count;
    }
  }
  return count;
}

class TcpServerStorm : public ServerTest {
 protected:
  static void ExpectNothingHeld(ServerUnderTest& server) {
    HP_Stats stats;
    ASSERT_TRUE(server->GetStats(stats));
    EXPECT_EQ(stats.connections, 0u);
    EXPECT_EQ(stats.lingering, 0u);
    EXPECT_EQ(stats.pending_bytes, 0u);
    EXPECT_EQ(stats.pool_bytes, 0u);
    EXPECT_EQ(stats.pool_buffers, 0u);
    EXPECT_EQ(stats.leases, 0u);
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpServerStorm);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpServerStorm, ::testing::ValuesIn(harness::TcpServers()), ServerName);

// Peers that connect, send, read and leave in every way, until told to stop.
class PeerStorm {
 public:
  PeerStorm(uint16_t port, int threads, unsigned seed) {
    for (int i = 0; i < threads; ++i)
      threads_.emplace_back([this, port, i, seed] { Blow(port, seed * 100 + static_cast<unsigned>(i)); });
  }
  ~PeerStorm() { End(); }

  void End() {
    over_.store(true);
    for (harness::Thread& thread : threads_) thread.Join();
  }

 private:
  void Blow(uint16_t port, unsigned seed) {
    std::minstd_rand random(seed + 1);
    const std::string bytes = Pattern(30000);
    while (!over_.load()) {
      const std::unique_ptr<Peer> peer = Environment::Current().Connect("127.0.0.1", port, {});
      if (peer == nullptr) continue;
      for (auto i = random() % 4; i > 0; --i) {
        const size_t size = 1 + random() % bytes.size();
        if (!peer->Send(std::string_view(bytes).substr(0, size), harness::Deadline::In(kBrief))) break;
        if (random() % 2 == 0) peer->Receive(1 + random() % size, harness::Deadline::In(kBrief));
      }
      switch (random() % 3) {
        case 0:
          peer->Reset();
          break;
        case 1:
          peer->HalfClose();
          peer->Receive(1 + random() % 1000, harness::Deadline::In(kBrief));
          break;
        default:
          break;
      }
    }
  }

  // How long one peer waits for what may never come; it decides nothing.
  static constexpr std::chrono::milliseconds kBrief{20};

  std::atomic<bool> over_{false};
  std::vector<harness::Thread> threads_;
};

// Threads that send to whoever is connected, and now and then close one, until told to stop.
class CallStorm {
 public:
  CallStorm(ServerUnderTest& server, int threads, unsigned seed) {
    for (int i = 0; i < threads; ++i)
      threads_.emplace_back(
          [this, &server, i, seed] { Blow(server, seed * 100 + static_cast<unsigned>(i)); });
  }
  ~CallStorm() { End(); }

  void End() {
    over_.store(true);
    for (harness::Thread& thread : threads_) thread.Join();
  }

 private:
  void Blow(ServerUnderTest& server, unsigned seed) {
    std::minstd_rand random(seed + 1);
    const std::string bytes = Pattern(5000);
    while (!over_.load()) {
      harness::LetOthersGoOn();
      CONNID ids[64];
      uint32_t count = 64;
      if (!server->GetAllConnectionIDs(ids, count)) continue;
      for (uint32_t i = 0; i < count; ++i) {
        errno = 0;
        const bool sent = server->Send(ids[i], Bytes(bytes), 1 + static_cast<int>(random() % 5000));
        if (!sent && (errno == 0 || errno == EINVAL)) ADD_FAILURE() << "Send failed with errno " << errno;
        if (random() % 8 == 0) server->Disconnect(ids[i], random() % 2 == 0);
        if (random() % 8 == 0) server->PauseReceive(ids[i], random() % 2 == 0);
        HP_Stats stats;
        if (random() % 8 == 0) server->GetStats(stats);
      }
    }
  }

  std::atomic<bool> over_{false};
  std::vector<harness::Thread> threads_;
};

// Echoes and records nothing, for runs that go on for long.
class Echo final : public harness::TcpServerEvents {
 public:
  void Serve(IServer* server) { server_ = server; }

  EnHandleResult OnPrepareListen(SOCKET) override { return HR_OK; }
  EnHandleResult OnAccept(CONNID, SOCKET) override { return HR_OK; }
  EnHandleResult OnSend(CONNID, const uint8_t*, int) override { return HR_OK; }
  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    return server_->Send(id, data, length) ? HR_OK : HR_ERROR;
  }
  EnHandleResult OnReceive(CONNID, int) override { return HR_OK; }
  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }
  EnHandleResult OnShutdown() override { return HR_OK; }

 private:
  IServer* server_ = nullptr;
};

// Spec: fault 20, fault 13, decisions 2.5
TEST_P(TcpServerStorm, RestartsAThousandTimesOnOnePort) {
  ServerUnderTest& server = EchoServer();
  const uint16_t port = server.port();
  EXPECT_TRUE(server->Stop());
  const std::set<int> descriptors = harness::OpenDescriptors();
  for (int round = 0; round < Effort("HPSOCKET_RESTARTS", 1000); ++round) {
    ASSERT_TRUE(server->Start("127.0.0.1", port))
        << round << ": " << server->GetLastErrorDesc() << ", " << server->GetLastErrorDetail();
    ASSERT_EQ(server.port(), port);
    std::vector<Link> links;
    if (round % 20 == 0) {
      for (int i = 0; i < 3; ++i) links.push_back(server.Connect());
      for (const Link& link : links) ASSERT_TRUE(server.Echoes(link, "hi"));
    }
    ASSERT_TRUE(server->Stop());
    if (round % 20 == 0) ExpectNothingHeld(server);
  }
  EXPECT_EQ(harness::OpenDescriptors(), descriptors);
  EXPECT_EQ(server.events().log().Count(EventKind::kShutdown),
            static_cast<size_t>(Effort("HPSOCKET_RESTARTS", 1000)) + 1);
}

// The side that closes first keeps the port in TIME_WAIT; that must not keep us from listening again.
// Spec: fault 20, decisions 2.3, decisions 2.5
TEST_P(TcpServerStorm, RestartsThoughItsConnectionsAreInTimeWait) {
  if (NeedsKernel("looks at the kernel's table")) return;
  ServerUnderTest& server = EchoServer();
  const uint16_t port = server.port();
  for (int i = 0; i < 5; ++i) {
    const Link link = server.Connect();
    ASSERT_TRUE(server.Echoes(link, "hi"));
    ASSERT_TRUE(server->Disconnect(link.id, false));
    EXPECT_EQ(link->AwaitEnd(), harness::StreamEnd::kOrderly);
  }
  ASSERT_TRUE(server.CountBecomes(0));
  EXPECT_TRUE(RunUntil([&] { return InTimeWait(port) == 5; }));
  EXPECT_TRUE(server->Stop());
  server.MustStart(port);
  EXPECT_TRUE(server.Echoes(server.Connect(), "again"));
}

// Spec: fault 13, fault 7, fault 38, decisions 2.5, decisions 2.7, C05, C16
TEST_P(TcpServerStorm, StopsAtAnyMomentOfAStorm) {
  StopWatch watch;
  {
    ServerUnderTest& warm = StartedServer();  // what is made once per process exists from here on
    EXPECT_TRUE(warm->Stop());
  }
  const std::set<int> descriptors = harness::OpenDescriptors();
  const int end = FirstStorm() + Effort("HPSOCKET_STORMS", 50);
  uint16_t port = 0;
  for (int storm = FirstStorm(); storm < end && !HasFailure(); ++storm) {
    SCOPED_TRACE("storm " + std::to_string(storm));
    std::minstd_rand random(static_cast<unsigned>(storm));
    ServerUnderTest server(GetParam(), false);
    server->SetSendPolicy(static_cast<EnSendPolicy>(storm % 3));
    server->SetRecvPolicy(static_cast<EnRecvPolicy>(storm / 3 % 2));
    server->SetGracefulTimeout(1000);
    server.EchoBack();
    LeaveSomeToOthers(server, storm);
    server.MustStart(port);
    port = server.port();
    PeerStorm peers(port, 4, static_cast<unsigned>(storm));
    CallStorm calls(server, 2, static_cast<unsigned>(storm));
    FetchStorm fetches(server, static_cast<unsigned>(storm));
    const size_t moment = random() % 400;
    EXPECT_TRUE(RunUntil([&] { return server.events().size() >= moment; }));
    EXPECT_TRUE(watch.Time([&] { return server->Stop(); }));
    EXPECT_EQ(server->GetState(), SS_STOPPED);
    EXPECT_EQ(server.events().running(), 0u);
    const size_t events = server.events().size();
    EXPECT_EQ(server.events().log().Last()->kind, EventKind::kShutdown);
    ExpectNothingHeld(server);
    EXPECT_FALSE(server->Send(1, Bytes("x"), 1));
    calls.End();
    fetches.End();
    peers.End();
    EXPECT_EQ(server.events().size(), events) << "a callback after Stop";
    ExpectNothingHeld(server);
    EXPECT_EQ(harness::OpenDescriptors(), descriptors);
    server.Destroy();
    const EventLog log = server.events().log();
    EXPECT_EQ(log.size(), events);
    for (const std::string& violation : server.Violations()) ADD_FAILURE() << violation;
  }
}

// Spec: fault 12, fault 13, decisions 2.5, decisions 3.3
TEST_P(TcpServerStorm, StopsWhileManyThreadsAreInsideSend) {
  StopWatch watch;
  for (int round = 0; round < Effort("HPSOCKET_STORMS", 50); ++round) {
    ServerUnderTest server(GetParam(), false);
    server->SetSendPolicy(static_cast<EnSendPolicy>(round % 3));
    server.MustStart();
    std::vector<Link> links;
    for (int i = 0; i < 4; ++i) links.push_back(server.Connect());
    std::atomic<bool> over{false};
    std::atomic<int> ready{0};
    std::vector<harness::Thread> senders;
    for (size_t i = 0; i < 8; ++i) {
      senders.emplace_back([&, i] {
        const std::string bytes = Pattern(3000);
        WSABUF packets[] = {Packet(bytes), Packet(bytes)};
        bool counted = false;
        while (!over.load()) {
          harness::LetOthersGoOn();
          const CONNID id = links[i % links.size()].id;
          const bool sent = i % 2 == 0 ? server->Send(id, Bytes(bytes), Length(bytes))
                                       : server->SendPackets(id, packets, 2);
          if (!sent && errno != EBADSLT && errno != ENOBUFS) ADD_FAILURE() << "errno " << errno;
          if (!counted) ++ready;
          counted = true;
        }
      });
    }
    EXPECT_TRUE(RunUntil([&] { return ready.load() == 8; }));
    EXPECT_TRUE(watch.Time([&] { return server->Stop(); }));
    ExpectNothingHeld(server);
    for (const Link& link : links) {
      EXPECT_FALSE(server->Send(link.id, Bytes("x"), 1));
      EXPECT_EQ(errno, EBADSLT);
    }
    over.store(true);
    for (harness::Thread& sender : senders) sender.Join();
    EXPECT_EQ(server.events().log().CountEnds(), links.size());
    server.Destroy();
  }
}

// Spec: fault 13, fault 44, decisions 2.5
TEST_P(TcpServerStorm, IsDestroyedByWhicheverThread) {
  const int end = FirstStorm() + Effort("HPSOCKET_STORMS", 50);
  for (int round = FirstStorm(); round < end; ++round) {
    ServerUnderTest server(GetParam(), false);
    server.EchoBack();
    // Made here, started by a thread that is gone, destroyed by another.
    harness::Thread([&] { server.MustStart(); }).Join();
    PeerStorm peers(server.port(), 2, static_cast<unsigned>(round));
    EXPECT_TRUE(RunUntil([&] { return server.events().size() >= static_cast<size_t>(round % 40); }));
    harness::Thread([&] { server.Destroy(); }).Join();
    const size_t events = server.events().size();
    peers.End();
    EXPECT_EQ(server.events().size(), events);
    const EventLog log = server.events().log();
    EXPECT_EQ(log.Last()->kind, EventKind::kShutdown);
    for (const std::string& violation : server.Violations()) ADD_FAILURE() << violation;
  }
}

// Spec: fault 43
TEST_P(TcpServerStorm, StaysAsItIsThroughManyConnections) {
  if (NeedsKernel("counts the process's descriptors")) return;
  if (GetParam().delivery == harness::Delivery::kPull) GTEST_SKIP() << "this listener does not fetch";
  Echo echo;
  const std::unique_ptr<harness::TcpServerSubject> subject = GetParam().make(echo);
  IServer& server = subject->server();
  echo.Serve(&server);
  server.SetIoBackend(harness::CurrentVariant().port);
  if (harness::CurrentVariant().workers > 0) server.SetWorkerThreadCount(harness::CurrentVariant().workers);
  ASSERT_TRUE(server.Start("127.0.0.1", 0)) << server.GetLastErrorDetail();
  char address[64];
  int length = sizeof(address);
  uint16_t port = 0;
  ASSERT_TRUE(server.GetListenAddress(address, length, port));
  const auto come_and_go = [&](int times) {
    for (int i = 0; i < times; ++i) {
      const std::unique_ptr<Peer> peer = Environment::Current().Connect("127.0.0.1", port, {});
      ASSERT_NE(peer, nullptr);
      ASSERT_TRUE(peer->Send("come"));
      ASSERT_EQ(peer->Receive(4), "come");
      peer->Reset();  // leaves no TIME_WAIT behind
    }
    EXPECT_TRUE(RunUntil([&] { return server.GetConnectionCount() == 0; }));
  };
  come_and_go(500);
  HP_Stats before;
  ASSERT_TRUE(server.GetStats(before));
  const std::set<int> descriptors = harness::OpenDescriptors();
  const int64_t resident = harness::ResidentBytes();
  const int times = Effort("HPSOCKET_CYCLES", 3000);
  come_and_go(times);
  // Sanitizers keep what was freed for a while.
  if (!harness::kSanitized) {
    EXPECT_LT(harness::ResidentBytes(), resident + (4 << 20));
  }
  HP_Stats after;
  ASSERT_TRUE(server.GetStats(after));
  EXPECT_EQ(after.total_connections - before.total_connections, static_cast<uint64_t>(times));
  EXPECT_EQ(after.pool_buffers, 0u);
  EXPECT_LE(after.pool_bytes, before.pool_bytes + 65536);
  // The worker closes the last one after it is out of the count, then as now.
  EXPECT_TRUE(RunUntil([&] {
    const std::set<int> now = harness::OpenDescriptors();
    return std::includes(descriptors.begin(), descriptors.end(), now.begin(), now.end());
  })) << ::testing::PrintToString(harness::OpenDescriptors())
      << ", before " << ::testing::PrintToString(descriptors);
  EXPECT_TRUE(server.Stop());
}

// Spec: fault 43
TEST_P(TcpServerStorm, HoldsManyIdleConnections) {
  ServerUnderTest& server = EchoServer();
  const int count = Effort("HPSOCKET_IDLE", 300);
  std::vector<std::unique_ptr<Peer>> peers;
  for (int i = 0; i < count; ++i) {
    peers.push_back(Environment::Current().Connect("127.0.0.1", server.port(), {}));
    ASSERT_NE(peers.back(), nullptr);
  }
  EXPECT_TRUE(server.CountBecomes(static_cast<uint32_t>(count)));
  HP_Stats stats;
  ASSERT_TRUE(server->GetStats(stats));
  EXPECT_EQ(stats.pool_buffers, 0u) << "an idle connection holds no buffer";
  const uint64_t common = uint64_t{1 + server->GetWorkerThreadCount()} << 20;  // receive buffers
  EXPECT_LE(stats.pool_bytes, common + static_cast<uint64_t>(count) * 1024);
  for (const auto& peer : peers) {
    ASSERT_TRUE(peer->Send("awake"));
    ASSERT_EQ(peer->Receive(5), "awake");
  }
  peers.clear();
  EXPECT_TRUE(server.CountBecomes(0));
}

}  // namespace
}  // namespace hpsocket::conformance
