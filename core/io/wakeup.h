// Internal to core.
//
// How other threads wake a port's worker: a state word, and an eventfd that is written only while the
// worker sleeps or is about to. A worker that is awake costs its callers one atomic exchange.
//
//   state      | Notify()                  | PrepareToSleep()   | Awake()
//   -----------+---------------------------+--------------------+---------------------------
//   kAwake     | kNotified                 | kAsleep, true      | kAwake, false
//   kAsleep    | kNotified, writes eventfd | (not called)       | kAwake, false
//   kNotified  | kNotified                 | kNotified, false   | kAwake, true
//
// Tolerance: a notification that meets the end of a sleep may leave the eventfd readable, so that the
// next sleep ends at once, for nothing. The other way round nothing gets lost: what a thread wrote
// before Notify() is visible to the worker after the Awake() that follows.
//
// Threads:  Notify() any; the rest the worker, after Open().
// Owner:    of the eventfd.
#ifndef HPSOCKET_CORE_IO_WAKEUP_H_
#define HPSOCKET_CORE_IO_WAKEUP_H_

#include <atomic>
#include <cstdint>

namespace hpsocket::core {

class Wakeup {
 public:
  Wakeup() = default;
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;
  ~Wakeup();

  // 0 or -errno. Notify() before that is remembered.
  int Open();

  // Readable once somebody notified a sleeper.
  int fd() const { return fd_; }

  // Never blocks. Any number of calls before the worker looks are one. True: it slept, and is woken.
  bool Notify();

  // False: somebody has notified, do not sleep.
  bool PrepareToSleep() {
    uint32_t expected = kAwake;
    return state_.compare_exchange_strong(expected, kAsleep, std::memory_order_seq_cst);
  }

  // After each sleep and instead of one. True: somebody has notified since the last call.
  bool Awake() { return state_.exchange(kAwake, std::memory_order_seq_cst) == kNotified; }

  // A look, for a worker that spins before it sleeps.
  bool notified() const { return state_.load(std::memory_order_relaxed) == kNotified; }

  // Makes fd() not readable, for ports that watch its level.
  void Drain();

 private:
  enum State : uint32_t { kAwake, kAsleep, kNotified };

  std::atomic<uint32_t> state_{kAwake};
  int fd_ = -1;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_WAKEUP_H_
