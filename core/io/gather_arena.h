// Internal to core.
//
// Memory for the gather lists of a round's sends. The kernel reads a list when the send is submitted,
// not when it is queued; the arena keeps all lists in place until then and gives them up together.
//
// Threads:  the port's worker only.
// Lifetime: a list is valid until Clear().
#ifndef HPSOCKET_CORE_IO_GATHER_ARENA_H_
#define HPSOCKET_CORE_IO_GATHER_ARENA_H_

#include <sys/socket.h>
#include <sys/uio.h>

#include <cstddef>
#include <memory>
#include <vector>

namespace hpsocket::core {

class GatherArena {
 public:
  // The kernel takes no longer list.
  static constexpr int kMostPieces = 1024;

  GatherArena() = default;
  GatherArena(const GatherArena&) = delete;
  GatherArena& operator=(const GatherArena&) = delete;

  // A message made of (at most kMostPieces of) `pieces`, whose list is copied. Null: no memory for the list.
  const msghdr* Add(const iovec* pieces, int count);

  void Clear() {
    block_ = 0;
    used_ = 0;
  }

 private:
  // Room for a message and the longest list.
  static constexpr size_t kBlockBytes = sizeof(msghdr) + sizeof(iovec) * kMostPieces;

  struct Block {
    alignas(std::max_align_t) std::byte bytes[kBlockBytes];
  };

  std::vector<std::unique_ptr<Block>> blocks_;
  size_t block_ = 0;  // the one being filled
  size_t used_ = 0;   // bytes of it
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_GATHER_ARENA_H_
