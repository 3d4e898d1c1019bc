// Internal to testing.
//
// How a test says that a simulated world cannot run it:
//
//   if (NeedsKernel("reads SO_RCVBUF from a descriptor")) return;
//
// Threads:  the test's.
#ifndef HPSOCKET_TESTING_HARNESS_NEEDS_KERNEL_H_
#define HPSOCKET_TESTING_HARNESS_NEEDS_KERNEL_H_

#include "gtest/gtest.h"
#include "hpsocket/testing/harness/environment.h"

namespace hpsocket::harness {

// True, and the test counts as skipped, in a simulated environment. `why` names what only the kernel
// has.
inline bool NeedsKernel(const char* why) {
  if (!Environment::Current().simulated()) return false;
  [why] { GTEST_SKIP() << "needs the kernel: " << why; }();
  return true;
}

// The other way round: the test needs a clock that runs only when everybody waits.
inline bool NeedsSimulatedTime(const char* why) {
  if (Environment::Current().simulated()) return false;
  [why] { GTEST_SKIP() << "needs simulated time: " << why; }();
  return true;
}

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_NEEDS_KERNEL_H_
