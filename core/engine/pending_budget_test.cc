#include "hpsocket/core/engine/pending_budget.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace hpsocket::core {
namespace {

TEST(PendingBudgetTest, NeverDrawsMoreThanTheLimit) {
  PendingBudget budget;
  budget.Reset(1000, 1);
  EXPECT_TRUE(budget.Draw(600));
  EXPECT_FALSE(budget.Draw(401));
  EXPECT_TRUE(budget.Draw(400));
  EXPECT_EQ(budget.drawn(), 1000u);
  budget.Return(1000);
  EXPECT_EQ(budget.drawn(), 0u);
}

TEST(PendingBudgetTest, ZeroIsUnlimited) {
  PendingBudget budget;
  budget.Reset(0, 4);
  EXPECT_TRUE(budget.Draw(UINT64_MAX));
  PendingCredit credit(budget);
  EXPECT_TRUE(credit.Take(UINT64_MAX));
}

TEST(PendingBudgetTest, AWorkerHoldsBackAtMostTwoBlocks) {
  PendingBudget budget;
  budget.Reset(uint64_t{1} << 30, 1);
  const uint64_t block = budget.block();
  ASSERT_GT(block, 0u);
  {
    PendingCredit credit(budget);
    for (int i = 0; i < 1000; ++i) {
      ASSERT_TRUE(credit.Take(100));
      credit.GiveBack(100);
      ASSERT_LE(budget.drawn(), 2 * block + 100);
    }
  }
  EXPECT_EQ(budget.drawn(), 0u) << "a worker that ends gives everything back";
}

TEST(PendingBudgetTest, WorkersHoldNothingBackOfASmallLimit) {
  PendingBudget budget;
  budget.Reset(100000, 4);
  PendingCredit one(budget);
  PendingCredit other(budget);
  ASSERT_TRUE(one.Take(40000));
  ASSERT_TRUE(other.Take(60000));
  EXPECT_FALSE(other.Take(1));
  one.GiveBack(40000);
  other.GiveBack(60000);
  EXPECT_TRUE(other.Take(100000));
}

TEST(PendingBudgetTest, TheLastByteCanBeHad) {
  PendingBudget budget;
  budget.Reset(4096, 1);
  PendingCredit credit(budget);
  EXPECT_TRUE(credit.Take(4096));
  EXPECT_FALSE(credit.Take(1));
  credit.GiveBack(4096);
  EXPECT_TRUE(credit.Take(4096));
}

TEST(PendingBudgetTest, HoldsAmongThreads) {
  PendingBudget budget;
  budget.Reset(10000, 4);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      PendingCredit credit(budget);
      for (int i = 0; i < 20000; ++i) {
        if (credit.Take(700)) credit.GiveBack(700);
        if (budget.Draw(300)) budget.Return(300);
        EXPECT_LE(budget.drawn(), 10000u);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(budget.drawn(), 0u);
}

}  // namespace
}  // namespace hpsocket::core
