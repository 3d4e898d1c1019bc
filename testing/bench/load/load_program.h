// Internal to testing/bench. Tests only.
//
// What every load program of the benchmark shares: its flags, and that it does what its standard input
// says, one line each, answers each with one line, and is quiet in between.
//
// Threads:  main thread.
#ifndef HPSOCKET_TESTING_BENCH_LOAD_LOAD_PROGRAM_H_
#define HPSOCKET_TESTING_BENCH_LOAD_LOAD_PROGRAM_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "hpsocket/core/base/clock.h"
#include "hpsocket/testing/bench/load/echo_account.h"

namespace hpsocket::bench {

struct LoadOptions {
  uint16_t port = 0;
  size_t message = 64;
  unsigned depth = 1;
};

// Takes --port, --message and --depth, and whatever flags the program has besides.
LoadOptions ParseLoadFlags(int argc, char** argv, const char* usage);

struct LoadCommand {
  std::string line;
  std::string verb;
  uint64_t amount = 0;
  uint64_t detail = 0;

  unsigned count() const { return static_cast<unsigned>(amount); }
  core::Duration duration() const;
};

// Until the input ends. `obey` gives the answer; nothing for a command that it does not know, which
// ends the program.
void ObeyCommands(const std::function<std::string(const LoadCommand&)>& obey);

// Runs that and gives the sample line of what completed meanwhile.
std::string SampleOf(StreamShare& share, const std::function<void()>& run);

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_LOAD_LOAD_PROGRAM_H_
