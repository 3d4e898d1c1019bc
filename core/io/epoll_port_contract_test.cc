// EpollPort keeps the port contract.
#include <memory>
#include <string>

#include "hpsocket/core/io/epoll_port.h"
#include "hpsocket/core/io/kernel_contract_world.h"
#include "hpsocket/core/io/port_contract_suite.h"

namespace hpsocket::core {
namespace {

std::unique_ptr<ContractWorld> NewWorld() {
  return std::make_unique<KernelContractWorld>([](std::string*) { return std::make_unique<EpollPort>(); });
}

[[maybe_unused]] const bool kRegistered = RegisterContractSubject({"Epoll", NewWorld});

}  // namespace
}  // namespace hpsocket::core
