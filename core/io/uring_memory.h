// Internal to core.
//
// The kernel gives the locked memory of a ring back some time after the ring is gone, and counts it
// per user: right after old rings, of this process or another, a new one may find none although
// there soon is.
//
// Threads:  any.
#ifndef HPSOCKET_CORE_IO_URING_MEMORY_H_
#define HPSOCKET_CORE_IO_URING_MEMORY_H_

#include "absl/functional/function_ref.h"

namespace hpsocket::core {

// Calls `attempt` until it gives something else than -ENOMEM, with short pauses, for about a
// second. What it gave last.
int RetryWhileRingsGo(absl::FunctionRef<int()> attempt);

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_URING_MEMORY_H_
