// Internal to testing.
//
// How long a test is willing to wait. A deadline is only ever reached by a failing test, so it is
// generous: sanitizers and busy machines must not reach it.
//
// Threads:  as a value. The clock is replaced only between tests.
#ifndef HPSOCKET_TESTING_HARNESS_DEADLINE_H_
#define HPSOCKET_TESTING_HARNESS_DEADLINE_H_

#include <atomic>
#include <chrono>

#include "hpsocket/core/base/clock.h"

namespace hpsocket::harness {

// Longer than anything that works takes.
inline constexpr std::chrono::seconds kPatience{30};
// The same for a component's Wait.
inline constexpr int kPatienceMs = 30'000;

// The clock that deadlines go by: the system's, or a simulated world's.
class DeadlineClock {
 public:
  static core::TimePoint Now() {
    const core::Clock* const replacement = Replacement().load(std::memory_order_acquire);
    return (replacement != nullptr ? *replacement : core::Clock::System()).Now();
  }
  // Null restores the system's.
  static void Replace(const core::Clock* clock) { Replacement().store(clock, std::memory_order_release); }

 private:
  static std::atomic<const core::Clock*>& Replacement() {
    static std::atomic<const core::Clock*> replacement{nullptr};
    return replacement;
  }
};

class Deadline {
 public:
  static Deadline In(core::Duration duration) { return Deadline(DeadlineClock::Now() + duration); }
  static Deadline Patient() { return In(kPatience); }

  core::TimePoint at() const { return at_; }
  bool passed() const { return DeadlineClock::Now() >= at_; }
  // Milliseconds left, rounded up, at least 0: what poll(2) takes.
  int poll_ms() const {
    const core::Duration left = at_ - DeadlineClock::Now();
    return left <= core::Duration::zero() ? 0 : static_cast<int>(core::ToMillis(left)) + 1;
  }

 private:
  explicit Deadline(core::TimePoint at) : at_(at) {}

  core::TimePoint at_;
};

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_DEADLINE_H_
