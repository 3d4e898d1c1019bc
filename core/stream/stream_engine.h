// Internal to core.
//
// The TCP engine that server, agent and client share: workers, connections, their table, sending,
// connecting, and the life cycle. A facade drives it with HP-Socket's words and hears of it through
// StreamEvents.
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
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/io/world.h"
#include "hpsocket/core/lifecycle/lifecycle.h"
#include "hpsocket/core/memory/shared_pool.h"
#include "hpsocket/core/net/address.h"
#include "hpsocket/core/stream/call_gate.h"
#include "hpsocket/core/stream/connection_table.h"
#include "hpsocket/core/stream/pending_budget.h"
#include "hpsocket/core/stream/start_failure.h"
#include "hpsocket/core/stream/stream_events.h"
#include "hpsocket/core/stream/stream_settings.h"
#include "hpsocket/core/stream/worker_guest.h"

namespace hpsocket::core {

class ClientStart;
class Connection;
class Worker;
struct ClientStartToken;

class StreamEngine final : private LifecycleOwner {
 public:
  // `kind` names the component in messages ("TcpServer"); a literal.
  StreamEngine(const char* kind, Role role, Delivery delivery, StreamEvents& events);
  ~StreamEngine() override;

  // --- Life cycle (Spec: decisions 2) ---

  // Server and agent. `guest` may be null; it is opened on the calling thread, then lives on the
  // first worker until Stop.
  bool Start(WorkerGuest* guest);
  // Client: connects to `remote` (literal or name).
  bool StartClient(const char* remote, uint16_t port, bool async);
  bool Stop();
  bool Wait(int timeout_ms);
  EnServiceState state() const { return lifecycle_.state(); }
  bool started() const { return state() == SS_STARTED || state() == SS_STARTING; }

  // The component error. Spec: api §1
  EnSocketError last_error() const { return last_error_.load(std::memory_order_relaxed); }
  void set_last_error(EnSocketError code) { last_error_.store(code, std::memory_order_relaxed); }
  // More words on the last failure of the calling thread; never null. Valid until its next call.
  static const char* LastErrorDetail();
  static void SetLastErrorDetail(std::string detail);

  // --- Settings; effective at the next Start ---

  StreamSettings settings() const;
  void Change(const std::function<void(StreamSettings&)>& change);
  void SetMarkSilence(bool on) { mark_silence_.store(on, std::memory_order_relaxed); }
  bool mark_silence() const { return mark_silence_.load(std::memory_order_relaxed); }
  std::string io_backend_desc() const;

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

  // --- All connections ---

  uint32_t ConnectionCount() const { return table_.count(); }
  // Connections whose last event has been, and whose accepted bytes still go out. On a worker.
  uint32_t LingeringCount() const;
  std::vector<CONNID> AllIds() { return table_.AllIds(); }
  // How many matched.
  size_t DisconnectLong(uint32_t period_ms, bool force);
  size_t DisconnectSilent(uint32_t period_ms, bool force);

  // --- Client ---

  CONNID client_id() const { return client_id_.load(std::memory_order_relaxed); }

  void FillStats(HP_Stats* stats);
  void CountException() { exceptions_.fetch_add(1, std::memory_order_relaxed); }
  void ReportSlowCallback(Duration took);

  // --- For the guest and the parts of the engine (worker, connection, connector) ---

  World& world() { return world_; }
  StreamEvents& events() { return events_; }
  Role role() const { return role_; }
  Delivery delivery() const { return delivery_; }
  const char* kind() const { return kind_; }
  // The settings that the running component works with.
  const StreamSettings& running() const { return running_; }
  ConnectionTable& table() { return table_; }
  CallGate& gate() { return gate_; }
  SharedPool& pool() { return pool_; }
  PendingBudget& budget() { return budget_; }
  Lifecycle& lifecycle() { return lifecycle_; }
  // How many workers the running component has, while they are being made too.
  size_t planned_workers() const { return planned_workers_; }
  Worker& worker(size_t index) { return *workers_[index]; }
  // The worker that the next new connection goes to. On the first worker.
  Worker& NextWorker();

  struct Counters {
    std::atomic<uint64_t> total_connections{0};
    std::atomic<uint64_t> refused_connections{0};
    std::atomic<uint64_t> failed_connections{0};
    std::atomic<uint64_t> slow_callbacks{0};
    std::atomic<uint64_t> longest_callback_us{0};
    std::atomic<uint64_t> accept_errors{0};

    void Reset() {
      for (auto* counter : {&total_connections, &refused_connections, &failed_connections, &slow_callbacks,
                            &longest_callback_us, &accept_errors}) {
        counter->store(0, std::memory_order_relaxed);
      }
    }
  };
  Counters& counters() { return counters_; }

  // A worker's port is open or has failed to open.
  void WorkerOpened();
  // Start is complete: the guest may serve.
  bool guest_may_begin() const { return guest_may_begin_.load(std::memory_order_acquire); }
  // A worker has ended all of its connections and has nothing in flight; then: has freed everything.
  void WorkerQuiet();
  bool AllWorkersQuiet() const { return quiet_workers_.load(std::memory_order_acquire) == workers_.size(); }
  void WorkerExited();

  // Client: the worker has delivered the last event; the component stops itself.
  void ClientConnectionEnded();

 private:
  // LifecycleOwner.
  void RequestStop() override;
  bool CancelStart() override;
  void DeliverHandedEvent() override;
  void JoinWorkers(bool only_when_stopped) override;
  void FinishStop() override;

  // Steps of Start, on its caller's thread.
  void PrepareRun(size_t workers, WorkerGuest* guest);
  StartFailure LaunchWorkers();
  bool FailStart(const StartFailure& failure);
  bool Refuse(EnSocketError code, int error, std::string detail);
  template <class Act>
  int WithConnection(CONNID id, Act&& act);
  int SendForeign(CONNID id, const WSABUF* buffers, int count, uint64_t total);
  int SendBuffers(CONNID id, const WSABUF* buffers, int count, uint64_t total);

  const char* const kind_;
  const Role role_;
  const Delivery delivery_;
  StreamEvents& events_;
  World& world_;

  mutable Mutex settings_mutex_;
  StreamSettings settings_ ABSL_GUARDED_BY(settings_mutex_);
  std::string backend_desc_ ABSL_GUARDED_BY(settings_mutex_);
  StreamSettings running_;  // written by Start before any worker runs
  std::atomic<bool> mark_silence_{false};
  std::atomic<EnSocketError> last_error_{SE_OK};

  SharedPool pool_;
  CallGate gate_;
  ConnectionTable table_;
  PendingBudget budget_;
  Counters counters_;
  std::atomic<uint64_t> exceptions_{0};

  WorkerGuest* guest_ = nullptr;
  std::atomic<bool> guest_may_begin_{false};
  // Replaced by Start while nobody but GetStats can look, hence the mutex.
  mutable Mutex workers_mutex_;
  std::vector<std::unique_ptr<Worker>> workers_;
  Mutex threads_mutex_;
  std::vector<std::unique_ptr<RunningThread>> threads_ ABSL_GUARDED_BY(threads_mutex_);
  size_t planned_workers_ = 0;
  std::atomic<size_t> quiet_workers_{0};
  size_t next_worker_ = 0;
  std::atomic<CONNID> client_id_{0};
  std::shared_ptr<ClientStartToken> start_token_ ABSL_GUARDED_BY(settings_mutex_);
  Mutex opened_mutex_;
  CondVar opened_;

  Lifecycle lifecycle_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_STREAM_STREAM_ENGINE_H_
