// Internal to testing/bench. Tests only.
//
// What the functions that an instrumented program calls tell the counters.
//
// Threads:  any.
#ifndef HPSOCKET_TESTING_BENCH_SERVERS_COST_HOOKS_H_
#define HPSOCKET_TESTING_BENCH_SERVERS_COST_HOOKS_H_

#include <cstdint>

namespace hpsocket::bench {

enum class Cost : uint8_t { kRead, kWrite, kReadModifyWrite, kAllocation, kLock };

// `address`: of the memory, or null. `frame`: of the function that the program called.
void Count(Cost cost, const void* address, const void* frame);

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_SERVERS_COST_HOOKS_H_
