// Internal to testing/bench. Tests only.
//
// How the load generator gives up.
//
// Threads:  any.
#ifndef HPSOCKET_TESTING_BENCH_LOAD_LOAD_FAILURE_H_
#define HPSOCKET_TESTING_BENCH_LOAD_LOAD_FAILURE_H_

#include <string>

namespace hpsocket::bench {

// Tells the driver why and ends the process.
[[noreturn]] void FailLoad(const std::string& why);

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_LOAD_LOAD_FAILURE_H_
