#include "hpsocket/core/datagram/peer_table.h"

#include <gtest/gtest.h>
#include <netinet/in.h>

#include <cstdint>
#include <cstring>
#include <unordered_set>

namespace hpsocket::core {
namespace {

constexpr uint64_t kKeys[] = {1, 0x9e3779b97f4a7c15, 0x0123456789abcdef};

// 2001:db8::/64 with the interface id as it lies in memory, and the port likewise.
Address PeerOf(uint64_t interface_id, uint16_t port_in_memory) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = port_in_memory;
  const uint8_t network[8] = {0x20, 0x01, 0x0d, 0xb8};
  std::memcpy(&address.sin6_addr, network, sizeof(network));
  std::memcpy(reinterpret_cast<uint8_t*>(&address.sin6_addr) + 8, &interface_id, sizeof(interface_id));
  return Address::FromSockaddr(reinterpret_cast<const sockaddr*>(&address), sizeof(address));
}

// Who owns a network may choose interface ids so that any linear mixture with the port stays the same.
TEST(PeerHashTest, NobodyCanChooseAddressesThatShareAHash) {
  constexpr uint64_t kFactors[] = {0x9e3779b97f4a7c15, 1, uint64_t{1} << 48};
  for (const uint64_t key : kKeys) {
    for (const uint64_t factor : kFactors) {
      std::unordered_set<uint64_t> hashes;
      for (uint32_t port = 1; port <= UINT16_MAX; ++port) {
        const Address peer =
            PeerOf(0x0123456789abcdef - factor * (port + uint64_t{1}), static_cast<uint16_t>(port));
        hashes.insert(HashOfPeer(peer, key));
      }
      EXPECT_EQ(hashes.size(), size_t{UINT16_MAX}) << "key " << key << ", factor " << factor;
    }
  }
}

TEST(PeerHashTest, TheHashDependsOnEachPartAndOnTheKey) {
  Address other_network = PeerOf(7, 1);
  sockaddr_in6 changed;
  std::memcpy(&changed, other_network.get(), sizeof(changed));
  changed.sin6_addr.s6_addr[0] ^= 1;
  other_network = Address::FromSockaddr(reinterpret_cast<const sockaddr*>(&changed), sizeof(changed));
  changed.sin6_scope_id = 3;
  const Address scoped = Address::FromSockaddr(reinterpret_cast<const sockaddr*>(&changed), sizeof(changed));
  Address v4;
  Address other_v4;
  ASSERT_TRUE(Address::ParseLiteral("192.0.2.1", 5555, &v4));
  ASSERT_TRUE(Address::ParseLiteral("192.0.2.2", 5555, &other_v4));
  std::unordered_set<uint64_t> hashes;
  size_t count = 0;
  for (const uint64_t key : kKeys) {
    for (const Address& peer :
         {PeerOf(7, 1), PeerOf(7, 2), PeerOf(8, 1), other_network, scoped, v4, other_v4}) {
      hashes.insert(HashOfPeer(peer, key));
      EXPECT_EQ(HashOfPeer(peer, key), HashOfPeer(peer, key));
      ++count;
    }
  }
  EXPECT_EQ(hashes.size(), count);
}

}  // namespace
}  // namespace hpsocket::core
