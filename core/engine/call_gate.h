// Internal to core.
//
// The gate that threads pass which are not the worker of the connection they talk about. While a
// thread is inside, no memory that it can have found through the connection table is freed; once the
// gate is closed nobody gets in, and it is known when the last one has left.
//
// Two sets of counters take turns (an epoch's parity picks one). An object that was unlinked in
// epoch e may be freed in epoch e + 2: every thread that could have found it has left by then.
//
// Threads:  Enter/Leave any; the rest any, one at a time by its own lock.
// Order:    unlink, then epoch(); a thread that enters afterwards cannot find the object.
#ifndef HPSOCKET_CORE_ENGINE_CALL_GATE_H_
#define HPSOCKET_CORE_ENGINE_CALL_GATE_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <thread>

#include "hpsocket/core/base/mutex.h"

namespace hpsocket::core {

class CallGate {
 public:
  static constexpr int kRefused = -1;

  // A token for Leave(), or kRefused when the gate is closed.
  int Enter() {
    const uint32_t shard = ShardOfThisThread();
    for (;;) {
      const uint64_t now = word_.load(std::memory_order_seq_cst);
      if ((now & kClosed) != 0) return kRefused;
      const uint32_t parity = static_cast<uint32_t>(now & 1);
      shards_[shard].inside[parity].fetch_add(1, std::memory_order_seq_cst);
      if (word_.load(std::memory_order_seq_cst) == now) return static_cast<int>(shard * 2 + parity);
      shards_[shard].inside[parity].fetch_sub(1, std::memory_order_release);
    }
  }

  void Leave(int token) {
    shards_[static_cast<uint32_t>(token) / 2].inside[static_cast<uint32_t>(token) & 1].fetch_sub(
        1, std::memory_order_release);
  }

  void Open() { word_.fetch_and(~kClosed, std::memory_order_seq_cst); }
  void Close() { word_.fetch_or(kClosed, std::memory_order_seq_cst); }
  // Afterwards nobody is inside, and what those did who were has happened before. Nobody blocks inside, so
  // this ends soon.
  void CloseAndDrain() {
    Close();
    while (!empty()) std::this_thread::yield();
  }

  // Nobody is inside. Meaningful once closed.
  bool empty() const { return Drained(0) && Drained(1); }

  uint64_t epoch() const { return word_.load(std::memory_order_seq_cst) & ~kClosed; }

  // Moves to the next epoch if everybody who entered in the previous one has left.
  void TryAdvance() {
    SmallMutexLock lock(advance_mutex_);
    uint64_t now = word_.load(std::memory_order_seq_cst);
    if (Drained((now + 1) & 1)) word_.compare_exchange_strong(now, now + 1, std::memory_order_seq_cst);
  }

  class Scope {
   public:
    explicit Scope(CallGate& gate) : gate_(gate), token_(gate.Enter()) {}
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope() {
      if (token_ != kRefused) gate_.Leave(token_);
    }
    bool entered() const { return token_ != kRefused; }

   private:
    CallGate& gate_;
    const int token_;
  };

 private:
  static constexpr uint64_t kClosed = uint64_t{1} << 63;
  static constexpr uint32_t kShards = 16;

  struct alignas(64) Shard {
    std::array<std::atomic<uint32_t>, 2> inside{};
  };

  bool Drained(uint64_t parity) const {
    for (const Shard& shard : shards_) {
      if (shard.inside[static_cast<size_t>(parity)].load(std::memory_order_seq_cst) != 0) return false;
    }
    return true;
  }

  static uint32_t ShardOfThisThread() {
    static std::atomic<uint32_t> next{0};
    thread_local const uint32_t shard = next.fetch_add(1, std::memory_order_relaxed) % kShards;
    return shard;
  }

  std::array<Shard, kShards> shards_;
  std::atomic<uint64_t> word_{0};
  SmallMutex advance_mutex_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_ENGINE_CALL_GATE_H_
