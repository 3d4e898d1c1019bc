// Internal to core.
//
// A run of bytes on its way out (or, while receiving is paused, on its way in): either a copy, in a
// chunk whose first bytes are the Piece itself, or a reference to a receive buffer.
//
// Threads:  kCopy and kLease belong to one worker; kShared is made by any thread and becomes the
//           worker's when it takes it over.
// Lifetime: PieceStore::Free() gives back whatever is behind it.
#ifndef HPSOCKET_CORE_STREAM_PIECE_H_
#define HPSOCKET_CORE_STREAM_PIECE_H_

#include <cstdint>
#include <cstring>
#include <utility>

#include "hpsocket/core/base/check.h"
#include "hpsocket/core/memory/buffer_pool.h"
#include "hpsocket/core/memory/receive_buffer.h"
#include "hpsocket/core/memory/shared_pool.h"
#include "hpsocket/core/memory/slab.h"

namespace hpsocket::core {

struct Piece {
  enum class Kind : uint8_t { kCopy, kShared, kLease };

  Piece* next = nullptr;
  const uint8_t* data = nullptr;
  uint32_t length = 0;
  Kind kind = Kind::kCopy;
  // Bytes at the front that the kernel has already (SP_DIRECT); only their OnSend is due.
  uint32_t already_sent = 0;
  union {
    Chunk* chunk = nullptr;
    ReceiveBuffer* buffer;
  };

  // Room behind the bytes of a copy.
  uint32_t room() const {
    if (kind == Kind::kLease) return 0;
    return static_cast<uint32_t>(chunk->data() + chunk->capacity - (data + length));
  }
  void Append(const uint8_t* bytes, uint32_t count) {
    HP_DCHECK(count <= room());
    std::memcpy(const_cast<uint8_t*>(data) + length, bytes, count);
    length += count;
  }
  // Whether bytes at `first` in `from` go on where this lease ends. The next buffer may lie right
  // behind in memory; it is another one all the same.
  bool ContinuesWith(const ReceiveBuffer& from, const uint8_t* first) const {
    return kind == Kind::kLease && buffer == &from && data + length == first;
  }
};

// First in, first out. One pointer, because every connection has three of them: the last piece, whose
// `next` is the first.
class PieceList {
 public:
  bool empty() const { return tail_ == nullptr; }
  Piece* head() const { return tail_ == nullptr ? nullptr : tail_->next; }
  Piece* tail() const { return tail_; }
  // The one behind `piece`, or null.
  Piece* next(const Piece* piece) const { return piece == tail_ ? nullptr : piece->next; }

  void PushBack(Piece* piece) {
    if (tail_ == nullptr) {
      piece->next = piece;
    } else {
      piece->next = tail_->next;
      tail_->next = piece;
    }
    tail_ = piece;
  }
  Piece* PopFront() {
    Piece* const piece = tail_->next;
    if (piece == tail_) {
      tail_ = nullptr;
    } else {
      tail_->next = piece->next;
    }
    return piece;
  }
  // Moves everything of `other` behind what is here.
  void Splice(PieceList& other) {
    if (other.tail_ == nullptr) return;
    if (tail_ != nullptr) std::swap(tail_->next, other.tail_->next);
    tail_ = other.tail_;
    other.tail_ = nullptr;
  }
  // Everything behind `last`, which stays; all of it if `last` is null.
  PieceList CutBehind(Piece* last) {
    PieceList rest;
    if (last == tail_) return rest;
    rest.tail_ = tail_;
    if (last == nullptr) {
      tail_ = nullptr;
    } else {
      std::swap(last->next, tail_->next);
      tail_ = last;
    }
    return rest;
  }

 private:
  Piece* tail_ = nullptr;
};

// Where a worker's pieces come from.
class PieceStore {
 public:
  PieceStore(PrivateHeap& heap, SharedPool& shared, size_t keep, size_t hold);

  // An empty copy with room for at least `bytes`, which may be more than memory has addresses. Null: out of
  // memory.
  Piece* NewCopy(uint64_t bytes) noexcept;
  // A lease of `length` bytes at `data`, which lie in `buffer`. Null: out of memory.
  Piece* NewLease(ReceiveBuffer& buffer, const uint8_t* data, uint32_t length) noexcept;
  void Free(Piece* piece) noexcept;
  void FreeAll(PieceList& list) noexcept;

  // Any thread: a piece that a worker will take over.
  static Piece* NewShared(SharedPool& pool, uint64_t bytes) noexcept;
  static void FreeShared(SharedPool& pool, Piece* piece) noexcept;

  BufferPool& chunks() { return chunks_; }
  bool above_keep() const { return chunks_.free_count() > keep_ || nodes_.free_count() > keep_; }
  void TrimToKeep() {
    chunks_.TrimToKeep();
    nodes_.TrimToKeep();
  }

 private:
  SharedPool& shared_;
  const size_t keep_;
  BufferPool chunks_;
  Slab<Piece> nodes_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_STREAM_PIECE_H_
