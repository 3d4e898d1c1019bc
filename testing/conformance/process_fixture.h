// Internal to testing.
//
// What suites need that look at the process in which a component runs: children made by fork, storms of
// signals, and what a library has no business changing.
//
// Threads:  the test's thread.
#ifndef HPSOCKET_TESTING_CONFORMANCE_PROCESS_FIXTURE_H_
#define HPSOCKET_TESTING_CONFORMANCE_PROCESS_FIXTURE_H_

#include <signal.h>
#include <sys/resource.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/types.h"

namespace hpsocket::conformance {

// Notes the first of a child's expectations that does not hold. The child has no gtest.
class Child {
 public:
  void Expect(bool holds, const char* what) {
    if (!holds && failed_ == nullptr) failed_ = what;
  }
  const char* failed() const { return failed_; }

 private:
  const char* failed_ = nullptr;
};

// Runs `body` in a child made by fork, without exec. Empty when all that it expects holds, else what
// does not, or how the child ended.
std::string InForkedChild(const std::function<void(Child&)>& body);

// What a component that runs in the parent is in its child, where `start` tries to start it.
void ExpectStoppedForGood(Child& child, IComplexSocket& component, CONNID id,
                          const std::function<bool()>& start);
void ExpectStoppedForGood(Child& child, IClient& client, const std::function<bool()>& start);

// A signal to every thread of the process, again and again, until it ends.
class SignalStorm {
 public:
  SignalStorm();
  SignalStorm(const SignalStorm&) = delete;
  SignalStorm& operator=(const SignalStorm&) = delete;
  ~SignalStorm();

  // How often every thread has had one.
  uint64_t count() const { return count_.load(); }

 private:
  void Blow();

  struct sigaction before_ {};
  std::atomic<bool> over_{false};
  std::atomic<uint64_t> count_{0};
  std::thread thread_;
};

// Those of `now` that are not in `before`.
std::set<int> Added(const std::set<int>& before, const std::set<int>& now);

// There are some, and a program that this process becomes has none of them.
void ExpectCloseOnExec(const std::set<int>& descriptors);

// Every one of these threads has a name of its own and leaves signals to the application's threads.
void ExpectQuietThreads(const std::set<int>& threads);

// Handlers of signals, limits, locale and folder.
struct ProcessState {
  std::vector<void (*)(int)> handlers;
  std::vector<rlimit> limits;
  std::string locale;
  std::string folder;

  static ProcessState Now();
  void ExpectSame(const ProcessState& other) const;
};

}  // namespace hpsocket::conformance

#endif  // HPSOCKET_TESTING_CONFORMANCE_PROCESS_FIXTURE_H_
