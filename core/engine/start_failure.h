// Internal to core.
//
// Where and why a Start failed.
#ifndef HPSOCKET_CORE_ENGINE_START_FAILURE_H_
#define HPSOCKET_CORE_ENGINE_START_FAILURE_H_

#include <string>

#include "hpsocket/core/api/enums.h"

namespace hpsocket::core {

struct StartFailure {
  EnSocketError code = SE_OK;  // SE_OK: nothing failed
  int error = 0;               // errno
  std::string detail;

  bool failed() const { return code != SE_OK; }
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_ENGINE_START_FAILURE_H_
