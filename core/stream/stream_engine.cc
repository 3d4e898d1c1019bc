#include "hpsocket/core/stream/stream_engine.h"

#include <cerrno>
#include <cstring>

#include "hpsocket/core/base/log.h"
#include "hpsocket/core/lifecycle/callback_scope.h"
#include "hpsocket/core/stream/connect_call.h"
#include "hpsocket/core/stream/worker.h"

namespace hpsocket::core {
namespace {

// A client's connect is its Start.
class ClientParty final : public ConnectParty {
 public:
  explicit ClientParty(Lifecycle& lifecycle) : lifecycle_(lifecycle) {}
  bool Stopped() const override { return lifecycle_.stop_requested(); }
  bool Complete(bool connected) override { return lifecycle_.CompleteStart(connected); }

 private:
  Lifecycle& lifecycle_;
};

}  // namespace

StreamEngine::StreamEngine(const char* kind, Role role, Delivery delivery, EngineEvents& events)
    : EngineBase(kind, role, events),
      delivery_(delivery),
      settings_(role),
      running_(role),
      pool_(role == Role::kClient ? SharedPool::Backing::kSystem : SharedPool::Backing::kMimalloc) {
  gate_.Close();
}

StreamEngine::~StreamEngine() {
  lifecycle().Destroy();
  MutexLock lock(workers_mutex_);
  workers_.clear();
}

StreamSettings StreamEngine::settings() const {
  MutexLock lock(settings_mutex_);
  return settings_;
}

void StreamEngine::Change(const std::function<void(StreamSettings&)>& change) {
  MutexLock lock(settings_mutex_);
  change(settings_);
}

bool StreamEngine::Start(WorkerGuest& guest, const std::function<void()>& configure) {
  const StreamSettings wanted = settings();
  if (!wanted.Valid(role())) return Refuse(SE_INVALID_PARAM, EINVAL, "a setting is out of its range");
  if (!lifecycle().BeginStart()) return RefuseToStart();
  running_ = wanted;
  PrepareRun(wanted.worker_thread_count, &guest);
  configure();

  StartFailure failure = guest.Open();
  const bool guest_open = !failure.failed();
  if (!failure.failed()) failure = LaunchWorkers();
  if (!failure.failed() && !lifecycle().CompleteStart(true)) {
    failure = {SE_ILLEGAL_STATE, ECANCELED, "stopped while starting"};
  }
  if (failure.failed()) {
    if (guest_open) guest.Abandon();
    return FailStart(failure);
  }
  MutexLock lock(workers_mutex_);
  workers_[0]->Nudge();
  return true;
}

bool StreamEngine::StartClient(const char* remote, uint16_t port, bool async) {
  const StreamSettings wanted = settings();
  if (!wanted.Valid(role())) return Refuse(SE_INVALID_PARAM, EINVAL, "a setting is out of its range");
  if (!lifecycle().BeginStart()) return RefuseToStart();
  running_ = wanted;
  PrepareRun(1, nullptr);
  const CONNID id = table_.Reserve(0).id;
  client_id_.store(id, std::memory_order_relaxed);
  auto token = std::make_shared<ConnectToken>();
  {
    MutexLock lock(settings_mutex_);
    start_token_ = token;
  }
  ClientParty party(lifecycle());
  ConnectCall call(*this, party, token, remote, port, async);
  ConnectCall::Outcome outcome = call.Resolve();
  if (outcome == ConnectCall::Outcome::kAbandoned) {
    SetLastErrorDetail("stopped while resolving");
    errno = ECANCELED;
    return false;
  }
  StartFailure failure;
  if (outcome == ConnectCall::Outcome::kDone) {
    failure = LaunchWorkers();
    if (!failure.failed()) outcome = call.Connect(id, *workers_[0]);
  }
  if (outcome == ConnectCall::Outcome::kFailed) failure = call.failure();
  {
    MutexLock lock(settings_mutex_);
    if (start_token_ == token) start_token_ = nullptr;
  }
  return failure.failed() ? FailStart(failure) : true;
}

void StreamEngine::PrepareRun(size_t workers, WorkerGuest* guest) {
  MutexLock lock(workers_mutex_);
  workers_.clear();
  planned_workers_ = workers;
  parallel_ = running_.recv_policy == RP_PARALLEL && workers > 1;
  guest_ = guest;
  quiet_workers_.store(0, std::memory_order_relaxed);
  next_worker_.store(0, std::memory_order_relaxed);
  bind_address_ = Address();
  table_.Reset();
  budget_.Reset(running_.max_pending_total, workers);
  counters_.Reset();
  ResetCallbacks(running_.slow_callback_time);
  for (size_t i = 0; i < workers; ++i) {
    workers_.push_back(std::make_unique<Worker>(*this, static_cast<uint32_t>(i), i == 0 ? guest : nullptr));
  }
  gate_.Open();
}

StartFailure StreamEngine::LaunchWorkers() {
  if (lifecycle().stop_requested()) return {SE_ILLEGAL_STATE, ECANCELED, "stopped while starting"};
  const size_t count = workers_.size();
  lifecycle().SetLiveWorkers(count);
  for (size_t i = 0; i < count; ++i) {
    int error = 0;
    const std::string name = role() == Role::kClient ? "hp-client" : "hp-worker-" + std::to_string(i);
    std::unique_ptr<RunningThread> thread = world().StartThread(*workers_[i], name, &error);
    if (thread == nullptr) {
      // Those that never run must not keep the others waiting.
      for (size_t never = i; never < count; ++never) {
        WorkerQuiet();
        lifecycle().WorkerNeverRan();
      }
      return {SE_WORKER_THREAD_CREATE, error < 0 ? -error : error,
              std::string("cannot start a worker thread: ") + strerror(error < 0 ? -error : error)};
    }
    MutexLock lock(threads_mutex_);
    threads_.push_back(std::move(thread));
  }
  {
    MutexLock lock(opened_mutex_);
    world().Await(
        opened_mutex_, opened_,
        [&] {
          for (const auto& worker : workers_) {
            if (!worker->open_known()) return false;
          }
          return true;
        },
        kForever);
  }
  for (const auto& worker : workers_) {
    if (worker->open_failure().failed()) return worker->open_failure();
  }
  SetIoBackendDesc(workers_[0]->port_reason());
  return {};
}

void StreamEngine::WorkerOpened() {
  MutexLock lock(opened_mutex_);
  opened_.NotifyAll();
}

bool StreamEngine::FailStart(const StartFailure& failure) {
  table_.Close();
  RequestStop();
  lifecycle().AwaitWorkersGone();
  JoinWorkers(false);
  gate_.Close();
  return EndFailedStart(failure);
}

void StreamEngine::RequestStop() {
  table_.Close();
  if (parallel_) CloseAllFromHere();
  if (guest_ != nullptr) guest_->StopRequested();
  MutexLock lock(workers_mutex_);
  for (const auto& worker : workers_) worker->RequestStop();
}

bool StreamEngine::CancelStart() {
  std::shared_ptr<ConnectToken> token;
  {
    MutexLock lock(settings_mutex_);
    token = start_token_;
  }
  if (token == nullptr) return false;
  if (!token->Cancel()) return false;
  set_last_error(SE_ILLEGAL_STATE);
  MutexLock lock(settings_mutex_);
  start_token_ = nullptr;
  return true;
}

void StreamEngine::DeliverHandedEvent() { workers_[0]->DeliverHandedClose(); }

void StreamEngine::JoinWorkers(bool only_when_stopped) {
  MutexLock lock(threads_mutex_);
  if (only_when_stopped && state() != SS_STOPPED) return;
  for (const auto& thread : threads_) thread->Join();
  threads_.clear();
}

Worker& StreamEngine::NextWorker() {
  return *workers_[next_worker_.fetch_add(1, std::memory_order_relaxed) % workers_.size()];
}

void StreamEngine::WorkerQuiet() {
  const size_t quiet = quiet_workers_.fetch_add(1, std::memory_order_acq_rel) + 1;
  if (quiet != workers_.size()) return;
  for (const auto& worker : workers_) worker->Nudge();
}

void StreamEngine::WorkerExited() { lifecycle().WorkerExited(); }

void StreamEngine::ClientConnectionEnded() {
  if (lifecycle().BeginSelfStop()) RequestStop();
}

uint32_t StreamEngine::LingeringCount() const {
  uint64_t count = 0;
  for (const auto& worker : workers_) count += worker->figures().lingering.load(std::memory_order_relaxed);
  return static_cast<uint32_t>(count);
}

void StreamEngine::FillStats(HP_Stats* stats) {
  if (forked()) return;
  const auto get = [](const std::atomic<uint64_t>& figure) { return figure.load(std::memory_order_relaxed); };
  stats->connections = table_.count();
  stats->total_connections = get(counters_.total_connections);
  stats->refused_connections = get(counters_.refused_connections);
  stats->failed_connections = get(counters_.failed_connections);
  FillCallbackStats(stats);
  stats->pool_bytes = static_cast<uint64_t>(pool_.live_bytes());
  MutexLock lock(workers_mutex_);
  for (const auto& worker : workers_) {
    const Worker::Figures& figures = worker->figures();
    stats->bytes_received += get(figures.bytes_received);
    stats->bytes_sent += get(figures.bytes_sent);
    stats->receive_calls += get(figures.receive_calls);
    stats->send_calls += get(figures.send_calls);
    stats->pending_bytes += get(figures.pending_bytes);
    stats->accept_errors += get(figures.accept_errors);
    stats->buffer_shortages += get(figures.buffer_shortages);
    stats->cq_overflows += get(figures.cq_overflows);
    stats->pool_bytes += get(figures.pool_bytes) + get(figures.port_bytes);
    stats->pool_buffers += get(figures.pool_buffers);
    stats->leases += get(figures.leases);
    stats->lingering += get(figures.lingering);
  }
}

}  // namespace hpsocket::core
