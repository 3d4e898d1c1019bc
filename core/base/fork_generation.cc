#include "hpsocket/core/base/fork_generation.h"

#include <pthread.h>

#include "hpsocket/core/base/check.h"

namespace hpsocket::core {

std::atomic<uint32_t> ForkGeneration::generation_{0};
std::atomic<bool> ForkGeneration::ever_forked_{false};

void ForkGeneration::BeforeFork() { ever_forked_.store(true, std::memory_order_release); }

// Nothing but this: a handler may be running while any lock of the process is held for good.
void ForkGeneration::InChild() { generation_.fetch_add(1, std::memory_order_relaxed); }

void ForkGeneration::Watch() {
  static const int registered =
      pthread_atfork(&ForkGeneration::BeforeFork, nullptr, &ForkGeneration::InChild);
  HP_CHECK(registered == 0);
}

}  // namespace hpsocket::core
