#include "hpsocket/testing/bench/statistics.h"

#include <algorithm>
#include <random>

namespace hpsocket::bench {
namespace {

constexpr size_t kResamples = 4000;
constexpr double kTail = 0.025;

// Reorders `values`.
double MedianInPlace(std::vector<double>& values) {
  const size_t half = values.size() / 2;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(half);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 != 0) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

}  // namespace

double Median(std::vector<double> values) { return values.empty() ? 0 : MedianInPlace(values); }

Estimate EstimateMedian(const std::vector<double>& values) {
  Estimate estimate;
  estimate.count = values.size();
  if (values.empty()) return estimate;
  estimate.median = Median(values);
  std::mt19937 random(1);  // NOLINT: replays
  std::uniform_int_distribution<size_t> any(0, values.size() - 1);
  std::vector<double> medians(kResamples);
  std::vector<double> drawn(values.size());
  for (double& median : medians) {
    for (double& value : drawn) value = values[any(random)];
    median = MedianInPlace(drawn);
  }
  std::sort(medians.begin(), medians.end());
  const auto tail = static_cast<size_t>(kTail * static_cast<double>(kResamples));
  estimate.low = medians[tail];
  estimate.high = medians[kResamples - 1 - tail];
  return estimate;
}

}  // namespace hpsocket::bench
