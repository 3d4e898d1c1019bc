// Internal to core.
//
// The memory of one worker: a mimalloc heap (or the system's malloc, by build flag). Only what nobody
// but this worker frees comes from here: after the heap is gone a late free by another thread would
// corrupt silently. What changes hands comes from SharedPool.
//
// Threads:  one thread creates it, allocates, frees and destroys it (checked without NDEBUG); any
//           thread may read the live counters.
// Owner:    the worker.
// Lifetime: outlives everything that came from it; checked in every build.
// Errors:   out of memory is null.
// Units:    bytes, as asked for.
#ifndef HPSOCKET_CORE_MEMORY_PRIVATE_HEAP_H_
#define HPSOCKET_CORE_MEMORY_PRIVATE_HEAP_H_

#include <atomic>
#include <cstddef>
#include <new>
#include <thread>
#include <utility>

namespace hpsocket::core {

class PrivateHeap {
 public:
  // What the alignment of every allocation is at least.
  static constexpr size_t kAlignment = 16;

  // kMimalloc: a mimalloc heap of its own, unless the build says system. kSystem: counted malloc, for
  // workers of which there are thousands and which allocate next to nothing (clients).
  enum class Backing { kMimalloc, kSystem };

  explicit PrivateHeap(Backing backing = Backing::kMimalloc);
  PrivateHeap(const PrivateHeap&) = delete;
  PrivateHeap& operator=(const PrivateHeap&) = delete;
  ~PrivateHeap();

  void* Allocate(size_t bytes) noexcept;
  // `bytes` as it was given to Allocate(). Null is ignored.
  void Free(void* p, size_t bytes) noexcept;

  template <class T, class... Args>
  T* New(Args&&... args) {
    static_assert(alignof(T) <= kAlignment);
    void* p = Allocate(sizeof(T));
    return p == nullptr ? nullptr : ::new (p) T(std::forward<Args>(args)...);
  }

  // T is the type that New() made, not a base of it. Null is ignored.
  template <class T>
  void Delete(T* object) {
    if (object == nullptr) return;
    object->~T();
    Free(object, sizeof(T));
  }

  size_t live_bytes() const { return live_bytes_.load(std::memory_order_relaxed); }
  size_t live_count() const { return live_count_.load(std::memory_order_relaxed); }

 private:
  const bool system_;  // malloc
  void* heap_;         // mi_heap_t, unless system_
  const std::thread::id owner_;

  // Written by the owner only, so a plain load and store suffice.
  std::atomic<size_t> live_bytes_{0};
  std::atomic<size_t> live_count_{0};
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_MEMORY_PRIVATE_HEAP_H_
