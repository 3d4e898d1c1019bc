// Internal to the demos.
//
// When a silent peer counts as gone: what both sides of the UDP echo can be told.
#ifndef HPSOCKET_SDK_DEMOS_TEST_ECHO_UDP_DETECTION_H_
#define HPSOCKET_SDK_DEMOS_TEST_ECHO_UDP_DETECTION_H_

#include <cstdint>

#include "hpsocket/sdk/demos/common/options.h"

namespace hpsocket::demos {

struct Detection {
  uint32_t attempts = 3;
  uint32_t interval_s = 20;

  void AddTo(OptionTable& options) {
    options.Number(
        0, "detect-attempts", "COUNT",
        "unanswered heartbeats after which the peer is gone; 0 = never, for peers that are no HP-Socket", 0,
        65535, &attempts);
    options.Number(0, "detect-interval", "SECONDS", "between them; 0 = never", 0, 65535, &interval_s);
  }

  // To an IUdpServer or an IUdpClient.
  template <class Component>
  void ApplyTo(Component& component) const {
    component.SetDetectAttempts(attempts);
    component.SetDetectInterval(interval_s);
  }
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_TEST_ECHO_UDP_DETECTION_H_
