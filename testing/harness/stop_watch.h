// Internal to testing.
//
// Watches over the Stops of a test: one that does not come to an end fails the test with a message of its
// own, and the longest is reported as the test's property "longest_stop_ms".
//
// Threads:  any, several at once.
// Lifetime: made and destroyed inside the test, after its last Stop.
// Errors:   a Stop that hangs cannot be left behind, with the component that its callers refer to: the
//           process ends.
#ifndef HPSOCKET_TESTING_HARNESS_STOP_WATCH_H_
#define HPSOCKET_TESTING_HARNESS_STOP_WATCH_H_

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/core/base/clock.h"
#include "hpsocket/testing/harness/deadline.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::harness {

class StopWatch {
 public:
  StopWatch() = default;
  StopWatch(const StopWatch&) = delete;
  StopWatch& operator=(const StopWatch&) = delete;
  ~StopWatch() {
    ::testing::Test::RecordProperty("longest_stop_ms", std::to_string(core::ToMillis(longest_.load())));
  }

  // What `stop` returns; it runs on the caller.
  template <class Stop>
  bool Time(const Stop& stop) {
    Gate stopped;
    Thread watcher([&stopped] {
      if (stopped.Pass()) return;
      ADD_FAILURE() << "Stop has not returned for " << kPatience.count() << " s";
      std::fflush(stdout);
      std::abort();
    });
    const core::TimePoint begin = DeadlineClock::Now();
    const bool result = stop();
    Note(DeadlineClock::Now() - begin);
    stopped.Open();
    return result;
  }

 private:
  void Note(core::Duration taken) {
    core::Duration longest = longest_.load();
    while (taken > longest && !longest_.compare_exchange_weak(longest, taken)) {
    }
  }

  std::atomic<core::Duration> longest_{core::Duration::zero()};
};

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_STOP_WATCH_H_
