#include "hpsocket/sdk/demos/common/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace hpsocket::demos {

LatencyHistogram::LatencyHistogram() : shards_(std::make_unique<std::array<Shard, kShards>>()) {}

// Values below 64 have a bucket each; above, every power of two is split into 64.
size_t LatencyHistogram::BucketOf(uint64_t value) {
  if (value < kSubBuckets) return static_cast<size_t>(value);
  const int shift = static_cast<int>(std::bit_width(value)) - 1 - kSubBits;
  return static_cast<size_t>(shift) * kSubBuckets + static_cast<size_t>(value >> shift);
}

uint64_t LatencyHistogram::LastOf(size_t bucket) {
  if (bucket < 2 * kSubBuckets) return bucket;
  const size_t shift = bucket / kSubBuckets - 1;
  const uint64_t first = static_cast<uint64_t>(bucket - shift * kSubBuckets) << shift;
  return first + (uint64_t{1} << shift) - 1;
}

void LatencyHistogram::Record(size_t shard, int64_t nanoseconds) {
  const uint64_t value = static_cast<uint64_t>(std::max<int64_t>(nanoseconds, 0));
  Shard& chosen = (*shards_)[shard % kShards];
  chosen.counts[BucketOf(value)].fetch_add(1, std::memory_order_relaxed);
  int64_t known = chosen.max.load(std::memory_order_relaxed);
  while (nanoseconds > known &&
         !chosen.max.compare_exchange_weak(known, nanoseconds, std::memory_order_relaxed)) {
  }
}

uint64_t LatencyHistogram::CountIn(size_t bucket) const {
  uint64_t count = 0;
  for (const Shard& shard : *shards_) count += shard.counts[bucket].load(std::memory_order_relaxed);
  return count;
}

uint64_t LatencyHistogram::count() const {
  uint64_t count = 0;
  for (size_t bucket = 0; bucket < kBuckets; ++bucket) count += CountIn(bucket);
  return count;
}

int64_t LatencyHistogram::max() const {
  int64_t max = 0;
  for (const Shard& shard : *shards_) max = std::max(max, shard.max.load(std::memory_order_relaxed));
  return max;
}

int64_t LatencyHistogram::Percentile(double fraction) const {
  const uint64_t total = count();
  if (total == 0) return 0;
  const uint64_t wanted =
      std::clamp<uint64_t>(static_cast<uint64_t>(std::ceil(fraction * static_cast<double>(total))), 1, total);
  uint64_t seen = 0;
  for (size_t bucket = 0; bucket < kBuckets; ++bucket) {
    seen += CountIn(bucket);
    if (seen >= wanted) return std::min(static_cast<int64_t>(LastOf(bucket)), max());
  }
  return max();
}

}  // namespace hpsocket::demos
