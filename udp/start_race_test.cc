// Calls meet a Start in another thread: ThreadSanitizer looks at what both touch.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <thread>

#include "hpsocket/udp/udp_server.h"

namespace hpsocket {
namespace {

class Listener final : public CUdpServerListener {
 public:
  using CUdpServerListener::OnReceive;
  EnHandleResult OnReceive(CONNID, const uint8_t*, int) override { return HR_OK; }
  EnHandleResult OnClose(CONNID) override { return HR_OK; }
  EnHandleResult OnError(CONNID, EnSocketOperation, int) override { return HR_OK; }
};

// Spec: decisions 3.3
TEST(StartRaceTest, SendMeetsAServerThatStarts) {
  Listener listener;
  CUdpServer server(&listener);
  server.SetIoBackend(IO_EPOLL);
  std::atomic<bool> over{false};
  std::thread sender([&] {
    const uint8_t bytes[100] = {};
    const WSABUF piece = {sizeof(bytes), const_cast<uint8_t*>(bytes)};
    while (!over.load()) {
      EXPECT_FALSE(server.Send(1, bytes, sizeof(bytes)));
      EXPECT_FALSE(server.SendPackets(1, &piece, 1));
    }
  });
  for (int round = 0; round < 50; ++round) {
    server.SetMaxDatagramSize(1000 + static_cast<uint32_t>(round));
    server.SetSendPolicy(round % 2 == 0 ? SP_PACK : SP_DIRECT);
    ASSERT_TRUE(server.Start("127.0.0.1", 0));
    EXPECT_TRUE(server.Stop());
  }
  over.store(true);
  sender.join();
}

}  // namespace
}  // namespace hpsocket
