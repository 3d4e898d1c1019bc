// Internal to core.
//
// The sending half of a connection: the queue of what Send has accepted, at most one send in flight,
// and the exact account of both.
//
// Threads:  as marked. "Worker" is the connection's own.
// Order:    what Send accepted leaves in the order in which the calls returned.
// Units:    bytes.
// Spec: decisions 3.4, 4.2, 4.3, 4.7
#ifndef HPSOCKET_CORE_STREAM_SENDER_H_
#define HPSOCKET_CORE_STREAM_SENDER_H_

#include <atomic>
#include <cstdint>

#include "hpsocket/core/api/types.h"
#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/engine/send_account.h"
#include "hpsocket/core/io/operation.h"
#include "hpsocket/core/stream/piece.h"

namespace hpsocket::core {

class Connection;

class Sender final : private SendOperation {
 public:
  explicit Sender(Connection& connection);
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;
  ~Sender() = default;

  // Worker. One call's bytes, all or nothing. 0, ENOBUFS, EMSGSIZE, ENOMEM. Whether the connection
  // takes bytes at all is for the caller to know.
  int SendInWorker(const WSABUF* buffers, int count, uint64_t total);

  // Any thread, under the connection's lock. `*notify`: the worker has to be told.
  int SendLocked(const WSABUF* buffers, int count, uint64_t total, bool* notify);
  // The same for SP_DIRECT: what the kernel takes leaves now. May give the errno of a fatal error,
  // after which the connection has to be closed with it.
  int SendDirectLocked(const WSABUF* buffers, int count, uint64_t total, bool* notify);

  // Worker. Sends what is queued, unless a send is in flight. Calls OnSend for what left at once.
  void Flush();
  // Worker. Takes over what other threads have queued.
  void TakeOver();
  // Worker, before the last event: OnSend for what has left without it yet.
  void ReportLeft();
  // Worker. Ends the send in flight soon. The peer sees the stream end there, in order if nothing is
  // left in the kernel.
  void Cancel();
  // Worker. The same, but the peer is told nothing, and a send that the kernel has handed to a thread of
  // its own may go on for as long as the peer likes.
  void CancelQuietly();
  // Worker; nothing in flight: forgets what is queued.
  void Discard();

  // Worker.
  bool in_flight() const { return Operation::in_flight(); }
  bool idle() const { return !in_flight() && !has_more(); }

  // Worker: something is accepted that is not yet in flight or sent, as far as it is known without a lock.
  bool has_more() const { return !queue_.empty() || foreign_waiting_.load(std::memory_order_acquire); }

  // Any thread: accepted bytes whose send has not completed.
  uint64_t pending() const { return account_.pending(); }

  // Worker: listed for the flush at the end of the round.
  bool dirty() const { return dirty_; }
  void set_dirty(bool dirty) { dirty_ = dirty; }

  // Worker. Bytes have left, or it has just opened: the connection is not idle (MaxIdleTime).
  void NoteSent();

 private:
  void HandleSent(int64_t result) override;
  Connection& connection() const;
  void Completed(uint64_t bytes);
  // Any thread that has made a send complete: under the lock, or the worker.
  void AddCompleted(uint64_t bytes);
  // OnSend for bytes that SP_DIRECT has handed over in the calling thread.
  void ReportAlreadySent();
  int64_t SubmitOnce();
  void CopySmallLeases();
  // There is no room for `more` bytes: moves what is queued into a chunk that has, if that is worth it.
  void MoveToLarger(uint64_t more);
  bool Append(const uint8_t* data, uint32_t length);
  bool AppendCopy(const uint8_t* data, uint32_t length);
  int CheckLimits(uint64_t total) const;

  // Worker only.
  PieceList queue_;

  SendAccount account_;

  // Under the connection's lock; the flag also for a look from outside.
  PieceList foreign_;
  std::atomic<bool> foreign_waiting_{false};
  bool direct_busy_ = false;  // SP_DIRECT: something is queued or in flight
  // Worker.
  bool dirty_ = false;
  bool reporting_ = false;  // OnSend runs with bytes of the first piece
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_STREAM_SENDER_H_
