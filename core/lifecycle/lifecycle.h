// Internal to core.
//
// The life cycle that every component has: its state, Start, Stop, Wait and destruction from any
// thread and inside any callback. It knows workers only as a number that exit.
//
//   state      event                          next       by whom
//   STOPPED    BeginStart                     STARTING   the caller of Start
//   STARTING   CompleteStart                  STARTED    the caller of Start
//   STARTING   ConnectedLater                 STARTED    the worker of an asynchronous client
//   STARTING   Start fails, or Stop meets it  STOPPING   the caller of Start (BeginFailedStart), then
//                                             STOPPED    (EndFailedStart)
//   STARTED    Stop, or STARTING and Start    STOPPING   whoever stops
//              has returned
//   STARTED    BeginSelfStop (clients)        STOPPING   the worker
//   STOPPING   last worker out, shutdown      STOPPED    the caller of a synchronous Stop,
//              event delivered                           else the last worker
//
// Threads:  any; see each method.
// Owner:    an engine.
// Spec: decisions 2.4 to 2.7
#ifndef HPSOCKET_CORE_LIFECYCLE_LIFECYCLE_H_
#define HPSOCKET_CORE_LIFECYCLE_LIFECYCLE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/base/fork_generation.h"
#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/io/world.h"

namespace hpsocket::core {

class LifecycleOwner {
 public:
  // Asks every worker to end. Must not block.
  virtual void RequestStop() = 0;
  // A Start in another thread (or further up this one) is to fail soon. True: that thread is inside
  // a name resolution, holds nothing of the component and will not touch it again.
  virtual bool CancelStart() = 0;
  // Client, on a thread that waits in Stop: the last event, if a worker has left it to that thread.
  virtual void DeliverHandedEvent() = 0;
  // Joins the threads of workers that have exited; with `only_when_stopped` nothing unless the state,
  // seen under the lock that guards the threads, is STOPPED. Not from one of them.
  virtual void JoinWorkers(bool only_when_stopped) = 0;
  // Every worker has exited; the last thing before STOPPED. Fires OnShutdown where there is one.
  virtual void FinishStop() = 0;

 protected:
  virtual ~LifecycleOwner() = default;
};

class Lifecycle {
 public:
  Lifecycle(const char* kind, World& world, LifecycleOwner& owner);
  Lifecycle(const Lifecycle&) = delete;
  Lifecycle& operator=(const Lifecycle&) = delete;

  // For the owner's destructor, first of all: stops, waits, joins. Fatal inside an own callback. Does
  // nothing when forked(): the owner then leaves its memory as it is.
  void Destroy();

  const char* kind() const { return kind_; }
  // STOPPED, too, in a process that was forked from the one in which the component runs.
  EnServiceState state() const { return forked() ? SS_STOPPED : own_state(); }
  // This process is not the one that started the component, which was running when it was forked: no
  // thread, ring or lock of it may be touched.
  bool forked() const {
    return generation_.load(std::memory_order_relaxed) != ForkGeneration::Now() && own_state() != SS_STOPPED;
  }
  // After each callback: a child that was forked inside it must not go on as the worker that it is not.
  void DieIfForked() const {
    if (forked()) DieForked();
  }

  // --- Start, on its caller's thread ---

  // False: not STOPPED.
  bool BeginStart();
  // Whether somebody has called Stop since. Start then fails at its next step.
  bool stop_requested() const { return stop_requested_.load(std::memory_order_acquire); }
  // The number of workers that are going to run; before the first of them does.
  void SetLiveWorkers(size_t count);
  // Start is done and returns true. `connected`: STARTED, else STARTING goes on. False: a Stop came.
  bool CompleteStart(bool connected);
  // That has been. Whoever sees what a later Stop asked for sees this, too.
  bool start_complete() const { return start_complete_.load(std::memory_order_seq_cst); }
  // Start fails; no worker is alive, the shutdown event is next: STOPPING.
  void BeginFailedStart();
  // The last step: the state is STOPPED afterwards.
  void EndFailedStart();
  // Blocks until no worker is alive (a failing Start, after it asked them to end).
  void AwaitWorkersGone();

  // --- From workers ---

  // An asynchronous client's OnConnect has returned. False: a Stop came first.
  bool ConnectedLater();
  // A client whose connection has ended. False: somebody is stopping it already.
  bool BeginSelfStop();
  // The worker touches nothing of the component after this; or it was counted and is not going to run. On the
  // last one, when nobody waits in Stop, this runs FinishStop and sets STOPPED.
  void WorkerExited();
  // Client: leaves the last event to the thread that waits in Stop. False: none does.
  bool HandEventToStopper();
  // Client: that thread has delivered it. In one order with the worker's saying that it sleeps.
  bool HandedEventDelivered() const { return handed_.load(std::memory_order_seq_cst) == Handed::kDelivered; }

  // --- From anywhere ---

  // False: not STARTED or STARTING (or a second Stop).
  bool Stop();
  // True when STOPPED within `timeout_ms` (-1: for ever). Sets `*illegal` inside an own callback.
  bool Wait(int timeout_ms, bool* illegal);

 private:
  enum class Finisher { kStopper, kLastWorker, kStarter };
  enum class Handed { kNo, kWaiting, kDelivered };

  EnServiceState own_state() const { return state_.load(std::memory_order_acquire); }
  [[noreturn]] void DieForked() const;
  void EnterStopped() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AwaitStop(uint64_t stops_before) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void RunSynchronousStop() ABSL_LOCKS_EXCLUDED(mutex_);

  const char* const kind_;
  World& world_;
  LifecycleOwner& owner_;

  std::atomic<EnServiceState> state_{SS_STOPPED};
  // Of the process that started it. Written by the starter; whoever else reads it has the component
  // from that Start, or is the starter's child.
  std::atomic<uint32_t> generation_{0};
  std::atomic<bool> stop_requested_{false};
  std::atomic<bool> start_complete_{false};
  std::atomic<Handed> handed_{Handed::kNo};

  Mutex mutex_;
  CondVar changed_;
  bool start_under_way_ ABSL_GUARDED_BY(mutex_) = false;
  Finisher finisher_ ABSL_GUARDED_BY(mutex_) = Finisher::kStarter;
  size_t live_workers_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t stops_ ABSL_GUARDED_BY(mutex_) = 0;  // how often STOPPED was entered
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_LIFECYCLE_LIFECYCLE_H_
