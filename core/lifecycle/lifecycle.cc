#include "hpsocket/core/lifecycle/lifecycle.h"

#include <string>

#include "hpsocket/core/base/check.h"
#include "hpsocket/core/lifecycle/callback_scope.h"
#include "hpsocket/core/lifecycle/wait_graph.h"

namespace hpsocket::core {

Lifecycle::Lifecycle(const char* kind, World& world, LifecycleOwner& owner)
    : kind_(kind), world_(world), owner_(owner) {
  ForkGeneration::Watch();
}

void Lifecycle::DieForked() const {
  HP_FATAL((std::string("a callback of ") + kind_ +
            " has forked and the child returned from it; the child has to exec or to _exit")
               .c_str());
}

void Lifecycle::Destroy() {
  if (forked()) return;
  if (state() != SS_STOPPED || CallbackScope::Inside(*this)) {
    WaitEdge edge(*this);
    if (CallbackScope::Inside(*this)) {
      HP_FATAL((std::string(kind_) + " is destroyed inside one of its own callbacks").c_str());
    }
    if (!edge.may_block()) {
      HP_FATAL((std::string(kind_) + " is destroyed inside a callback of " + edge.waited_for_by()->kind() +
                ", which it waits for itself")
                   .c_str());
    }
    Stop();
    bool illegal = false;
    Wait(-1, &illegal);
  }
  owner_.JoinWorkers(true);
}

bool Lifecycle::BeginStart() {
  if (forked()) return false;
  {
    MutexLock lock(mutex_);
    if (state() != SS_STOPPED) return false;
    generation_.store(ForkGeneration::Now(), std::memory_order_relaxed);
    state_.store(SS_STARTING, std::memory_order_release);
    start_under_way_ = true;
    stop_requested_.store(false, std::memory_order_relaxed);
    start_complete_.store(false, std::memory_order_relaxed);
    handed_.store(Handed::kNo, std::memory_order_relaxed);
    finisher_ = Finisher::kStarter;
    live_workers_ = 0;
  }
  owner_.JoinWorkers(false);
  return true;
}

void Lifecycle::SetLiveWorkers(size_t count) {
  MutexLock lock(mutex_);
  live_workers_ = count;
}

bool Lifecycle::CompleteStart(bool connected) {
  MutexLock lock(mutex_);
  if (stop_requested()) return false;
  start_under_way_ = false;
  start_complete_.store(true, std::memory_order_seq_cst);
  finisher_ = Finisher::kLastWorker;
  if (connected) state_.store(SS_STARTED, std::memory_order_release);
  return true;
}

void Lifecycle::BeginFailedStart() {
  MutexLock lock(mutex_);
  HP_CHECK(live_workers_ == 0);
  state_.store(SS_STOPPING, std::memory_order_release);
}

void Lifecycle::EndFailedStart() {
  MutexLock lock(mutex_);
  HP_CHECK(live_workers_ == 0);
  start_under_way_ = false;
  EnterStopped();
}

void Lifecycle::EnterStopped() {
  ++stops_;
  state_.store(SS_STOPPED, std::memory_order_release);
  changed_.NotifyAll();
}

void Lifecycle::AwaitWorkersGone() {
  MutexLock lock(mutex_);
  world_.Await(
      mutex_, changed_, [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return live_workers_ == 0; }, kForever);
}

bool Lifecycle::ConnectedLater() {
  MutexLock lock(mutex_);
  if (state() != SS_STARTING) return false;
  state_.store(SS_STARTED, std::memory_order_release);
  return true;
}

bool Lifecycle::BeginSelfStop() {
  MutexLock lock(mutex_);
  if (start_under_way_ || (state() != SS_STARTED && state() != SS_STARTING)) return false;
  state_.store(SS_STOPPING, std::memory_order_release);
  finisher_ = Finisher::kLastWorker;
  return true;
}

void Lifecycle::WorkerExited() {
  bool finish = false;
  {
    MutexLock lock(mutex_);
    HP_CHECK(live_workers_ > 0);
    --live_workers_;
    finish = live_workers_ == 0 && finisher_ == Finisher::kLastWorker;
    if (live_workers_ == 0 && !finish) changed_.NotifyAll();
  }
  if (!finish) return;
  owner_.FinishStop();
  MutexLock lock(mutex_);
  EnterStopped();
}

bool Lifecycle::HandEventToStopper() {
  MutexLock lock(mutex_);
  if (state() != SS_STOPPING || finisher_ != Finisher::kStopper) return false;
  handed_.store(Handed::kWaiting, std::memory_order_release);
  changed_.NotifyAll();
  return true;
}

void Lifecycle::AwaitStop(uint64_t stops_before) {
  world_.Await(
      mutex_, changed_, [&]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return stops_ != stops_before; }, kForever);
}

bool Lifecycle::Stop() {
  if (forked()) return false;
  WaitEdge edge(*this);
  const bool inside = CallbackScope::Inside(*this);
  const bool may_block = !inside && edge.may_block();
  bool during_start = false;
  uint64_t stops_before = 0;
  {
    MutexLock lock(mutex_);
    const EnServiceState now = state();
    if (now != SS_STARTED && now != SS_STARTING) return false;
    if (start_under_way_) {
      if (stop_requested()) return false;
      stop_requested_.store(true, std::memory_order_release);
      during_start = true;
      stops_before = stops_;
    } else {
      state_.store(SS_STOPPING, std::memory_order_release);
      finisher_ = may_block ? Finisher::kStopper : Finisher::kLastWorker;
    }
  }
  if (during_start) {
    if (owner_.CancelStart()) {
      EndFailedStart();
    } else if (may_block) {
      MutexLock lock(mutex_);
      AwaitStop(stops_before);
    }
    return true;
  }
  owner_.RequestStop();
  if (may_block) RunSynchronousStop();
  return true;
}

void Lifecycle::RunSynchronousStop() {
  for (;;) {
    {
      MutexLock lock(mutex_);
      world_.Await(
          mutex_, changed_,
          [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
            return live_workers_ == 0 || handed_.load(std::memory_order_acquire) == Handed::kWaiting;
          },
          kForever);
      if (handed_.load(std::memory_order_acquire) != Handed::kWaiting) break;
    }
    {
      CallbackScope scope(*this);
      owner_.DeliverHandedEvent();
    }
    handed_.store(Handed::kDelivered, std::memory_order_seq_cst);
    owner_.RequestStop();
  }
  owner_.JoinWorkers(false);
  {
    CallbackScope scope(*this);
    owner_.FinishStop();
  }
  MutexLock lock(mutex_);
  EnterStopped();
}

bool Lifecycle::Wait(int timeout_ms, bool* illegal) {
  *illegal = false;
  if (forked()) return true;
  WaitEdge edge(*this);
  *illegal = CallbackScope::Inside(*this) || (!edge.may_block() && state() != SS_STOPPED);
  if (*illegal) return false;
  {
    const TimePoint deadline = timeout_ms < 0 ? kForever : world_.clock().Now() + FromMillis(timeout_ms);
    MutexLock lock(mutex_);
    if (!world_.Await(
            mutex_, changed_, [this] { return state() == SS_STOPPED; }, deadline))
      return false;
  }
  owner_.JoinWorkers(true);
  return true;
}

}  // namespace hpsocket::core
