#include "hpsocket/core/base/clock.h"

#include <gtest/gtest.h>

#include <ctime>

namespace hpsocket::core {
namespace {

TimePoint KernelMonotonic() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return TimePoint(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
}

// Spec: fault 30
TEST(ClockTest, TheSystemClockIsTheMonotonicOne) {
  const TimePoint before = KernelMonotonic();
  const TimePoint now = Clock::System().Now();
  const TimePoint after = KernelMonotonic();
  EXPECT_LE(before, now);
  EXPECT_LE(now, after);
}

TEST(ClockTest, NeverAndAtOnceEncloseEveryTime) {
  const TimePoint now = Clock::System().Now();
  EXPECT_LT(kAtOnce, now);
  EXPECT_LT(now, kForever);
}

TEST(ClockTest, CountsWholeMilliseconds) {
  EXPECT_EQ(FromMillis(3), std::chrono::milliseconds(3));
  EXPECT_EQ(ToMillis(FromMillis(3)), 3);
  EXPECT_EQ(ToMillis(std::chrono::microseconds(3999)), 3);
}

}  // namespace
}  // namespace hpsocket::core
