#include "hpsocket/testing/bench/blast.h"

#include <cstdint>
#include <optional>
#include <vector>

#include "gtest/gtest.h"

namespace hpsocket::bench {
namespace {

std::vector<uint8_t> Numbered(uint64_t number, size_t length = 64) {
  std::vector<uint8_t> datagram(length, 'x');
  NumberDatagram(datagram.data(), length, number);
  return datagram;
}

TEST(BlastTallyTest, LossIsNoMistake) {
  BlastTally tally;
  for (const uint64_t number : {1u, 2u, 5u}) EXPECT_TRUE(tally.Take(Numbered(number).data(), 64));
  EXPECT_EQ(tally.count(), 3u);
}

TEST(BlastTallyTest, WhatIsDoubledOrOvertakenIsNotCounted) {
  BlastTally tally;
  EXPECT_TRUE(tally.Take(Numbered(2).data(), 64));
  EXPECT_FALSE(tally.Take(Numbered(2).data(), 64));
  EXPECT_FALSE(tally.Take(Numbered(1).data(), 64));
  EXPECT_EQ(tally.count(), 1u);
}

TEST(BlastTallyTest, WhatIsCutOrMixedIsNotCounted) {
  BlastTally tally;
  EXPECT_FALSE(tally.Take(Numbered(1).data(), 63));
  EXPECT_TRUE(tally.Take(Numbered(1).data(), 64));
  EXPECT_FALSE(tally.Take(Numbered(2, 128).data(), 128));
  std::vector<uint8_t> mixed = Numbered(2);
  mixed.back() ^= 1;
  EXPECT_FALSE(tally.Take(mixed.data(), mixed.size()));
}

TEST(BlastTallyTest, AfterClearNumbersBeginAnew) {
  BlastTally tally;
  EXPECT_TRUE(tally.Take(Numbered(7).data(), 64));
  tally.Clear();
  EXPECT_TRUE(tally.Take(Numbered(1).data(), 64));
  EXPECT_EQ(tally.count(), 1u);
}

TEST(BlastNoteTest, OnlyItsLengthMakesANote) {
  const BlastNote note{BlastNote::kStart, 1200, 7};
  const std::optional<BlastNote> read = BlastNote::From(note.bytes(), sizeof(note));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->wish, BlastNote::kStart);
  EXPECT_EQ(read->number, 1200u);
  EXPECT_EQ(read->AnswerWith(3).question, 7u);
  EXPECT_FALSE(BlastNote::From(Numbered(1).data(), 64).has_value());
}

}  // namespace
}  // namespace hpsocket::bench
