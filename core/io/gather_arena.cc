#include "hpsocket/core/io/gather_arena.h"

#include <algorithm>
#include <new>

namespace hpsocket::core {

static_assert(sizeof(msghdr) % alignof(iovec) == 0 && sizeof(iovec) % alignof(msghdr) == 0);

const msghdr* GatherArena::Add(const iovec* pieces, int count) {
  const size_t length = static_cast<size_t>(std::clamp(count, 0, kMostPieces));
  const size_t bytes = sizeof(msghdr) + length * sizeof(iovec);
  if (used_ + bytes > kBlockBytes) {
    ++block_;
    used_ = 0;
  }
  // Default-initialised: nobody needs the zeros.
  if (block_ == blocks_.size()) {
    try {
      blocks_.push_back(std::unique_ptr<Block>(new Block));
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
  }
  std::byte* const place = blocks_[block_]->bytes + used_;
  used_ += bytes;

  msghdr* const message = new (place) msghdr{};
  iovec* const list = reinterpret_cast<iovec*>(place + sizeof(msghdr));
  std::uninitialized_copy_n(pieces, length, list);
  message->msg_iov = list;
  message->msg_iovlen = length;
  return message;
}

}  // namespace hpsocket::core
