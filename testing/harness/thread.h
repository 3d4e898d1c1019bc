// Internal to testing.
//
// Threads of a test, which run in the test's environment: a simulated one decides whose turn it is.
// Tests start none in another way.
//
// Threads:  one at a time per object.
#ifndef HPSOCKET_TESTING_HARNESS_THREAD_H_
#define HPSOCKET_TESTING_HARNESS_THREAD_H_

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "hpsocket/testing/harness/environment.h"

namespace hpsocket::harness {

class Thread {
 public:
  explicit Thread(std::function<void()> body)
      : running_(Environment::Current().StartThread(std::move(body))) {}
  Thread(Thread&&) = default;
  Thread& operator=(Thread&&) = delete;
  ~Thread() { Join(); }

  // Does nothing the second time.
  void Join() {
    if (running_ != nullptr) running_->Join();
    running_.reset();
  }

 private:
  std::unique_ptr<TestThread> running_;
};

// What a function will return that runs on a thread of its own.
template <class Result>
class Later {
 public:
  template <class Function>
  explicit Later(Function function)
      : result_(std::make_unique<std::optional<Result>>()),
        thread_([function = std::move(function), result = result_.get()] { result->emplace(function()); }) {}

  // Waits for it. Once.
  Result Get() {
    thread_.Join();
    return std::move(**result_);
  }

 private:
  std::unique_ptr<std::optional<Result>> result_;
  Thread thread_;
};

template <class Function>
auto Async(Function function) {
  return Later<std::invoke_result_t<Function>>(std::move(function));
}

// Lets others go on, so that what follows meets them in another state.
inline void LetOthersGoOn() {
  // There is a moment between two questions.
  bool asked = false;
  RunUntil([&asked] { return std::exchange(asked, true); });
}

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_THREAD_H_
