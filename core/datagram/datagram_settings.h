// Internal to core.
//
// The settings of a UDP component, with the document's defaults.
//
// Threads:  as CommonSettings.
// Units:    as the public setters: bytes, seconds where they say so.
#ifndef HPSOCKET_CORE_DATAGRAM_DATAGRAM_SETTINGS_H_
#define HPSOCKET_CORE_DATAGRAM_DATAGRAM_SETTINGS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hpsocket/core/engine/common_settings.h"
#include "hpsocket/core/engine/role.h"

namespace hpsocket::core {

struct DatagramSettings : CommonSettings {
  explicit DatagramSettings(Role role);

  // Whether every setting is in its range. Spec: api §2.4, api §2.9, api §2.10
  bool Valid(Role role) const;

  uint32_t max_datagram_size = 1472;
  uint32_t send_buffer_size = 0;     // SO_SNDBUF; 0: the system's
  uint32_t receive_buffer_size = 0;  // SO_RCVBUF; 0: the system's
  bool close_on_oversize = false;

  // Server.
  uint32_t post_receive_count = 300;

  // Server and client.
  uint32_t detect_attempts = 3;
  uint32_t detect_interval = 20;  // seconds

  // Cast. Shared, because copies of all this need no memory; null is the default.
  std::shared_ptr<const std::string> bind_address;  // "0.0.0.0"
  bool reuse_address = false;
  int cast_mode = CM_MULTICAST;
  int multicast_ttl = 1;
  bool multicast_loop = false;
  std::shared_ptr<const std::vector<std::string>> sources;  // any

  const char* cast_bind_address() const {
    return bind_address == nullptr ? "0.0.0.0" : bind_address->c_str();
  }
  bool detects() const { return detect_attempts > 0 && detect_interval > 0; }
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_DATAGRAM_DATAGRAM_SETTINGS_H_
