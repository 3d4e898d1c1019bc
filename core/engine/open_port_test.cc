#include "hpsocket/core/engine/open_port.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hpsocket::core {
namespace {

// Spec: decisions 8.2/3
TEST(OpenPortTest, DescribesThePortsOfAllWorkers) {
  const std::string uring = "io_uring: it works";
  const std::string epoll = "epoll, fallen back from io_uring: no memory";
  EXPECT_EQ(DescribePorts(std::vector<std::string>{uring}), uring);
  EXPECT_EQ(DescribePorts(std::vector<std::string>{uring, uring}), uring);
  EXPECT_EQ(DescribePorts(std::vector<std::string>{uring, uring, epoll}),
            uring + "; 1 of 3 workers: " + epoll);
  EXPECT_EQ(DescribePorts(std::vector<std::string>{uring, epoll, uring}),
            uring + "; 1 of 3 workers: " + epoll);
}

}  // namespace
}  // namespace hpsocket::core
