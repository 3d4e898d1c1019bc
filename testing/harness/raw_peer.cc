#include "hpsocket/testing/harness/raw_peer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace hpsocket::harness {
namespace {

const sockaddr* AsName(const sockaddr_storage& name) { return reinterpret_cast<const sockaddr*>(&name); }

uint16_t OwnPort(int fd) {
  sockaddr_storage name{};
  socklen_t length = sizeof(name);
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&name), &length) != 0) return 0;
  return PortOf(name);
}

uint16_t OtherPort(int fd) {
  sockaddr_storage name{};
  socklen_t length = sizeof(name);
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&name), &length) != 0) return 0;
  return PortOf(name);
}

void SetInt(int fd, int level, int option, int value) {
  setsockopt(fd, level, option, &value, sizeof(value));
}

// True when `fd` is ready for `events` (or has failed) before the deadline.
bool AwaitReady(int fd, short events, Deadline deadline) {
  for (;;) {
    pollfd entry{fd, events, 0};
    const int ready = poll(&entry, 1, deadline.poll_ms());
    if (ready > 0) return true;
    if (ready == 0 && deadline.passed()) return false;
    if (ready < 0 && errno != EINTR) return false;
  }
}

// A filter that lets no packet through: a listening socket never sees a SYN, a connected one answers nothing.
bool DropEverything(int fd) {
  sock_filter drop = {BPF_RET | BPF_K, 0, 0, 0};
  const sock_fprog program = {1, &drop};
  return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) == 0;
}

// The Internet checksum.
uint16_t ChecksumOf(const void* bytes, size_t length) {
  uint32_t sum = 0;
  for (size_t at = 0; at + 1 < length; at += 2) {
    uint16_t word;
    std::memcpy(&word, static_cast<const char*>(bytes) + at, sizeof(word));
    sum += word;
  }
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<uint16_t>(~sum);
}

void ApplyOptions(int fd, const PeerOptions& options) {
  if (options.receive_buffer > 0) SetInt(fd, SOL_SOCKET, SO_RCVBUF, options.receive_buffer);
}

}  // namespace

uint16_t PortOf(const sockaddr_storage& name) {
  if (name.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(name).sin_port);
  if (name.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(name).sin6_port);
  return 0;
}

std::string HostOf(const sockaddr_storage& name) {
  char text[INET6_ADDRSTRLEN] = "";
  if (name.ss_family == AF_INET)
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(name).sin_addr, text, sizeof(text));
  if (name.ss_family != AF_INET6) return text;
  const in6_addr& address = reinterpret_cast<const sockaddr_in6&>(name).sin6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    inet_ntop(AF_INET, &address.s6_addr[12], text, sizeof(text));
  } else {
    inet_ntop(AF_INET6, &address, text, sizeof(text));
  }
  return text;
}

socklen_t NameOf(const std::string& address, uint16_t port, sockaddr_storage* name) {
  std::memset(name, 0, sizeof(*name));
  auto* v4 = reinterpret_cast<sockaddr_in*>(name);
  if (inet_pton(AF_INET, address.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    return sizeof(sockaddr_in);
  }
  std::memset(name, 0, sizeof(*name));
  auto* v6 = reinterpret_cast<sockaddr_in6*>(name);
  const size_t percent = address.find('%');
  const bool scoped = percent != std::string::npos;
  if (scoped) v6->sin6_scope_id = if_nametoindex(address.c_str() + percent + 1);
  if (scoped && v6->sin6_scope_id == 0) return 0;
  if (inet_pton(AF_INET6, address.substr(0, percent).c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    return sizeof(sockaddr_in6);
  }
  return 0;
}

std::unique_ptr<RawPeer> RawPeer::Connect(const std::string& address, uint16_t port,
                                          const PeerOptions& options) {
  sockaddr_storage name;
  const socklen_t length = NameOf(address, port, &name);
  if (length == 0) return nullptr;
  const int fd = socket(name.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return nullptr;
  ApplyOptions(fd, options);
  int error = 0;
  if (connect(fd, AsName(name), length) != 0) {
    error = errno;
    if (error == EINPROGRESS) {
      socklen_t size = sizeof(error);
      if (!AwaitReady(fd, POLLOUT, Deadline::Patient()) ||
          getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
        error = ETIMEDOUT;
      }
    }
  }
  if (error != 0) {
    close(fd);
    errno = error;
    return nullptr;
  }
  return std::make_unique<RawPeer>(fd);
}

RawPeer::RawPeer(int fd, uint16_t remote_port)
    : fd_(fd), local_port_(OwnPort(fd)), remote_port_(remote_port != 0 ? remote_port : OtherPort(fd)) {
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  SetInt(fd, IPPROTO_TCP, TCP_NODELAY, 1);
}

RawPeer::~RawPeer() { Close(); }

bool RawPeer::Send(std::string_view bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<size_t>(sent));
    } else if (errno == EAGAIN) {
      if (!AwaitReady(fd_, POLLOUT, deadline)) return false;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

bool RawPeer::ReceiveSome(size_t most, Deadline deadline, std::string* bytes, StreamEnd* end) {
  char chunk[65536];
  for (;;) {
    const ssize_t got = recv(fd_, chunk, std::min(most, sizeof(chunk)), 0);
    if (got > 0) {
      bytes->append(chunk, static_cast<size_t>(got));
      return true;
    }
    if (got == 0) {
      *end = StreamEnd::kOrderly;
      return false;
    }
    if (errno == EAGAIN) {
      if (AwaitReady(fd_, POLLIN, deadline)) continue;
      *end = StreamEnd::kOpen;
      return false;
    }
    if (errno == EINTR) continue;
    *end = StreamEnd::kReset;
    return false;
  }
}

std::string RawPeer::Receive(size_t count, Deadline deadline) {
  std::string bytes;
  StreamEnd end = StreamEnd::kOpen;
  while (bytes.size() < count && ReceiveSome(count - bytes.size(), deadline, &bytes, &end)) {
  }
  return bytes;
}

std::string RawPeer::ReceiveToEnd(StreamEnd* end, Deadline deadline) {
  std::string bytes;
  while (ReceiveSome(SIZE_MAX, deadline, &bytes, end)) {
  }
  return bytes;
}

void RawPeer::HalfClose() { shutdown(fd_, SHUT_WR); }

void RawPeer::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

void RawPeer::Reset() {
  const linger at_once = {1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  Close();
}

bool RawPeer::Vanish() { return DropEverything(fd_); }

bool RawPeer::SeemUnreachable() {
  // What the other side has sent last, of which the message speaks.
  uint32_t expected = 0;
  socklen_t size = sizeof(expected);
  int value = 1;
  if (setsockopt(fd_, IPPROTO_TCP, TCP_REPAIR, &value, sizeof(value)) != 0) return false;
  value = TCP_RECV_QUEUE;
  const bool known = setsockopt(fd_, IPPROTO_TCP, TCP_REPAIR_QUEUE, &value, sizeof(value)) == 0 &&
                     getsockopt(fd_, IPPROTO_TCP, TCP_QUEUE_SEQ, &expected, &size) == 0;
  value = TCP_REPAIR_OFF_NO_WP;
  if (setsockopt(fd_, IPPROTO_TCP, TCP_REPAIR, &value, sizeof(value)) != 0 || !known) return false;

  sockaddr_in here{};
  size = sizeof(here);
  if (getsockname(fd_, reinterpret_cast<sockaddr*>(&here), &size) != 0 || here.sin_family != AF_INET)
    return false;
  sockaddr_in there{};
  size = sizeof(there);
  if (getpeername(fd_, reinterpret_cast<sockaddr*>(&there), &size) != 0) return false;
  struct {
    icmphdr icmp{};
    iphdr ip{};
    uint16_t source = 0;
    uint16_t destination = 0;
    uint32_t sequence = 0;
  } message;
  static_assert(sizeof(message) == sizeof(icmphdr) + sizeof(iphdr) + 8);
  message.icmp.type = ICMP_DEST_UNREACH;
  message.icmp.code = ICMP_HOST_UNREACH;
  message.ip.version = 4;
  message.ip.ihl = 5;
  message.ip.tot_len = htons(sizeof(iphdr) + sizeof(tcphdr));
  message.ip.ttl = 64;
  message.ip.protocol = IPPROTO_TCP;
  message.ip.saddr = there.sin_addr.s_addr;
  message.ip.daddr = here.sin_addr.s_addr;
  message.source = there.sin_port;
  message.destination = here.sin_port;
  message.sequence = htonl(expected);
  message.icmp.checksum = ChecksumOf(&message, sizeof(message));
  const int icmp = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
  if (icmp < 0) return false;
  there.sin_port = 0;
  const bool sent = sendto(icmp, &message, sizeof(message), MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&there),
                           sizeof(there)) == static_cast<ssize_t>(sizeof(message));
  close(icmp);
  return sent;
}

std::unique_ptr<RawPeerListener> RawPeerListener::Open(const PeerListenOptions& options) {
  sockaddr_storage name;
  const socklen_t length = NameOf(options.address, options.port, &name);
  if (length == 0) return nullptr;
  const int fd = socket(name.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return nullptr;
  SetInt(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  ApplyOptions(fd, options.accepted);
  if (bind(fd, AsName(name), length) != 0 || (options.silent && !DropEverything(fd)) ||
      listen(fd, 1024) != 0) {
    const int error = errno;
    close(fd);
    errno = error;
    return nullptr;
  }
  return std::unique_ptr<RawPeerListener>(new RawPeerListener(fd));
}

RawPeerListener::RawPeerListener(int fd) : fd_(fd), port_(OwnPort(fd)) {}

RawPeerListener::~RawPeerListener() { close(fd_); }

std::unique_ptr<Peer> RawPeerListener::Accept(Deadline deadline) {
  for (;;) {
    sockaddr_storage name{};
    socklen_t length = sizeof(name);
    const int fd = accept4(fd_, reinterpret_cast<sockaddr*>(&name), &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0) return std::make_unique<RawPeer>(fd, PortOf(name));
    if (errno == EAGAIN) {
      if (!AwaitReady(fd_, POLLIN, deadline)) return nullptr;
    } else if (errno != EINTR && errno != ECONNABORTED) {
      return nullptr;
    }
  }
}

}  // namespace hpsocket::harness
