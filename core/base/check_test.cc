#include "hpsocket/core/base/check.h"

#include <gtest/gtest.h>

namespace hpsocket::core {
namespace {

TEST(CheckTest, LetsATrueConditionPass) {
  int evaluated = 0;
  HP_CHECK(++evaluated == 1);
  EXPECT_EQ(evaluated, 1);
}

TEST(CheckDeathTest, StopsTheProgramWithPlaceAndCondition) {
  EXPECT_DEATH(HP_CHECK(1 + 1 == 3), "hpsocket: fatal: .*check_test\\.cc:[0-9]+: 1 \\+ 1 == 3");
}

TEST(CheckDeathTest, StopsTheProgramWithAMessage) {
  EXPECT_DEATH(HP_FATAL("two components wait for each other"), "check_test\\.cc:[0-9]+: two components wait");
}

TEST(CheckDeathTest, ChecksForDevelopersAreOnWhereAssertionsAre) {
#ifdef NDEBUG
  HP_DCHECK(1 + 1 == 3);
#else
  EXPECT_DEATH(HP_DCHECK(1 + 1 == 3), "1 \\+ 1 == 3");
#endif
}

}  // namespace
}  // namespace hpsocket::core
