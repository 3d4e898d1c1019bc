// Internal to testing.
//
// Threads that fetch from, peek at and search in whatever a PULL server or agent is connected to, at any
// moment of its life, until told to stop.
//
// Threads:  made and ended in one.
// Lifetime: the component outlives it; the destructor ends it.
#ifndef HPSOCKET_TESTING_CONFORMANCE_FETCH_STORM_H_
#define HPSOCKET_TESTING_CONFORMANCE_FETCH_STORM_H_

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/pull_interfaces.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/conformance/complex_under_test.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::conformance {

// For the storm of this number, before Start: in every other one nobody but a FetchStorm takes what comes,
// and reading stops until it has.
inline void LeaveSomeToOthers(ComplexUnderTest& component, int storm) {
  if (component.tcp().pull() == nullptr || storm % 2 == 0) return;
  component.LeaveUnfetched();
  component.tcp().pull()->SetMaxPullLength(4000);
}

class FetchStorm {
 public:
  static constexpr int kThreads = 3;

  // Does nothing to a PUSH component.
  FetchStorm(ComplexUnderTest& component, unsigned seed) : component_(component) {
    if (component.tcp().pull() == nullptr) return;
    for (unsigned i = 0; i < kThreads; ++i) {
      threads_.emplace_back([this, seed, i] { Blow(*component_.tcp().pull(), seed * 100 + i); });
    }
  }
  FetchStorm(const FetchStorm&) = delete;
  FetchStorm& operator=(const FetchStorm&) = delete;
  ~FetchStorm() { End(); }

  void End() {
    over_.store(true);
    for (harness::Thread& thread : threads_) thread.Join();
  }

 private:
  static constexpr uint8_t kUntouched = 0xA5;

  void Blow(IPullSocket& pull, unsigned seed) {
    std::minstd_rand random(seed + 1);
    std::vector<CONNID> known;  // some of them are gone
    while (!over_.load()) {
      harness::LetOthersGoOn();
      CONNID ids[64];
      uint32_t count = 64;
      if (component_->GetAllConnectionIDs(ids, count) && count != 0) known.assign(ids, ids + count);
      for (const CONNID id : known) Take(pull, id, random);
    }
  }
  static void Take(IPullSocket& pull, CONNID id, std::minstd_rand& random) {
    const int length = 1 + static_cast<int>(random() % 3000);
    std::vector<uint8_t> data(static_cast<size_t>(length) + 1, kUntouched);
    errno = 0;
    EnFetchResult result = FR_OK;
    int position = -1;
    switch (random() % 3) {
      case 0:
        result = pull.Peek(id, data.data(), length);
        break;
      case 1:
        result = pull.Find(id, data.data(), 1 + length % 4, static_cast<int>(random() % 100), &position);
        break;
      default:
        result = pull.Fetch(id, data.data(), length);
    }
    if (result != FR_OK && result != FR_LENGTH_TOO_LONG && result != FR_DATA_NOT_FOUND)
      ADD_FAILURE() << "no such result: " << result;
    if (result != FR_OK && data.front() != kUntouched) ADD_FAILURE() << "copied, and said " << result;
    if (data.back() != kUntouched) ADD_FAILURE() << "copied more than was asked for";
  }

  ComplexUnderTest& component_;
  std::atomic<bool> over_{false};
  std::vector<harness::Thread> threads_;
};

}  // namespace hpsocket::conformance

#endif  // HPSOCKET_TESTING_CONFORMANCE_FETCH_STORM_H_
