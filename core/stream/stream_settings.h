// Internal to core.
//
// The settings of a TCP component, with the document's defaults. Start validates them all at once
// and works with a copy, so changes while a component runs take effect at its next Start.
//
// Threads:  as a value; StreamEngine guards the one that setters write to.
// Units:    as the public setters: milliseconds, bytes.
#ifndef HPSOCKET_CORE_STREAM_STREAM_SETTINGS_H_
#define HPSOCKET_CORE_STREAM_STREAM_SETTINGS_H_

#include <cstdint>

#include "hpsocket/core/api/enums.h"

namespace hpsocket::core {

// Who calls the engine. Delivery is how received bytes go up.
enum class Role { kServer, kAgent, kClient };
enum class Delivery { kPush, kPull };

struct StreamSettings {
  // The defaults of a component of this role on this machine.
  explicit StreamSettings(Role role);

  // Whether every setting is in its range. Spec: api §2.1 to §2.8
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

  // Server.
  uint32_t accept_socket_count = 300;
  uint32_t socket_listen_queue = 4096;

  // Agent.
  bool reuse_address = false;

  // Client.
  uint32_t free_buffer_pool_size = 10;
  uint32_t free_buffer_pool_hold = 30;

  // All.
  uint32_t socket_buffer_size = 4096;
  uint32_t keep_alive_time = 20000;
  uint32_t keep_alive_interval = 5000;
  bool no_delay = true;
  int io_backend = IO_AUTO;
  uint64_t max_pending_length = uint64_t{64} << 20;
  uint64_t max_pending_total = 0;  // the constructor: a quarter of the memory
  uint32_t graceful_timeout = 10000;
  uint32_t sync_connect_timeout = 10000;
  uint32_t slow_callback_time = 0;
  uint32_t busy_poll = 0;  // microseconds
  uint64_t max_pull_length = 0;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_STREAM_STREAM_SETTINGS_H_
