// Internal to core.
//
// The one clock of the tree: monotonic, so that a jump of the wall clock moves no timer. The system
// clock reads CLOCK_MONOTONIC; the simulated world brings its own.
//
// Threads:  any.
// Units:    nanoseconds, typed.
#ifndef HPSOCKET_CORE_BASE_CLOCK_H_
#define HPSOCKET_CORE_BASE_CLOCK_H_

#include <chrono>
#include <cstdint>

namespace hpsocket::core {

using Duration = std::chrono::nanoseconds;
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

// "Never" and "do not wait", as deadlines.
inline constexpr TimePoint kForever = TimePoint::max();
inline constexpr TimePoint kAtOnce = TimePoint::min();

class Clock {
 public:
  virtual ~Clock() = default;

  virtual TimePoint Now() const = 0;

  // CLOCK_MONOTONIC.
  static const Clock& System();
};

inline int64_t ToMillis(Duration duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

inline Duration FromMillis(int64_t ms) { return std::chrono::milliseconds(ms); }

// Milliseconds in four bytes, for what every connection keeps. They wrap; differences are right for 49 days.
inline uint32_t ToTicks(TimePoint time) { return static_cast<uint32_t>(ToMillis(time.time_since_epoch())); }

// From `then` to `now`. A `then` that another thread noted after `now` was read, by up to a minute, is no
// time ago and not 49 days.
inline uint32_t TicksBetween(uint32_t then, uint32_t now) {
  constexpr uint32_t kLaterByAtMost = 60'000;
  const uint32_t ticks = now - then;
  return ticks > UINT32_MAX - kLaterByAtMost ? 0 : ticks;
}

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_BASE_CLOCK_H_
