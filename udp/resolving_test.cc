// What becomes of a client's Start while its name is being resolved, which nothing can interrupt, and of
// names with several addresses: the system's resolver is replaced by one that waits until the test lets it
// answer.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <string>
#include <thread>

#include "hpsocket/testing/harness/raw_datagram_peer.h"
#include "hpsocket/udp/udp_client.h"

namespace {

constexpr char kSlow[] = "slow.test";
// No socket may be connected to the first of its addresses, which is everybody's.
constexpr char kSeveral[] = "several.test";
constexpr char kNowhere[] = "nowhere.test";
std::atomic<int> g_asked{0};
std::atomic<int> g_answered{0};
std::atomic<bool> g_answer{false};

void WaitFor(const std::atomic<int>& counter, int value) {
  for (int now = counter.load(); now < value; now = counter.load()) counter.wait(now);
}

using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);

// The addresses of both, in this order.
int Both(Function real, const char* first, const char* second, const addrinfo* hints, addrinfo** result) {
  addrinfo* rest = nullptr;
  int error = real(first, nullptr, hints, result);
  if (error == 0) error = real(second, nullptr, hints, &rest);
  if (error != 0) return error;
  addrinfo* last = *result;
  while (last->ai_next != nullptr) last = last->ai_next;
  last->ai_next = rest;
  return 0;
}

}  // namespace

// In place of libc's: `slow.test` is this machine, once g_answer is true.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** result) {
  static const Function real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"));
  const std::string name = node == nullptr ? "" : node;
  if (name == kSeveral) return Both(real, "255.255.255.255", "::1", hints, result);
  if (name == kNowhere) return Both(real, "255.255.255.255", "255.255.255.255", hints, result);
  if (name != kSlow) return real(node, service, hints, result);
  g_asked.fetch_add(1);
  g_asked.notify_all();
  g_answer.wait(false);
  const int error = real("127.0.0.1", service, hints, result);
  g_answered.fetch_add(1);
  g_answered.notify_all();
  return error;
}

namespace hpsocket {
namespace {

using harness::Deadline;
using harness::RawDatagramPeer;

class CountingListener final : public CUdpClientListener {
 public:
  using CUdpClientListener::OnReceive;

  EnHandleResult OnPrepareConnect(IClient*, SOCKET) override { return Count(prepared); }
  EnHandleResult OnConnect(IClient*) override { return Count(connected); }
  EnHandleResult OnReceive(IClient*, const uint8_t*, int) override { return HR_OK; }
  EnHandleResult OnClose(IClient*) override { return Count(closed); }
  EnHandleResult OnError(IClient*, EnSocketOperation, int) override { return Count(failed); }

  std::atomic<int> prepared{0};
  std::atomic<int> connected{0};
  std::atomic<int> closed{0};
  std::atomic<int> failed{0};

 private:
  static EnHandleResult Count(std::atomic<int>& counter) {
    counter.fetch_add(1);
    counter.notify_all();
    return HR_OK;
  }
};

class UdpResolvingTest : public ::testing::TestWithParam<EnIoBackend> {
 protected:
  UdpResolvingTest() {
    g_asked.store(0);
    g_answered.store(0);
    g_answer.store(false);
    client_->SetIoBackend(GetParam());
  }
  ~UdpResolvingTest() override { LetAnswer(); }

  void SetUp() override {
    ASSERT_NE(peer_, nullptr);
    // Whether the port is to be had.
    CountingListener listener;
    CUdpClient probe(&listener);
    probe.SetIoBackend(GetParam());
    if (!probe.Start("127.0.0.1", peer_->port())) GTEST_SKIP() << probe.GetLastErrorDetail();
    ASSERT_EQ(peer_->Receive(Deadline::Patient()), "");
  }

  static void LetAnswer() {
    g_answer.store(true);
    g_answer.notify_all();
    WaitFor(g_answered, g_asked.load());
  }
  // Of events that only a client has that came to be.
  int events() const { return listener_.connected + listener_.closed + listener_.failed; }

  const std::unique_ptr<RawDatagramPeer> peer_ = RawDatagramPeer::Bind("127.0.0.1");
  CountingListener listener_;
  std::unique_ptr<CUdpClient> client_ = std::make_unique<CUdpClient>(&listener_);
};
INSTANTIATE_TEST_SUITE_P(Ports, UdpResolvingTest, ::testing::Values(IO_URING, IO_EPOLL));

// Spec: decisions §5
TEST_P(UdpResolvingTest, AnAsynchronousStartNeverWaitsForAName) {
  ASSERT_TRUE(client_->Start(kSlow, peer_->port(), true));
  WaitFor(g_asked, 1);
  EXPECT_EQ(client_->GetState(), SS_STARTING);
  EXPECT_NE(client_->GetConnectionID(), 0u);
  EXPECT_EQ(listener_.prepared.load(), 0) << "there is no socket yet";
  EXPECT_FALSE(client_->Send(reinterpret_cast<const uint8_t*>("x"), 1));
  EXPECT_EQ(errno, EPERM);
  LetAnswer();
  WaitFor(listener_.connected, 1);
  EXPECT_EQ(peer_->Receive(Deadline::Patient()), "") << "the handshake";
  EXPECT_TRUE(client_->Stop());
  EXPECT_EQ(listener_.prepared.load(), 1);
  EXPECT_EQ(listener_.closed.load(), 1);
}

// Spec: decisions 2.5, decisions 2.7, decisions §5
TEST_P(UdpResolvingTest, StopAbandonsAnAsynchronousStartThatResolves) {
  ASSERT_TRUE(client_->Start(kSlow, peer_->port(), true));
  WaitFor(g_asked, 1);
  EXPECT_TRUE(client_->Stop());
  EXPECT_EQ(client_->GetState(), SS_STOPPED);
  EXPECT_EQ(listener_.closed.load(), 1) << "OnClose without OnConnect";
  client_.reset();
  LetAnswer();  // to nobody
  EXPECT_EQ(events(), 1);
  EXPECT_EQ(listener_.prepared.load(), 0);
}

// The caller is left alone with its stack: the client may be gone when the answer comes.
// Spec: decisions 2.4, decisions 2.5, decisions §5
TEST_P(UdpResolvingTest, StopLeavesASynchronousStartAloneThatResolves) {
  bool started = true;
  int error = 0;
  std::thread caller([&, client = client_.get()] {
    started = client->Start(kSlow, peer_->port(), false);
    error = errno;
  });
  WaitFor(g_asked, 1);
  EXPECT_TRUE(client_->Stop());
  EXPECT_EQ(client_->GetState(), SS_STOPPED);
  EXPECT_EQ(client_->GetLastError(), SE_ILLEGAL_STATE);
  client_.reset();
  LetAnswer();
  caller.join();
  EXPECT_FALSE(started);
  EXPECT_EQ(error, ECANCELED);
  EXPECT_EQ(events() + listener_.prepared.load(), 0);
  EXPECT_TRUE(peer_->Quiet());
}

// Spec: decisions 2.5, decisions §5
TEST_P(UdpResolvingTest, CanBeStartedAgainWhileAnOldStartStillResolves) {
  bool started = true;
  std::thread caller([&] { started = client_->Start(kSlow, peer_->port(), false); });
  WaitFor(g_asked, 1);
  EXPECT_TRUE(client_->Stop());
  EXPECT_TRUE(client_->Start("127.0.0.1", peer_->port(), false));
  LetAnswer();
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

// Spec: decisions §5
TEST_P(UdpResolvingTest, TriesAllAddressesOfANameInOrder) {
  const auto server = RawDatagramPeer::Bind("::1");
  ASSERT_NE(server, nullptr);
  for (const bool async : {false, true}) {
    SCOPED_TRACE(async ? "asynchronous" : "synchronous");
    CountingListener listener;
    CUdpClient client(&listener);
    client.SetIoBackend(GetParam());
    ASSERT_TRUE(client.Start(kSeveral, server->port(), async)) << client.GetLastErrorDetail();
    WaitFor(listener.connected, 1);
    EXPECT_EQ(server->Receive(Deadline::Patient()), "") << "the handshake";
    EXPECT_TRUE(client.Stop());
    EXPECT_EQ(listener.prepared.load(), 2) << "a socket for each";
    EXPECT_EQ(listener.connected.load(), 1);
    EXPECT_EQ(listener.failed.load(), 0) << "the first is not reported";
    EXPECT_EQ(listener.closed.load(), 1);
  }
}

// Spec: decisions §5
TEST_P(UdpResolvingTest, FailsOnceWhereNoAddressOfANameWorks) {
  EXPECT_FALSE(client_->Start(kNowhere, 1, false));
  EXPECT_TRUE(errno == EACCES || errno == ENETUNREACH) << errno;
  EXPECT_EQ(client_->GetLastError(), SE_CONNECT_SERVER);
  EXPECT_EQ(listener_.prepared.load(), 2);
  EXPECT_EQ(events(), 0);
  ASSERT_TRUE(client_->Start(kNowhere, 1, true));
  WaitFor(listener_.failed, 1);
  EXPECT_TRUE(client_->Wait());
  EXPECT_EQ(listener_.prepared.load(), 4);
  EXPECT_EQ(events(), 1);
}

}  // namespace
}  // namespace hpsocket
