#include "hpsocket/core/base/mutex.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace hpsocket::core {
namespace {

template <class M>
class EitherMutexTest : public ::testing::Test {};

using Mutexes = ::testing::Types<Mutex, SmallMutex>;
TYPED_TEST_SUITE(EitherMutexTest, Mutexes);

TYPED_TEST(EitherMutexTest, LetsOneThreadInAtATime) {
  constexpr int kThreads = 4;
  constexpr int kEach = 5000;
  TypeParam mutex;
  int inside = 0;  // plain on purpose: the mutex is what makes it safe
  int64_t total = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < kEach; ++n) {
        LockGuard<TypeParam> lock(mutex);
        EXPECT_EQ(++inside, 1);
        ++total;
        --inside;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(total, int64_t{kThreads} * kEach);
}

TYPED_TEST(EitherMutexTest, AWaiterGetsInWhenTheHolderLeaves) {
  TypeParam mutex;
  bool changed = false;
  mutex.lock();
  std::thread waiter([&] {
    LockGuard<TypeParam> lock(mutex);
    EXPECT_TRUE(changed);
  });
  changed = true;
  mutex.unlock();
  waiter.join();
}

TYPED_TEST(EitherMutexTest, CanBeTakenAgainAfterwards) {
  TypeParam mutex;
  for (int i = 0; i < 3; ++i) {
    mutex.lock();
    mutex.unlock();
  }
}

void ExpectFree(Mutex& mutex, bool free) {
  std::thread([&mutex, free] {
    if (mutex.try_lock()) {
      mutex.unlock();
      EXPECT_TRUE(free);
    } else {
      EXPECT_FALSE(free);
    }
  }).join();
}

TEST(MutexTest, TryLockSaysWhetherItIsFree) {
  Mutex mutex;
  ExpectFree(mutex, true);
  mutex.lock();
  ExpectFree(mutex, false);
  mutex.unlock();
  ExpectFree(mutex, true);
}

TEST(SmallMutexTest, IsSmall) { EXPECT_EQ(sizeof(SmallMutex), 4u); }

TEST(CondVarTest, WaitsUntilNotified) {
  Mutex mutex;
  CondVar changed;
  bool done = false;
  std::thread notifier([&] {
    MutexLock lock(mutex);
    done = true;
    changed.NotifyAll();
  });
  {
    MutexLock lock(mutex);
    while (!done) EXPECT_TRUE(changed.WaitUntil(mutex, kForever));
    EXPECT_TRUE(done);
  }
  notifier.join();
}

TEST(CondVarTest, HoldsTheMutexAgainAfterTheWait) {
  Mutex mutex;
  CondVar changed;
  MutexLock lock(mutex);
  changed.WaitUntil(mutex, Clock::System().Now());
  ExpectFree(mutex, false);
}

TEST(CondVarTest, SaysThatTheDeadlineHasPassed) {
  Mutex mutex;
  CondVar changed;
  MutexLock lock(mutex);
  const TimePoint deadline = Clock::System().Now() + FromMillis(2);
  while (changed.WaitUntil(mutex, deadline)) {
  }
  EXPECT_GE(Clock::System().Now(), deadline);
  EXPECT_FALSE(changed.WaitUntil(mutex, kAtOnce));
}

}  // namespace
}  // namespace hpsocket::core
