#include "hpsocket/sdk/demos/common_pfm/server_totals.h"

#include <chrono>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace hpsocket::demos {
namespace {

using std::chrono::milliseconds;

constexpr ServerTotals::TimePoint kStart{};

TEST(ServerTotalsTest, SummaryIsDueAWhileAfterTheLastClose) {
  ServerTotals totals;
  EXPECT_EQ(totals.Due(), std::nullopt);
  totals.Opened();
  totals.Opened();
  totals.AddReceived(10);
  totals.AddSent(9);
  EXPECT_EQ(totals.Due(), std::nullopt);
  EXPECT_FALSE(totals.Closed(kStart));
  EXPECT_TRUE(totals.Closed(kStart + milliseconds(5)));
  EXPECT_EQ(totals.Due(), kStart + milliseconds(605));
  EXPECT_FALSE(totals.Finish(kStart + milliseconds(604), false).has_value());
  const auto bytes = totals.Finish(kStart + milliseconds(605), false);
  ASSERT_TRUE(bytes.has_value());
  EXPECT_EQ(bytes->received, 10u);
  EXPECT_EQ(bytes->sent, 9u);
  EXPECT_FALSE(totals.Finish(kStart + milliseconds(700), false).has_value());
}

TEST(ServerTotalsTest, ConnectionThatComesInTimeContinuesTheBatch) {
  ServerTotals totals;
  totals.Opened();
  totals.AddReceived(1);
  totals.Closed(kStart);
  totals.Opened();
  EXPECT_EQ(totals.Due(), std::nullopt);
  EXPECT_FALSE(totals.Finish(kStart + milliseconds(10'000), false).has_value());
  EXPECT_EQ(totals.Now().received, 1u);
}

TEST(ServerTotalsTest, NextBatchBeginsAtZero) {
  ServerTotals totals;
  totals.Opened();
  totals.AddReceived(1);
  totals.Closed(kStart);
  ASSERT_TRUE(totals.Finish(kStart + ServerTotals::kQuiet, false).has_value());
  EXPECT_EQ(totals.Now().received, 1u);
  totals.Opened();
  EXPECT_EQ(totals.Now().received, 0u);
}

TEST(ServerTotalsTest, EndOfTheServerDoesNotWait) {
  ServerTotals totals;
  EXPECT_FALSE(totals.Finish(kStart, true).has_value());
  totals.Opened();
  EXPECT_TRUE(totals.Finish(kStart, true).has_value());
  EXPECT_FALSE(totals.Finish(kStart, true).has_value());
}

TEST(ServerTotalsTest, NoByteIsLostBetweenThreads) {
  ServerTotals totals;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&totals] {
      for (int n = 0; n < 1000; ++n) totals.AddSent(3);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(totals.Now().sent, 12000u);
}

}  // namespace
}  // namespace hpsocket::demos
