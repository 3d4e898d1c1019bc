#include "hpsocket/testing/bench/load/load_failure.h"

#include <unistd.h>

#include <cstdio>

namespace hpsocket::bench {

void FailLoad(const std::string& why) {
  std::printf("error %s\n", why.c_str());
  std::fflush(stdout);
  _exit(1);
}

}  // namespace hpsocket::bench
