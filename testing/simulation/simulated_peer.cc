#include "hpsocket/testing/simulation/simulated_peer.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <utility>

#include "hpsocket/core/net/address.h"

namespace hpsocket::simulation {

using harness::Deadline;
using harness::StreamEnd;

namespace {

// As much as a raw peer may send on Linux without anybody reading.
constexpr int kSendBuffer = 1 << 20;

}  // namespace

std::unique_ptr<SimulatedPeer> SimulatedPeer::Connect(core::FakeWorld& world, const std::string& address,
                                                      uint16_t port, const harness::PeerOptions& options) {
  core::Address name;
  if (!core::Address::ParseLiteral(address.c_str(), port, &name)) return nullptr;
  auto peer = std::make_unique<core::FakePeer>(world);
  int result = peer->StartConnect(name);
  if (result == 0) {
    core::FakeKernel& kernel = world.kernel();
    if (options.receive_buffer != 0)
      kernel.SetOption(peer->fd(), SOL_SOCKET, SO_RCVBUF, options.receive_buffer);
    world.driver().PumpUntil(
        "a peer's connect", [&] { return kernel.ConnectResult(peer->fd()) != -EINPROGRESS; },
        Deadline::Patient().at());
    result = kernel.ConnectResult(peer->fd());
  }
  if (result == 0) return std::make_unique<SimulatedPeer>(world, std::move(peer));
  errno = -result;
  return nullptr;
}

SimulatedPeer::SimulatedPeer(core::FakeWorld& world, std::unique_ptr<core::FakePeer> peer)
    : world_(world), peer_(std::move(peer)), local_port_(peer_->local_address().port()) {
  world_.kernel().SetOption(peer_->fd(), SOL_SOCKET, SO_SNDBUF, kSendBuffer);
  core::Address remote;
  if (world_.kernel().PeerAddress(peer_->fd(), &remote) == 0) remote_port_ = remote.port();
}

bool SimulatedPeer::Send(std::string_view bytes, Deadline deadline) {
  world_.driver().GiveWay();
  if (!peer_->open()) return false;
  world_.driver().PumpUntil(
      "a peer's Send",
      [this, &bytes] {
        while (!bytes.empty()) {
          const int64_t sent = peer_->TrySend(bytes.data(), bytes.size());
          if (sent < 0) return sent != -EAGAIN;
          bytes.remove_prefix(static_cast<size_t>(sent));
        }
        return true;
      },
      deadline.at());
  return bytes.empty();
}

bool SimulatedPeer::ReceiveSome(size_t most, Deadline deadline, std::string* bytes, StreamEnd* end) {
  world_.driver().GiveWay();
  if (!peer_->open()) {
    *end = StreamEnd::kReset;
    return false;
  }
  char chunk[65536];
  int64_t got = -EAGAIN;
  world_.driver().PumpUntil(
      "a peer's Receive",
      [&] {
        if (got == -EAGAIN) got = peer_->TryReceive(chunk, std::min(most, sizeof(chunk)));
        return got != -EAGAIN;
      },
      deadline.at());
  if (got > 0) {
    bytes->append(chunk, static_cast<size_t>(got));
    return true;
  }
  *end = got == 0 ? StreamEnd::kOrderly : got == -EAGAIN ? StreamEnd::kOpen : StreamEnd::kReset;
  return false;
}

std::string SimulatedPeer::Receive(size_t count, Deadline deadline) {
  std::string bytes;
  StreamEnd end = StreamEnd::kOpen;
  while (bytes.size() < count && ReceiveSome(count - bytes.size(), deadline, &bytes, &end)) {
  }
  return bytes;
}

std::string SimulatedPeer::ReceiveToEnd(StreamEnd* end, Deadline deadline) {
  std::string bytes;
  while (ReceiveSome(SIZE_MAX, deadline, &bytes, end)) {
  }
  return bytes;
}

bool SimulatedPeer::Vanish() {
  peer_->SetSilent(true);
  return true;
}

std::unique_ptr<SimulatedPeerListener> SimulatedPeerListener::Open(
    core::FakeWorld& world, const harness::PeerListenOptions& options) {
  constexpr int kBacklog = 1024;
  core::Address name;
  if (!core::Address::ParseLiteral(options.address.c_str(), options.port, &name)) return nullptr;
  std::unique_ptr<SimulatedPeerListener> self(new SimulatedPeerListener(world));
  int result = self->listener_.Listen(name, options.silent ? 0 : kBacklog);
  if (result == 0 && options.silent) result = self->filler_.Connect(self->listener_.local_address());
  if (result != 0) {
    errno = -result;
    return nullptr;
  }
  if (options.accepted.receive_buffer != 0) {
    world.kernel().SetOption(self->listener_.fd(), SOL_SOCKET, SO_RCVBUF, options.accepted.receive_buffer);
  }
  return self;
}

std::unique_ptr<harness::Peer> SimulatedPeerListener::Accept(Deadline deadline) {
  std::unique_ptr<core::FakePeer> peer;
  world_.driver().GiveWay();
  world_.driver().PumpUntil(
      "a peer's Accept",
      [&] {
        if (peer == nullptr) peer = listener_.TryAccept();
        return peer != nullptr;
      },
      deadline.at());
  if (peer == nullptr) return nullptr;
  return std::make_unique<SimulatedPeer>(world_, std::move(peer));
}

}  // namespace hpsocket::simulation
