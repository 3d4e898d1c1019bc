#include "hpsocket/testing/harness/raw_datagram_peer.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "hpsocket/testing/harness/raw_peer.h"
#include "hpsocket/testing/harness/segmented_message.h"

namespace hpsocket::harness {

std::unique_ptr<RawDatagramPeer> RawDatagramPeer::Bind(const std::string& address, uint16_t port) {
  sockaddr_storage name{};
  socklen_t length = NameOf(address, port, &name);
  if (length == 0) {
    errno = EINVAL;
    return nullptr;
  }
  const int fd = socket(name.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return nullptr;
  if (bind(fd, reinterpret_cast<const sockaddr*>(&name), length) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&name), &length) != 0) {
    const int error = errno;
    close(fd);
    errno = error;
    return nullptr;
  }
  return std::unique_ptr<RawDatagramPeer>(new RawDatagramPeer(fd, PortOf(name)));
}

RawDatagramPeer::~RawDatagramPeer() { close(fd_); }

bool RawDatagramPeer::SendTo(const std::string& address, uint16_t port, std::string_view bytes) {
  sockaddr_storage name{};
  const socklen_t length = NameOf(address, port, &name);
  return sendto(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&name),
                length) == static_cast<ssize_t>(bytes.size());
}

bool RawDatagramPeer::SendRun(const std::string& address, uint16_t port, std::string_view bytes,
                              size_t length) {
  if (bytes.size() <= length) return SendTo(address, port, bytes);
  sockaddr_storage name{};
  const socklen_t name_length = NameOf(address, port, &name);
  SegmentedMessage message(const_cast<char*>(bytes.data()), bytes.size());  // the C interface lacks the const
  message.CutInto(length);
  message.header()->msg_name = &name;
  message.header()->msg_namelen = name_length;
  return sendmsg(fd_, message.header(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

std::optional<std::string> RawDatagramPeer::Receive(Deadline deadline) {
  pollfd watched{fd_, POLLIN, 0};
  int ready;
  do {
    ready = poll(&watched, 1, deadline.poll_ms());
  } while (ready < 0 && errno == EINTR);
  if (ready <= 0) return std::nullopt;
  std::string bytes(65536, '\0');
  sockaddr_storage name{};
  socklen_t length = sizeof(name);
  const ssize_t received =
      recvfrom(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT, reinterpret_cast<sockaddr*>(&name), &length);
  if (received < 0) return std::nullopt;
  last_source_ = HostOf(name);
  last_source_port_ = PortOf(name);
  bytes.resize(static_cast<size_t>(received));
  return bytes;
}

bool RawDatagramPeer::Quiet() {
  pollfd watched{fd_, POLLIN, 0};
  return poll(&watched, 1, 0) == 0;
}

}  // namespace hpsocket::harness
