// Internal to the demos.
//
// An exchange over datagrams, which may get lost, come twice or overtake each other. Each one begins with its
// number, 8 bytes in the machine's own order, so that what comes back is known for what it is, and is
// compared whole. Shorter ones have no number: they are taken for the next that is due, so that after a loss
// their round trips seem longer than they were.
//
// Threads:  as Exchange.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_PFM_DATAGRAM_EXCHANGE_H_
#define HPSOCKET_SDK_DEMOS_COMMON_PFM_DATAGRAM_EXCHANGE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "hpsocket/sdk/demos/common_pfm/exchange.h"

namespace hpsocket::demos {

class DatagramExchange final : public Exchange {
 public:
  DatagramExchange(size_t index, Shared& shared);

  const uint8_t* Next() override;
  bool room() const override { return queued_ - due_.load() < shared_.window; }
  void GiveUp() override;
  void HandleReceive(const uint8_t* data, int length) override;

 private:
  static constexpr uint64_t kNone = UINT64_MAX;

  struct Slot {
    uint64_t number = kNone;  // the message that is under way
    int64_t started = 0;
  };

  bool numbered() const { return shared_.length >= sizeof(uint64_t); }
  Slot& SlotOf(uint64_t number) { return slots_[static_cast<size_t>(number % shared_.window)]; }
  void Compose(uint64_t number, std::vector<uint8_t>& message) const;
  // When the message was handed to Send; nothing if it is not under way (any more).
  std::optional<int64_t> Take(uint64_t number);

  std::vector<uint8_t> message_;  // sender only
  std::vector<uint8_t> right_;    // thread of the events only: what should have come

  // The first message that is still waited for: what is before it has come back, has been overtaken or was
  // given up. It may still come, as long as its slot (number modulo the window) was not needed again.
  std::atomic<uint64_t> due_{0};
  std::mutex mutex_;
  std::vector<Slot> slots_;  // under mutex_, and changes of due_
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_PFM_DATAGRAM_EXCHANGE_H_
