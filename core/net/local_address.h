// Internal to core.
//
// Which address of this host a datagram was sent to, and which one an answer is to leave with: in the
// kernel's control messages (IP_PKTINFO, IPV6_PKTINFO). A socket that is bound to a wildcard has no address
// of its own, and a peer may hear only the one that it knows.
//
// Threads:  any.
#ifndef HPSOCKET_CORE_NET_LOCAL_ADDRESS_H_
#define HPSOCKET_CORE_NET_LOCAL_ADDRESS_H_

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>

#include "hpsocket/core/net/address.h"

namespace hpsocket::core {

// What a socket of that family is set to 1 so that the kernel tells.
struct LocalAddressOption {
  static LocalAddressOption Of(int family);

  int level;
  int name;
};

// Room for one of these control messages, of either family.
inline constexpr size_t kLocalAddressSpace = CMSG_SPACE(sizeof(in6_pktinfo));

// The address, without a port, that `control` tells; not valid if it tells none, or a group's. A broadcast's
// is the interface's. What an IPv6 socket hears over IPv4 is mapped.
Address ReadLocalAddress(const cmsghdr& control);
// Writes it to the place of a control message; gives the space that it takes there.
size_t WriteLocalAddress(const Address& local, cmsghdr* control);

// Errors of sending after which it may go without the address: this host has it no more.
bool MayBeTheLocalAddress(int error);

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_NET_LOCAL_ADDRESS_H_
