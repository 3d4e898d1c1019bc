// Internal to core.
//
// The UDP engine that server, client and cast share: one socket, workers, sessions, their table,
// sending, and the life cycle. A facade drives it with HP-Socket's words and hears of it through
// EngineEvents.
//
// Threads:  every method from any thread and inside any callback (Spec: decisions 3.3), except
//           where decisions 2.4 says otherwise.
// Owner:    the component owns its engine; the engine owns everything below.
// Lifetime: destroying a running engine stops it; inside its own callback that is fatal.
// Errors:   0 or a positive errno from the per-connection calls; lifecycle calls return false and
//           leave last_error() and errno.
#ifndef HPSOCKET_CORE_DATAGRAM_DATAGRAM_ENGINE_H_
#define HPSOCKET_CORE_DATAGRAM_DATAGRAM_ENGINE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/datagram/datagram_settings.h"
#include "hpsocket/core/datagram/dialer.h"
#include "hpsocket/core/datagram/peer_table.h"
#include "hpsocket/core/datagram/session.h"
#include "hpsocket/core/engine/closing_queue.h"
#include "hpsocket/core/engine/connection_table.h"
#include "hpsocket/core/engine/engine_base.h"
#include "hpsocket/core/engine/pending_budget.h"
#include "hpsocket/core/engine/start_token.h"
#include "hpsocket/core/engine/worker_set.h"
#include "hpsocket/core/memory/shared_pool.h"
#include "hpsocket/core/net/address.h"

namespace hpsocket::core {

class DatagramWorker;

class DatagramEngine final : public EngineBase {
 public:
  DatagramEngine(const char* kind, Role role, Delivery delivery, EngineEvents& events);
  ~DatagramEngine() override;

  // --- Life cycle (Spec: decisions 2) ---

  bool StartServer(const char* bind_address, uint16_t port);
  // Client: to `remote` (literal or name). Cast: a group, or ignored (broadcast); never asynchronous.
  bool StartClient(const char* remote, uint16_t port, bool async);

  // --- Settings; effective at the next Start. Where forked(), which has none: those that it runs with ---

  DatagramSettings settings() const;
  void Change(absl::FunctionRef<void(DatagramSettings&)> change);

  // --- Per session: 0 or errno (Spec: decisions 4.6) ---

  int Send(CONNID id, const uint8_t* data, size_t length);
  int SendPackets(CONNID id, const WSABUF* buffers, int count);
  // UDP has no connection to drain: the flag has no effect. Spec: decisions 4.4
  int Disconnect(CONNID id, bool force);
  int SetExtra(CONNID id, void* extra);
  int GetExtra(CONNID id, void** extra);
  int GetRemoteAddress(CONNID id, Address* out);
  int GetLocalAddress(CONNID id, Address* out);
  int GetPendingLength(CONNID id, uint64_t* out);
  int GetConnectPeriod(CONNID id, uint32_t* ms);
  int GetSilencePeriod(CONNID id, uint32_t* ms);
  // TCP only: EPERM.
  int PauseReceive(CONNID id, bool pause);
  int IsPauseReceive(CONNID id, bool* paused);
  // The socket's address; not valid while it is not bound.
  bool ListenAddress(Address* out) const;
  // Cast, inside OnReceive: who sent it.
  bool CurrentSource(Address* out) const;

  // --- All sessions ---

  uint32_t ConnectionCount() const { return forked() ? 0 : table_.count(); }
  std::vector<CONNID> AllIds() { return forked() ? std::vector<CONNID>() : table_.AllIds(); }
  size_t DisconnectLong(uint32_t period_ms, bool force);
  size_t DisconnectSilent(uint32_t period_ms, bool force);
  CONNID client_id() const { return client_id_.load(std::memory_order_relaxed); }
  void FillStats(HP_Stats* stats);

  // --- For the parts of the engine ---

  // The settings that the running component works with.
  const DatagramSettings& running() const { return running_; }
  ConnectionTable<Session>& table() { return table_; }
  SharedPool& pool() { return pool_; }
  PendingBudget& budget() { return budget_; }
  WorkersOf<DatagramWorker>& workers() { return workers_; }
  size_t planned_workers() const { return workers_.count(); }
  int socket() const { return socket_; }
  // Start is complete: datagrams may be read.
  bool may_read() { return lifecycle().start_complete(); }

  uint64_t HashOf(const Address& peer) const { return HashOfPeer(peer, hash_key_); }
  uint32_t WorkerOfHash(uint64_t hash) const {
    return static_cast<uint32_t>((hash >> 32) * planned_workers() >> 32);
  }
  // The token of DatagramReader. Take: true if it is held afterwards.
  bool TakeReaderToken(uint32_t worker);
  bool HasReaderToken(uint32_t worker) const { return reader_.load(std::memory_order_acquire) == worker; }
  bool ReaderTokenIsFree() const { return reader_.load(std::memory_order_seq_cst) == kNobody; }
  // Lets it go, and wakes one who may take it.
  void PassReaderToken(uint32_t worker);
  // Stop: nobody is to be woken for it.
  void GiveUpReaderToken(uint32_t worker);

  // The holder of the token has asked the kernel to merge runs of datagrams: whoever reads after it has to
  // know.
  void NoteMerges() { merges_.store(true, std::memory_order_relaxed); }
  bool merges() const { return merges_.load(std::memory_order_relaxed); }

  // RP_PARALLEL, and somebody to do it.
  bool parallel() const { return parallel_; }
  // The beginning of the run: detection's ticks count from here.
  TimePoint begun_at() const { return begun_at_; }

  // Whether the socket tells with each datagram which address of this host it was sent to.
  bool tells_local() const { return tells_local_; }

  // By the calling thread, on the one socket, with the session locked: 0 or errno.
  int SendNow(const Session& session, const uint8_t* data, uint32_t length);
  // From our side; its last event does not wait for a running OnReceive (RP_PARALLEL). False: it is ending.
  bool CloseFromOurSide(Session& session);
  // RP_PARALLEL: sessions whose peers are dead, though their own workers are kept by their OnReceive.
  void EndSilentBehindCallbacks(TimePoint now);
  // Whoever has taken the report on: the last event, then the ID is gone.
  void ReportEnd(Session& session);
  void TakeOutOfTable(Session& session);
  bool has_closing() const { return !closing_queue_.empty(); }
  // On every worker, once a round.
  void RunClosing();
  // Sessions that have ended and of which datagrams still wait to leave.
  uint32_t lingering() const { return lingering_.load(std::memory_order_relaxed); }
  void CountLingering(int change) {
    lingering_.fetch_add(static_cast<uint32_t>(change), std::memory_order_relaxed);
  }
  // Whether there are more sessions than MaxConnectionCount, by more than `excess`, with so many more.
  bool OverLimit(uint32_t wanted, uint32_t excess = 0) const {
    const uint64_t most = running_.max_connection_count;
    return most != 0 && table_.count() + uint64_t{lingering()} + wanted > most + excess;
  }
  // The worker whose session was silent longest; null where there is none.
  DatagramWorker* WorkerWithOldest();

  // Its port does not know the socket any more. The last one closes it.
  void HandleWorkerExit() override;
  // A client's session has ended by itself: the component stops.
  void SingleEnded();

  // Client and cast: how the session comes to be.
  Dialer& dialer() { return dialer_; }
  // Null before it is made and once its memory is gone.
  Session* single() { return single_.load(std::memory_order_acquire); }
  void ForgetSingle() { single_.store(nullptr, std::memory_order_release); }

  // From now on this is the socket; -1: none. The one before, to be closed: what it dropped is counted.
  int ReplaceSocket(int fd);
  // Adds what the kernel has dropped since this was called last. Its number has 32 bits only: to be called
  // before that can have gone round.
  void CountKernelDrops();

  struct Counters {
    std::atomic<uint64_t> total_connections{0};
    std::atomic<uint64_t> failed_connections{0};
    std::atomic<uint64_t> oversize{0};
    std::atomic<uint64_t> dropped{0};
    std::atomic<uint64_t> evicted{0};
    std::atomic<uint64_t> undelivered{0};
    std::atomic<uint64_t> kernel_drops{0};  // as far as CountKernelDrops() has looked

    void Reset() {
      for (auto* counter : {&total_connections, &failed_connections, &oversize, &dropped, &evicted,
                            &undelivered, &kernel_drops})
        counter->store(0, std::memory_order_relaxed);
    }
  };
  Counters& counters() { return counters_; }
  void CountOversize() { counters_.oversize.fetch_add(1, std::memory_order_relaxed); }
  void CountDroppedDatagram() { counters_.dropped.fetch_add(1, std::memory_order_relaxed); }
  void CountEvicted() { counters_.evicted.fetch_add(1, std::memory_order_relaxed); }
  void CountUndelivered(uint64_t count) { counters_.undelivered.fetch_add(count, std::memory_order_relaxed); }

 private:
  static constexpr uint32_t kNobody = UINT32_MAX;

  // LifecycleOwner.
  void RequestStop() override;
  bool CancelStart() override;
  void DeliverHandedEvent() override;
  void JoinWorkers(bool only_when_stopped) override { workers_.Join(only_when_stopped); }

  // Refuses, with the state left as it is, or begins a Start with the settings of now.
  bool BeginStart();
  struct ClientStart;
  StartFailure StartWith(ClientStart& start);
  StartFailure StartWith(const char* bind_address, uint16_t port);
  void PrepareRun(size_t workers);
  bool FailStart(const StartFailure& failure);
  StartFailure OpenServer(const char* bind_address, uint16_t port);
  int SetUpServer(int fd, const Address& wanted);
  StartFailure StartSingle(bool async);
  StartFailure StartSynchronously();
  StartFailure StartAsynchronously();
  Session* MakeSingle(const Address& peer, SessionState first);
  void SetListenAddress(const Address& address);
  void CloseAllFromHere();
  void CloseSocket();
  void CountKernelDropsLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(drops_mutex_);
  void PostTaskIfAlive(uint32_t task);
  template <class Act>
  int WithSession(CONNID id, Act&& act);
  int SendBuffers(CONNID id, const WSABUF* buffers, int count, uint64_t total);

  mutable Mutex settings_mutex_;
  DatagramSettings settings_ ABSL_GUARDED_BY(settings_mutex_);
  Address listen_address_ ABSL_GUARDED_BY(settings_mutex_);
  DatagramSettings running_;  // written by Start before any worker runs

  SharedPool pool_;
  ConnectionTable<Session> table_;
  PendingBudget budget_;
  Counters counters_;
  Dialer dialer_;

  WorkersOf<DatagramWorker> workers_;
  StartToken start_token_;
  uint64_t hash_key_ = 0;
  bool parallel_ = false;     // written by Start before any worker runs
  TimePoint begun_at_;        // likewise
  bool tells_local_ = false;  // the same
  std::atomic<int> socket_{-1};
  SmallMutex drops_mutex_;
  uint32_t last_drops_ ABSL_GUARDED_BY(drops_mutex_) = 0;  // of this socket
  std::atomic<uint32_t> reader_{kNobody};
  std::atomic<bool> merges_{false};
  std::atomic<size_t> released_{0};
  std::atomic<uint32_t> lingering_{0};
  std::atomic<CONNID> client_id_{0};
  std::atomic<Session*> single_{nullptr};

  ClosingQueue<Session> closing_queue_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_DATAGRAM_DATAGRAM_ENGINE_H_
