#include "hpsocket/core/memory/allocation_fault.h"

namespace hpsocket::core {
namespace {

std::atomic<int64_t> fault_skip{0};
std::atomic<int64_t> fault_count{0};
std::atomic<int64_t> fault_turn{0};
std::atomic<int64_t> fault_failed{0};

}  // namespace

namespace internal {

std::atomic<bool> allocation_fault_armed{false};

bool TakeAllocationFault() {
  const int64_t turn = fault_turn.fetch_add(1) - fault_skip.load();
  if (turn < 0) return false;
  if (turn >= fault_count.load()) {
    allocation_fault_armed.store(false, std::memory_order_relaxed);
    return false;
  }
  fault_failed.fetch_add(1);
  return true;
}

}  // namespace internal

void FailAllocationsForTest(int64_t skip, int64_t count) {
  internal::allocation_fault_armed.store(false);
  fault_skip.store(skip);
  fault_count.store(count);
  fault_turn.store(0);
  fault_failed.store(0);
  internal::allocation_fault_armed.store(count > 0);
}

int64_t AllocationsFailedForTest() { return fault_failed.load(); }

}  // namespace hpsocket::core
