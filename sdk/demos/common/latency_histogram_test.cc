#include "hpsocket/sdk/demos/common/latency_histogram.h"

#include <cstdint>
#include <limits>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace hpsocket::demos {
namespace {

TEST(LatencyHistogramTest, EmptyOneHasNothingToTell) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.count(), 0u);
  EXPECT_EQ(histogram.Percentile(0.5), 0);
  EXPECT_EQ(histogram.max(), 0);
}

TEST(LatencyHistogramTest, SmallValuesAreExact) {
  LatencyHistogram histogram;
  for (int64_t value = 1; value <= 100; ++value) histogram.Record(static_cast<size_t>(value), value);
  EXPECT_EQ(histogram.count(), 100u);
  EXPECT_EQ(histogram.Percentile(0.5), 50);
  EXPECT_EQ(histogram.Percentile(0.99), 99);
  EXPECT_EQ(histogram.Percentile(1), 100);
  EXPECT_EQ(histogram.Percentile(0), 1);
}

TEST(LatencyHistogramTest, LargeValuesAreCloseAndNeverTooSmall) {
  for (int64_t value : {int64_t{127}, int64_t{128}, int64_t{129}, int64_t{1'000'000},
                        int64_t{123'456'789'012}, std::numeric_limits<int64_t>::max()}) {
    LatencyHistogram histogram;
    histogram.Record(0, value);
    histogram.Record(0, std::numeric_limits<int64_t>::max());
    EXPECT_GE(histogram.Percentile(0.5), value);
    EXPECT_LE(histogram.Percentile(0.5) - value, value / 64 + 1);
  }
}

TEST(LatencyHistogramTest, PercentileNeverExceedsTheMaximum) {
  LatencyHistogram histogram;
  histogram.Record(0, 1'000'001);
  EXPECT_EQ(histogram.Percentile(0.5), 1'000'001);
  EXPECT_EQ(histogram.max(), 1'000'001);
}

TEST(LatencyHistogramTest, ClockThatStoodStillCountsAsZero) {
  LatencyHistogram histogram;
  histogram.Record(0, -5);
  EXPECT_EQ(histogram.count(), 1u);
  EXPECT_EQ(histogram.Percentile(1), 0);
}

TEST(LatencyHistogramTest, CountsWhatManyThreadsRecord) {
  LatencyHistogram histogram;
  std::vector<std::thread> threads;
  for (size_t i = 0; i < 4; ++i) {
    threads.emplace_back([&histogram, i] {
      for (int64_t value = 0; value < 1000; ++value) histogram.Record(i % 2, value);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(histogram.count(), 4000u);
  EXPECT_EQ(histogram.max(), 999);
}

}  // namespace
}  // namespace hpsocket::demos
