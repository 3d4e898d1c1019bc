// Internal to core.
//
// One peer of a datagram socket: a session of a UDP server, or the only one of a client or a cast.
//
//   state        event                                   next        by whom
//   CONNECTING   asynchronous client: connected          OPENING     its worker
//   OPENING      OnAccept/OnConnect has returned well    OPEN        its worker, or the caller of Start
//   any of them  our side ends it, or it is found dead   CLOSING     any thread (Claim)
//   CLOSING      somebody takes the last event on        REPORTING   its worker, or any (RP_PARALLEL)
//   REPORTING    the last event has returned             CLOSED      the same
//
// Threads:  its worker, except what is marked "any thread".
// Owner:    its worker. Memory from the component's SharedPool.
// Lifetime: until the last event has returned, nothing of it waits to be sent, and no call from another
//           thread can still find it (CallGate).
#ifndef HPSOCKET_CORE_DATAGRAM_SESSION_H_
#define HPSOCKET_CORE_DATAGRAM_SESSION_H_

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/core/base/clock.h"
#include "hpsocket/core/base/intrusive_list.h"
#include "hpsocket/core/base/mpsc_queue.h"
#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/engine/send_account.h"
#include "hpsocket/core/net/address.h"

namespace hpsocket::core {

class DatagramWorker;

enum class SessionState : uint32_t { kConnecting, kOpening, kOpen, kClosing, kReporting, kClosed };

class Session final : public MpscNode<Session>, public ListLink<Session> {
 public:
  Session(DatagramWorker& worker, const Address& peer, uint64_t hash, SessionState first)
      : worker_(worker), peer_(peer), hash_(hash), word_(static_cast<uint32_t>(first)) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // --- Any thread ---

  DatagramWorker& worker() const { return worker_; }
  CONNID id() const { return id_.load(std::memory_order_acquire); }
  // Before it is visible to others, and (0) under the lock when it is taken out.
  void set_id(CONNID id) { id_.store(id, std::memory_order_release); }
  std::atomic<CONNID>* id_slot() { return &id_; }
  SmallMutex& lock() { return lock_; }
  const Address& peer() const { return peer_; }
  // An asynchronous client's, once it is known: under the lock.
  void set_peer(const Address& peer) { peer_ = peer; }
  uint64_t hash() const { return hash_; }
  // Which address of this host the peer has sent to last, where the socket has none of its own: what is sent
  // to it leaves with that one. Null: with the system's choice. Under the lock, or on the worker.
  const Address* local() const { return local_.valid() ? &local_ : nullptr; }

  SessionState state() const { return StateOf(word_.load(std::memory_order_acquire)); }
  bool closing() const { return state() >= SessionState::kClosing; }
  // The same, in one order with Claim() and `delivering`.
  bool ClosingInOrder() const {
    return StateOf(word_.load(std::memory_order_seq_cst)) >= SessionState::kClosing;
  }
  bool Move(SessionState from, SessionState to) {
    uint32_t expected = static_cast<uint32_t>(from);
    return word_.compare_exchange_strong(expected, static_cast<uint32_t>(to), std::memory_order_acq_rel);
  }
  // The first to end it says how: OnClose for `error` 0, else OnError.
  bool Claim(EnSocketOperation operation, int error) {
    uint32_t now = word_.load(std::memory_order_acquire);
    const uint32_t closing = static_cast<uint32_t>(SessionState::kClosing) |
                             static_cast<uint32_t>(operation) << 8 | static_cast<uint32_t>(error) << 16;
    do {
      if (StateOf(now) >= SessionState::kClosing) return false;
    } while (!word_.compare_exchange_weak(now, closing, std::memory_order_seq_cst));
    return true;
  }
  // From CLOSING on.
  EnSocketOperation end_operation() const {
    return static_cast<EnSocketOperation>(word_.load(std::memory_order_acquire) >> 8 & 0xff);
  }
  int end_error() const { return static_cast<int>(word_.load(std::memory_order_acquire) >> 16); }
  // Whoever gets true delivers the last event.
  bool TakeReport() { return MoveKeepingCause(SessionState::kClosing, SessionState::kReporting); }
  void NoteReported() { MoveKeepingCause(SessionState::kReporting, SessionState::kClosed); }
  // Ends without an event.
  void Drop() { word_.store(static_cast<uint32_t>(SessionState::kClosed), std::memory_order_release); }

  void* extra() const { return extra_.load(std::memory_order_acquire); }
  void set_extra(void* extra) { extra_.store(extra, std::memory_order_release); }

  TimePoint opened_at() const { return TimePoint(Duration(opened_at_.load(std::memory_order_relaxed))); }
  void set_opened_at(TimePoint now) {
    opened_at_.store(now.time_since_epoch().count(), std::memory_order_relaxed);
    active_at_.store(ToTicks(now), std::memory_order_relaxed);
    heard_at_ = sent_at_ = ToTicks(now);
  }
  // Bytes came. Spec: api §6.8
  void NoteActive(TimePoint now) { active_at_.store(ToTicks(now), std::memory_order_relaxed); }
  // Milliseconds since; right for 49 days.
  uint32_t SilentFor(TimePoint now) const {
    return TicksBetween(active_at_.load(std::memory_order_relaxed), ToTicks(now));
  }

  // What Send has accepted.
  SendAccount account;
  // The worker's queue has an empty datagram of the library's own for it.
  std::atomic<bool> heartbeat_queued{false};
  // Its OnReceive is running: RP_PARALLEL lets the last event overtake it.
  std::atomic<bool> delivering{false};
  // In the worker's inbox of sessions.
  std::atomic<bool> posted{false};
  // In the queue of RP_PARALLEL.
  std::atomic<bool> in_closing_queue{false};
  Session* next_closing = nullptr;  // the queue's

  // --- Worker ---

  // Not valid: nobody knows any more.
  void NoteLocal(const Address& local) {
    if (local == local_) return;
    SmallMutexLock lock(lock_);
    local_ = local;
  }
  // Any datagram came.
  void NoteHeard(TimePoint now) {
    heard_at_ = ToTicks(now);
    fails = 0;
  }
  uint32_t heard_at() const { return heard_at_; }
  // Whether an empty datagram may be answered. Two servers that are made to hear each other by a forged
  // sender would go on for ever. Clients ask once a second at most, though the network may bring what they
  // have asked for closer together: in the long run two answers a second, a few at once.
  bool MayAnswer(TimePoint now) const {
    return !answered_ || Ahead(now) <= (kAnswersAtOnce - 1) * kAnswerPause;
  }
  void NoteAnswered(TimePoint now) {
    answers_until_ = ToTicks(now) + (answered_ ? Ahead(now) : 0) + kAnswerPause;
    answered_ = true;
  }
  void NoteSent(TimePoint now) { sent_at_ = ToTicks(now); }
  // Since anything went either way.
  uint32_t IdleFor(TimePoint now) const {
    return std::min(TicksBetween(heard_at_, ToTicks(now)), TicksBetween(sent_at_, ToTicks(now)));
  }

  uint32_t fails = 0;     // of detection
  uint32_t in_queue = 0;  // packets in the worker's send queue
  bool retired = false;   // out of list and table; its memory goes when nobody needs it
  static constexpr uint64_t kNotRetired = UINT64_MAX;
  uint64_t retired_epoch = kNotRetired;
  bool attached = false;  // in the worker's list and table

 private:
  static SessionState StateOf(uint32_t word) { return static_cast<SessionState>(word & 0xff); }
  bool MoveKeepingCause(SessionState from, SessionState to) {
    uint32_t now = word_.load(std::memory_order_acquire);
    do {
      if (StateOf(now) != from) return false;
    } while (!word_.compare_exchange_weak(now, (now & ~0xffu) | static_cast<uint32_t>(to),
                                          std::memory_order_acq_rel));
    return true;
  }

  DatagramWorker& worker_;
  std::atomic<CONNID> id_{0};
  Address peer_;
  Address local_;  // written by the worker under the lock
  const uint64_t hash_;
  std::atomic<uint32_t> word_;
  SmallMutex lock_;
  std::atomic<void*> extra_{nullptr};
  std::atomic<int64_t> opened_at_{0};
  std::atomic<uint32_t> active_at_{0};
  uint32_t heard_at_ = 0;
  uint32_t sent_at_ = 0;
  // How long ago the last answer would have been, one each pause: 0 when that is over. A session that has
  // not been asked for 24 days may have one answer less.
  uint32_t Ahead(TimePoint now) const {
    const int32_t ahead = static_cast<int32_t>(answers_until_ - ToTicks(now));
    return ahead > 0 ? static_cast<uint32_t>(ahead) : 0;
  }

  static constexpr uint32_t kAnswerPause = 500;  // ms
  static constexpr uint32_t kAnswersAtOnce = 2;
  bool answered_ = false;
  uint32_t answers_until_ = 0;  // one each pause, they would last so long
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_DATAGRAM_SESSION_H_
