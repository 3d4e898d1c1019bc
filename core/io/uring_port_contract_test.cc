// UringPort keeps the port contract.
#include <memory>
#include <string>

#include "hpsocket/core/io/kernel_contract_world.h"
#include "hpsocket/core/io/port_contract_suite.h"
#include "hpsocket/core/io/uring_port.h"
#include "hpsocket/core/io/uring_probe.h"

namespace hpsocket::core {
namespace {

std::unique_ptr<CompletionPort> NewPort(std::string* why) {
  *why = ProbedUring().why;
  if (!ProbedUring().usable()) return nullptr;
  return std::make_unique<UringPort>();
}

std::unique_ptr<ContractWorld> NewWorld() { return std::make_unique<KernelContractWorld>(NewPort); }

[[maybe_unused]] const bool kRegistered = RegisterContractSubject({"Uring", NewWorld});

}  // namespace
}  // namespace hpsocket::core
