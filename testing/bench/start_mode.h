// Internal to testing/bench. Tests only.
//
// How long our components take to start and stop, and what two thousand clients need.
//
// Threads:  one.
#ifndef HPSOCKET_TESTING_BENCH_START_MODE_H_
#define HPSOCKET_TESTING_BENCH_START_MODE_H_

#include <functional>
#include <string>

#include "hpsocket/testing/bench/table.h"

namespace hpsocket::bench {

struct StartOptions {
  std::string programs;
  unsigned times = 200;
  unsigned clients = 2000;
  std::function<void(const std::string& text)> progress = [](const std::string&) {};
};

Table MeasureStarts(const StartOptions& options);

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_START_MODE_H_
