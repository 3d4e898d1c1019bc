#include "hpsocket/core/datagram/datagram_engine.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <new>
#include <random>
#include <utility>

#include "hpsocket/core/datagram/datagram_worker.h"
#include "hpsocket/core/datagram/socket_options.h"
#include "hpsocket/core/lifecycle/callback_scope.h"
#include "hpsocket/core/net/local_address.h"

namespace hpsocket::core {

DatagramEngine::DatagramEngine(const char* kind, Role role, Delivery, EngineEvents& events)
    : EngineBase(kind, role, events),
      settings_(role),
      running_(role),
      pool_(IsSingle(role) ? SharedPool::Backing::kSystem : SharedPool::Backing::kMimalloc),
      dialer_(*this),
      workers_(*this) {}

DatagramEngine::~DatagramEngine() {
  lifecycle().Destroy();
  workers_.Clear();
}

DatagramSettings DatagramEngine::settings() const {
  if (forked()) return running_;
  MutexLock lock(settings_mutex_);
  return settings_;
}

void DatagramEngine::Change(absl::FunctionRef<void(DatagramSettings&)> change) {
  if (forked()) return;
  MutexLock lock(settings_mutex_);
  change(settings_);
}

bool DatagramEngine::ListenAddress(Address* out) const {
  if (forked()) return false;
  MutexLock lock(settings_mutex_);
  *out = listen_address_;
  return out->valid();
}

void DatagramEngine::SetListenAddress(const Address& address) {
  MutexLock lock(settings_mutex_);
  listen_address_ = address;
}

// ---- starting

bool DatagramEngine::BeginStart() {
  DatagramSettings wanted = settings();
  if (!wanted.Valid(role())) return Refuse(SE_INVALID_PARAM, EINVAL, "a setting is out of its range");
  if (!lifecycle().BeginStart()) return RefuseToStart();
  running_ = std::move(wanted);
  return true;
}

bool DatagramEngine::StartServer(const char* bind_address, uint16_t port) {
  if (!BeginStart()) return false;
  const StartFailure failure = StartFailure::Contained([&] { return StartWith(bind_address, port); });
  if (failure.failed()) return FailStart(failure);
  workers_.NudgeFirst();
  return true;
}

StartFailure DatagramEngine::StartWith(const char* bind_address, uint16_t port) {
  PrepareRun(running_.worker_thread_count);
  StartFailure failure = OpenServer(bind_address, port);
  if (!failure.failed()) failure = workers_.Launch();
  if (!failure.failed() && !lifecycle().CompleteStart(true)) failure = StartFailure::Stopped();
  return failure;
}

StartFailure DatagramEngine::OpenServer(const char* bind_address, uint16_t port) {
  Address wanted = Address::Any(AF_INET, port);
  if (bind_address != nullptr && !Address::ParseLiteral(bind_address, port, &wanted))
    return {SE_SOCKET_BIND, EINVAL, std::string("'") + bind_address + "' is no IPv4 or IPv6 address"};
  if (bind_address == nullptr) return {SE_SOCKET_BIND, EINVAL, "no bind address given"};
  Network& network = world().network();
  const int fd = network.OpenDatagram(wanted.family());
  if (fd < 0) return StartFailure::Of(SE_SOCKET_CREATE, -fd, "cannot make the socket");
  ReplaceSocket(fd);
  int result = SetUpServer(fd, wanted);
  if (result < 0) return StartFailure::Of(SE_SOCKET_CREATE, -result, "cannot set up the socket");
  SetListenAddress(wanted);
  {
    const CallbackScope scope(lifecycle());
    if (events().HandlePrepareListen(fd) == HR_ERROR)
      return {SE_SOCKET_PREPARE, ECANCELED, "OnPrepareListen returned HR_ERROR"};
  }
  if (lifecycle().stop_requested()) return StartFailure::Stopped();
  result = network.Bind(fd, wanted);
  if (result < 0) {
    return StartFailure::Of(SE_SOCKET_BIND, -result,
                            "cannot bind to " + wanted.ToText() + " port " + std::to_string(wanted.port()));
  }
  Address bound;
  result = network.LocalAddress(fd, &bound);
  if (result < 0) return StartFailure::Of(SE_SOCKET_BIND, -result, "cannot read the bound address");
  SetListenAddress(bound);
  return {};
}

int DatagramEngine::SetUpServer(int fd, const Address& wanted) {
  Network& network = world().network();
  const int family = wanted.family();
  int result = SetDatagramOptions(network, fd, running_);
  if (result == 0 && family == AF_INET6) result = network.SetOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (!(wanted == Address::Any(family, wanted.port()))) return result;
  const LocalAddressOption option = LocalAddressOption::Of(family);
  if (result == 0) result = network.SetOption(fd, option.level, option.name, 1);
  tells_local_ = result == 0;
  return result;
}

// What StartClient() was called with, and how far it has come.
struct DatagramEngine::ClientStart {
  const char* remote;
  uint16_t port;
  bool async;
  std::shared_ptr<ConnectToken> token;
  bool abandoned = false;  // the engine must not be touched again
};

bool DatagramEngine::StartClient(const char* remote, uint16_t port, bool async) {
  if (!BeginStart()) return false;
  if (role() == Role::kCast) async = false;  // Spec: §2.1.4
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

StartFailure DatagramEngine::StartWith(ClientStart& start) {
  PrepareRun(1);
  client_id_.store(table_.Reserve(0).id, std::memory_order_relaxed);
  dialer_.Set(start.remote, start.port);
  start.token = start_token_.Begin();
  StartFailure failure;
  const Resolution resolution = dialer_.Resolve(!start.async, start.token, &failure);
  start.abandoned = resolution == Resolution::kAbandoned;
  return resolution == Resolution::kDone ? StartSingle(start.async) : failure;
}

StartFailure DatagramEngine::StartSingle(bool async) {
  StartFailure failure = workers_.Launch();
  if (failure.failed()) return failure;
  return async ? StartAsynchronously() : StartSynchronously();
}

Session* DatagramEngine::MakeSingle(const Address& peer, SessionState first) {
  DatagramWorker& worker = workers_[0];
  Session* const session = worker.NewSession(peer, 0, first);
  if (session == nullptr) return nullptr;
  session->set_id(client_id());
  session->set_opened_at(world().clock().Now());
  if (!table_.Fill(client_id(), session, 0)) {
    worker.DiscardSession(session);
    return nullptr;
  }
  single_.store(session, std::memory_order_release);
  return session;
}

StartFailure DatagramEngine::StartSynchronously() {
  StartFailure failure = dialer_.DialAll(false);
  if (failure.failed()) {
    counters_.failed_connections.fetch_add(1, std::memory_order_relaxed);
    return failure;
  }
  DatagramWorker& worker = workers_[0];
  if (MakeSingle(dialer_.peer(), SessionState::kOpening) == nullptr) {
    return lifecycle().stop_requested() ? StartFailure::Stopped()
                                        : StartFailure{SE_CONNECT_SERVER, ENOMEM, "out of memory"};
  }
  worker.PostTask(DatagramWorker::kAdopt);
  EnHandleResult result;
  {
    const CallbackScope scope(lifecycle());
    result = events().HandleConnect(client_id());
  }
  if (result == HR_ERROR) {
    worker.PostTask(DatagramWorker::kRejected);
    return {SE_CONNECT_SERVER, ECANCELED, "OnConnect returned HR_ERROR"};
  }
  if (!lifecycle().CompleteStart(true)) {
    worker.PostTask(DatagramWorker::kRejected);
    return StartFailure::Stopped();
  }
  counters_.total_connections.fetch_add(1, std::memory_order_relaxed);
  PostTaskIfAlive(DatagramWorker::kOpened);
  return {};
}

StartFailure DatagramEngine::StartAsynchronously() {
  if (dialer_.resolved()) {
    const StartFailure failure = dialer_.Prepare();
    if (failure.failed()) return failure;
  }
  DatagramWorker& worker = workers_[0];
  if (MakeSingle(dialer_.resolved() ? dialer_.peer() : Address(), SessionState::kConnecting) == nullptr) {
    return lifecycle().stop_requested() ? StartFailure::Stopped()
                                        : StartFailure{SE_CONNECT_SERVER, ENOMEM, "out of memory"};
  }
  // The worker owns it from here; but nothing happens to it before Start is complete.
  worker.PostTask(DatagramWorker::kAdopt);
  if (!lifecycle().CompleteStart(false)) {
    worker.PostTask(DatagramWorker::kRejected);
    return StartFailure::Stopped();
  }
  PostTaskIfAlive(DatagramWorker::kConnect);
  return {};
}

// The component may have stopped by itself since: then nobody is there to be told.
void DatagramEngine::PostTaskIfAlive(uint32_t task) {
  const CallGate::Scope inside(gate());
  if (inside.entered()) workers_[0].PostTask(task);
}

void DatagramEngine::PrepareRun(size_t workers) {
  // The Start before may have failed without a worker, and its callers may still look at its table.
  gate().CloseAndDrain();
  workers_.Clear();  // before what they refer to is made anew
  parallel_ = running_.recv_policy == RP_PARALLEL && workers > 1;
  begun_at_ = world().clock().Now();
  tells_local_ = false;
  socket_.store(-1);
  reader_.store(kNobody);
  merges_.store(false, std::memory_order_relaxed);
  released_.store(0, std::memory_order_relaxed);
  single_.store(nullptr, std::memory_order_relaxed);
  // A simulated world replays: no key from outside.
  hash_key_ = world().simulated() ? 1 : uint64_t{std::random_device()()} << 32 | std::random_device()();
  table_.Reset();
  budget_.Reset(running_.max_pending_total, workers);
  counters_.Reset();
  ResetCallbacks(running_.slow_callback_time);
  workers_.MakeAll(workers,
                   [this](uint32_t index) { return std::make_unique<DatagramWorker>(*this, index); });
  gate().Open();
}

bool DatagramEngine::FailStart(const StartFailure& failure) {
  table_.Close();
  RequestStop();
  lifecycle().AwaitWorkersGone();
  JoinWorkers(false);
  gate().CloseAndDrain();
  // Where no worker has run.
  CloseSocket();
  return EndFailedStart(failure);
}

// ---- stopping

void DatagramEngine::RequestStop() {
  table_.Close();
  if (parallel_) CloseAllFromHere();
  workers_.RequestStop();
}

bool DatagramEngine::CancelStart() {
  if (!start_token_.Cancel()) return false;
  set_last_error(SE_ILLEGAL_STATE);
  return true;
}

void DatagramEngine::DeliverHandedEvent() { workers_[0].DeliverHandedClose(); }

void DatagramEngine::HandleWorkerExit() {
  if (released_.fetch_add(1, std::memory_order_acq_rel) + 1 == workers_.count()) CloseSocket();
  EngineBase::HandleWorkerExit();
}

void DatagramEngine::CloseSocket() {
  SetListenAddress(Address());
  if (const int fd = ReplaceSocket(-1); fd >= 0) world().network().Close(fd);
}

int DatagramEngine::ReplaceSocket(int fd) {
  SmallMutexLock lock(drops_mutex_);
  CountKernelDropsLocked();
  last_drops_ = 0;
  return socket_.exchange(fd);
}

void DatagramEngine::CountKernelDrops() {
  SmallMutexLock lock(drops_mutex_);
  CountKernelDropsLocked();
}

void DatagramEngine::CountKernelDropsLocked() {
  const int fd = socket_.load();
  if (fd < 0) return;
  const int64_t drops = world().network().ReceiveDrops(fd);
  if (drops < 0) return;
  const uint32_t latest = static_cast<uint32_t>(drops);
  counters_.kernel_drops.fetch_add(latest - last_drops_, std::memory_order_relaxed);
  last_drops_ = latest;
}

void DatagramEngine::SingleEnded() {
  if (lifecycle().BeginSelfStop()) RequestStop();
}

// ---- the reader token

bool DatagramEngine::TakeReaderToken(uint32_t worker) {
  uint32_t holder = kNobody;
  return reader_.compare_exchange_strong(holder, worker, std::memory_order_seq_cst) || holder == worker;
}

void DatagramEngine::PassReaderToken(uint32_t worker) {
  if (workers_.count() == 1) return;
  // In one order with the workers' `sleeping`: one that falls asleep sees that the token is free, or this
  // sees that it sleeps.
  reader_.store(kNobody, std::memory_order_seq_cst);
  workers_.NudgeOneAfter(worker);
}

void DatagramEngine::GiveUpReaderToken(uint32_t worker) {
  uint32_t holder = worker;
  reader_.compare_exchange_strong(holder, kNobody, std::memory_order_seq_cst);
}

// ---- the ends of sessions

void DatagramEngine::TakeOutOfTable(Session& session) {
  const CONNID id = session.id();
  {
    // From here no other thread queues a byte.
    SmallMutexLock lock(session.lock());
    session.set_id(0);
  }
  table_.Remove(id);
}

void DatagramEngine::ReportEnd(Session& session) {
  events().HandleClose(session.id(), session.end_operation(), session.end_error());
  TakeOutOfTable(session);
  session.NoteReported();
}

bool DatagramEngine::CloseFromOurSide(Session& session) {
  if (!session.Claim(SO_UNKNOWN, 0)) return false;
  if (parallel_ && session.delivering.load(std::memory_order_seq_cst) &&
      DatagramWorker::Current() != &session.worker()) {
    session.in_closing_queue.store(true, std::memory_order_seq_cst);
    closing_queue_.Push(session);
    workers_.NudgeOneAfter(session.worker().index());
  }
  session.worker().Post(session);
  return true;
}

void DatagramEngine::RunClosing() {
  while (Session* const session = closing_queue_.Pop()) {
    if (session->TakeReport()) {
      ReportEnd(*session);
      session->worker().Post(*session);
    }
    // The last touch: its worker may free it now.
    session->in_closing_queue.store(false, std::memory_order_release);
  }
}

DatagramWorker* DatagramEngine::WorkerWithOldest() {
  DatagramWorker* found = nullptr;
  uint32_t longest = 0;
  const uint32_t now = ToTicks(world().clock().Now());
  workers_.ForEach([&](DatagramWorker& worker) {
    const std::optional<uint32_t> heard = worker.OldestHeard();
    if (!heard || (found != nullptr && TicksBetween(*heard, now) <= longest)) return;
    longest = TicksBetween(*heard, now);
    found = &worker;
  });
  return found;
}

bool DatagramEngine::CurrentSource(Address* out) const {
  const DatagramWorker* const worker = DatagramWorker::Current();
  if (worker == nullptr || &worker->engine() != this) return false;
  *out = worker->current_source().Unmapped();
  return out->valid();
}

void DatagramEngine::FillStats(HP_Stats* stats) {
  if (forked()) return;
  const auto get = [](const std::atomic<uint64_t>& figure) { return figure.load(std::memory_order_relaxed); };
  stats->connections = table_.count();
  stats->total_connections = get(counters_.total_connections);
  stats->failed_connections = get(counters_.failed_connections);
  stats->oversize_datagrams = get(counters_.oversize);
  stats->dropped_datagrams = get(counters_.dropped);
  stats->evicted_sessions = get(counters_.evicted);
  {
    const CallGate::Scope inside(gate());
    if (inside.entered()) CountKernelDrops();
  }
  stats->kernel_drops = get(counters_.kernel_drops) + get(counters_.undelivered);
  stats->pool_bytes = static_cast<uint64_t>(pool_.live_bytes());
  FillCallbackStats(stats);
  workers_.ForEachAtAnyTime([&](DatagramWorker& worker) {
    const DatagramWorker::Figures& figures = worker.figures();
    stats->bytes_received += get(figures.bytes_received);
    stats->bytes_sent += get(figures.bytes_sent);
    stats->receive_calls += get(figures.receive_calls);
    stats->send_calls += get(figures.send_calls);
    stats->pending_bytes += worker.held_bytes();
    stats->pool_bytes += get(figures.pool_bytes) + get(figures.buffer_bytes);
  });
}

}  // namespace hpsocket::core
