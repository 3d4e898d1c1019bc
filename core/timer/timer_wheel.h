// Internal to core.
//
// The timers of one worker: a hierarchy of wheels of 64 slots, a millisecond in the lowest, each slot
// as long as the whole wheel below it. Arming, disarming and firing cost a constant each, however many
// timers there are, and a jump of the clock over hours costs no more than the timers that it passes.
//
// Threads:  the worker's thread.
// Owner:    timers belong to their users; the wheel owns nothing.
// Lifetime: a timer disarms itself when it is destroyed; a wheel disarms what is left when it goes.
// Order:    one Advance() fires in the order of deadlines; equal deadlines in no particular order.
// Units:    deadlines are rounded up to full milliseconds: never early, at most one late.
#ifndef HPSOCKET_CORE_TIMER_TIMER_WHEEL_H_
#define HPSOCKET_CORE_TIMER_TIMER_WHEEL_H_

#include <cstddef>
#include <cstdint>

#include "hpsocket/core/base/clock.h"
#include "hpsocket/core/base/intrusive_list.h"

namespace hpsocket::core {

// Derive from it, or find the object around it from the reference that the callback gets.
class Timer : private ListLink<Timer> {
 public:
  // Must not throw. It may arm, disarm and destroy any timer, the one that fired too, but not the wheel.
  using Callback = void (*)(Timer&);

  explicit Timer(Callback callback) : callback_(callback) {}

  bool armed() const { return linked(); }

  // When it fires, as rounded by Arm(). The last one while it is not armed.
  TimePoint deadline() const { return deadline_; }

 private:
  friend class IntrusiveList<Timer>;
  friend class TimerWheel;

  const Callback callback_;
  TimePoint deadline_ = kForever;
};

static_assert(sizeof(Timer) <= (sizeof(void*) == 8 ? 32 : 20), "every connection has some");

class TimerWheel {
 public:
  explicit TimerWheel(TimePoint now);
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;

  // Arms the timer, again if it was armed. A deadline that the wheel's time has reached fires in the
  // next Advance(), from inside a callback too: no callback can keep one Advance() going forever.
  // kForever is armed and never fires.
  void Arm(Timer& timer, TimePoint deadline);

  void Disarm(Timer& timer) { timer.Unlink(); }

  // Sets the wheel's time (never back) and fires every timer that is due, each once.
  void Advance(TimePoint now);

  // Not later than the earliest timer, and later than the wheel's time unless that timer is due. It may
  // be earlier, for a timer that is far away: Advance() then brings it closer. kForever without timers.
  TimePoint NextDeadline() const;

  // Certainly without timers, so that there is nothing to advance for. It may have none and not know it yet.
  bool idle() const { return levels_ == 0 && due_.empty(); }

  // Counts; for tests and checks.
  size_t size();

 private:
  using List = IntrusiveList<Timer>;

  static constexpr unsigned kSlotBits = 6;
  static constexpr unsigned kSlots = 1u << kSlotBits;
  static constexpr unsigned kLevels = 8;  // 48 bits of milliseconds: more than a TimePoint can hold

  struct Position {
    unsigned level;
    unsigned slot;
    uint64_t start;  // the first tick of the slot
  };

  void Place(Timer& timer);
  bool FirstSlot(Position* first) const;
  void CollectDue(uint64_t target);

  TimePoint now_;
  // now_ in ticks; between two slots while CollectDue() runs. A timer sits at the level of the highest
  // digit (of kSlotBits) in which its tick differs from this, in the slot of that digit's value. So
  // slots hold later ticks only, and the lowest slot of the lowest level in use is the earliest.
  uint64_t current_;
  bool advancing_ = false;
  // A set bit: the slot may hold timers. Timers leave without telling, so it may be empty as well;
  // FirstSlot() clears such bits as it meets them. Likewise levels_ for the levels that have such bits.
  mutable uint64_t occupied_[kLevels] = {};
  mutable uint32_t levels_ = 0;
  List slots_[kLevels][kSlots];
  List due_;     // were due when they were armed
  List firing_;  // in the order of deadlines
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_TIMER_TIMER_WHEEL_H_
