#include "hpsocket/core/memory/shared_pool.h"

#include <cstdlib>

#include "hpsocket/core/base/check.h"
#include "hpsocket/core/memory/allocation_fault.h"

#ifndef HPSOCKET_ALLOCATOR_SYSTEM
#include "mimalloc.h"
#endif

namespace hpsocket::core {
namespace {

constexpr size_t kLargestRequest = PTRDIFF_MAX - 64;

static_assert(alignof(std::max_align_t) >= SharedPool::kAlignment, "malloc aligns less than promised");

#ifdef HPSOCKET_ALLOCATOR_SYSTEM
constexpr bool kSystemOnly = true;

void* PoolAllocate(size_t) { return nullptr; }
void PoolFree(void*) {}
#else
constexpr bool kSystemOnly = false;

// mimalloc aligns to 16 only what is at least that large.
void* PoolAllocate(size_t bytes) {
  return mi_malloc(bytes < SharedPool::kAlignment ? SharedPool::kAlignment : bytes);
}
void PoolFree(void* p) { mi_free(p); }
#endif

}  // namespace

SharedPool::SharedPool(Backing backing) : system_(kSystemOnly || backing == Backing::kSystem) {}

SharedPool::~SharedPool() {
  HP_CHECK(live_count() == 0);
  HP_CHECK(live_bytes() == 0);
}

void* SharedPool::Allocate(size_t bytes) noexcept {
  if (bytes > kLargestRequest || AllocationMustFail()) return nullptr;
  void* p = system_ ? std::malloc(bytes) : PoolAllocate(bytes);
  if (p == nullptr) return nullptr;
  HP_DCHECK(reinterpret_cast<uintptr_t>(p) % kAlignment == 0);
  live_.fetch_add(kOne + bytes, std::memory_order_relaxed);
  return p;
}

void SharedPool::Free(void* p, size_t bytes) noexcept {
  if (p == nullptr) return;
  system_ ? std::free(p) : PoolFree(p);
  // Released after the memory is back: who reads zero here may end the component.
  live_.fetch_sub(kOne + bytes, std::memory_order_release);
}

}  // namespace hpsocket::core
