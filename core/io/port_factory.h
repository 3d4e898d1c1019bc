// Internal to core.
//
// Chooses the port of the real kernel.
//
// Threads:  any.
#ifndef HPSOCKET_CORE_IO_PORT_FACTORY_H_
#define HPSOCKET_CORE_IO_PORT_FACTORY_H_

#include <memory>
#include <string>

#include "hpsocket/core/io/completion_port.h"
#include "hpsocket/core/io/world.h"

namespace hpsocket::core {

// What HPSOCKET_PORT asks for: "io_uring", "epoll" or "auto". Absent or empty is "auto"; anything else
// too, with a warning, once.
PortChoice PortChoiceFromEnvironment();

// As World::NewPort(). An explicit `choice` beats the environment. The first port that kAuto takes in
// this process is told in one line of the log, with the reason.
std::unique_ptr<CompletionPort> NewKernelPort(PortChoice choice, int* error, std::string* why);

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_PORT_FACTORY_H_
