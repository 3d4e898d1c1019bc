#include "hpsocket/core/io/port_factory.h"

#include <cstdlib>

#include "hpsocket/core/base/log.h"
#include "hpsocket/core/io/epoll_port.h"
#include "hpsocket/core/io/uring_port.h"
#include "hpsocket/core/io/uring_probe.h"

namespace hpsocket::core {
namespace {

constexpr const char* kVariable = "HPSOCKET_PORT";

std::unique_ptr<CompletionPort> Forced(PortChoice choice, const char* by, int* error, std::string* why) {
  if (choice == PortChoice::kUring && !ProbedUring().usable()) {
    *error = ProbedUring().error;
    *why = ProbedUring().why;
    return nullptr;
  }
  *error = 0;
  *why = std::string("asked for by ") + by;
  if (choice == PortChoice::kUring) return std::make_unique<UringPort>();
  return std::make_unique<EpollPort>();
}

std::unique_ptr<CompletionPort> Probed(int* error, std::string* why) {
  const UringProbe& probe = ProbedUring();
  *error = 0;
  *why = probe.why;
  if (probe.usable()) return std::make_unique<UringPort>();
  return std::make_unique<EpollPort>();
}

}  // namespace

PortChoice PortChoiceFromEnvironment() {
  const char* value = std::getenv(kVariable);
  const std::string wish = value == nullptr ? "" : value;
  if (wish == "io_uring") return PortChoice::kUring;
  if (wish == "epoll") return PortChoice::kEpoll;
  if (!wish.empty() && wish != "auto") {
    LogIfPossible([&] {
      LogOnce(
          LogLevel::kWarning, kVariable,
          std::string(kVariable) + "=" + wish + " is not known and counts as auto (io_uring, epoll, auto)");
    });
  }
  return PortChoice::kAuto;
}

std::unique_ptr<CompletionPort> NewKernelPort(PortChoice choice, int* error, std::string* why) {
  if (choice != PortChoice::kAuto) return Forced(choice, "the application", error, why);
  const PortChoice wish = PortChoiceFromEnvironment();
  auto port = wish == PortChoice::kAuto ? Probed(error, why) : Forced(wish, kVariable, error, why);
  if (port != nullptr) {
    LogIfPossible(
        [&] { LogOnce(LogLevel::kInfo, "port", std::string("using ") + port->name() + ": " + *why); });
  }
  return port;
}

}  // namespace hpsocket::core
