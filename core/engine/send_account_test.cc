#include "hpsocket/core/engine/send_account.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <thread>

namespace hpsocket::core {
namespace {

TEST(SendAccountTest, KnowsWhatHasNotLeftAndWhatIsNotReported) {
  SendAccount account;
  EXPECT_EQ(account.pending(), 0u);
  EXPECT_EQ(account.held(), 0u);
  account.AcceptOwn(10);
  account.AcceptForeign(5);
  EXPECT_EQ(account.pending(), 15u);
  EXPECT_EQ(account.held(), 15u);
  account.Complete(10, false);
  EXPECT_EQ(account.pending(), 5u);
  EXPECT_EQ(account.held(), 15u);
  account.Report(10);
  account.Complete(5, true);
  EXPECT_EQ(account.pending(), 0u);
  EXPECT_EQ(account.held(), 5u);
  account.Report(5);
  EXPECT_EQ(account.held(), 0u);
}

// A worker and another thread accept one byte at a time each. Whoever looks meanwhile may see one's next byte
// before the last one's end, but never what came and went while it was put aside, nor less than nothing.
TEST(SendAccountTest, NeverShowsMoreThanIsThere) {
  constexpr uint64_t kRounds = 10'000;
  constexpr uint64_t kMost = 4;
  SendAccount account;
  std::atomic<uint64_t> foreign_waiting{0};
  std::atomic<bool> over{false};
  std::thread foreign([&] {
    for (uint64_t i = 0; i < kRounds; ++i) {
      while (foreign_waiting.load(std::memory_order_acquire) != 0) std::this_thread::yield();
      account.AcceptForeign(1);
      foreign_waiting.store(1, std::memory_order_release);
    }
  });
  std::thread looker([&] {
    while (!over.load(std::memory_order_acquire)) {
      ASSERT_LE(account.pending(), kMost);
      ASSERT_LE(account.held(), kMost);
    }
  });
  for (uint64_t taken = 0; taken < kRounds;) {
    account.AcceptOwn(1);
    account.Complete(1, false);
    account.Report(1);
    if (foreign_waiting.load(std::memory_order_acquire) == 0) continue;
    account.Complete(1, false);
    account.Report(1);
    ++taken;
    foreign_waiting.store(0, std::memory_order_release);
  }
  foreign.join();
  over.store(true, std::memory_order_release);
  looker.join();
  EXPECT_EQ(account.pending(), 0u);
  EXPECT_EQ(account.held(), 0u);
}

}  // namespace
}  // namespace hpsocket::core
