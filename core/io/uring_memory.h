// Internal to core.
//
// The kernel gives the locked memory of a ring back some time after the ring is gone, so a new ring
// right after an old one may find none although there soon is.
//
// Threads:  any.
#ifndef HPSOCKET_CORE_IO_URING_MEMORY_H_
#define HPSOCKET_CORE_IO_URING_MEMORY_H_

#include "absl/functional/function_ref.h"

namespace hpsocket::core {

// A ring of this process is gone.
void NoteRingGone();

// Calls `attempt` until it gives something else than -ENOMEM, with short pauses, for about a quarter
// of a second after a ring has gone; at least once. What it gave last.
int RetryWhileRingsGo(absl::FunctionRef<int()> attempt);

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_URING_MEMORY_H_
