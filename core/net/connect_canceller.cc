#include <sys/eventfd.h>
#include <unistd.h>

#include "hpsocket/core/net/network.h"

namespace hpsocket::core {

ConnectCanceller::ConnectCanceller() : wake_fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

ConnectCanceller::~ConnectCanceller() {
  if (wake_fd_ >= 0) close(wake_fd_);
}

void ConnectCanceller::Cancel() {
  cancelled_.store(true, std::memory_order_release);
  if (wake_fd_ < 0) return;
  const uint64_t one = 1;
  // Cannot fail: the counter is far from full, and full would be readable too.
  [[maybe_unused]] const ssize_t written = write(wake_fd_, &one, sizeof(one));
}

}  // namespace hpsocket::core
