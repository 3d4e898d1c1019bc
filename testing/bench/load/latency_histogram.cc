#include "hpsocket/testing/bench/load/latency_histogram.h"

#include <algorithm>
#include <cmath>

namespace hpsocket::bench {

void LatencyHistogram::Clear() {
  std::fill(counts_.begin(), counts_.end(), 0);
  total_ = 0;
}

int64_t LatencyHistogram::LastOf(size_t bucket) {
  const size_t shift = bucket / kPerOctave;
  return static_cast<int64_t>((uint64_t{bucket % kPerOctave + 1} << shift) - 1);
}

int64_t LatencyHistogram::Percentile(double fraction) const {
  if (total_ == 0) return 0;
  const auto wanted =
      std::max(uint64_t{1}, static_cast<uint64_t>(std::ceil(fraction * static_cast<double>(total_))));
  uint64_t seen = 0;
  for (size_t bucket = 0; bucket < kBuckets; ++bucket) {
    seen += counts_[bucket];
    if (seen >= wanted) return LastOf(bucket);
  }
  return LastOf(kBuckets - 1);
}

}  // namespace hpsocket::bench
