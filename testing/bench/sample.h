// Internal to testing/bench. Tests only.
//
// One short measurement of one server, or of one client where clients compete.
//
// Threads:  any.
#ifndef HPSOCKET_TESTING_BENCH_SAMPLE_H_
#define HPSOCKET_TESTING_BENCH_SAMPLE_H_

#include <cstdint>
#include <string>

namespace hpsocket::bench {

struct Sample {
  uint64_t messages = 0;
  double rate = 0;         // messages per second
  double cpu_us = 0;       // of the one that competes, per message
  double switches = 0;     // its context switches, per message
  double server_busy = 0;  // CPUs
  double load_busy = 0;
  double p50_us = 0;
  double p99_us = 0;
  double p999_us = 0;
  double lost = 0;          // share of one-way datagrams
  std::string disturbance;  // why it does not count; empty: it does
};

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_SAMPLE_H_
