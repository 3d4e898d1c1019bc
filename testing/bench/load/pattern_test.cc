#include "hpsocket/testing/bench/load/pattern.h"

#include <vector>

#include "gtest/gtest.h"

namespace hpsocket::bench {
namespace {

TEST(PatternTest, RepeatsAfterThePeriod) {
  const Pattern pattern;
  EXPECT_TRUE(pattern.Matches(0, pattern.At(Pattern::kPeriod), Pattern::kSpan));
  EXPECT_TRUE(pattern.Matches(Pattern::kPeriod - 1, pattern.At(0) + Pattern::kPeriod - 1, Pattern::kSpan));
}

TEST(PatternTest, SeesOneWrongByteAnywhere) {
  const Pattern pattern;
  for (const size_t wrong : {size_t{0}, size_t{63}, size_t{4095}}) {
    std::vector<uint8_t> bytes(pattern.At(17), pattern.At(17) + 4096);
    EXPECT_TRUE(pattern.Matches(17, bytes.data(), bytes.size()));
    bytes[wrong] ^= 1;
    EXPECT_FALSE(pattern.Matches(17, bytes.data(), bytes.size()));
  }
}

TEST(PatternTest, SeesLostMessagesAndOtherConnections) {
  const Pattern pattern;
  for (const size_t message : {size_t{64}, size_t{65536}}) {
    EXPECT_FALSE(pattern.Matches(100, pattern.At(100 + message), 64));
  }
  for (uint64_t connection = 1; connection < 10000; ++connection) {
    EXPECT_FALSE(pattern.Matches(Pattern::Start(0), pattern.At(Pattern::Start(connection)), 64));
  }
}

}  // namespace
}  // namespace hpsocket::bench
