// Conformance: an agent under load: connects, sends, closes and stops of many threads at any moment;
// thousands of connections. HPSOCKET_STORMS and HPSOCKET_CONNECTIONS say how many.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/agent_fixture.h"
#include "hpsocket/testing/conformance/fetch_storm.h"
#include "hpsocket/testing/harness/effort.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"
#include "hpsocket/testing/harness/process_probe.h"
#include "hpsocket/testing/harness/raw_peer.h"
#include "hpsocket/testing/harness/start_stop_storm.h"
#include "hpsocket/testing/harness/stop_watch.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::conformance {
namespace {

using harness::Deadline;
using harness::Effort;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::FirstStorm;
using harness::NeedsKernel;
using harness::Peer;
using harness::PeerListener;
using harness::RunUntil;
using harness::StopWatch;

// How long a peer waits for what may never come; it decides nothing.
constexpr std::chrono::milliseconds kBrief{5};

class TcpAgentStorm : public AgentTest {
 protected:
  static void ExpectNothingHeld(AgentUnderTest& agent) {
    HP_Stats stats;
    ASSERT_TRUE(agent->GetStats(stats));
    EXPECT_EQ(stats.connections, 0u);
    EXPECT_EQ(stats.lingering, 0u);
    EXPECT_EQ(stats.pending_bytes, 0u);
    EXPECT_EQ(stats.pool_bytes, 0u);
    EXPECT_EQ(stats.pool_buffers, 0u);
    EXPECT_EQ(stats.leases, 0u);
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpAgentStorm);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpAgentStorm, ::testing::ValuesIn(harness::TcpAgents()), AgentName);

// A thread that takes whoever comes, talks, and lets go in every way, until told to stop.
class TakingStorm {
 public:
  explicit TakingStorm(PeerListener& listener) : thread_([this, &listener] { Blow(listener); }) {}
  ~TakingStorm() { End(); }

  void End() {
    over_.store(true);
    thread_.Join();
  }

 private:
  void Blow(PeerListener& listener) {
    std::minstd_rand random(7);
    const std::string bytes = Pattern(20000);
    std::vector<std::unique_ptr<Peer>> peers;
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

// Threads that connect to whatever there is, send and close, until told to stop.
class ConnectStorm {
 public:
  ConnectStorm(AgentUnderTest& agent, std::vector<uint16_t> ports, int threads, unsigned seed)
      : agent_(agent), ports_(std::move(ports)) {
    for (int i = 0; i < threads; ++i)
      threads_.emplace_back([this, i, seed] { Blow(seed * 100 + static_cast<unsigned>(i)); });
  }
  ~ConnectStorm() { End(); }

  void End() {
    over_.store(true);
    for (harness::Thread& thread : threads_) thread.Join();
  }

 private:
  void Blow(unsigned seed) {
    std::minstd_rand random(seed + 1);
    const std::string bytes = Pattern(5000);
    while (!over_.load()) {
      harness::LetOthersGoOn();
      CONNID id = 0;
      errno = 0;
      const char* const address = random() % 8 == 0 ? "localhost" : "127.0.0.1";
      if (!agent_.ConnectTo(address, ports_[random() % ports_.size()], &id)) {
        if (errno == 0) ADD_FAILURE() << "false without errno";
        if (errno == ENOMEM) ADD_FAILURE() << "there is memory";
        continue;
      }
      for (auto i = random() % 4; i > 0; --i) {
        errno = 0;
        const bool sent = agent_->Send(id, Bytes(bytes), 1 + static_cast<int>(random() % 5000));
        const std::set<int> expected = {EPERM, EBADSLT, ENOBUFS, EPIPE, ECONNRESET};
        if (!sent && expected.count(errno) == 0) {
          ADD_FAILURE() << "Send failed with errno " << errno;
        }
      }
      if (random() % 3 == 0) agent_->Disconnect(id, random() % 2 == 0);
      if (random() % 8 == 0) agent_->PauseReceive(id, random() % 2 == 0);
      HP_Stats stats;
      if (random() % 8 == 0) agent_->GetStats(stats);
    }
  }

  AgentUnderTest& agent_;
  const std::vector<uint16_t> ports_;
  std::atomic<bool> over_{false};
  std::vector<harness::Thread> threads_;
};

// Spec: fault 13, fault 18, fault 38, decisions 2.5, decisions 2.7, decisions 5.13, C05, C16, C17
TEST_P(TcpAgentStorm, StopsAtAnyMomentOfAStormOfConnects) {
  StopWatch watch;
  PeerListener& listener = Listener();
  const std::vector<uint16_t> ports = {listener.port(), listener.port(), listener.port(),
                                       SilentListener().port(), RefusingPort()};
  {
    AgentUnderTest& warm = StartedAgent(true);  // what is made once per process exists from here on
    ASSERT_TRUE(warm.ConnectTo("localhost", listener.port()));
    ASSERT_TRUE(warm.events().WaitForCount(EventKind::kConnect, 1));
    EXPECT_TRUE(warm->Stop());
  }
  listener.Accept();
  const bool count_descriptors = !harness::Environment::Current().simulated();
  const std::set<int> descriptors = count_descriptors ? harness::OpenDescriptors() : std::set<int>();
  const int end = FirstStorm() + Effort("HPSOCKET_STORMS", 50);
  for (int storm = FirstStorm(); storm < end && !HasFailure(); ++storm) {
    SCOPED_TRACE("storm " + std::to_string(storm));
    std::minstd_rand random(static_cast<unsigned>(storm));
    AgentUnderTest agent(GetParam(), false);
    agent->SetSendPolicy(static_cast<EnSendPolicy>(storm % 3));
    agent->SetRecvPolicy(static_cast<EnRecvPolicy>(storm / 3 % 2));
    agent->SetGracefulTimeout(1000);
    agent->SetSyncConnectTimeout(20);
    agent.EchoBack();
    LeaveSomeToOthers(agent, storm);
    // Some callbacks connect, too.
    agent.events().Do(EventKind::kClose, [&](const Event& event) {
      if (event.id % 4 == 0) agent.ConnectTo("127.0.0.1", ports[event.id % ports.size()]);
    });
    agent.MustStart(storm % 2 == 0);
    TakingStorm takers(listener);
    ConnectStorm connects(agent, ports, 4, static_cast<unsigned>(storm));
    FetchStorm fetches(agent, static_cast<unsigned>(storm));
    const size_t moment = random() % 400;
    EXPECT_TRUE(RunUntil([&] { return agent.events().size() >= moment; }));
    EXPECT_TRUE(watch.Time([&] { return agent->Stop(); }));
    EXPECT_EQ(agent->GetState(), SS_STOPPED);
    EXPECT_EQ(agent.events().running(), 0u);
    const size_t events = agent.events().size();
    EXPECT_EQ(agent.events().log().Last()->kind, EventKind::kShutdown);
    ExpectNothingHeld(agent);
    connects.End();
    fetches.End();
    takers.End();
    EXPECT_EQ(agent.events().size(), events) << "a callback after Stop";
    while (listener.Accept(Deadline::In(std::chrono::milliseconds(0))) != nullptr) {
    }
    if (count_descriptors) {
      EXPECT_EQ(harness::OpenDescriptors(), descriptors);
    }
    agent.Destroy();
    for (const std::string& violation : agent.Violations()) ADD_FAILURE() << violation;
    if (HasFailure()) std::printf("What the listener saw:\n%s", agent.events().log().ToText().c_str());
  }
}

// Spec: fault 13, decisions 2.4, decisions 2.5, decisions 3.3
TEST_P(TcpAgentStorm, IsStartedStoppedAndConnectedWithByEverybodyAtOnce) {
  PeerListener& listener = Listener();
  TakingStorm takers(listener);
  AgentUnderTest& agent = NewAgent();
  StopWatch watch;
  {
    ConnectStorm connects(agent, {listener.port(), RefusingPort()}, 3, 1);
    FetchStorm fetches(agent, 1);
    const harness::StartStopStorm storm(Effort("HPSOCKET_STORMS", 50),
                                        {.start = [&](bool async) { return agent->Start(nullptr, async); },
                                         .stop =
                                             [&] {
                                               watch.Time([&] { return agent->Stop(); });
                                               agent->Wait(1);
                                             },
                                         .state = [&] { return agent->GetState(); }});
  }
  watch.Time([&] { return agent->Stop(); });
  ASSERT_TRUE(agent->Wait(harness::kPatienceMs));
  ExpectNothingHeld(agent);
}

// Takes every connection and says one byte, in a process of its own, because a process has only so many
// descriptors. Until the pipe's other end is closed.
class TakingProcess {
 public:
  TakingProcess() {
    int ends[2];
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_storage name;
    socklen_t length = harness::NameOf("127.0.0.1", 0, &name);
    sockaddr* const address = reinterpret_cast<sockaddr*>(&name);
    if (listener_ < 0 || bind(listener_, address, length) != 0 || listen(listener_, 4096) != 0 ||
        getsockname(listener_, address, &length) != 0 || pipe2(ends, O_CLOEXEC) != 0) {
      throw std::runtime_error("no listener");
    }
    port_ = harness::PortOf(name);
    child_ = fork();
    if (child_ == 0) {
      close(ends[1]);
      Take(listener_, ends[0]);
    }
    close(ends[0]);
    close(listener_);
    lifeline_ = ends[1];
  }
  TakingProcess(const TakingProcess&) = delete;
  TakingProcess& operator=(const TakingProcess&) = delete;
  ~TakingProcess() {
    close(lifeline_);
    while (waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  uint16_t port() const { return port_; }

 private:
  // In the child, where only system calls may be made.
  [[noreturn]] static void Take(int listener, int lifeline) {
    alarm(300);  // one that hangs ends by itself
    pollfd waits[] = {{listener, POLLIN, 0}, {lifeline, POLLIN, 0}};
    for (;;) {
      poll(waits, 2, -1);
      if (waits[1].revents != 0) _exit(0);
      for (int fd = 0; (fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
        if (write(fd, "x", 1) != 1) _exit(1);
      }
      if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) _exit(2);
    }
  }

  int listener_ = -1;
  int lifeline_ = -1;
  pid_t child_ = -1;
  uint16_t port_ = 0;
};

// Spec: §2.3.2, api §6.10, decisions 2.5, decisions 5.13, fault 43
TEST_P(TcpAgentStorm, HoldsThousandsOfConnections) {
  if (NeedsKernel("its peer is another process")) return;
  constexpr size_t kAhead = 1000;
  const size_t connections = static_cast<size_t>(Effort("HPSOCKET_CONNECTIONS", 9000));
  for (const bool async : {false, true}) {
    SCOPED_TRACE(async);
    const TakingProcess taker;
    AgentUnderTest agent(GetParam(), false);
    // The recorder's log would be searched for each of them; counts are enough.
    std::atomic<size_t> connected{0};
    std::atomic<size_t> received{0};
    agent.events().Do(EventKind::kConnect, [&](const Event&) { connected.fetch_add(1); });
    agent.events().Do(EventKind::kReceive,
                      [&](const Event& event) { received.fetch_add(event.data.size()); });
    agent.MustStart(async, async ? "127.0.0.1" : nullptr);
    for (size_t i = 0; i < connections; ++i) {
      ASSERT_TRUE(agent.ConnectTo("127.0.0.1", taker.port())) << i << ", errno " << errno;
      // No more at once than a listening socket keeps waiting: what it drops is tried again much later.
      if (i >= kAhead) {
        ASSERT_TRUE(RunUntil([&] { return received.load() >= i - kAhead; })) << received.load();
      }
    }
    EXPECT_TRUE(RunUntil([&] { return received.load() == connections; })) << received.load();
    EXPECT_EQ(connected.load(), connections);
    EXPECT_EQ(agent->GetConnectionCount(), connections);
    EXPECT_TRUE(agent->Stop());
    const EventLog log = agent.events().log();
    EXPECT_EQ(log.Count(EventKind::kClose), connections);
    EXPECT_EQ(log.Count(EventKind::kError), 0u);
    ExpectNothingHeld(agent);
    agent.Destroy();
    for (const std::string& violation : agent.Violations()) ADD_FAILURE() << violation;
  }
}

}  // namespace
}  // namespace hpsocket::conformance
