#include "hpsocket/core/c_api/handle.h"

#include <deque>
#include <exception>

#include "hpsocket/core/base/mutex.h"

namespace hpsocket::core {
namespace {

// The blocks behind all handles of the process.
class HandlePool {
 public:
  // Never destroyed, since handles may be used until the process ends.
  static HandlePool& Instance() {
    static HandlePool& pool = *new HandlePool;
    return pool;
  }

  Handle& Take() {
    MutexLock lock(mutex_);
    if (resting_.size() <= kRested) return blocks_.emplace_back();
    Handle& handle = *resting_.front();
    resting_.pop_front();
    return handle;
  }

  void Rest(Handle& handle) {
    MutexLock lock(mutex_);
    resting_.push_back(&handle);
  }

 private:
  Mutex mutex_;
  std::deque<Handle> blocks_ ABSL_GUARDED_BY(mutex_);
  std::deque<Handle*> resting_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

Handle* Handle::Take() noexcept {
  try {
    return &HandlePool::Instance().Take();
  } catch (const std::exception&) {  // out of memory
    return nullptr;
  }
}

void Handle::GiveBack() noexcept {
  try {
    HandlePool::Instance().Rest(*this);
  } catch (const std::exception&) {  // out of memory: the block is never used again
  }
}

bool Handle::Destroy() noexcept {
  uint64_t expected = kAlive;
  if (!state_.compare_exchange_strong(expected, kEnding, std::memory_order_acq_rel)) return false;
  owner_.reset();
  state_.store(kResting, std::memory_order_release);
  faces_ = {};
  GiveBack();
  return true;
}

}  // namespace hpsocket::core
