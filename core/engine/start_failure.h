// Internal to core.
//
// Where and why a Start failed.
#ifndef HPSOCKET_CORE_ENGINE_START_FAILURE_H_
#define HPSOCKET_CORE_ENGINE_START_FAILURE_H_

#include <cerrno>
#include <cstring>
#include <exception>
#include <new>
#include <string>

#include "hpsocket/core/api/enums.h"

namespace hpsocket::core {

struct StartFailure {
  EnSocketError code = SE_OK;  // SE_OK: nothing failed
  int error = 0;               // errno
  std::string detail;

  // The detail is `what` and the system's words for `error`.
  static StartFailure Of(EnSocketError code, int error, const std::string& what) {
    return {code, error, what + ": " + strerror(error)};
  }
  // A Stop came meanwhile. Spec: decisions 2.4
  static StartFailure Stopped() { return {SE_ILLEGAL_STATE, ECANCELED, "stopped while starting"}; }

  // Makes no memory itself, and so does what stands for other exceptions.
  static StartFailure OutOfMemory() { return {SE_CP_CREATE, ENOMEM, "out of memory"}; }
  // What `step` gives; OutOfMemory() when it throws for want of memory, EIO for whatever else the standard
  // library may throw (a source of randomness that fails). Spec: decisions 2.8
  template <class Step>
  static StartFailure Contained(Step&& step) {
    try {
      return step();
    } catch (const std::bad_alloc&) {
      return OutOfMemory();
    } catch (const std::exception&) {
      return {SE_CP_CREATE, EIO, "system failure"};
    }
  }

  bool failed() const { return code != SE_OK; }
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_ENGINE_START_FAILURE_H_
