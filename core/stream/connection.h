// Internal to core.
//
// One TCP connection, for server, agent and client alike; they differ in who made it. It has a
// Receiver and a Sender, and ends as close_protocol.h says.
//
// Threads:  its worker, except what is marked "any thread".
// Owner:    its worker, from Attach() on. Memory from the component's SharedPool.
// Lifetime: until both halves are idle, the last event has returned and no call from another
//           thread can still find it (CallGate).
#ifndef HPSOCKET_CORE_STREAM_CONNECTION_H_
#define HPSOCKET_CORE_STREAM_CONNECTION_H_

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "hpsocket/core/api/types.h"
#include "hpsocket/core/base/clock.h"
#include "hpsocket/core/base/intrusive_list.h"
#include "hpsocket/core/base/mpsc_queue.h"
#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/io/operation.h"
#include "hpsocket/core/net/address.h"
#include "hpsocket/core/stream/close_protocol.h"
#include "hpsocket/core/stream/receiver.h"
#include "hpsocket/core/stream/sender.h"
#include "hpsocket/core/timer/timer_wheel.h"

namespace hpsocket::core {

class AsyncConnect;
class Worker;

// It is its socket, so that its receiver and its sender find it from the operation that they are.
class Connection final : public PortSocket, public MpscNode<Connection>, public ListLink<Connection> {
 public:
  // What the worker is asked to look at; bits of one word.
  enum Attention : uint32_t {
    kPosted = 1,       // in the worker's inbox
    kAttach = 2,       // new: the worker takes it into its list
    kAccepted = 4,     // new, from the acceptor: OnAccept is due
    kOpened = 8,       // the thread that connected has seen OnConnect return
    kConnect = 16,     // an asynchronous connect is to be started
    kSend = 32,        // another thread has queued bytes
    kClose = 64,       // Claim() succeeded elsewhere
    kDrain = 128,      // Disconnect(id, false)
    kPause = 256,      // PauseReceive changed
    kRejected = 512,   // the thread that connected drops it without an event
    kResolved = 1024,  // the resolver has answered
    kReported = 2048,  // another worker has delivered the last event
  };

  Connection(Worker& worker, int descriptor, const Address& remote, ConnectionState first);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // --- Any thread ---

  Worker& worker() const { return *worker_; }
  CONNID id() const { return id_.load(std::memory_order_acquire); }
  // Before it is visible to others, and (0) under the lock when it is taken out.
  void set_id(CONNID id) { id_.store(id, std::memory_order_release); }
  std::atomic<CONNID>* id_slot() { return &id_; }  // for ConnectionTable::Insert
  SmallMutex& lock() { return lock_; }
  CloseWord& close_word() { return close_word_; }
  ConnectionState state() const { return close_word_.state(); }
  // Whether Send may accept bytes now: 0, EPERM (still connecting) or EBADSLT (closing).
  int SendableError() const;
  Sender& sender() { return sender_; }
  Receiver& receiver() { return receiver_; }
  const Address& remote() const { return remote_; }
  void set_remote(const Address& remote) { remote_ = remote; }  // the connecting party, before it is open

  void* extra() const { return extra_.load(std::memory_order_acquire); }
  void set_extra(void* extra) { extra_.store(extra, std::memory_order_release); }
  TimePoint connected_at() const {
    return TimePoint(Duration(connected_at_.load(std::memory_order_relaxed)));
  }
  void set_connected_at(TimePoint now) {
    connected_at_.store(now.time_since_epoch().count(), std::memory_order_relaxed);
    set_active_at(now);
    NoteSent(now);
  }
  void set_active_at(TimePoint now) { active_at_.store(ToTicks(now), std::memory_order_relaxed); }
  void NoteSent(TimePoint now) { sent_at_ = ToTicks(now); }
  // Milliseconds since bytes arrived last; right for 49 days.
  uint32_t SilentFor(TimePoint now) const {
    return TicksBetween(active_at_.load(std::memory_order_relaxed), ToTicks(now));
  }
  // Worker: since they went either way, for MaxIdleTime.
  uint32_t IdleFor(TimePoint now) const {
    return std::min(SilentFor(now), TicksBetween(sent_at_, ToTicks(now)));
  }

  // Asks the worker to look. From other threads under lock() with the ID compared, so that the
  // connection is still there.
  void Post(uint32_t attention);
  // The first post, in two steps, by the thread that made it: before it is in the table, and after. In
  // between, what others post joins it, so that the worker neither meets the connection before this
  // thread has let go of it, nor ends it unannounced.
  void PrepareFirstPost(uint32_t attention) {
    attention_.store(attention | kPosted, std::memory_order_relaxed);
  }
  void FirstPost(uint32_t more_attention = 0);
  // Our side ends it. False: it is ending already. Its last event does not wait for an OnReceive that
  // is running (RP_PARALLEL).
  bool CloseFromOurSide(CloseCause cause);
  // A worker that found it in the closing queue: delivers the last event if nobody else has.
  void CloseOnOtherWorker();
  // In the closing queue, or just taken out of it.
  bool in_closing_queue() const { return in_closing_queue_.load(std::memory_order_acquire); }

  // --- Worker ---

  PortSocket& socket() { return *this; }
  // What Post() has gathered; the connection is out of the inbox.
  void HandleAttention();
  // OnAccept, then open.
  void RunAccept();
  // A connect has succeeded on this worker: OnConnect, then open.
  void RunConnect();
  // The opening callback has returned well: receiving begins.
  void Open();
  // Claims and starts closing. Inside a callback the closing goes on after it has returned.
  void CloseWith(CloseCause cause);
  // Closing was claimed: ends what is in flight; goes on in TryFinish().
  void BeginClose();
  // Delivers the last event and takes the connection out as soon as nothing is in the way.
  void TryFinish();
  // The thread that waited in a client's Stop has delivered the last event.
  void FinishHandedClose();
  // Bytes have arrived: the silence ends.
  void NoteReceived();
  // Around each OnReceive of a component under RP_PARALLEL. False: it is closing, no OnReceive begins.
  bool EnterReceive();
  void LeaveReceive();
  // No event but the last one may begin; the last one may run on another worker already.
  bool events_over() const { return events_over_; }
  // Lists it for the flush at the end of the round.
  void MarkDirty();
  // After a callback or a completion on this connection, never inside one: goes on with its end, or
  // sends what a callback has queued where the port sends at once.
  void AfterEvents();
  // Receiving is held: looks now and then whether keep-alive has found the peer gone.
  void WatchWhileHeld();
  // The sender has nothing left: what waits for that.
  void SendDrained();
  // The send in flight has ended.
  void SendEnded(int error);

  void set_async_connect(AsyncConnect* connect) { async_connect_ = connect; }
  AsyncConnect* async_connect() const { return async_connect_; }
  bool lingering() const { return lingering_; }
  // The listener knows it and has not had its last event: it is told of bytes that leave.
  bool told() const { return !lingering_ && !events_over_ && !rejected_; }
  // Its OnConnect may still be running, on the thread that connects.
  bool opens_elsewhere() const { return connected_elsewhere_ && !opened_; }
  // Out of the inbox's reach for good; freed when it is not posted any more.
  bool dead() const { return dead_; }
  void set_dead() { dead_ = true; }
  // Made by a synchronous connect: OnConnect runs on the thread that connects.
  void set_connected_elsewhere() { connected_elsewhere_ = true; }
  bool posted() const { return (attention_.load(std::memory_order_acquire) & kPosted) != 0; }
  void AbortLinger();
  // The last event itself: on the worker, or on the thread that waits in a client's Stop. False:
  // another worker delivers it, and posts when that is done.
  bool DeliverClose(bool silent);

  // Worker: the gate's epoch when it was taken out of reach. Nobody asks for its age any more.
  void set_retired_epoch(uint64_t epoch) {
    connected_at_.store(static_cast<int64_t>(epoch), std::memory_order_relaxed);
  }
  uint64_t retired_epoch() const {
    return static_cast<uint64_t>(connected_at_.load(std::memory_order_relaxed));
  }

  Connection* next_dirty = nullptr;    // Worker
  Connection* next_closing = nullptr;  // ClosingQueue
  bool in_callback : 1 = false;        // Worker: an event of this connection is running
  bool in_aborting_list : 1 = false;   // Worker's bookkeeping of those that linger

 private:
  static void TimeOut(Timer& timer);
  void BeginDrain();
  // Arms the time-out of a graceful end; false: no memory, so no time is given.
  bool ArmCloseTimer();
  void Report();
  void TakeOutOfTable();
  // `may_linger`: the peer has ended its direction, so what was accepted is still to be written.
  void Leave(bool may_linger);
  void CloseSocket();
  void EndLinger();

  // Worker.
  bool opened_ : 1 = false;               // the opening callback has returned well
  bool close_began_ : 1 = false;          //
  bool fin_sent_ : 1 = false;             //
  bool lingering_ : 1 = false;            //
  bool abort_linger_ : 1 = false;         //
  bool dead_ : 1 = false;                 //
  bool rejected_ : 1 = false;             // the opening callback returned HR_ERROR, or never came
  bool handed_ : 1 = false;               // client: Stop's caller delivers the last event
  bool events_over_ : 1 = false;          // the last event runs, or may run, on another thread
  bool connected_elsewhere_ : 1 = false;  // set before it is attached

  std::atomic<bool> receiving_{false};         // RP_PARALLEL: written by the worker
  std::atomic<bool> in_closing_queue_{false};  // RP_PARALLEL
  CloseWord close_word_;
  SmallMutex lock_;
  std::atomic<uint32_t> attention_{0};
  std::atomic<uint32_t> active_at_{0};  // ticks
  uint32_t sent_at_ = 0;                // Worker; ticks
  Address remote_;
  Worker* const worker_;
  std::atomic<CONNID> id_{0};
  AsyncConnect* async_connect_ = nullptr;
  std::atomic<void*> extra_{nullptr};
  std::atomic<int64_t> connected_at_{0};
  Receiver receiver_;
  Sender sender_;

  // The graceful or the lingering time-out, or the next look while receiving is held; never two of them.
  // Made when it is needed.
  struct OneTimer : Timer {
    OneTimer(Connection& connection) : Timer(&Connection::TimeOut), owner(connection) {}
    Connection& owner;
    bool looks = false;
  };
  // False: no memory.
  bool ArmTimer(Duration delay, bool looks);
  OneTimer* timer_ = nullptr;
};

static_assert(sizeof(Connection) <= (sizeof(void*) == 8 ? 320 : 256),
              "a size class of the allocator; idle connections count in millions");

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_STREAM_CONNECTION_H_
