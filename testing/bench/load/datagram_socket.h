// Internal to testing/bench. Tests only.
//
// UDP sockets of a load, connected to the server.
//
// Threads:  any.
// Errors:   end the program.
#ifndef HPSOCKET_TESTING_BENCH_LOAD_DATAGRAM_SOCKET_H_
#define HPSOCKET_TESTING_BENCH_LOAD_DATAGRAM_SOCKET_H_

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>

namespace hpsocket::bench {

// `own_host`, `own_port`: which address of loopback, counted from 127.0.0.1, and port it has itself. Port 0:
// any. -1: that one is taken.
int ConnectDatagrams(uint16_t port, uint32_t own_host = 0, uint16_t own_port = 0);

// recvmsg(2) that waits at most that long: what came, or -1 when nothing did.
int ReceiveWithin(int fd, int timeout_ms, msghdr* message);

// Ends the program unless `result` is that.
void CheckSent(int64_t result, size_t expected);

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_LOAD_DATAGRAM_SOCKET_H_
