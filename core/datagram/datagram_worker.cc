#include "hpsocket/core/datagram/datagram_worker.h"

#include <algorithm>
#include <new>

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
// Four thousand million datagrams take longer, and whoever has dropped them does not sleep.
constexpr Duration kBetweenLooksAtDrops = std::chrono::seconds(10);

}  // namespace

thread_local DatagramWorker* DatagramWorker::current_ = nullptr;

DatagramWorker::DatagramWorker(DatagramEngine& engine, uint32_t index)
    : WorkerBase(engine, engine.workers(), index),
      engine_(engine),
      objects_(engine.pool(), ShareOf(engine.running().free_socket_obj_pool, engine.planned_workers(), index),
               ShareOf(engine.running().free_socket_obj_hold, engine.planned_workers(), index)),
      reader_(engine, *this),
      sender_(engine, *this) {}

DatagramWorker::~DatagramWorker() = default;

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

void DatagramWorker::AskToEvict(bool passed_on) {
  (passed_on ? evictions_passed_on_ : evictions_asked_).fetch_add(1, std::memory_order_seq_cst);
  Nudge();
}

std::optional<uint32_t> DatagramWorker::OldestHeard() const {
  const uint64_t oldest = oldest_heard_.load(std::memory_order_relaxed);
  if (oldest == 0) return std::nullopt;
  return static_cast<uint32_t>(oldest - 1);
}

bool DatagramWorker::RunRound(bool may_block) {
  const CurrentScope<DatagramWorker> current(current_, this);
  const CallbackScope scope(engine_.lifecycle());
  if (phase_ == Phase::kNew && !Open()) return ExitUnopened();
  UpdateNow();
  RunTasks();
  HandlePosted();
  if (engine_.has_closing()) {
    LetOthersRead();
    engine_.RunClosing();
  }
  if (phase_ == Phase::kRunning && stop_seen()) BeginStopping();
  if (handed_ != nullptr && engine_.lifecycle().HandedEventDelivered()) FinishHanded();
  CollectArrivals();
  if (first_arrived_ != nullptr) {
    LetOthersRead();
    DeliverArrivals();
  }
  RunEvictions();
  timers_->Advance(now());
  sender_.Flush();
  FreeRetired();
  if (phase_ >= Phase::kStopping && GoQuietOrExit()) return false;

  const bool reads = phase_ == Phase::kRunning && engine_.may_read();
  TimePoint deadline = kAtOnce;
  others_read_ = false;
  if (may_block) {
    PublishFigures();
    deadline = NextDeadline();
    BeginSleep();
    if ((reads && reader_.Prepare()) || HasNews()) deadline = kAtOnce;
  } else {
    if (reads) reader_.Prepare();
    if (FiguresAreDue()) PublishFigures();
  }
  RunPort(deadline);
  UpdateNow();
  reader_.Run();
  sender_.Flush();
  return true;
}

// Something came since this round looked, or will not be announced.
bool DatagramWorker::HasNews() {
  if (!posted_.empty() || !arrivals_.empty() || first_arrived_ != nullptr || sender_.has_foreign() ||
      HasLifecycleNews())
    return true;
  if (tasks_.load(std::memory_order_seq_cst) != 0 || evictions_asked_.load(std::memory_order_seq_cst) != 0 ||
      evictions_passed_on_.load(std::memory_order_seq_cst) != 0)
    return true;
  if (phase_ == Phase::kRunning && engine_.may_read() && engine_.ReaderTokenIsFree()) return true;
  if (handed_ != nullptr && engine_.lifecycle().HandedEventDelivered()) return true;
  return engine_.has_closing();
}

bool DatagramWorker::Open() {
  PortOptions options;
  // No stream is read here: the port needs no buffers of its own.
  options.single_socket = true;
  options.small_buffer_size = 64;
  return OpenWith(options, engine_.running().io_backend, engine_.running().busy_poll);
}

StartFailure DatagramWorker::HandleOpen() {
  const DatagramSettings& settings = engine_.running();
  const bool single = IsSingle(engine_.role());
  try {
    const uint32_t batch = single ? kBatchOfSingle : std::min(settings.post_receive_count, kLargestBatch);
    reader_.Open(batch, settings.max_datagram_size, socket_);
    heap_.emplace(single ? PrivateHeap::Backing::kSystem : PrivateHeap::Backing::kMimalloc);
    sender_.Open(*heap_, socket_);
    timers_.emplace(now());
  } catch (const std::bad_alloc&) {
    timers_.reset();
    heap_.reset();  // on its own thread
    return {SE_CP_CREATE, ENOMEM, "no memory for the datagrams of a batch"};
  }
  if (!single) {
    socket_.fd = engine_.socket();
    if (settings.detects()) {
      // All workers at the same time.
      ArmTick(detect_timer_, engine_.begun_at() + DetectInterval());
      watch_.SetTick(detect_timer_.due);
    }
    if (settings.max_idle_time != 0) IdleTick(idle_timer_);
  }
  return {};
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
  engine_.GiveUpReaderToken(index());
}

bool DatagramWorker::Ended() {
  return sessions_.empty() && retired_.empty() && posted_.empty() && arrivals_.empty() &&
         first_arrived_ == nullptr && sender_.ended() && reader_.ended() && handed_ == nullptr &&
         tasks_.load(std::memory_order_acquire) == 0;
}

void DatagramWorker::TearDown() {
  PublishFigures();
  if (socket_.fd >= 0) port().Forget(socket_);
  ClosePort();
  objects_.TrimTo(0);
  timers_.reset();
  heap_.reset();
  figures_.pool_bytes.store(0, std::memory_order_relaxed);
  figures_.buffer_bytes.store(0, std::memory_order_relaxed);
}

TimePoint DatagramWorker::NextDeadline() {
  if (sender_.waiting()) return kAtOnce;
  // Calls of other threads may still hold what is retired; there is no event for their leaving.
  const TimePoint soon = retired_.empty() ? kForever : now() + FromMillis(1);
  return std::min({timers_->NextDeadline(), reader_.next_deadline(), sender_.next_deadline(), soon});
}

bool DatagramWorker::CollectArrivals() {
  arrivals_.TakeAll([this](Arrivals* arrivals) {
    arrivals->next = nullptr;
    (last_arrived_ == nullptr ? first_arrived_ : last_arrived_->next) = arrivals;
    last_arrived_ = arrivals;
    arrived_ += arrivals->count;
  });
  return arrived_ <= kLargestBatch;
}

void DatagramWorker::DeliverArrivals() {
  // Not all at once: timers, sending and other sessions' ends have their turn in between. When it stops, all
  // of it is dropped.
  for (uint64_t delivered = 0; first_arrived_ != nullptr && (delivered < kLargestBatch || stop_seen());) {
    Arrivals* const arrivals = first_arrived_;
    first_arrived_ = arrivals->next;
    if (first_arrived_ == nullptr) last_arrived_ = nullptr;
    arrived_ -= arrivals->count;
    delivered += arrivals->count;
    arrivals->ForEach([this](const Arrivals::Head& head, const uint8_t* data) {
      Deliver(head.origin, data, head.length, head.oversize);
    });
    arrivals_bytes_.fetch_sub(arrivals->size, std::memory_order_relaxed);
    Arrivals::Delete(arrivals, engine_.pool());
  }
}

void DatagramWorker::LetOthersRead() {
  if (others_read_ || engine_.planned_workers() == 1) return;
  others_read_ = true;
  if (engine_.HasReaderToken(index())) {
    engine_.PassReaderToken(index());
  } else if (engine_.ReaderTokenIsFree()) {
    // Perhaps this is the one who was woken to take it.
    engine_.workers().NudgeOneAfter(index());
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
  if (now() < counts_drops_at_) return;
  counts_drops_at_ = now() + kBetweenLooksAtDrops;
  engine_.CountKernelDrops();
}

}  // namespace hpsocket::core
