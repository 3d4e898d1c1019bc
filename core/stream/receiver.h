// Internal to core.
//
// The receiving half of a connection: hands what the port delivers to the listener, PUSH in slices of
// at most SocketBufferSize, PULL through a PullBuffer; keeps what a pause (or a full PullBuffer) has
// left over, and notices the end.
//
// Threads:  the connection's worker; the pause flag and pull() any thread.
// Order:    stream order, one OnReceive at a time.
// Spec: decisions 4.1, 4.3
#ifndef HPSOCKET_CORE_STREAM_RECEIVER_H_
#define HPSOCKET_CORE_STREAM_RECEIVER_H_

#include <atomic>
#include <cstdint>

#include "hpsocket/core/io/operation.h"
#include "hpsocket/core/stream/piece.h"
#include "hpsocket/core/stream/pull_buffer.h"

namespace hpsocket::core {

class Connection;

class Receiver final : private ReceiveOperation {
 public:
  explicit Receiver(Connection& connection);
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  ~Receiver() = default;

  // Starts receiving. False: out of memory.
  bool Begin();
  // The connection is closing: ends soon and forgets what was kept.
  void End();
  // The last event has returned and no other thread finds the connection any more.
  void FreePullBuffer();
  bool in_flight() const { return Operation::in_flight(); }

  // Any thread: what PauseReceive asked for. ApplyPause() on the worker makes it so.
  void SetPaused(bool paused) { paused_.store(paused, std::memory_order_release); }
  bool paused() const { return paused_.load(std::memory_order_acquire); }
  // Stops or goes on: a pause, or its end, or a fetch that has made room.
  void ApplyPause();

  // While nothing is read nobody hears of the connection: asks what keep-alive has found out meanwhile.
  void LookWhileHeld();
  // What that has heard and not acted on: 0, or the errno of a reset, which is noticed only when receiving
  // or sending goes on, and which the kernel does not tell again.
  int heard_error() const { return ended_ ? 0 : -end_result_; }

  // Any thread that has the connection against its end: what has not been fetched. Null for PUSH, and
  // before the opening callback has returned.
  PullBuffer* pull() const { return pull_.load(std::memory_order_acquire); }
  // The worker is inside OnReceive.
  bool delivering() const { return delivering_; }

 private:
  Connection& connection() const;
  void HandleReceived(ReceiveBuffer& buffer, uint32_t offset, uint32_t length) override;
  void HandleReceiveEnded(int result) override;

  // Delivers until all is delivered, the connection closes, or receiving is held; how much was.
  uint32_t Deliver(const uint8_t* data, uint32_t length);
  uint32_t DeliverPush(const uint8_t* data, uint32_t length);
  uint32_t DeliverPull(const uint8_t* data, uint32_t length);
  // One OnReceive. False: none begins any more.
  bool CallListener(const uint8_t* data, int length);
  // Nothing is to be delivered now.
  bool held() const { return paused() || (pull() != nullptr && pull()->full()); }
  // Keeps bytes for the time after the pause. False: out of memory.
  bool Keep(ReceiveBuffer& buffer, const uint8_t* data, uint32_t length);
  void DeliverKept();
  void ActOnEnd(int result);

  PieceList kept_;
  std::atomic<PullBuffer*> pull_{nullptr};
  int end_result_ = 0;  // with ended_; without: -heard_error()
  bool ended_ = false;  // the stream has ended while receiving was held or kept bytes were waiting
  bool began_ = false;
  bool delivering_ = false;
  std::atomic<bool> paused_{false};
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_STREAM_RECEIVER_H_
