#include "hpsocket/testing/bench/load/latency_histogram.h"

#include "gtest/gtest.h"

namespace hpsocket::bench {
namespace {

TEST(LatencyHistogramTest, IsEmptyAtFirstAndAfterClear) {
  LatencyHistogram histogram;
  EXPECT_EQ(histogram.Percentile(0.5), 0);
  histogram.Record(5);
  histogram.Clear();
  EXPECT_EQ(histogram.total(), 0u);
  EXPECT_EQ(histogram.Percentile(0.5), 0);
}

TEST(LatencyHistogramTest, GivesSmallValuesExactly) {
  LatencyHistogram histogram;
  for (int value = 1; value <= 50; ++value) histogram.Record(value);
  EXPECT_EQ(histogram.Percentile(0.5), 25);
  EXPECT_EQ(histogram.Percentile(1), 50);
}

TEST(LatencyHistogramTest, GivesLargeValuesToOneThirtySecond) {
  for (const int64_t value : {int64_t{64}, int64_t{1000}, int64_t{123456789}, int64_t{1} << 40}) {
    LatencyHistogram histogram;
    histogram.Record(value);
    EXPECT_GE(histogram.Percentile(0.5), value);
    EXPECT_LE(histogram.Percentile(0.5), value + value / 32);
  }
}

TEST(LatencyHistogramTest, FindsTheRarePercentile) {
  LatencyHistogram histogram;
  for (int i = 0; i < 9985; ++i) histogram.Record(10);
  for (int i = 0; i < 15; ++i) histogram.Record(40);
  EXPECT_EQ(histogram.Percentile(0.99), 10);
  EXPECT_EQ(histogram.Percentile(0.999), 40);
}

}  // namespace
}  // namespace hpsocket::bench
