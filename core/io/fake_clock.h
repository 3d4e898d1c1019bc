// Internal to core. Tests only.
//
// The simulated world's clock. It stands still while anything can run and is moved by whoever steps
// the world, so that a test that waits ten virtual minutes takes no time.
//
// Threads:  the world's one thread.
#ifndef HPSOCKET_CORE_IO_FAKE_CLOCK_H_
#define HPSOCKET_CORE_IO_FAKE_CLOCK_H_

#include "hpsocket/core/base/check.h"
#include "hpsocket/core/base/clock.h"

namespace hpsocket::core {

class FakeClock final : public Clock {
 public:
  TimePoint Now() const override { return now_; }

  void Advance(Duration duration) {
    HP_CHECK(duration >= Duration::zero());
    now_ += duration;
  }
  void AdvanceTo(TimePoint time) {
    if (time > now_) now_ = time;
  }

 private:
  // Not zero, so that "no time yet" and "now" differ.
  TimePoint now_ = TimePoint(std::chrono::seconds(1000));
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_FAKE_CLOCK_H_
