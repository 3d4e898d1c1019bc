#include "hpsocket/core/memory/allocation_fault.h"

#include <string>

#include "gtest/gtest.h"

namespace hpsocket::core {
namespace {

class AllocationFaultTest : public testing::Test {
 protected:
  ~AllocationFaultTest() override { FailAllocationsForTest(0, 0); }

  // One letter per allocation: f failed, o okay.
  static std::string Ask(int times) {
    std::string answers;
    for (int i = 0; i < times; ++i) answers += AllocationMustFail() ? 'f' : 'o';
    return answers;
  }
};

TEST_F(AllocationFaultTest, IsOffAtFirst) {
  EXPECT_EQ(Ask(3), "ooo");
  EXPECT_EQ(AllocationsFailedForTest(), 0);
}

TEST_F(AllocationFaultTest, FailsTheOnesAfterTheSkippedOnes) {
  FailAllocationsForTest(2, 3);
  EXPECT_EQ(Ask(8), "oofffooo");
  EXPECT_EQ(AllocationsFailedForTest(), 3);
}

TEST_F(AllocationFaultTest, FailsForeverIfAskedTo) {
  FailAllocationsForTest(0, INT64_MAX);
  EXPECT_EQ(Ask(100), std::string(100, 'f'));
}

TEST_F(AllocationFaultTest, EachCallStartsOver) {
  FailAllocationsForTest(1, 5);
  EXPECT_EQ(Ask(2), "of");
  FailAllocationsForTest(1, 1);
  EXPECT_EQ(AllocationsFailedForTest(), 0);
  EXPECT_EQ(Ask(4), "ofoo");
  FailAllocationsForTest(0, 5);
  FailAllocationsForTest(0, 0);
  EXPECT_EQ(Ask(2), "oo");
}

}  // namespace
}  // namespace hpsocket::core
