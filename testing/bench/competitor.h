// Internal to testing/bench. Tests only.
//
// A server process and the load process that measures it, both up for a whole scenario.
//
// Threads:  one.
// Owner:    of both processes.
// Errors:   Failure, thrown: a server that ends, hangs or gives a wrong byte ends the benchmark.
#ifndef HPSOCKET_TESTING_BENCH_COMPETITOR_H_
#define HPSOCKET_TESTING_BENCH_COMPETITOR_H_

#include <cstdint>
#include <memory>
#include <string>

#include "hpsocket/testing/bench/process.h"
#include "hpsocket/testing/bench/process_figures.h"
#include "hpsocket/testing/bench/sample.h"
#include "hpsocket/testing/bench/scenario.h"

namespace hpsocket::bench {

class Competitor {
 public:
  // `programs`: the folder with echo_bench's programs.
  Competitor(const std::string& programs, const Entrant& entrant, const Scenario& scenario,
             bool small_pages_only = false);

  // Whether the program has been built: peers are, where their packages are installed.
  static bool Exists(const std::string& programs, const Entrant& entrant);

  // Opens the scenario's connections.
  void Connect();

  // Closed loop or churn, as the scenario says.
  Sample Measure(int milliseconds);
  // Open loop: latencies from when each message was due.
  Sample MeasureOpen(int milliseconds, uint64_t messages_per_second);

  const Entrant& entrant() const { return entrant_; }
  Process& server() { return *server_; }
  Process& load() { return *load_; }
  Memory memory() const { return MemoryOf(server_->pid()); }
  // User-space bytes per connection since before Connect().
  double BytesPerConnection() const;

 private:
  Sample Run(const std::string& command);
  std::string DisturbanceOf(int64_t elapsed, int64_t stolen, int64_t others, int64_t server_waited,
                            int64_t load_waited) const;

  const Entrant entrant_;
  const Scenario scenario_;
  std::unique_ptr<Process> server_;
  std::unique_ptr<Process> load_;
  int64_t anonymous_before_ = 0;
};

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_COMPETITOR_H_
