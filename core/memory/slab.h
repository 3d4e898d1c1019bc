// Internal to core.
//
// Objects of one type for one worker, with the memory of deleted ones kept for the next: connections,
// queue nodes. The same rule as BufferPool: never more than `hold` free ones, `keep` after a trim.
//
// Threads:  the thread of the heap.
// Owner:    the worker; a taken object belongs to whoever took it.
// Lifetime: every object is deleted before the slab goes; checked in every build.
// Errors:   out of memory is null.
#ifndef HPSOCKET_CORE_MEMORY_SLAB_H_
#define HPSOCKET_CORE_MEMORY_SLAB_H_

#include <algorithm>
#include <cstddef>
#include <new>
#include <utility>

#include "hpsocket/core/base/check.h"
#include "hpsocket/core/memory/poison.h"
#include "hpsocket/core/memory/private_heap.h"

namespace hpsocket::core {

template <class T>
class Slab {
 public:
  Slab(PrivateHeap& heap, size_t keep, size_t hold) : heap_(heap), keep_(std::min(keep, hold)), hold_(hold) {}
  Slab(const Slab&) = delete;
  Slab& operator=(const Slab&) = delete;

  ~Slab() {
    HP_CHECK(out_count_ == 0);
    TrimTo(0);
  }

  // Memory for one T, without a constructor run. GiveRaw() takes it back after the destructor.
  void* TakeRaw() noexcept {
    static_assert(alignof(T) <= PrivateHeap::kAlignment);
    void* p = free_;
    if (p != nullptr) {
      UnpoisonMemory(p, kBytes);
      free_ = static_cast<FreeNode*>(p)->next;
      --free_count_;
    } else {
      p = heap_.Allocate(kBytes);
      if (p == nullptr) return nullptr;
    }
    ++out_count_;
    return p;
  }

  void GiveRaw(void* p) noexcept {
    HP_DCHECK(p != nullptr && out_count_ > 0);
    --out_count_;
    if (free_count_ >= hold_) {
      heap_.Free(p, kBytes);
      return;
    }
    free_ = ::new (p) FreeNode{free_};
    ++free_count_;
    PoisonMemory(p, kBytes);
  }

  template <class... Args>
  T* New(Args&&... args) {
    void* p = TakeRaw();
    return p == nullptr ? nullptr : ::new (p) T(std::forward<Args>(args)...);
  }

  // Null is ignored.
  void Delete(T* object) noexcept {
    if (object == nullptr) return;
    object->~T();
    GiveRaw(object);
  }

  // For quiet moments.
  void TrimToKeep() noexcept { TrimTo(keep_); }

  size_t free_count() const { return free_count_; }
  size_t out_count() const { return out_count_; }

 private:
  struct FreeNode {
    FreeNode* next;
  };
  static constexpr size_t kBytes = std::max(sizeof(T), sizeof(FreeNode));

  void TrimTo(size_t count) noexcept {
    while (free_count_ > count) {
      FreeNode* node = free_;
      UnpoisonMemory(node, kBytes);
      free_ = node->next;
      --free_count_;
      heap_.Free(node, kBytes);
    }
  }

  PrivateHeap& heap_;
  const size_t keep_;
  const size_t hold_;
  FreeNode* free_ = nullptr;
  size_t free_count_ = 0;
  size_t out_count_ = 0;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_MEMORY_SLAB_H_
