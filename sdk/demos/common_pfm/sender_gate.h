// Internal to the demos.
//
// Lets the one sending thread sleep until a connection has got on. Connections that nobody waits for
// pay one load per event.
//
// Threads:  one thread awaits; any thread notifies.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_PFM_SENDER_GATE_H_
#define HPSOCKET_SDK_DEMOS_COMMON_PFM_SENDER_GATE_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace hpsocket::demos {

class SenderGate {
 public:
  using Clock = std::chrono::steady_clock;

  // Sleeps until ready() holds, which Notify(who) and NotifyAll() make it look at again; false when
  // that was not the case at `deadline`. What ready() reads is written sequentially consistent before
  // the notification: of the two sides, one at least sees the other.
  template <class Ready>
  bool Await(const void* who, Ready ready, Clock::time_point deadline) {
    if (ready()) return true;
    std::unique_lock<std::mutex> lock(mutex_);
    awaited_.store(who);
    const bool held = changed_.wait_until(lock, deadline, ready);
    awaited_.store(nullptr);
    return held;
  }

  void Notify(const void* who) {
    if (awaited_.load() == who) NotifyAll();
  }

  void NotifyAll() {
    const std::lock_guard<std::mutex> lock(mutex_);
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<const void*> awaited_{nullptr};
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_PFM_SENDER_GATE_H_
