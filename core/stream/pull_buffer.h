// Internal to core.
//
// What a PULL connection has received and the application has not fetched. Inside OnReceive the bytes
// that have just arrived are lent where they are ("fresh"); what is still unfetched when OnReceive
// returns is copied into chunks, so a message that is fetched at once is copied once.
//
// Threads:  any, except Lend() and Keep(): the connection's worker.
// Owner:    the Receiver; memory from the component's SharedPool, because any thread may fetch.
// Order:    as it arrived.
// Errors:   Keep() is false when out of memory.
// Units:    bytes.
// Spec: decisions 4.1, 4.3, api §6.8
#ifndef HPSOCKET_CORE_STREAM_PULL_BUFFER_H_
#define HPSOCKET_CORE_STREAM_PULL_BUFFER_H_

#include <cstddef>
#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/memory/shared_pool.h"

namespace hpsocket::core {

class PullBuffer {
 public:
  // `limit`: from how many bytes on it is full; 0 = never.
  PullBuffer(SharedPool& pool, uint64_t limit) : pool_(pool), limit_(limit) {}
  PullBuffer(const PullBuffer&) = delete;
  PullBuffer& operator=(const PullBuffer&) = delete;
  ~PullBuffer();

  // Bytes at `data` have arrived and stay there until Keep(). How many are there now.
  size_t Lend(const uint8_t* data, uint32_t length);
  // Ends what Lend() began: copies what nobody has fetched.
  bool Keep();

  // Copies `length` bytes and, with `remove`, takes them out. `*made_room`: it was full and is not any
  // more.
  EnFetchResult Take(uint8_t* data, size_t length, bool remove, bool* made_room);
  // The first piece, without copying. Valid until the next Take() that removes, and until Keep().
  EnFetchResult Front(const uint8_t** data, size_t* length);
  // See IPullSocket::Find.
  EnFetchResult Find(const uint8_t* pattern, size_t length, size_t from, size_t* position);

  bool full();

 private:
  struct Chunk {
    Chunk* next;
    uint32_t capacity;  // of bytes()
    uint32_t begin;
    uint32_t end;

    uint8_t* bytes() { return reinterpret_cast<uint8_t*>(this + 1); }
    uint32_t size() const { return end - begin; }
  };

  struct Span {
    const uint8_t* data;
    size_t length;
  };

  // The span at `*chunk`, which becomes the next; null, behind the last, is what is fresh.
  Span Advance(Chunk** chunk) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Walks over everything in order; `visit(Span)` returns false to end the walk.
  template <class Visit>
  void ForEach(Visit&& visit) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CopyOut(uint8_t* to, size_t length) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Remove(size_t length) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void RemoveFresh(size_t length) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    fresh_.data += length;
    fresh_.length -= length;
    size_ -= length;
  }
  bool Append(const uint8_t* data, uint32_t length) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool Matches(Span span, Chunk* next, const uint8_t* pattern, size_t length)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void FreeChunk(Chunk* chunk);
  bool IsFull() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return limit_ != 0 && size_ >= limit_; }

  SharedPool& pool_;
  const uint64_t limit_;

  SmallMutex mutex_;
  Chunk* head_ ABSL_GUARDED_BY(mutex_) = nullptr;
  Chunk* tail_ ABSL_GUARDED_BY(mutex_) = nullptr;
  Span fresh_ ABSL_GUARDED_BY(mutex_) = {nullptr, 0};  // behind the chunks
  size_t size_ ABSL_GUARDED_BY(mutex_) = 0;            // chunks and fresh
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_STREAM_PULL_BUFFER_H_
