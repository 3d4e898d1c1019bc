// Internal to core.
//
// The tree's locks, with clang's thread-safety annotations. std::mutex underneath, because sanitizers
// and the system's tools know it; SmallMutex where there is one lock per connection and 40 bytes
// each would be a tenth of the connection.
//
// Threads:  any.
#ifndef HPSOCKET_CORE_BASE_MUTEX_H_
#define HPSOCKET_CORE_BASE_MUTEX_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "absl/base/thread_annotations.h"
#include "hpsocket/core/base/clock.h"

namespace hpsocket::core {

class ABSL_LOCKABLE Mutex {
 public:
  void lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() { mutex_.lock(); }
  bool try_lock() ABSL_EXCLUSIVE_TRYLOCK_FUNCTION(true) { return mutex_.try_lock(); }
  void unlock() ABSL_UNLOCK_FUNCTION() { mutex_.unlock(); }

 private:
  friend class CondVar;
  std::mutex mutex_;
};

// A four-byte mutex (0 free, 1 held, 2 held and somebody waits). Not fair, not recursive; for
// critical sections of a few instructions or one non-blocking system call.
class ABSL_LOCKABLE SmallMutex {
 public:
  void lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() {
    uint32_t expected = 0;
    if (!word_.compare_exchange_strong(expected, 1, std::memory_order_acquire)) LockSlow();
  }
  void unlock() ABSL_UNLOCK_FUNCTION() {
    if (word_.exchange(0, std::memory_order_release) == 2) word_.notify_one();
  }

 private:
  void LockSlow() {
    while (word_.exchange(2, std::memory_order_acquire) != 0) word_.wait(2, std::memory_order_relaxed);
  }

  std::atomic<uint32_t> word_{0};
};

template <class M>
class ABSL_SCOPED_LOCKABLE LockGuard {
 public:
  explicit LockGuard(M& mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex) : mutex_(mutex) { mutex_.lock(); }
  ~LockGuard() ABSL_UNLOCK_FUNCTION() { mutex_.unlock(); }
  LockGuard(const LockGuard&) = delete;
  LockGuard& operator=(const LockGuard&) = delete;

 private:
  M& mutex_;
};

using MutexLock = LockGuard<Mutex>;
using SmallMutexLock = LockGuard<SmallMutex>;

class CondVar {
 public:
  void NotifyAll() { cv_.notify_all(); }
  void NotifyOne() { cv_.notify_one(); }

  // One wait, spurious wake-ups included. False when `deadline` has passed.
  bool WaitUntil(Mutex& mutex, TimePoint deadline) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    bool in_time = true;
    if (deadline == kForever) {
      cv_.wait(lock);
    } else {
      in_time = cv_.wait_until(lock, deadline) == std::cv_status::no_timeout;
    }
    lock.release();
    return in_time;
  }

 private:
  std::condition_variable cv_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_BASE_MUTEX_H_
