// What an agent does when operator new fails, whichever of its calls it is.
#include <atomic>
#include <cerrno>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

#include "gtest/gtest.h"
#include "hpsocket/core/memory/failing_new.h"
#include "hpsocket/core/memory/new_faults.h"
#include "hpsocket/tcp_agent/tcp_agent.h"
#include "hpsocket/tcp_agent/tcp_pull_agent.h"
#include "hpsocket/testing/harness/raw_peer.h"

namespace hpsocket {
namespace {

using core::FailEachNew;
using core::NewFault;
using harness::Deadline;
using harness::Peer;
using harness::RawPeerListener;

// Echoes.
class CountingListener final : public CTcpAgentListener {
 public:
  using CTcpAgentListener::OnReceive;

  EnHandleResult OnConnect(CONNID) override { return Count(connected); }
  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    if (!agent->Send(id, data, length)) {
      EXPECT_EQ(errno, ENOMEM);
      agent->Disconnect(id);
    }
    return HR_OK;
  }
  EnHandleResult OnReceive(CONNID id, int total) override {
    uint8_t bytes[16];
    EXPECT_LE(total, static_cast<int>(sizeof(bytes)));
    EXPECT_EQ(pull->Fetch(id, bytes, total), FR_OK);
    return OnReceive(id, bytes, total);
  }
  EnHandleResult OnClose(CONNID) override { return Count(ended); }
  EnHandleResult OnError(CONNID, EnSocketOperation, int code) override {
    error = code;
    return Count(ended);
  }
  EnHandleResult OnShutdown() override { return Count(shutdowns); }

  // Until the only connect has become something.
  void AwaitOutcome() {
    for (int now = events.load(); connected.load() + ended.load() == 0; now = events.load()) events.wait(now);
  }

  ITcpAgent* agent = nullptr;
  IPullSocket* pull = nullptr;  // null: PUSH
  std::atomic<int> connected{0};
  std::atomic<int> ended{0};
  std::atomic<int> shutdowns{0};
  std::atomic<int> error{0};

 private:
  EnHandleResult Count(std::atomic<int>& counter) {
    counter.fetch_add(1);
    events.fetch_add(1);
    events.notify_all();
    return HR_OK;
  }

  std::atomic<int> events{0};
};

// With its agent, PUSH or PULL.
struct AgentAndListener {
  explicit AgentAndListener(bool pull) {
    if (pull) {
      auto component = std::make_unique<CTcpPullAgent>(&listener);
      listener.pull = component.get();
      agent = std::move(component);
    } else {
      agent = std::make_unique<CTcpAgent>(&listener);
    }
    listener.agent = agent.get();
  }

  CountingListener listener;
  std::unique_ptr<ITcpAgent> agent;
};

// Port, asynchronous, where to, PULL.
using Mode = std::tuple<EnIoBackend, bool, const char*, bool>;

class AgentOutOfMemoryTest : public ::testing::TestWithParam<Mode> {
 protected:
  static EnIoBackend backend() { return std::get<0>(GetParam()); }
  static bool async() { return std::get<1>(GetParam()); }
  static const char* remote() { return std::get<2>(GetParam()); }
  static bool pull() { return std::get<3>(GetParam()); }

  void SetUp() override {
    const AgentAndListener probe(pull());
    probe.agent->SetIoBackend(backend());
    if (!probe.agent->Start(nullptr, async())) GTEST_SKIP() << probe.agent->GetLastErrorDetail();
    EXPECT_TRUE(probe.agent->Stop());
  }

  // The agent answers what it is sent; true, too, when it has ended instead.
  static bool Answers(RawPeerListener& peers, bool* ended) {
    const core::TestsOwnNew own;
    const std::unique_ptr<Peer> peer = peers.Accept(Deadline::Patient());
    *ended = false;
    if (peer == nullptr) return false;
    if (peer->Send("hello", Deadline::Patient()) && peer->Receive(5, Deadline::Patient()) == "hello")
      return true;
    *ended = peer->AwaitEnd() != harness::StreamEnd::kOpen;
    return *ended;
  }

  // Starts, connects, stops; `arm_late`: only Connect and what follows it may fail.
  static void Walk(NewFault& fault, bool arm_late) {
    const std::unique_ptr<RawPeerListener> peers = RawPeerListener::Open({});
    ASSERT_NE(peers, nullptr);
    AgentAndListener both(pull());
    CountingListener& listener = both.listener;
    ITcpAgent& agent = *both.agent;
    agent.SetIoBackend(backend());
    agent.SetWorkerThreadCount(2);
    if (!arm_late) fault.Begin();
    errno = 0;
    const bool started = agent.Start("127.0.0.1", async());
    int error = errno;
    if (arm_late) fault.Begin();
    bool connected = false;
    bool peer_saw_end = false;
    if (started) {
      errno = 0;
      connected = agent.Connect(remote(), peers->port());
      error = errno;
      if (connected) listener.AwaitOutcome();
      if (listener.connected.load() != 0) {
        EXPECT_TRUE(Answers(*peers, &peer_saw_end));
      }
    }
    const bool stopped = started && agent.Stop();
    fault.End();
    EXPECT_EQ(stopped, started);
    EXPECT_EQ(agent.GetState(), SS_STOPPED);
    EXPECT_EQ(listener.shutdowns.load(), 1);
    EXPECT_EQ(listener.ended.load(), connected ? 1 : 0) << "one last event each, and none after FALSE";
    if (!connected) {
      EXPECT_TRUE(fault.failed());
      EXPECT_EQ(error, ENOMEM);
    }
    EXPECT_TRUE(listener.error.load() == 0 || (fault.failed() && listener.error.load() == ENOMEM))
        << listener.error.load();
    EXPECT_TRUE(!peer_saw_end || fault.failed());
    Works(agent, listener);
    EXPECT_FALSE(agent.Send(0, nullptr, -1));  // leaves words of its own to GetLastErrorDetail()
  }

  static void Works(ITcpAgent& agent, CountingListener& listener) {
    // A connection of which nobody was told may have come about and gone.
    const std::unique_ptr<RawPeerListener> peers = RawPeerListener::Open({});
    ASSERT_NE(peers, nullptr);
    listener.connected.store(0);
    listener.ended.store(0);
    ASSERT_TRUE(agent.Start("127.0.0.1", async()));
    ASSERT_TRUE(agent.Connect(remote(), peers->port()));
    listener.AwaitOutcome();
    ASSERT_EQ(listener.connected.load(), 1);
    bool peer_saw_end = false;
    EXPECT_TRUE(Answers(*peers, &peer_saw_end));
    EXPECT_FALSE(peer_saw_end);
    EXPECT_TRUE(agent.Stop());
  }
};
INSTANTIATE_TEST_SUITE_P(Modes, AgentOutOfMemoryTest,
                         ::testing::Combine(::testing::Values(IO_URING, IO_EPOLL), ::testing::Bool(),
                                            ::testing::Values("127.0.0.1", "localhost"), ::testing::Bool()));

// Spec: decisions 2.5, decisions 2.8, decisions 4.6, decisions 5.13
TEST_P(AgentOutOfMemoryTest, LeavesNothingOfAConnectThatFindsNoMemory) {
  FailEachNew([](NewFault& fault) { Walk(fault, true); });
}

// Spec: decisions 2.6, decisions 2.8
TEST_P(AgentOutOfMemoryTest, FailsToStartWithAWordAndStopsEitherWay) {
  FailEachNew([](NewFault& fault) { Walk(fault, false); });
}

}  // namespace
}  // namespace hpsocket
