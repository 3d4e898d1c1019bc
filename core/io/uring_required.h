// Internal to core. Tests only.
//
// A fixture whose tests are skipped, and say why, where the machine does not permit io_uring.
//
// Threads:  the test's.
#ifndef HPSOCKET_CORE_IO_URING_REQUIRED_H_
#define HPSOCKET_CORE_IO_URING_REQUIRED_H_

#include "gtest/gtest.h"
#include "hpsocket/core/io/uring_probe.h"

namespace hpsocket::core {

class UringRequired : public testing::Test {
 protected:
  void SetUp() override {
    if (!ProbedUring().usable()) GTEST_SKIP() << ProbedUring().why;
  }
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_URING_REQUIRED_H_
