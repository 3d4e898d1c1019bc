#include "hpsocket/core/memory/shared_pool.h"

#include <atomic>
#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/memory/allocation_fault.h"

namespace hpsocket::core {
namespace {

class SharedPoolTest : public testing::TestWithParam<SharedPool::Backing> {};

INSTANTIATE_TEST_SUITE_P(Both, SharedPoolTest,
                         testing::Values(SharedPool::Backing::kMimalloc, SharedPool::Backing::kSystem));

TEST_P(SharedPoolTest, CountsWhatIsLive) {
  SharedPool pool(GetParam());
  void* a = pool.Allocate(100);
  void* b = pool.Allocate(1);
  ASSERT_NE(a, nullptr);
  ASSERT_NE(b, nullptr);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(b) % SharedPool::kAlignment, 0u);
  EXPECT_EQ(pool.live_bytes(), 101);
  EXPECT_EQ(pool.live_count(), 2);
  pool.Free(a, 100);
  pool.Free(b, 1);
  pool.Free(nullptr, 3);
  EXPECT_EQ(pool.live_bytes(), 0);
  EXPECT_EQ(pool.live_count(), 0);
}

TEST_P(SharedPoolTest, NewAndDeleteRunConstructorAndDestructor) {
  SharedPool pool(GetParam());
  auto* numbers = pool.New<std::vector<int>>(size_t{3}, 9);
  ASSERT_NE(numbers, nullptr);
  EXPECT_EQ(numbers->at(2), 9);
  EXPECT_EQ(pool.live_bytes(), static_cast<int64_t>(sizeof(std::vector<int>)));
  pool.Delete(numbers);
  pool.Delete(static_cast<std::vector<int>*>(nullptr));
  EXPECT_EQ(pool.live_count(), 0);
}

TEST_P(SharedPoolTest, GivesNullWhenMemoryIsOut) {
  SharedPool pool(GetParam());
  EXPECT_EQ(pool.Allocate(SIZE_MAX), nullptr);
  FailAllocationsForTest(0, 2);
  EXPECT_EQ(pool.Allocate(1), nullptr);
  EXPECT_EQ(pool.New<int>(1), nullptr);
  FailAllocationsForTest(0, 0);
  EXPECT_EQ(pool.live_count(), 0);
  EXPECT_EQ(pool.live_bytes(), 0);
}

// Two threads allocate, two others free: every block changes hands, and outlives its allocating thread.
TEST_P(SharedPoolTest, BlocksChangeThreads) {
  constexpr size_t kPairs = 2;
  constexpr size_t kBlocks = 2000;
  SharedPool pool(GetParam());
  std::vector<std::atomic<uint8_t*>> slots(kPairs * kBlocks);
  std::vector<std::thread> threads;
  for (size_t pair = 0; pair < kPairs; ++pair) {
    threads.emplace_back([&, pair] {
      for (size_t i = 0; i < kBlocks; ++i) {
        const size_t bytes = 1 + i % 700;
        auto* p = static_cast<uint8_t*>(pool.Allocate(bytes));
        std::memset(p, static_cast<int>(i % 256), bytes);
        slots[pair * kBlocks + i].store(p, std::memory_order_release);
        slots[pair * kBlocks + i].notify_one();
      }
    });
    threads.emplace_back([&, pair] {
      for (size_t i = 0; i < kBlocks; ++i) {
        std::atomic<uint8_t*>& slot = slots[pair * kBlocks + i];
        slot.wait(nullptr, std::memory_order_acquire);
        uint8_t* p = slot.load(std::memory_order_acquire);
        EXPECT_EQ(p[i % 700], i % 256);
        pool.Free(p, 1 + i % 700);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(pool.live_count(), 0);
  EXPECT_EQ(pool.live_bytes(), 0);
}

TEST(SharedPoolDeathTest, StopsTheProgramWhenSomethingIsLiveAtTheEnd) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_DEATH(
      {
        SharedPool pool;
        (void)pool.Allocate(10);
      },
      "live_count\\(\\) == 0");
}

}  // namespace
}  // namespace hpsocket::core
