#include "hpsocket/core/timer/timer_wheel.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "absl/base/attributes.h"
#include "hpsocket/core/base/check.h"

namespace hpsocket::core {
namespace {

constexpr int64_t kTick = 1'000'000;  // ns
// Makes every TimePoint, in ticks, positive. With it they stay below 2^45.
constexpr int64_t kTickBias = int64_t{1} << 44;

uint64_t TickBefore(TimePoint time) {
  const int64_t ns = time.time_since_epoch().count();
  return static_cast<uint64_t>(ns / kTick - (ns % kTick < 0 ? 1 : 0) + kTickBias);
}

uint64_t TickAfter(TimePoint time) {
  const int64_t ns = time.time_since_epoch().count();
  return static_cast<uint64_t>(ns / kTick + (ns % kTick > 0 ? 1 : 0) + kTickBias);
}

TimePoint TimeOf(uint64_t tick) {
  const int64_t ms = static_cast<int64_t>(tick) - kTickBias;
  if (ms > std::numeric_limits<int64_t>::max() / kTick) return kForever;
  if (ms < std::numeric_limits<int64_t>::min() / kTick) return kAtOnce;
  return TimePoint(Duration(ms * kTick));
}

}  // namespace

TimerWheel::TimerWheel(TimePoint now) : now_(now), current_(TickBefore(now)) {}

void TimerWheel::Arm(Timer& timer, TimePoint deadline) {
  timer.Unlink();
  if (deadline <= now_) {
    timer.deadline_ = now_;
    due_.PushBack(timer);
    return;
  }
  timer.deadline_ = TimeOf(TickAfter(deadline));
  Place(timer);
}

void TimerWheel::Place(Timer& timer) {
  const uint64_t tick = TickAfter(timer.deadline_);
  if (tick == current_) {  // only while CollectDue() goes from slot to slot; Arm() knows what is due
    firing_.PushBack(timer);
    return;
  }
  const unsigned level = (static_cast<unsigned>(std::bit_width(tick ^ current_)) - 1) / kSlotBits;
  const unsigned slot = (tick >> (level * kSlotBits)) % kSlots;
  slots_[level][slot].PushBack(timer);
  occupied_[level] |= uint64_t{1} << slot;
  levels_ |= 1u << level;
}

ABSL_ATTRIBUTE_HOT bool TimerWheel::FirstSlot(Position* first) const {
  for (; levels_ != 0; levels_ &= levels_ - 1) {
    const auto level = static_cast<unsigned>(std::countr_zero(levels_));
    while (occupied_[level] != 0) {
      const auto slot = static_cast<unsigned>(std::countr_zero(occupied_[level]));
      if (!slots_[level][slot].empty()) {
        const unsigned shift = level * kSlotBits;
        const uint64_t above = current_ >> (shift + kSlotBits) << kSlotBits;
        *first = {level, slot, (above | slot) << shift};
        return true;
      }
      occupied_[level] &= occupied_[level] - 1;
    }
  }
  return false;
}

ABSL_ATTRIBUTE_HOT void TimerWheel::CollectDue(uint64_t target) {
  // What was armed as due has the time of the Advance() before this one as its deadline; the slots
  // hold later ones only.
  firing_.Splice(due_);
  Position first;
  while (FirstSlot(&first) && first.start <= target) {
    current_ = first.start;
    List& slot = slots_[first.level][first.slot];
    occupied_[first.level] &= ~(uint64_t{1} << first.slot);
    if (first.level == 0) {
      firing_.Splice(slot);
    } else {
      // Each goes at least one level down, or is due on this very tick.
      while (Timer* timer = slot.PopFront()) Place(*timer);
    }
  }
  current_ = target;
}

ABSL_ATTRIBUTE_HOT void TimerWheel::Advance(TimePoint now) {
  HP_DCHECK(!advancing_);
  now_ = std::max(now_, now);
  advancing_ = true;
  CollectDue(TickBefore(now_));
  // One by one off the list, which a callback may shorten anywhere; a timer is not touched after its
  // callback, which may have destroyed it.
  while (Timer* timer = firing_.PopFront()) timer->callback_(*timer);
  advancing_ = false;
}

ABSL_ATTRIBUTE_HOT TimePoint TimerWheel::NextDeadline() const {
  if (!due_.empty()) return now_;
  Position first;
  return FirstSlot(&first) ? TimeOf(first.start) : kForever;
}

size_t TimerWheel::size() {
  size_t count = 0;
  const auto add = [&count](List& list) {
    for (Timer* timer = list.front(); timer != nullptr; timer = list.next(*timer)) ++count;
  };
  add(due_);
  add(firing_);
  for (auto& level : slots_) {
    for (List& slot : level) add(slot);
  }
  return count;
}

}  // namespace hpsocket::core
