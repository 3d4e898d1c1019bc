// What becomes of an agent's connects while their names are being resolved, which nothing can interrupt:
// the answer waits until the test lets it come.
#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <string>
#include <thread>

#include "hpsocket/core/engine/resolver.h"
#include "hpsocket/tcp_agent/tcp_agent.h"
#include "hpsocket/testing/harness/names.h"
#include "hpsocket/testing/harness/raw_peer.h"

namespace hpsocket {
namespace {

constexpr int kAtOnce = core::Resolver::kAtOnce;
constexpr char kSlow[] = "slow.test";
harness::NameHold g_slow;

void WaitFor(const std::atomic<int>& counter, int value) {
  for (int now = counter.load(); now < value; now = counter.load()) counter.wait(now);
}

class CountingListener final : public CTcpAgentListener {
 public:
  using CTcpAgentListener::OnReceive;

  EnHandleResult OnPrepareConnect(CONNID, SOCKET) override { return Count(prepared); }
  EnHandleResult OnConnect(CONNID) override { return Count(connected); }
  EnHandleResult OnReceive(CONNID, const uint8_t*, int) override { return HR_OK; }
  EnHandleResult OnClose(CONNID) override { return Count(closed); }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return Count(failed); }
  EnHandleResult OnShutdown() override { return Count(shut_down); }

  std::atomic<int> prepared{0};
  std::atomic<int> connected{0};
  std::atomic<int> closed{0};
  std::atomic<int> failed{0};
  std::atomic<int> shut_down{0};

 private:
  static EnHandleResult Count(std::atomic<int>& counter) {
    counter.fetch_add(1);
    counter.notify_all();
    return HR_OK;
  }
};

class ResolvingTest : public ::testing::TestWithParam<EnIoBackend> {
 protected:
  ResolvingTest() {
    g_slow.Reset();
    harness::AddName(kSlow, {"127.0.0.1"}, &g_slow);
    agent_->SetIoBackend(GetParam());
    agent_->SetWorkerThreadCount(2);
  }
  ~ResolvingTest() override { g_slow.LetAnswer(); }

  bool Start(bool async) { return agent_->Start(nullptr, async); }

  CountingListener listener_;
  std::unique_ptr<CTcpAgent> agent_ = std::make_unique<CTcpAgent>(&listener_);
};
INSTANTIATE_TEST_SUITE_P(Ports, ResolvingTest, ::testing::Values(IO_URING, IO_EPOLL));

// Spec: decisions 5.5, decisions 5.8
TEST_P(ResolvingTest, AnAsynchronousConnectNeverWaitsForAName) {
  const auto listener = harness::RawPeerListener::Open({});
  ASSERT_NE(listener, nullptr);
  if (!Start(true)) GTEST_SKIP() << agent_->GetLastErrorDetail();
  CONNID id = 0;
  ASSERT_TRUE(agent_->Connect(kSlow, listener->port(), &id));
  g_slow.AwaitAsked(1);
  EXPECT_EQ(agent_->GetConnectionCount(), 1u) << "its ID is known";
  EXPECT_EQ(listener_.prepared.load(), 0) << "there is no socket yet";
  EXPECT_FALSE(agent_->Send(id, reinterpret_cast<const uint8_t*>("x"), 1));
  EXPECT_EQ(errno, EPERM);
  g_slow.LetAnswer();
  WaitFor(listener_.connected, 1);
  EXPECT_NE(listener->Accept(harness::Deadline::Patient()), nullptr);
  EXPECT_TRUE(agent_->Stop());
}

// Spec: decisions 2.5, decisions 2.7, decisions 5.5, decisions 5.13
TEST_P(ResolvingTest, StopAbandonsWhatIsBeingResolvedAsynchronously) {
  if (!Start(true)) GTEST_SKIP() << agent_->GetLastErrorDetail();
  CONNID id = 0;
  ASSERT_TRUE(agent_->Connect(kSlow, 1, &id));
  g_slow.AwaitAsked(1);
  EXPECT_TRUE(agent_->Stop());
  EXPECT_EQ(listener_.closed.load(), 1) << "OnClose without OnConnect";
  EXPECT_EQ(listener_.prepared.load(), 0);
  EXPECT_EQ(listener_.shut_down.load(), 1);
  agent_.reset();
  g_slow.LetAnswer();  // to nobody
  EXPECT_EQ(listener_.closed.load() + listener_.failed.load() + listener_.connected.load(), 1);
}

// Spec: api §6.3/3, decisions 5.5, decisions 5.13
TEST_P(ResolvingTest, DisconnectEndsWhatIsBeingResolved) {
  if (!Start(true)) GTEST_SKIP() << agent_->GetLastErrorDetail();
  CONNID id = 0;
  ASSERT_TRUE(agent_->Connect(kSlow, 1, &id));
  g_slow.AwaitAsked(1);
  EXPECT_TRUE(agent_->Disconnect(id));
  WaitFor(listener_.closed, 1);
  g_slow.LetAnswer();
  EXPECT_TRUE(agent_->Stop());
  EXPECT_EQ(listener_.failed.load() + listener_.prepared.load(), 0);
}

// Names whose server is silent hold up no other name.
// Spec: decisions 5.5
TEST_P(ResolvingTest, ANameThatIsNotAnsweredKeepsNoOtherWaiting) {
  harness::AddName("quick.test", {"127.0.0.1"});
  const auto listener = harness::RawPeerListener::Open({});
  ASSERT_NE(listener, nullptr);
  if (!Start(true)) GTEST_SKIP() << agent_->GetLastErrorDetail();
  for (int i = 1; i < kAtOnce; ++i) ASSERT_TRUE(agent_->Connect(kSlow, 1));
  ASSERT_TRUE(agent_->Connect("quick.test", listener->port()));
  WaitFor(listener_.connected, 1);
  g_slow.AwaitAsked(kAtOnce - 1);
  EXPECT_EQ(listener_.closed.load() + listener_.failed.load(), 0) << "the others are still being asked for";
  EXPECT_TRUE(agent_->Stop());
}

// A stopped agent's names are not resolved before those that somebody waits for.
// Spec: decisions 2.5, decisions 5.5
TEST_P(ResolvingTest, NamesThatNobodyWaitsForKeepNobodyWaiting) {
  const auto listener = harness::RawPeerListener::Open({});
  ASSERT_NE(listener, nullptr);
  if (!Start(true)) GTEST_SKIP() << agent_->GetLastErrorDetail();
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(agent_->Connect(kSlow, 1));
  g_slow.AwaitAsked(kAtOnce);
  EXPECT_TRUE(agent_->Stop());
  EXPECT_EQ(listener_.closed.load(), 100);
  ASSERT_TRUE(Start(true));
  ASSERT_TRUE(agent_->Connect(kSlow, listener->port()));
  g_slow.LetAnswer();
  WaitFor(listener_.connected, 1);
  EXPECT_EQ(g_slow.asked(), kAtOnce + 1) << "those that were under way, and the one that is wanted";
  EXPECT_TRUE(agent_->Stop());
}

// The caller is left alone with its stack: the agent may be gone when the answer comes.
// Spec: decisions 2.5, decisions 5.8, decisions 5.13
TEST_P(ResolvingTest, StopLeavesASynchronousConnectAloneThatResolves) {
  if (!Start(false)) GTEST_SKIP() << agent_->GetLastErrorDetail();
  CONNID id = 4711;
  bool connected = true;
  int error = 0;
  std::thread caller([&, agent = agent_.get()] {
    connected = agent->Connect(kSlow, 1, &id);
    error = errno;
  });
  g_slow.AwaitAsked(1);
  EXPECT_TRUE(agent_->Stop());
  EXPECT_EQ(listener_.shut_down.load(), 1);
  agent_.reset();
  g_slow.LetAnswer();
  caller.join();
  EXPECT_FALSE(connected);
  EXPECT_EQ(error, ECANCELED);
  EXPECT_EQ(id, 0u);
  EXPECT_EQ(listener_.prepared.load() + listener_.closed.load() + listener_.failed.load(), 0);
}

// Spec: decisions 2.5, decisions 5.13
TEST_P(ResolvingTest, CanBeStartedAgainWhileAnOldConnectStillResolves) {
  const auto listener = harness::RawPeerListener::Open({});
  ASSERT_NE(listener, nullptr);
  if (!Start(false)) GTEST_SKIP() << agent_->GetLastErrorDetail();
  bool connected = true;
  std::thread caller([&] { connected = agent_->Connect(kSlow, listener->port()); });
  g_slow.AwaitAsked(1);
  EXPECT_TRUE(agent_->Stop());
  ASSERT_TRUE(Start(false));
  EXPECT_TRUE(agent_->Connect("127.0.0.1", listener->port()));
  g_slow.LetAnswer();
  caller.join();
  EXPECT_FALSE(connected) << "it belongs to the run before";
  EXPECT_EQ(agent_->GetConnectionCount(), 1u);
  EXPECT_TRUE(agent_->Stop());
  EXPECT_EQ(listener_.closed.load(), 1);
}

}  // namespace
}  // namespace hpsocket
