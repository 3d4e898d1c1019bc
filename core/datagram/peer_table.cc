#include "hpsocket/core/datagram/peer_table.h"

#include <netinet/in.h>

#include <cstring>
#include <new>

namespace hpsocket::core {
namespace {

// The finalizer of splitmix64: every bit of the input reaches every bit of the output.
uint64_t Mix(uint64_t value) {
  value ^= value >> 30;
  value *= 0xbf58476d1ce4e5b9;
  value ^= value >> 27;
  value *= 0x94d049bb133111eb;
  return value ^ value >> 31;
}

}  // namespace

uint64_t HashOfPeer(const Address& peer, uint64_t key) {
  if (peer.family() == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(peer.get());
    return Mix(key ^ Mix(key + (uint64_t{v4->sin_addr.s_addr} << 16 | v4->sin_port)));
  }
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(peer.get());
  uint64_t halves[2];
  std::memcpy(halves, &v6->sin6_addr, sizeof(halves));
  const uint64_t rest = uint64_t{v6->sin6_scope_id} << 16 | v6->sin6_port;
  // Each step starts from what only the key's owner knows: no part of an address can be chosen so that it
  // undoes another.
  const uint64_t network = Mix(key ^ halves[0]);
  const uint64_t host = Mix(network ^ halves[1]);
  return Mix((host + rest) ^ key);
}

Session* PeerTable::Find(const Address& peer, uint64_t hash) const {
  const auto found = sessions_.find(Probe{peer, hash});
  return found == sessions_.end() ? nullptr : *found;
}

bool PeerTable::Insert(Session& session) {
  try {
    return sessions_.insert(&session).second;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

}  // namespace hpsocket::core
