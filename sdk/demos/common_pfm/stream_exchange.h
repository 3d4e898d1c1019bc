// Internal to the demos.
//
// An exchange over a stream: every byte has its place, so each is compared where it arrives.
//
// Threads:  as Exchange.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_PFM_STREAM_EXCHANGE_H_
#define HPSOCKET_SDK_DEMOS_COMMON_PFM_STREAM_EXCHANGE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "hpsocket/sdk/demos/common_pfm/exchange.h"

namespace hpsocket::demos {

class StreamExchange final : public Exchange {
 public:
  StreamExchange(size_t index, Shared& shared) : Exchange(index, shared), started_(shared.window) {}

  const uint8_t* Next() override;
  // More may have returned than was queued: see astray().
  bool room() const override { return queued_ < returned_.load() + shared_.window; }
  // A stream loses nothing: what is under way comes back, or the connection ends.
  void GiveUp() override {}
  void HandleReceive(const uint8_t* data, int length) override;

 private:
  std::atomic<int64_t>& StartedOf(uint64_t number) {
    return started_[static_cast<size_t>(number % shared_.window)];
  }

  // When message n was handed to Send: slot n modulo the window. The sender writes a slot only once its
  // previous message has come back, so the two sides never meet in one.
  std::vector<std::atomic<int64_t>> started_;
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_PFM_STREAM_EXCHANGE_H_
