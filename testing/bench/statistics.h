// Internal to testing/bench. Tests only.
//
// Medians and how sure they are.
//
// Threads:  any.
#ifndef HPSOCKET_TESTING_BENCH_STATISTICS_H_
#define HPSOCKET_TESTING_BENCH_STATISTICS_H_

#include <cstddef>
#include <vector>

namespace hpsocket::bench {

// 0 when empty. Of an even number, the mean of the middle two.
double Median(std::vector<double> values);

// A median and the interval in which it lies with 95 % probability.
struct Estimate {
  double median = 0;
  double low = 0;
  double high = 0;
  size_t count = 0;  // values behind it; 0: there is no estimate
};

// The interval by the bootstrap: medians of `values` drawn anew, with replacement, a few thousand times,
// without their outer 2.5 %. The same values always give the same interval.
Estimate EstimateMedian(const std::vector<double>& values);

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_STATISTICS_H_
