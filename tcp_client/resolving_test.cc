// What becomes of a client's start while the name is being resolved, which nothing can interrupt: the answer
// waits until the test lets it come.
#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <thread>
#include <utility>

#include "hpsocket/tcp_client/tcp_client.h"
#include "hpsocket/testing/harness/counting_listener.h"
#include "hpsocket/testing/harness/names.h"
#include "hpsocket/testing/harness/raw_peer.h"

namespace hpsocket {
namespace {

constexpr char kSlow[] = "slow.test";
harness::NameHold g_slow;

using CountingListener = harness::CountingClientListener<CTcpClientListener>;

class ClientResolvingTest : public ::testing::TestWithParam<EnIoBackend> {
 protected:
  ClientResolvingTest() {
    g_slow.Reset();
    harness::AddName(kSlow, {"127.0.0.1"}, &g_slow);
    client_->SetIoBackend(GetParam());
  }
  ~ClientResolvingTest() override { g_slow.LetAnswer(); }

  void SetUp() override {
    listening_ = harness::RawPeerListener::Open({});
    ASSERT_NE(listening_, nullptr);
    if (client_->Start("127.0.0.1", listening_->port())) {
      ASSERT_NE(listening_->Accept(harness::Deadline::Patient()), nullptr);
      ASSERT_TRUE(client_->Stop() || client_->Wait());
      for (std::atomic<int>* const counter :
           {&listener_.prepared, &listener_.connected, &listener_.closed, &listener_.failed}) {
        counter->store(0);
      }
    } else {
      ASSERT_EQ(client_->GetLastError(), SE_CP_CREATE) << client_->GetLastErrorDetail();
      GTEST_SKIP() << client_->GetLastErrorDetail();
    }
  }
  int Events() const {
    return listener_.prepared.load() + listener_.connected.load() + listener_.closed.load() +
           listener_.failed.load();
  }

  std::unique_ptr<harness::RawPeerListener> listening_;
  CountingListener listener_;
  std::unique_ptr<CTcpClient> client_ = std::make_unique<CTcpClient>(&listener_);
};
INSTANTIATE_TEST_SUITE_P(Ports, ClientResolvingTest, ::testing::Values(IO_URING, IO_EPOLL));

// Spec: decisions 5.5, decisions 5.8
TEST_P(ClientResolvingTest, AnAsynchronousStartNeverWaitsForAName) {
  ASSERT_TRUE(client_->Start(kSlow, listening_->port(), true));
  g_slow.AwaitAsked(1);
  EXPECT_EQ(client_->GetState(), SS_STARTING);
  EXPECT_EQ(Events(), 0) << "there is no socket yet";
  EXPECT_FALSE(client_->Send(reinterpret_cast<const uint8_t*>("x"), 1));
  EXPECT_EQ(errno, EPERM);
  g_slow.LetAnswer();
  CountingListener::Await(listener_.connected, 1);
  EXPECT_NE(listening_->Accept(harness::Deadline::Patient()), nullptr);
}

// Spec: decisions 2.5, decisions 2.7, decisions 5.5, decisions 5.13, §2.4.2
TEST_P(ClientResolvingTest, StopAbandonsWhatIsBeingResolvedAsynchronously) {
  ASSERT_TRUE(client_->Start(kSlow, 1, true));
  g_slow.AwaitAsked(1);
  EXPECT_TRUE(client_->Stop());
  EXPECT_EQ(client_->GetState(), SS_STOPPED);
  EXPECT_EQ(listener_.closed.load(), 1) << "OnClose without OnConnect";
  client_.reset();
  g_slow.LetAnswer();  // to nobody
  EXPECT_EQ(Events(), 1);
}

// Spec: decisions 2.5
TEST_P(ClientResolvingTest, ItsDestructionAbandonsWhatIsBeingResolved) {
  ASSERT_TRUE(client_->Start(kSlow, 1, true));
  g_slow.AwaitAsked(1);
  client_.reset();
  g_slow.LetAnswer();
  EXPECT_EQ(listener_.closed.load(), 1);
  EXPECT_EQ(Events(), 1);
}

// The caller is left alone with its stack: the client may be gone when the answer comes.
// Spec: decisions 2.5, decisions 5.8, decisions 5.13
TEST_P(ClientResolvingTest, StopLeavesASynchronousStartAloneThatResolves) {
  bool started = true;
  int error = 0;
  std::thread caller([&, client = client_.get()] {
    started = client->Start(kSlow, 1);
    error = errno;
  });
  g_slow.AwaitAsked(1);
  EXPECT_EQ(client_->GetState(), SS_STARTING);
  EXPECT_TRUE(client_->Stop());
  EXPECT_EQ(client_->GetState(), SS_STOPPED);
  client_.reset();
  g_slow.LetAnswer();
  caller.join();
  EXPECT_FALSE(started);
  EXPECT_EQ(error, ECANCELED);
  EXPECT_EQ(Events(), 0) << "FALSE is never followed by an event";
}

// Spec: decisions 2.5, decisions 5.13
TEST_P(ClientResolvingTest, CanBeStartedAgainWhileAnOldStartStillResolves) {
  bool started = true;
  std::thread caller([&] { started = client_->Start(kSlow, listening_->port()); });
  g_slow.AwaitAsked(1);
  EXPECT_TRUE(client_->Stop());
  ASSERT_TRUE(client_->Start("127.0.0.1", listening_->port()));
  const std::unique_ptr<harness::Peer> peer = listening_->Accept(harness::Deadline::Patient());
  ASSERT_NE(peer, nullptr);
  g_slow.LetAnswer();
  caller.join();
  EXPECT_FALSE(started) << "it belongs to the run before";
  EXPECT_EQ(client_->GetState(), SS_STARTED);
  EXPECT_TRUE(client_->Stop());
  EXPECT_EQ(listener_.closed.load(), 1);
}

// The process's resolver thread is inside the resolution when static objects go.
// Spec: fault 44, decisions 2.5
TEST_P(ClientResolvingTest, AProcessEndsWhileANameIsBeingResolved) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  for (const bool destroyed : {true, false}) {
    SCOPED_TRACE(destroyed ? "as a static object" : "still running");
    EXPECT_EXIT(
        {
          static std::unique_ptr<CTcpClient> last;
          if (!client_->Start(kSlow, 1, true)) std::_Exit(4);
          g_slow.AwaitAsked(1);
          if (destroyed) last = std::move(client_);
          std::exit(0);
        },
        ::testing::ExitedWithCode(0), "");
  }
}

}  // namespace
}  // namespace hpsocket
