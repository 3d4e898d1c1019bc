// Internal to the demos.
//
// Counts durations in buckets whose width is at most 1/64 of the value, so that percentiles of
// millions of messages cost a few kilobytes and are off by at most 1.6 %.
//
// Threads:  any number record at the same time (shards keep them from sharing cache lines); the rest
//           gives exact results once they have finished.
// Units:    nanoseconds.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_LATENCY_HISTOGRAM_H_
#define HPSOCKET_SDK_DEMOS_COMMON_LATENCY_HISTOGRAM_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace hpsocket::demos {

class LatencyHistogram {
 public:
  LatencyHistogram();

  // Any `shard` will do; the same one for the same thread is fastest.
  void Record(size_t shard, int64_t nanoseconds);

  uint64_t count() const;
  // The value that `fraction` (0 .. 1) of all values do not exceed, at most as much too large as a bucket is
  // wide; 0 when empty.
  int64_t Percentile(double fraction) const;
  // Exact.
  int64_t max() const;

 private:
  static constexpr int kSubBits = 6;
  static constexpr size_t kSubBuckets = size_t{1} << kSubBits;
  static constexpr size_t kBuckets = (64 - kSubBits) * kSubBuckets;
  static constexpr size_t kShards = 16;

  struct alignas(64) Shard {
    std::array<std::atomic<uint64_t>, kBuckets> counts{};
    std::atomic<int64_t> max{0};
  };

  static size_t BucketOf(uint64_t value);
  static uint64_t LastOf(size_t bucket);
  uint64_t CountIn(size_t bucket) const;

  std::unique_ptr<std::array<Shard, kShards>> shards_;
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_LATENCY_HISTOGRAM_H_
