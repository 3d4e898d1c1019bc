// Internal to testing.
//
// The variant under which a conformance binary runs, from its command line: --port=io_uring|epoll, or
// --port=simulated for a program that has registered simulated worlds; --workers=N;
// --send_policy=pack|safe|direct, --recv_policy=serial|parallel, and --delivery=push|pull, which chooses
// components; --seeds=FIRST-LAST for simulated worlds. Without arguments the components' own defaults
// apply, to all of them.
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
  bool simulated = false;  // in a simulated world instead of on a port of the kernel
  uint32_t workers = 0;    // 0: the component's default
  EnSendPolicy send_policy = SP_PACK;
  EnRecvPolicy recv_policy = RP_SERIAL;
  bool push = true;  // PUSH components are tested
  bool pull = true;  // PULL components are tested
  // The seeds of the simulated worlds; 0: as many as usual, from 1. The environment's HPSOCKET_SEED… comes
  // first.
  uint64_t first_seed = 1;
  uint64_t seeds = 0;
};

const Variant& CurrentVariant();

// In a simulated world: the policies that no argument names are the seed's choice.
void LeaveRestToSeed(uint64_t seed);

// Reads the arguments and leaves them where they are (gtest repeats them for death tests). False, with
// the reason, when one of ours makes no sense.
bool ParseVariant(int argc, char** argv, std::string* error);

// Why the variant cannot run on this machine; empty when it can. Asks the kernel, not the library.
std::string WhyVariantCannotRun();

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_VARIANT_H_
