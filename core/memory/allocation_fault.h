// Internal to core.
//
// Makes allocations of PrivateHeap and SharedPool fail on purpose, so that every "out of memory" path
// of the library has a test. Off, it costs one relaxed load per allocation.
//
// Threads:  any; which thread's allocation fails is decided by the order in which they ask.
#ifndef HPSOCKET_CORE_MEMORY_ALLOCATION_FAULT_H_
#define HPSOCKET_CORE_MEMORY_ALLOCATION_FAULT_H_

#include <atomic>
#include <cstdint>

namespace hpsocket::core {

// Of the allocations from now on, `skip` succeed, the next `count` fail, the rest succeed. Replaces what
// an earlier call asked for; (0, 0) is off.
void FailAllocationsForTest(int64_t skip, int64_t count);

// How many have failed since the last FailAllocationsForTest(). A test that raises `skip` until this
// stays zero has failed every allocation of a scenario once.
int64_t AllocationsFailedForTest();

namespace internal {
extern std::atomic<bool> allocation_fault_armed;
bool TakeAllocationFault();
}  // namespace internal

// For the allocators: whether the allocation at hand has to fail.
inline bool AllocationMustFail() {
  return internal::allocation_fault_armed.load(std::memory_order_relaxed) && internal::TakeAllocationFault();
}

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_MEMORY_ALLOCATION_FAULT_H_
