// Each setting of the server's engine does what its contract says, on both ports of the kernel.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "hpsocket/tcp_server/tcp_server.h"
#include "hpsocket/testing/harness/raw_peer.h"

namespace hpsocket {
namespace {

using harness::Deadline;
using harness::Peer;
using harness::RawPeer;

// What the events were, in order: 'a' OnAccept, 's' OnSend, 'c' OnClose or OnError.
class Listener final : public CTcpServerListener {
 public:
  using CTcpServerListener::OnReceive;

  EnHandleResult OnPrepareListen(SOCKET socket) override {
    listening = socket;
    return HR_OK;
  }
  EnHandleResult OnAccept(CONNID id, SOCKET) override {
    Note('a', id);
    if (in_accept) in_accept(id);
    return HR_OK;
  }
  EnHandleResult OnReceive(CONNID, const uint8_t*, int) override { return HR_OK; }
  EnHandleResult OnSend(CONNID id, const uint8_t*, int) override {
    Note('s', id);
    return HR_OK;
  }
  EnHandleResult OnClose(CONNID id) override {
    Note('c', id);
    return HR_OK;
  }
  EnHandleResult OnError(CONNID id, EnSocketOperation, int) override {
    Note('c', id);
    return HR_OK;
  }

  bool WaitFor(char kind, size_t count) {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_until(lock, Deadline::Patient().at(), [&] { return Count(kind) >= count; });
  }
  std::string events() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return events_;
  }
  CONNID first_id() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return first_id_;
  }

  SOCKET listening = -1;
  std::function<void(CONNID)> in_accept;  // set before Start

 private:
  void Note(char kind, CONNID id) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (events_.empty()) first_id_ = id;
    events_ += kind;
    changed_.notify_all();
  }
  size_t Count(char kind) const {
    return static_cast<size_t>(std::count(events_.begin(), events_.end(), kind));
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string events_;
  CONNID first_id_ = 0;
};

class SettingsEffectTest : public testing::TestWithParam<EnIoBackend> {
 protected:
  void SetUp() override {
    server_.SetIoBackend(GetParam());
    server_.SetWorkerThreadCount(1);
  }

  // False, with the test skipped, where the kernel does not allow the port.
  bool Start() {
    if (server_.Start("127.0.0.1", 0)) {
      char address[64];
      int length = sizeof(address);
      EXPECT_TRUE(server_.GetListenAddress(address, length, port_));
      return true;
    }
    EXPECT_EQ(server_.GetLastError(), SE_CP_CREATE) << server_.GetLastErrorDetail();
    return false;
  }

  std::unique_ptr<RawPeer> Connect() {
    std::unique_ptr<RawPeer> peer = RawPeer::Connect("127.0.0.1", port_, {});
    EXPECT_NE(peer, nullptr);
    return peer;
  }

  HP_Stats Stats() {
    HP_Stats stats;
    EXPECT_TRUE(server_.GetStats(stats));
    return stats;
  }

  // Waits for figures that workers publish when they have nothing else to do.
  bool Eventually(const std::function<bool(const HP_Stats&)>& holds) {
    const Deadline deadline = Deadline::Patient();
    while (!deadline.passed()) {
      if (holds(Stats())) return true;
      std::this_thread::yield();  // nothing tells when a worker publishes
    }
    return false;
  }

  // Opens and closes `count` connections, and waits until the server has forgotten them.
  void Churn(size_t count) {
    std::vector<std::unique_ptr<RawPeer>> peers;
    for (size_t i = 0; i < count; ++i) peers.push_back(Connect());
    opened_ += count;
    ASSERT_TRUE(listener_.WaitFor('a', opened_));
    peers.clear();
    ASSERT_TRUE(listener_.WaitFor('c', opened_));
  }

  // What the pools hold after a first connection, with which the port's own buffers have come.
  uint64_t BytesAfterWarmUp() {
    Churn(1);
    EXPECT_TRUE(
        Eventually([](const HP_Stats& stats) { return stats.connections == 0 && stats.receive_calls > 0; }));
    return Stats().pool_bytes;
  }

  Listener listener_;
  CTcpServer server_{&listener_};
  uint16_t port_ = 0;
  size_t opened_ = 0;
};

constexpr size_t kConnections = 60;
constexpr uint64_t kAtLeastPerConnection = sizeof(void*) == 8 ? 200 : 150;

// Spec: api §2.3/4t, decisions 2.9
TEST_P(SettingsEffectTest, SocketListenQueueIsTheBacklog) {
  server_.SetSocketListenQueue(7);
  if (!Start()) GTEST_SKIP() << server_.GetLastErrorDetail();
  tcp_info info{};
  socklen_t length = sizeof(info);
  ASSERT_EQ(getsockopt(listener_.listening, IPPROTO_TCP, TCP_INFO, &info, &length), 0);
  EXPECT_EQ(info.tcpi_sacked, 7u) << "for a listener this field is its backlog";
}

// Spec: api §2.1/22t, decisions 2.9
TEST_P(SettingsEffectTest, FreeSocketObjHoldKeepsWhatWasFreed) {
  server_.SetFreeSocketObjPool(kConnections);
  server_.SetFreeSocketObjHold(kConnections);
  server_.SetFreeBufferObjPool(0);
  server_.SetFreeBufferObjHold(0);
  if (!Start()) GTEST_SKIP() << server_.GetLastErrorDetail();
  const uint64_t before = BytesAfterWarmUp();
  Churn(kConnections);
  EXPECT_TRUE(Eventually([&](const HP_Stats& stats) {
    return stats.connections == 0 && stats.pool_bytes >= before + kConnections * kAtLeastPerConnection;
  }));
}

// Spec: api §2.1/22t, decisions 2.9
TEST_P(SettingsEffectTest, FreeSocketObjHoldOfZeroKeepsNothing) {
  server_.SetFreeSocketObjPool(0);
  server_.SetFreeSocketObjHold(0);
  server_.SetFreeBufferObjPool(0);
  server_.SetFreeBufferObjHold(0);
  if (!Start()) GTEST_SKIP() << server_.GetLastErrorDetail();
  const uint64_t before = BytesAfterWarmUp();
  Churn(kConnections);
  EXPECT_TRUE(Eventually([&](const HP_Stats& stats) {
    return stats.connections == 0 && stats.pool_bytes < before + kAtLeastPerConnection;
  })) << Stats().pool_bytes
      << " bytes, before: " << before;
}

// Spec: api §2.1/21t, decisions 2.9
TEST_P(SettingsEffectTest, FreeSocketObjPoolIsWhatStaysWhenIdle) {
  server_.SetFreeSocketObjPool(5);
  server_.SetFreeSocketObjHold(kConnections);
  server_.SetFreeBufferObjPool(0);
  server_.SetFreeBufferObjHold(0);
  if (!Start()) GTEST_SKIP() << server_.GetLastErrorDetail();
  const uint64_t before = BytesAfterWarmUp();
  Churn(kConnections);
  EXPECT_TRUE(Eventually([&](const HP_Stats& stats) {
    return stats.connections == 0 && stats.pool_bytes >= before + 5 * kAtLeastPerConnection &&
           stats.pool_bytes < before + kConnections * kAtLeastPerConnection;
  })) << Stats().pool_bytes
      << " bytes, before: " << before;
}

// 200 sends of 8 KiB that a worker has queued and whose chunks are free again.
class BufferEffectTest : public SettingsEffectTest {
 protected:
  void QueueAndDrain() {
    static constexpr size_t kBytes = 200 * 8192;
    const std::string block(8192, 'b');
    listener_.in_accept = [this, block](CONNID id) {
      for (int i = 0; i < 200; ++i) {
        EXPECT_TRUE(
            server_.Send(id, reinterpret_cast<const uint8_t*>(block.data()), static_cast<int>(block.size())));
      }
    };
    ASSERT_NO_FATAL_FAILURE(StartOrSkip());
    if (IsSkipped()) return;
    std::unique_ptr<RawPeer> peer = Connect();
    EXPECT_EQ(peer->Receive(kBytes, Deadline::Patient()).size(), kBytes);
    peer.reset();
    ASSERT_TRUE(listener_.WaitFor('c', 1));
  }
  void StartOrSkip() {
    if (!Start()) GTEST_SKIP() << server_.GetLastErrorDetail();
  }
};

// Spec: api §2.1/23t, api §2.1/24t, decisions 2.9
TEST_P(BufferEffectTest, FreeBufferObjHoldKeepsWhatWasFreed) {
  server_.SetFreeBufferObjPool(300);
  server_.SetFreeBufferObjHold(900);
  QueueAndDrain();
  EXPECT_TRUE(IsSkipped() || Eventually([](const HP_Stats& stats) {
                return stats.connections == 0 && stats.pool_buffers == 0 && stats.pool_bytes >= 1000000;
              }));
}

// Spec: api §2.1/23t, api §2.1/24t, decisions 2.9
TEST_P(BufferEffectTest, FreeBufferObjHoldOfZeroKeepsNothing) {
  server_.SetFreeBufferObjPool(0);
  server_.SetFreeBufferObjHold(0);
  server_.SetFreeSocketObjPool(0);
  server_.SetFreeSocketObjHold(0);
  QueueAndDrain();
  EXPECT_TRUE(IsSkipped() || Eventually([](const HP_Stats& stats) {
                return stats.connections == 0 && stats.pool_buffers == 0 && stats.pool_bytes < 1000000;
              }))
      << Stats().pool_bytes;
}

// While a callback keeps the worker, nine more peers knock and another thread sends to the first
// connection. That send must not wait until all of them are accepted.
// Spec: fault 7, api §2.3/2t, decisions 2.9
TEST_P(SettingsEffectTest, AcceptSocketCountLeavesRoomForOtherWork) {
  server_.SetAcceptSocketCount(2);
  struct Gate {
    std::mutex mutex;
    std::condition_variable released;
    bool go = false;
    bool waited = false;
  };
  const auto gate = std::make_shared<Gate>();
  listener_.in_accept = [gate](CONNID) {
    std::unique_lock<std::mutex> lock(gate->mutex);
    if (gate->waited) return;
    gate->waited = true;
    EXPECT_TRUE(gate->released.wait_until(lock, Deadline::Patient().at(), [&] { return gate->go; }));
  };
  if (!Start()) GTEST_SKIP() << server_.GetLastErrorDetail();
  std::vector<std::unique_ptr<RawPeer>> peers;
  peers.push_back(Connect());
  ASSERT_TRUE(listener_.WaitFor('a', 1));
  for (int i = 0; i < 9; ++i) peers.push_back(Connect());
  EXPECT_TRUE(server_.Send(listener_.first_id(), reinterpret_cast<const uint8_t*>("x"), 1));
  {
    const std::lock_guard<std::mutex> lock(gate->mutex);
    gate->go = true;
    gate->released.notify_all();
  }
  ASSERT_TRUE(listener_.WaitFor('a', 10));
  ASSERT_TRUE(listener_.WaitFor('s', 1));
  EXPECT_LE(listener_.events().find('s'), 5u) << listener_.events();
}

std::string NameOf(const testing::TestParamInfo<EnIoBackend>& info) {
  return info.param == IO_URING ? "Uring" : "Epoll";
}

INSTANTIATE_TEST_SUITE_P(Ports, SettingsEffectTest, testing::Values(IO_URING, IO_EPOLL), NameOf);
INSTANTIATE_TEST_SUITE_P(Ports, BufferEffectTest, testing::Values(IO_URING, IO_EPOLL), NameOf);

}  // namespace
}  // namespace hpsocket
