#include "hpsocket/core/engine/open_port.h"

#include <algorithm>

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
  std::string fallen_back;  // why, when it has
  for (;;) {
    int error = 0;
    std::string why;
    *port = world.NewPort(choice, &error, &why);
    if (*port == nullptr) return {SE_CP_CREATE, error, why};
    const std::string name = (*port)->name();
    std::string cause;
    const int result = (*port)->Open(options, &cause);
    if (result == 0) {
      *reason = name + (fallen_back.empty() ? ": " + why : ", fallen back from " + fallen_back);
      return {};
    }
    StartFailure failure{SE_CP_CREATE, -result, name + ": " + cause};
    port->reset();
    if (forced || choice == PortChoice::kEpoll || name == "epoll") return failure;
    // What the probe could not foresee (memory, descriptors): the other port may still be had.
    LogIfPossible(
        [&] { LogOnce(LogLevel::kWarning, "port-fallback", "falling back to epoll: " + failure.detail); });
    fallen_back = failure.detail;
    choice = PortChoice::kEpoll;
  }
}

std::string DescribePorts(absl::Span<const std::string> reasons) {
  const std::string& first = reasons.front();
  const auto differs = [&first](const std::string& reason) { return reason != first; };
  const auto other = std::find_if(reasons.begin(), reasons.end(), differs);
  if (other == reasons.end()) return first;
  const auto others = std::count_if(other, reasons.end(), differs);
  return first + "; " + std::to_string(others) + " of " + std::to_string(reasons.size()) +
         " workers: " + *other;
}

size_t ShareOf(uint32_t count, size_t workers, size_t index) {
  return count / workers + (index < count % workers ? 1 : 0);
}

}  // namespace hpsocket::core
