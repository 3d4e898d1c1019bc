// Internal to testing/bench. Tests only.
//
// System calls per message of each server, as `perf trace` counts them, or strace where perf cannot.
//
// Threads:  one.
#ifndef HPSOCKET_TESTING_BENCH_SYSCALL_MODE_H_
#define HPSOCKET_TESTING_BENCH_SYSCALL_MODE_H_

#include <functional>
#include <string>
#include <vector>

#include "hpsocket/testing/bench/scenario.h"
#include "hpsocket/testing/bench/table.h"

namespace hpsocket::bench {

struct SyscallOptions {
  std::string programs;
  int sample_ms = 500;
  std::string tracer = "perf";  // or strace
  std::function<void(const std::string& text)> progress = [](const std::string&) {};
};

Table CountSyscalls(const Scenario& scenario, const SyscallOptions& options);

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_SYSCALL_MODE_H_
