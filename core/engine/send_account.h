// Internal to core.
//
// How many bytes Send has accepted of one connection or session, and how far they have come. Counters that
// only grow, each with one writer, so that a worker counts without a read-modify-write.
//
// Threads:  as marked.
// Units:    bytes.
// Spec: decisions 4.2, 4.3
#ifndef HPSOCKET_CORE_ENGINE_SEND_ACCOUNT_H_
#define HPSOCKET_CORE_ENGINE_SEND_ACCOUNT_H_

#include <atomic>
#include <cstdint>

namespace hpsocket::core {

class SendAccount {
 public:
  // Worker: it has accepted them itself.
  void AcceptOwn(uint64_t bytes) {
    accepted_.store(accepted_.load(std::memory_order_relaxed) + bytes, std::memory_order_relaxed);
  }
  // Under the lock of what they are sent on: somebody else has.
  void AcceptForeign(uint64_t bytes) {
    foreign_accepted_.store(foreign_accepted_.load(std::memory_order_relaxed) + bytes,
                            std::memory_order_relaxed);
  }
  // They have left, or are dropped. `shared`: others than the worker count these, too, under the lock
  // (SP_DIRECT).
  void Complete(uint64_t bytes, bool shared) {
    if (shared) {
      completed_.fetch_add(bytes, std::memory_order_acq_rel);
    } else {
      completed_.store(completed_.load(std::memory_order_relaxed) + bytes, std::memory_order_release);
    }
  }
  // Worker, after what it counts: their OnSend has returned, or none is due. Whoever sees the sum sees what
  // had been accepted.
  void Report(uint64_t bytes) {
    reported_.store(reported_.load(std::memory_order_relaxed) + bytes, std::memory_order_release);
  }

  // Any thread: accepted, and not completed.
  uint64_t pending() const { return AcceptedBeyond(completed_); }
  // Any thread: accepted, and not reported; what counts against MaxPendingLength.
  uint64_t held() const { return AcceptedBeyond(reported_); }

 private:
  // What was accepted less `done`, as it was at one moment: a thread that is put aside between two looks
  // would take everything that came and went meanwhile for what is still there.
  uint64_t AcceptedBeyond(const std::atomic<uint64_t>& done) const {
    for (uint64_t before = done.load(std::memory_order_acquire);;) {
      const uint64_t accepted =
          accepted_.load(std::memory_order_acquire) + foreign_accepted_.load(std::memory_order_acquire);
      const uint64_t after = done.load(std::memory_order_acquire);
      if (after == before) return accepted - before;
      before = after;
    }
  }

  std::atomic<uint64_t> accepted_{0};
  std::atomic<uint64_t> foreign_accepted_{0};
  std::atomic<uint64_t> completed_{0};
  std::atomic<uint64_t> reported_{0};
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_ENGINE_SEND_ACCOUNT_H_
