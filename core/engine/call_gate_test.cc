#include "hpsocket/core/engine/call_gate.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace hpsocket::core {
namespace {

TEST(CallGateTest, RefusesOnceClosed) {
  CallGate gate;
  EXPECT_TRUE(CallGate::Scope(gate).entered());
  gate.Close();
  EXPECT_FALSE(CallGate::Scope(gate).entered());
  gate.Open();
  EXPECT_TRUE(CallGate::Scope(gate).entered());
}

TEST(CallGateTest, KnowsWhenTheLastOneHasLeft) {
  CallGate gate;
  const int token = gate.Enter();
  gate.Close();
  EXPECT_FALSE(gate.empty());
  gate.Leave(token);
  EXPECT_TRUE(gate.empty());
}

TEST(CallGateTest, TwoEpochsPassAtOnceWhenNobodyIsInside) {
  CallGate gate;
  const uint64_t before = gate.epoch();
  gate.TryAdvance();
  gate.TryAdvance();
  EXPECT_EQ(gate.epoch(), before + 2);
}

TEST(CallGateTest, ACallerInsideHoldsBackTheSecondEpoch) {
  CallGate gate;
  const uint64_t before = gate.epoch();
  const int token = gate.Enter();
  for (int i = 0; i < 5; ++i) gate.TryAdvance();
  EXPECT_EQ(gate.epoch(), before + 1);
  const int later = gate.Enter();
  gate.Leave(token);
  for (int i = 0; i < 5; ++i) gate.TryAdvance();
  EXPECT_EQ(gate.epoch(), before + 2) << "who entered later must not hold back more than its own epoch";
  gate.Leave(later);
}

TEST(CallGateTest, AdvancesWhileClosed) {
  CallGate gate;
  gate.Close();
  const uint64_t before = gate.epoch();
  gate.TryAdvance();
  gate.TryAdvance();
  EXPECT_EQ(gate.epoch(), before + 2);
}

// What a Start frees that comes after one which failed.
TEST(CallGateTest, IsDrainedOnlyWhenTheLastOneHasLeft) {
  CallGate gate;
  std::unique_ptr<int> table = std::make_unique<int>(1);
  std::atomic<bool> inside{false};
  std::atomic<bool> looked{false};
  std::thread caller([&] {
    const CallGate::Scope scope(gate);
    ASSERT_TRUE(scope.entered());
    inside.store(true);
    // The gate closes meanwhile.
    for (int token = 0; (token = gate.Enter()) != CallGate::kRefused;) gate.Leave(token);
    EXPECT_EQ(*table, 1);
    looked.store(true);
  });
  while (!inside.load()) std::this_thread::yield();
  gate.CloseAndDrain();
  EXPECT_TRUE(looked.load());
  table.reset();
  caller.join();
}

// Readers follow a pointer inside the gate; the writer frees what it has unlinked two epochs ago.
// Sanitizers see a use after free or a race if the gate lets one through.
TEST(CallGateTest, NothingIsFreedUnderAReader) {
  CallGate gate;
  std::atomic<std::atomic<int>*> shared{new std::atomic<int>(1)};
  std::atomic<bool> stop{false};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!stop.load()) {
        const CallGate::Scope inside(gate);
        EXPECT_EQ(shared.load(std::memory_order_acquire)->load(), 1);
      }
    });
  }
  struct Retired {
    std::atomic<int>* pointer;
    uint64_t epoch;
  };
  std::vector<Retired> retired;
  size_t freed = 0;
  for (int i = 0; i < 20000 || freed == 0; ++i) {
    std::atomic<int>* old = shared.exchange(new std::atomic<int>(1));
    retired.push_back({old, gate.epoch()});
    gate.TryAdvance();
    while (!retired.empty() && retired.front().epoch + 2 <= gate.epoch()) {
      retired.front().pointer->store(-1);
      delete retired.front().pointer;
      retired.erase(retired.begin());
      ++freed;
    }
  }
  stop.store(true);
  for (std::thread& reader : readers) reader.join();
  for (const Retired& left : retired) delete left.pointer;
  delete shared.load();
  EXPECT_GT(freed, 0u);
}

}  // namespace
}  // namespace hpsocket::core
