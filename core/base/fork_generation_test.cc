#include "hpsocket/core/base/fork_generation.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hpsocket::core {
namespace {

// Spec: fault 32
TEST(ForkGenerationTest, IsAnotherOneInEveryChildAndStaysTheSameInTheParent) {
  ForkGeneration::Watch();
  ForkGeneration::Watch();  // registers once
  EXPECT_FALSE(ForkGeneration::EverForked());
  const uint32_t own = ForkGeneration::Now();
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const uint32_t childs = ForkGeneration::Now();
    const pid_t grandchild = fork();
    if (grandchild == 0) _exit(ForkGeneration::Now() == childs + 1 ? 0 : 1);
    int status = 1;
    waitpid(grandchild, &status, 0);
    _exit(status == 0 && childs == own + 1 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(ForkGeneration::Now(), own);
  EXPECT_TRUE(ForkGeneration::EverForked());
}

}  // namespace
}  // namespace hpsocket::core
