// Internal to core.
//
// Takes a completion port as the settings and the environment ask for, and falls back to epoll where
// nobody insisted on io_uring and it cannot be had after all.
//
// Threads:  the worker that will own the port.
#ifndef HPSOCKET_CORE_ENGINE_OPEN_PORT_H_
#define HPSOCKET_CORE_ENGINE_OPEN_PORT_H_

#include <memory>
#include <string>

#include "absl/types/span.h"
#include "hpsocket/core/engine/start_failure.h"
#include "hpsocket/core/io/world.h"

namespace hpsocket::core {

// `io_backend`: an EnIoBackend. On success `*port` is open and `*reason` says why it is this one; else
// `*port` is null.
StartFailure OpenPort(World& world, int io_backend, const PortOptions& options,
                      std::unique_ptr<CompletionPort>* port, std::string* reason);

// One line for the ports of all workers. `reasons`: each one's, at least one. They differ where memory or
// descriptors sufficed for the first of them only.
std::string DescribePorts(absl::Span<const std::string> reasons);

// A worker's share of a count of the component; all shares together are the count.
size_t ShareOf(uint32_t count, size_t workers, size_t index);

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_ENGINE_OPEN_PORT_H_
