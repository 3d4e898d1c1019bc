#include "hpsocket/core/stream/stream_engine.h"

#include <cerrno>

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
  bool CompletesAlways() const override { return false; }

 private:
  Lifecycle& lifecycle_;
};

}  // namespace

StreamEngine::StreamEngine(const char* kind, Role role, Delivery delivery, EngineEvents& events)
    : EngineBase(kind, role, events),
      delivery_(delivery),
      settings_(role),
      running_(role),
      pool_(role == Role::kClient ? SharedPool::Backing::kSystem : SharedPool::Backing::kMimalloc),
      workers_(*this) {}

StreamEngine::~StreamEngine() {
  lifecycle().Destroy();
  workers_.Clear();
}

StreamSettings StreamEngine::settings() const {
  if (forked()) return running_;
  MutexLock lock(settings_mutex_);
  return settings_;
}

void StreamEngine::Change(absl::FunctionRef<void(StreamSettings&)> change) {
  if (forked()) return;
  MutexLock lock(settings_mutex_);
  change(settings_);
}

bool StreamEngine::Start(WorkerGuest& guest, absl::FunctionRef<void()> configure) {
  const StreamSettings wanted = settings();
  if (!wanted.Valid(role())) return Refuse(SE_INVALID_PARAM, EINVAL, "a setting is out of its range");
  if (!lifecycle().BeginStart()) return RefuseToStart();
  running_ = wanted;
  bool guest_open = false;
  const StartFailure failure =
      StartFailure::Contained([&] { return StartWith(guest, configure, &guest_open); });
  if (failure.failed()) {
    if (guest_open) guest.Abandon();
    return FailStart(failure);
  }
  workers_.NudgeFirst();
  return true;
}

StartFailure StreamEngine::StartWith(WorkerGuest& guest, absl::FunctionRef<void()> configure,
                                     bool* guest_open) {
  PrepareRun(running_.worker_thread_count, &guest);
  configure();
  StartFailure failure = guest.Open();
  *guest_open = !failure.failed();
  if (!failure.failed()) failure = workers_.Launch();
  if (!failure.failed() && !lifecycle().CompleteStart(true)) failure = StartFailure::Stopped();
  return failure;
}

// What StartClient() was called with, and how far it has come.
struct StreamEngine::ClientStart {
  const char* remote;
  uint16_t port;
  bool async;
  std::shared_ptr<ConnectToken> token;
  bool abandoned = false;  // the engine must not be touched again
};

bool StreamEngine::StartClient(const char* remote, uint16_t port, bool async) {
  const StreamSettings wanted = settings();
  if (!wanted.Valid(role())) return Refuse(SE_INVALID_PARAM, EINVAL, "a setting is out of its range");
  if (!lifecycle().BeginStart()) return RefuseToStart();
  running_ = wanted;
  ClientStart start{remote, port, async, nullptr};
  const StartFailure failure = StartFailure::Contained([&] { return StartWith(start); });
  if (start.abandoned) {
    SetLastErrorDetail("stopped while resolving");
    errno = ECANCELED;
    return false;
  }
  start_token_.End(start.token);
  return failure.failed() ? FailStart(failure) : true;
}

StartFailure StreamEngine::StartWith(ClientStart& start) {
  PrepareRun(1, nullptr);
  const CONNID id = table_.Reserve(0).id;
  client_id_.store(id, std::memory_order_relaxed);
  start.token = start_token_.Begin();
  ClientParty party(lifecycle());
  ConnectCall call(*this, party, start.token, start.remote, start.port, start.async);
  ConnectCall::Outcome outcome = call.Resolve();
  start.abandoned = outcome == ConnectCall::Outcome::kAbandoned;
  if (start.abandoned) return {};
  StartFailure failure;
  if (outcome == ConnectCall::Outcome::kDone) {
    failure = workers_.Launch();
    if (!failure.failed()) outcome = call.Connect(id, workers_[0]);
  }
  if (outcome != ConnectCall::Outcome::kFailed) return failure;
  counters_.failed_connections.fetch_add(1, std::memory_order_relaxed);
  return call.failure();
}

void StreamEngine::PrepareRun(size_t workers, WorkerGuest* guest) {
  // The Start before may have failed without a worker, and its callers may still look at its table.
  gate().CloseAndDrain();
  workers_.Clear();  // before what they refer to is made anew
  parallel_ = running_.recv_policy == RP_PARALLEL && workers > 1;
  guest_ = guest;
  next_worker_.store(0, std::memory_order_relaxed);
  bind_address_ = Address();
  table_.Reset();
  budget_.Reset(running_.max_pending_total, workers);
  counters_.Reset();
  ResetCallbacks(running_.slow_callback_time);
  workers_.MakeAll(workers, [&](uint32_t index) {
    return std::make_unique<Worker>(*this, index, index == 0 ? guest : nullptr);
  });
  gate().Open();
}

bool StreamEngine::FailStart(const StartFailure& failure) {
  table_.Close();
  RequestStop();
  lifecycle().AwaitWorkersGone();
  JoinWorkers(false);
  gate().CloseAndDrain();
  return EndFailedStart(failure);
}

void StreamEngine::RequestStop() {
  table_.Close();
  if (parallel_) CloseAllFromHere();
  if (guest_ != nullptr) guest_->StopRequested();
  workers_.RequestStop();
}

bool StreamEngine::CancelStart() {
  if (!start_token_.Cancel()) return false;
  set_last_error(SE_ILLEGAL_STATE);
  return true;
}

void StreamEngine::DeliverHandedEvent() { workers_[0].DeliverHandedClose(); }

Worker& StreamEngine::NextWorker() {
  return workers_[next_worker_.fetch_add(1, std::memory_order_relaxed) % workers_.count()];
}

void StreamEngine::ClientConnectionEnded() {
  if (lifecycle().BeginSelfStop()) RequestStop();
}

uint32_t StreamEngine::LingeringCount() const {
  uint64_t count = 0;
  workers_.ForEach(
      [&count](Worker& worker) { count += worker.figures().lingering.load(std::memory_order_relaxed); });
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
  stats->pool_buffers = pool_.live_buffers();
  workers_.ForEachAtAnyTime([&](Worker& worker) {
    const Worker::Figures& figures = worker.figures();
    stats->bytes_received += get(figures.bytes_received);
    stats->bytes_sent += get(figures.bytes_sent);
    stats->receive_calls += get(figures.receive_calls);
    stats->send_calls += get(figures.send_calls);
    stats->pending_bytes += worker.pending_bytes();
    stats->accept_errors += get(figures.accept_errors);
    stats->buffer_shortages += get(figures.buffer_shortages);
    stats->cq_overflows += get(figures.cq_overflows);
    stats->pool_bytes += get(figures.pool_bytes) + get(figures.port_bytes);
    stats->pool_buffers += get(figures.pool_buffers);
    stats->leases += get(figures.leases);
    stats->lingering += get(figures.lingering);
  });
}

}  // namespace hpsocket::core
