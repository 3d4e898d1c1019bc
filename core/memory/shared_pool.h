// Internal to core.
//
// The memory of one component that changes hands: bytes that an application thread sends, chains that
// it fetches. Any thread allocates, any other frees. Counted, so that a component can prove that it
// gave everything back.
//
// Threads:  any.
// Owner:    the component.
// Lifetime: outlives everything that came from it; checked in every build.
// Errors:   out of memory is null.
// Units:    bytes, as asked for.
#ifndef HPSOCKET_CORE_MEMORY_SHARED_POOL_H_
#define HPSOCKET_CORE_MEMORY_SHARED_POOL_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

namespace hpsocket::core {

class SharedPool {
 public:
  // What the alignment of every allocation is at least.
  static constexpr size_t kAlignment = 16;

  // As PrivateHeap::Backing.
  enum class Backing { kMimalloc, kSystem };

  explicit SharedPool(Backing backing = Backing::kMimalloc);
  SharedPool(const SharedPool&) = delete;
  SharedPool& operator=(const SharedPool&) = delete;
  ~SharedPool();

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

  int64_t live_bytes() const {
    return static_cast<int64_t>(live_.load(std::memory_order_acquire) & (kOne - 1));
  }
  int64_t live_count() const {
    return static_cast<int64_t>(live_.load(std::memory_order_acquire) >> kBytesBits);
  }

  // How many of the allocations are buffers: BufferPool counts what it takes from here.
  void CountBuffer() noexcept { buffers_.fetch_add(1, std::memory_order_relaxed); }
  void DiscountBuffer() noexcept { buffers_.fetch_sub(1, std::memory_order_relaxed); }
  uint64_t live_buffers() const { return buffers_.load(std::memory_order_relaxed); }

 private:
  // Both figures are one word, because threads that send fight for it: 16 million pieces, 1 TiB.
  static constexpr int kBytesBits = 40;
  static constexpr uint64_t kOne = uint64_t{1} << kBytesBits;

  const bool system_;  // malloc

  // On a cache line that nothing else is on: every foreign thread that sends writes here, and nobody
  // else should pay. By padding, because alignas(64) would spread to everything that has a pool.
  [[maybe_unused]] char before_[64];
  std::atomic<uint64_t> live_{0};
  std::atomic<uint64_t> buffers_{0};
  [[maybe_unused]] char after_[64];
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_MEMORY_SHARED_POOL_H_
