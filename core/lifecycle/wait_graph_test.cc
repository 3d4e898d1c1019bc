#include "hpsocket/core/lifecycle/wait_graph.h"

#include <gtest/gtest.h>

#include <thread>

#include "hpsocket/core/lifecycle/callback_scope.h"
#include "hpsocket/core/lifecycle/lifecycle.h"
#include "hpsocket/core/memory/failing_new.h"

namespace hpsocket::core {
namespace {

class NoOwner final : public LifecycleOwner {
 public:
  void RequestStop() override {}
  bool CancelStart() override { return false; }
  void DeliverHandedEvent() override {}
  void JoinWorkers(bool) override {}
  void FinishStop() override {}
};

struct Component {
  explicit Component(const char* kind) : lifecycle(kind, World::System(), owner) {}
  NoOwner owner;
  Lifecycle lifecycle;
};

TEST(WaitGraphTest, OutsideCallbacksNobodyIsInTheWay) {
  Component a("A");
  EXPECT_TRUE(WaitEdge(a.lifecycle).may_block());
}

TEST(WaitGraphTest, InsideAnotherComponentsCallbackOneMayWait) {
  Component a("A");
  Component b("B");
  const CallbackScope in_a(a.lifecycle);
  EXPECT_TRUE(WaitEdge(b.lifecycle).may_block());
}

TEST(WaitGraphTest, InsideItsOwnCallbackNot) {
  Component a("A");
  Component b("B");
  const CallbackScope in_a(a.lifecycle);
  const CallbackScope in_b(b.lifecycle);
  EXPECT_FALSE(WaitEdge(a.lifecycle).may_block());
  EXPECT_TRUE(CallbackScope::Inside(a.lifecycle));
}

TEST(WaitGraphTest, FindsACircleThroughThreeThreads) {
  Component a("A");
  Component b("B");
  Component c("C");
  const CallbackScope in_a(a.lifecycle);
  const WaitEdge a_waits_for_b(b.lifecycle);
  ASSERT_TRUE(a_waits_for_b.may_block());
  std::thread([&] {
    const CallbackScope in_b(b.lifecycle);
    const WaitEdge b_waits_for_c(c.lifecycle);
    ASSERT_TRUE(b_waits_for_c.may_block());
    std::thread([&] {
      const CallbackScope in_c(c.lifecycle);
      const WaitEdge c_waits_for_a(a.lifecycle);
      EXPECT_FALSE(c_waits_for_a.may_block());
      EXPECT_EQ(c_waits_for_a.waited_for_by(), &c.lifecycle);
    }).join();
  }).join();
}

TEST(WaitGraphTest, AnEdgeGoesWithItsWait) {
  Component a("A");
  Component b("B");
  {
    const CallbackScope in_a(a.lifecycle);
    const WaitEdge edge(b.lifecycle);
  }
  const CallbackScope in_b(b.lifecycle);
  EXPECT_TRUE(WaitEdge(a.lifecycle).may_block());
}

// A Stop inside another component's callback cannot fail.
TEST(WaitGraphTest, NeedsNoMemory) {
  Component a("A");
  Component b("B");
  Component c("C");
  const CallbackScope in_a(a.lifecycle);
  const CallbackScope in_b(b.lifecycle);
  FailOneNewForTest(0);
  {
    const WaitEdge edge(c.lifecycle);
    EXPECT_TRUE(edge.may_block());
    const CallbackScope in_c(c.lifecycle);
    const WaitEdge back(a.lifecycle);
    EXPECT_EQ(back.waited_for_by(), &c.lifecycle);
  }
  EXPECT_FALSE(EndFailingNewForTest());
}

}  // namespace
}  // namespace hpsocket::core
