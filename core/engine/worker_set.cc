#include "hpsocket/core/engine/worker_set.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "hpsocket/core/engine/open_port.h"

namespace hpsocket::core {

WorkerSet::WorkerSet(EngineBase& engine) : engine_(engine) {}

void WorkerSet::Clear() {
  MutexLock lock(mutex_);
  workers_.clear();
}

void WorkerSet::Prepare(size_t count) {
  Clear();
  count_ = count;
  quiet_.store(0, std::memory_order_relaxed);
}

void WorkerSet::Add(std::unique_ptr<WorkerBase> worker) {
  MutexLock lock(mutex_);
  workers_.push_back(std::move(worker));
}

StartFailure WorkerSet::Launch() {
  Lifecycle& lifecycle = engine_.lifecycle();
  World& world = engine_.world();
  if (lifecycle.stop_requested()) return StartFailure::Stopped();
  {
    // Before the first thread runs: one that nobody keeps could not be joined.
    MutexLock lock(threads_mutex_);
    threads_.reserve(count_);
  }
  lifecycle.SetLiveWorkers(count_);
  for (size_t i = 0; i < count_; ++i) {
    int error = 0;
    // Short enough to need no memory.
    const std::string name = IsSingle(engine_.role()) ? "hp-client" : "hp-worker-" + std::to_string(i);
    std::unique_ptr<RunningThread> thread = world.StartThread(*workers_[i], name, &error);
    if (thread == nullptr) {
      // Those that never run must not keep the others waiting.
      for (size_t never = i; never < count_; ++never) {
        HandleQuiet();
        engine_.HandleWorkerExit();
      }
      return StartFailure::Of(SE_WORKER_THREAD_CREATE, std::abs(error), "cannot start a worker thread");
    }
    MutexLock lock(threads_mutex_);
    threads_.push_back(std::move(thread));
  }
  {
    MutexLock lock(opened_mutex_);
    world.Await(
        opened_mutex_, opened_,
        [this] {
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
  std::vector<std::string> reasons;
  for (const auto& worker : workers_) reasons.push_back(worker->port_reason());
  engine_.SetIoBackendDesc(DescribePorts(reasons));
  return {};
}

void WorkerSet::HandleOpened() {
  MutexLock lock(opened_mutex_);
  opened_.NotifyAll();
}

void WorkerSet::HandleQuiet() {
  const size_t quiet = quiet_.fetch_add(1, std::memory_order_seq_cst) + 1;
  if (quiet != workers_.size()) return;
  for (const auto& worker : workers_) worker->Nudge();
}

void WorkerSet::RequestStop() {
  MutexLock lock(mutex_);
  for (const auto& worker : workers_) worker->RequestStop();
}

void WorkerSet::NudgeFirst() {
  MutexLock lock(mutex_);
  // Another thread may have stopped the component and be starting it again.
  if (!workers_.empty()) workers_[0]->Nudge();
}

void WorkerSet::Join(bool only_when_stopped) {
  MutexLock lock(threads_mutex_);
  if (only_when_stopped && engine_.state() != SS_STOPPED) return;
  for (const auto& thread : threads_) thread->Join();
  threads_.clear();
}

bool WorkerSet::NudgeOneAfter(size_t after) {
  for (size_t i = 1; i < workers_.size(); ++i) {
    if (workers_[(after + i) % workers_.size()]->Nudge()) return true;
  }
  return false;
}

}  // namespace hpsocket::core
