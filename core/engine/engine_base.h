// Internal to core.
//
// What every engine is, whatever it transports: the life cycle, the component error, the events' way
// up, and what is known of the listener's callbacks.
//
// Threads:  any.
// Owner:    the component owns its engine.
// Errors:   lifecycle calls return false and leave last_error() and errno.
#ifndef HPSOCKET_CORE_ENGINE_ENGINE_BASE_H_
#define HPSOCKET_CORE_ENGINE_ENGINE_BASE_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/engine/call_gate.h"
#include "hpsocket/core/engine/engine_events.h"
#include "hpsocket/core/engine/role.h"
#include "hpsocket/core/engine/start_failure.h"
#include "hpsocket/core/io/world.h"
#include "hpsocket/core/lifecycle/lifecycle.h"

namespace hpsocket::core {

class EngineBase : protected LifecycleOwner {
 public:
  EngineBase(const EngineBase&) = delete;
  EngineBase& operator=(const EngineBase&) = delete;

  // --- Life cycle (Spec: decisions 2) ---

  bool Stop();
  bool Wait(int timeout_ms);
  EnServiceState state() const { return lifecycle_.state(); }
  bool started() const { return state() == SS_STARTED || state() == SS_STARTING; }
  Lifecycle& lifecycle() { return lifecycle_; }
  // Asked before any lock is taken: another thread of the parent may hold it for good.
  bool forked() const { return lifecycle_.forked(); }
  void DieIfForked() const { lifecycle_.DieIfForked(); }

  // The component error. Spec: api §1
  EnSocketError last_error() const { return last_error_.load(std::memory_order_relaxed); }
  void set_last_error(EnSocketError code) { last_error_.store(code, std::memory_order_relaxed); }
  // More words on the last failure of the calling thread; never null. Valid until its next call.
  static const char* LastErrorDetail();
  // Without memory for them there are no words.
  static void SetLastErrorDetail(std::string_view detail) noexcept;

  void SetMarkSilence(bool on) { mark_silence_.store(on, std::memory_order_relaxed); }
  bool mark_silence() const { return mark_silence_.load(std::memory_order_relaxed); }
  std::string io_backend_desc() const;
  void SetIoBackendDesc(std::string desc);

  // --- Callbacks ---

  void CountException() { exceptions_.fetch_add(1, std::memory_order_relaxed); }
  // Milliseconds; 0: nobody asks.
  uint32_t slow_callback_time() const { return slow_callback_time_; }
  // `name` is the event's, a literal.
  void ReportSlowCallback(const char* name, Duration took) noexcept;

  // A worker touches nothing of the component after this.
  virtual void HandleWorkerExit() { lifecycle_.WorkerExited(); }

  World& world() { return world_; }
  // Open while the component runs.
  CallGate& gate() { return gate_; }
  EngineEvents& events() { return events_; }
  Role role() const { return role_; }
  const char* kind() const { return kind_; }

 protected:
  // `kind` names the component in messages ("TcpServer"); a literal.
  EngineBase(const char* kind, Role role, EngineEvents& events);
  ~EngineBase() override = default;

  // For Start, before any worker runs.
  void ResetCallbacks(uint32_t slow_callback_time);
  void FillCallbackStats(HP_Stats* stats) const;

  // Fails a call of the application.
  bool Refuse(EnSocketError code, int error, std::string_view detail) noexcept;
  bool RefuseToStart();
  // The end of a Start that has failed: OnShutdown where there is one, then STOPPED.
  bool EndFailedStart(const StartFailure& failure);

  // LifecycleOwner.
  void FinishStop() override;

 private:
  const char* const kind_;
  const Role role_;
  EngineEvents& events_;
  World& world_;
  std::atomic<bool> mark_silence_{false};
  std::atomic<EnSocketError> last_error_{SE_OK};
  CallGate gate_;
  mutable Mutex desc_mutex_;
  std::string backend_desc_ ABSL_GUARDED_BY(desc_mutex_);

  uint32_t slow_callback_time_ = 0;  // written by Start before any worker runs
  std::atomic<uint64_t> exceptions_{0};
  std::atomic<uint64_t> slow_callbacks_{0};
  std::atomic<uint64_t> longest_callback_us_{0};

  Lifecycle lifecycle_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_ENGINE_ENGINE_BASE_H_
