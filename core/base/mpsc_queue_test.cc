#include "hpsocket/core/base/mpsc_queue.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace hpsocket::core {
namespace {

struct Item : MpscNode<Item> {
  int producer = 0;
  int number = 0;
};

std::vector<int> TakeNumbers(MpscQueue<Item>& queue) {
  std::vector<int> numbers;
  queue.TakeAll([&numbers](Item* item) { numbers.push_back(item->number); });
  return numbers;
}

TEST(MpscQueueTest, GivesBackWhatWasPushedInOrder) {
  MpscQueue<Item> queue;
  Item items[3];
  for (int i = 0; i < 3; ++i) {
    items[i].number = i;
    queue.Push(&items[i]);
  }
  EXPECT_EQ(TakeNumbers(queue), (std::vector<int>{0, 1, 2}));
  EXPECT_TRUE(queue.empty());
}

TEST(MpscQueueTest, TellsTheFirstPushOnlyThatTheQueueWasEmpty) {
  MpscQueue<Item> queue;
  Item first, second;
  EXPECT_TRUE(queue.Push(&first));
  EXPECT_FALSE(queue.Push(&second));
  EXPECT_FALSE(queue.empty());
  TakeNumbers(queue);
  EXPECT_TRUE(queue.Push(&first));
  TakeNumbers(queue);
}

TEST(MpscQueueTest, TakesNothingFromAnEmptyQueue) {
  MpscQueue<Item> queue;
  EXPECT_TRUE(queue.empty());
  EXPECT_TRUE(TakeNumbers(queue).empty());
}

TEST(MpscQueueTest, AnElementPushedDuringTheVisitComesWithTheNextTake) {
  MpscQueue<Item> queue;
  Item item;
  queue.Push(&item);
  int visits = 0;
  queue.TakeAll([&](Item* visited) {
    ++visits;
    queue.Push(visited);
  });
  EXPECT_EQ(visits, 1);
  EXPECT_EQ(TakeNumbers(queue).size(), 1u);
}

TEST(MpscQueueTest, AVisitedElementMayBeFreed) {
  MpscQueue<Item> queue;
  for (int i = 0; i < 4; ++i) queue.Push(new Item);
  int freed = 0;
  queue.TakeAll([&freed](Item* item) {
    delete item;
    ++freed;
  });
  EXPECT_EQ(freed, 4);
}

TEST(MpscQueueTest, KeepsTheOrderOfEachProducerAndLosesNothing) {
  constexpr int kProducers = 4;
  constexpr int kEach = 5000;
  MpscQueue<Item> queue;
  std::vector<std::vector<Item>> items(kProducers);
  std::vector<std::thread> producers;
  for (int producer = 0; producer < kProducers; ++producer) {
    std::vector<Item>& mine = items[static_cast<size_t>(producer)];
    mine = std::vector<Item>(kEach);
    producers.emplace_back([&queue, &mine, producer] {
      for (int i = 0; i < kEach; ++i) {
        Item& item = mine[static_cast<size_t>(i)];
        item.producer = producer;
        item.number = i;
        queue.Push(&item);
      }
    });
  }
  std::vector<int> next(kProducers, 0);
  int taken = 0;
  while (taken < kProducers * kEach) {
    queue.TakeAll([&](Item* item) {
      EXPECT_EQ(item->number, next[static_cast<size_t>(item->producer)]++);
      ++taken;
    });
    std::this_thread::yield();
  }
  for (std::thread& producer : producers) producer.join();
  EXPECT_TRUE(queue.empty());
}

}  // namespace
}  // namespace hpsocket::core
