// Internal to core.
//
// Whether the running kernel lets this process have the io_uring that UringPort needs, and if not, why,
// in words that help whoever operates the machine. Asked by trying, because containers and sysctls
// forbid what the kernel could do.
//
// Threads:  any.
#ifndef HPSOCKET_CORE_IO_URING_PROBE_H_
#define HPSOCKET_CORE_IO_URING_PROBE_H_

#include <string>

#include "absl/functional/function_ref.h"

struct io_uring;
struct io_uring_params;

namespace hpsocket::core {

struct UringProbe {
  int error = 0;    // 0: UringPort works; else a positive errno
  std::string why;  // what was found, in one clause

  bool usable() const { return error == 0; }
};

// Asks the kernel now. Waits about a second for locked memory, which rings that have just gone may still
// hold: what is found decides for the whole process.
UringProbe ProbeUring();

// Makes a ring as io_uring_queue_init_params() does: a negative errno when there is none.
using UringSetup = absl::FunctionRef<int(unsigned entries, io_uring* ring, io_uring_params* parameters)>;
// The same with `setup` in the kernel's place; for tests.
UringProbe ProbeUring(UringSetup setup);

// What the first call in this process was told.
const UringProbe& ProbedUring();

// From now on the kernel does not name this operation (IORING_OP_…) among those that it has; -1: it names
// all.
void HideUringOperationForTest(int opcode);

// The parts of it that are words and numbers only; for tests.
bool IsKernelAtLeast(const char* release, int major, int minor);
// `sysctl`: the content of /proc/sys/kernel/io_uring_disabled, or -1 where there is none.
std::string ExplainSetupError(int error, int sysctl);

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_URING_PROBE_H_
