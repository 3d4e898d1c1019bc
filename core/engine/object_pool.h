// Internal to core.
//
// Memory of one size that is given out and kept for the next time: what FreeSocketObjPool and
// FreeSocketObjHold speak of. Never more than `hold` free ones; TrimToKeep() leaves at most `keep`.
//
// Threads:  any; one small lock.
// Owner:    memory from the component's SharedPool, because a connection is made by whoever accepts
//           or connects and freed by its worker.
// Lifetime: every object is back before the pool goes.
// Errors:   out of memory is null.
// Spec: decisions 2.9
#ifndef HPSOCKET_CORE_ENGINE_OBJECT_POOL_H_
#define HPSOCKET_CORE_ENGINE_OBJECT_POOL_H_

#include <atomic>
#include <cstddef>
#include <new>
#include <utility>

#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/memory/shared_pool.h"

namespace hpsocket::core {

template <class T>
class ObjectPool {
 public:
  ObjectPool(SharedPool& memory, size_t keep, size_t hold) : memory_(memory), keep_(keep), hold_(hold) {}
  ObjectPool(const ObjectPool&) = delete;
  ObjectPool& operator=(const ObjectPool&) = delete;
  ~ObjectPool() { TrimTo(0); }

  template <class... Args>
  T* New(Args&&... args) {
    void* place = TakeFree();
    if (place == nullptr) place = memory_.Allocate(sizeof(T));
    return place == nullptr ? nullptr : ::new (place) T(std::forward<Args>(args)...);
  }

  void Delete(T* object) {
    object->~T();
    {
      SmallMutexLock lock(mutex_);
      if (free_count() < hold_) {
        first_free_ = ::new (static_cast<void*>(object)) FreeNode{first_free_};
        CountFree(1);
        return;
      }
    }
    memory_.Free(object, sizeof(T));
  }

  // Takes no lock, because each round asks; so it may be late.
  bool above_keep() const { return free_count() > keep_; }
  void TrimToKeep() { TrimTo(keep_); }
  // Gives back free ones until at most `count` are left.
  void TrimTo(size_t count) {
    for (;;) {
      {
        SmallMutexLock lock(mutex_);
        if (free_count() <= count) return;
      }
      if (void* place = TakeFree(); place != nullptr) memory_.Free(place, sizeof(T));
    }
  }

 private:
  struct FreeNode {
    FreeNode* next;
  };
  static_assert(sizeof(T) >= sizeof(FreeNode));

  void* TakeFree() {
    SmallMutexLock lock(mutex_);
    FreeNode* const node = first_free_;
    if (node == nullptr) return nullptr;
    first_free_ = node->next;
    CountFree(size_t{0} - 1);
    return node;
  }

  size_t free_count() const { return free_count_.load(std::memory_order_relaxed); }
  void CountFree(size_t delta) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    free_count_.store(free_count() + delta, std::memory_order_relaxed);
  }

  SharedPool& memory_;
  const size_t keep_;
  const size_t hold_;
  SmallMutex mutex_;
  FreeNode* first_free_ ABSL_GUARDED_BY(mutex_) = nullptr;
  std::atomic<size_t> free_count_{0};  // written under mutex_
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_ENGINE_OBJECT_POOL_H_
