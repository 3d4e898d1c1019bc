// Internal to core.
//
// The component's bound on bytes that Send has accepted and that have not left
// (SetMaxPendingTotal). Workers draw credit in blocks and account for it themselves, so the shared
// counter is not written per message; other threads write it directly.
//
// Threads:  any, as marked.
// Units:    bytes. What is drawn never exceeds the limit; an idle worker holds back at most two blocks.
// Spec: decisions 4.3
#ifndef HPSOCKET_CORE_ENGINE_PENDING_BUDGET_H_
#define HPSOCKET_CORE_ENGINE_PENDING_BUDGET_H_

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace hpsocket::core {

class PendingBudget {
 public:
  // Before any worker runs. `limit` 0: unlimited.
  void Reset(uint64_t limit, size_t workers) {
    limit_ = limit;
    // What workers hold back is lost to the others: at most a five hundredth of a large limit together,
    // nothing of a small one.
    block_ = std::min<uint64_t>(kLargestBlock, limit / (1024 * workers));
    if (block_ < kSmallestBlock) block_ = 0;
    drawn_.store(0, std::memory_order_relaxed);
  }

  bool unlimited() const { return limit_ == 0; }

  // Any thread. False: it would exceed the limit; nothing is drawn.
  bool Draw(uint64_t bytes) {
    if (limit_ == 0) return true;
    uint64_t now = drawn_.load(std::memory_order_relaxed);
    do {
      if (bytes > limit_ - now) return false;
    } while (!drawn_.compare_exchange_weak(now, now + bytes, std::memory_order_relaxed));
    return true;
  }
  void Return(uint64_t bytes) {
    if (limit_ != 0 && bytes != 0) drawn_.fetch_sub(bytes, std::memory_order_relaxed);
  }

  uint64_t block() const { return block_; }
  uint64_t drawn() const { return drawn_.load(std::memory_order_relaxed); }

 private:
  static constexpr uint64_t kSmallestBlock = 16 * 1024;
  static constexpr uint64_t kLargestBlock = 256 * 1024;

  uint64_t limit_ = 0;
  uint64_t block_ = 0;
  std::atomic<uint64_t> drawn_{0};
};

// A worker's own share.
class PendingCredit {
 public:
  explicit PendingCredit(PendingBudget& budget) : budget_(budget) {}
  ~PendingCredit() { budget_.Return(credit_); }

  bool Take(uint64_t bytes) {
    if (budget_.unlimited()) return true;
    if (bytes > credit_) {
      const uint64_t missing = bytes - credit_;
      if (budget_.Draw(missing + budget_.block())) {
        credit_ += missing + budget_.block();
      } else if (budget_.Draw(missing)) {
        credit_ += missing;
      } else {
        return false;
      }
    }
    credit_ -= bytes;
    return true;
  }

  void GiveBack(uint64_t bytes) {
    if (budget_.unlimited()) return;
    credit_ += bytes;
    if (credit_ > 2 * budget_.block()) {
      budget_.Return(credit_ - budget_.block());
      credit_ = budget_.block();
    }
  }

 private:
  PendingBudget& budget_;
  uint64_t credit_ = 0;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_ENGINE_PENDING_BUDGET_H_
