// Internal to core. Tests only.
//
// The simulated world's Network: FakeKernel as the program under test sees it, with errors injected,
// names from a table and blocking calls that step the world.
//
// Threads:  the world's one thread.
// Errors:   negative errnos; a descriptor that is not open, or that a port still knows when it is
//           closed, is fatal.
#ifndef HPSOCKET_CORE_IO_FAKE_NETWORK_H_
#define HPSOCKET_CORE_IO_FAKE_NETWORK_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "hpsocket/core/io/fake_faults.h"
#include "hpsocket/core/io/fake_kernel.h"
#include "hpsocket/core/io/step_driver.h"
#include "hpsocket/core/net/network.h"

namespace hpsocket::core {

class FakeNetwork final : public Network {
 public:
  FakeNetwork(FakeClock& clock, FakeKernel& kernel, FakeFaults& faults, StepDriver& driver);

  int OpenStream(int family) override;
  void Close(int fd) override;
  int Bind(int fd, const Address& address) override;
  int Listen(int fd, int backlog) override;
  int LocalAddress(int fd, Address* out) override;
  int PeerAddress(int fd, Address* out) override;
  int SetOption(int fd, int level, int name, int value) override;
  int TakeError(int fd) override;
  int SetAbortOnClose(int fd) override;
  int ShutdownWrite(int fd) override;
  int ShutdownBoth(int fd) override;
  int ConnectAndAwait(int fd, const Address& address, TimePoint deadline,
                      ConnectCanceller& canceller) override;
  int64_t SendNow(int fd, const iovec* pieces, int count) override;
  int OpenDatagram(int family) override;
  int ConnectDatagram(int fd, const Address& address) override;
  int ReceiveDatagrams(int fd, ReceiveBatch& batch) override;
  int SendDatagrams(int fd, const OutgoingDatagram* datagrams, int count, SendBatch& batch) override;
  int SendDatagramNow(int fd, const OutgoingDatagram& datagram) override;
  int JoinGroup(int fd, const Address& group, const Address& local, const Address& source) override;
  int SetSendInterface(int fd, const Address& local, bool everything) override;
  int64_t ReceiveDrops(int fd) override { return static_cast<uint32_t>(kernel_.DatagramDrops(fd)); }
  int Resolve(const std::string& name, uint16_t port, std::vector<Address>* out,
              std::string* detail) override;

  // `name` resolves to these literals after `delay`; to none: it does not resolve, after `delay`.
  // "localhost" is there from the beginning; names that are not in the table do not resolve.
  void AddName(const std::string& name, const std::vector<std::string>& literals,
               Duration delay = Duration::zero());

  // What the program set, or `otherwise`.
  int Option(int fd, int level, int name, int otherwise) const {
    return kernel_.Get(fd).option(level, name, otherwise);
  }

 private:
  struct Name {
    std::vector<std::string> literals;
    Duration delay;
  };

  int Fault(FakeCall call);

  FakeClock& clock_;
  FakeKernel& kernel_;
  FakeFaults& faults_;
  StepDriver& driver_;
  std::map<std::string, Name> names_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_FAKE_NETWORK_H_
