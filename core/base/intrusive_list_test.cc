#include "hpsocket/core/base/intrusive_list.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace hpsocket::core {
namespace {

struct Item : ListLink<Item> {
  explicit Item(int number) : value(number) {}
  int value;
};

std::vector<int> ValuesOf(IntrusiveList<Item>& list) {
  std::vector<int> values;
  for (Item* item = list.front(); item != nullptr; item = list.next(*item)) values.push_back(item->value);
  return values;
}

using Values = std::vector<int>;

class IntrusiveListTest : public ::testing::Test {
 protected:
  Item one_{1}, two_{2}, three_{3};
  IntrusiveList<Item> list_;
};

TEST_F(IntrusiveListTest, StartsEmpty) {
  EXPECT_TRUE(list_.empty());
  EXPECT_EQ(list_.front(), nullptr);
  EXPECT_EQ(list_.back(), nullptr);
  EXPECT_EQ(list_.PopFront(), nullptr);
}

TEST_F(IntrusiveListTest, KeepsTheOrderOfBothEnds) {
  list_.PushBack(two_);
  list_.PushBack(three_);
  list_.PushFront(one_);
  EXPECT_EQ(ValuesOf(list_), (Values{1, 2, 3}));
  EXPECT_EQ(list_.front(), &one_);
  EXPECT_EQ(list_.back(), &three_);
}

TEST_F(IntrusiveListTest, PopsFromTheFront) {
  list_.PushBack(one_);
  list_.PushBack(two_);
  EXPECT_EQ(list_.PopFront(), &one_);
  EXPECT_FALSE(one_.linked());
  EXPECT_EQ(list_.PopFront(), &two_);
  EXPECT_TRUE(list_.empty());
}

TEST_F(IntrusiveListTest, UnlinksFromTheMiddleWithoutKnowingTheList) {
  list_.PushBack(one_);
  list_.PushBack(two_);
  list_.PushBack(three_);
  two_.Unlink();
  EXPECT_FALSE(two_.linked());
  EXPECT_EQ(ValuesOf(list_), (Values{1, 3}));
  two_.Unlink();  // a second time does nothing
  EXPECT_EQ(ValuesOf(list_), (Values{1, 3}));
}

TEST_F(IntrusiveListTest, AnElementThatDiesLeavesTheList) {
  list_.PushBack(one_);
  {
    Item brief(9);
    list_.PushBack(brief);
    list_.PushBack(three_);
  }
  EXPECT_EQ(ValuesOf(list_), (Values{1, 3}));
}

TEST_F(IntrusiveListTest, AListThatDiesLetsItsElementsGo) {
  {
    IntrusiveList<Item> brief;
    brief.PushBack(one_);
    brief.PushBack(two_);
  }
  EXPECT_FALSE(one_.linked());
  list_.PushBack(one_);
  EXPECT_EQ(ValuesOf(list_), (Values{1}));
}

TEST_F(IntrusiveListTest, AnElementCanComeBack) {
  list_.PushBack(one_);
  list_.PushBack(two_);
  one_.Unlink();
  list_.PushBack(one_);
  EXPECT_EQ(ValuesOf(list_), (Values{2, 1}));
}

TEST_F(IntrusiveListTest, SplicesAtTheEnd) {
  IntrusiveList<Item> other;
  list_.PushBack(one_);
  other.PushBack(two_);
  other.PushBack(three_);
  list_.Splice(other);
  EXPECT_TRUE(other.empty());
  EXPECT_EQ(ValuesOf(list_), (Values{1, 2, 3}));
  list_.Splice(other);  // nothing more to take
  EXPECT_EQ(ValuesOf(list_), (Values{1, 2, 3}));
  Item four(4);
  other.PushBack(four);
  EXPECT_EQ(ValuesOf(other), (Values{4}));
}

TEST_F(IntrusiveListTest, SplicesIntoAnEmptyList) {
  IntrusiveList<Item> other;
  other.PushBack(one_);
  other.PushBack(two_);
  list_.Splice(other);
  EXPECT_EQ(ValuesOf(list_), (Values{1, 2}));
  EXPECT_EQ(list_.back(), &two_);
}

TEST_F(IntrusiveListTest, AWalkMayUnlinkTheElementItStandsOn) {
  list_.PushBack(one_);
  list_.PushBack(two_);
  list_.PushBack(three_);
  for (Item* item = list_.front(); item != nullptr;) {
    Item* const next = list_.next(*item);
    if (item->value != 2) item->Unlink();
    item = next;
  }
  EXPECT_EQ(ValuesOf(list_), (Values{2}));
}

}  // namespace
}  // namespace hpsocket::core
