#include "hpsocket/core/engine/object_pool.h"

#include <gtest/gtest.h>

#include <array>
#include <thread>
#include <vector>

namespace hpsocket::core {
namespace {

struct Object {
  explicit Object(int first) : value(first) {}
  int value;
  std::array<char, 100> rest{};
};

TEST(ObjectPoolTest, KeepsUpToHoldAndTrimsToKeep) {
  SharedPool memory;
  {
    ObjectPool<Object> pool(memory, 2, 5);
    std::vector<Object*> objects;
    for (int i = 0; i < 10; ++i) objects.push_back(pool.New(i));
    EXPECT_EQ(memory.live_count(), 10);
    for (Object* object : objects) pool.Delete(object);
    EXPECT_EQ(memory.live_count(), 5) << "above Hold memory goes back at once";
    EXPECT_TRUE(pool.above_keep());
    pool.TrimToKeep();
    EXPECT_EQ(memory.live_count(), 2);
    EXPECT_FALSE(pool.above_keep());
  }
  EXPECT_EQ(memory.live_count(), 0);
}

TEST(ObjectPoolTest, AReusedPlaceHoldsANewObject) {
  SharedPool memory;
  ObjectPool<Object> pool(memory, 1, 1);
  Object* first = pool.New(1);
  pool.Delete(first);
  Object* second = pool.New(2);
  EXPECT_EQ(static_cast<void*>(first), static_cast<void*>(second));
  EXPECT_EQ(second->value, 2);
  pool.Delete(second);
}

TEST(ObjectPoolTest, ZeroKeepsNothing) {
  SharedPool memory;
  ObjectPool<Object> pool(memory, 0, 0);
  pool.Delete(pool.New(1));
  EXPECT_EQ(memory.live_count(), 0);
}

TEST(ObjectPoolTest, ServesManyThreads) {
  SharedPool memory;
  {
    ObjectPool<Object> pool(memory, 10, 20);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&pool, t] {
        for (int i = 0; i < 5000; ++i) {
          Object* object = pool.New(t);
          EXPECT_EQ(object->value, t);
          pool.Delete(object);
          if (i % 100 == 0) pool.TrimToKeep();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(memory.live_count(), 0);
}

}  // namespace
}  // namespace hpsocket::core
