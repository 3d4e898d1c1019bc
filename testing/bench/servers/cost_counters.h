// Internal to testing/bench. Tests only.
//
// The counter build: what our server's threads do that costs more than an instruction. Nothing of it is in
// core: that is compiled with -fsanitize=thread (.bazelrc, `costs`), which has it call a function at each
// access to memory, and this gives those functions, in place of the sanitizer's. Calls that allocate or
// lock come here by the linker's --wrap (BUILD).
//
// Not seen: what memcpy and the kernel write, and what libraries do among themselves.
//
// Threads:  any; CostsSinceLast() while the others rest.
#ifndef HPSOCKET_TESTING_BENCH_SERVERS_COST_COUNTERS_H_
#define HPSOCKET_TESTING_BENCH_SERVERS_COST_COUNTERS_H_

#include <string>

namespace hpsocket::bench {

// What has been counted since the last call, and counts on from zero. Words NAME=COUNT, where a name is
// KIND@FUNCTION; kinds:
//   allocation   a call of an allocator
//   lock         a mutex taken
//   rmw          an atomic read-modify-write, those of the small locks among them
//   shared       a write, atomic or not, to a cache line that another thread read or wrote meanwhile
std::string CostsSinceLast();

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_SERVERS_COST_COUNTERS_H_
