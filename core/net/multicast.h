// Internal to core.
//
// Group membership and outgoing interface of a datagram socket, IPv4 and IPv6. An interface is named by
// one of its addresses, as applications name it.
//
// Threads:  any.
// Errors:   0 or a negative errno.
#ifndef HPSOCKET_CORE_NET_MULTICAST_H_
#define HPSOCKET_CORE_NET_MULTICAST_H_

#include "hpsocket/core/net/address.h"

namespace hpsocket::core {

bool IsMulticast(const Address& address);

// The index of the interface that has `local`; where that has a scope, it must name the same. A wildcard's is
// what its scope names, else 0. -ENODEV: none.
int InterfaceOf(const Address& local);

// Joins `group` on the interface with that index (0: the system's choice), for `source` only if valid.
int JoinMulticastGroup(int fd, const Address& group, int interface_index, const Address& source);

// Nothing is heard that comes in by another interface. To an IPv6 socket the kernel hands what comes for a
// group by any interface on which somebody has joined it; an IPv4 membership counts for its own interface
// only. Where the kernel lets only root choose (before Linux 5.7) it stays so.
int HearOnlyBy(int fd, int interface_index);

// Multicast of the socket leaves by this interface, IPv4 with `local` as its source; broadcast and all
// else, too, where `everything`.
int SetOutgoingInterface(int fd, const Address& local, int interface_index, bool everything);

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_NET_MULTICAST_H_
