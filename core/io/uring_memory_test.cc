#include "hpsocket/core/io/uring_memory.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace hpsocket::core {
namespace {

// Spec: fault 33
TEST(UringMemoryTest, TriesAgainUntilThereIsMemory) {
  int attempts = 0;
  EXPECT_EQ(RetryWhileRingsGo([&] { return ++attempts < 4 ? -ENOMEM : 7; }), 7);
  EXPECT_EQ(attempts, 4);
}

// Spec: fault 33
TEST(UringMemoryTest, GivesUpInTheEnd) {
  EXPECT_EQ(RetryWhileRingsGo([] { return -ENOMEM; }), -ENOMEM);
}

TEST(UringMemoryTest, OtherErrorsAreFinal) {
  int attempts = 0;
  EXPECT_EQ(RetryWhileRingsGo([&] {
              ++attempts;
              return -EPERM;
            }),
            -EPERM);
  EXPECT_EQ(attempts, 1);
}

}  // namespace
}  // namespace hpsocket::core
