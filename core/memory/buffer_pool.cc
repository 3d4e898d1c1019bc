#include "hpsocket/core/memory/buffer_pool.h"

#include <algorithm>
#include <new>

namespace hpsocket::core {
namespace {

Chunk* InitChunk(void* memory, size_t bytes, uint8_t size_class, bool shared) {
  return ::new (memory)
      Chunk{nullptr, 0, 0, static_cast<uint32_t>(bytes - sizeof(Chunk)), size_class, shared};
}

}  // namespace

BufferPool::BufferPool(PrivateHeap& heap, size_t keep, size_t hold)
    : heap_(heap), keep_(std::min(keep, hold)), hold_(hold) {}

BufferPool::~BufferPool() {
  HP_CHECK(out_count_ == 0);
  TrimTo(0);
}

Chunk* BufferPool::TakeFromHeap(size_t at_least) noexcept {
  if (at_least > kLargest) return nullptr;
  const bool kept = at_least <= kLargestKept;
  const uint8_t size_class = kept ? static_cast<uint8_t>(ClassFor(at_least)) : kExactSize;
  const size_t bytes = kept ? ClassBytes(size_class) : at_least + sizeof(Chunk);
  void* memory = heap_.Allocate(bytes);
  return memory == nullptr ? nullptr : CountOut(InitChunk(memory, bytes, size_class, /*shared=*/false));
}

void BufferPool::GiveSlow(Chunk* chunk) noexcept {
  // Full. Where traffic has moved on to sizes of which nothing is kept, one chunk of the fullest class
  // makes way; else yesterday's sizes would keep today's going through the heap until the next trim.
  if (chunk->size_class != kExactSize && free_[chunk->size_class] == nullptr && free_count_ > 0) {
    const auto fullest = std::max_element(std::begin(free_counts_), std::end(free_counts_));
    FreeOneOf(static_cast<unsigned>(fullest - std::begin(free_counts_)));
    Keep(chunk);
    return;
  }
  heap_.Free(chunk, BytesOf(chunk));
}

void BufferPool::FreeOneOf(unsigned size_class) noexcept {
  Chunk* chunk = free_[size_class];
  free_[size_class] = chunk->next;
  --free_counts_[size_class];
  --free_count_;
  UnpoisonMemory(chunk->data(), chunk->capacity);
  heap_.Free(chunk, BytesOf(chunk));
}

void BufferPool::TrimTo(size_t count) noexcept {
  for (unsigned size_class = kClasses; size_class-- > 0;) {
    while (free_count_ > count && free_[size_class] != nullptr) FreeOneOf(size_class);
  }
}

size_t BufferPool::free_bytes() const {
  size_t bytes = 0;
  for (unsigned size_class = 0; size_class < kClasses; ++size_class) {
    bytes += free_counts_[size_class] * ClassBytes(size_class);
  }
  return bytes;
}

Chunk* BufferPool::TakeShared(SharedPool& pool, size_t at_least) noexcept {
  if (at_least > kLargest) return nullptr;
  const size_t bytes = std::max(at_least + sizeof(Chunk), ClassBytes(0));
  void* memory = pool.Allocate(bytes);
  if (memory == nullptr) return nullptr;
  pool.CountBuffer();
  return InitChunk(memory, bytes, kExactSize, /*shared=*/true);
}

void BufferPool::GiveShared(SharedPool& pool, Chunk* chunk) noexcept {
  HP_DCHECK(chunk->shared);
  pool.DiscountBuffer();
  pool.Free(chunk, BytesOf(chunk));
}

}  // namespace hpsocket::core
