#include "hpsocket/core/stream/stream_settings.h"

#include <sys/socket.h>
#include <unistd.h>

namespace hpsocket::core {

StreamSettings::StreamSettings(Role role) : CommonSettings(role) {
  socket_buffer_size = static_cast<uint32_t>(sysconf(_SC_PAGESIZE));
  socket_listen_queue = SOMAXCONN;
}

bool StreamSettings::Valid(Role role) const {
  const uint32_t smallest_buffer = role == Role::kClient ? 1 : 64;
  const bool common = CommonSettings::Valid(role) && keep_alive_time <= kMaxSetting &&
                      keep_alive_interval <= kMaxSetting && socket_buffer_size <= kMaxSetting &&
                      socket_buffer_size >= smallest_buffer;
  if (!common || role != Role::kServer) return common;
  return accept_socket_count > 0 && accept_socket_count <= kMaxSetting && socket_listen_queue > 0 &&
         socket_listen_queue <= kMaxSetting;
}

}  // namespace hpsocket::core
