#include "hpsocket/core/base/clock.h"

#include <gtest/gtest.h>

#include <cstdlib>
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

TEST(ClockTest, CountsTicksAcrossTheirWrapAndNoneTowardsWhatIsLater) {
  const TimePoint start(std::chrono::milliseconds((int64_t{1} << 32) - 5));
  EXPECT_EQ(TicksBetween(ToTicks(start), ToTicks(start + FromMillis(12))), 12u);
  EXPECT_EQ(TicksBetween(ToTicks(start), ToTicks(start)), 0u);
  // Another thread has noted it meanwhile.
  EXPECT_EQ(TicksBetween(ToTicks(start + FromMillis(1)), ToTicks(start)), 0u);
  EXPECT_EQ(TicksBetween(ToTicks(start + FromMillis(60'000)), ToTicks(start)), 0u);
  const Duration long_ago = FromMillis(int64_t{45} * 24 * 3600 * 1000);
  EXPECT_EQ(TicksBetween(ToTicks(start), ToTicks(start + long_ago)), ToMillis(long_ago));
}

// Begins before main, so it ends after whatever a function made on its first call.
class LatestToEnd {
 public:
  ~LatestToEnd() {
    if (asks_ && Clock::System().Now() < asked_) std::_Exit(1);
  }
  void Ask() {
    asks_ = true;
    asked_ = Clock::System().Now();
  }

 private:
  bool asks_ = false;
  TimePoint asked_;
};
LatestToEnd latest;

// Spec: fault 44
TEST(ClockDeathTest, TheSystemClockOutlivesStaticObjects) {
  EXPECT_EXIT(
      {
        latest.Ask();
        std::exit(0);
      },
      ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace hpsocket::core
