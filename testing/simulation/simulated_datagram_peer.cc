#include "hpsocket/testing/simulation/simulated_datagram_peer.h"

#include <cerrno>
#include <utility>

#include "hpsocket/core/net/address.h"

namespace hpsocket::simulation {

using harness::Deadline;

std::unique_ptr<SimulatedDatagramPeer> SimulatedDatagramPeer::Bind(core::FakeWorld& world,
                                                                   const std::string& address,
                                                                   uint16_t port) {
  core::FakeKernel& kernel = world.kernel();
  core::Address name;
  if (!core::Address::ParseLiteral(address.c_str(), port, &name)) {
    errno = EINVAL;
    return nullptr;
  }
  const int fd = kernel.NewDatagramSocket(name.family(), true);
  if (const int result = kernel.Bind(fd, name); result != 0) {
    kernel.Close(fd);
    errno = -result;
    return nullptr;
  }
  core::Address local;
  kernel.LocalAddress(fd, &local);
  return std::unique_ptr<SimulatedDatagramPeer>(new SimulatedDatagramPeer(world, fd, local.port()));
}

SimulatedDatagramPeer::~SimulatedDatagramPeer() { world_.kernel().Close(fd_); }

bool SimulatedDatagramPeer::SendTo(const std::string& address, uint16_t port, std::string_view bytes) {
  world_.driver().GiveWay();
  core::Address to;
  if (!core::Address::ParseLiteral(address.c_str(), port, &to)) return false;
  return world_.kernel().SendDatagram(fd_, &to, reinterpret_cast<const uint8_t*>(bytes.data()),
                                      bytes.size()) == 0;
}

std::optional<std::string> SimulatedDatagramPeer::Receive(Deadline deadline) {
  world_.driver().GiveWay();
  core::FakeDatagram datagram;
  bool received = false;
  world_.driver().PumpUntil(
      "a peer's Receive",
      [&] {
        received = received || world_.kernel().ReceiveDatagram(fd_, &datagram);
        return received;
      },
      deadline.at());
  if (!received) return std::nullopt;
  last_source_ = datagram.from.Unmapped().ToText();
  last_source_port_ = datagram.from.port();
  return std::move(datagram.bytes);
}

bool SimulatedDatagramPeer::Quiet() { return world_.kernel().Get(fd_).datagrams.empty(); }

}  // namespace hpsocket::simulation
