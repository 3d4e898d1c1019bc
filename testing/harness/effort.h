// Internal to testing.
//
// How often a test repeats what only many repetitions find, and how much it moves. The usual number is for
// every run; a campaign sets the variable. In a simulated world it is the seeds that repeat, and everything
// is small.
//
// Threads:  any, while nobody changes the process's environment.
#ifndef HPSOCKET_TESTING_HARNESS_EFFORT_H_
#define HPSOCKET_TESTING_HARNESS_EFFORT_H_

#include <cstddef>
#include <cstdlib>

#include "hpsocket/core/base/sanitizer.h"
#include "hpsocket/testing/harness/environment.h"

namespace hpsocket::harness {

#if defined(HPSOCKET_THREAD_SANITIZER) || defined(__SANITIZE_ADDRESS__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

// What the environment variable says, else `usual`, or a fifth of it under a sanitizer; at least 1.
inline int Effort(const char* variable, int usual) {
  const char* const text = std::getenv(variable);
  const int asked = text == nullptr ? 0 : std::atoi(text);
  if (asked > 0) return asked;
  if (Environment::Current().simulated()) return usual >= 25 ? usual / 25 : 1;
  return kSanitized && usual >= 5 ? usual / 5 : usual;
}

// In a simulated world everything is small, buffers and sizes alike.
inline size_t Scaled(size_t real, size_t simulated) {
  return Environment::Current().simulated() ? simulated : real;
}

// Under a sanitizer a step takes many times as long; what is counted in steps is less there, too.
inline size_t Scaled(size_t real, size_t sanitized, size_t simulated) {
  return Scaled(kSanitized ? sanitized : real, simulated);
}

// The first number of a test's storms, whose seeds are their numbers: 1, or what HPSOCKET_FIRST_STORM says,
// so that a campaign's go on where its last ones ended.
inline int FirstStorm() {
  const char* const text = std::getenv("HPSOCKET_FIRST_STORM");
  const int first = text == nullptr ? 0 : std::atoi(text);
  return first > 0 ? first : 1;
}

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_EFFORT_H_
