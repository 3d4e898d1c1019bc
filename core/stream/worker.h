// Internal to core.
//
// One thread with one completion port and the connections that belong to it. A round: take what
// others have posted, fire timers, send what has gathered, wait for completions, run their handlers.
//
// Threads:  its own thread, except what is marked "any thread". Everything an application's
//           callback does on this thread happens inside a round.
// Owner:    the engine.
// Lifetime: from Start to Stop; its heap is destroyed on its own thread, once every worker of the
//           component has nothing in flight.
#ifndef HPSOCKET_CORE_STREAM_WORKER_H_
#define HPSOCKET_CORE_STREAM_WORKER_H_

#include <atomic>
#include <optional>

#include "hpsocket/core/api/types.h"
#include "hpsocket/core/base/intrusive_list.h"
#include "hpsocket/core/base/mpsc_queue.h"
#include "hpsocket/core/engine/object_pool.h"
#include "hpsocket/core/engine/pending_budget.h"
#include "hpsocket/core/engine/start_failure.h"
#include "hpsocket/core/engine/worker_base.h"
#include "hpsocket/core/memory/private_heap.h"
#include "hpsocket/core/stream/connection.h"
#include "hpsocket/core/stream/piece.h"
#include "hpsocket/core/timer/timer_wheel.h"

namespace hpsocket::core {

class StreamEngine;
class WorkerGuest;

class Worker final : public WorkerBase {
 public:
  Worker(StreamEngine& engine, uint32_t index, WorkerGuest* guest);
  ~Worker() override;

  // The worker whose round the calling thread is in, or null.
  static Worker* Current() { return current_; }

  bool RunRound(bool may_block) override;

  // --- Any thread ---

  StreamEngine& engine() const { return engine_; }
  void PushToInbox(Connection* connection);

  // Makes a connection object; null when out of memory. The caller inserts it into the table.
  Connection* NewConnection(int fd, const Address& remote, ConnectionState first);
  // Of one that was never attached.
  void DiscardConnection(Connection* connection);
  // Client: the last event of the one connection, on the thread that waits in Stop.
  void DeliverHandedClose();

  // What GetStats reads; written by the worker only.
  struct Figures {
    std::atomic<uint64_t> bytes_received{0};
    std::atomic<uint64_t> bytes_sent{0};
    std::atomic<uint64_t> receive_calls{0};
    std::atomic<uint64_t> send_calls{0};
    std::atomic<uint64_t> pending_bytes{0};
    std::atomic<uint64_t> accept_errors{0};
    std::atomic<uint64_t> buffer_shortages{0};
    std::atomic<uint64_t> cq_overflows{0};
    std::atomic<uint64_t> port_bytes{0};
    std::atomic<uint64_t> pool_bytes{0};
    std::atomic<uint64_t> pool_buffers{0};
    std::atomic<uint64_t> leases{0};
    std::atomic<uint64_t> lingering{0};
  };
  Figures& figures() { return figures_; }
  // Accepted bytes whose OnSend is due, those that other threads have queued and the worker has not taken
  // over yet included.
  uint64_t pending_bytes() const {
    const uint64_t own = figures_.pending_bytes.load(std::memory_order_acquire);
    return own + foreign_bytes_.load(std::memory_order_relaxed);
  }
  void AddForeign(uint64_t bytes) { foreign_bytes_.fetch_add(bytes, std::memory_order_relaxed); }

  // --- Worker ---

  // What AddForeign() counted has been taken over.
  void TakeForeign(uint64_t bytes);
  // A send in a calling thread (SP_DIRECT), which the port has not seen.
  void CountDirectSend() { ++direct_sends_; }

  TimerWheel& timers() { return *timers_; }
  PieceStore& pieces() { return *pieces_; }
  PendingCredit& credit() { return credit_; }

  // The receive buffer that an OnReceive of this worker is running on, or null.
  ReceiveBuffer* delivery = nullptr;

  // A connection that arrived on this worker: its list, its inbox, its end.
  void Attach(Connection& connection);
  // From the acceptor, on its worker: hands the connection to the worker it is for.
  void Accept(Worker& target, int fd, const Address& peer);
  void ListDirty(Connection& connection);
  // The connection is out of the table with nothing in flight: frees it when nobody can find it.
  void Retire(Connection& connection);
  void BeginLinger(Connection& connection);
  void EndLinger(Connection& connection);
  void AbortOldestLinger();
  // The one connection of a client leaves its last event to the thread that waits in Stop; false when
  // none does.
  bool HandClose(Connection& connection);

 private:
  bool Open();
  StartFailure HandleOpen() override;
  void DrainInbox();
  void GiveWay();
  void BeginGuest();
  void BeginStopping();
  bool Ended() override;
  void TearDown() override;
  void FlushDirty();
  void FreeRetired();
  void FinishHandedClose();
  void CheckIdle(Duration idle);
  // Something came since this round looked, or will not be announced.
  bool HasNews();
  void PublishFigures();
  TimePoint NextDeadline();
  Duration IdleStep() const;
  static void IdleTick(Timer& timer);
  static void TrimTick(Timer& timer);

  static thread_local Worker* current_;

  StreamEngine& engine_;
  WorkerGuest* const guest_;
  ObjectPool<Connection> objects_;

  MpscQueue<Connection> inbox_;
  uint32_t own_posts_ = 0;                  // of those in the inbox, by the worker itself
  std::atomic<uint64_t> foreign_bytes_{0};  // beside what the same threads write anyway

  std::optional<PrivateHeap> heap_;
  std::optional<PieceStore> pieces_;
  std::optional<TimerWheel> timers_;
  PendingCredit credit_;
  IntrusiveList<Connection> connections_;
  IntrusiveList<Connection> lingering_;
  IntrusiveList<Connection> aborting_;  // lingering ones that Stop has ended, until their send has
  IntrusiveList<Connection> retired_;
  size_t lingering_count_ = 0;  // in both lists
  size_t aborting_count_ = 0;
  Connection* first_dirty_ = nullptr;
  Connection* handed_ = nullptr;
  bool guest_began_ = false;
  Figures figures_;
  uint64_t direct_sends_ = 0;

  struct IdleTimer : Timer {
    explicit IdleTimer(Worker& worker) : Timer(&Worker::IdleTick), owner(worker) {}
    Worker& owner;
    int put_off = 0;  // times in a row
  } idle_timer_;

  // Runs while more is kept than the settings want to be kept for good.
  struct TrimTimer : Timer {
    explicit TrimTimer(Worker& worker) : Timer(&Worker::TrimTick), owner(worker) {}
    Worker& owner;
  } trim_timer_;
};

// One writer, so no read-modify-write.
inline void Bump(std::atomic<uint64_t>& counter, uint64_t by = 1) {
  counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_STREAM_WORKER_H_
