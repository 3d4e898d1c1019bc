#include "hpsocket/core/memory/private_heap.h"

#include <cstdint>
#include <cstdlib>

#include "hpsocket/core/base/check.h"
#include "hpsocket/core/memory/allocation_fault.h"

#ifndef HPSOCKET_ALLOCATOR_SYSTEM
#include "mimalloc.h"
#endif

namespace hpsocket::core {
namespace {

// A request beyond this cannot succeed; stopping it here keeps the rounding below free of overflow.
constexpr size_t kLargestRequest = PTRDIFF_MAX - 64;

static_assert(alignof(std::max_align_t) >= PrivateHeap::kAlignment, "malloc aligns less than promised");

#ifdef HPSOCKET_ALLOCATOR_SYSTEM
constexpr bool kSystemOnly = true;

void* NewHeap() { return nullptr; }
void DestroyHeap(void*) {}
void* HeapAllocate(void*, size_t) { return nullptr; }
void HeapFree(void*) {}
#else
constexpr bool kSystemOnly = false;

void* NewHeap() { return mi_heap_new(); }

void DestroyHeap(void* heap) {
  if (heap != nullptr) mi_heap_destroy(static_cast<mi_heap_t*>(heap));
}

void* HeapAllocate(void* heap, size_t bytes) {
  if (heap == nullptr) return nullptr;  // there was not even memory for the heap itself
  // mimalloc aligns to 16 only what is at least that large.
  return mi_heap_malloc(static_cast<mi_heap_t*>(heap),
                        bytes < PrivateHeap::kAlignment ? PrivateHeap::kAlignment : bytes);
}

void HeapFree(void* p) { mi_free(p); }
#endif

void AddByOwner(std::atomic<size_t>& counter, size_t delta) {
  counter.store(counter.load(std::memory_order_relaxed) + delta, std::memory_order_relaxed);
}

}  // namespace

PrivateHeap::PrivateHeap(Backing backing)
    : system_(kSystemOnly || backing == Backing::kSystem),
      heap_(system_ ? nullptr : NewHeap()),
      owner_(std::this_thread::get_id()) {}

PrivateHeap::~PrivateHeap() {
  HP_DCHECK(owner_ == std::this_thread::get_id());
  HP_CHECK(live_count() == 0);
  HP_CHECK(live_bytes() == 0);
  DestroyHeap(heap_);
}

void* PrivateHeap::Allocate(size_t bytes) noexcept {
  HP_DCHECK(owner_ == std::this_thread::get_id());
  if (bytes > kLargestRequest || AllocationMustFail()) return nullptr;
  void* p = system_ ? std::malloc(bytes) : HeapAllocate(heap_, bytes);
  if (p == nullptr) return nullptr;
  HP_DCHECK(reinterpret_cast<uintptr_t>(p) % kAlignment == 0);
  AddByOwner(live_bytes_, bytes);
  AddByOwner(live_count_, 1);
  return p;
}

void PrivateHeap::Free(void* p, size_t bytes) noexcept {
  if (p == nullptr) return;
  HP_DCHECK(owner_ == std::this_thread::get_id());
  HP_DCHECK(live_count() > 0 && live_bytes() >= bytes);
  AddByOwner(live_bytes_, size_t{0} - bytes);
  AddByOwner(live_count_, size_t{0} - 1);
  system_ ? std::free(p) : HeapFree(p);
}

}  // namespace hpsocket::core
