// What becomes of a client's Start while its name is being resolved, which nothing can interrupt, and of
// names with several addresses: answers wait until the test lets them come.
#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <thread>

#include "hpsocket/testing/harness/counting_listener.h"
#include "hpsocket/testing/harness/names.h"
#include "hpsocket/testing/harness/raw_datagram_peer.h"
#include "hpsocket/udp/udp_client.h"

namespace hpsocket {
namespace {

using harness::Deadline;
using harness::RawDatagramPeer;

constexpr char kSlow[] = "slow.test";
// No socket may be connected to the first of its addresses, which is everybody's.
constexpr char kSeveral[] = "several.test";
constexpr char kNowhere[] = "nowhere.test";
harness::NameHold g_slow;

using CountingListener = harness::CountingClientListener<CUdpClientListener>;

class UdpResolvingTest : public ::testing::TestWithParam<EnIoBackend> {
 protected:
  UdpResolvingTest() {
    g_slow.Reset();
    harness::AddName(kSlow, {"127.0.0.1"}, &g_slow);
    harness::AddName(kSeveral, {"255.255.255.255", "::1"});
    harness::AddName(kNowhere, {"255.255.255.255", "255.255.255.255"});
    client_->SetIoBackend(GetParam());
  }
  ~UdpResolvingTest() override { g_slow.LetAnswer(); }

  void SetUp() override {
    ASSERT_NE(peer_, nullptr);
    // Whether the port is to be had.
    CountingListener listener;
    CUdpClient probe(&listener);
    probe.SetIoBackend(GetParam());
    if (!probe.Start("127.0.0.1", peer_->port())) GTEST_SKIP() << probe.GetLastErrorDetail();
    ASSERT_EQ(peer_->Receive(Deadline::Patient()), "");
  }

  // Of events that only a client has that came to be.
  int events() const { return listener_.connected + listener_.closed + listener_.failed; }

  const std::unique_ptr<RawDatagramPeer> peer_ = RawDatagramPeer::Bind("127.0.0.1");
  CountingListener listener_;
  std::unique_ptr<CUdpClient> client_ = std::make_unique<CUdpClient>(&listener_);
};
INSTANTIATE_TEST_SUITE_P(Ports, UdpResolvingTest, ::testing::Values(IO_URING, IO_EPOLL));

// Spec: decisions 5.5, decisions 5.8
TEST_P(UdpResolvingTest, AnAsynchronousStartNeverWaitsForAName) {
  ASSERT_TRUE(client_->Start(kSlow, peer_->port(), true));
  g_slow.AwaitAsked(1);
  EXPECT_EQ(client_->GetState(), SS_STARTING);
  EXPECT_NE(client_->GetConnectionID(), 0u);
  EXPECT_EQ(listener_.prepared.load(), 0) << "there is no socket yet";
  EXPECT_FALSE(client_->Send(reinterpret_cast<const uint8_t*>("x"), 1));
  EXPECT_EQ(errno, EPERM);
  g_slow.LetAnswer();
  CountingListener::Await(listener_.connected, 1);
  EXPECT_EQ(peer_->Receive(Deadline::Patient()), "") << "the handshake";
  EXPECT_TRUE(client_->Stop());
  EXPECT_EQ(listener_.prepared.load(), 1);
  EXPECT_EQ(listener_.closed.load(), 1);
}

// Spec: decisions 2.5, decisions 2.7, decisions 5.5, decisions 5.13
TEST_P(UdpResolvingTest, StopAbandonsAnAsynchronousStartThatResolves) {
  ASSERT_TRUE(client_->Start(kSlow, peer_->port(), true));
  g_slow.AwaitAsked(1);
  EXPECT_TRUE(client_->Stop());
  EXPECT_EQ(client_->GetState(), SS_STOPPED);
  EXPECT_EQ(listener_.closed.load(), 1) << "OnClose without OnConnect";
  client_.reset();
  g_slow.LetAnswer();  // to nobody
  EXPECT_EQ(events(), 1);
  EXPECT_EQ(listener_.prepared.load(), 0);
}

// The caller is left alone with its stack: the client may be gone when the answer comes.
// Spec: decisions 2.4, decisions 2.5, decisions 5.8, decisions 5.13
TEST_P(UdpResolvingTest, StopLeavesASynchronousStartAloneThatResolves) {
  bool started = true;
  int error = 0;
  std::thread caller([&, client = client_.get()] {
    started = client->Start(kSlow, peer_->port(), false);
    error = errno;
  });
  g_slow.AwaitAsked(1);
  EXPECT_TRUE(client_->Stop());
  EXPECT_EQ(client_->GetState(), SS_STOPPED);
  EXPECT_EQ(client_->GetLastError(), SE_ILLEGAL_STATE);
  client_.reset();
  g_slow.LetAnswer();
  caller.join();
  EXPECT_FALSE(started);
  EXPECT_EQ(error, ECANCELED);
  EXPECT_EQ(events() + listener_.prepared.load(), 0);
  EXPECT_TRUE(peer_->Quiet());
}

// Spec: decisions 2.5, decisions 5.13
TEST_P(UdpResolvingTest, CanBeStartedAgainWhileAnOldStartStillResolves) {
  bool started = true;
  std::thread caller([&] { started = client_->Start(kSlow, peer_->port(), false); });
  g_slow.AwaitAsked(1);
  EXPECT_TRUE(client_->Stop());
  EXPECT_TRUE(client_->Start("127.0.0.1", peer_->port(), false));
  g_slow.LetAnswer();
  caller.join();
  EXPECT_FALSE(started) << "it belongs to the run before";
  EXPECT_EQ(client_->GetState(), SS_STARTED);
  EXPECT_TRUE(client_->Send(reinterpret_cast<const uint8_t*>("x"), 1));
  EXPECT_EQ(peer_->ReceiveData(Deadline::Patient()), "x");
  EXPECT_TRUE(client_->Stop());
  EXPECT_EQ(listener_.prepared.load(), 1);
  EXPECT_EQ(listener_.connected.load(), 1);
  EXPECT_EQ(listener_.closed.load(), 1);
}

// Spec: decisions 5.4, decisions 5.7, decisions 5.11
TEST_P(UdpResolvingTest, TriesAllAddressesOfANameInOrder) {
  const auto server = RawDatagramPeer::Bind("::1");
  ASSERT_NE(server, nullptr);
  for (const bool async : {false, true}) {
    SCOPED_TRACE(async ? "asynchronous" : "synchronous");
    CountingListener listener;
    CUdpClient client(&listener);
    client.SetIoBackend(GetParam());
    ASSERT_TRUE(client.Start(kSeveral, server->port(), async)) << client.GetLastErrorDetail();
    CountingListener::Await(listener.connected, 1);
    EXPECT_EQ(server->Receive(Deadline::Patient()), "") << "the handshake";
    EXPECT_TRUE(client.Stop());
    EXPECT_EQ(listener.prepared.load(), 2) << "a socket for each";
    EXPECT_EQ(listener.connected.load(), 1);
    EXPECT_EQ(listener.failed.load(), 0) << "the first is not reported";
    EXPECT_EQ(listener.closed.load(), 1);
  }
}

// Spec: decisions 5.7, decisions 5.11, decisions 5.13
TEST_P(UdpResolvingTest, FailsOnceWhereNoAddressOfANameWorks) {
  EXPECT_FALSE(client_->Start(kNowhere, 1, false));
  EXPECT_TRUE(errno == EACCES || errno == ENETUNREACH) << errno;
  EXPECT_EQ(client_->GetLastError(), SE_CONNECT_SERVER);
  EXPECT_EQ(listener_.prepared.load(), 2);
  EXPECT_EQ(events(), 0);
  ASSERT_TRUE(client_->Start(kNowhere, 1, true));
  CountingListener::Await(listener_.failed, 1);
  EXPECT_TRUE(client_->Wait());
  EXPECT_EQ(listener_.prepared.load(), 4);
  EXPECT_EQ(events(), 1);
}

}  // namespace
}  // namespace hpsocket
