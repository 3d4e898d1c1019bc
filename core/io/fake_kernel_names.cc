// The simulated kernel's addresses and ports: what may be bound, and who listens where.

#include <cerrno>

#include "hpsocket/core/io/fake_kernel.h"

namespace hpsocket::core {
namespace {

constexpr uint16_t kFirstUnprivilegedPort = 1024;
constexpr Duration kTimeWait = std::chrono::seconds(60);

bool IsAny(const Address& address) { return address == Address::Any(address.family(), address.port()); }

bool SameHost(Address a, Address b) {
  a = a.Unmapped();
  b = b.Unmapped();
  a.set_port(0);
  b.set_port(0);
  return a == b;
}

// Whether two local addresses with the same port meet, wildcards and dual-stack sockets included.
bool Meet(const Address& a, bool a_v6_only, const Address& b, bool b_v6_only) {
  if (IsAny(a) && a.family() == AF_INET6 && !a_v6_only) return true;
  if (IsAny(b) && b.family() == AF_INET6 && !b_v6_only) return true;
  const Address x = a.Unmapped();
  const Address y = b.Unmapped();
  if (x.family() != y.family()) return false;
  return IsAny(x) || IsAny(y) || SameHost(x, y);
}

}  // namespace

int FakeKernel::Bind(int fd, const Address& address) {
  FakeSocket& socket = Get(fd);
  if (socket.state != FakeSocket::State::kFresh || socket.local.valid()) return -EINVAL;
  if (address.family() != socket.family) return socket.family == AF_INET6 ? -EINVAL : -EAFNOSUPPORT;
  if (!IsAny(address) && !IsLocal(address)) return -EADDRNOTAVAIL;
  const uint16_t port = address.port();
  if (port != 0 && port < kFirstUnprivilegedPort && !faults_.options().may_bind_privileged) return -EACCES;
  Address local = address;
  if (port == 0) {
    local.set_port(EphemeralPort(socket, address, nullptr));
    if (local.port() == 0) return -EADDRINUSE;
  } else if (!MayBind(socket, address)) {
    return -EADDRINUSE;
  }
  socket.local = local;
  trace_.Add("bind", fd, local.port());
  return 0;
}

bool FakeKernel::IsLocal(const Address& address) const {
  const Address plain = address.Unmapped();
  if (plain.family() == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(plain.get());
    if (ntohl(v4->sin_addr.s_addr) >> 24 == 127) return true;
  } else if (plain.family() == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(plain.get());
    if (IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr)) return true;
  }
  for (const Address& local : local_addresses_) {
    if (SameHost(local, plain)) return true;
  }
  return false;
}

bool FakeKernel::IsSilentHost(const Address& address) const {
  for (const Address& silent : silent_hosts_) {
    if (SameHost(silent, address)) return true;
  }
  return false;
}

bool FakeKernel::Overlaps(const FakeSocket& socket, const Address& address, bool v6_only) const {
  return socket.local.valid() && socket.local.port() == address.port() &&
         Meet(socket.local, socket.v6_only(), address, v6_only);
}

bool FakeKernel::MayBind(const FakeSocket& socket, const Address& address) const {
  const bool reuse = socket.reuse_address();
  for (const auto& [id, other] : sockets_) {
    if (other->datagram != socket.datagram || !Overlaps(*other, address, socket.v6_only())) continue;
    const bool shared = reuse && other->reuse_address() && other->state != FakeSocket::State::kListening;
    if (!shared) return false;
  }
  if (socket.datagram) return true;
  for (const TimeWait& old : time_waits_) {
    if (old.until <= clock_.Now() || old.local.port() != address.port()) continue;
    if (Meet(old.local, false, address, socket.v6_only()) && !(reuse && old.reuse_address)) return false;
  }
  return true;
}

bool FakeKernel::InUseAtAll(const Address& address, bool v6_only) const {
  for (const auto& [id, other] : sockets_) {
    if (Overlaps(*other, address, v6_only)) return true;
  }
  return false;
}

void FakeKernel::EnterTimeWait(const FakeSocket& socket) {
  const TimePoint now = clock_.Now();
  std::erase_if(time_waits_, [now](const TimeWait& old) { return old.until <= now; });
  time_waits_.push_back({socket.local, now + kTimeWait, socket.reuse_address()});
}

bool FakeKernel::TupleInUse(const Address& local, const Address& remote) const {
  for (const auto& [id, other] : sockets_) {
    const bool connected =
        other->state == FakeSocket::State::kConnecting || other->state == FakeSocket::State::kEstablished;
    if (connected && other->local.port() == local.port() && other->remote_address.port() == remote.port() &&
        SameHost(other->local, local) && SameHost(other->remote_address, remote)) {
      return true;
    }
  }
  return false;
}

uint16_t FakeKernel::EphemeralPort(const FakeSocket& socket, const Address& local, const Address* remote) {
  const uint16_t first = faults_.options().first_ephemeral_port;
  const uint16_t last = faults_.options().last_ephemeral_port;
  const uint32_t span = static_cast<uint32_t>(last - first) + 1;
  if (next_ephemeral_ < first || next_ephemeral_ > last) {
    next_ephemeral_ = static_cast<uint16_t>(first + faults_.Below(span));
  }
  for (uint32_t tries = 0; tries < span; ++tries) {
    Address candidate = local;
    candidate.set_port(next_ephemeral_);
    next_ephemeral_ = next_ephemeral_ == last ? first : static_cast<uint16_t>(next_ephemeral_ + 1);
    if (InUseAtAll(candidate, socket.v6_only())) continue;
    if (remote != nullptr && TupleInUse(candidate, *remote)) continue;
    return candidate.port();
  }
  return 0;
}

FakeSocket* FakeKernel::FindListener(const Address& destination) {
  FakeSocket* best = nullptr;
  int best_score = -1;
  for (const auto& [id, socket] : sockets_) {
    if (socket->state != FakeSocket::State::kListening || !Overlaps(*socket, destination, true)) continue;
    const bool exact = SameHost(socket->local, destination);
    const bool same_family = socket->local.family() == destination.Unmapped().family();
    const int score = exact ? 2 : same_family ? 1 : 0;
    if (score > best_score) {
      best = socket.get();
      best_score = score;
    }
  }
  return best;
}

}  // namespace hpsocket::core
