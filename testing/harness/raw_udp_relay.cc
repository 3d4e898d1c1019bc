#include "hpsocket/testing/harness/raw_udp_relay.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <utility>

namespace hpsocket::harness {
namespace {

// So long a datagram is kept back when none comes that could overtake it.
constexpr std::chrono::milliseconds kLongestHold{20};

sockaddr_in Loopback(uint16_t port) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  name.sin_port = htons(port);
  return name;
}

const sockaddr* AsName(const sockaddr_in& name) { return reinterpret_cast<const sockaddr*>(&name); }

// With as much room as the system gives: what is lost is for the relay to decide. -1: errno says why.
int NewSocket() {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const int room = 4 << 20;
  if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) != 0)
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
  return fd;
}

// Nothing: no datagram is there.
std::optional<std::string> Take(int fd, sockaddr_in* from) {
  std::string bytes(65536, '\0');
  for (;;) {
    socklen_t length = sizeof(*from);
    const ssize_t received =
        recvfrom(fd, bytes.data(), bytes.size(), MSG_DONTWAIT, reinterpret_cast<sockaddr*>(from), &length);
    if (received >= 0) {
      bytes.resize(static_cast<size_t>(received));
      return bytes;
    }
    // ICMP tells of a server that is gone, datagram by datagram; what else there is comes after that.
    if (errno != ECONNREFUSED && errno != EINTR) return std::nullopt;
  }
}

}  // namespace

std::unique_ptr<RawUdpRelay> RawUdpRelay::Open(uint16_t server_port, uint64_t seed) {
  sockaddr_in name = Loopback(0);
  socklen_t length = sizeof(name);
  const int stop = eventfd(0, EFD_CLOEXEC);
  const int front = stop < 0 ? -1 : NewSocket();
  if (front < 0 || bind(front, AsName(name), length) != 0 ||
      getsockname(front, reinterpret_cast<sockaddr*>(&name), &length) != 0) {
    const int error = errno;
    if (stop >= 0) close(stop);
    if (front >= 0) close(front);
    errno = error;
    return nullptr;
  }
  std::unique_ptr<RawUdpRelay> relay(new RawUdpRelay(seed, server_port, stop, front, ntohs(name.sin_port)));
  relay->thread_ = std::thread([raw = relay.get()] { raw->Run(); });
  return relay;
}

RawUdpRelay::RawUdpRelay(uint64_t seed, uint16_t server_port, int stop, int front, uint16_t port)
    : UdpRelay(seed), server_port_(server_port), stop_(stop), front_(front), port_(port) {}

RawUdpRelay::~RawUdpRelay() {
  eventfd_write(stop_, 1);
  if (thread_.joinable()) thread_.join();
  for (const Link& link : links_) close(link.fd);
  close(front_);
  close(stop_);
}

void RawUdpRelay::Run() {
  for (;;) {
    std::vector<pollfd> watched = {{stop_, POLLIN, 0}, {front_, POLLIN, 0}};
    for (const Link& link : links_) watched.push_back({link.fd, POLLIN, 0});
    if (poll(watched.data(), watched.size(), release_at_ ? release_at_->poll_ms() : -1) < 0) continue;
    if (watched[0].revents != 0) return;
    // The links first: serving the front may add some.
    for (size_t i = 2; i < watched.size(); ++i) {
      if (watched[i].revents != 0) TakeFromServer(i - 2);
    }
    if (watched[1].revents != 0) TakeFromClients();
    if (release_at_ && release_at_->passed()) ReleaseAll();
    if (!release_at_ && holds()) release_at_ = Deadline::In(kLongestHold);
  }
}

void RawUdpRelay::TakeFromClients() {
  sockaddr_in from{};
  while (std::optional<std::string> datagram = Take(front_, &from)) {
    const std::optional<size_t> client = ClientOf(from);
    if (client)
      SendOn(*client, RelayWay::kToServer, Pass(*client, RelayWay::kToServer, std::move(*datagram)));
  }
}

void RawUdpRelay::TakeFromServer(size_t client) {
  sockaddr_in from{};
  while (std::optional<std::string> datagram = Take(links_[client].fd, &from))
    SendOn(client, RelayWay::kToClient, Pass(client, RelayWay::kToClient, std::move(*datagram)));
}

void RawUdpRelay::SendOn(size_t client, RelayWay way, const std::vector<std::string>& datagrams) {
  const Link& link = links_[client];
  for (const std::string& datagram : datagrams) {
    if (way == RelayWay::kToServer) {
      send(link.fd, datagram.data(), datagram.size(), MSG_NOSIGNAL);
    } else {
      sendto(front_, datagram.data(), datagram.size(), MSG_NOSIGNAL, AsName(link.client),
             sizeof(link.client));
    }
  }
}

void RawUdpRelay::ReleaseAll() {
  release_at_.reset();
  for (size_t client = 0; client < links_.size(); ++client) {
    for (const RelayWay way : {RelayWay::kToServer, RelayWay::kToClient})
      SendOn(client, way, Release(client, way));
  }
}

std::optional<size_t> RawUdpRelay::ClientOf(const sockaddr_in& address) {
  for (size_t i = 0; i < links_.size(); ++i) {
    if (links_[i].client.sin_port == address.sin_port) return i;  // all are on loopback
  }
  const int fd = NewSocket();
  const sockaddr_in server = Loopback(server_port_);
  if (fd < 0 || connect(fd, AsName(server), sizeof(server)) != 0) {
    if (fd >= 0) close(fd);
    return std::nullopt;
  }
  links_.push_back({fd, address});
  return AddClient();
}

}  // namespace hpsocket::harness
