// Internal to testing/bench. Tests only.
//
// What a message costs our server besides instructions: allocations, locks, atomic read-modify-writes and
// writes to cache lines that threads share, as the counter build counts them.
//
// Threads:  one.
#ifndef HPSOCKET_TESTING_BENCH_COST_MODE_H_
#define HPSOCKET_TESTING_BENCH_COST_MODE_H_

#include <functional>
#include <string>

#include "hpsocket/testing/bench/scenario.h"
#include "hpsocket/testing/bench/table.h"

namespace hpsocket::bench {

struct CostOptions {
  std::string programs;
  std::string server;  // path of counting_server
  int sample_ms = 500;
  std::function<void(const std::string& text)> progress = [](const std::string&) {};
};

// Of our servers in that scenario.
Table CountCosts(const Scenario& scenario, const CostOptions& options);

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_COST_MODE_H_
