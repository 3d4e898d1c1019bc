// Internal to the demos.
//
// What all connections of a performance run have in common.
//
// Threads:  any, after construction.
// Units:    bytes, messages, nanoseconds.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_PFM_SHARED_H_
#define HPSOCKET_SDK_DEMOS_COMMON_PFM_SHARED_H_

#include <atomic>
#include <chrono>
#include <cstdint>

#include "hpsocket/sdk/demos/common/latency_histogram.h"
#include "hpsocket/sdk/demos/common_pfm/pattern.h"
#include "hpsocket/sdk/demos/common_pfm/sender_gate.h"

namespace hpsocket::demos {

// The monotonic clock.
inline int64_t NowNanoseconds() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

struct Shared {
  Shared(uint32_t message_length, uint32_t message_window)
      : length(message_length), window(message_window), pattern(message_length) {}

  const uint32_t length;
  const uint32_t window;  // most messages that a connection may have under way
  const Pattern pattern;
  LatencyHistogram latencies;
  SenderGate gate;
  std::atomic<bool> stopping{false};  // from now on closes are ours
  std::atomic<uint32_t> lost{0};      // connections that ended before
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_PFM_SHARED_H_
