#include "hpsocket/core/engine/worker_base.h"

#include <chrono>
#include <thread>

#include "absl/base/attributes.h"
#include "hpsocket/core/engine/open_port.h"
#include "hpsocket/core/engine/worker_set.h"

namespace hpsocket::core {

WorkerBase::WorkerBase(EngineBase& engine, WorkerSet& siblings, uint32_t index)
    : engine_(engine), siblings_(siblings), index_(index) {}

WorkerBase::~WorkerBase() = default;

bool WorkerBase::Nudge() {
  if (!sleeping_.load(std::memory_order_seq_cst)) return false;
  nudging_.fetch_add(1, std::memory_order_seq_cst);
  const bool slept = sleeping_.exchange(false, std::memory_order_seq_cst);
  // Said to sleep until its round is over: only the port knows whether it is in its handlers by now.
  const bool woken = slept && port_->Wake();
  nudging_.fetch_sub(1, std::memory_order_release);
  return woken;
}

void WorkerBase::RequestStop() {
  // In one order with `sleeping_`: either Nudge() sees that the worker sleeps, or it sees this before.
  stop_requested_.store(true, std::memory_order_seq_cst);
  Nudge();
}

bool WorkerBase::OpenWith(PortOptions options, int io_backend, uint32_t busy_poll_us) {
  options.component_ports = static_cast<uint32_t>(siblings_.count());
  options.busy_poll = std::chrono::microseconds(busy_poll_us);
  open_failure_ = StartFailure::Contained(
      [&] { return OpenPort(engine_.world(), io_backend, options, &port_, &port_reason_); });
  if (!open_failure_.failed()) {
    UpdateNow();
    open_failure_ = StartFailure::Contained([this] { return HandleOpen(); });
  }
  if (open_failure_.failed()) ClosePort();
  if (port_ != nullptr) phase_ = Phase::kRunning;
  open_known_.store(true, std::memory_order_release);
  siblings_.HandleOpened();
  return port_ != nullptr;
}

bool WorkerBase::ExitUnopened() {
  siblings_.HandleQuiet();
  engine_.HandleWorkerExit();
  return false;
}

ABSL_ATTRIBUTE_HOT void WorkerBase::UpdateNow() {
  now_ = engine_.world().clock().Now();
  now_known_ = true;
}

ABSL_ATTRIBUTE_HOT bool WorkerBase::HasLifecycleNews() {
  switch (phase_) {
    case Phase::kNew:
      return false;
    case Phase::kRunning:
      return stop_requested_.load(std::memory_order_seq_cst);
    case Phase::kStopping:
      // What it waited for may have ended on another thread since this round looked.
      return Ended();
    case Phase::kQuiet:
      return siblings_.all_quiet();
  }
  return false;
}

ABSL_ATTRIBUTE_HOT void WorkerBase::RunPort(TimePoint deadline) {
  ForgetNow();
  port_->RunOnce(deadline);
  sleeping_.store(false, std::memory_order_seq_cst);
}

bool WorkerBase::GoQuietOrExit() {
  if (!Ended()) return false;
  if (phase_ == Phase::kStopping) {
    phase_ = Phase::kQuiet;
    siblings_.HandleQuiet();
  }
  if (!siblings_.all_quiet()) return false;
  engine_.gate().CloseAndDrain();
  if (!Ended()) return false;
  // Whoever nudges from now on finds nobody asleep.
  while (nudging_.load(std::memory_order_seq_cst) != 0) std::this_thread::yield();
  TearDown();
  engine_.HandleWorkerExit();
  return true;
}

}  // namespace hpsocket::core
