// Internal to testing/bench. Tests only.
//
// What a session of our UDP server costs in user space, when a hundred thousand peers have been heard.
//
// Threads:  one.
#ifndef HPSOCKET_TESTING_BENCH_SESSION_MEMORY_H_
#define HPSOCKET_TESTING_BENCH_SESSION_MEMORY_H_

#include <functional>
#include <string>
#include <vector>

#include "hpsocket/testing/bench/scenario.h"
#include "hpsocket/testing/bench/table.h"

namespace hpsocket::bench {

struct SessionMemoryOptions {
  std::string programs;
  unsigned sessions = 100000;
  std::function<void(const std::string& text)> progress = [](const std::string&) {};
};

// Of those among `entrants` that are ours.
Table MeasureSessionMemory(const std::vector<Entrant>& entrants, const SessionMemoryOptions& options);

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_SESSION_MEMORY_H_
