// Internal to core. Tests only.
//
// The world in which port_contract_suite meets a port of the real kernel: plain sockets on the
// loopback interface.
//
// Threads:  the test's.
#ifndef HPSOCKET_CORE_IO_KERNEL_CONTRACT_WORLD_H_
#define HPSOCKET_CORE_IO_KERNEL_CONTRACT_WORLD_H_

#include <sys/resource.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hpsocket/core/io/port_contract_suite.h"

namespace hpsocket::core {

class KernelContractWorld final : public ContractWorld {
 public:
  // Null with the cause in `*why` where the machine cannot have the port.
  using NewPortFunction = std::function<std::unique_ptr<CompletionPort>(std::string* why)>;

  explicit KernelContractWorld(NewPortFunction new_port);
  ~KernelContractWorld() override;

  std::unique_ptr<CompletionPort> NewPort(std::string* why) override { return new_port_(why); }
  Network& network() override { return Network::System(); }
  const Clock& clock() override { return Clock::System(); }

  Address LocalAddress() override;
  std::unique_ptr<ContractListener> NewListener() override;
  std::unique_ptr<ContractPeer> ConnectPeer(const Address& address) override;
  std::unique_ptr<ContractPeer> NewPair(int* fd) override;
  Address RefusingAddress() override;
  Address SilentAddress() override;

  bool ExhaustDescriptors() override;
  void RestoreDescriptors() override;

  bool simulated() const override { return false; }

 private:
  int BoundSocket(Address* bound);

  NewPortFunction new_port_;
  std::unique_ptr<ContractListener> pair_maker_;
  std::vector<int> kept_open_;  // what makes refusing and silent addresses so
  std::optional<rlimit> former_limit_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_KERNEL_CONTRACT_WORLD_H_
