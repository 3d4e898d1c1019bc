#include "hpsocket/sdk/demos/common_pfm/sender_gate.h"

#include <atomic>
#include <chrono>
#include <thread>

#include "gtest/gtest.h"

namespace hpsocket::demos {
namespace {

using Clock = SenderGate::Clock;

Clock::time_point Far() { return Clock::now() + std::chrono::minutes(5); }

TEST(SenderGateTest, DoesNotSleepWhenReady) {
  SenderGate gate;
  EXPECT_TRUE(gate.Await(
      &gate, [] { return true; }, Clock::now()));
}

TEST(SenderGateTest, GivesUpAtTheDeadline) {
  SenderGate gate;
  EXPECT_FALSE(gate.Await(
      &gate, [] { return false; }, Clock::now()));
}

TEST(SenderGateTest, NoNotificationIsMissed) {
  constexpr int kSteps = 20000;
  SenderGate gate;
  std::atomic<int> asked{0};
  std::atomic<int> done{0};
  std::thread other([&] {
    for (int step = 1; step <= kSteps; ++step) {
      while (asked.load() < step) std::this_thread::yield();
      done.store(step);
      gate.Notify(&done);
    }
  });
  for (int step = 1; step <= kSteps; ++step) {
    asked.store(step);
    ASSERT_TRUE(gate.Await(
        &done, [&] { return done.load() >= step; }, Far()));
  }
  other.join();
}

TEST(SenderGateTest, NotifyAllReachesWhoeverIsAwaited) {
  SenderGate gate;
  std::atomic<bool> over{false};
  std::thread other([&] {
    over.store(true);
    gate.NotifyAll();
  });
  EXPECT_TRUE(gate.Await(
      &over, [&] { return over.load(); }, Far()));
  other.join();
}

}  // namespace
}  // namespace hpsocket::demos
