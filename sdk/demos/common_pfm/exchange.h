// Internal to the demos.
//
// One connection's part of a performance run: what it sends, whether that comes back unchanged, and how long
// each round trip takes. It does not know what carries the bytes: that tells it what has come and gone.
//
// Threads:  one thread (the "sender") calls Next, room, GiveUp, settled, astray and queued_bytes; Handle...
//           run on the thread of the connection's events; the rest is for any.
// Lifetime: Shared outlives it.
// Units:    bytes, messages, nanoseconds.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_PFM_EXCHANGE_H_
#define HPSOCKET_SDK_DEMOS_COMMON_PFM_EXCHANGE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hpsocket/core/api/types.h"
#include "hpsocket/sdk/demos/common_pfm/shared.h"

namespace hpsocket::demos {

class Exchange {
 public:
  Exchange(size_t index, Shared& shared) : index_(index), shared_(shared) {}
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  virtual ~Exchange() = default;

  // The next message, Shared::length bytes that stay until the next call. It counts as handed to Send, which
  // the caller does. Needs room().
  virtual const uint8_t* Next() = 0;
  virtual bool room() const = 0;
  // What is under way is not waited for any more, so there is room again.
  virtual void GiveUp() = 0;

  virtual void HandleReceive(const uint8_t* data, int length) = 0;
  void HandleSend(int length);
  // The connection's last event; `content` as log lines have it.
  void HandleEnd(CONNID id, const char* event, const std::string& content);

  // Everything that was queued has been sent and has come back.
  bool settled() const { return sent_.load() == queued_bytes() && received_.load() == queued_bytes(); }
  bool ended() const { return ended_.load(); }
  uint64_t queued_bytes() const { return queued_ * shared_.length; }
  uint64_t sent_bytes() const { return sent_.load(std::memory_order_relaxed); }
  uint64_t received_bytes() const { return received_.load(std::memory_order_relaxed); }
  uint64_t returned_messages() const { return returned_.load(std::memory_order_relaxed); }
  // Position of the first byte that was not what had been sent, or kNoError.
  uint64_t first_wrong() const { return first_wrong_.load(); }
  // More than was sent, or something else, has come back. For a stream, where neither can be.
  bool astray() const { return received_.load() > queued_bytes() || first_wrong() != kNoError; }
  // Messages that came although they were not under way: twice, or too late.
  uint64_t strays() const { return strays_.load(std::memory_order_relaxed); }
  // When the last message was complete, whatever was in it; 0 before the first.
  int64_t last_return() const { return last_return_.load(std::memory_order_relaxed); }

  static constexpr uint64_t kNoError = UINT64_MAX;

 protected:
  void FoundWrong(uint64_t position);

  const size_t index_;
  Shared& shared_;

  uint64_t queued_ = 0;  // sender only: messages handed to Send

  // Written by the thread of the events only, except for ended_.
  alignas(64) std::atomic<uint64_t> sent_{0};
  std::atomic<uint64_t> received_{0};
  std::atomic<uint64_t> returned_{0};  // messages that have come back completely
  std::atomic<uint64_t> strays_{0};
  std::atomic<int64_t> last_return_{0};
  std::atomic<uint64_t> first_wrong_{kNoError};
  std::atomic<bool> ended_{false};
};

using Exchanges = std::vector<std::unique_ptr<Exchange>>;

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_PFM_EXCHANGE_H_
