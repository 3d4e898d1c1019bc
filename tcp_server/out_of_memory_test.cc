// What a server does when operator new fails, whichever of its calls it is.
#include <atomic>
#include <cerrno>
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/core/memory/failing_new.h"
#include "hpsocket/core/memory/new_faults.h"
#include "hpsocket/tcp_server/tcp_server.h"
#include "hpsocket/testing/harness/raw_peer.h"

namespace hpsocket {
namespace {

using core::FailEachNew;
using core::NewFault;
using harness::Deadline;
using harness::RawPeer;

class EchoListener final : public CTcpServerListener {
 public:
  using CTcpServerListener::OnReceive;

  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    return server->Send(id, data, length) ? HR_OK : HR_ERROR;
  }
  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }
  EnHandleResult OnShutdown() override {
    ++shutdowns;
    return HR_OK;
  }

  CTcpServer* server = nullptr;
  std::atomic<int> shutdowns{0};
};

enum class Answer { kEcho, kEnd, kNone };

// Enough for the larger buffers, too.
Answer AskForEcho(CTcpServer& server) {
  const core::TestsOwnNew own;
  char address[64];
  int length = sizeof(address);
  uint16_t port = 0;
  if (!server.GetListenAddress(address, length, port)) return Answer::kNone;
  const std::unique_ptr<RawPeer> peer = RawPeer::Connect("127.0.0.1", port, {});
  if (peer == nullptr) return Answer::kNone;
  const std::string message(100'000, 'm');
  // Not answered before all has been sent: what both sides' buffers hold is more.
  if (!peer->Send(message, Deadline::Patient())) return Answer::kEnd;
  if (peer->Receive(message.size(), Deadline::Patient()) == message) return Answer::kEcho;
  harness::StreamEnd end = harness::StreamEnd::kOpen;
  peer->ReceiveToEnd(&end, Deadline::Patient());
  return end == harness::StreamEnd::kOpen ? Answer::kNone : Answer::kEnd;
}

class ServerOutOfMemoryTest : public ::testing::TestWithParam<EnIoBackend> {};
INSTANTIATE_TEST_SUITE_P(Ports, ServerOutOfMemoryTest, ::testing::Values(IO_URING, IO_EPOLL));

// Spec: decisions 2.6, decisions 2.8
TEST_P(ServerOutOfMemoryTest, FailsWithAWordOrServesAndStopsEitherWay) {
  EchoListener probe_listener;
  CTcpServer probe(&probe_listener);
  probe.SetIoBackend(GetParam());
  if (!probe.Start("127.0.0.1", 0)) GTEST_SKIP() << probe.GetLastErrorDetail();
  ASSERT_TRUE(probe.Stop());
  FailEachNew([](NewFault& fault) {
    EchoListener listener;
    CTcpServer server(&listener);
    listener.server = &server;
    server.SetIoBackend(GetParam());
    server.SetWorkerThreadCount(2);
    fault.Begin();
    errno = 0;
    const bool started = server.Start("127.0.0.1", 0);
    const int error = errno;
    const Answer answer = started ? AskForEcho(server) : Answer::kNone;
    const bool stopped = started && server.Stop();
    fault.End();
    if (started) {
      EXPECT_TRUE(stopped);
      EXPECT_EQ(answer, fault.failed() && answer == Answer::kEnd ? Answer::kEnd : Answer::kEcho);
    } else {
      EXPECT_TRUE(fault.failed());
      EXPECT_EQ(error, ENOMEM);
      EXPECT_NE(server.GetLastError(), SE_OK);
    }
    EXPECT_EQ(server.GetState(), SS_STOPPED);
    EXPECT_EQ(listener.shutdowns.load(), 1);
    ASSERT_TRUE(server.Start("127.0.0.1", 0)) << "afterwards";
    EXPECT_EQ(AskForEcho(server), Answer::kEcho);
    EXPECT_TRUE(server.Stop());
    EXPECT_FALSE(server.Send(0, nullptr, -1));  // leaves words of its own to GetLastErrorDetail()
  });
}

// Spec: decisions 2.8
TEST_P(ServerOutOfMemoryTest, DisconnectsNobodyWithoutMemoryToLookForThem) {
  EchoListener listener;
  CTcpServer server(&listener);
  listener.server = &server;
  server.SetIoBackend(GetParam());
  server.SetMarkSilence(true);
  if (!server.Start("127.0.0.1", 0)) GTEST_SKIP() << server.GetLastErrorDetail();
  char address[64];
  int length = sizeof(address);
  uint16_t port = 0;
  ASSERT_TRUE(server.GetListenAddress(address, length, port));
  const std::unique_ptr<RawPeer> peer = RawPeer::Connect("127.0.0.1", port, {});
  ASSERT_NE(peer, nullptr);
  ASSERT_TRUE(peer->Send("hello", Deadline::Patient()));
  ASSERT_EQ(peer->Receive(5, Deadline::Patient()), "hello");
  for (const bool silent : {false, true}) {
    NewFault fault(0);
    fault.Begin();
    errno = 0;
    EXPECT_FALSE(silent ? server.DisconnectSilenceConnections(0) : server.DisconnectLongConnections(0));
    EXPECT_EQ(errno, ENOMEM);
    EXPECT_TRUE(fault.End());
  }
  EXPECT_EQ(server.GetConnectionCount(), 1u);
  EXPECT_TRUE(server.DisconnectLongConnections(0));
  EXPECT_TRUE(server.Stop());
}

// Spec: decisions 2.8
TEST(ServerCreationTest, IsRefusedWithoutMemory) {
  EchoListener listener;
  FailEachNew([&listener](NewFault& fault) {
    fault.Begin();
    ITcpServer* const server = TcpServer_Creator::Create(&listener);
    fault.End();
    EXPECT_TRUE(server != nullptr || fault.failed());
    TcpServer_Creator::Destroy(server);
  });
}

}  // namespace
}  // namespace hpsocket
