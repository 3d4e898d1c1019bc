// Internal to core.
//
// Which failures of accept(2) concern one peer only. Linux hands a pending network error of the new
// socket to the caller of accept; the listener itself is well.
//
// Threads:  any.
#ifndef HPSOCKET_CORE_IO_ACCEPT_ERRORS_H_
#define HPSOCKET_CORE_IO_ACCEPT_ERRORS_H_

#include <cerrno>

namespace hpsocket::core {

// `error` is a positive errno. False: accepting cannot go on before something has changed.
inline bool ConcernsOnePeerOnly(int error) {
  switch (error) {
    case ECONNABORTED:
    case EPROTO:
    case ENETDOWN:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case ENETUNREACH:
      return true;
    default:
      return false;
  }
}

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_ACCEPT_ERRORS_H_
