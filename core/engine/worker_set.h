// Internal to core.
//
// The workers of one engine, from Start to the Start after: made, launched, all open or the Start
// fails, all quiet before the first of them frees anything, joined.
//
// Threads:  see each method; an index is good for whoever may call the component while it runs.
// Owner:    the engine; it owns the workers and their threads.
// Lifetime: the workers of a stopped component stay, for GetStats, until the next Start.
#ifndef HPSOCKET_CORE_ENGINE_WORKER_SET_H_
#define HPSOCKET_CORE_ENGINE_WORKER_SET_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/engine/engine_base.h"
#include "hpsocket/core/engine/start_failure.h"
#include "hpsocket/core/engine/worker_base.h"
#include "hpsocket/core/io/world.h"

namespace hpsocket::core {

class WorkerSet {
 public:
  explicit WorkerSet(EngineBase& engine);
  WorkerSet(const WorkerSet&) = delete;
  WorkerSet& operator=(const WorkerSet&) = delete;

  // How many the running component has, while they are being made too.
  size_t count() const { return count_; }

  // --- The caller of Start, or of the destructor ---

  void Clear();
  // Runs each on a thread of its own and waits until all ports are open.
  StartFailure Launch();

  // --- Any thread ---

  void RequestStop();
  // Joins those that have exited; with `only_when_stopped` nothing unless the state is STOPPED.
  void Join(bool only_when_stopped);
  // Wakes one that sleeps, if there is one, `after` the worker of that index and never that one itself.
  bool NudgeOneAfter(size_t after);
  // Makes the first one, if there is one, look at what only it looks at.
  void NudgeFirst();
  // In one order with a worker's saying that it sleeps, as each last look before that.
  bool all_quiet() const { return quiet_.load(std::memory_order_seq_cst) == workers_.size(); }

  // --- Workers ---

  // A port is open or has failed to open.
  void HandleOpened();
  // A worker has ended all that it had and has nothing in flight.
  void HandleQuiet();

 protected:
  void Prepare(size_t count);
  void Add(std::unique_ptr<WorkerBase> worker);
  WorkerBase& at(size_t index) const { return *workers_[index]; }
  size_t made() const { return workers_.size(); }
  // Replaced by Start while nobody but GetStats can look, hence the mutex.
  Mutex& mutex() { return mutex_; }

 private:
  EngineBase& engine_;
  size_t count_ = 0;

  Mutex mutex_;
  std::vector<std::unique_ptr<WorkerBase>> workers_;
  std::atomic<size_t> quiet_{0};

  Mutex threads_mutex_;
  std::vector<std::unique_ptr<RunningThread>> threads_ ABSL_GUARDED_BY(threads_mutex_);

  Mutex opened_mutex_;
  CondVar opened_;
};

// The same with the workers' type.
template <class W>
class WorkersOf : public WorkerSet {
 public:
  using WorkerSet::WorkerSet;

  W& operator[](size_t index) const { return static_cast<W&>(at(index)); }

  // Start: replaces those of the run before. `make(index)` gives each.
  template <class Make>
  void MakeAll(size_t count, Make&& make) {
    Prepare(count);
    for (size_t i = 0; i < count; ++i) Add(make(static_cast<uint32_t>(i)));
  }

  // While they cannot be replaced: on a worker, or inside the gate.
  template <class See>
  void ForEach(See&& see) const {
    for (size_t i = 0; i < made(); ++i) see((*this)[i]);
  }

  // At any time: GetStats.
  template <class See>
  void ForEachAtAnyTime(See&& see) {
    MutexLock lock(mutex());
    ForEach(std::forward<See>(see));
  }
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_ENGINE_WORKER_SET_H_
