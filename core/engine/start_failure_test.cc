#include "hpsocket/core/engine/start_failure.h"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>

namespace hpsocket::core {
namespace {

TEST(StartFailureTest, ContainsWhateverAStepThrows) {
  const StartFailure no_memory = StartFailure::Contained([]() -> StartFailure { throw std::bad_alloc(); });
  EXPECT_EQ(no_memory.code, SE_CP_CREATE);
  EXPECT_EQ(no_memory.error, ENOMEM);
  // As std::random_device does where there is none.
  StartFailure other;
  EXPECT_NO_THROW(
      other = StartFailure::Contained([]() -> StartFailure { throw std::runtime_error("no randomness"); }));
  EXPECT_EQ(other.code, SE_CP_CREATE);
  EXPECT_EQ(other.error, EIO);
  EXPECT_FALSE(StartFailure::Contained([] { return StartFailure(); }).failed());
}

}  // namespace
}  // namespace hpsocket::core
