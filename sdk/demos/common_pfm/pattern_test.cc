#include "hpsocket/sdk/demos/common_pfm/pattern.h"

#include <cstdint>
#include <cstring>
#include <vector>

#include "gtest/gtest.h"

namespace hpsocket::demos {
namespace {

constexpr size_t kLength = 5000;

std::vector<uint8_t> Stream(const Pattern& pattern, size_t index, uint64_t position, size_t messages) {
  std::vector<uint8_t> stream;
  for (size_t i = 0; i < messages; ++i) {
    const uint8_t* const piece = pattern.At(index, position + i * kLength);
    stream.insert(stream.end(), piece, piece + kLength);
  }
  return stream;
}

TEST(PatternTest, WhatIsSentMatchesHoweverItIsCut) {
  const Pattern pattern(kLength);
  const std::vector<uint8_t> stream = Stream(pattern, 3, 0, 100);
  EXPECT_EQ(pattern.Match(3, 0, stream.data(), stream.size()), stream.size());
  for (size_t position = 0; position + 777 <= stream.size(); position += 777) {
    ASSERT_EQ(pattern.Match(3, position, stream.data() + position, 777), 777u) << position;
  }
}

TEST(PatternTest, FindsTheFirstWrongByte) {
  const Pattern pattern(kLength);
  std::vector<uint8_t> stream = Stream(pattern, 0, 0, 30);
  stream[123456] ^= 1;
  EXPECT_EQ(pattern.Match(0, 0, stream.data(), stream.size()), 123456u);
}

TEST(PatternTest, NoticesALostOrRepeatedPiece) {
  const Pattern pattern(kLength);
  const std::vector<uint8_t> stream = Stream(pattern, 0, 0, 30);
  for (size_t lost : {size_t{1}, size_t{2}, size_t{4096}, kLength, 10 * kLength}) {
    EXPECT_LT(pattern.Match(0, 0, stream.data() + lost, kLength), 16u) << lost;
    EXPECT_LT(pattern.Match(0, lost, stream.data(), kLength), 16u) << lost;
  }
}

TEST(PatternTest, NoticesAnotherConnectionsBytes) {
  const Pattern pattern(kLength);
  const std::vector<uint8_t> stream = Stream(pattern, 0, 0, 1);
  for (size_t other = 1; other < 5000; ++other) {
    ASSERT_LT(pattern.Match(other, 0, stream.data(), kLength), 16u) << other;
  }
}

TEST(PatternTest, WorksForTinyAndHugeMessages) {
  const Pattern tiny(1);
  EXPECT_EQ(tiny.Match(9, 7, tiny.At(9, 7), 1), 1u);
  const Pattern huge(1 << 20);
  EXPECT_EQ(huge.Match(9, 7, huge.At(9, 7), 1 << 20), size_t{1} << 20);
}

}  // namespace
}  // namespace hpsocket::demos
