#include "hpsocket/core/datagram/datagram_worker.h"

#include <algorithm>
#include <new>
#include <thread>

#include "hpsocket/core/datagram/datagram_engine.h"
#include "hpsocket/core/engine/open_port.h"
#include "hpsocket/core/lifecycle/callback_scope.h"

namespace hpsocket::core {
namespace {

// What may wait for a worker whose callback blocks; more is lost, as it would be in a full socket.
constexpr uint64_t kMostArrivals = 8u << 20;
// A client has thousands of siblings.
constexpr uint32_t kBatchOfSingle = 16;
constexpr uint32_t kLargestBatch = 1024;  // what recvmmsg(2) takes
constexpr uint32_t kRoundsBetweenFigures = 64;

class CurrentWorker {
 public:
  CurrentWorker(DatagramWorker*& slot, DatagramWorker* worker) : slot_(slot), before_(slot) {
    slot_ = worker;
  }
  ~CurrentWorker() { slot_ = before_; }

 private:
  DatagramWorker*& slot_;
  DatagramWorker* const before_;
};

}  // namespace

thread_local DatagramWorker* DatagramWorker::current_ = nullptr;

DatagramWorker::DatagramWorker(DatagramEngine& engine, uint32_t index)
    : engine_(engine),
      index_(index),
      objects_(engine.pool(), ShareOf(engine.running().free_socket_obj_pool, engine.planned_workers(), index),
               ShareOf(engine.running().free_socket_obj_hold, engine.planned_workers(), index)),
      reader_(engine, *this),
      sender_(engine, *this) {}

DatagramWorker::~DatagramWorker() = default;

bool DatagramWorker::Nudge() {
  if (!sleeping_.load(std::memory_order_seq_cst)) return false;
  nudging_.fetch_add(1, std::memory_order_seq_cst);
  const bool slept = sleeping_.exchange(false, std::memory_order_seq_cst);
  if (slept) port_->Wake();
  nudging_.fetch_sub(1, std::memory_order_release);
  return slept;
}

void DatagramWorker::RequestStop() {
  // In one order with `sleeping_`: either Nudge() sees that the worker sleeps, or it sees this before.
  stop_requested_.store(true, std::memory_order_seq_cst);
  Nudge();
}

void DatagramWorker::Post(Session& session) {
  if (session.posted.exchange(true, std::memory_order_acq_rel)) return;
  posted_.Push(&session);
  if (current_ != this) Nudge();
}

void DatagramWorker::PostTask(uint32_t task) {
  tasks_.fetch_or(task, std::memory_order_seq_cst);
  if (current_ != this) Nudge();
}

void DatagramWorker::PushPacket(Packet* packet) {
  sender_.PushForeign(packet);
  if (current_ != this) Nudge();
}

Arrivals* DatagramWorker::NewArrivals(uint32_t size) { return Arrivals::New(engine_.pool(), size); }

void DatagramWorker::PushArrivals(Arrivals* arrivals) {
  if (arrivals_bytes_.load(std::memory_order_relaxed) > kMostArrivals) {
    uint64_t lost = 0;
    arrivals->ForEach([&lost](const Arrivals::Head&, const uint8_t*) { ++lost; });
    engine_.CountUndelivered(lost);
    Arrivals::Delete(arrivals, engine_.pool());
    return;
  }
  arrivals_bytes_.fetch_add(arrivals->size, std::memory_order_relaxed);
  arrivals_.Push(arrivals);
  Nudge();
}

void DatagramWorker::AskToEvict() {
  evictions_asked_.fetch_add(1, std::memory_order_seq_cst);
  Nudge();
}

std::optional<uint32_t> DatagramWorker::OldestHeard() const {
  const uint64_t oldest = oldest_heard_.load(std::memory_order_relaxed);
  if (oldest == 0) return std::nullopt;
  return static_cast<uint32_t>(oldest - 1);
}

bool DatagramWorker::RunRound(bool may_block) {
  const CurrentWorker current(current_, this);
  const CallbackScope scope(engine_.lifecycle());
  if (phase_ == Phase::kNew && !Open()) {
    engine_.WorkerQuiet();
    engine_.SocketReleased();
    engine_.WorkerExited();
    return false;
  }
  now_ = engine_.world().clock().Now();
  RunTasks();
  HandlePosted();
  if (engine_.has_closing()) engine_.RunClosing();
  if (phase_ == Phase::kRunning && stop_requested_.load(std::memory_order_acquire)) BeginStopping();
  if (handed_ != nullptr && engine_.lifecycle().HandedEventDelivered()) FinishHanded();
  if (!arrivals_.empty()) {
    if (engine_.HasReaderToken(index_)) engine_.PassReaderToken(index_);
    DeliverArrivals(TakeArrivals());
  }
  RunEvictions();
  timers_->Advance(now_);
  sender_.Flush();
  FreeRetired();
  if (phase_ >= Phase::kStopping && GoQuietOrExit()) return false;

  const bool reads = phase_ == Phase::kRunning && engine_.may_read();
  TimePoint deadline = kAtOnce;
  if (may_block) {
    PublishFigures();
    deadline = NextDeadline();
    sleeping_.store(true, std::memory_order_seq_cst);
    if ((reads && reader_.Prepare()) || HasNews()) deadline = kAtOnce;
  } else {
    if (reads) reader_.Prepare();
    if (++rounds_ % kRoundsBetweenFigures == 0) PublishFigures();
  }
  port_->RunOnce(deadline);
  sleeping_.store(false, std::memory_order_seq_cst);
  now_ = engine_.world().clock().Now();
  reader_.Run();
  sender_.Flush();
  return true;
}

// Something came since this round looked, or will not be announced.
bool DatagramWorker::HasNews() {
  if (!posted_.empty() || !arrivals_.empty() || sender_.has_foreign()) return true;
  if (tasks_.load(std::memory_order_seq_cst) != 0 || evictions_asked_.load(std::memory_order_seq_cst) != 0)
    return true;
  if (phase_ == Phase::kRunning && stop_requested_.load(std::memory_order_seq_cst)) return true;
  if (phase_ == Phase::kRunning && engine_.may_read() && engine_.ReaderTokenIsFree()) return true;
  if (handed_ != nullptr && engine_.lifecycle().HandedEventDelivered()) return true;
  if (engine_.has_closing()) return true;
  if (phase_ == Phase::kStopping && Ended()) return true;
  return phase_ == Phase::kQuiet && engine_.AllWorkersQuiet();
}

bool DatagramWorker::Open() {
  const DatagramSettings& settings = engine_.running();
  const bool single = IsSingle(engine_.role());
  PortOptions options;
  // No stream is read here: the port needs no buffers of its own.
  options.single_socket = true;
  options.small_buffer_size = 64;
  options.component_ports = static_cast<uint32_t>(engine_.planned_workers());
  options.busy_poll = std::chrono::microseconds(settings.busy_poll);
  open_failure_ = OpenPort(engine_.world(), settings.io_backend, options, &port_, &port_reason_);
  if (port_ != nullptr) {
    try {
      const uint32_t batch = single ? kBatchOfSingle : std::min(settings.post_receive_count, kLargestBatch);
      reader_.Open(batch, settings.max_datagram_size, socket_);
      heap_.emplace(single ? PrivateHeap::Backing::kSystem : PrivateHeap::Backing::kMimalloc);
      sender_.Open(*heap_, socket_);
      now_ = engine_.world().clock().Now();
      timers_.emplace(now_);
    } catch (const std::bad_alloc&) {
      open_failure_ = {SE_CP_CREATE, ENOMEM, "no memory for the datagrams of a batch"};
      port_.reset();
    }
  }
  if (port_ != nullptr) {
    if (!single) {
      socket_.fd = engine_.socket();
      if (settings.detects()) DetectTick(detect_timer_);
      if (settings.max_idle_time != 0) IdleTick(idle_timer_);
    }
    phase_ = Phase::kRunning;
  }
  open_known_.store(true, std::memory_order_release);
  engine_.WorkerOpened();
  return port_ != nullptr;
}

void DatagramWorker::BeginStopping() {
  phase_ = Phase::kStopping;
  timers_->Disarm(detect_timer_);
  timers_->Disarm(idle_timer_);
  reader_.BeginEnd();
  AbandonResolving();
  for (Session* session = sessions_.front(); session != nullptr;) {
    Session* const next = sessions_.next(*session);
    session->Claim(SO_UNKNOWN, 0);
    Finish(*session);
    session = next;
  }
  sender_.BeginEnd();
  sender_.Flush();
  engine_.GiveUpReaderToken(index_);
}

bool DatagramWorker::Ended() {
  return sessions_.empty() && retired_.empty() && posted_.empty() && arrivals_.empty() && sender_.ended() &&
         reader_.ended() && handed_ == nullptr && tasks_.load(std::memory_order_acquire) == 0;
}

bool DatagramWorker::GoQuietOrExit() {
  if (!Ended()) return false;
  if (phase_ == Phase::kStopping) {
    phase_ = Phase::kQuiet;
    engine_.WorkerQuiet();
  }
  if (!engine_.AllWorkersQuiet()) return false;
  // Nobody blocks inside the gate, so this ends soon.
  CallGate& gate = engine_.gate();
  gate.Close();
  while (!gate.empty()) std::this_thread::yield();
  if (!Ended()) return false;
  TearDown();
  engine_.SocketReleased();
  engine_.WorkerExited();
  return true;
}

void DatagramWorker::TearDown() {
  PublishFigures();
  // Whoever nudges from now on finds nobody asleep.
  while (nudging_.load(std::memory_order_seq_cst) != 0) std::this_thread::yield();
  if (socket_.fd >= 0) port_->Forget(socket_);
  port_.reset();
  objects_.TrimTo(0);
  timers_.reset();
  heap_.reset();
  figures_.pool_bytes.store(0, std::memory_order_relaxed);
  figures_.buffer_bytes.store(0, std::memory_order_relaxed);
}

TimePoint DatagramWorker::NextDeadline() {
  if (sender_.waiting()) return kAtOnce;
  // Calls of other threads may still hold what is retired; there is no event for their leaving.
  const TimePoint soon = retired_.empty() ? kForever : now_ + FromMillis(1);
  return std::min(timers_->NextDeadline(), soon);
}

Arrivals* DatagramWorker::TakeArrivals() {
  Arrivals* first = nullptr;
  Arrivals** end = &first;
  arrivals_.TakeAll([&end](Arrivals* arrivals) {
    arrivals->next_of_batch = nullptr;
    *end = arrivals;
    end = &arrivals->next_of_batch;
  });
  return first;
}

void DatagramWorker::DeliverArrivals(Arrivals* first) {
  while (first != nullptr) {
    Arrivals* const arrivals = first;
    first = arrivals->next_of_batch;
    arrivals->ForEach([this](const Arrivals::Head& head, const uint8_t* data) {
      Deliver(head.from, head.hash, data, head.length, head.oversize);
    });
    arrivals_bytes_.fetch_sub(arrivals->size, std::memory_order_relaxed);
    Arrivals::Delete(arrivals, engine_.pool());
  }
}

void DatagramWorker::CountSent(uint32_t bytes) { bytes_sent_ += bytes; }

void DatagramWorker::PublishFigures() {
  const auto publish = [](std::atomic<uint64_t>& figure, uint64_t value) {
    figure.store(value, std::memory_order_relaxed);
  };
  publish(figures_.bytes_received, bytes_received_);
  publish(figures_.bytes_sent, bytes_sent_);
  publish(figures_.receive_calls, reader_.receive_calls());
  publish(figures_.send_calls, sender_.send_calls());
  publish(figures_.pool_bytes, heap_->live_bytes());
  publish(figures_.buffer_bytes, reader_.memory_bytes());
  PublishOldest();
}

}  // namespace hpsocket::core
