// Internal to core.
//
// Byte buffers of a few sizes for one worker, with the free ones kept for the next user: the send path
// takes and gives one per message, so both are a few instructions when the pool is warm. Most recently
// used first, because those bytes are still in the cache.
//
// Threads:  the thread of the heap; TakeShared and GiveShared any.
// Owner:    the worker; a taken chunk belongs to whoever took it.
// Lifetime: every chunk is given back before the pool goes; checked in every build.
// Errors:   out of memory is null.
// Units:    bytes; free_bytes() and out_bytes() include the chunks' headers.
#ifndef HPSOCKET_CORE_MEMORY_BUFFER_POOL_H_
#define HPSOCKET_CORE_MEMORY_BUFFER_POOL_H_

#include <bit>
#include <cstddef>
#include <cstdint>

#include "hpsocket/core/base/check.h"
#include "hpsocket/core/memory/poison.h"
#include "hpsocket/core/memory/private_heap.h"
#include "hpsocket/core/memory/shared_pool.h"

namespace hpsocket::core {

// A buffer: this header, then `capacity` bytes. The bytes in use are [begin, end).
struct Chunk {
  Chunk* next;  // the holder's, while it is out
  uint32_t begin;
  uint32_t end;
  uint32_t capacity;
  uint8_t size_class;
  bool shared;  // came from TakeShared()

  uint8_t* data() { return reinterpret_cast<uint8_t*>(this + 1); }
  const uint8_t* data() const { return reinterpret_cast<const uint8_t*>(this + 1); }
  uint32_t room() const { return capacity - end; }
};

class BufferPool {
 public:
  static constexpr unsigned kClasses = 6;  // 256 B, 1, 4, 16, 64 and 256 KiB, each with its header
  static constexpr uint8_t kExactSize = kClasses;
  static constexpr size_t ClassBytes(unsigned size_class) { return size_t{256} << (2 * size_class); }
  // What fits into the largest class; anything longer has a chunk of its exact size, which is never kept.
  static constexpr size_t kLargestKept = (size_t{256} << (2 * (kClasses - 1))) - sizeof(Chunk);
  static constexpr size_t kLargest = UINT32_MAX - 4096;

  // Never more than `hold` free chunks, over all classes; TrimToKeep() leaves at most `keep`.
  BufferPool(PrivateHeap& heap, size_t keep, size_t hold);
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;
  ~BufferPool();

  // An empty chunk with room for at least that many bytes. More than kLargest is null.
  Chunk* Take(size_t at_least) noexcept {
    if (at_least <= kLargestKept) {
      const unsigned size_class = ClassFor(at_least);
      if (Chunk* chunk = free_[size_class]; chunk != nullptr) {
        free_[size_class] = chunk->next;
        --free_counts_[size_class];
        --free_count_;
        UnpoisonMemory(chunk->data(), chunk->capacity);
        return CountOut(chunk);
      }
    }
    return TakeFromHeap(at_least);
  }

  // Not for chunks of TakeShared().
  void Give(Chunk* chunk) noexcept {
    HP_DCHECK(!chunk->shared && out_count_ > 0);
    --out_count_;
    out_bytes_ -= BytesOf(chunk);
    if (free_count_ >= hold_ || chunk->size_class == kExactSize) return GiveSlow(chunk);
    Keep(chunk);
  }

  // For quiet moments: gives free chunks back to the heap, the largest first, until `keep` are left.
  void TrimToKeep() noexcept {
    if (free_count_ > keep_) TrimTo(keep_);
  }

  size_t free_count() const { return free_count_; }
  size_t free_bytes() const;
  size_t out_count() const { return out_count_; }
  size_t out_bytes() const { return out_bytes_; }

  // Chunks that change threads, at least 256 bytes with header so that a few short pieces share one,
  // else of exact size. Not pooled.
  static Chunk* TakeShared(SharedPool& pool, size_t at_least) noexcept;
  static void GiveShared(SharedPool& pool, Chunk* chunk) noexcept;

 private:
  static size_t BytesOf(const Chunk* chunk) { return sizeof(Chunk) + chunk->capacity; }

  static unsigned ClassFor(size_t at_least) {
    // Each class is two binary digits wider than the one before, the first has eight.
    const auto digits = static_cast<unsigned>(std::bit_width((at_least + sizeof(Chunk) - 1) | 255));
    return (digits - 7) / 2;
  }

  Chunk* CountOut(Chunk* chunk) {
    chunk->next = nullptr;
    chunk->begin = chunk->end = 0;
    ++out_count_;
    out_bytes_ += BytesOf(chunk);
    return chunk;
  }

  void Keep(Chunk* chunk) {
    PoisonMemory(chunk->data(), chunk->capacity);
    chunk->next = free_[chunk->size_class];
    free_[chunk->size_class] = chunk;
    ++free_counts_[chunk->size_class];
    ++free_count_;
  }

  Chunk* TakeFromHeap(size_t at_least) noexcept;
  void GiveSlow(Chunk* chunk) noexcept;
  void FreeOneOf(unsigned size_class) noexcept;
  void TrimTo(size_t count) noexcept;

  PrivateHeap& heap_;
  const size_t keep_;
  const size_t hold_;
  Chunk* free_[kClasses] = {};
  size_t free_counts_[kClasses] = {};
  size_t free_count_ = 0;
  size_t out_count_ = 0;
  size_t out_bytes_ = 0;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_MEMORY_BUFFER_POOL_H_
