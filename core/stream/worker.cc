#include "hpsocket/core/stream/worker.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/base/attributes.h"
#include "hpsocket/core/engine/open_port.h"
#include "hpsocket/core/lifecycle/callback_scope.h"
#include "hpsocket/core/stream/stream_engine.h"
#include "hpsocket/core/stream/worker_guest.h"

namespace hpsocket::core {
namespace {

constexpr size_t kMaxLingering = 1024;

// How often sends from inside OnSend are followed at once.
constexpr int kMostFlushes = 16;

// How often in a row the look for idle connections is put off where callbacks have kept the worker.
constexpr int kMostPutOff = 16;

// How long free memory above what the settings keep for good waits for its next use.
constexpr Duration kTrimAfter = std::chrono::seconds(1);

}  // namespace

thread_local Worker* Worker::current_ = nullptr;

Worker::Worker(StreamEngine& engine, uint32_t index, WorkerGuest* guest)
    : WorkerBase(engine, engine.workers(), index),
      engine_(engine),
      guest_(guest),
      objects_(engine.pool(), ShareOf(engine.running().free_socket_obj_pool, engine.planned_workers(), index),
               ShareOf(engine.running().free_socket_obj_hold, engine.planned_workers(), index)),
      credit_(engine.budget()),
      idle_timer_(*this),
      trim_timer_(*this) {}

Worker::~Worker() = default;

void Worker::PushToInbox(Connection* connection) {
  inbox_.Push(connection);
  if (current_ == this) {
    ++own_posts_;
  } else {
    Nudge();
  }
}

Connection* Worker::NewConnection(int fd, const Address& remote, ConnectionState first) {
  return objects_.New(*this, fd, remote, first);
}

void Worker::DiscardConnection(Connection* connection) { objects_.Delete(connection); }

ABSL_ATTRIBUTE_HOT bool Worker::RunRound(bool may_block) {
  const CurrentScope<Worker> current(current_, this);
  const CallbackScope scope(engine_.lifecycle());
  if (phase_ == Phase::kNew && !Open()) return ExitUnopened();
  ForgetNow();
  DrainInbox();
  if (engine_.has_closing()) engine_.RunClosing(*this);
  if (phase_ == Phase::kRunning) BeginGuest();
  if (phase_ == Phase::kRunning && stop_seen()) BeginStopping();
  if (handed_ != nullptr && engine_.lifecycle().HandedEventDelivered()) FinishHandedClose();
  if (!timers_->idle()) timers_->Advance(now());
  FlushDirty();
  FreeRetired();
  if (phase_ >= Phase::kStopping && GoQuietOrExit()) return false;

  TimePoint deadline = kAtOnce;
  if (may_block && TakeGivingWay()) {
    GiveWay();
    return true;
  }
  if (may_block) {
    if (!trim_timer_.armed() && (pieces_->above_keep() || objects_.above_keep())) {
      timers_->Arm(trim_timer_, now() + kTrimAfter);
    }
    PublishFigures();
    deadline = NextDeadline();
    BeginSleep();
    if (HasNews()) deadline = kAtOnce;
  } else if (FiguresAreDue()) {
    PublishFigures();
  }
  RunPort(deadline);
  FlushDirty();
  return true;
}

ABSL_ATTRIBUTE_HOT bool Worker::HasNews() {
  if (!inbox_.empty() || HasLifecycleNews()) return true;
  if (guest_ != nullptr && !guest_began_ && engine_.guest_may_begin() && phase_ == Phase::kRunning)
    return true;
  if (handed_ != nullptr && engine_.lifecycle().HandedEventDelivered()) return true;
  return engine_.has_closing();
}

bool Worker::Open() {
  const StreamSettings& settings = engine_.running();
  PortOptions options;
  options.single_socket = engine_.role() == Role::kClient;
  if (options.single_socket)
    options.small_buffer_size = std::max<uint32_t>(settings.socket_buffer_size, 4096);
  return OpenWith(options, settings.io_backend, settings.busy_poll);
}

StartFailure Worker::HandleOpen() {
  const StreamSettings& settings = engine_.running();
  const bool client = engine_.role() == Role::kClient;
  const size_t workers = engine_.planned_workers();
  const size_t keep =
      client ? settings.free_buffer_pool_size : ShareOf(settings.free_buffer_obj_pool, workers, index());
  const size_t hold = client ? std::max(settings.free_buffer_pool_hold, settings.free_buffer_pool_size)
                             : ShareOf(settings.free_buffer_obj_hold, workers, index());
  heap_.emplace(client ? PrivateHeap::Backing::kSystem : PrivateHeap::Backing::kMimalloc);
  pieces_.emplace(*heap_, engine_.pool(), keep, hold);
  timers_.emplace(now());
  if (settings.max_idle_time != 0 && !client) timers_->Arm(idle_timer_, now() + IdleStep());
  return {};
}

// What has been sent leaves first, and what its completions cause.
void Worker::GiveWay() {
  for (int turn = 0; turn < 2 && !port().SendsAtOnce(); ++turn) {
    RunPort(kAtOnce);
    FlushDirty();
  }
  std::this_thread::yield();
}

ABSL_ATTRIBUTE_HOT void Worker::DrainInbox() {
  if (inbox_.empty()) return;
  // What is posted from here on, inside these events, waits for the next time.
  const uint32_t own = std::exchange(own_posts_, 0);
  uint32_t taken = 0;
  inbox_.TakeAll([&taken](Connection* connection) {
    ++taken;
    connection->HandleAttention();
  });
  if (taken != own) NotePosts();
}

void Worker::TakeForeign(uint64_t bytes) {
  // In this order, and read in the other: who looks in between sees too little rather than too much.
  foreign_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
  const uint64_t own = figures_.pending_bytes.load(std::memory_order_relaxed);
  figures_.pending_bytes.store(own + bytes, std::memory_order_release);
}

void Worker::Attach(Connection& connection) { connections_.PushBack(connection); }

void Worker::Accept(Worker& target, int fd, const Address& peer) {
  Network& network = engine_.world().network();
  Connection* connection = target.NewConnection(fd, peer, ConnectionState::kOpening);
  if (connection != nullptr) {
    connection->set_connected_at(FreshNow());
    if (&target != this) connection->PrepareFirstPost(Connection::kAttach | Connection::kAccepted);
  }
  if (connection == nullptr || !engine_.table().Insert(connection, target.index(), connection->id_slot())) {
    if (connection != nullptr) target.DiscardConnection(connection);
    network.Close(fd);
    engine_.counters().failed_connections.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  if (&target != this) {
    connection->FirstPost();
    return;
  }
  Attach(*connection);
  connection->RunAccept();
}

ABSL_ATTRIBUTE_HOT void Worker::ListDirty(Connection& connection) {
  connection.next_dirty = first_dirty_;
  first_dirty_ = &connection;
}

ABSL_ATTRIBUTE_HOT void Worker::FlushDirty() {
  // A flush may call OnSend, which may send on any connection of this worker, this one included: who does
  // that for ever leaves the rest to the next round, which then does not wait.
  for (int turn = 0; first_dirty_ != nullptr && turn < kMostFlushes; ++turn) {
    Connection* connection = first_dirty_;
    first_dirty_ = nullptr;
    while (connection != nullptr) {
      Connection* const next = connection->next_dirty;
      connection->sender().set_dirty(false);
      if (!connection->dead() && connection->sender().has_more()) connection->sender().Flush();
      connection = next;
    }
  }
}

void Worker::Retire(Connection& connection) {
  connection.Unlink();
  connection.set_dead();
  connection.set_retired_epoch(engine_.gate().epoch());
  retired_.PushBack(connection);
}

ABSL_ATTRIBUTE_HOT void Worker::FreeRetired() {
  if (retired_.empty()) return;
  CallGate& gate = engine_.gate();
  gate.TryAdvance();
  gate.TryAdvance();
  const uint64_t epoch = gate.epoch();
  while (Connection* connection = retired_.front()) {
    // In this order: another worker that has delivered the last event posts first and leaves the queue then.
    const bool listed =
        connection->in_closing_queue() || connection->posted() || connection->sender().dirty();
    if (connection->retired_epoch() + 2 > epoch || listed) break;
    connection->Unlink();
    objects_.Delete(connection);
  }
}

void Worker::BeginLinger(Connection& connection) {
  connection.Unlink();
  lingering_.PushBack(connection);
  ++lingering_count_;
  figures_.lingering.store(lingering_count_, std::memory_order_relaxed);
  if (lingering_count_ - aborting_count_ > kMaxLingering) AbortOldestLinger();
}

void Worker::AbortOldestLinger() {
  Connection* const connection = lingering_.front();
  connection->AbortLinger();
  if (lingering_.front() != connection) return;
  // Its send is being cancelled; it is not the oldest any more.
  connection->Unlink();
  aborting_.PushBack(*connection);
  ++aborting_count_;
  connection->in_aborting_list = true;
}

void Worker::EndLinger(Connection& connection) {
  connection.Unlink();
  --lingering_count_;
  if (connection.in_aborting_list) --aborting_count_;
  figures_.lingering.store(lingering_count_, std::memory_order_relaxed);
}

ABSL_ATTRIBUTE_HOT void Worker::BeginGuest() {
  if (guest_ == nullptr || guest_began_ || !engine_.guest_may_begin()) return;
  guest_began_ = true;
  guest_->Begin(*this);
}

void Worker::BeginStopping() {
  BeginGuest();  // Start may have been completed, and Stop have come, since this round began
  phase_ = Phase::kStopping;
  timers_->Disarm(idle_timer_);
  timers_->Disarm(trim_timer_);
  if (guest_began_) guest_->BeginEnd();
  while (!lingering_.empty()) AbortOldestLinger();
  for (Connection* connection = connections_.front(); connection != nullptr;) {
    Connection* const next = connections_.next(*connection);
    connection->CloseWith(CloseCause::Local());
    connection = next;
  }
}

bool Worker::Ended() {
  return connections_.empty() && lingering_.empty() && aborting_.empty() && retired_.empty() &&
         inbox_.empty() && handed_ == nullptr && (!guest_began_ || guest_->ended());
}

void Worker::TearDown() {
  PublishFigures();
  ClosePort();
  pieces_.reset();
  objects_.TrimTo(0);
  timers_.reset();
  heap_.reset();
  for (auto* figure : {&figures_.port_bytes, &figures_.pool_bytes, &figures_.pool_buffers, &figures_.leases})
    figure->store(0, std::memory_order_relaxed);
}

bool Worker::HandClose(Connection& connection) {
  handed_ = &connection;  // before the stopper can look
  if (engine_.lifecycle().HandEventToStopper()) return true;
  handed_ = nullptr;
  return false;
}

void Worker::DeliverHandedClose() { handed_->DeliverClose(false); }

void Worker::FinishHandedClose() {
  Connection* const connection = handed_;
  handed_ = nullptr;
  connection->FinishHandedClose();
}

ABSL_ATTRIBUTE_HOT TimePoint Worker::NextDeadline() {
  if (first_dirty_ != nullptr) return kAtOnce;
  // Calls of other threads may still hold what is retired; there is no event for their leaving.
  const TimePoint soon = retired_.empty() ? kForever : now() + FromMillis(1);
  return std::min(timers_->NextDeadline(), soon);
}

// Connections end between one and one and a quarter of the idle time.
Duration Worker::IdleStep() const {
  return std::max<Duration>(FromMillis(engine_.running().max_idle_time) / 4, FromMillis(1));
}

void Worker::IdleTick(Timer& timer) {
  IdleTimer& tick = static_cast<IdleTimer&>(timer);
  Worker& worker = tick.owner;
  const Duration step = worker.IdleStep();
  const Duration late = worker.now() - tick.deadline();
  // Callbacks have kept the worker: what came meanwhile is still to be read, and is no silence. So the look
  // is put off, though not for ever, or a worker that is always late would never come to it; then it is as of
  // the time when it was due.
  const bool kept = late > std::max(step, kLateTick);
  tick.put_off = kept && tick.put_off < kMostPutOff ? tick.put_off + 1 : 0;
  const bool looks = tick.put_off == 0;
  if (looks) {
    const Duration idle = FromMillis(worker.engine_.running().max_idle_time);
    worker.CheckIdle(kept ? idle + late : idle);
  }
  worker.timers_->Arm(tick, worker.now() + (looks ? step : FromMillis(1)));
}

void Worker::TrimTick(Timer& timer) {
  Worker& worker = static_cast<TrimTimer&>(timer).owner;
  worker.pieces_->TrimToKeep();
  worker.objects_.TrimToKeep();
}

void Worker::CheckIdle(Duration idle) {
  const int64_t idle_ms = ToMillis(idle);
  for (Connection* connection = connections_.front(); connection != nullptr;) {
    Connection* const next = connections_.next(*connection);
    if (connection->state() == ConnectionState::kOpen && connection->IdleFor(now()) >= idle_ms) {
      connection->CloseWith(CloseCause::Local());
    }
    connection = next;
  }
}

ABSL_ATTRIBUTE_HOT void Worker::PublishFigures() {
  const PortStats stats = port().stats();
  const auto publish = [](std::atomic<uint64_t>& figure, uint64_t value) {
    figure.store(value, std::memory_order_relaxed);
  };
  publish(figures_.receive_calls, stats.receive_calls);
  publish(figures_.send_calls, stats.send_calls + direct_sends_);
  publish(figures_.accept_errors, stats.accept_errors);
  publish(figures_.buffer_shortages, stats.buffer_shortages);
  publish(figures_.cq_overflows, stats.cq_overflows);
  publish(figures_.port_bytes, stats.buffer_bytes);
  publish(figures_.leases, stats.leases);
  publish(figures_.pool_bytes, heap_->live_bytes());
  publish(figures_.pool_buffers, pieces_->chunks().out_count());
}

}  // namespace hpsocket::core
