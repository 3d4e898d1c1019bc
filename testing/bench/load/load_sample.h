// Internal to testing/bench. Tests only.
//
// What the load generator reports of one run, and the line of text that carries it to the driver.
//
// Threads:  any.
#ifndef HPSOCKET_TESTING_BENCH_LOAD_LOAD_SAMPLE_H_
#define HPSOCKET_TESTING_BENCH_LOAD_LOAD_SAMPLE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hpsocket::bench {

struct LoadSample {
  uint64_t messages = 0;
  double seconds = 0;
  double p50_us = 0;
  double p99_us = 0;
  double p999_us = 0;
  double lost = 0;  // share of the datagrams that were sent one-way

  std::string ToLine() const;
  // Nothing unless `line` came from ToLine().
  static std::optional<LoadSample> FromLine(std::string_view line);
};

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_LOAD_LOAD_SAMPLE_H_
