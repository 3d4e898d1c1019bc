#include "hpsocket/core/io/wakeup.h"

#include <fcntl.h>
#include <poll.h>

#include <atomic>
#include <thread>

#include "gtest/gtest.h"

namespace hpsocket::core {
namespace {

bool Readable(int fd, int timeout_ms = 0) {
  pollfd watched = {.fd = fd, .events = POLLIN, .revents = 0};
  return poll(&watched, 1, timeout_ms) == 1;
}

TEST(WakeupTest, AWorkerThatIsAwakeCostsNoSystemCall) {
  Wakeup wakeup;
  ASSERT_EQ(wakeup.Open(), 0);
  wakeup.Notify();
  EXPECT_FALSE(Readable(wakeup.fd()));
  EXPECT_TRUE(wakeup.notified());
}

TEST(WakeupTest, ANotificationBeforeTheSleepPreventsIt) {
  Wakeup wakeup;
  wakeup.Notify();
  ASSERT_EQ(wakeup.Open(), 0);
  EXPECT_FALSE(wakeup.PrepareToSleep());
  EXPECT_TRUE(wakeup.Awake());
  EXPECT_FALSE(wakeup.Awake());
  EXPECT_TRUE(wakeup.PrepareToSleep());
}

TEST(WakeupTest, ASleeperIsWokenOnceForManyNotifications) {
  Wakeup wakeup;
  ASSERT_EQ(wakeup.Open(), 0);
  ASSERT_TRUE(wakeup.PrepareToSleep());
  wakeup.Notify();
  wakeup.Notify();
  EXPECT_TRUE(Readable(wakeup.fd()));
  EXPECT_TRUE(wakeup.Awake());
  wakeup.Drain();
  EXPECT_FALSE(Readable(wakeup.fd()));
}

TEST(WakeupTest, ItsDescriptorIsNotInherited) {
  Wakeup wakeup;
  ASSERT_EQ(wakeup.Open(), 0);
  EXPECT_NE(fcntl(wakeup.fd(), F_GETFD) & FD_CLOEXEC, 0);
}

// The worker sees each number that was written before a notification, however the two threads meet.
TEST(WakeupTest, NothingWrittenBeforeANotificationIsMissed) {
  Wakeup wakeup;
  ASSERT_EQ(wakeup.Open(), 0);
  constexpr int kLast = 20000;
  std::atomic<int> written{0};
  std::thread producer([&] {
    for (int i = 1; i <= kLast; ++i) {
      written.store(i, std::memory_order_relaxed);
      wakeup.Notify();
    }
  });
  while (written.load(std::memory_order_relaxed) != kLast) {
    if (wakeup.PrepareToSleep()) {
      ASSERT_TRUE(Readable(wakeup.fd(), 60'000));
      wakeup.Drain();
    }
    wakeup.Awake();
  }
  producer.join();
}

}  // namespace
}  // namespace hpsocket::core
