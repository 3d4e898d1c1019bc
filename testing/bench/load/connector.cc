#include "hpsocket/testing/bench/load/connector.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/flags/flag.h"
#include "absl/strings/str_format.h"
#include "hpsocket/testing/bench/load/load_failure.h"

ABSL_FLAG(bool, keep_alive, false, "set keep-alive's options, too, on connections that are to be reset");

namespace hpsocket::bench {
namespace {

constexpr unsigned kAtOnce = 1024;  // below every server's backlog
constexpr uint32_t kAddresses = 200;

void Check(int result, const char* what) {
  if (result < 0) FailLoad(absl::StrFormat("%s: %s", what, std::strerror(errno)));
}

int NewSocket(int flags = 0) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
  Check(fd, "socket");
  const int on = 1;
  Check(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)), "TCP_NODELAY");
  return fd;
}

}  // namespace

sockaddr_in Connector::Loopback(uint32_t host, uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + host);
  return address;
}

int Connector::Connect() const {
  const int fd = NewSocket();
  const sockaddr_in address = Loopback(0, port_);
  Check(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), "connect");
  return fd;
}

int Connector::ConnectFromNextAddress() {
  const int fd = NewSocket();
  const int on = 1;
  Check(setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on)), "IP_BIND_ADDRESS_NO_PORT");
  const sockaddr_in own = Loopback(1 + next_address_++ % kAddresses, 0);
  Check(bind(fd, reinterpret_cast<const sockaddr*>(&own), sizeof(own)), "bind");
  const sockaddr_in address = Loopback(0, port_);
  Check(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), "connect");
  return fd;
}

int Connector::NewSocketToReset(int flags) {
  const int fd = NewSocket(flags);
  const linger reset{1, 0};
  Check(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)), "SO_LINGER");
  if (!absl::GetFlag(FLAGS_keep_alive)) return fd;
  const int on = 1;
  const int seconds = 60;
  Check(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)), "SO_KEEPALIVE");
  Check(setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &seconds, sizeof(seconds)), "TCP_KEEPIDLE");
  Check(setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &seconds, sizeof(seconds)), "TCP_KEEPINTVL");
  return fd;
}

int Connector::BeginToConnect() const {
  const int fd = NewSocketToReset(SOCK_NONBLOCK);
  const sockaddr_in address = Loopback(0, port_);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 && errno != EINPROGRESS)
    Check(-1, "connect");
  return fd;
}

std::vector<int> Connector::ConnectMany(unsigned count) const {
  std::vector<int> sockets;
  sockets.reserve(count);
  while (sockets.size() < count) {
    sockets.push_back(Connect());
    if (sockets.size() % kAtOnce == 0) AwaitAccepts();
  }
  AwaitAccepts();
  return sockets;
}

// Accepting is in order, so an echo on one more connection says that those before it have been accepted.
void Connector::AwaitAccepts() const {
  const int fd = Connect();
  std::vector<char> bytes(message_, 'x');
  Check(static_cast<int>(send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL)), "send");
  const ssize_t received = recv(fd, bytes.data(), bytes.size(), MSG_WAITALL);
  Check(static_cast<int>(received), "recv");
  if (static_cast<size_t>(received) != bytes.size()) FailLoad("the server has closed a connection");
  close(fd);
}

}  // namespace hpsocket::bench
