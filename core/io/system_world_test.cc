#include <pthread.h>
#include <signal.h>

#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/core/io/world.h"

namespace hpsocket::core {
namespace {

class CountedRounds final : public Runnable {
 public:
  explicit CountedRounds(int rounds) : left_(rounds) {}

  bool RunRound(bool may_block) override {
    EXPECT_TRUE(may_block);
    if (--left_ > 0) return true;
    char name[16] = {};
    pthread_getname_np(pthread_self(), name, sizeof(name));
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    MutexLock lock(mutex);
    thread_name = name;
    blocks_signals = sigismember(&blocked, SIGINT) == 1 && sigismember(&blocked, SIGCHLD) == 1;
    finished = true;
    changed.NotifyAll();
    return false;
  }

  Mutex mutex;
  CondVar changed;
  bool finished ABSL_GUARDED_BY(mutex) = false;
  bool blocks_signals ABSL_GUARDED_BY(mutex) = false;
  std::string thread_name ABSL_GUARDED_BY(mutex);

 private:
  int left_;
};

TEST(SystemWorldTest, AThreadRunsItsRunnableUntilItIsFinished) {
  sigset_t before;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  CountedRounds rounds(5);
  int error = -1;
  const auto thread = World::System().StartThread(rounds, "hp-worker-with-a-long-name", &error);
  ASSERT_NE(thread, nullptr);
  EXPECT_EQ(error, 0);
  {
    MutexLock lock(rounds.mutex);
    EXPECT_TRUE(World::System().Await(
        rounds.mutex, rounds.changed, [&] { return rounds.finished; }, kForever));
    EXPECT_EQ(rounds.thread_name, "hp-worker-with-");
    EXPECT_TRUE(rounds.blocks_signals);
  }
  thread->Join();
  thread->Join();
  sigset_t after;
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  EXPECT_EQ(sigismember(&before, SIGINT), sigismember(&after, SIGINT))
      << "the caller's own signals are as they were";
}

TEST(SystemWorldTest, ARunnableMayFreeItselfInItsLastRound) {
  class Once final : public Runnable {
   public:
    bool RunRound(bool) override {
      delete this;
      return false;
    }
  };
  int error = 0;
  const auto thread = World::System().StartThread(*new Once, "once", &error);
  ASSERT_NE(thread, nullptr);
  thread->Join();
}

TEST(SystemWorldTest, AwaitGivesUpAtItsDeadline) {
  Mutex mutex;
  CondVar changed;
  MutexLock lock(mutex);
  World& world = World::System();
  const TimePoint deadline = world.clock().Now() + std::chrono::milliseconds(2);
  EXPECT_FALSE(world.Await(
      mutex, changed, [] { return false; }, deadline));
  EXPECT_GE(world.clock().Now(), deadline);
  EXPECT_FALSE(world.Await(
      mutex, changed, [] { return false; }, kAtOnce));
  EXPECT_TRUE(world.Await(
      mutex, changed, [] { return true; }, kAtOnce));
  EXPECT_FALSE(world.Await(
      mutex, changed, [] { return false; }, world.clock().Now() - std::chrono::hours(1)));
}

TEST(SystemWorldTest, ItIsTheCurrentWorldUnlessATestSaysOtherwise) {
  EXPECT_FALSE(World::System().simulated());
  EXPECT_EQ(&World::Current(), &World::System());
  World::ReplaceForTest(&World::System());
  EXPECT_EQ(&World::Current(), &World::System());
  World::ReplaceForTest(nullptr);
  EXPECT_EQ(&World::Current(), &World::System());
}

TEST(SystemWorldTest, MakesPorts) {
  int error = -1;
  std::string why;
  for (const PortChoice choice : {PortChoice::kAuto, PortChoice::kEpoll}) {
    const auto port = World::System().NewPort(choice, &error, &why);
    ASSERT_NE(port, nullptr) << why;
    EXPECT_EQ(error, 0);
    EXPECT_FALSE(why.empty());
    ASSERT_EQ(port->Open({}, &why), 0) << why;
    port->RunOnce(kAtOnce);
  }
}

}  // namespace
}  // namespace hpsocket::core
