#include "hpsocket/core/io/uring_memory.h"

#include <cerrno>
#include <chrono>
#include <thread>

#include "hpsocket/core/base/clock.h"

namespace hpsocket::core {
namespace {

constexpr Duration kGrace = std::chrono::seconds(1);
constexpr Duration kPause = std::chrono::milliseconds(2);

}  // namespace

int RetryWhileRingsGo(absl::FunctionRef<int()> attempt) {
  int result = attempt();
  if (result != -ENOMEM) return result;
  const TimePoint end = Clock::System().Now() + kGrace;
  while (result == -ENOMEM && Clock::System().Now() < end) {
    std::this_thread::sleep_for(kPause);
    result = attempt();
  }
  return result;
}

}  // namespace hpsocket::core
