#include "hpsocket/core/memory/failing_new.h"

#include <memory>
#include <new>
#include <string>

#include "gtest/gtest.h"

namespace hpsocket::core {
namespace {

// Larger than anything that needs no memory of its own.
std::string LongText() { return std::string(100, 'x'); }

class FailingNewTest : public testing::Test {
 protected:
  ~FailingNewTest() override { EndFailingNewForTest(); }

  // One letter per allocation: f failed, o okay.
  static std::string Ask(int times) {
    std::string answers;
    for (int i = 0; i < times; ++i) {
      try {
        const std::string text = LongText();
        answers += 'o';
      } catch (const std::bad_alloc&) {
        answers += 'f';
      }
    }
    return answers;
  }
};

TEST_F(FailingNewTest, FailsTheOneAfterTheSkippedOnes) {
  FailOneNewForTest(2);
  EXPECT_EQ(Ask(6), "oofooo");
  EXPECT_TRUE(EndFailingNewForTest());
  EXPECT_EQ(Ask(3), "ooo");
}

TEST_F(FailingNewTest, SaysThatNoneHasFailed) {
  FailOneNewForTest(5);
  EXPECT_EQ(Ask(5), "ooooo");
  EXPECT_FALSE(EndFailingNewForTest());
}

TEST_F(FailingNewTest, LeavesTheTestsOwnAlone) {
  FailOneNewForTest(0);
  {
    const TestsOwnNew own;
    EXPECT_EQ(Ask(2), "oo");
  }
  EXPECT_EQ(Ask(2), "fo");
}

TEST_F(FailingNewTest, CountsWhatLives) {
  const int64_t before = LiveNewsForTest();
  auto text = std::make_unique<std::string>(LongText());
  EXPECT_EQ(LiveNewsForTest(), before + 2);
  text = nullptr;
  EXPECT_EQ(LiveNewsForTest(), before);
}

}  // namespace
}  // namespace hpsocket::core
