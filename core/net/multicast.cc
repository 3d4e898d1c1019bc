#include "hpsocket/core/net/multicast.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace hpsocket::core {
namespace {

int ResultOf(int result) { return result == 0 ? 0 : -errno; }

template <class Value>
int Set(int fd, int level, int name, const Value& value) {
  return ResultOf(setsockopt(fd, level, name, &value, sizeof(value)));
}

sockaddr_storage StorageOf(const Address& address) {
  sockaddr_storage storage{};
  std::memcpy(&storage, address.get(), address.length());
  return storage;
}

}  // namespace

bool IsMulticast(const Address& address) {
  if (address.family() == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address.get());
    return IN_MULTICAST(ntohl(v4->sin_addr.s_addr));
  }
  if (address.family() != AF_INET6) return false;
  return IN6_IS_ADDR_MULTICAST(&reinterpret_cast<const sockaddr_in6*>(address.get())->sin6_addr);
}

int InterfaceOf(const Address& local) {
  Address wanted = local;
  wanted.set_port(0);
  const uint32_t scope = wanted.scope_id();
  Address plain = wanted;
  plain.set_scope_id(0);
  if (plain == Address::Any(plain.family(), 0)) return static_cast<int>(scope);
  ifaddrs* all = nullptr;
  if (getifaddrs(&all) != 0) return -errno;
  int index = -ENODEV;
  for (const ifaddrs* each = all; each != nullptr && index < 0; each = each->ifa_next) {
    if (each->ifa_addr == nullptr || each->ifa_addr->sa_family != wanted.family()) continue;
    const socklen_t length = wanted.family() == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    Address has = Address::FromSockaddr(each->ifa_addr, length);
    // The system gives a scope to link-local addresses only; the application may to any.
    const uint32_t named = if_nametoindex(each->ifa_name);
    if (scope != 0) has.set_scope_id(named);
    if (has == wanted) index = static_cast<int>(named);
  }
  freeifaddrs(all);
  return index;
}

int JoinMulticastGroup(int fd, const Address& group, int interface_index, const Address& source) {
  const int level = group.family() == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP;
  if (source.valid()) {
    group_source_req request{};
    request.gsr_interface = static_cast<uint32_t>(interface_index);
    request.gsr_group = StorageOf(group);
    request.gsr_source = StorageOf(source);
    return Set(fd, level, MCAST_JOIN_SOURCE_GROUP, request);
  }
  group_req request{};
  request.gr_interface = static_cast<uint32_t>(interface_index);
  request.gr_group = StorageOf(group);
  return Set(fd, level, MCAST_JOIN_GROUP, request);
}

int HearOnlyBy(int fd, int interface_index) {
  const int result = Set(fd, SOL_SOCKET, SO_BINDTOIFINDEX, interface_index);
  // Also where it has been chosen already, as it has for each further source.
  return result == -EPERM || result == -ENOPROTOOPT ? 0 : result;
}

int SetOutgoingInterface(int fd, const Address& local, int interface_index, bool everything) {
  if (local.family() == AF_INET6) {
    const int result = Set(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, interface_index);
    if (result < 0 || !everything) return result;
    return Set(fd, IPPROTO_IPV6, IPV6_UNICAST_IF, htonl(static_cast<uint32_t>(interface_index)));
  }
  ip_mreqn request{};
  request.imr_ifindex = interface_index;
  request.imr_address = reinterpret_cast<const sockaddr_in*>(local.get())->sin_addr;
  const int result = Set(fd, IPPROTO_IP, IP_MULTICAST_IF, request);
  if (result < 0 || !everything) return result;
  return Set(fd, IPPROTO_IP, IP_UNICAST_IF, htonl(static_cast<uint32_t>(interface_index)));
}

}  // namespace hpsocket::core
