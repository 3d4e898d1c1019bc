// What a client does when operator new fails, whichever of its calls it is.
#include <atomic>
#include <cerrno>
#include <memory>
#include <string>
#include <tuple>

#include "gtest/gtest.h"
#include "hpsocket/core/memory/failing_new.h"
#include "hpsocket/core/memory/new_faults.h"
#include "hpsocket/tcp_client/tcp_client.h"
#include "hpsocket/testing/harness/raw_peer.h"

namespace hpsocket {
namespace {

using core::FailEachNew;
using core::NewFault;
using harness::Deadline;
using harness::Peer;
using harness::RawPeerListener;

class EchoListener final : public CTcpClientListener {
 public:
  using CTcpClientListener::OnReceive;

  EnHandleResult OnConnect(IClient*) override { return Count(connected); }
  EnHandleResult OnReceive(IClient* client, const uint8_t* data, int length) override {
    return client->Send(data, length) ? HR_OK : HR_ERROR;
  }
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

class ClientOutOfMemoryTest : public ::testing::TestWithParam<Mode> {
 protected:
  static EnIoBackend backend() { return std::get<0>(GetParam()); }
  static bool async() { return std::get<1>(GetParam()); }
  static const char* remote() { return std::get<2>(GetParam()); }

  void SetUp() override {
    const std::unique_ptr<RawPeerListener> peers = RawPeerListener::Open({});
    ASSERT_NE(peers, nullptr);
    EchoListener listener;
    CTcpClient probe(&listener);
    probe.SetIoBackend(backend());
    if (!probe.Start("127.0.0.1", peers->port(), false)) GTEST_SKIP() << probe.GetLastErrorDetail();
    EXPECT_TRUE(probe.Stop());
  }

  // The client answers what it is sent; true, too, when it has ended instead.
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

  static void Walk(NewFault& fault) {
    const std::unique_ptr<RawPeerListener> peers = RawPeerListener::Open({});
    ASSERT_NE(peers, nullptr);
    EchoListener listener;
    CTcpClient client(&listener);
    client.SetIoBackend(backend());
    fault.Begin();
    errno = 0;
    const bool started = client.Start(remote(), peers->port(), async());
    const int error = errno;
    bool peer_saw_end = false;
    if (started) {
      listener.AwaitOutcome();
      if (listener.connected.load() != 0) {
        EXPECT_TRUE(Answers(*peers, &peer_saw_end));
      }
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
    EXPECT_TRUE(!peer_saw_end || fault.failed());
    EXPECT_TRUE(listener.error.load() == 0 || (fault.failed() && listener.error.load() == ENOMEM))
        << listener.error.load();
    // A connection of which nobody was told may have come about and gone.
    const std::unique_ptr<RawPeerListener> fresh = RawPeerListener::Open({});
    ASSERT_NE(fresh, nullptr);
    listener.connected.store(0);
    listener.ended.store(0);
    ASSERT_TRUE(client.Start(remote(), fresh->port(), async())) << "afterwards";
    listener.AwaitOutcome();
    ASSERT_EQ(listener.connected.load(), 1);
    EXPECT_TRUE(Answers(*fresh, &peer_saw_end));
    EXPECT_FALSE(peer_saw_end);
    if (!client.Stop()) {  // the peer has closed
      EXPECT_TRUE(client.Wait(harness::kPatienceMs));
    }
    EXPECT_FALSE(client.Send(nullptr, -1));  // leaves words of its own to GetLastErrorDetail()
  }
};
INSTANTIATE_TEST_SUITE_P(Modes, ClientOutOfMemoryTest,
                         ::testing::Combine(::testing::Values(IO_URING, IO_EPOLL), ::testing::Bool(),
                                            ::testing::Values("127.0.0.1", "localhost")));

// Spec: decisions 2.5, decisions 2.8, decisions 4.6, decisions 5.13
TEST_P(ClientOutOfMemoryTest, FailsWithAWordOrAnswersAndStopsEitherWay) { FailEachNew(&Walk); }

}  // namespace
}  // namespace hpsocket
