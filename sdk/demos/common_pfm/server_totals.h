// Internal to the demos.
//
// What the performance server counts. A batch begins with the first connection after a summary and
// ends when the last of its connections has been gone for 600 ms.
//
// Threads:  any; adding bytes touches no cache line that another worker writes.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_PFM_SERVER_TOTALS_H_
#define HPSOCKET_SDK_DEMOS_COMMON_PFM_SERVER_TOTALS_H_

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

namespace hpsocket::demos {

class ServerTotals {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::milliseconds kQuiet{600};

  struct Bytes {
    uint64_t sent = 0;
    uint64_t received = 0;
  };

  void AddSent(uint64_t bytes);
  void AddReceived(uint64_t bytes);
  void Reset();
  Bytes Now() const;

  void Opened();
  // True: that was the last one, so Due has changed.
  bool Closed(TimePoint now);
  // When the batch's summary is due; nothing while connections exist or when there is no batch.
  std::optional<TimePoint> Due() const;
  // Ends the batch if its summary is due at `now`, or in any case if `force`; the totals, once per batch.
  std::optional<Bytes> Finish(TimePoint now, bool force);

 private:
  struct alignas(64) Shard {
    std::atomic<uint64_t> sent{0};
    std::atomic<uint64_t> received{0};
  };
  Shard& Mine();

  // Not a plain member: GCC 12's AddressSanitizer does not align objects on the stack to cache lines.
  const std::unique_ptr<std::array<Shard, 64>> shards_ = std::make_unique<std::array<Shard, 64>>();

  mutable std::mutex mutex_;
  bool open_ = false;  // a batch has begun and its summary is not written
  uint64_t connections_ = 0;
  TimePoint last_closed_;
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_PFM_SERVER_TOTALS_H_
