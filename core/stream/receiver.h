// Internal to core.
//
// The receiving half of a connection: hands what the port delivers to the listener in slices of at
// most SocketBufferSize, keeps what a pause has left over, and notices the end.
//
// Threads:  the connection's worker; the pause flag any thread.
// Order:    stream order, one OnReceive at a time.
// Spec: decisions 4.1, 4.3
#ifndef HPSOCKET_CORE_STREAM_RECEIVER_H_
#define HPSOCKET_CORE_STREAM_RECEIVER_H_

#include <atomic>
#include <cstdint>

#include "hpsocket/core/io/operation.h"
#include "hpsocket/core/stream/piece.h"

namespace hpsocket::core {

class Connection;

class Receiver final : private ReceiveOperation {
 public:
  explicit Receiver(Connection& connection);
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  ~Receiver() = default;

  // Starts receiving.
  void Begin();
  // The connection is closing: ends soon and forgets what was kept.
  void End();
  bool in_flight() const { return Operation::in_flight(); }

  // Any thread: what PauseReceive asked for. ApplyPause() on the worker makes it so.
  void SetPaused(bool paused) { paused_.store(paused, std::memory_order_release); }
  bool paused() const { return paused_.load(std::memory_order_acquire); }
  void ApplyPause();

 private:
  void HandleReceived(ReceiveBuffer& buffer, uint32_t offset, uint32_t length) override;
  void HandleReceiveEnded(int result) override;

  // Delivers until all is delivered, the connection closes, or receiving is paused; how much was.
  uint32_t Deliver(const uint8_t* data, uint32_t length);
  // Keeps bytes for the time after the pause. False: out of memory.
  bool Keep(ReceiveBuffer& buffer, const uint8_t* data, uint32_t length);
  void DeliverKept();
  void ActOnEnd(int result);

  Connection& connection_;
  PieceList kept_;
  bool began_ = false;
  bool ended_ = false;  // the stream has ended while kept bytes were waiting
  int end_result_ = 0;
  std::atomic<bool> paused_{false};
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_STREAM_RECEIVER_H_
