#include "hpsocket/core/datagram/datagram_settings.h"

namespace hpsocket::core {
namespace {

constexpr uint32_t kMostSessions = 1'000'000;
constexpr uint32_t kLargestSize = 65535;

}  // namespace

DatagramSettings::DatagramSettings(Role role) : CommonSettings(role) {
  if (role == Role::kServer) max_connection_count = kMostSessions;
}

bool DatagramSettings::Valid(Role role) const {
  const bool common = CommonSettings::Valid(role) && max_datagram_size >= 1 &&
                      max_datagram_size <= kLargestSize && send_buffer_size <= kMaxSetting &&
                      receive_buffer_size <= kMaxSetting && detect_attempts <= kMaxSetting &&
                      detect_interval <= kMaxSetting;
  if (!common) return false;
  if (role == Role::kCast) {
    return (cast_mode == CM_MULTICAST || cast_mode == CM_BROADCAST) && multicast_ttl >= 0 &&
           multicast_ttl <= 255;
  }
  return role != Role::kServer || (post_receive_count > 0 && post_receive_count <= kMaxSetting);
}

}  // namespace hpsocket::core
