#include "hpsocket/testing/bench/statistics.h"

#include <random>
#include <vector>

#include "gtest/gtest.h"

namespace hpsocket::bench {
namespace {

TEST(StatisticsTest, MedianOfNoneOfOddAndOfEvenNumbers) {
  EXPECT_EQ(Median({}), 0);
  EXPECT_EQ(Median({3}), 3);
  EXPECT_EQ(Median({9, 1, 5}), 5);
  EXPECT_EQ(Median({4, 1, 3, 2}), 2.5);
}

TEST(StatisticsTest, NoValuesGiveNoEstimate) { EXPECT_EQ(EstimateMedian({}).count, 0u); }

TEST(StatisticsTest, OneValueIsItsOwnInterval) {
  const Estimate estimate = EstimateMedian({1.5});
  EXPECT_EQ(estimate.low, 1.5);
  EXPECT_EQ(estimate.median, 1.5);
  EXPECT_EQ(estimate.high, 1.5);
}

TEST(StatisticsTest, TheIntervalHoldsTheMedianAndShrinksWithMoreValues) {
  std::mt19937 random(7);
  std::normal_distribution<double> noise(1.0, 0.1);
  std::vector<double> values;
  double width_before = 1;
  for (const size_t count : {size_t{10}, size_t{100}, size_t{1000}}) {
    while (values.size() < count) values.push_back(noise(random));
    const Estimate estimate = EstimateMedian(values);
    EXPECT_LE(estimate.low, estimate.median);
    EXPECT_GE(estimate.high, estimate.median);
    EXPECT_LT(estimate.high - estimate.low, width_before);
    width_before = estimate.high - estimate.low;
  }
  EXPECT_LT(width_before, 0.03);
}

// 95 of 100 is the promise; far fewer would mean that the interval is wrong.
TEST(StatisticsTest, TheIntervalCoversTheTrueMedianMostOfTheTime) {
  std::mt19937 random(3);
  std::normal_distribution<double> noise(2.0, 0.3);
  int covered = 0;
  for (int run = 0; run < 100; ++run) {
    std::vector<double> values(40);
    for (double& value : values) value = noise(random);
    const Estimate estimate = EstimateMedian(values);
    if (estimate.low <= 2.0 && 2.0 <= estimate.high) ++covered;
  }
  EXPECT_GE(covered, 88);
}

TEST(StatisticsTest, TheSameValuesGiveTheSameInterval) {
  const std::vector<double> values = {1, 2, 4, 8, 16, 32};
  EXPECT_EQ(EstimateMedian(values).low, EstimateMedian(values).low);
  EXPECT_EQ(EstimateMedian(values).high, EstimateMedian(values).high);
}

}  // namespace
}  // namespace hpsocket::bench
