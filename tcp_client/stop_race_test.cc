// Stop meets the end that the peer makes, with bytes on their way: one last event, nothing in flight
// when the socket is closed.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "hpsocket/tcp_client/tcp_client.h"
#include "hpsocket/testing/harness/raw_peer.h"

namespace hpsocket {
namespace {

using harness::Deadline;
using harness::Peer;
using harness::RawPeerListener;

class Listener final : public CTcpClientListener {
 public:
  using CTcpClientListener::OnReceive;
  EnHandleResult OnReceive(IClient*, const uint8_t*, int) override { return HR_OK; }
  EnHandleResult OnClose(IClient*) override {
    ++ended;
    return HR_OK;
  }
  EnHandleResult OnError(IClient*, EnSocketOperation, int) override {
    ++ended;
    return HR_OK;
  }
  std::atomic<int> ended{0};
};

class StopRaceTest : public testing::TestWithParam<EnIoBackend> {};

// Spec: decisions 2.7, decisions 3.5, fault 38
TEST_P(StopRaceTest, StopAndThePeersEndGiveOneLastEvent) {
  harness::PeerListenOptions options;
  options.accepted.receive_buffer = 4096;
  const std::unique_ptr<RawPeerListener> peers = RawPeerListener::Open(options);
  ASSERT_NE(peers, nullptr);
  const std::string bytes(4 << 20, 'x');
  for (int round = 0; round < 400; ++round) {
    Listener listener;
    CTcpClient client(&listener);
    client.SetIoBackend(GetParam());
    if (!client.Start("127.0.0.1", peers->port())) {
      ASSERT_EQ(client.GetLastError(), SE_CP_CREATE) << client.GetLastErrorDetail();
      GTEST_SKIP() << client.GetLastErrorDetail();
    }
    const std::unique_ptr<Peer> peer = peers->Accept(Deadline::Patient());
    ASSERT_NE(peer, nullptr);
    ASSERT_TRUE(client.Send(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int>(bytes.size())));
    std::atomic<bool> go{false};
    std::thread ender([&] {
      while (!go.load()) {
      }
      peer->HalfClose();
    });
    go.store(true);
    for (int spin = 0; spin < (round * 7919) % 60000; ++spin)
      std::atomic_signal_fence(std::memory_order_seq_cst);
    EXPECT_TRUE(client.Stop() || client.GetLastError() == SE_ILLEGAL_STATE);
    EXPECT_TRUE(client.Wait());
    ender.join();
    EXPECT_EQ(listener.ended.load(), 1);
  }
}

std::string NameOf(const testing::TestParamInfo<EnIoBackend>& info) {
  return info.param == IO_URING ? "Uring" : "Epoll";
}

INSTANTIATE_TEST_SUITE_P(Ports, StopRaceTest, testing::Values(IO_URING, IO_EPOLL), NameOf);

}  // namespace
}  // namespace hpsocket
