#include "hpsocket/core/timer/timer_wheel.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace hpsocket::core {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr TimePoint kStart = TimePoint(seconds(1'234'567));

struct TestTimer : Timer {
  explicit TestTimer(std::function<void()> what) : Timer(&Fire), action(std::move(what)) {}
  static void Fire(Timer& timer) {
    // A copy: the action may destroy the timer.
    const std::function<void()> copy = static_cast<TestTimer&>(timer).action;
    copy();
  }
  std::function<void()> action;
};

class TimerWheelTest : public testing::Test {
 protected:
  // Fires into fired_.
  TestTimer& Add(int id) {
    timers_.push_back(std::make_unique<TestTimer>([this, id] { fired_.push_back(id); }));
    return *timers_.back();
  }
  TestTimer& Add(int id, Duration from_start) {
    TestTimer& timer = Add(id);
    wheel_.Arm(timer, kStart + from_start);
    return timer;
  }
  std::vector<int> Fired() { return std::exchange(fired_, {}); }

  std::vector<std::unique_ptr<TestTimer>> timers_;
  std::vector<int> fired_;
  TimerWheel wheel_{kStart};
};

TEST_F(TimerWheelTest, IsEmptyAtFirst) {
  EXPECT_EQ(wheel_.NextDeadline(), kForever);
  EXPECT_EQ(wheel_.size(), 0u);
  EXPECT_TRUE(wheel_.idle());
  wheel_.Advance(kStart + hours(1));
  EXPECT_EQ(wheel_.NextDeadline(), kForever);
}

// Whoever asks before each Advance() misses no timer, near, far or due at once, and sees the end of the last.
TEST_F(TimerWheelTest, IsIdleOnlyWithoutTimers) {
  for (const Duration delay :
       {Duration(0), Duration(milliseconds(1)), Duration(seconds(90)), Duration(hours(2000))}) {
    TestTimer& timer = Add(1, delay);
    EXPECT_FALSE(wheel_.idle());
    wheel_.Disarm(timer);
    EXPECT_EQ(wheel_.NextDeadline(), kForever);
    EXPECT_TRUE(wheel_.idle());
    wheel_.Arm(timer, kStart + delay);
    EXPECT_FALSE(wheel_.idle());
    TestTimer& other = Add(2, delay + hours(1));
    wheel_.Advance(kStart + delay);
    EXPECT_EQ(Fired(), std::vector<int>{1});
    EXPECT_FALSE(wheel_.idle());
    wheel_.Disarm(other);
    EXPECT_EQ(wheel_.NextDeadline(), kForever);
    EXPECT_TRUE(wheel_.idle());
  }
}

// The wheel's time may be long past, as it is while nobody advances an idle one.
TEST_F(TimerWheelTest, ArmsFromAnOldTimeOn) {
  const TimePoint now = kStart + hours(7);
  TestTimer& soon = Add(1);
  wheel_.Arm(soon, now + milliseconds(5));
  Add(2, hours(7) + milliseconds(3));
  for (TimePoint at = now; at < now + milliseconds(10); at = wheel_.NextDeadline()) wheel_.Advance(at);
  EXPECT_EQ(Fired(), (std::vector<int>{2, 1}));
}

TEST_F(TimerWheelTest, FiresOnceAndNeverEarly) {
  for (const Duration delay :
       std::vector<Duration>{milliseconds(1), milliseconds(63), milliseconds(64), milliseconds(65),
                             seconds(4), seconds(5), hours(1), hours(100'000)}) {
    TimerWheel wheel(kStart);
    int fired = 0;
    TestTimer timer([&] { ++fired; });
    wheel.Arm(timer, kStart + delay);
    EXPECT_TRUE(timer.armed());
    EXPECT_EQ(timer.deadline(), kStart + delay);
    EXPECT_EQ(wheel.size(), 1u);
    wheel.Advance(kStart + delay - nanoseconds(1));
    EXPECT_EQ(fired, 0);
    wheel.Advance(kStart + delay);
    EXPECT_EQ(fired, 1);
    EXPECT_FALSE(timer.armed());
    wheel.Advance(kStart + 2 * delay);
    EXPECT_EQ(fired, 1);
  }
}

TEST_F(TimerWheelTest, RoundsUpToMilliseconds) {
  TestTimer& timer = Add(1, microseconds(1500));
  EXPECT_EQ(timer.deadline(), kStart + milliseconds(2));
  wheel_.Advance(kStart + microseconds(1999));
  EXPECT_EQ(Fired(), std::vector<int>{});
  wheel_.Advance(kStart + milliseconds(2));
  EXPECT_EQ(Fired(), std::vector<int>{1});
}

TEST_F(TimerWheelTest, FiresWhatIsDueAlreadyWithTheNextAdvance) {
  // Between two ticks, where rounding up would mean to wait.
  wheel_.Advance(kStart + microseconds(300));
  Add(1, Duration(0));
  Add(2, microseconds(300));
  Add(3, -hours(1));
  wheel_.Arm(Add(4), kAtOnce);
  EXPECT_EQ(wheel_.NextDeadline(), kStart + microseconds(300));
  EXPECT_EQ(wheel_.size(), 4u);
  wheel_.Advance(kStart + microseconds(300));
  EXPECT_EQ(Fired(), (std::vector<int>{1, 2, 3, 4}));
}

TEST_F(TimerWheelTest, FiresInTheOrderOfDeadlines) {
  // Every level, armed in disorder.
  std::vector<std::pair<Duration, int>> delays;
  Duration delay = milliseconds(1);
  for (int i = 0; i < 60; ++i) {
    delays.emplace_back(delay, i);
    delay += delay / 2 + milliseconds(1);
  }
  std::shuffle(delays.begin(), delays.end(), std::mt19937(7));
  for (const auto& [from_start, id] : delays) Add(id, from_start);
  wheel_.Advance(kStart + delay);
  std::vector<int> expected;
  for (int i = 0; i < 60; ++i) expected.push_back(i);
  EXPECT_EQ(Fired(), expected);
}

TEST_F(TimerWheelTest, DisarmedTimersDoNotFire) {
  TestTimer& timer = Add(1, seconds(1));
  Add(2, seconds(1));
  wheel_.Disarm(timer);
  wheel_.Disarm(timer);
  EXPECT_FALSE(timer.armed());
  EXPECT_EQ(wheel_.size(), 1u);
  wheel_.Advance(kStart + seconds(2));
  EXPECT_EQ(Fired(), std::vector<int>{2});
}

TEST_F(TimerWheelTest, ArmingAgainReplacesTheDeadline) {
  TestTimer& later = Add(1, seconds(1));
  TestTimer& sooner = Add(2, hours(1));
  wheel_.Arm(later, kStart + seconds(10));
  wheel_.Arm(sooner, kStart + milliseconds(1));
  EXPECT_EQ(wheel_.size(), 2u);
  wheel_.Advance(kStart + seconds(9));
  EXPECT_EQ(Fired(), std::vector<int>{2});
  wheel_.Advance(kStart + seconds(10));
  EXPECT_EQ(Fired(), std::vector<int>{1});
}

TEST_F(TimerWheelTest, DestroyedTimersAreForgotten) {
  Add(1, milliseconds(5));
  Add(2, hours(5));
  timers_.clear();
  EXPECT_EQ(wheel_.size(), 0u);
  EXPECT_EQ(wheel_.NextDeadline(), kForever);
  wheel_.Advance(kStart + hours(6));
  EXPECT_EQ(Fired(), std::vector<int>{});
}

TEST_F(TimerWheelTest, AWheelDisarmsWhatIsLeft) {
  TestTimer timer([] {});
  {
    TimerWheel wheel(kStart);
    wheel.Arm(timer, kStart + hours(1));
    EXPECT_TRUE(timer.armed());
  }
  EXPECT_FALSE(timer.armed());
}

TEST_F(TimerWheelTest, NextDeadlineIsExactWhenNearAndConvergesWhenFar) {
  Add(1, milliseconds(20));
  EXPECT_EQ(wheel_.NextDeadline(), kStart + milliseconds(20));
  wheel_.Advance(kStart + milliseconds(20));
  EXPECT_EQ(Fired(), std::vector<int>{1});

  TestTimer& far = Add(2, hours(24 * 400));
  int steps = 0;
  TimePoint now = kStart + milliseconds(20);
  while (far.armed()) {
    const TimePoint next = wheel_.NextDeadline();
    ASSERT_GT(next, now);
    ASSERT_LE(next, far.deadline());
    now = next;
    wheel_.Advance(now);
    ASSERT_LE(++steps, 8);
  }
  EXPECT_EQ(now, far.deadline());
}

// Spec: fault 30
TEST_F(TimerWheelTest, TheClockMayStandStillButNotTurnBack) {
  Add(1, milliseconds(10));
  wheel_.Advance(kStart + milliseconds(5));
  wheel_.Advance(kStart + milliseconds(5));
  wheel_.Advance(kStart - hours(1));
  EXPECT_EQ(Fired(), std::vector<int>{});
  Add(2, milliseconds(5));
  wheel_.Advance(kStart);
  EXPECT_EQ(Fired(), std::vector<int>{2});
  wheel_.Advance(kStart + milliseconds(10));
  EXPECT_EQ(Fired(), std::vector<int>{1});
}

// Spec: fault 30
TEST_F(TimerWheelTest, TakesTheWholeRangeOfTime) {
  TestTimer& never = Add(1);
  wheel_.Arm(never, kForever);
  EXPECT_EQ(never.deadline(), kForever);
  TestTimer& late = Add(2);
  wheel_.Arm(late, kForever - hours(1));
  wheel_.Advance(kForever - hours(2));
  EXPECT_EQ(Fired(), std::vector<int>{});
  wheel_.Advance(kForever - milliseconds(1));
  EXPECT_EQ(Fired(), std::vector<int>{2});
  wheel_.Advance(kForever);
  EXPECT_EQ(Fired(), std::vector<int>{});
  EXPECT_TRUE(never.armed());

  TimerWheel old(kAtOnce);
  int fired = 0;
  TestTimer timer([&] { ++fired; });
  old.Arm(timer, TimePoint(seconds(-5)) + nanoseconds(1));
  EXPECT_EQ(timer.deadline(), TimePoint(milliseconds(-4999)));
  old.Advance(TimePoint(milliseconds(-4999)) - nanoseconds(1));
  EXPECT_EQ(fired, 0);
  old.Advance(TimePoint(milliseconds(-4999)));
  EXPECT_EQ(fired, 1);
}

TEST_F(TimerWheelTest, CallbacksMayArmThemselvesAgain) {
  int fired = 0;
  std::optional<TestTimer> timer;
  timer.emplace([&] {
    ++fired;
    wheel_.Arm(*timer, timer->deadline() + milliseconds(10));
  });
  wheel_.Arm(*timer, kStart);
  wheel_.Advance(kStart);
  EXPECT_EQ(fired, 1);
  for (int i = 1; i <= 100; ++i) wheel_.Advance(kStart + i * milliseconds(10));
  EXPECT_EQ(fired, 101);
}

TEST_F(TimerWheelTest, WhatACallbackArmsAsDueWaitsForTheNextAdvance) {
  int fired = 0;
  std::optional<TestTimer> timer;
  timer.emplace([&] {
    ++fired;
    wheel_.Arm(*timer, kStart);
  });
  wheel_.Arm(*timer, kStart);
  wheel_.Advance(kStart + seconds(1));
  EXPECT_EQ(fired, 1);
  EXPECT_EQ(wheel_.NextDeadline(), kStart + seconds(1));
  wheel_.Advance(kStart + seconds(1));
  EXPECT_EQ(fired, 2);
}

TEST_F(TimerWheelTest, CallbacksMayDisarmAndPostponeTimersThatAreDueToo) {
  TestTimer& disarmed = Add(2);
  TestTimer& postponed = Add(3);
  TestTimer first([&] {
    fired_.push_back(1);
    EXPECT_TRUE(disarmed.armed());
    wheel_.Disarm(disarmed);
    wheel_.Arm(postponed, kStart + seconds(10));
  });
  wheel_.Arm(first, kStart + milliseconds(1));
  wheel_.Arm(disarmed, kStart + milliseconds(1));
  wheel_.Arm(postponed, kStart + milliseconds(2));
  wheel_.Advance(kStart + seconds(1));
  EXPECT_EQ(Fired(), std::vector<int>{1});
  EXPECT_FALSE(disarmed.armed());
  wheel_.Advance(kStart + seconds(10));
  EXPECT_EQ(Fired(), std::vector<int>{3});
}

TEST_F(TimerWheelTest, CallbacksMayDestroyTimersAndThemselves) {
  auto victim = std::make_unique<TestTimer>([] { FAIL() << "was destroyed before"; });
  std::unique_ptr<TestTimer> self;
  self = std::make_unique<TestTimer>([&] {
    fired_.push_back(1);
    victim.reset();
    self.reset();
  });
  wheel_.Arm(*self, kStart + milliseconds(1));
  wheel_.Arm(*victim, kStart + milliseconds(2));
  Add(3, milliseconds(3));
  wheel_.Advance(kStart + seconds(1));
  EXPECT_EQ(Fired(), (std::vector<int>{1, 3}));
  EXPECT_EQ(wheel_.size(), 0u);
}

// The wheel against an obvious timer queue: 100 000 random operations, callbacks that operate as well.
class Comparison {
 public:
  explicit Comparison(uint32_t seed) : random_(seed), timers_(kTimers) {
    for (size_t id = 0; id < kTimers; ++id) Renew(id);
  }

  void Step() {
    const auto choice = random_() % 100;
    if (choice < 75) {
      Operate();
    } else {
      Advance();
    }
    Check();
  }

  size_t fired() const { return fired_; }

 private:
  static constexpr size_t kTimers = 300;
  using Queue = std::multimap<TimePoint, size_t>;

  static TimePoint RoundUp(TimePoint time) { return std::chrono::ceil<milliseconds>(time); }

  void Renew(size_t id) {
    timers_[id] = std::make_unique<TestTimer>([this, id] { HandleFired(id); });
  }

  Duration RandomDelay() {
    switch (random_() % 8) {
      case 0:
        return Duration(0);
      case 1:
        return -milliseconds(random_() % 100);
      case 2:
        return nanoseconds(random_() % 5'000'000);
      case 3:
        return milliseconds(random_() % 100);
      case 4:
        return milliseconds(random_() % 10'000);
      case 5:
        return seconds(random_() % 3'600);
      case 6:
        return milliseconds(uint64_t{random_()});
      default:
        return hours(random_() % 40'000);
    }
  }

  // Arms (more than half), disarms or destroys a random timer.
  void Operate() {
    const size_t id = random_() % kTimers;
    const auto choice = random_() % 100;
    Remove(queue_, id);
    Remove(next_, id);
    if (choice < 65) {
      const TimePoint deadline = now_ + RandomDelay();
      wheel_.Arm(*timers_[id], deadline);
      const TimePoint expected = deadline <= now_ ? now_ : RoundUp(deadline);
      ASSERT_EQ(timers_[id]->deadline(), expected);
      (advancing_ ? next_ : queue_).emplace(expected, id);
    } else if (choice < 85) {
      wheel_.Disarm(*timers_[id]);
    } else {
      Renew(id);
    }
  }

  void Advance() {
    switch (random_() % 8) {
      case 0:
        break;
      case 1:
        if (!queue_.empty()) now_ = std::max(now_, queue_.begin()->first);
        break;
      case 2:
      case 3:
        if (wheel_.NextDeadline() != kForever) now_ = std::max(now_, wheel_.NextDeadline());
        break;
      default:
        now_ += std::max(RandomDelay(), Duration(0)) / (1 + random_() % 1000);
    }
    advancing_ = true;
    wheel_.Advance(now_);
    advancing_ = false;
    ASSERT_TRUE(queue_.empty() || queue_.begin()->first > now_) << "should have fired";
    queue_.merge(next_);
    ASSERT_TRUE(next_.empty());
  }

  void HandleFired(size_t id) {
    ++fired_;
    ASSERT_TRUE(advancing_);
    ASSERT_FALSE(timers_[id]->armed());
    ASSERT_FALSE(queue_.empty());
    const TimePoint deadline = timers_[id]->deadline();
    ASSERT_LE(deadline, now_);
    ASSERT_EQ(deadline, queue_.begin()->first) << "out of order";
    ASSERT_TRUE(Remove(queue_, id)) << "was not armed";
    while (random_() % 2 == 0) Operate();
  }

  bool Remove(Queue& queue, size_t id) {
    const auto found =
        std::find_if(queue.begin(), queue.end(), [id](const auto& entry) { return entry.second == id; });
    if (found == queue.end()) return false;
    queue.erase(found);
    return true;
  }

  // Nothing is left that was due before the last Advance(), and the wheel would wake in time.
  void Check() {
    ASSERT_EQ(wheel_.size(), queue_.size());
    const TimePoint next = wheel_.NextDeadline();
    if (queue_.empty()) {
      ASSERT_EQ(next, kForever);
    } else {
      ASSERT_LE(next, queue_.begin()->first);
      if (queue_.begin()->first > now_) {
        ASSERT_GT(next, now_);
      } else {
        ASSERT_EQ(queue_.begin()->first, now_) << "should have fired";
      }
    }
  }

  std::mt19937 random_;
  TimePoint now_ = kStart + nanoseconds(123);
  TimerWheel wheel_{now_};
  std::vector<std::unique_ptr<TestTimer>> timers_;
  Queue queue_;  // armed
  Queue next_;   // armed by callbacks of the running Advance()
  bool advancing_ = false;
  size_t fired_ = 0;
};

TEST(TimerWheelComparisonTest, BehavesLikeAnOrderedQueue) {
  size_t fired = 0;
  for (uint32_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(seed);
    Comparison comparison(seed);
    for (int step = 0; step < 10'000; ++step) {
      comparison.Step();
      if (testing::Test::HasFatalFailure()) return;
    }
    fired += comparison.fired();
  }
  EXPECT_GT(fired, 10'000u);
}

}  // namespace
}  // namespace hpsocket::core
