#include "hpsocket/core/io/step_driver.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <thread>
#include <utility>

namespace hpsocket::core {
namespace {

class Task final : public Runnable {
 public:
  explicit Task(std::function<bool(bool may_block)> round) : round_(std::move(round)) {}
  bool RunRound(bool may_block) override { return round_(may_block); }

 private:
  std::function<bool(bool may_block)> round_;
};

class StubPort final : public SteppedPort {
 public:
  bool HasWork() const override { return work; }
  std::string Describe() const override { return "stub port"; }

  bool work = false;
};

class StepDriverTest : public ::testing::Test {
 protected:
  bool RunUntil(absl::FunctionRef<bool()> done, Duration patience = std::chrono::seconds(60)) {
    return driver_.PumpUntil("the test", done, clock_.Now() + patience);
  }

  FakeClock clock_;
  FakeTrace trace_;
  FakeFaults faults_{FakeWorldOptions::Calm(1), trace_};
  FakeKernel kernel_{clock_, faults_, trace_};
  StepDriver driver_{clock_, faults_, kernel_, trace_};
};

TEST_F(StepDriverTest, RunsARunnableUntilItHasFinished) {
  int rounds = 0;
  Task task([this, &rounds](bool) {
    driver_.CountEffect();
    return ++rounds < 10;
  });
  const auto thread = driver_.Start(task, "task");
  thread->Join();
  EXPECT_EQ(rounds, 10);
}

TEST_F(StepDriverTest, RunnableMayFreeItselfInItsLastRound) {
  Task* task = nullptr;
  task = new Task([&task](bool) {
    delete task;
    return false;
  });
  driver_.Start(*task, "task")->Join();
}

TEST_F(StepDriverTest, NeverEntersARunnableThatIsOnTheStack) {
  int depth = 0, deepest = 0, others = 0;
  bool stop = false;
  Task waiting([&](bool) {
    deepest = std::max(deepest, ++depth);
    RunUntil([&others, seen = others] { return others > seen + 2; });
    --depth;
    return !stop;
  });
  Task working([&](bool) {
    driver_.CountEffect();
    ++others;
    return !stop;
  });
  const auto first = driver_.Start(waiting, "waiting");
  const auto second = driver_.Start(working, "working");
  EXPECT_TRUE(RunUntil([&others] { return others > 20; }));
  stop = true;
  first->Join();
  second->Join();
  EXPECT_EQ(deepest, 1);
}

TEST_F(StepDriverTest, TimeStandsStillWhileAnybodyWorksAndThenJumps) {
  const TimePoint start = clock_.Now();
  int rounds = 0;
  Task task([&](bool) {
    EXPECT_EQ(clock_.Now(), start);
    driver_.CountEffect();
    return ++rounds < 100;
  });
  const auto thread = driver_.Start(task, "task");
  EXPECT_FALSE(RunUntil([] { return false; }));
  EXPECT_EQ(clock_.Now() - start, std::chrono::seconds(60));
  EXPECT_EQ(rounds, 100);
  thread->Join();
}

TEST_F(StepDriverTest, SleeperIsCalledAtItsDeadlineOrWhenItsPortHasWork) {
  StubPort port;
  bool stop = false;
  std::vector<int64_t> times;
  const TimePoint start = clock_.Now();
  bool opened = false;
  Task task([&](bool may_block) {
    if (stop) return false;
    if (!std::exchange(opened, true)) driver_.AddPort(port, driver_.current());
    if (!may_block) return true;
    if (port.work || (!times.empty() && clock_.Now() - start >= FromMillis(times.back() + 100)) ||
        times.empty()) {
      times.push_back(ToMillis(clock_.Now() - start));
      driver_.CountEffect();
      port.work = false;
    }
    driver_.SleepInRound(start + FromMillis(times.back() + 100));
    return true;
  });
  const auto thread = driver_.Start(task, "task");
  kernel_.After(FromMillis(250), [&port] { port.work = true; });
  RunUntil([] { return false; }, FromMillis(400));
  EXPECT_EQ(times, (std::vector<int64_t>{0, 100, 200, 250, 350}));
  stop = true;
  port.work = true;
  thread->Join();
  driver_.RemovePort(port);
}

TEST_F(StepDriverTest, WorkHandedOverUnseenIsFoundBeforeTimeMoves) {
  const TimePoint start = clock_.Now();
  bool stop = false;
  int inbox_of_first = 0, inbox_of_second = 0, done = 0;
  // Neither tells the driver anything.
  Task first([&](bool) {
    if (inbox_of_first > 0) {
      --inbox_of_first;
      ++inbox_of_second;
    }
    return !stop;
  });
  Task second([&](bool) {
    if (inbox_of_second > 0) {
      --inbox_of_second;
      ++done;
    }
    return !stop;
  });
  const auto a = driver_.Start(first, "first");
  const auto b = driver_.Start(second, "second");
  RunUntil([] { return false; }, FromMillis(1));
  inbox_of_first = 1;
  EXPECT_TRUE(RunUntil([&done] { return done == 1; }));
  EXPECT_EQ(clock_.Now() - start, FromMillis(1));
  stop = true;
  a->Join();
  b->Join();
}

TEST_F(StepDriverTest, AskingWithoutWaitingStepsNothing) {
  int rounds = 0;
  Task task([&rounds](bool) { return ++rounds < 1; });
  const auto thread = driver_.Start(task, "task");
  EXPECT_FALSE(driver_.PumpUntil(
      "asks", [] { return false; }, kAtOnce));
  EXPECT_EQ(rounds, 0);
  thread->Join();
}

TEST_F(StepDriverTest, SeedDecidesTheOrder) {
  const auto order_of = [](uint64_t seed) {
    FakeClock clock;
    FakeTrace trace;
    FakeFaults faults(FakeWorldOptions::Calm(seed), trace);
    FakeKernel kernel(clock, faults, trace);
    StepDriver driver(clock, faults, kernel, trace);
    std::string order;
    const auto append = [&order, &driver](char name) {
      driver.CountEffect();
      order += name;
      return order.size() < 30;
    };
    Task a([&append](bool) { return append('a'); });
    Task b([&append](bool) { return append('b'); });
    const auto first = driver.Start(a, "a");
    const auto second = driver.Start(b, "b");
    first->Join();
    second->Join();
    return order;
  };
  EXPECT_EQ(order_of(1), order_of(1));
  EXPECT_NE(order_of(1), order_of(2));
}

TEST_F(StepDriverTest, WaitInARoundBlocksThatRunnableOnly) {
  bool open = false, passed = false;
  int others = 0;
  std::thread::id first_thread, second_thread;
  Task waiting([&](bool) {
    first_thread = std::this_thread::get_id();
    passed = RunUntil([&open] { return open; });
    return false;
  });
  Task working([&](bool) {
    second_thread = std::this_thread::get_id();
    driver_.CountEffect();
    return ++others < 10;
  });
  const auto first = driver_.Start(waiting, "waiting");
  const auto second = driver_.Start(working, "working");
  second->Join();
  EXPECT_TRUE(RunUntil([&first_thread] { return first_thread != std::thread::id(); }));
  EXPECT_FALSE(passed);
  open = true;
  first->Join();
  EXPECT_TRUE(passed);
  EXPECT_NE(first_thread, second_thread);
  EXPECT_NE(first_thread, std::this_thread::get_id());
}

TEST_F(StepDriverTest, ThreadsOfTheTestTakeTurnsAtTheirWaits) {
  std::string order;
  std::vector<std::unique_ptr<RunningThread>> threads;
  for (const char name : {'a', 'b', 'c'}) {
    threads.push_back(driver_.StartThread(
        [this, &order, name] {
          for (int i = 0; i < 20; ++i) {
            order += name;
            const size_t seen = order.size();
            RunUntil([&] { return order.size() > seen; }, FromMillis(1));
          }
        },
        std::string(1, name)));
  }
  EXPECT_TRUE(order.empty()) << "nobody runs before this thread waits";
  for (const auto& thread : threads) thread->Join();
  EXPECT_EQ(order.size(), 60u);
  EXPECT_NE(order.find("ab"), std::string::npos);
  EXPECT_NE(order.find("c"), std::string::npos);
}

TEST_F(StepDriverTest, GivingWayLetsOthersRunNowAndThen) {
  int rounds = 0;
  Task task([this, &rounds](bool) {
    driver_.CountEffect();
    return ++rounds < 100;
  });
  const auto thread = driver_.Start(task, "task");
  int given = 0;
  while (rounds < 100) {
    driver_.GiveWay();
    ++given;
  }
  EXPECT_GT(given, 100);
  thread->Join();
}

class StepDriverDeathTest : public StepDriverTest {
 protected:
  // The world has threads, which a fork does not take along.
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(StepDriverDeathTest, WaitThatNothingCanEndStopsTheProgramAndNamesWhoWaits) {
  bool stop = false;
  Task task([&stop](bool) { return !stop; });
  const auto thread = driver_.Start(task, "idle-one");
  const auto wait = [this] {
    driver_.PumpUntil(
        "my wait", [] { return false; }, kForever);
  };
  EXPECT_DEATH(
      wait(),
      "this would hang for ever(.|\n)*my wait for ever, in the test(.|\n)*'idle-one' has nothing to do");
  stop = true;
  thread->Join();
}

TEST_F(StepDriverDeathTest, SpinStopsTheProgram) {
  faults_.options().spin_limit = 1000;
  bool stop = false;
  Task task([this, &stop](bool) {
    driver_.CountEffect();
    return !stop;
  });
  const auto thread = driver_.Start(task, "spinner");
  EXPECT_DEATH(RunUntil([] { return false; }), "something spins(.|\n)*'spinner'");
  stop = true;
  thread->Join();
}

TEST_F(StepDriverDeathTest, OtherThreadsAreNotLetIn) {
  const auto intrude = [this] {
    std::thread([this] {
      RunUntil([] { return true; });
      driver_.CheckThread();
    }).join();
  };
  EXPECT_DEATH(intrude(), "another thread than the simulated world's own came in");
}

TEST_F(StepDriverDeathTest, RunnableMustNotJoinItselfNorBeForgotten) {
  std::unique_ptr<RunningThread> thread;
  Task task([&thread](bool) {
    thread->Join();
    return false;
  });
  Task once([](bool) { return false; });
  const auto join_itself = [&] {
    thread = driver_.Start(task, "task");
    RunUntil([] { return false; });
  };
  EXPECT_DEATH(join_itself(), "waits for its own end");
  EXPECT_DEATH(driver_.Start(once, "once").reset(), "destroyed before Join");
}

}  // namespace
}  // namespace hpsocket::core
