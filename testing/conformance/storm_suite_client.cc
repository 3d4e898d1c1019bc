// Conformance: many clients at once, each started, used and stopped at any moment by any thread.
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/client_fixture.h"
#include "hpsocket/testing/harness/effort.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/process_probe.h"
#include "hpsocket/testing/harness/start_stop_storm.h"
#include "hpsocket/testing/harness/stop_watch.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::conformance {
namespace {

using harness::Deadline;
using harness::Effort;
using harness::Environment;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::FirstStorm;
using harness::Peer;
using harness::PeerListener;
using harness::RunUntil;
using harness::StopWatch;

class TcpClientStorm : public ClientTest {
 protected:
  static void ExpectNothingHeld(ClientUnderTest& client) {
    HP_Stats stats;
    ASSERT_TRUE(client->GetStats(stats));
    EXPECT_EQ(stats.connections, 0u);
    EXPECT_EQ(stats.pending_bytes, 0u);
    EXPECT_EQ(stats.pool_bytes, 0u);
    EXPECT_EQ(stats.pool_buffers, 0u);
    EXPECT_EQ(stats.leases, 0u);
  }
  static void Judge(ClientUnderTest& client) {
    for (const std::string& violation :
         client.events().log().Violations(harness::LogOf::kClient, true, client.begun())) {
      ADD_FAILURE() << violation;
    }
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientStorm);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientStorm, ::testing::ValuesIn(harness::TcpClients()), ClientName);

// A thread that takes whoever comes, answers, and lets go in every way, until told to stop.
class AnsweringStorm {
 public:
  explicit AnsweringStorm(PeerListener& listener) : thread_([this, &listener] { Answer(listener); }) {}
  ~AnsweringStorm() {
    over_.store(true);
    thread_.Join();
  }

 private:
  static constexpr std::chrono::milliseconds kBrief{5};

  void Answer(PeerListener& listener) {
    std::minstd_rand random(7);
    std::vector<std::unique_ptr<Peer>> peers;
    const std::string bytes = Pattern(20000);
    while (!over_.load()) {
      if (std::unique_ptr<Peer> peer = listener.Accept(Deadline::In(kBrief)))
        peers.push_back(std::move(peer));
      if (peers.empty()) continue;
      const size_t chosen = random() % peers.size();
      Peer& peer = *peers[chosen];
      switch (random() % 6) {
        case 0:
          peer.Reset();
          break;
        case 1:
          peer.HalfClose();
          break;
        case 2:
          peer.Receive(1 + random() % 5000, Deadline::In(kBrief));
          continue;
        default:
          peer.Send(std::string_view(bytes).substr(0, 1 + random() % bytes.size()), Deadline::In(kBrief));
          if (peers.size() < 32) continue;
      }
      peers.erase(peers.begin() + static_cast<std::ptrdiff_t>(chosen));
    }
  }

  std::atomic<bool> over_{false};
  harness::Thread thread_;
};

// Spec: fault 13, fault 18, fault 38, decisions 2.5, decisions 2.7
TEST_P(TcpClientStorm, StartsSendsAndStopsManyClientsFromManyThreads) {
  constexpr unsigned kThreads = 8;
  PeerListener& listener = Listener();
  {
    ClientUnderTest& warm = NewClient();
    ASSERT_TRUE(warm.Start("localhost", listener.port(), true));
    ASSERT_TRUE(warm.events().WaitForCount(EventKind::kConnect, 1));
    const std::unique_ptr<Peer> peer = listener.Accept();
    EXPECT_TRUE(warm->Stop());
  }
  const std::set<int> descriptors = harness::OpenDescriptors();
  StopWatch watch;
  {
    AnsweringStorm answers(listener);
    const uint16_t port = listener.port();
    std::vector<harness::Thread> threads;
    for (unsigned thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        std::minstd_rand random(static_cast<unsigned>(FirstStorm()) * kThreads + thread);
        const std::string bytes = Pattern(20000);
        ClientUnderTest client(GetParam(), false);
        client.events().Do(EventKind::kReceive,
                           [&](const Event& event) { client->Send(event.bytes, Length(event.data)); });
        for (int round = 0; round < Effort("HPSOCKET_STORMS", 50); ++round) {
          if (!client.Start("127.0.0.1", port, round % 2 == 0)) {
            if (errno == ECONNRESET) continue;  // the other side was quicker than OnConnect
            ADD_FAILURE() << "Start failed with errno " << errno << ": " << client->GetLastErrorDetail();
            break;
          }
          for (auto i = random() % 6; i > 0; --i) {
            errno = 0;
            if (!client->Send(Bytes(bytes), 1 + static_cast<int>(random() % 20000))) {
              EXPECT_NE(errno, 0);
            }
          }
          const size_t moment = client.events().size() + random() % 4;
          RunUntil([&] { return client.events().size() >= moment || client->GetState() == SS_STOPPED; });
          if (!watch.Time([&] { return client->Stop(); })) {
            EXPECT_EQ(client->GetLastError(), SE_ILLEGAL_STATE);
          }
          ASSERT_TRUE(client->Wait(harness::kPatienceMs));
          EXPECT_EQ(client.events().running(), 0u);
          ExpectNothingHeld(client);
        }
        const size_t events = client.events().size();
        client.Destroy();
        EXPECT_EQ(client.events().size(), events);
        Judge(client);
      });
    }
    for (harness::Thread& thread : threads) thread.Join();
  }
  while (listener.Accept(Deadline::In(std::chrono::milliseconds(0))) != nullptr) {
  }
  EXPECT_EQ(harness::OpenDescriptors(), descriptors);
}

// One client, which some start, some stop and some send with.
// Spec: fault 13, decisions 2.4, decisions 3.3
TEST_P(TcpClientStorm, IsStartedStoppedAndSentWithByEverybodyAtOnce) {
  PeerListener& listener = Listener();
  AnsweringStorm answers(listener);
  const uint16_t port = listener.port();
  ClientUnderTest client(GetParam(), false);
  StopWatch watch;
  {
    const harness::StartStopStorm storm(
        Effort("HPSOCKET_STORMS", 50),
        {.start = [&](bool async) { return client->Start("127.0.0.1", port, async); },
         .stop =
             [&] {
               watch.Time([&] { return client->Stop(); });
               client->Wait(1);
             },
         .state = [&] { return client->GetState(); }});
    std::vector<harness::Thread> threads;
    for (int i = 0; i < 2; ++i) {
      threads.emplace_back([&] {
        const std::string bytes = Pattern(3000);
        while (!storm.over()) {
          harness::LetOthersGoOn();
          errno = 0;
          if (!client->Send(Bytes(bytes), Length(bytes)) && errno == 0)
            ADD_FAILURE() << "false without errno";
          int pending = 0;
          client->GetPendingDataLength(pending);
          client.LocalName();
        }
      });
    }
  }
  watch.Time([&] { return client->Stop(); });
  ASSERT_TRUE(client->Wait(harness::kPatienceMs));
  ExpectNothingHeld(client);
  client.Destroy();
  const EventLog log = client.events().log();
  for (const CONNID id : log.Ids()) EXPECT_LE(log.CountEnds(id), 1u) << id;
}

// Spec: fault 13, fault 44, decisions 2.5
TEST_P(TcpClientStorm, IsDestroyedByWhicheverThread) {
  PeerListener& listener = Listener();
  AnsweringStorm answers(listener);
  const uint16_t port = listener.port();
  for (int round = 0; round < Effort("HPSOCKET_STORMS", 50); ++round) {
    ClientUnderTest client(GetParam(), false);
    harness::Thread([&] {
      const bool started = client.Start("127.0.0.1", port, round % 2 == 0);
      EXPECT_TRUE(started || errno == ECONNRESET) << errno;  // the other side was quicker than OnConnect
    }).Join();
    const std::string bytes = Pattern(3000);
    client->Send(Bytes(bytes), Length(bytes));
    harness::Thread([&] { client.Destroy(); }).Join();
    Judge(client);
  }
}

// Spec: fault 20, fault 18, decisions 2.5
TEST_P(TcpClientStorm, ReconnectsAThousandTimes) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  std::unique_ptr<Peer> peer = client.Connect(listener);
  EXPECT_TRUE(client->Stop());
  peer.reset();
  const std::set<int> descriptors = harness::OpenDescriptors();
  for (int round = 0; round < Effort("HPSOCKET_RESTARTS", 1000); ++round) {
    ASSERT_TRUE(client.Start("127.0.0.1", listener.port(), round % 2 == 1))
        << round << ": " << client->GetLastErrorDesc() << ", " << client->GetLastErrorDetail();
    peer = listener.Accept();
    ASSERT_NE(peer, nullptr);
    if (round % 10 == 0) {
      ASSERT_TRUE(RunUntil([&] { return client->GetState() == SS_STARTED; }));
      ASSERT_TRUE(client->Send(Bytes("hi"), 2));
      ASSERT_EQ(peer->Receive(2), "hi");
    }
    ASSERT_TRUE(client->Stop());
    ExpectNothingHeld(client);
    peer->Reset();
  }
  peer.reset();
  EXPECT_EQ(harness::OpenDescriptors(), descriptors);
}

}  // namespace
}  // namespace hpsocket::conformance
