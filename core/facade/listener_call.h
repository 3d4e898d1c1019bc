// Internal to core.
//
// One call of an application's listener. What it throws is contained, counted and taken as HR_ERROR;
// a call that takes longer than SlowCallbackTime is reported by its name.
//
// Threads:  whichever thread the event belongs to.
// Spec: decisions 2.8, decisions §8
#ifndef HPSOCKET_CORE_FACADE_LISTENER_CALL_H_
#define HPSOCKET_CORE_FACADE_LISTENER_CALL_H_

#include <cstdint>

#include "absl/base/attributes.h"
#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/base/clock.h"

namespace hpsocket::core {

template <class Engine, class Call>
ABSL_ATTRIBUTE_HOT EnHandleResult ContainedCall(Engine& engine, const Call& call) noexcept {
  EnHandleResult result = HR_ERROR;
  try {
    result = call();
  } catch (...) {
    engine.CountException();
  }
  engine.DieIfForked();
  return result;
}

// `name` is the event's, a literal.
template <class Engine, class Call>
EnHandleResult CallListener(Engine& engine, const char* name, const Call& call) noexcept {
  const uint32_t slow_ms = engine.slow_callback_time();
  if (slow_ms == 0) return ContainedCall(engine, call);
  const Clock& clock = engine.world().clock();
  const TimePoint begin = clock.Now();
  const EnHandleResult result = ContainedCall(engine, call);
  const Duration took = clock.Now() - begin;
  if (took > FromMillis(slow_ms)) engine.ReportSlowCallback(name, took);
  return result;
}

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_FACADE_LISTENER_CALL_H_
