#include "hpsocket/core/datagram/peer_table.h"

#include <netinet/in.h>

#include <cstring>
#include <new>

#include "hpsocket/core/base/check.h"

namespace hpsocket::core {
namespace {

constexpr size_t kFirstRoom = 16;

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
  if (size_ == 0) return nullptr;
  for (size_t at = static_cast<size_t>(hash) & mask_; places_[at] != 0; at = After(at)) {
    const uint64_t entry = places_[at];
    if (entry >> kPointerBits == TagOf(hash) && SessionOf(entry)->peer() == peer) return SessionOf(entry);
  }
  return nullptr;
}

bool PeerTable::Insert(Session& session) {
  const size_t room = places_ == nullptr ? 0 : mask_ + 1;
  // Where it cannot grow it goes on to be filled; but one place stays empty, where searching ends.
  if (size_ >= room - room / 4 && !Grow() && size_ + 1 >= room) return false;
  const uint64_t address = reinterpret_cast<uintptr_t>(&session);
  HP_CHECK(address >> kPointerBits == 0);
  Place(address | TagOf(session.hash()) << kPointerBits, session.hash());
  ++size_;
  return true;
}

void PeerTable::Place(uint64_t entry, uint64_t hash) {
  size_t at = static_cast<size_t>(hash) & mask_;
  while (places_[at] != 0) at = After(at);
  places_[at] = entry;
}

bool PeerTable::Grow() {
  const size_t room = places_ == nullptr ? 0 : mask_ + 1;
  const size_t more = room == 0 ? kFirstRoom : room * 2;
  std::unique_ptr<uint64_t[]> former(new (std::nothrow) uint64_t[more]());
  if (former == nullptr) return false;
  places_.swap(former);
  mask_ = more - 1;
  for (size_t at = 0; at < room; ++at) {
    if (former[at] != 0) Place(former[at], SessionOf(former[at])->hash());
  }
  return true;
}

void PeerTable::Remove(const Session& session) {
  if (size_ == 0) return;
  size_t gap = static_cast<size_t>(session.hash()) & mask_;
  while (places_[gap] != 0 && SessionOf(places_[gap]) != &session) gap = After(gap);
  if (places_[gap] == 0) return;
  --size_;
  // Those behind close up, as far as that does not put them before where they are looked for first.
  for (size_t at = After(gap); places_[at] != 0; at = After(at)) {
    const size_t home = static_cast<size_t>(SessionOf(places_[at])->hash()) & mask_;
    if (((at - home) & mask_) < ((at - gap) & mask_)) continue;
    places_[gap] = places_[at];
    gap = at;
  }
  places_[gap] = 0;
}

}  // namespace hpsocket::core
