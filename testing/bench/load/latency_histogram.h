// Internal to testing/bench. Tests only.
//
// Counts durations in buckets that are at most 1/32 of their value wide.
//
// Threads:  one.
// Units:    nanoseconds.
#ifndef HPSOCKET_TESTING_BENCH_LOAD_LATENCY_HISTOGRAM_H_
#define HPSOCKET_TESTING_BENCH_LOAD_LATENCY_HISTOGRAM_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hpsocket::bench {

class LatencyHistogram {
 public:
  LatencyHistogram() : counts_(kBuckets) {}

  void Record(int64_t nanoseconds) {
    ++counts_[BucketOf(nanoseconds < 0 ? 0 : static_cast<uint64_t>(nanoseconds))];
    ++total_;
  }

  void Clear();

  uint64_t total() const { return total_; }
  // The value that `fraction` (0 .. 1) of all values do not exceed, to a bucket's upper end; 0 when empty.
  int64_t Percentile(double fraction) const;

 private:
  static constexpr unsigned kBits = 6;
  static constexpr size_t kPerOctave = size_t{1} << kBits;
  static constexpr size_t kBuckets = (64 - kBits + 1) * kPerOctave;

  // The upper kBits digits of the value and how many follow them; half of the numbers are not used.
  static size_t BucketOf(uint64_t value) {
    const auto shift = static_cast<unsigned>(std::bit_width(value | (kPerOctave - 1))) - kBits;
    return shift * kPerOctave + static_cast<size_t>(value >> shift);
  }
  static int64_t LastOf(size_t bucket);

  std::vector<uint64_t> counts_;
  uint64_t total_ = 0;
};

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_LOAD_LATENCY_HISTOGRAM_H_
