// Internal to testing.
//
// Two threads that start a component, one of them asynchronously where it makes a difference, and two that
// stop it at any moment, until it has been started so often.
//
// A Stop ends a Start that is under way, and stopping is quicker: where the machine is slow no Start would
// ever succeed. So after many that failed in a row the next one is let through.
//
// Threads:  made in one; over() any. The functions are called from all of the storm's.
// Lifetime: the destructor waits until it is over.
#ifndef HPSOCKET_TESTING_HARNESS_START_STOP_STORM_H_
#define HPSOCKET_TESTING_HARNESS_START_STOP_STORM_H_

#include <atomic>
#include <functional>
#include <utility>
#include <vector>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::harness {

class StartStopStorm {
 public:
  struct Component {
    std::function<bool(bool async)> start;
    std::function<void()> stop;  // and waits a little
    std::function<EnServiceState()> state;
  };

  StartStopStorm(int times, Component component) : component_(std::move(component)), left_(times) {
    for (const bool async : {true, false}) {
      threads_.emplace_back([this, async] { Start(async); });
      threads_.emplace_back([this] { Stop(); });
    }
  }
  StartStopStorm(const StartStopStorm&) = delete;
  StartStopStorm& operator=(const StartStopStorm&) = delete;
  ~StartStopStorm() {
    for (Thread& thread : threads_) thread.Join();
  }

  bool over() const { return over_.load(); }

 private:
  static constexpr int kPatience = 20;

  void Start(bool async) {
    while (!over()) {
      LetOthersGoOn();
      if (!component_.start(async)) {
        failed_in_row_.fetch_add(1);
        continue;
      }
      failed_in_row_.store(0);
      if (--left_ <= 0) over_.store(true);
    }
  }
  void Stop() {
    while (!over()) {
      if (failed_in_row_.load() < kPatience || component_.state() == SS_STARTED) component_.stop();
      LetOthersGoOn();
    }
  }

  const Component component_;
  std::atomic<int> left_;
  std::atomic<int> failed_in_row_{0};
  std::atomic<bool> over_{false};
  std::vector<Thread> threads_;
};

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_START_STOP_STORM_H_
