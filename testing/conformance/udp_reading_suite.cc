// Conformance: how the workers of a UDP server share the reading, whatever callbacks do meanwhile.
#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/udp_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/variant.h"

namespace hpsocket::conformance {
namespace {

using harness::Deadline;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;
using harness::RunUntil;

class UdpServerReading : public UdpTest<harness::UdpServerFactory> {
 protected:
  void SetUp() override {
    UdpTest::SetUp();
    if (!IsSkipped() && harness::CurrentVariant().workers == 1) GTEST_SKIP() << "there is no other worker";
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpServerReading);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpServerReading, ::testing::ValuesIn(harness::UdpServers()),
                         NameOfUdp<harness::UdpServerFactory>);

// The peers stay, so that no later one gets the port of one that was met.
using Sessions = std::deque<Session>;
using SessionsByWorker = std::map<std::thread::id, Session*>;

std::thread::id WorkerOf(UdpServerUnderTest& server, CONNID id) {
  return server.events().log().First(EventKind::kAccept, id)->thread;
}

// One session of each worker.
SessionsByWorker MeetEachWorker(UdpServerUnderTest& server, Sessions& all) {
  SessionsByWorker sessions;
  const Deadline deadline = Deadline::Patient();
  while (sessions.size() < harness::CurrentVariant().workers && !deadline.passed()) {
    all.push_back(server.Meet());
    sessions.try_emplace(WorkerOf(server, all.back().id), &all.back());
  }
  EXPECT_EQ(sessions.size(), harness::CurrentVariant().workers);
  return sessions;
}

// All workers but one are blocked, one after another, in a callback that is not OnReceive.
// Spec: decisions 6.2
TEST_P(UdpServerReading, GoesOnWhileOtherCallbacksBlock) {
  for (const EventKind kind : {EventKind::kSend, EventKind::kClose}) {
    Sessions all;
    UdpServerUnderTest server(GetParam());
    server.EchoBack();
    server.MustStart();
    for (uint32_t free = 0; free < harness::CurrentVariant().workers; ++free) {
      SCOPED_TRACE(std::string(harness::ToString(kind)) + ", all but worker " + std::to_string(free));
      const SessionsByWorker sessions = MeetEachWorker(server, all);
      // Each OnReceive is over: under RP_PARALLEL an OnClose would overtake it, on another worker.
      EXPECT_TRUE(server.events().WaitFor([&](const EventLog& log) {
        return std::all_of(sessions.begin(), sessions.end(), [&](const auto& each) {
          return log.Count(EventKind::kSend, each.second->id) != 0;
        });
      }));
      const auto awake = std::next(sessions.begin(), static_cast<std::ptrdiff_t>(free));
      Gate gate;
      std::atomic<uint32_t> blocked{0};
      server.events().Do(kind, [&](const Event& event) {
        if (kind == EventKind::kSend && event.data != "block") return;
        const auto session = sessions.find(event.thread);
        if (session == sessions.end() || session->second->id != event.id) return;
        blocked.fetch_add(1);
        EXPECT_TRUE(gate.Pass());
      });
      uint32_t expected = 0;
      for (auto each = sessions.begin(); each != sessions.end(); ++each) {
        if (each == awake) continue;
        const CONNID id = each->second->id;
        EXPECT_TRUE(kind == EventKind::kSend ? server.Send(id, "block") : server->Disconnect(id));
        ++expected;
        EXPECT_TRUE(RunUntil([&] { return blocked.load() == expected; }));
      }
      EXPECT_TRUE(awake->second->peer->SendTo(kLoopback, server.port(), "anybody there"));
      std::optional<std::string> answer;
      // Their first datagram may still come back.
      do {
        answer = awake->second->peer->ReceiveData(Deadline::Patient());
      } while (answer == "hello");
      EXPECT_EQ(answer, "anybody there");
      gate.Open();
      EXPECT_TRUE(RunUntil([&] { return server.events().running() == 0; }));
      server.events().Do(kind, [](const Event&) {});
    }
  }
}

// What others have read for a worker while its callback blocked.
class UdpServerBacklog : public UdpServerReading {
 protected:
  static constexpr int kWaiting = 4000;

  // Blocks the worker of one session in OnReceive until the gate is open, and has that many datagrams of it
  // wait.
  void Fill(UdpServerUnderTest& server, Gate& gate) {
    server.MustStart();
    const SessionsByWorker sessions = MeetEachWorker(server, all_);
    slow_ = sessions.begin()->second;
    Session& other = *std::next(sessions.begin())->second;
    server.events().React(EventKind::kReceive, [this, &server, &gate](const Event& event) {
      if (event.id != slow_->id) return server.Send(event.id, event.data) ? HR_OK : HR_ERROR;
      if (event.data == "block") {
        EXPECT_TRUE(gate.Pass());
        if (stops_.load()) {
          EXPECT_TRUE(server->Stop());
        }
      } else if (!stops_.load()) {
        EXPECT_TRUE(server.Send(event.id, event.data));
      }
      return HR_OK;
    });
    ASSERT_TRUE(slow_->peer->SendTo(kLoopback, server.port(), "block"));
    ASSERT_TRUE(RunUntil([&] { return server.events().running() == 1; }));
    for (int i = 0; i < kWaiting; ++i) {
      ASSERT_TRUE(slow_->peer->SendTo(kLoopback, server.port(), std::to_string(i) + ";"));
      // Who comes later is answered later: until then all before has been read.
      if (i % 50 == 49) {
        ASSERT_TRUE(other.peer->SendTo(kLoopback, server.port(), std::to_string(i)));
        ASSERT_EQ(other.peer->ReceiveData(Deadline::Patient()), std::to_string(i));
      }
    }
  }

  Sessions all_;
  Session* slow_ = nullptr;
  std::atomic<bool> stops_{false};
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpServerBacklog);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpServerBacklog, ::testing::ValuesIn(harness::UdpServers()),
                         NameOfUdp<harness::UdpServerFactory>);

// Spec: decisions 6.2
TEST_P(UdpServerBacklog, IsDeliveredInOrderAndInParts) {
  Gate gate;
  UdpServerUnderTest server(GetParam());
  ASSERT_NO_FATAL_FAILURE(Fill(server, gate));
  gate.Open();
  ASSERT_TRUE(server.events().WaitFor(
      [&](const EventLog& log) { return log.Count(EventKind::kReceive, slow_->id) == kWaiting + 2; }));
  // The last one's answer is yet to be sent.
  ASSERT_TRUE(RunUntil([&] { return server.events().running() == 0; }));
  const EventLog log = server.events().log();
  std::string expected = "helloblock";
  for (int i = 0; i < kWaiting; ++i) expected += std::to_string(i) + ";";
  EXPECT_EQ(log.Received(slow_->id), expected);
  // There the socket may be full, and no time passes while there is something to do.
  if (harness::Environment::Current().simulated()) return;
  int before_first_sent = 0;
  for (const Event& event : log.events()) {
    if (event.id != slow_->id) continue;
    if (event.kind == EventKind::kSend) break;
    if (event.kind == EventKind::kReceive) ++before_first_sent;
  }
  EXPECT_LE(before_first_sent, 2500) << "nothing was sent until all had been delivered";
}

// Spec: decisions 2.5, decisions 4.3
TEST_P(UdpServerBacklog, IsDroppedByStop) {
  Gate gate;
  UdpServerUnderTest server(GetParam());
  ASSERT_NO_FATAL_FAILURE(Fill(server, gate));
  stops_.store(true);
  gate.Open();
  ASSERT_TRUE(server->Wait(harness::kPatienceMs));
  EXPECT_EQ(server.events().log().Count(EventKind::kReceive, slow_->id), 2u);
}

class UdpServerBatches : public UdpTest<harness::UdpServerFactory> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpServerBatches);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpServerBatches, ::testing::ValuesIn(harness::UdpServers()),
                         NameOfUdp<harness::UdpServerFactory>);

// What came while the only worker was inside a callback is read in batches of so many.
// Spec: api §2.4/2t, decisions 2.9
TEST_P(UdpServerBatches, HaveAtMostPostReceiveCountDatagrams) {
  constexpr uint32_t kDatagrams = 40;
  for (const uint32_t batch : {1u, 10u, 300u}) {
    SCOPED_TRACE(batch);
    Gate gate;
    UdpServerUnderTest server(GetParam());
    server->SetWorkerThreadCount(1);
    server.udp().SetPostReceiveCount(batch);
    server.events().DoOnce(EventKind::kReceive, [&](const Event&) { EXPECT_TRUE(gate.Pass()); });
    server.MustStart();
    auto peer = BindPeer(kLoopback);
    ASSERT_TRUE(peer->SendTo(kLoopback, server.port(), "block"));
    ASSERT_TRUE(
        server.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kReceive) == 1; }));
    for (uint32_t i = 0; i < kDatagrams; ++i) ASSERT_TRUE(peer->SendTo(kLoopback, server.port(), "x"));
    gate.Open();
    ASSERT_TRUE(server.events().WaitForCount(EventKind::kReceive, 1 + kDatagrams));
    EXPECT_TRUE(RunUntil([&] { return server.Stats().receive_calls >= 1 + kDatagrams / batch; }));
    // There a read may find fewer than there are.
    if (harness::Environment::Current().simulated()) continue;
    if (batch > 1) {
      EXPECT_LT(server.Stats().receive_calls, kDatagrams);
    }
  }
}

}  // namespace
}  // namespace hpsocket::conformance
