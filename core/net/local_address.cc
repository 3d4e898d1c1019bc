#include "hpsocket/core/net/local_address.h"

#include <cerrno>
#include <cstring>

namespace hpsocket::core {
namespace {

template <class Name>
Address FromName(const Name& name) {
  return Address::FromSockaddr(reinterpret_cast<const sockaddr*>(&name), sizeof(name));
}

Address Read(const in_pktinfo& info) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr = info.ipi_spec_dst;
  return name.sin_addr.s_addr == INADDR_ANY ? Address() : FromName(name);
}

// IPv6 sockets are told where a datagram went, not what of this host it came to.
Address Read(const in6_pktinfo& info) {
  const in6_addr& address = info.ipi6_addr;
  const bool mapped_group = IN6_IS_ADDR_V4MAPPED(&address) && IN_MULTICAST(ntohl(address.s6_addr32[3]));
  if (IN6_IS_ADDR_MULTICAST(&address) || mapped_group) return Address();
  sockaddr_in6 name{};
  name.sin6_family = AF_INET6;
  name.sin6_addr = address;
  if (IN6_IS_ADDR_LINKLOCAL(&address)) name.sin6_scope_id = info.ipi6_ifindex;
  return FromName(name);
}

template <class Info>
Address ReadFrom(const cmsghdr& control) {
  Info info;
  if (control.cmsg_len < CMSG_LEN(sizeof(info))) return Address();
  std::memcpy(&info, CMSG_DATA(&control), sizeof(info));
  return Read(info);
}

template <class Info>
size_t Write(const Info& info, int level, int type, cmsghdr* control) {
  control->cmsg_level = level;
  control->cmsg_type = type;
  control->cmsg_len = CMSG_LEN(sizeof(info));
  std::memcpy(CMSG_DATA(control), &info, sizeof(info));
  return CMSG_SPACE(sizeof(info));
}

}  // namespace

LocalAddressOption LocalAddressOption::Of(int family) {
  return family == AF_INET6 ? LocalAddressOption{IPPROTO_IPV6, IPV6_RECVPKTINFO}
                            : LocalAddressOption{IPPROTO_IP, IP_PKTINFO};
}

Address ReadLocalAddress(const cmsghdr& control) {
  if (control.cmsg_level == IPPROTO_IP && control.cmsg_type == IP_PKTINFO)
    return ReadFrom<in_pktinfo>(control);
  if (control.cmsg_level == IPPROTO_IPV6 && control.cmsg_type == IPV6_PKTINFO)
    return ReadFrom<in6_pktinfo>(control);
  return Address();
}

size_t WriteLocalAddress(const Address& local, cmsghdr* control) {
  if (local.family() == AF_INET6) {
    const auto* const name = reinterpret_cast<const sockaddr_in6*>(local.get());
    const in6_pktinfo info{name->sin6_addr, name->sin6_scope_id};
    return Write(info, IPPROTO_IPV6, IPV6_PKTINFO, control);
  }
  in_pktinfo info{};
  info.ipi_spec_dst = reinterpret_cast<const sockaddr_in*>(local.get())->sin_addr;
  return Write(info, IPPROTO_IP, IP_PKTINFO, control);
}

bool MayBeTheLocalAddress(int error) {
  return error == EINVAL || error == EADDRNOTAVAIL || error == ENODEV || error == ENETUNREACH ||
         error == EHOSTUNREACH;
}

}  // namespace hpsocket::core
