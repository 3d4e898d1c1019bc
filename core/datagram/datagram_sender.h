// Internal to core.
//
// A worker's way out: what its sessions send, in the order in which it was accepted, leaves in batches;
// each datagram that has left is reported by one OnSend.
//
// Threads:  the worker, except what is marked "any thread".
// Owner:    its worker; packets from the worker's heap (sent on the worker) or the component's pool.
// Order:    a call that returned before another one began comes first, in whatever threads.
// Errors:   what the kernel refuses is dropped and counted, without OnSend. Spec: decisions 6.7
#ifndef HPSOCKET_CORE_DATAGRAM_DATAGRAM_SENDER_H_
#define HPSOCKET_CORE_DATAGRAM_DATAGRAM_SENDER_H_

#include <atomic>
#include <cstdint>
#include <memory>

#include "hpsocket/core/api/types.h"
#include "hpsocket/core/base/clock.h"
#include "hpsocket/core/base/mpsc_queue.h"
#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/datagram/packet.h"
#include "hpsocket/core/datagram/session.h"
#include "hpsocket/core/engine/pending_budget.h"
#include "hpsocket/core/io/operation.h"
#include "hpsocket/core/net/send_batch.h"

namespace hpsocket::core {

class DatagramEngine;
class DatagramWorker;

class DatagramSender final : private ReadinessOperation {
 public:
  DatagramSender(DatagramEngine& engine, DatagramWorker& worker);

  // Once the worker runs.
  void Open(PrivateHeap& heap, PolledSocket& socket);

  // --- Any thread, inside the gate and under the session's lock ---

  // 0 or errno.
  int SendLocked(Session& session, const WSABUF* buffers, int count, uint32_t total);
  // SP_DIRECT: by the calling thread, unless something of the session waits.
  int SendDirectLocked(Session& session, const WSABUF* buffers, int count, uint32_t total);
  void PushForeign(Packet* packet) { foreign_.Push(packet); }
  // Accepted, and not yet reported.
  uint64_t held_bytes() const {
    return own_held_.load(std::memory_order_relaxed) + foreign_held_.load(std::memory_order_relaxed);
  }
  // Something that the worker can do something about.
  bool has_foreign() const { return (socket->fd >= 0 || ending_) && !foreign_.empty(); }

  // --- Worker ---

  int SendInWorker(Session& session, const WSABUF* buffers, int count, uint32_t total);
  // A datagram of the library's own, without a byte: one per session at a time, and none while the kernel
  // takes nothing, as if it had been lost on the way: false. Spec: api §6.12
  bool SendHeartbeat(Session& session);
  // Sends what waits, as far as the kernel takes it, and reports it. What callbacks add waits for the
  // next call.
  void Flush();
  // The kernel takes nothing at the moment.
  bool blocked() const { return in_flight() || waits_until_ != kAtOnce; }
  bool waiting() const { return first_ != nullptr && socket->fd >= 0 && !blocked(); }
  // When Flush() wants to be called again at the latest.
  TimePoint next_deadline() const { return waits_until_ == kAtOnce ? kForever : waits_until_; }
  // Stop: forgets what waits; ended() turns true in a later round.
  void BeginEnd();
  bool ended() const { return first_ == nullptr && foreign_.empty() && !in_flight(); }
  uint64_t send_calls() const { return send_calls_; }

 private:
  void HandleReady(int result) override;
  void TakeForeign();
  void Append(Packet* packet);
  // Where the next datagram of the worker's goes: null when out of memory.
  uint8_t* AppendOwn(Session& session, uint32_t length);
  // Under SP_DIRECT the threads that send count what has left, too.
  bool shared() const;
  // Whether the limits let the bytes in: 0, EMSGSIZE, ENOBUFS.
  int Admit(Session& session, uint32_t total) const;
  // So many datagrams of the first packet are out of the queue; with OnSend for each, or dropped.
  void Finish(uint32_t datagrams, bool report);
  int SendSome();

  DatagramEngine& engine_;
  DatagramWorker& worker_;
  PrivateHeap* heap_ = nullptr;
  PendingCredit credit_;
  // Of all sessions: the worker's own, which it alone writes, and the others'.
  std::atomic<uint64_t> own_held_{0};
  std::atomic<uint64_t> foreign_held_{0};
  MpscQueue<Packet> foreign_;
  Packet* first_ = nullptr;
  Packet* last_ = nullptr;
  uint32_t count_ = 0;  // datagrams in the queue
  bool ending_ = false;
  uint64_t send_calls_ = 0;
  int refusals_ = 0;                 // of the first datagram
  TimePoint waits_until_ = kAtOnce;  // the port could not say when there is room; tried again then
  std::unique_ptr<SendBatch> batch_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_DATAGRAM_DATAGRAM_SENDER_H_
