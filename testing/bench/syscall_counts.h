// Internal to testing/bench. Tests only.
//
// The summaries that `perf trace -s` and `strace -c` print, as numbers.
//
// Threads:  any.
#ifndef HPSOCKET_TESTING_BENCH_SYSCALL_COUNTS_H_
#define HPSOCKET_TESTING_BENCH_SYSCALL_COUNTS_H_

#include <cstdint>
#include <map>
#include <string>

namespace hpsocket::bench {

// Calls by name, over all threads. Lines of other shapes are skipped.
std::map<std::string, uint64_t> ParsePerfSummary(const std::string& text);
std::map<std::string, uint64_t> ParseStraceSummary(const std::string& text);

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_SYSCALL_COUNTS_H_
