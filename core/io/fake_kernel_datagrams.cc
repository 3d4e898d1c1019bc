// The simulated kernel's UDP: who hears a datagram, and what may become of one on its way.

#include <netinet/udp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "hpsocket/core/io/fake_kernel.h"
#include "hpsocket/core/net/local_address.h"
#include "hpsocket/core/net/multicast.h"

namespace hpsocket::core {
namespace {

bool SameHostAndPort(const Address& a, const Address& b) { return a.Unmapped() == b.Unmapped(); }

bool IsAny(const Address& address) {
  return address.valid() && address == Address::Any(address.family(), address.port());
}

Address LoopbackFor(const Address& destination, uint16_t port) {
  Address address;
  Address::ParseLiteral(destination.family() == AF_INET ? "127.0.0.1" : "::1", port, &address);
  return address;
}

bool IsBroadcast(const Address& address) { return address.Unmapped().ToText() == "255.255.255.255"; }

}  // namespace

int FakeKernel::NewDatagramSocket(int family, bool of_peer) {
  const int fd = NewSocket(family, of_peer);
  if (fd < 0) return fd;
  Get(fd).datagram = true;
  Get(fd).receive_capacity = faults_.options().datagram_buffer;
  return fd;
}

int FakeKernel::ConnectDatagram(int fd, const Address& address) {
  FakeSocket& socket = Get(fd);
  if (address.family() != socket.family) return socket.family == AF_INET6 ? -EINVAL : -EAFNOSUPPORT;
  const Address destination = address.Unmapped();
  if (const int result = Route(socket, destination); result < 0 && !IsAny(destination)) return result;
  if (!socket.local.valid()) {
    const int result = Bind(fd, Address::Any(socket.family, 0));
    if (result < 0) return result;
  }
  Address local = LoopbackFor(destination, socket.local.port());
  if (socket.family == AF_INET6) local = local.Mapped();
  if (IsAny(socket.local)) socket.local = local;
  // A wildcard is this host.
  socket.remote_address = IsAny(destination) ? local : address;
  socket.remote_address.set_port(address.port());
  socket.state = FakeSocket::State::kEstablished;
  trace_.Add("connect datagram", fd, address.port());
  return 0;
}

int FakeKernel::Route(const FakeSocket& socket, const Address& destination) const {
  if (IsLocal(destination) || IsSilentHost(destination) || IsMulticast(destination)) return 0;
  // Loopback is the only interface, and no route leads from it.
  if (!IsBroadcast(destination) || !socket.has_send_interface) return -ENETUNREACH;
  return socket.option(SOL_SOCKET, SO_BROADCAST, 0) != 0 ? 0 : -EACCES;
}

void FakeKernel::HoldDatagrams(bool hold) {
  datagrams_held_ = hold;
  for (const auto& [id, socket] : sockets_) {
    if (socket->datagram && socket->fd >= 0) Notify(*socket);
  }
}

bool FakeKernel::IsFull(FakeSocket& socket) {
  if (datagrams_held_ || socket.full) return true;
  socket.full = faults_.Chance(faults_.options().datagram_full);
  if (!socket.full) return false;
  After(Duration(1) + faults_.Delay(), [this, id = socket.id] {
    FakeSocket* const again = Find(id);
    if (again == nullptr) return;
    again->full = false;
    if (again->fd >= 0) Notify(*again);
  });
  return true;
}

bool FakeKernel::TellsRefusal(int fd) {
  FakeSocket& socket = Get(fd);
  if (socket.state != FakeSocket::State::kEstablished || std::exchange(socket.told_refusal, false))
    return false;
  socket.told_refusal = faults_.Chance(faults_.options().datagram_refusal);
  return socket.told_refusal;
}

int FakeKernel::SendDatagram(int fd, const Address* to, const uint8_t* data, size_t length,
                             const Address* from) {
  FakeSocket& socket = Get(fd);
  if (!socket.of_peer && IsFull(socket)) return -EAGAIN;
  if (to == nullptr && socket.state != FakeSocket::State::kEstablished) return -EDESTADDRREQ;
  if (length > 65507) return -EMSGSIZE;
  if (!socket.local.valid()) {
    const int result = Bind(fd, Address::Any(socket.family, 0));
    if (result < 0) return result;
  }
  const Address destination = (to == nullptr ? socket.remote_address : *to).Unmapped();
  if (from != nullptr && !IsLocal(*from)) return -EINVAL;
  if (const int result = Route(socket, destination); result < 0) return result;
  FakeDatagram datagram;
  datagram.from = socket.local;
  if (IsAny(socket.local)) datagram.from = LoopbackFor(destination, socket.local.port());
  if (from != nullptr) {
    datagram.from = from->Unmapped();
    datagram.from.set_port(socket.local.port());
  }
  datagram.bytes.assign(reinterpret_cast<const char*>(data), length);
  trace_.Add("datagram", fd, static_cast<int64_t>(length));
  if (faults_.Chance(faults_.options().datagram_loss)) return 0;
  const int copies = faults_.Chance(faults_.options().datagram_duplicate) ? 2 : 1;
  for (int i = 0; i < copies; ++i) {
    const bool late = faults_.Chance(faults_.options().datagram_delay);
    const Duration delay =
        late ? Duration(1 + static_cast<int64_t>(faults_.Below(static_cast<uint64_t>(
                                std::max<int64_t>(faults_.options().max_delay.count(), 1)))))
             : Duration::zero();
    if (delay == Duration::zero()) {
      ArriveDatagram(datagram.from, destination, datagram);
    } else {
      After(delay, [this, destination, datagram] { ArriveDatagram(datagram.from, destination, datagram); });
    }
  }
  return 0;
}

bool FakeKernel::Hears(const FakeSocket& socket, const Address& from, const Address& to) const {
  if (!socket.datagram || socket.fd < 0 || socket.local.port() != to.port()) return false;
  if (socket.state == FakeSocket::State::kEstablished && !SameHostAndPort(socket.remote_address, from))
    return false;
  if (IsMulticast(to)) {
    return std::any_of(socket.memberships.begin(), socket.memberships.end(), [&](const auto& membership) {
      Address group = membership.group;
      group.set_port(to.port());
      Address source = membership.source;
      if (source.valid()) source.set_port(from.port());
      return group == to && (!source.valid() || SameHostAndPort(source, from));
    });
  }
  if (IsBroadcast(to)) return socket.family == AF_INET;
  return Overlaps(socket, to, true);
}

void FakeKernel::ArriveDatagram(const Address& from, const Address& to, const FakeDatagram& datagram) {
  // Everybody is on the loopback interface, which gives back what leaves by it whatever IP_MULTICAST_LOOP
  // says.
  for (const auto& [id, socket] : sockets_) {
    if (!Hears(*socket, from, to)) continue;
    // As Linux does: the one that goes over the limit is taken.
    if (socket->datagram_bytes > socket->receive_capacity) {
      ++socket->datagram_drops;
      continue;
    }
    FakeDatagram copy = datagram;
    copy.to = IsMulticast(to) || IsBroadcast(to) ? LoopbackFor(to, 0) : to;
    copy.to.set_port(0);
    const bool v6 = socket->family == AF_INET6;
    copy.from = v6 ? datagram.from.Mapped() : datagram.from.Unmapped();
    copy.to = v6 ? copy.to.Mapped() : copy.to.Unmapped();
    socket->datagram_bytes += copy.bytes.size() + 1;
    socket->datagrams.push_back(std::move(copy));
    Notify(*socket);
    if (!IsMulticast(to) && !IsBroadcast(to)) return;
  }
}

bool FakeKernel::ReceiveDatagram(int fd, FakeDatagram* out) {
  FakeSocket& socket = Get(fd);
  if (socket.datagrams.empty()) return false;
  *out = std::move(socket.datagrams.front());
  socket.datagrams.pop_front();
  socket.datagram_bytes -= out->bytes.size() + 1;
  return true;
}

bool FakeKernel::MergesDatagrams(int fd) const { return Get(fd).option(SOL_UDP, UDP_GRO, 0) != 0; }

bool FakeKernel::TellsLocalAddress(int fd) const {
  const LocalAddressOption option = LocalAddressOption::Of(Get(fd).family);
  return Get(fd).option(option.level, option.name, 0) != 0;
}

int FakeKernel::JoinGroup(int fd, const Address& group, const Address& local, const Address& source) {
  if (!IsMulticast(group)) return -EINVAL;
  // No route leads to a group, so the interface has to be named.
  if (!IsLocal(local)) return -ENODEV;
  auto& memberships = Get(fd).memberships;
  for (const auto& other : memberships) {
    if (other.group == group && other.source == source) return source.valid() ? -EADDRNOTAVAIL : -EADDRINUSE;
  }
  memberships.push_back({group, source});
  return 0;
}

int FakeKernel::SetSendInterface(int fd, const Address& local, bool everything) {
  Address host = local;
  host.set_port(0);
  const bool named = !IsAny(host);
  if (named && !IsLocal(host)) return -ENODEV;
  if (everything) Get(fd).has_send_interface = named;
  return 0;
}

void FakeKernel::Unwatch(int fd, FakeSocketWatcher* watcher) {
  std::erase(Get(fd).datagram_watchers, watcher);
}

}  // namespace hpsocket::core
