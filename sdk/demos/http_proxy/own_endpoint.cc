#include "hpsocket/sdk/demos/http_proxy/own_endpoint.h"

#include <ifaddrs.h>
#include <netdb.h>
#include <sys/socket.h>

#include <optional>
#include <random>
#include <string>

namespace hpsocket::demos {
namespace {

bool IsOfThisMachine(const IpAddress& address) {
  ifaddrs* all = nullptr;
  if (getifaddrs(&all) != 0) return false;
  bool found = false;
  for (const ifaddrs* each = all; each != nullptr && !found; each = each->ifa_next) {
    if (each->ifa_addr == nullptr) continue;
    const int family = each->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    char text[NI_MAXHOST];
    const socklen_t length = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    if (getnameinfo(each->ifa_addr, length, text, sizeof(text), nullptr, 0, NI_NUMERICHOST) != 0) continue;
    const std::string_view shown(text);
    const std::optional<IpAddress> own = IpAddress::Parse(shown.substr(0, shown.find('%')));
    found = own == address;
  }
  freeifaddrs(all);
  return found;
}

}  // namespace

OwnEndpoint::OwnEndpoint() {
  constexpr char kDigits[] = "0123456789abcdef";
  std::random_device random;
  via_token_ = "http_proxy-";
  for (int i = 0; i < 16; ++i) via_token_ += kDigits[random() % 16];
}

void OwnEndpoint::Listens(std::string_view address, uint16_t port) {
  address_ = address;
  port_ = port;
}

bool OwnEndpoint::IsHere(const IpAddress& address, uint16_t port) const {
  if (port != port_) return false;
  const IpAddress destination = address.Destination();
  if (address_ == "::" || address_ == "0.0.0.0")
    return destination.is_loopback() || IsOfThisMachine(destination);
  return destination == IpAddress::Parse(address_);
}

}  // namespace hpsocket::demos
