// Internal to testing/bench. Tests only.
//
// A server process and the load process that measures it, both up for a whole scenario. One of the two
// competes.
//
// Threads:  one.
// Owner:    of both processes.
// Errors:   Failure, thrown: a server that ends, hangs or gives a wrong byte ends the benchmark.
#ifndef HPSOCKET_TESTING_BENCH_COMPETITOR_H_
#define HPSOCKET_TESTING_BENCH_COMPETITOR_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

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
  static bool Exists(const std::string& programs, const Entrant& entrant, End end = End::kServer);

  // Opens the scenario's connections.
  void Connect();

  // Closed loop, or whatever else the scenario says.
  Sample Measure(int milliseconds);
  // Open loop: latencies from when each message was due.
  Sample MeasureOpen(int milliseconds, uint64_t messages_per_second);

  const Entrant& entrant() const { return entrant_; }
  Process& server() { return *server_; }
  Process& load() { return *load_; }
  // Of the one that competes.
  Memory memory() const { return MemoryOf(competing().pid()); }
  // User-space bytes per connection since before Connect().
  double BytesPerConnection() const;

 private:
  const Process& competing() const { return scenario_.end == End::kServer ? *server_ : *load_; }
  std::vector<std::string> ServerCommand(const std::string& programs) const;
  std::vector<std::string> LoadCommand(const std::string& programs, const std::string& port) const;
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
