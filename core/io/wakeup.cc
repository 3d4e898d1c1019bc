#include "hpsocket/core/io/wakeup.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "hpsocket/core/base/check.h"

namespace hpsocket::core {

Wakeup::~Wakeup() {
  if (fd_ >= 0) close(fd_);
}

int Wakeup::Open() {
  HP_CHECK(fd_ < 0);
  fd_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  return fd_ < 0 ? -errno : 0;
}

bool Wakeup::Notify() {
  if (state_.exchange(kNotified, std::memory_order_seq_cst) != kAsleep) return false;
  // Only a worker that has opened the eventfd ever sleeps. EAGAIN (a full counter) is readable too.
  const uint64_t one = 1;
  while (write(fd_, &one, sizeof(one)) < 0 && errno == EINTR) {
  }
  return true;
}

void Wakeup::Drain() {
  uint64_t count = 0;
  while (read(fd_, &count, sizeof(count)) < 0 && errno == EINTR) {
  }
}

}  // namespace hpsocket::core
