#include "hpsocket/core/api/types.h"

#include <cstddef>
#include <type_traits>

#include "gtest/gtest.h"

namespace hpsocket {
namespace {

// Spec: §4.2/1, decisions 1.3, 1.4
static_assert(sizeof(CONNID) == sizeof(void*) && std::is_unsigned<CONNID>::value, "");
static_assert(std::is_same<SOCKET, int>::value, "");
static_assert(std::is_same<decltype(WSABUF::len), uint32_t>::value, "");
static_assert(std::is_same<decltype(WSABUF::buf), uint8_t*>::value, "");
static_assert(offsetof(WSABUF, len) < offsetof(WSABUF, buf), "");
static_assert(std::is_same<LPWSABUF, WSABUF*>::value, "");

// Spec: decisions 8.2/5
static_assert(offsetof(HP_Stats, size) == 0 && std::is_same<decltype(HP_Stats::size), uint32_t>::value, "");
static_assert(std::is_standard_layout<HP_Stats>::value && std::is_trivially_copyable<HP_Stats>::value, "");
static_assert(offsetof(HP_Stats, connections) == 8, "");
static_assert(sizeof(HP_Stats) == 8 + 23 * sizeof(uint64_t), "a new field goes to the end");

TEST(TypesTest, FreshStatsTellTheirSizeAndAreZero) {
  const HP_Stats stats;
  EXPECT_EQ(stats.size, sizeof(HP_Stats));
  EXPECT_EQ(stats.connections, 0u);
  EXPECT_EQ(stats.evicted_sessions, 0u);
}

TEST(TypesTest, PiecesAreWrittenAsBraces) {
  uint8_t bytes[] = {1, 2, 3};
  const WSABUF pieces[] = {{2, bytes}, {1, bytes + 2}};
  EXPECT_EQ(pieces[0].len + pieces[1].len, sizeof(bytes));
}

}  // namespace
}  // namespace hpsocket
