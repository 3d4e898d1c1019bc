#include "hpsocket/core/io/operation_queue.h"

#include <gtest/gtest.h>

namespace hpsocket::core {
namespace {

class Item final : public Operation {};

class OperationQueueTest : public ::testing::Test {
 protected:
  void PushAll() {
    queue_.PushBack(one_);
    queue_.PushBack(two_);
    queue_.PushBack(three_);
  }

  Item one_, two_, three_;
  OperationQueue queue_;
};

TEST_F(OperationQueueTest, StartsEmpty) {
  EXPECT_TRUE(queue_.empty());
  EXPECT_EQ(queue_.last(), nullptr);
  EXPECT_EQ(queue_.PopFront(), nullptr);
}

TEST_F(OperationQueueTest, IsFirstInFirstOut) {
  PushAll();
  EXPECT_EQ(queue_.last(), &three_);
  EXPECT_TRUE(two_.port_queued);
  EXPECT_EQ(queue_.PopFront(), &one_);
  EXPECT_FALSE(one_.port_queued);
  EXPECT_EQ(queue_.PopFront(), &two_);
  EXPECT_EQ(queue_.PopFront(), &three_);
  EXPECT_TRUE(queue_.empty());
}

TEST_F(OperationQueueTest, TakesAnythingOutOfTheMiddleAndTheEnds) {
  for (Item* const item : {&one_, &two_, &three_}) {
    PushAll();
    queue_.Remove(*item);
    EXPECT_FALSE(item->port_queued);
    int left = 0;
    while (const Operation* const next = queue_.PopFront()) {
      EXPECT_NE(next, item);
      ++left;
    }
    EXPECT_EQ(left, 2);
  }
}

TEST_F(OperationQueueTest, GoesOnAfterItsLastOneWasTakenOut) {
  PushAll();
  queue_.Remove(three_);
  EXPECT_EQ(queue_.last(), &two_);
  queue_.PushBack(three_);
  EXPECT_EQ(queue_.PopFront(), &one_);
  EXPECT_EQ(queue_.PopFront(), &two_);
  EXPECT_EQ(queue_.PopFront(), &three_);
  queue_.PushBack(one_);
  queue_.Remove(one_);
  EXPECT_TRUE(queue_.empty());
  EXPECT_EQ(queue_.last(), nullptr);
}

}  // namespace
}  // namespace hpsocket::core
