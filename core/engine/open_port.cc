#include "hpsocket/core/engine/open_port.h"

#include "hpsocket/core/base/log.h"
#include "hpsocket/core/io/port_factory.h"

namespace hpsocket::core {
namespace {

PortChoice ChoiceOf(int io_backend) {
  if (io_backend == IO_URING) return PortChoice::kUring;
  return io_backend == IO_EPOLL ? PortChoice::kEpoll : PortChoice::kAuto;
}

}  // namespace

StartFailure OpenPort(World& world, int io_backend, const PortOptions& options,
                      std::unique_ptr<CompletionPort>* port, std::string* reason) {
  PortChoice choice = ChoiceOf(io_backend);
  const bool forced = choice != PortChoice::kAuto || PortChoiceFromEnvironment() != PortChoice::kAuto;
  for (;;) {
    int error = 0;
    std::string why;
    *port = world.NewPort(choice, &error, &why);
    if (*port == nullptr) return {SE_CP_CREATE, error, why};
    const std::string name = (*port)->name();
    std::string cause;
    const int result = (*port)->Open(options, &cause);
    if (result == 0) {
      *reason = name + ": " + why;
      return {};
    }
    StartFailure failure{SE_CP_CREATE, -result, name + ": " + cause};
    port->reset();
    if (forced || choice == PortChoice::kEpoll || name == "epoll") return failure;
    // What the probe could not foresee (memory, descriptors): the other port may still be had.
    LogOnce(LogLevel::kWarning, "port-fallback", "falling back to epoll: " + failure.detail);
    choice = PortChoice::kEpoll;
  }
}

size_t ShareOf(uint32_t count, size_t workers, size_t index) {
  return count / workers + (index < count % workers ? 1 : 0);
}

}  // namespace hpsocket::core
