#include <sys/eventfd.h>
#include <unistd.h>

#include "hpsocket/core/net/network.h"

namespace hpsocket::core {

ConnectCanceller::~ConnectCanceller() {
  if (const int fd = wake_fd_.load(std::memory_order_relaxed); fd >= 0) close(fd);
}

int ConnectCanceller::wake_fd() {
  // In one order with `cancelled_`: the waiter, who asks cancelled() after this, sees that it is cancelled,
  // or Cancel() sees the descriptor.
  if (wake_fd_.load(std::memory_order_relaxed) < 0)
    wake_fd_.store(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), std::memory_order_seq_cst);
  return wake_fd_.load(std::memory_order_relaxed);
}

void ConnectCanceller::Cancel() {
  cancelled_.store(true, std::memory_order_seq_cst);
  const int fd = wake_fd_.load(std::memory_order_seq_cst);
  if (fd < 0) return;
  const uint64_t one = 1;
  // Cannot fail: the counter is far from full, and full would be readable too.
  [[maybe_unused]] const ssize_t written = write(fd, &one, sizeof(one));
}

}  // namespace hpsocket::core
