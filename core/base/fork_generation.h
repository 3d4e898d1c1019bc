// Internal to core.
//
// What fork() without exec() does to a running component: the child has its memory and its descriptors,
// but none of its threads.
//
// Threads:  any.
#ifndef HPSOCKET_CORE_BASE_FORK_GENERATION_H_
#define HPSOCKET_CORE_BASE_FORK_GENERATION_H_

#include <atomic>
#include <cstdint>

namespace hpsocket::core {

class ForkGeneration {
 public:
  // Before the first look that has to notice a fork. May be called again.
  static void Watch();
  // Another number in every process that fork() has made since Watch().
  static uint32_t Now() { return generation_.load(std::memory_order_relaxed); }
  // This process has forked since Watch(), so another one may hold its descriptors open.
  static bool EverForked() { return ever_forked_.load(std::memory_order_acquire); }

 private:
  static void BeforeFork();
  static void InChild();

  static std::atomic<uint32_t> generation_;
  static std::atomic<bool> ever_forked_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_BASE_FORK_GENERATION_H_
