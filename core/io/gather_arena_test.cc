#include "hpsocket/core/io/gather_arena.h"

#include <vector>

#include "gtest/gtest.h"

namespace hpsocket::core {
namespace {

std::vector<iovec> Pieces(int count, char* base) {
  std::vector<iovec> pieces;
  for (int i = 0; i < count; ++i)
    pieces.push_back({.iov_base = base + i, .iov_len = static_cast<size_t>(i) + 1});
  return pieces;
}

TEST(GatherArenaTest, KeepsEveryListOfARoundInPlace) {
  static char bytes[GatherArena::kMostPieces];
  GatherArena arena;
  for (int round = 0; round < 3; ++round) {
    std::vector<const msghdr*> messages;
    for (int count = 1; count < 300; ++count)
      messages.push_back(arena.Add(Pieces(count, bytes).data(), count));
    for (int count = 1; count < 300; ++count) {
      const msghdr& message = *messages[static_cast<size_t>(count) - 1];
      ASSERT_EQ(message.msg_iovlen, static_cast<size_t>(count));
      ASSERT_EQ(message.msg_name, nullptr);
      ASSERT_EQ(message.msg_iov[count - 1].iov_base, bytes + count - 1);
      ASSERT_EQ(message.msg_iov[count - 1].iov_len, static_cast<size_t>(count));
    }
    arena.Clear();
  }
}

TEST(GatherArenaTest, CutsAListThatTheKernelWouldRefuse) {
  static char bytes[2000];
  GatherArena arena;
  EXPECT_EQ(arena.Add(Pieces(2000, bytes).data(), 2000)->msg_iovlen,
            static_cast<size_t>(GatherArena::kMostPieces));
}

}  // namespace
}  // namespace hpsocket::core
