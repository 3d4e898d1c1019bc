// Internal to testing.
//
// How long a test is willing to wait. A deadline is only ever reached by a failing test, so it is
// generous: sanitizers and busy machines must not reach it.
//
// Threads:  as a value.
#ifndef HPSOCKET_TESTING_HARNESS_DEADLINE_H_
#define HPSOCKET_TESTING_HARNESS_DEADLINE_H_

#include <chrono>

#include "hpsocket/core/base/clock.h"

namespace hpsocket::harness {

// Longer than anything that works takes.
inline constexpr std::chrono::seconds kPatience{30};
// The same for a component's Wait.
inline constexpr int kPatienceMs = 30'000;

class Deadline {
 public:
  static Deadline In(core::Duration duration) { return Deadline(core::Clock::System().Now() + duration); }
  static Deadline Patient() { return In(kPatience); }

  core::TimePoint at() const { return at_; }
  bool passed() const { return core::Clock::System().Now() >= at_; }
  // Milliseconds left, rounded up, at least 0: what poll(2) takes.
  int poll_ms() const {
    const core::Duration left = at_ - core::Clock::System().Now();
    return left <= core::Duration::zero() ? 0 : static_cast<int>(core::ToMillis(left)) + 1;
  }

 private:
  explicit Deadline(core::TimePoint at) : at_(at) {}

  core::TimePoint at_;
};

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_DEADLINE_H_
