// What UDP components do when operator new fails, whichever of their calls it is.
#include <atomic>
#include <cerrno>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <tuple>

#include "gtest/gtest.h"
#include "hpsocket/core/memory/failing_new.h"
#include "hpsocket/core/memory/new_faults.h"
#include "hpsocket/testing/harness/raw_datagram_peer.h"
#include "hpsocket/udp/udp_client.h"
#include "hpsocket/udp/udp_server.h"

namespace hpsocket {
namespace {

using core::FailEachNew;
using core::NewFault;
using harness::Deadline;
using harness::RawDatagramPeer;

class EchoListener final : public CUdpServerListener {
 public:
  using CUdpServerListener::OnReceive;

  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    return server->Send(id, data, length) ? HR_OK : HR_ERROR;
  }
  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }
  EnHandleResult OnShutdown() override {
    ++shutdowns;
    return HR_OK;
  }

  CUdpServer* server = nullptr;
  std::atomic<int> shutdowns{0};
};

// One datagram may be lost for want of memory.
bool AnswersSoon(CUdpServer& server) {
  const core::TestsOwnNew own;
  char address[64];
  int length = sizeof(address);
  uint16_t port = 0;
  if (!server.GetListenAddress(address, length, port)) return false;
  const std::unique_ptr<RawDatagramPeer> peer = RawDatagramPeer::Bind("127.0.0.1");
  const Deadline deadline = Deadline::Patient();
  while (peer != nullptr && !deadline.passed()) {
    if (!peer->SendTo("127.0.0.1", port, "hello")) return false;
    const std::optional<std::string> answer = peer->ReceiveData(Deadline::In(std::chrono::milliseconds(200)));
    if (answer) return *answer == "hello";
  }
  return false;
}

class UdpServerOutOfMemoryTest : public ::testing::TestWithParam<EnIoBackend> {};
INSTANTIATE_TEST_SUITE_P(Ports, UdpServerOutOfMemoryTest, ::testing::Values(IO_URING, IO_EPOLL));

// Spec: decisions 2.6, decisions 2.8
TEST_P(UdpServerOutOfMemoryTest, FailsWithAWordOrServesAndStopsEitherWay) {
  EchoListener probe_listener;
  CUdpServer probe(&probe_listener);
  probe.SetIoBackend(GetParam());
  if (!probe.Start("127.0.0.1", 0)) GTEST_SKIP() << probe.GetLastErrorDetail();
  ASSERT_TRUE(probe.Stop());
  FailEachNew([](NewFault& fault) {
    EchoListener listener;
    CUdpServer server(&listener);
    listener.server = &server;
    server.SetIoBackend(GetParam());
    server.SetWorkerThreadCount(2);
    fault.Begin();
    errno = 0;
    const bool started = server.Start("127.0.0.1", 0);
    const int error = errno;
    if (started) {
      EXPECT_TRUE(AnswersSoon(server));
    }
    const bool stopped = started && server.Stop();
    fault.End();
    EXPECT_EQ(stopped, started);
    if (!started) {
      EXPECT_TRUE(fault.failed());
      EXPECT_EQ(error, ENOMEM);
      EXPECT_NE(server.GetLastError(), SE_OK);
    }
    EXPECT_EQ(server.GetState(), SS_STOPPED);
    EXPECT_EQ(listener.shutdowns.load(), 1);
    ASSERT_TRUE(server.Start("127.0.0.1", 0)) << "afterwards";
    EXPECT_TRUE(AnswersSoon(server));
    EXPECT_TRUE(server.Stop());
    EXPECT_FALSE(server.Send(0, nullptr, -1));  // leaves words of its own to GetLastErrorDetail()
  });
}

class CountingListener final : public CUdpClientListener {
 public:
  using CUdpClientListener::OnReceive;

  EnHandleResult OnConnect(IClient*) override { return Count(connected); }
  EnHandleResult OnReceive(IClient*, const uint8_t*, int) override { return HR_OK; }
  EnHandleResult OnClose(IClient*) override { return Count(ended); }
  EnHandleResult OnError(IClient*, EnSocketOperation, int code) override {
    error = code;
    return Count(ended);
  }

  // Until Start has become something.
  void AwaitOutcome() {
    for (int now = events.load(); connected.load() + ended.load() == 0; now = events.load()) events.wait(now);
  }

  std::atomic<int> connected{0};
  std::atomic<int> ended{0};
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

using Mode = std::tuple<EnIoBackend, bool, const char*>;

class UdpClientOutOfMemoryTest : public ::testing::TestWithParam<Mode> {
 protected:
  static EnIoBackend backend() { return std::get<0>(GetParam()); }
  static bool async() { return std::get<1>(GetParam()); }
  static const char* remote() { return std::get<2>(GetParam()); }

  void SetUp() override {
    CountingListener listener;
    CUdpClient probe(&listener);
    probe.SetIoBackend(backend());
    if (!probe.Start("127.0.0.1", 9, false)) GTEST_SKIP() << probe.GetLastErrorDetail();
    EXPECT_TRUE(probe.Stop());
  }

  static void Walk(NewFault& fault) {
    CountingListener listener;
    CUdpClient client(&listener);
    client.SetIoBackend(backend());
    fault.Begin();
    errno = 0;
    const bool started = client.Start(remote(), 9, async());
    const int error = errno;
    if (started) {
      listener.AwaitOutcome();
      // It may have ended by itself, or be about to.
      if (!client.Stop()) {
        EXPECT_TRUE(client.Wait(harness::kPatienceMs));
      }
    }
    fault.End();
    EXPECT_EQ(client.GetState(), SS_STOPPED);
    EXPECT_EQ(listener.ended.load(), started ? 1 : 0) << "one last event, and none after FALSE";
    if (!started) {
      EXPECT_TRUE(fault.failed());
      EXPECT_EQ(error, ENOMEM);
    }
    EXPECT_TRUE(listener.error.load() == 0 || (fault.failed() && listener.error.load() == ENOMEM))
        << listener.error.load();
    Works(client, listener);
    EXPECT_FALSE(client.Send(nullptr, -1));  // leaves words of its own to GetLastErrorDetail()
  }

  static void Works(CUdpClient& client, CountingListener& listener) {
    const core::TestsOwnNew own;
    const std::unique_ptr<RawDatagramPeer> peer = RawDatagramPeer::Bind("127.0.0.1");
    ASSERT_NE(peer, nullptr);
    listener.connected.store(0);
    listener.ended.store(0);
    // "localhost" has the peer's address only as one among others.
    ASSERT_TRUE(client.Start(async() ? remote() : "127.0.0.1", peer->port(), async()));
    listener.AwaitOutcome();
    ASSERT_EQ(listener.connected.load(), 1);
    EXPECT_TRUE(client.Send(reinterpret_cast<const uint8_t*>("hello"), 5));
    if (std::string(remote()) == "127.0.0.1" || !async()) {
      EXPECT_EQ(peer->ReceiveData(Deadline::Patient()), "hello");
    }
    EXPECT_TRUE(client.Stop());
  }
};
INSTANTIATE_TEST_SUITE_P(Modes, UdpClientOutOfMemoryTest,
                         ::testing::Combine(::testing::Values(IO_URING, IO_EPOLL), ::testing::Bool(),
                                            ::testing::Values("127.0.0.1", "localhost")));

// Spec: decisions 2.5, decisions 2.8, decisions 5.13
TEST_P(UdpClientOutOfMemoryTest, FailsWithAWordOrConnectsAndStopsEitherWay) { FailEachNew(&Walk); }

}  // namespace
}  // namespace hpsocket
