// Internal to core.
//
// The settings that components have whatever they transport, with the document's defaults. An engine
// adds its own; Start validates them all at once and works with a copy, so changes while a component
// runs take effect at its next Start.
//
// Threads:  as a value; the engine guards the one that setters write to.
// Units:    as the public setters: milliseconds, bytes.
#ifndef HPSOCKET_CORE_ENGINE_COMMON_SETTINGS_H_
#define HPSOCKET_CORE_ENGINE_COMMON_SETTINGS_H_

#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/engine/role.h"

namespace hpsocket::core {

// Of most settings: what still fits the signed integers of the original.
inline constexpr uint32_t kMaxSetting = 0x7fffffff;

struct CommonSettings {
  // The defaults of a component of this role on this machine.
  explicit CommonSettings(Role role);

  // Whether every setting is in its range. Spec: api §2.1 to api §2.8
  bool Valid(Role role) const;

  // Server and agent.
  int send_policy = SP_PACK;
  int recv_policy = RP_SERIAL;
  uint32_t free_socket_obj_lock_time = 10000;
  uint32_t free_socket_obj_pool = 150;
  uint32_t free_socket_obj_hold = 450;
  uint32_t free_buffer_obj_pool = 300;
  uint32_t free_buffer_obj_hold = 900;
  uint32_t worker_thread_count = 1;
  uint32_t max_shutdown_wait_time = 15000;
  uint32_t max_connection_count = 0;
  uint32_t max_idle_time = 0;

  // Client and cast.
  uint32_t free_buffer_pool_size = 10;
  uint32_t free_buffer_pool_hold = 30;

  // All.
  int io_backend = IO_AUTO;
  uint64_t max_pending_length = uint64_t{64} << 20;
  uint64_t max_pending_total = 0;  // the constructor: a quarter of the memory
  uint32_t graceful_timeout = 10000;
  uint32_t sync_connect_timeout = 10000;
  uint32_t slow_callback_time = 0;
  uint32_t busy_poll = 0;  // microseconds
  bool no_delay = true;    // TCP; stored and given back elsewhere
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_ENGINE_COMMON_SETTINGS_H_
