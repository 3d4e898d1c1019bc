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

// Whether what `scenario(fault)` has made is gone after it; a thread may still be about to let go.
template <class Scenario>
bool LeavesNothing(const Scenario& scenario, NewFault& fault) {
  const Clock& clock = Clock::System();  // the first to ask makes it
  const int64_t before = LiveNewsForTest();
  scenario(fault);
  const TimePoint deadline = clock.Now() + std::chrono::seconds(30);
  while (LiveNewsForTest() != before && clock.Now() < deadline) std::this_thread::yield();
  return LiveNewsForTest() == before;
}

// Calls `scenario(fault)` until it has fewer allocations than are to succeed. Twice: what is made once per
// process is there after the first time, and in the second nothing may be left behind. Where threads decide
// what comes first (which of two messages LogOnce() keeps in mind), some of it is made the second time only:
// so a leak is what comes back when the same allocation fails again.
template <class Scenario>
void FailEachNew(const Scenario& scenario) {
  constexpr int kAttempts = 4;
  for (const bool everything_is_made : {false, true}) {
    for (int64_t skip = 0;; ++skip) {
      const std::string turn = "allocation " + std::to_string(skip);
      SCOPED_TRACE(turn);
      NewFault fault(skip);
      if (everything_is_made) {
        int attempts = 1;
        while (!LeavesNothing(scenario, fault) && !::testing::Test::HasFailure())
          ASSERT_LT(attempts++, kAttempts) << "it leaks";
      } else {
        scenario(fault);
      }
      if (::testing::Test::HasFailure()) return;
      if (!fault.failed()) break;
    }
  }
}

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_MEMORY_NEW_FAULTS_H_
