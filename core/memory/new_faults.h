// Internal to core.
//
// For tests only: a scenario that is run again and again, and in which another allocation fails each time.
// What the scenario has made by then must be gone afterwards, whichever it was.
//
// Threads:  the test's.
#ifndef HPSOCKET_CORE_MEMORY_NEW_FAULTS_H_
#define HPSOCKET_CORE_MEMORY_NEW_FAULTS_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "hpsocket/core/base/clock.h"
#include "hpsocket/core/memory/failing_new.h"

namespace hpsocket::core {

// The allocation that fails in this run of the scenario.
class NewFault {
 public:
  explicit NewFault(int64_t skip) : skip_(skip) {}

  // From here on allocations are counted.
  void Begin() const { FailOneNewForTest(skip_); }
  // And no longer. True: one has failed.
  bool End() { return failed_ = EndFailingNewForTest(); }
  bool failed() const { return failed_; }

 private:
  const int64_t skip_;
  bool failed_ = false;
};

// Calls `scenario(fault)` until it has fewer allocations than are to succeed. Twice: what is made once per
// process is there after the first time, and in the second nothing may be left behind.
template <class Scenario>
void FailEachNew(const Scenario& scenario) {
  for (const bool everything_is_made : {false, true}) {
    for (int64_t skip = 0;; ++skip) {
      const std::string turn = "allocation " + std::to_string(skip);
      SCOPED_TRACE(turn);
      const int64_t before = LiveNewsForTest();
      NewFault fault(skip);
      scenario(fault);
      // A thread of the process may still be about to let go.
      const TimePoint deadline = Clock::System().Now() + std::chrono::seconds(30);
      while (everything_is_made && LiveNewsForTest() != before && Clock::System().Now() < deadline)
        std::this_thread::yield();
      if (everything_is_made) {
        EXPECT_EQ(LiveNewsForTest(), before) << "it leaks";
      }
      if (::testing::Test::HasFailure()) return;
      if (!fault.failed()) break;
    }
  }
}

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_MEMORY_NEW_FAULTS_H_
