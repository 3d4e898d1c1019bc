// Internal to core.
//
// The settings of a TCP component.
//
// Threads:  as CommonSettings.
// Units:    as the public setters: milliseconds, bytes.
#ifndef HPSOCKET_CORE_STREAM_STREAM_SETTINGS_H_
#define HPSOCKET_CORE_STREAM_STREAM_SETTINGS_H_

#include <cstdint>

#include "hpsocket/core/engine/common_settings.h"
#include "hpsocket/core/engine/role.h"

namespace hpsocket::core {

struct StreamSettings : CommonSettings {
  // The defaults of a component of this role on this machine.
  explicit StreamSettings(Role role);

  // Whether every setting is in its range. Spec: api §2.1 to api §2.8
  bool Valid(Role role) const;

  // Server.
  uint32_t accept_socket_count = 300;
  uint32_t socket_listen_queue = 4096;

  // Agent.
  bool reuse_address = false;

  // All.
  uint32_t socket_buffer_size = 4096;
  uint32_t keep_alive_time = 20000;
  uint32_t keep_alive_interval = 5000;
  uint64_t max_pull_length = 0;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_STREAM_STREAM_SETTINGS_H_
