#include "hpsocket/testing/bench/load/datagram_socket.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "hpsocket/testing/bench/load/load_failure.h"

namespace hpsocket::bench {
namespace {

void Check(int64_t result, const char* what) {
  if (result < 0) FailLoad(std::string(what) + ": " + std::strerror(errno));
}

sockaddr_in Loopback(uint32_t host, uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + host);
  return address;
}

}  // namespace

int ConnectDatagrams(uint16_t port, uint32_t own_host, uint16_t own_port) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  Check(fd, "socket");
  const sockaddr_in own = Loopback(own_host, own_port);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&own), sizeof(own)) != 0) {
    if (errno != EADDRINUSE) Check(-1, "bind");
    close(fd);
    return -1;
  }
  const sockaddr_in server = Loopback(0, port);
  Check(connect(fd, reinterpret_cast<const sockaddr*>(&server), sizeof(server)), "connect");
  return fd;
}

int ReceiveWithin(int fd, int timeout_ms, msghdr* message) {
  pollfd ready{fd, POLLIN, 0};
  if (poll(&ready, 1, timeout_ms) <= 0) return -1;
  const ssize_t length = recvmsg(fd, message, MSG_DONTWAIT);
  Check(length, "recv");
  return static_cast<int>(length);
}

void CheckSent(int64_t result, size_t expected) {
  Check(result, "send");
  if (static_cast<size_t>(result) != expected) FailLoad("a datagram was not sent as a whole");
}

}  // namespace hpsocket::bench
