// Internal to testing/bench. Tests only.
//
// Attaches `perf trace -s` or `strace -c` to a server and gives what they have counted.
//
// Threads:  one.
// Owner:    of the tracing process and of its output file.
// Errors:   Failure, thrown, when the tool does not run.
#ifndef HPSOCKET_TESTING_BENCH_TRACER_H_
#define HPSOCKET_TESTING_BENCH_TRACER_H_

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>

#include "hpsocket/testing/bench/process.h"

namespace hpsocket::bench {

class Tracer {
 public:
  // `tool`: "perf" or "strace". Returns when it counts.
  Tracer(const std::string& tool, pid_t traced);
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;
  ~Tracer();

  // Ends it.
  std::map<std::string, uint64_t> Counts();

 private:
  const std::string tool_;
  const std::string output_;
  Process process_;
};

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_TRACER_H_
