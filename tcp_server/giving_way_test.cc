// Whom a worker lets run before it sleeps: other threads that post again and again, as in their answers to
// what it delivers. What its own callbacks ask for is no reason. On both ports of the kernel.
#include <gtest/gtest.h>
#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <cstdint>
#include <memory>

#include "hpsocket/tcp_server/tcp_server.h"
#include "hpsocket/testing/harness/raw_peer.h"

namespace hpsocket {
namespace {

std::atomic<bool> g_has_worker{false};
std::atomic<pthread_t> g_worker{};
std::atomic<int> g_yields{0};

}  // namespace
}  // namespace hpsocket

// In place of the C library's.
extern "C" int sched_yield() noexcept {
  if (hpsocket::g_has_worker && pthread_equal(hpsocket::g_worker, pthread_self()) != 0) ++hpsocket::g_yields;
  return 0;
}

namespace hpsocket {
namespace {

using harness::Deadline;
using harness::Peer;
using harness::RawPeer;

// Echoes; `asks`: and goes on receiving, which it does anyway.
class Echo final : public CTcpServerListener {
 public:
  using CTcpServerListener::OnReceive;

  EnHandleResult OnAccept(CONNID id, SOCKET) override {
    g_worker = pthread_self();
    g_has_worker = true;
    connection = id;
    return HR_OK;
  }
  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    if (asks) server->PauseReceive(id, false);
    return server->Send(id, data, length) ? HR_OK : HR_ERROR;
  }
  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }

  ITcpServer* server = nullptr;
  bool asks = false;  // set before Start
  std::atomic<CONNID> connection{0};
};

class GivingWayTest : public testing::TestWithParam<EnIoBackend> {
 protected:
  // Null, with the test skipped, where the kernel does not allow the port.
  std::unique_ptr<Peer> Connect() {
    echo_.server = &server_;
    server_.SetIoBackend(GetParam());
    server_.SetWorkerThreadCount(1);
    if (!server_.Start("127.0.0.1", 0)) {
      EXPECT_EQ(server_.GetLastError(), SE_CP_CREATE) << server_.GetLastErrorDetail();
      return nullptr;
    }
    char address[64];
    int length = sizeof(address);
    uint16_t port = 0;
    EXPECT_TRUE(server_.GetListenAddress(address, length, port));
    std::unique_ptr<Peer> peer = RawPeer::Connect("127.0.0.1", port, {});
    EXPECT_TRUE(peer != nullptr && peer->Send("x") && peer->Receive(1) == "x");
    g_yields = 0;
    return peer;
  }
  void TearDown() override {
    if (server_.HasStarted()) {
      EXPECT_TRUE(server_.Stop());
    }
    g_has_worker = false;
  }

  Echo echo_;
  CTcpServer server_{&echo_};
};

TEST_P(GivingWayTest, IsNotForWhatItsOwnCallbacksAskFor) {
  constexpr int kMessages = 500;
  echo_.asks = true;
  const std::unique_ptr<Peer> peer = Connect();
  if (peer == nullptr) GTEST_SKIP();
  for (int i = 0; i < kMessages; ++i) {
    ASSERT_TRUE(peer->Send("x"));
    ASSERT_EQ(peer->Receive(1), "x");
  }
  // Locks may yield now and then, too.
  EXPECT_LT(g_yields.load(), kMessages / 10);
}

TEST_P(GivingWayTest, IsForThreadsThatPostOften) {
  const std::unique_ptr<Peer> peer = Connect();
  if (peer == nullptr) GTEST_SKIP();
  const uint8_t byte = 'x';
  for (const Deadline deadline = Deadline::Patient(); g_yields == 0 && !deadline.passed();) {
    ASSERT_TRUE(server_.Send(echo_.connection, &byte, 1));
    ASSERT_EQ(peer->Receive(1), "x");
  }
  EXPECT_GT(g_yields.load(), 0);
}

INSTANTIATE_TEST_SUITE_P(Ports, GivingWayTest, testing::Values(IO_URING, IO_EPOLL));

}  // namespace
}  // namespace hpsocket
