#include "hpsocket/core/engine/engine_base.h"

#include <cerrno>
#include <chrono>
#include <new>
#include <utility>

#include "hpsocket/core/base/log.h"
#include "hpsocket/core/lifecycle/callback_scope.h"

namespace hpsocket::core {
namespace {

std::string& DetailOfThisThread() {
  thread_local std::string detail;
  return detail;
}

}  // namespace

EngineBase::EngineBase(const char* kind, Role role, EngineEvents& events)
    : kind_(kind), role_(role), events_(events), world_(World::Current()), lifecycle_(kind, world_, *this) {
  gate_.Close();
}

const char* EngineBase::LastErrorDetail() { return DetailOfThisThread().c_str(); }

void EngineBase::SetLastErrorDetail(std::string_view detail) noexcept {
  try {
    DetailOfThisThread() = detail;
  } catch (const std::bad_alloc&) {
    DetailOfThisThread().clear();
  }
}

std::string EngineBase::io_backend_desc() const {
  if (forked()) return "";
  MutexLock lock(desc_mutex_);
  return backend_desc_;
}

void EngineBase::SetIoBackendDesc(std::string desc) {
  MutexLock lock(desc_mutex_);
  backend_desc_ = std::move(desc);
}

bool EngineBase::Refuse(EnSocketError code, int error, std::string_view detail) noexcept {
  set_last_error(code);
  SetLastErrorDetail(detail);
  errno = error;
  return false;
}

bool EngineBase::RefuseToStart() {
  return Refuse(
      SE_ILLEGAL_STATE, EPERM,
      forked() ? "it runs in the process that this one was forked from" : "Start while not stopped");
}

bool EngineBase::Stop() {
  if (lifecycle_.Stop()) return true;
  return Refuse(SE_ILLEGAL_STATE, EPERM, "Stop while not started");
}

bool EngineBase::Wait(int timeout_ms) {
  bool illegal = false;
  if (lifecycle_.Wait(timeout_ms, &illegal)) return true;
  if (illegal)
    return Refuse(SE_ILLEGAL_STATE, EPERM,
                  "Wait inside a callback of the component it waits for, or in a circle of such Waits");
  SetLastErrorDetail("not stopped within the time");
  errno = ETIMEDOUT;
  return false;
}

bool EngineBase::EndFailedStart(const StartFailure& failure) {
  set_last_error(failure.code);
  lifecycle_.BeginFailedStart();
  if (!IsSingle(role_)) {
    const CallbackScope scope(lifecycle_);
    events_.HandleShutdown();
  }
  if (failure.code == SE_CP_CREATE) {
    LogIfPossible([&] {
      LogOnce(LogLevel::kError, "port-" + failure.detail,
              std::string(kind_) + " cannot start: " + failure.detail);
    });
  }
  lifecycle_.EndFailedStart();
  SetLastErrorDetail(failure.detail);
  errno = failure.error;
  return false;
}

void EngineBase::FinishStop() {
  if (!IsSingle(role_)) events_.HandleShutdown();
}

void EngineBase::ResetCallbacks(uint32_t slow_callback_time) {
  slow_callback_time_ = slow_callback_time;
  for (auto* counter : {&exceptions_, &slow_callbacks_, &longest_callback_us_})
    counter->store(0, std::memory_order_relaxed);
}

void EngineBase::FillCallbackStats(HP_Stats* stats) const {
  stats->slow_callbacks = slow_callbacks_.load(std::memory_order_relaxed);
  stats->longest_callback_us = longest_callback_us_.load(std::memory_order_relaxed);
  stats->contained_exceptions = exceptions_.load(std::memory_order_relaxed);
}

void EngineBase::ReportSlowCallback(const char* name, Duration took) noexcept {
  slow_callbacks_.fetch_add(1, std::memory_order_relaxed);
  const uint64_t us =
      static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(took).count());
  uint64_t longest = longest_callback_us_.load(std::memory_order_relaxed);
  while (us > longest &&
         !longest_callback_us_.compare_exchange_weak(longest, us, std::memory_order_relaxed)) {
  }
  LogIfPossible([&] {
    LogOnce(LogLevel::kWarning, std::string("slow-") + kind_ + "-" + name,
            std::string(kind_) + ": " + name + " took " + std::to_string(us / 1000) +
                " ms; its worker served nobody else meanwhile (later ones are only counted)");
  });
}

}  // namespace hpsocket::core
