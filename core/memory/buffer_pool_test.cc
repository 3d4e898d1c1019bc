#include "hpsocket/core/memory/buffer_pool.h"

#include <cstring>
#include <random>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/memory/allocation_fault.h"
#include "hpsocket/core/memory/poison.h"

namespace hpsocket::core {
namespace {

constexpr size_t kHeader = sizeof(Chunk);

class BufferPoolTest : public testing::Test {
 protected:
  static std::vector<Chunk*> Take(BufferPool& pool, size_t count, size_t at_least) {
    std::vector<Chunk*> chunks;
    for (size_t i = 0; i < count; ++i) chunks.push_back(pool.Take(at_least));
    return chunks;
  }
  static void Give(BufferPool& pool, const std::vector<Chunk*>& chunks) {
    for (Chunk* chunk : chunks) pool.Give(chunk);
  }

  PrivateHeap heap_;
};

TEST_F(BufferPoolTest, GivesAnEmptyChunkOfTheSmallestClassThatFits) {
  BufferPool pool(heap_, 0, 0);
  const struct {
    size_t at_least;
    size_t bytes;
  } kCases[] = {{0, 256},
                {1, 256},
                {256 - kHeader, 256},
                {257 - kHeader, 1024},
                {1024 - kHeader, 1024},
                {1025 - kHeader, 4096},
                {4096 - kHeader, 4096},
                {4097 - kHeader, 16384},
                {16384 - kHeader, 16384},
                {16385 - kHeader, 65536},
                {65536 - kHeader, 65536},
                {65537 - kHeader, 262144},
                {262144 - kHeader, 262144},
                {262145 - kHeader, 262145},
                {1000000, 1000000 + kHeader}};
  for (const auto& c : kCases) {
    Chunk* chunk = pool.Take(c.at_least);
    ASSERT_NE(chunk, nullptr);
    EXPECT_EQ(chunk->capacity + kHeader, c.bytes) << c.at_least;
    EXPECT_EQ(chunk->next, nullptr);
    EXPECT_EQ(chunk->begin, 0u);
    EXPECT_EQ(chunk->end, 0u);
    EXPECT_EQ(chunk->room(), chunk->capacity);
    EXPECT_FALSE(chunk->shared);
    EXPECT_EQ(pool.out_count(), 1u);
    EXPECT_EQ(pool.out_bytes(), c.bytes);
    std::memset(chunk->data(), 0x77, chunk->capacity);
    pool.Give(chunk);
    EXPECT_EQ(pool.out_bytes(), 0u);
  }
}

TEST_F(BufferPoolTest, GivesTheHottestFirst) {
  BufferPool pool(heap_, 10, 10);
  const std::vector<Chunk*> chunks = Take(pool, 3, 100);
  Give(pool, chunks);
  chunks[2]->end = 5;
  const std::vector<Chunk*> again = Take(pool, 3, 200);
  EXPECT_EQ(again, (std::vector<Chunk*>{chunks[2], chunks[1], chunks[0]}));
  EXPECT_EQ(again[0]->end, 0u);
  EXPECT_EQ(again[0]->next, nullptr);
  EXPECT_EQ(heap_.live_count(), 3u);
  Give(pool, again);
}

TEST_F(BufferPoolTest, NeverKeepsMoreThanHoldOverAllClasses) {
  BufferPool pool(heap_, 0, 5);
  std::vector<Chunk*> small = Take(pool, 4, 100);
  std::vector<Chunk*> large = Take(pool, 4, 60000);
  Give(pool, small);
  Give(pool, large);
  EXPECT_EQ(pool.free_count(), 5u);
  EXPECT_EQ(pool.free_bytes(), 4 * 256u + 65536u);
  EXPECT_EQ(heap_.live_count(), 5u);
  EXPECT_EQ(heap_.live_bytes(), pool.free_bytes());
}

TEST_F(BufferPoolTest, MakesRoomForASizeThatItHasNoneOf) {
  BufferPool pool(heap_, 0, 3);
  Give(pool, Take(pool, 3, 100));
  Chunk* chunk = pool.Take(5000);
  pool.Give(chunk);
  EXPECT_EQ(pool.free_count(), 3u);
  EXPECT_EQ(pool.free_bytes(), 2 * 256u + 16384u);
  EXPECT_EQ(pool.Take(5000), chunk);
  pool.Give(chunk);
}

TEST_F(BufferPoolTest, TrimsToKeepLargestFirst) {
  BufferPool pool(heap_, 3, 10);
  std::vector<Chunk*> small = Take(pool, 2, 100);
  std::vector<Chunk*> middle = Take(pool, 2, 3000);
  std::vector<Chunk*> large = Take(pool, 2, 200000);
  Give(pool, large);
  Give(pool, small);
  Give(pool, middle);
  EXPECT_EQ(pool.free_count(), 6u);
  pool.TrimToKeep();
  EXPECT_EQ(pool.free_count(), 3u);
  EXPECT_EQ(pool.free_bytes(), 2 * 256u + 4096u);
  pool.TrimToKeep();
  EXPECT_EQ(pool.free_count(), 3u);
}

TEST_F(BufferPoolTest, NeverKeepsExactSizes) {
  BufferPool pool(heap_, 10, 10);
  pool.Give(pool.Take(1 << 20));
  EXPECT_EQ(pool.free_count(), 0u);
  EXPECT_EQ(heap_.live_count(), 0u);
}

TEST_F(BufferPoolTest, KeepsNothingWithHoldZero) {
  BufferPool pool(heap_, 10, 0);
  Give(pool, Take(pool, 3, 100));
  EXPECT_EQ(pool.free_count(), 0u);
  EXPECT_EQ(heap_.live_count(), 0u);
}

TEST_F(BufferPoolTest, GivesNullWhenMemoryIsOut) {
  BufferPool pool(heap_, 10, 10);
  EXPECT_EQ(pool.Take(SIZE_MAX), nullptr);
  EXPECT_EQ(pool.Take(BufferPool::kLargest + 1), nullptr);
  FailAllocationsForTest(0, 2);
  EXPECT_EQ(pool.Take(1), nullptr);
  EXPECT_EQ(pool.Take(1 << 20), nullptr);
  FailAllocationsForTest(0, 0);
  EXPECT_EQ(pool.out_count(), 0u);

  // A warm pool needs no memory.
  pool.Give(pool.Take(1));
  FailAllocationsForTest(0, 1);
  Chunk* chunk = pool.Take(1);
  FailAllocationsForTest(0, 0);
  ASSERT_NE(chunk, nullptr);
  pool.Give(chunk);
}

#ifdef HPSOCKET_ADDRESS_SANITIZER
TEST_F(BufferPoolTest, PoisonsWhatIsFree) {
  BufferPool pool(heap_, 10, 10);
  Chunk* chunk = pool.Take(100);
  EXPECT_FALSE(IsPoisoned(chunk->data()));
  pool.Give(chunk);
  EXPECT_TRUE(IsPoisoned(chunk->data()));
  EXPECT_TRUE(IsPoisoned(chunk->data() + 231));
  EXPECT_EQ(pool.Take(100), chunk);
  EXPECT_FALSE(IsPoisoned(chunk->data()));
  EXPECT_FALSE(IsPoisoned(chunk->data() + chunk->capacity - 1));
  pool.Give(chunk);
}
#endif

TEST_F(BufferPoolTest, KeepsItsBooksThroughRandomUse) {
  std::mt19937 random(1);
  BufferPool pool(heap_, 4, 12);
  std::vector<Chunk*> out;
  for (int step = 0; step < 20000; ++step) {
    if (out.empty() || random() % 2 == 0) {
      const size_t at_least = random() % (size_t{1} << (random() % 20));
      Chunk* chunk = pool.Take(at_least);
      ASSERT_NE(chunk, nullptr);
      ASSERT_GE(chunk->capacity, at_least);
      if (chunk->capacity != 0) chunk->data()[0] = chunk->data()[chunk->capacity - 1] = 1;
      out.push_back(chunk);
    } else {
      std::swap(out[random() % out.size()], out.back());
      pool.Give(out.back());
      out.pop_back();
    }
    if (random() % 500 == 0) {
      pool.TrimToKeep();
      ASSERT_LE(pool.free_count(), 4u);
    }
    ASSERT_LE(pool.free_count(), 12u);
    ASSERT_EQ(pool.out_count(), out.size());
    ASSERT_EQ(heap_.live_count(), pool.free_count() + pool.out_count());
    ASSERT_EQ(heap_.live_bytes(), pool.free_bytes() + pool.out_bytes());
  }
  Give(pool, out);
}

TEST_F(BufferPoolTest, SharedChunksAreExactAndChangeThreads) {
  SharedPool shared;
  Chunk* small = nullptr;
  Chunk* large = nullptr;
  std::thread([&] {
    small = BufferPool::TakeShared(shared, 10);
    large = BufferPool::TakeShared(shared, 5000);
    std::memset(large->data(), 1, 5000);
  }).join();
  ASSERT_NE(small, nullptr);
  ASSERT_NE(large, nullptr);
  EXPECT_TRUE(small->shared);
  EXPECT_EQ(small->capacity + kHeader, 256u);
  EXPECT_EQ(large->capacity, 5000u);
  EXPECT_EQ(large->room(), 5000u);
  EXPECT_EQ(shared.live_count(), 2);
  EXPECT_EQ(shared.live_buffers(), 2u);
  BufferPool::GiveShared(shared, small);
  BufferPool::GiveShared(shared, large);
  EXPECT_EQ(shared.live_bytes(), 0);
  EXPECT_EQ(shared.live_buffers(), 0u);

  EXPECT_EQ(BufferPool::TakeShared(shared, SIZE_MAX), nullptr);
  FailAllocationsForTest(0, 1);
  EXPECT_EQ(BufferPool::TakeShared(shared, 10), nullptr);
  FailAllocationsForTest(0, 0);
}

TEST(BufferPoolDeathTest, StopsTheProgramWhenAChunkIsOutAtTheEnd) {
  EXPECT_DEATH(
      {
        PrivateHeap heap;
        BufferPool pool(heap, 1, 1);
        (void)pool.Take(1);
      },
      "out_count_ == 0");
}

}  // namespace
}  // namespace hpsocket::core
