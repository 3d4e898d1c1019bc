// Internal to core.
//
// What the library sets on every UDP socket before the application's hook sees it.
//
// Threads:  any.
// Spec: decisions 2.3, decisions §8
#ifndef HPSOCKET_CORE_DATAGRAM_SOCKET_OPTIONS_H_
#define HPSOCKET_CORE_DATAGRAM_SOCKET_OPTIONS_H_

#include "hpsocket/core/datagram/datagram_settings.h"
#include "hpsocket/core/net/network.h"

namespace hpsocket::core {

// 0 or -errno.
int SetDatagramOptions(Network& network, int fd, const DatagramSettings& settings);

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_DATAGRAM_SOCKET_OPTIONS_H_
