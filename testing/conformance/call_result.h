// Internal to testing.
//
// What a call that fails says in errno.
//
// Threads:  any.
#ifndef HPSOCKET_TESTING_CONFORMANCE_CALL_RESULT_H_
#define HPSOCKET_TESTING_CONFORMANCE_CALL_RESULT_H_

#include <cerrno>

namespace hpsocket::conformance {

// 0 when it is true, else the errno that this very call has set; -1 when it has set none.
template <class Call>
int ErrorOf(const Call& call) {
  errno = 0;
  if (call()) return 0;
  return errno != 0 ? errno : -1;
}

}  // namespace hpsocket::conformance

#endif  // HPSOCKET_TESTING_CONFORMANCE_CALL_RESULT_H_
