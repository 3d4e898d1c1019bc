#include "hpsocket/core/memory/private_heap.h"

#include <atomic>
#include <cstdint>
#include <cstring>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/memory/allocation_fault.h"

namespace hpsocket::core {
namespace {

struct Counted {
  Counted(int* alive, int value) : alive_(alive), value_(value) { ++*alive_; }
  ~Counted() { --*alive_; }
  int* alive_;
  int value_;
};

class PrivateHeapBackingTest : public testing::TestWithParam<PrivateHeap::Backing> {};

INSTANTIATE_TEST_SUITE_P(Both, PrivateHeapBackingTest,
                         testing::Values(PrivateHeap::Backing::kMimalloc, PrivateHeap::Backing::kSystem));

TEST_P(PrivateHeapBackingTest, CountsWhatIsLive) {
  PrivateHeap heap(GetParam());
  EXPECT_EQ(heap.live_count(), 0u);
  void* a = heap.Allocate(100);
  void* b = heap.Allocate(28);
  ASSERT_NE(a, nullptr);
  ASSERT_NE(b, nullptr);
  EXPECT_EQ(heap.live_count(), 2u);
  EXPECT_EQ(heap.live_bytes(), 128u);
  heap.Free(a, 100);
  EXPECT_EQ(heap.live_count(), 1u);
  EXPECT_EQ(heap.live_bytes(), 28u);
  heap.Free(b, 28);
  heap.Free(nullptr, 7);
  EXPECT_EQ(heap.live_count(), 0u);
  EXPECT_EQ(heap.live_bytes(), 0u);
}

TEST_P(PrivateHeapBackingTest, AlignsEverySizeAndOverlapsNothing) {
  PrivateHeap heap(GetParam());
  std::vector<std::pair<uint8_t*, size_t>> blocks;
  for (size_t bytes = 0; bytes < 3000; bytes += bytes < 80 ? 1 : 37) {
    auto* p = static_cast<uint8_t*>(heap.Allocate(bytes));
    ASSERT_NE(p, nullptr);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(p) % PrivateHeap::kAlignment, 0u) << bytes;
    std::memset(p, static_cast<int>(bytes % 251), bytes);
    blocks.emplace_back(p, bytes);
  }
  for (auto [p, bytes] : blocks) {
    for (size_t i = 0; i < bytes; ++i) ASSERT_EQ(p[i], bytes % 251);
    heap.Free(p, bytes);
  }
}

TEST(PrivateHeapTest, NewAndDeleteRunConstructorAndDestructor) {
  PrivateHeap heap;
  int alive = 0;
  auto* object = heap.New<Counted>(&alive, 7);
  ASSERT_NE(object, nullptr);
  EXPECT_EQ(object->value_, 7);
  EXPECT_EQ(alive, 1);
  EXPECT_EQ(heap.live_bytes(), sizeof(Counted));
  heap.Delete(object);
  heap.Delete(static_cast<Counted*>(nullptr));
  EXPECT_EQ(alive, 0);
  EXPECT_EQ(heap.live_count(), 0u);
}

TEST_P(PrivateHeapBackingTest, GivesNullWhenMemoryIsOut) {
  PrivateHeap heap(GetParam());
  EXPECT_EQ(heap.Allocate(SIZE_MAX), nullptr);
  EXPECT_EQ(heap.Allocate(size_t{PTRDIFF_MAX}), nullptr);

  int alive = 0;
  FailAllocationsForTest(0, 2);
  EXPECT_EQ(heap.Allocate(1), nullptr);
  EXPECT_EQ(heap.New<Counted>(&alive, 1), nullptr);
  EXPECT_EQ(AllocationsFailedForTest(), 2);
  FailAllocationsForTest(0, 0);
  EXPECT_EQ(alive, 0);
  EXPECT_EQ(heap.live_count(), 0u);
  EXPECT_EQ(heap.live_bytes(), 0u);
}

TEST(PrivateHeapTest, SeveralHeapsLiveOnOneThread) {
  std::optional<PrivateHeap> first(std::in_place);
  PrivateHeap second;
  auto* kept = static_cast<uint8_t*>(second.Allocate(5000));
  ASSERT_NE(kept, nullptr);
  std::memset(kept, 0x5a, 5000);
  void* gone = first->Allocate(5000);
  first->Free(gone, 5000);
  first.reset();
  for (size_t i = 0; i < 5000; ++i) ASSERT_EQ(kept[i], 0x5a);
  second.Free(kept, 5000);
}

TEST(PrivateHeapTest, OneHeapPerThreadWhileAnotherThreadReadsTheCounters) {
  constexpr int kThreads = 3;
  std::atomic<const PrivateHeap*> published{nullptr};
  std::atomic<bool> reader_is_done{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      PrivateHeap heap;
      if (t == 0) published.store(&heap);
      std::vector<void*> blocks;
      for (size_t i = 1; i <= 2000; ++i) {
        blocks.push_back(heap.Allocate(i));
        if (i % 3 == 0) {
          heap.Free(blocks.back(), i);
          blocks.pop_back();
        }
      }
      size_t next = 0;
      for (size_t i = 1; i <= 2000; ++i) {
        if (i % 3 != 0) heap.Free(blocks[next++], i);
      }
      EXPECT_EQ(heap.live_count(), 0u);
      if (t == 0) reader_is_done.wait(false);
    });
  }
  while (published.load() == nullptr) std::this_thread::yield();
  for (int i = 0; i < 1000; ++i) EXPECT_LE(published.load()->live_count(), 2000u);
  reader_is_done.store(true);
  reader_is_done.notify_all();
  for (std::thread& thread : threads) thread.join();
}

TEST(PrivateHeapDeathTest, StopsTheProgramWhenSomethingIsLiveAtTheEnd) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_DEATH(
      {
        PrivateHeap heap;
        (void)heap.Allocate(10);
      },
      "live_count\\(\\) == 0");
}

#ifndef NDEBUG
TEST(PrivateHeapDeathTest, StopsTheProgramOnAForeignThread) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_DEATH(
      {
        PrivateHeap heap;
        std::thread([&heap] { heap.Free(heap.Allocate(10), 10); }).join();
      },
      "owner_");
}
#endif

}  // namespace
}  // namespace hpsocket::core
