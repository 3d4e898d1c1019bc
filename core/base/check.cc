#include "hpsocket/core/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace hpsocket::core {

void Fatal(const char* file, int line, const char* what) {
  std::fprintf(stderr, "hpsocket: fatal: %s:%d: %s\n", file, line, what);
  std::fflush(stderr);
  std::abort();
}

}  // namespace hpsocket::core
