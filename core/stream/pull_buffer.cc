#include "hpsocket/core/stream/pull_buffer.h"

#include <algorithm>
#include <cstring>

#include "absl/base/attributes.h"
#include "hpsocket/core/base/check.h"

namespace hpsocket::core {
namespace {

constexpr uint32_t kSmallestChunk = 1024;
constexpr uint32_t kLargestGrowth = 64 * 1024;

}  // namespace

PullBuffer::~PullBuffer() {
  SmallMutexLock lock(mutex_);
  while (head_ != nullptr) {
    Chunk* const next = head_->next;
    FreeChunk(head_);
    head_ = next;
  }
}

void PullBuffer::FreeChunk(Chunk* chunk) { pool_.Free(chunk, sizeof(Chunk) + chunk->capacity); }

size_t PullBuffer::Lend(const uint8_t* data, uint32_t length) {
  SmallMutexLock lock(mutex_);
  HP_DCHECK(fresh_.length == 0);
  fresh_ = {data, length};
  size_ += length;
  return size_;
}

bool PullBuffer::Keep() {
  SmallMutexLock lock(mutex_);
  const Span fresh = fresh_;
  fresh_ = {nullptr, 0};
  if (fresh.length == 0) return true;
  if (Append(fresh.data, static_cast<uint32_t>(fresh.length))) return true;
  size_ -= fresh.length;
  return false;
}

bool PullBuffer::Append(const uint8_t* data, uint32_t length) {
  const uint32_t room = tail_ == nullptr ? 0 : std::min(tail_->capacity - tail_->end, length);
  const uint32_t rest = length - room;
  Chunk* added = nullptr;
  if (rest != 0) {
    // Each further chunk is larger, so that a message of many small reads lies in few.
    const uint32_t size = tail_ == nullptr ? kSmallestChunk : std::min(tail_->capacity * 2, kLargestGrowth);
    const uint32_t capacity = std::max(size, rest);
    added = static_cast<Chunk*>(pool_.Allocate(sizeof(Chunk) + capacity));
    if (added == nullptr) return false;
    *added = {nullptr, capacity, 0, rest};
    std::memcpy(added->bytes(), data + room, rest);
  }
  if (room != 0) {
    std::memcpy(tail_->bytes() + tail_->end, data, room);
    tail_->end += room;
  }
  if (added != nullptr) {
    (tail_ == nullptr ? head_ : tail_->next) = added;
    tail_ = added;
  }
  return true;
}

PullBuffer::Span PullBuffer::Advance(Chunk** chunk) {
  Chunk* const here = *chunk;
  if (here == nullptr) return fresh_;
  *chunk = here->next;
  return {here->bytes() + here->begin, here->size()};
}

template <class Visit>
void PullBuffer::ForEach(Visit&& visit) {
  for (Chunk* chunk = head_; chunk != nullptr;) {
    if (!visit(Advance(&chunk))) return;
  }
  if (fresh_.length != 0) visit(fresh_);
}

void PullBuffer::CopyOut(uint8_t* to, size_t length) {
  ForEach([&](const Span& span) {
    const size_t part = std::min(span.length, length);
    std::memcpy(to, span.data, part);
    to += part;
    length -= part;
    return length != 0;
  });
}

void PullBuffer::Remove(size_t length) {
  while (length != 0 && head_ != nullptr) {
    const uint32_t part = static_cast<uint32_t>(std::min<size_t>(head_->size(), length));
    head_->begin += part;
    size_ -= part;
    length -= part;
    if (head_->size() != 0) return;
    Chunk* const empty = head_;
    head_ = head_->next;
    if (head_ == nullptr) tail_ = nullptr;
    FreeChunk(empty);
  }
  RemoveFresh(length);
}

ABSL_ATTRIBUTE_HOT EnFetchResult PullBuffer::Take(uint8_t* data, size_t length, bool remove,
                                                  bool* made_room) {
  SmallMutexLock lock(mutex_);
  *made_room = false;
  if (length > size_) return FR_LENGTH_TOO_LONG;
  if (length == 0) return FR_OK;
  const bool was_full = IsFull();
  if (head_ != nullptr) {
    CopyOut(data, length);
    if (remove) Remove(length);
  } else {  // the usual case: a message of what has just arrived
    std::memcpy(data, fresh_.data, length);
    if (remove) RemoveFresh(length);
  }
  *made_room = was_full && !IsFull();
  return FR_OK;
}

EnFetchResult PullBuffer::Front(const uint8_t** data, size_t* length) {
  SmallMutexLock lock(mutex_);
  if (size_ == 0) return FR_DATA_NOT_FOUND;
  ForEach([&](const Span& span) {
    *data = span.data;
    *length = span.length;
    return false;
  });
  return FR_OK;
}

// Whether the pattern stands where `span` begins, behind which `next` follows; the whole of it is there.
bool PullBuffer::Matches(Span span, Chunk* next, const uint8_t* pattern, size_t length) {
  while (span.length < length) {
    if (std::memcmp(span.data, pattern, span.length) != 0) return false;
    pattern += span.length;
    length -= span.length;
    span = Advance(&next);
  }
  return std::memcmp(span.data, pattern, length) == 0;
}

EnFetchResult PullBuffer::Find(const uint8_t* pattern, size_t length, size_t from, size_t* position) {
  SmallMutexLock lock(mutex_);
  // Only up to here can the whole pattern follow.
  const size_t end = size_ < length ? 0 : size_ - length + 1;
  *position = std::max(from, end);
  Chunk* next = head_;
  for (size_t base = 0; base < end;) {  // of the span in the whole
    const Span span = Advance(&next);
    const size_t last = std::min(base + span.length, end);
    for (size_t at = std::max(base, from); at < last; ++at) {
      const void* const hit = std::memchr(span.data + (at - base), pattern[0], last - at);
      if (hit == nullptr) break;
      const uint8_t* const first = static_cast<const uint8_t*>(hit);
      const size_t offset = static_cast<size_t>(first - span.data);
      at = base + offset;
      // From here on, never from the head again: it is the peer who chooses how often this is asked.
      if (!Matches({first, span.length - offset}, next, pattern, length)) continue;
      *position = at;
      return FR_OK;
    }
    base += span.length;
  }
  return FR_LENGTH_TOO_LONG;
}

bool PullBuffer::full() {
  SmallMutexLock lock(mutex_);
  return IsFull();
}

}  // namespace hpsocket::core
