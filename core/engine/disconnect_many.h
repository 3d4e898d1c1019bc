// Internal to core.
//
// Ends every connection of an engine that is older, or silent for longer, than a period.
//
// Threads:  any.
// Spec: api §6.5
#ifndef HPSOCKET_CORE_ENGINE_DISCONNECT_MANY_H_
#define HPSOCKET_CORE_ENGINE_DISCONNECT_MANY_H_

#include <cstddef>
#include <cstdint>

#include "hpsocket/core/api/types.h"

namespace hpsocket::core {

// How many matched.
template <class Engine>
size_t DisconnectOlderThan(Engine& engine, uint32_t period_ms, bool force) {
  size_t matched = 0;
  for (const CONNID id : engine.AllIds()) {
    uint32_t age = 0;
    if (engine.GetConnectPeriod(id, &age) == 0 && age >= period_ms && engine.Disconnect(id, force) == 0)
      ++matched;
  }
  return matched;
}

template <class Engine>
size_t DisconnectSilentFor(Engine& engine, uint32_t period_ms, bool force) {
  size_t matched = 0;
  for (const CONNID id : engine.AllIds()) {
    uint32_t silence = 0;
    if (engine.GetSilencePeriod(id, &silence) == 0 && silence >= period_ms &&
        engine.Disconnect(id, force) == 0)
      ++matched;
  }
  return matched;
}

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_ENGINE_DISCONNECT_MANY_H_
