#include "hpsocket/testing/harness/spoofing_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace hpsocket::harness {

std::unique_ptr<SpoofingPeer> SpoofingPeer::Open(const std::string& address, uint16_t port) {
  in_addr server{};
  if (inet_pton(AF_INET, address.c_str(), &server) != 1) {
    errno = EINVAL;
    return nullptr;
  }
  const int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
  if (fd < 0) return nullptr;
  return std::unique_ptr<SpoofingPeer>(new SpoofingPeer(fd, server.s_addr, port));
}

SpoofingPeer::~SpoofingPeer() { close(fd_); }

bool SpoofingPeer::SendAs(uint32_t host, uint16_t port, std::string_view bytes) {
  const size_t udp_length = sizeof(udphdr) + bytes.size();
  iphdr ip{};
  ip.version = 4;
  ip.ihl = 5;
  ip.tot_len = htons(static_cast<uint16_t>(sizeof(ip) + udp_length));  // the kernel fills in the rest
  ip.ttl = 64;
  ip.protocol = IPPROTO_UDP;
  ip.saddr = htonl(host);
  ip.daddr = server_;
  udphdr udp{};
  udp.source = htons(port);
  udp.dest = htons(port_);
  udp.len = htons(static_cast<uint16_t>(udp_length));  // no checksum: none is asked for over IPv4
  std::string packet(sizeof(ip) + udp_length, '\0');
  std::memcpy(packet.data(), &ip, sizeof(ip));
  std::memcpy(packet.data() + sizeof(ip), &udp, sizeof(udp));
  std::memcpy(packet.data() + sizeof(ip) + sizeof(udp), bytes.data(), bytes.size());
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = server_;
  return sendto(fd_, packet.data(), packet.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&to),
                sizeof(to)) == static_cast<ssize_t>(packet.size());
}

}  // namespace hpsocket::harness
