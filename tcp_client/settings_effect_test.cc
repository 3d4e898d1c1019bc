// Each pool setting of the client's engine does what its contract says, on both ports of the kernel.
#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "hpsocket/tcp_client/tcp_client.h"
#include "hpsocket/testing/harness/raw_peer.h"

namespace hpsocket {
namespace {

using harness::Deadline;
using harness::Peer;
using harness::RawPeerListener;

constexpr int kSends = 100;
constexpr size_t kBlock = 8192;

// Queues many sends on the client's own thread, so that they need its buffers.
class Listener final : public CTcpClientListener {
 public:
  using CTcpClientListener::OnReceive;

  EnHandleResult OnConnect(IClient* client) override {
    const std::string block(kBlock, 'b');
    for (int i = 0; i < kSends; ++i) {
      EXPECT_TRUE(
          client->Send(reinterpret_cast<const uint8_t*>(block.data()), static_cast<int>(block.size())));
    }
    return HR_OK;
  }
  EnHandleResult OnReceive(IClient*, const uint8_t*, int) override { return HR_OK; }
  EnHandleResult OnClose(IClient*) override { return HR_OK; }
  EnHandleResult OnError(IClient*, EnSocketOperation, int) override { return HR_OK; }
};

class ClientSettingsEffectTest : public testing::TestWithParam<EnIoBackend> {
 protected:
  void SetUp() override { client_.SetIoBackend(GetParam()); }

  // Sends everything and waits until no buffer is in use. False: skipped.
  bool QueueAndDrain() {
    const std::unique_ptr<RawPeerListener> peers = RawPeerListener::Open({});
    if (peers == nullptr) {
      ADD_FAILURE() << "no listener";
      return false;
    }
    if (!client_.Start("127.0.0.1", peers->port(), true)) {
      EXPECT_EQ(client_.GetLastError(), SE_CP_CREATE) << client_.GetLastErrorDetail();
      return false;
    }
    peer_ = peers->Accept(Deadline::Patient());
    if (peer_ == nullptr) {
      ADD_FAILURE() << "nobody came";
      return false;
    }
    const size_t bytes = kSends * kBlock;
    EXPECT_EQ(peer_->Receive(bytes, Deadline::Patient()).size(), bytes);
    return true;
  }

  bool Eventually(const std::function<bool(const HP_Stats&)>& holds) {
    const Deadline deadline = Deadline::Patient();
    while (!deadline.passed()) {
      HP_Stats stats;
      if (client_.GetStats(stats) && holds(stats)) return true;
      std::this_thread::yield();  // nothing tells when a worker publishes
    }
    return false;
  }

  Listener listener_;
  CTcpClient client_{&listener_};
  std::unique_ptr<Peer> peer_;
};

// Spec: api §2.7/12t, decisions 2.9
TEST_P(ClientSettingsEffectTest, FreeBufferPoolHoldKeepsWhatWasFreed) {
  client_.SetFreeBufferPoolSize(300);
  client_.SetFreeBufferPoolHold(300);
  if (!QueueAndDrain()) GTEST_SKIP() << client_.GetLastErrorDetail();
  EXPECT_TRUE(Eventually([](const HP_Stats& stats) {
    return stats.pool_buffers == 0 && stats.pool_bytes >= kSends * kBlock / 2;
  }));
}

// Spec: api §2.7/11t, api §2.7/12t, decisions 2.9
TEST_P(ClientSettingsEffectTest, FreeBufferPoolOfZeroKeepsNothing) {
  client_.SetFreeBufferPoolSize(0);
  client_.SetFreeBufferPoolHold(0);
  if (!QueueAndDrain()) GTEST_SKIP() << client_.GetLastErrorDetail();
  EXPECT_TRUE(Eventually([](const HP_Stats& stats) {
    return stats.pool_buffers == 0 && stats.pool_bytes < kSends * kBlock / 2;
  }));
}

// Spec: api §2.7/11t, decisions 2.9
TEST_P(ClientSettingsEffectTest, FreeBufferPoolSizeIsWhatStaysWhenIdle) {
  client_.SetFreeBufferPoolSize(1);
  client_.SetFreeBufferPoolHold(300);
  if (!QueueAndDrain()) GTEST_SKIP() << client_.GetLastErrorDetail();
  EXPECT_TRUE(Eventually([](const HP_Stats& stats) {
    return stats.pool_buffers == 0 && stats.pool_bytes < kSends * kBlock / 2;
  }));
}

std::string NameOf(const testing::TestParamInfo<EnIoBackend>& info) {
  return info.param == IO_URING ? "Uring" : "Epoll";
}

INSTANTIATE_TEST_SUITE_P(Ports, ClientSettingsEffectTest, testing::Values(IO_URING, IO_EPOLL), NameOf);

}  // namespace
}  // namespace hpsocket
