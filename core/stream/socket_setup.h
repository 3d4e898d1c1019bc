// Internal to core.
//
// What the library sets on a TCP socket before the application's hook sees it, so that what the hook
// sets wins. A listener is set up the same way: accepted sockets inherit all of it.
//
// Threads:  any.
// Spec: decisions 2.3, 7.2
#ifndef HPSOCKET_CORE_STREAM_SOCKET_SETUP_H_
#define HPSOCKET_CORE_STREAM_SOCKET_SETUP_H_

#include "hpsocket/core/api/types.h"
#include "hpsocket/core/net/address.h"
#include "hpsocket/core/net/network.h"
#include "hpsocket/core/stream/stream_settings.h"

namespace hpsocket::core {

class StreamEngine;

// Keep-alive, NODELAY and the send policy's bound on unsent bytes. 0 or -errno.
int SetStreamOptions(Network& network, int fd, const StreamSettings& settings);

// How often it makes sense to ask what keep-alive has found out; zero: it is off.
Duration KeepAliveStep(const StreamSettings& settings);

struct PrepareResult {
  int error = 0;         // errno of what failed
  bool refused = false;  // by OnPrepareConnect: no further address is to be tried
};

// A socket that is ready to connect to `to`: made, set up, seen by OnPrepareConnect. `*fd` is -1
// unless the result is all zero.
PrepareResult PrepareStreamSocket(StreamEngine& engine, CONNID id, const Address& to, int* fd);

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_STREAM_SOCKET_SETUP_H_
