#include "hpsocket/core/stream/stream_engine.h"

#include <cerrno>
#include <cstring>

#include "hpsocket/core/base/log.h"
#include "hpsocket/core/lifecycle/callback_scope.h"
#include "hpsocket/core/stream/client_start.h"
#include "hpsocket/core/stream/worker.h"

namespace hpsocket::core {
namespace {

std::string& DetailOfThisThread() {
  thread_local std::string detail;
  return detail;
}

}  // namespace

StreamEngine::StreamEngine(const char* kind, Role role, Delivery delivery, StreamEvents& events)
    : kind_(kind),
      role_(role),
      delivery_(delivery),
      events_(events),
      world_(World::Current()),
      settings_(role),
      running_(role),
      pool_(role == Role::kClient ? SharedPool::Backing::kSystem : SharedPool::Backing::kMimalloc),
      lifecycle_(kind, world_, *this) {
  gate_.Close();
}

StreamEngine::~StreamEngine() {
  lifecycle_.Destroy();
  MutexLock lock(workers_mutex_);
  workers_.clear();
}

const char* StreamEngine::LastErrorDetail() { return DetailOfThisThread().c_str(); }

void StreamEngine::SetLastErrorDetail(std::string detail) { DetailOfThisThread() = std::move(detail); }

StreamSettings StreamEngine::settings() const {
  MutexLock lock(settings_mutex_);
  return settings_;
}

void StreamEngine::Change(const std::function<void(StreamSettings&)>& change) {
  MutexLock lock(settings_mutex_);
  change(settings_);
}

std::string StreamEngine::io_backend_desc() const {
  MutexLock lock(settings_mutex_);
  return backend_desc_;
}

bool StreamEngine::Refuse(EnSocketError code, int error, std::string detail) {
  set_last_error(code);
  SetLastErrorDetail(std::move(detail));
  errno = error;
  return false;
}

bool StreamEngine::Start(WorkerGuest* guest) {
  const StreamSettings wanted = settings();
  if (!wanted.Valid(role_)) return Refuse(SE_INVALID_PARAM, EINVAL, "a setting is out of its range");
  if (!lifecycle_.BeginStart()) return Refuse(SE_ILLEGAL_STATE, EPERM, "Start while not stopped");
  running_ = wanted;
  PrepareRun(wanted.worker_thread_count, guest);

  StartFailure failure;
  bool guest_open = false;
  if (guest != nullptr) {
    failure = guest->Open();
    guest_open = !failure.failed();
  }
  if (!failure.failed()) failure = LaunchWorkers();
  if (!failure.failed() && !lifecycle_.CompleteStart(true)) {
    failure = {SE_ILLEGAL_STATE, ECANCELED, "stopped while starting"};
  }
  if (failure.failed()) {
    if (guest_open) guest->Abandon();
    return FailStart(failure);
  }
  guest_may_begin_.store(true, std::memory_order_release);
  MutexLock lock(workers_mutex_);
  workers_[0]->Nudge();
  return true;
}

bool StreamEngine::StartClient(const char* remote, uint16_t port, bool async) {
  const StreamSettings wanted = settings();
  if (!wanted.Valid(role_)) return Refuse(SE_INVALID_PARAM, EINVAL, "a setting is out of its range");
  if (!lifecycle_.BeginStart()) return Refuse(SE_ILLEGAL_STATE, EPERM, "Start while not stopped");
  running_ = wanted;
  PrepareRun(1, nullptr);
  const CONNID id = NextConnectionId();
  client_id_.store(id, std::memory_order_relaxed);
  auto token = std::make_shared<ClientStartToken>();
  {
    MutexLock lock(settings_mutex_);
    start_token_ = token;
  }
  ClientStart start(*this, token, id, remote, port, async);
  ClientStart::Outcome outcome = start.Resolve();
  if (outcome == ClientStart::Outcome::kAbandoned) {
    SetLastErrorDetail("stopped while resolving");
    errno = ECANCELED;
    return false;
  }
  StartFailure failure;
  if (outcome == ClientStart::Outcome::kDone) {
    failure = LaunchWorkers();
    if (!failure.failed()) outcome = start.Connect();
  }
  if (outcome == ClientStart::Outcome::kFailed) failure = start.failure();
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
  guest_ = guest;
  guest_may_begin_.store(false, std::memory_order_relaxed);
  quiet_workers_.store(0, std::memory_order_relaxed);
  next_worker_ = 0;
  table_.Reset();
  budget_.Reset(running_.max_pending_total, workers);
  counters_.Reset();
  exceptions_.store(0, std::memory_order_relaxed);
  for (size_t i = 0; i < workers; ++i) {
    workers_.push_back(std::make_unique<Worker>(*this, static_cast<uint32_t>(i), i == 0 ? guest : nullptr));
  }
  gate_.Open();
}

StartFailure StreamEngine::LaunchWorkers() {
  if (lifecycle_.stop_requested()) return {SE_ILLEGAL_STATE, ECANCELED, "stopped while starting"};
  const size_t count = workers_.size();
  lifecycle_.SetLiveWorkers(count);
  for (size_t i = 0; i < count; ++i) {
    int error = 0;
    const std::string name = role_ == Role::kClient ? "hp-client" : "hp-worker-" + std::to_string(i);
    std::unique_ptr<RunningThread> thread = world_.StartThread(*workers_[i], name, &error);
    if (thread == nullptr) {
      // Those that never run must not keep the others waiting.
      for (size_t never = i; never < count; ++never) {
        WorkerQuiet();
        lifecycle_.WorkerNeverRan();
      }
      return {SE_WORKER_THREAD_CREATE, error < 0 ? -error : error,
              std::string("cannot start a worker thread: ") + strerror(error < 0 ? -error : error)};
    }
    MutexLock lock(threads_mutex_);
    threads_.push_back(std::move(thread));
  }
  {
    MutexLock lock(opened_mutex_);
    world_.Await(
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
  MutexLock lock(settings_mutex_);
  backend_desc_ = workers_[0]->port_reason();
  return {};
}

void StreamEngine::WorkerOpened() {
  MutexLock lock(opened_mutex_);
  opened_.NotifyAll();
}

bool StreamEngine::FailStart(const StartFailure& failure) {
  table_.Close();
  RequestStop();
  lifecycle_.AwaitWorkersGone();
  JoinWorkers(false);
  gate_.Close();
  set_last_error(failure.code);
  lifecycle_.BeginFailedStart();
  if (role_ != Role::kClient) {
    const CallbackScope scope(lifecycle_);
    events_.HandleShutdown();
  }
  if (failure.code == SE_CP_CREATE) {
    LogOnce(LogLevel::kError, "port-" + failure.detail,
            std::string(kind_) + " cannot start: " + failure.detail);
  }
  lifecycle_.EndFailedStart();
  SetLastErrorDetail(failure.detail);
  errno = failure.error;
  return false;
}

bool StreamEngine::Stop() {
  if (lifecycle_.Stop()) return true;
  return Refuse(SE_ILLEGAL_STATE, EPERM, "Stop while not started");
}

bool StreamEngine::Wait(int timeout_ms) {
  bool illegal = false;
  if (lifecycle_.Wait(timeout_ms, &illegal)) return true;
  if (illegal) return Refuse(SE_ILLEGAL_STATE, EPERM, "Wait inside a callback of the component it waits for");
  errno = ETIMEDOUT;
  return false;
}

void StreamEngine::RequestStop() {
  table_.Close();
  MutexLock lock(workers_mutex_);
  for (const auto& worker : workers_) worker->RequestStop();
}

bool StreamEngine::CancelStart() {
  std::shared_ptr<ClientStartToken> token;
  {
    MutexLock lock(settings_mutex_);
    token = start_token_;
  }
  if (token == nullptr) return false;
  MutexLock lock(token->mutex);
  if (token->resolving) {
    token->abandoned = true;
    set_last_error(SE_ILLEGAL_STATE);
    MutexLock settings_lock(settings_mutex_);
    start_token_ = nullptr;
    return true;
  }
  token->canceller.Cancel();
  return false;
}

void StreamEngine::DeliverHandedEvent() { workers_[0]->DeliverHandedClose(); }

void StreamEngine::JoinWorkers(bool only_when_stopped) {
  MutexLock lock(threads_mutex_);
  if (only_when_stopped && state() != SS_STOPPED) return;
  for (const auto& thread : threads_) thread->Join();
  threads_.clear();
}

void StreamEngine::FinishStop() {
  if (role_ != Role::kClient) events_.HandleShutdown();
}

Worker& StreamEngine::NextWorker() {
  Worker& worker = *workers_[next_worker_];
  next_worker_ = next_worker_ + 1 == workers_.size() ? 0 : next_worker_ + 1;
  return worker;
}

void StreamEngine::WorkerQuiet() {
  const size_t quiet = quiet_workers_.fetch_add(1, std::memory_order_acq_rel) + 1;
  if (quiet != workers_.size()) return;
  for (const auto& worker : workers_) worker->Nudge();
}

void StreamEngine::WorkerExited() { lifecycle_.WorkerExited(); }

void StreamEngine::ClientConnectionEnded() {
  if (lifecycle_.BeginSelfStop()) RequestStop();
}

void StreamEngine::ReportSlowCallback(Duration took) {
  counters_.slow_callbacks.fetch_add(1, std::memory_order_relaxed);
  const uint64_t us =
      static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(took).count());
  uint64_t longest = counters_.longest_callback_us.load(std::memory_order_relaxed);
  while (us > longest &&
         !counters_.longest_callback_us.compare_exchange_weak(longest, us, std::memory_order_relaxed)) {
  }
}

uint32_t StreamEngine::LingeringCount() const {
  uint64_t count = 0;
  for (const auto& worker : workers_) count += worker->figures().lingering.load(std::memory_order_relaxed);
  return static_cast<uint32_t>(count);
}

void StreamEngine::FillStats(HP_Stats* stats) {
  const auto get = [](const std::atomic<uint64_t>& figure) { return figure.load(std::memory_order_relaxed); };
  stats->connections = table_.count();
  stats->total_connections = get(counters_.total_connections);
  stats->refused_connections = get(counters_.refused_connections);
  stats->failed_connections = get(counters_.failed_connections);
  stats->accept_errors = get(counters_.accept_errors);
  stats->slow_callbacks = get(counters_.slow_callbacks);
  stats->longest_callback_us = get(counters_.longest_callback_us);
  stats->contained_exceptions = exceptions_.load(std::memory_order_relaxed);
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
