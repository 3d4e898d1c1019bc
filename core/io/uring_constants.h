// Internal to core.
//
// The kernel's io_uring constants that we use and liburing 2.3 does not know yet. Named apart from the
// kernel's, so that newer headers do not clash.
//
// Threads:  any.
#ifndef HPSOCKET_CORE_IO_URING_CONSTANTS_H_
#define HPSOCKET_CORE_IO_URING_CONSTANTS_H_

#include <liburing.h>

namespace hpsocket::core {

// Linux 6.15: a thread that waits in the ring is idle, not "waiting for I/O".
inline constexpr unsigned kUringFeatureNoIowait = 1u << 17;
inline constexpr unsigned kUringEnterNoIowait = 1u << 7;

// The oldest kernel whose io_uring we use: every flag and opcode below works there.
inline constexpr int kUringKernelMajor = 6;
inline constexpr int kUringKernelMinor = 1;

// One ring per worker thread, and completions are run when that thread asks for them. TASKRUN_FLAG
// shows without a system call whether asking is worth it; SUBMIT_ALL goes on behind a bad request.
inline constexpr unsigned kUringSetupFlags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN |
                                             IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_SUBMIT_ALL |
                                             IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP;

inline constexpr unsigned kUringFeatures = IORING_FEAT_NODROP | IORING_FEAT_SUBMIT_STABLE |
                                           IORING_FEAT_FAST_POLL | IORING_FEAT_EXT_ARG | IORING_FEAT_CQE_SKIP;

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_URING_CONSTANTS_H_
