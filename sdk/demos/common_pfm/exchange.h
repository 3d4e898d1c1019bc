// Internal to the demo.
//
// One connection of the performance client: sends messages, checks their echo byte for byte, and
// takes the time of each round trip.
//
// Threads:  one thread (the "sender") calls Start, SendNext and Stop; events run on the client's
//           thread; counters may be read by any.
// Lifetime: Shared outlives it.
// Units:    bytes, messages, nanoseconds.
#ifndef HPSOCKET_SDK_DEMOS_TEST_ECHO_PFM_CONNECTION_H_
#define HPSOCKET_SDK_DEMOS_TEST_ECHO_PFM_CONNECTION_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "hpsocket/sdk/demos/common/latency_histogram.h"
#include "hpsocket/sdk/demos/test_echo_pfm/pattern.h"
#include "hpsocket/sdk/demos/test_echo_pfm/sender_gate.h"
#include "hpsocket/tcp_client/tcp_client.h"

namespace hpsocket::demos {

// The monotonic clock.
int64_t NowNanoseconds();

// What all connections of a run have in common.
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

class Connection final : public CTcpClientListener {
 public:
  Connection(size_t index, Shared& shared);

  ITcpClient& client() { return client_; }

  // Sender. SendNext needs room(); false, with errno: Send failed.
  bool room() const { return queued_ - returned_.load() < shared_.window; }
  bool SendNext();

  // Everything that was queued has been sent and has come back.
  bool settled() const { return sent_.load() == queued_bytes() && received_.load() == queued_bytes(); }
  bool ended() const { return ended_.load(); }
  uint64_t queued_bytes() const { return queued_ * shared_.length; }  // sender
  uint64_t sent_bytes() const { return sent_.load(std::memory_order_relaxed); }
  uint64_t received_bytes() const { return received_.load(std::memory_order_relaxed); }
  uint64_t returned_messages() const { return returned_.load(std::memory_order_relaxed); }
  // Position of the first byte that was not what had been sent, or kNoError.
  uint64_t first_wrong() const { return first_wrong_.load(std::memory_order_relaxed); }
  // When the last message was complete.
  int64_t last_return() const { return last_return_.load(std::memory_order_relaxed); }

  static constexpr uint64_t kNoError = UINT64_MAX;

  using CTcpClientListener::OnReceive;
  EnHandleResult OnReceive(IClient*, const uint8_t* data, int length) override;
  EnHandleResult OnSend(IClient*, const uint8_t*, int length) override;
  EnHandleResult OnClose(IClient* client) override;
  EnHandleResult OnError(IClient* client, EnSocketOperation operation, int error_code) override;

 private:
  void Ended(IClient* client, const char* event, const std::string& content);

  const size_t index_;
  Shared& shared_;
  // When message n was handed to Send: slot n modulo the window. The sender writes a slot only once its
  // previous message has come back, so the two sides never meet in one.
  std::vector<std::atomic<int64_t>> started_;

  uint64_t queued_ = 0;  // sender only: messages handed to Send

  // Written by the client's thread only, except for ended_.
  alignas(64) std::atomic<uint64_t> sent_{0};
  std::atomic<uint64_t> received_{0};
  std::atomic<uint64_t> returned_{0};  // messages that have come back completely
  std::atomic<int64_t> last_return_{0};
  std::atomic<uint64_t> first_wrong_{kNoError};
  std::atomic<bool> ended_{false};

  CTcpClient client_;  // last: it is gone, and with it every event, before the rest is
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_TEST_ECHO_PFM_CONNECTION_H_
