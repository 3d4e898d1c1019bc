// Internal to core. Tests only.
//
// A process in which io_uring is forbidden, as in the containers of this world.
//
// Threads:  one thread, before others are started.
#ifndef HPSOCKET_CORE_IO_URING_FORBIDDEN_H_
#define HPSOCKET_CORE_IO_URING_FORBIDDEN_H_

#include <cstdint>
#include <functional>
#include <string>

namespace hpsocket::core {

// Lets io_uring_setup fail with `error` from now on, as a container's seccomp filter does. It cannot
// be taken off again. False where the kernel has no seccomp.
bool ForbidUring(int error);

// The same of io_uring_register with this request (IORING_REGISTER_…): a kernel whose io_uring can do less.
bool ForbidUringRequest(uint32_t request, int error);

// Runs `body` in a child process and expects it to return "" (nothing wrong). For what is remembered
// once per process, for filters, and for the environment.
void RunInChild(const std::function<std::string()>& body);

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_URING_FORBIDDEN_H_
