// Internal to testing.
//
// The variant under which a conformance binary runs, from its command line: --port=io_uring|epoll and
// --workers=N. Without arguments the components' own defaults apply.
//
// Threads:  parsed before the tests run; then any.
#ifndef HPSOCKET_TESTING_HARNESS_VARIANT_H_
#define HPSOCKET_TESTING_HARNESS_VARIANT_H_

#include <cstdint>
#include <string>

#include "hpsocket/core/api/enums.h"

namespace hpsocket::harness {

struct Variant {
  EnIoBackend port = IO_AUTO;
  uint32_t workers = 0;  // 0: the component's default
};

const Variant& CurrentVariant();

// Reads the arguments and leaves them where they are (gtest repeats them for death tests). False, with
// the reason, when one of ours makes no sense.
bool ParseVariant(int argc, char** argv, std::string* error);

// Why the variant cannot run on this machine; empty when it can. Asks the kernel, not the library.
std::string WhyVariantCannotRun();

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_VARIANT_H_
