// Internal to the demos.
//
// What a performance client can be told, whatever carries its connections.
//
// Units:    bytes, messages, milliseconds, seconds as the names say.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_PFM_RUN_OPTIONS_H_
#define HPSOCKET_SDK_DEMOS_COMMON_PFM_RUN_OPTIONS_H_

#include <cstdint>
#include <string>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/sdk/demos/common/options.h"

namespace hpsocket::demos {

// What it means that a message does not come back.
enum class Loss {
  kFault,     // of a stream: something is broken
  kExpected,  // of a datagram: it happens, and what comes after it may be there all the same
};

struct RunOptions {
  Loss loss = Loss::kFault;  // the kind's, no option
  std::string address = "127.0.0.1";
  uint32_t port = 5555;
  uint32_t rounds = 100;
  uint32_t interval_ms = 1;
  uint32_t connections = 100;
  uint32_t length = 5000;
  uint32_t duration_s = 0;  // not 0: instead of a number of rounds
  uint32_t window = 0;      // 0: as many messages as keep the whole run below about 64 MiB
  uint32_t wait_ms = 3000;
  uint32_t timeout_s = 30;  // how long nothing may come back
  int backend = IO_AUTO;
  bool quiet = false;
  bool json = false;

  void AddTo(OptionTable& table, uint32_t longest_message);

  // What is wrong with them together; empty if nothing is.
  std::string Complaint() const;

  // How many messages a connection may have under way.
  uint32_t EffectiveWindow() const;
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_PFM_RUN_OPTIONS_H_
