#include "hpsocket/testing/simulation/simulated_udp_relay.h"

#include <sys/socket.h>

#include <stdexcept>
#include <utility>

namespace hpsocket::simulation {

using harness::RelayWay;

namespace {

// What is lost is for the relay to decide.
constexpr int kReceiveBuffer = 4 << 20;

// So long a datagram is kept back when none comes that could overtake it.
constexpr core::Duration kLongestHold = std::chrono::milliseconds(5);

}  // namespace

SimulatedUdpRelay::SimulatedUdpRelay(core::FakeWorld& world, const core::Address& server, uint64_t seed)
    : UdpRelay(seed), kernel_(world.kernel()), server_(server), front_(NewSocket()) {}

SimulatedUdpRelay::~SimulatedUdpRelay() {
  const auto close = [this](int fd) {
    kernel_.Unwatch(fd, this);
    kernel_.Close(fd);
  };
  for (const Link& link : links_) close(link.fd);
  close(front_);
}

uint16_t SimulatedUdpRelay::port() const {
  core::Address local;
  kernel_.LocalAddress(front_, &local);
  return local.port();
}

int SimulatedUdpRelay::NewSocket() {
  const int fd = kernel_.NewDatagramSocket(AF_INET, true);
  core::Address local;
  core::Address::ParseLiteral("127.0.0.1", 0, &local);
  if (kernel_.Bind(fd, local) != 0) throw std::runtime_error("the relay has no port");
  kernel_.SetOption(fd, SOL_SOCKET, SO_RCVBUF, kReceiveBuffer);
  kernel_.Watch(fd, this);
  return fd;
}

void SimulatedUdpRelay::After(core::Duration delay, std::function<void()> action) {
  kernel_.After(delay, [alive = std::weak_ptr<bool>(alive_), action = std::move(action)] {
    if (!alive.expired()) action();
  });
}

// The kernel is in the middle of delivering: nothing may be sent here.
void SimulatedUdpRelay::HandleSocketChange(int) {
  if (std::exchange(passing_soon_, true)) return;
  After(core::Duration::zero(), [this] {
    passing_soon_ = false;
    PassAll();
  });
}

void SimulatedUdpRelay::PassAll() {
  core::FakeDatagram datagram;
  while (kernel_.ReceiveDatagram(front_, &datagram)) {
    const size_t client = ClientOf(datagram.from);
    SendOn(client, RelayWay::kToServer, Pass(client, RelayWay::kToServer, std::move(datagram.bytes)));
  }
  for (size_t client = 0; client < links_.size(); ++client) {
    while (kernel_.ReceiveDatagram(links_[client].fd, &datagram))
      SendOn(client, RelayWay::kToClient, Pass(client, RelayWay::kToClient, std::move(datagram.bytes)));
  }
  if (!holds() || std::exchange(releasing_soon_, true)) return;
  After(kLongestHold, [this] {
    releasing_soon_ = false;
    ReleaseAll();
  });
}

void SimulatedUdpRelay::ReleaseAll() {
  for (size_t client = 0; client < links_.size(); ++client) {
    for (const RelayWay way : {RelayWay::kToServer, RelayWay::kToClient})
      SendOn(client, way, Release(client, way));
  }
}

void SimulatedUdpRelay::SendOn(size_t client, RelayWay way, const std::vector<std::string>& datagrams) {
  const Link& link = links_[client];
  const bool to_server = way == RelayWay::kToServer;
  for (const std::string& datagram : datagrams) {
    kernel_.SendDatagram(to_server ? link.fd : front_, to_server ? &server_ : &link.client,
                         reinterpret_cast<const uint8_t*>(datagram.data()), datagram.size());
  }
}

size_t SimulatedUdpRelay::ClientOf(const core::Address& address) {
  for (size_t i = 0; i < links_.size(); ++i) {
    if (links_[i].client == address) return i;
  }
  links_.push_back({NewSocket(), address});
  return AddClient();
}

}  // namespace hpsocket::simulation
