#include "hpsocket/core/base/clock.h"

namespace hpsocket::core {
namespace {

class SystemClock final : public Clock {
 public:
  TimePoint Now() const override { return std::chrono::steady_clock::now(); }
};

}  // namespace

const Clock& Clock::System() {
  // Leaked: workers go on until the process is gone, past the end of static objects.
  static const SystemClock& clock = *new SystemClock;
  return clock;
}

}  // namespace hpsocket::core
