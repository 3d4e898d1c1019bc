#include "hpsocket/core/memory/slab.h"

#include <cstdint>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/memory/allocation_fault.h"
#include "hpsocket/core/memory/poison.h"

namespace hpsocket::core {
namespace {

struct Item {
  Item(int number, int* counter) : value(number), alive(counter) { ++*alive; }
  ~Item() { --*alive; }
  int value;
  int* alive;
  std::string text = "long enough to live on a heap of its own";
};

class SlabTest : public testing::Test {
 protected:
  std::vector<Item*> Make(Slab<Item>& slab, size_t count) {
    std::vector<Item*> items;
    for (size_t i = 0; i < count; ++i) items.push_back(slab.New(static_cast<int>(i), &alive_));
    return items;
  }

  PrivateHeap heap_;
  int alive_ = 0;
};

TEST_F(SlabTest, MakesAndDestroysObjects) {
  Slab<Item> slab(heap_, 4, 4);
  Item* item = slab.New(42, &alive_);
  ASSERT_NE(item, nullptr);
  EXPECT_EQ(item->value, 42);
  EXPECT_EQ(alive_, 1);
  EXPECT_EQ(slab.out_count(), 1u);
  slab.Delete(item);
  slab.Delete(nullptr);
  EXPECT_EQ(alive_, 0);
  EXPECT_EQ(slab.out_count(), 0u);
  EXPECT_EQ(slab.free_count(), 1u);
}

TEST_F(SlabTest, GivesTheLastOneBackFirst) {
  Slab<Item> slab(heap_, 4, 4);
  std::vector<Item*> items = Make(slab, 3);
  for (Item* item : items) slab.Delete(item);
  const std::vector<Item*> again = Make(slab, 3);
  EXPECT_EQ(again, (std::vector<Item*>{items[2], items[1], items[0]}));
  EXPECT_EQ(heap_.live_count(), 3u);
  for (Item* item : again) slab.Delete(item);
}

TEST_F(SlabTest, NeverKeepsMoreThanHoldAndTrimsToKeep) {
  Slab<Item> slab(heap_, 2, 5);
  for (Item* item : Make(slab, 9)) slab.Delete(item);
  EXPECT_EQ(slab.free_count(), 5u);
  EXPECT_EQ(heap_.live_count(), 5u);
  slab.TrimToKeep();
  EXPECT_EQ(slab.free_count(), 2u);
  EXPECT_EQ(heap_.live_count(), 2u);
  slab.TrimToKeep();
  EXPECT_EQ(slab.free_count(), 2u);
}

TEST_F(SlabTest, KeepsNothingWithHoldZero) {
  Slab<Item> slab(heap_, 7, 0);
  for (Item* item : Make(slab, 3)) slab.Delete(item);
  EXPECT_EQ(slab.free_count(), 0u);
  EXPECT_EQ(heap_.live_count(), 0u);
}

TEST_F(SlabTest, ReturnsEverythingToTheHeapAtTheEnd) {
  {
    Slab<Item> slab(heap_, 9, 9);
    for (Item* item : Make(slab, 9)) slab.Delete(item);
    EXPECT_EQ(heap_.live_count(), 9u);
  }
  EXPECT_EQ(heap_.live_count(), 0u);
}

TEST_F(SlabTest, GivesNullWhenMemoryIsOut) {
  Slab<Item> slab(heap_, 9, 9);
  FailAllocationsForTest(0, 1);
  EXPECT_EQ(slab.New(1, &alive_), nullptr);
  FailAllocationsForTest(0, 0);
  EXPECT_EQ(slab.out_count(), 0u);
  EXPECT_EQ(alive_, 0);
}

TEST_F(SlabTest, ServesTypesSmallerThanItsLinks) {
  Slab<uint8_t> slab(heap_, 2, 2);
  uint8_t* a = slab.New(uint8_t{1});
  uint8_t* b = slab.New(uint8_t{2});
  EXPECT_EQ(*a + *b, 3);
  slab.Delete(a);
  slab.Delete(b);
  void* raw = slab.TakeRaw();
  EXPECT_EQ(raw, b);
  slab.GiveRaw(raw);
}

#ifdef HPSOCKET_ADDRESS_SANITIZER
TEST_F(SlabTest, PoisonsWhatIsFree) {
  Slab<Item> slab(heap_, 2, 2);
  Item* item = slab.New(1, &alive_);
  EXPECT_FALSE(IsPoisoned(item));
  slab.Delete(item);
  EXPECT_TRUE(IsPoisoned(item));
  EXPECT_TRUE(IsPoisoned(&item->alive));
  slab.Delete(slab.New(1, &alive_));
}
#endif

TEST(SlabDeathTest, StopsTheProgramWhenAnObjectIsOutAtTheEnd) {
  EXPECT_DEATH(
      {
        PrivateHeap heap;
        Slab<int> slab(heap, 1, 1);
        (void)slab.New(1);
      },
      "out_count_ == 0");
}

}  // namespace
}  // namespace hpsocket::core
