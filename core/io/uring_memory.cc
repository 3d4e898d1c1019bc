#include "hpsocket/core/io/uring_memory.h"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <thread>

#include "hpsocket/core/base/clock.h"

namespace hpsocket::core {
namespace {

constexpr Duration kGrace = std::chrono::milliseconds(250);
constexpr Duration kPause = std::chrono::milliseconds(2);

std::atomic<int64_t>& LastGone() {
  static std::atomic<int64_t> time{0};
  return time;
}

}  // namespace

void NoteRingGone() {
  LastGone().store(Clock::System().Now().time_since_epoch().count(), std::memory_order_relaxed);
}

int RetryWhileRingsGo(absl::FunctionRef<int()> attempt) {
  for (;;) {
    const int result = attempt();
    if (result != -ENOMEM) return result;
    const TimePoint gone{Duration(LastGone().load(std::memory_order_relaxed))};
    if (Clock::System().Now() > gone + kGrace) return result;
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace hpsocket::core
