// Internal to testing/bench. Tests only.
//
// What a connection costs in user space: the slope between few and many connections, idle and after
// traffic. For the second the connections talk a hundred at a time, so that what they share does not
// grow with their number; what rings and pools take when all talk at once is reported apart.
//
// Threads:  one.
#ifndef HPSOCKET_TESTING_BENCH_MEMORY_MODE_H_
#define HPSOCKET_TESTING_BENCH_MEMORY_MODE_H_

#include <functional>
#include <string>
#include <vector>

#include "hpsocket/testing/bench/scenario.h"
#include "hpsocket/testing/bench/table.h"

namespace hpsocket::bench {

struct MemoryOptions {
  std::string programs;
  unsigned few = 2000;
  unsigned many = 9000;
  std::function<void(const std::string& text)> progress = [](const std::string&) {};
};

Table MeasureMemory(const std::vector<Entrant>& entrants, const MemoryOptions& options);

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_MEMORY_MODE_H_
