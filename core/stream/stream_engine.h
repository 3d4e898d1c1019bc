// Internal to core.
//
// The TCP engine that server, agent and client share: workers, connections, their table, sending,
// connecting, and the life cycle. A facade drives it with HP-Socket's words and hears of it through
// EngineEvents.
//
// Threads:  every method from any thread and inside any callback (Spec: decisions 3.3), except
//           where decisions 2.4 says otherwise.
// Owner:    the component owns its engine; the engine owns everything below.
// Lifetime: destroying a running engine stops it; inside its own callback that is fatal.
// Errors:   0 or a positive errno from the per-connection calls; lifecycle calls return false and
//           leave last_error() and errno.
#ifndef HPSOCKET_CORE_STREAM_STREAM_ENGINE_H_
#define HPSOCKET_CORE_STREAM_STREAM_ENGINE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/engine/closing_queue.h"
#include "hpsocket/core/engine/connection_table.h"
#include "hpsocket/core/engine/engine_base.h"
#include "hpsocket/core/engine/engine_events.h"
#include "hpsocket/core/engine/pending_budget.h"
#include "hpsocket/core/engine/start_failure.h"
#include "hpsocket/core/engine/start_token.h"
#include "hpsocket/core/engine/worker_set.h"
#include "hpsocket/core/io/world.h"
#include "hpsocket/core/memory/shared_pool.h"
#include "hpsocket/core/net/address.h"
#include "hpsocket/core/stream/stream_settings.h"
#include "hpsocket/core/stream/worker_guest.h"

namespace hpsocket::core {

class Connection;
class Worker;

class StreamEngine final : public EngineBase {
 public:
  // `kind` names the component in messages ("TcpServer"); a literal.
  StreamEngine(const char* kind, Role role, Delivery delivery, EngineEvents& events);
  ~StreamEngine() override;

  // --- Life cycle (Spec: decisions 2) ---

  // Server and agent. `guest` is told what Start was called with by `configure`, once it is sure that
  // this Start is the one; it is opened on the calling thread, then lives on the first worker until
  // Stop.
  bool Start(WorkerGuest& guest, absl::FunctionRef<void()> configure);
  // Client: connects to `remote` (literal or name).
  bool StartClient(const char* remote, uint16_t port, bool async);

  // --- Settings; effective at the next Start. Where forked(), which has none: those that it runs with ---

  StreamSettings settings() const;
  void Change(absl::FunctionRef<void(StreamSettings&)> change);

  // --- Per connection: 0 or errno (Spec: decisions 4.6) ---

  int Send(CONNID id, const uint8_t* data, size_t length);
  int SendPackets(CONNID id, const WSABUF* buffers, int count);
  int SendSmallFile(CONNID id, const char* path, const WSABUF* head, const WSABUF* tail);
  int Disconnect(CONNID id, bool force);
  int SetExtra(CONNID id, void* extra);
  int GetExtra(CONNID id, void** extra);
  int GetRemoteAddress(CONNID id, Address* out);
  int GetLocalAddress(CONNID id, Address* out);
  int GetPendingLength(CONNID id, uint64_t* out);
  int GetConnectPeriod(CONNID id, uint32_t* ms);
  int GetSilencePeriod(CONNID id, uint32_t* ms);
  int PauseReceive(CONNID id, bool pause);
  int IsPauseReceive(CONNID id, bool* paused);

  // --- PULL, per connection (Spec: decisions 4.1); see IPullSocket ---

  // Copies and, with `remove`, takes out.
  EnFetchResult Fetch(CONNID id, uint8_t* data, size_t length, bool remove);
  EnFetchResult PeekSpan(CONNID id, const uint8_t** data, size_t* length);
  EnFetchResult Find(CONNID id, const uint8_t* pattern, size_t length, size_t from, size_t* position);

  // --- All connections ---

  uint32_t ConnectionCount() const { return forked() ? 0 : table_.count(); }
  // Connections whose last event has been, and whose accepted bytes still go out. On a worker.
  uint32_t LingeringCount() const;
  std::vector<CONNID> AllIds();
  // How many matched.
  size_t DisconnectLong(uint32_t period_ms, bool force);
  size_t DisconnectSilent(uint32_t period_ms, bool force);

  // --- Client ---

  CONNID client_id() const { return client_id_.load(std::memory_order_relaxed); }

  void FillStats(HP_Stats* stats);

  // --- For the guest and the parts of the engine (worker, connection, connector) ---

  Delivery delivery() const { return delivery_; }
  // The settings that the running component works with.
  const StreamSettings& running() const { return running_; }
  ConnectionTable<Connection>& table() { return table_; }
  SharedPool& pool() { return pool_; }
  PendingBudget& budget() { return budget_; }
  // Whether a last event from our side may overtake a running OnReceive. Spec: decisions 3.2
  bool parallel() const { return parallel_; }
  // A connection for RunClosing() of any worker, other than its own as long as that is busy.
  void PushClosing(Connection& connection);
  // On every worker, once a round: delivers what PushClosing() has left.
  void RunClosing(const Worker& worker);
  bool has_closing() const { return !closing_queue_.empty(); }
  WorkersOf<Worker>& workers() { return workers_; }
  // How many workers the running component has, while they are being made too.
  size_t planned_workers() const { return workers_.count(); }
  // The worker that the next new connection goes to.
  Worker& NextWorker();
  // What outgoing connections are bound to; not valid: nothing. Set while Start opens the guest.
  void set_bind_address(const Address& address) { bind_address_ = address; }
  const Address& bind_address() const { return bind_address_; }

  struct Counters {
    std::atomic<uint64_t> total_connections{0};
    std::atomic<uint64_t> refused_connections{0};
    std::atomic<uint64_t> failed_connections{0};

    void Reset() {
      for (auto* counter : {&total_connections, &refused_connections, &failed_connections})
        counter->store(0, std::memory_order_relaxed);
    }
  };
  Counters& counters() { return counters_; }

  // Start is complete: the guest may serve.
  bool guest_may_begin() { return lifecycle().start_complete(); }

  // Client: the worker has delivered the last event; the component stops itself.
  void ClientConnectionEnded();

 private:
  // LifecycleOwner.
  void RequestStop() override;
  // Stop under RP_PARALLEL: does not wait for workers that are inside an OnReceive.
  void CloseAllFromHere();
  bool CancelStart() override;
  void DeliverHandedEvent() override;
  void JoinWorkers(bool only_when_stopped) override { workers_.Join(only_when_stopped); }

  // Steps of Start, on its caller's thread.
  StartFailure StartWith(WorkerGuest& guest, absl::FunctionRef<void()> configure, bool* guest_open);
  struct ClientStart;
  StartFailure StartWith(ClientStart& start);
  void PrepareRun(size_t workers, WorkerGuest* guest);
  bool FailStart(const StartFailure& failure);
  template <class Act>
  int WithConnection(CONNID id, Act&& act);
  int WithForeign(CONNID id, absl::FunctionRef<int(Connection&)> act);
  int SendForeign(CONNID id, const WSABUF* buffers, int count, uint64_t total);
  int SendBuffers(CONNID id, const WSABUF* buffers, int count, uint64_t total);

  const Delivery delivery_;

  mutable Mutex settings_mutex_;
  StreamSettings settings_ ABSL_GUARDED_BY(settings_mutex_);
  StreamSettings running_;  // written by Start before any worker runs

  SharedPool pool_;
  ClosingQueue<Connection> closing_queue_;
  bool parallel_ = false;  // written by Start before any worker runs
  ConnectionTable<Connection> table_;
  PendingBudget budget_;
  Counters counters_;

  WorkerGuest* guest_ = nullptr;
  WorkersOf<Worker> workers_;
  std::atomic<size_t> next_worker_{0};
  Address bind_address_;
  std::atomic<CONNID> client_id_{0};
  StartToken start_token_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_STREAM_STREAM_ENGINE_H_
