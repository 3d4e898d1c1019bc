#include "hpsocket/core/net/address.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace hpsocket::core {

Address::Address() {
  std::memset(&storage_, 0, sizeof(storage_));
  storage_.any.sa_family = AF_UNSPEC;
}

Address Address::FromSockaddr(const sockaddr* address, socklen_t length) {
  Address out;
  if (address->sa_family == AF_INET && length >= sizeof(sockaddr_in)) {
    std::memcpy(&out.storage_.v4, address, sizeof(sockaddr_in));
  } else if (address->sa_family == AF_INET6 && length >= sizeof(sockaddr_in6)) {
    std::memcpy(&out.storage_.v6, address, sizeof(sockaddr_in6));
  }
  return out;
}

Address Address::Any(int family, uint16_t port) {
  Address out;
  out.storage_.any.sa_family = static_cast<sa_family_t>(family);
  out.set_port(port);
  return out;
}

bool Address::ParseLiteral(const char* text, uint16_t port, Address* out) {
  *out = Address();
  if (text == nullptr) return false;
  if (inet_pton(AF_INET, text, &out->storage_.v4.sin_addr) == 1) {
    out->storage_.any.sa_family = AF_INET;
    out->set_port(port);
    return true;
  }
  const char* percent = std::strchr(text, '%');
  char plain[INET6_ADDRSTRLEN];
  const size_t length = percent == nullptr ? std::strlen(text) : static_cast<size_t>(percent - text);
  if (length >= sizeof(plain)) return false;
  std::memcpy(plain, text, length);
  plain[length] = '\0';
  uint32_t scope = 0;
  if (percent != nullptr) {
    scope = if_nametoindex(percent + 1);
    if (scope == 0) {
      char* end = nullptr;
      errno = 0;
      const unsigned long number = std::strtoul(percent + 1, &end, 10);
      const bool digits = percent[1] >= '0' && percent[1] <= '9';
      if (!digits || *end != '\0' || errno != 0 || number == 0 || number > UINT32_MAX) return false;
      scope = static_cast<uint32_t>(number);
    }
  }
  if (inet_pton(AF_INET6, plain, &out->storage_.v6.sin6_addr) != 1) return false;
  out->storage_.any.sa_family = AF_INET6;
  out->storage_.v6.sin6_scope_id = scope;
  out->set_port(port);
  return true;
}

uint16_t Address::port() const {
  if (family() == AF_INET) return ntohs(storage_.v4.sin_port);
  if (family() == AF_INET6) return ntohs(storage_.v6.sin6_port);
  return 0;
}

void Address::set_port(uint16_t port) {
  if (family() == AF_INET) storage_.v4.sin_port = htons(port);
  if (family() == AF_INET6) storage_.v6.sin6_port = htons(port);
}

void Address::set_scope_id(uint32_t scope_id) {
  if (family() == AF_INET6) storage_.v6.sin6_scope_id = scope_id;
}

Address Address::Unmapped() const {
  if (family() != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&storage_.v6.sin6_addr)) return *this;
  Address out;
  out.storage_.any.sa_family = AF_INET;
  std::memcpy(&out.storage_.v4.sin_addr, &storage_.v6.sin6_addr.s6_addr[12], 4);
  out.set_port(port());
  return out;
}

Address Address::Mapped() const {
  if (family() != AF_INET) return *this;
  Address out;
  out.storage_.any.sa_family = AF_INET6;
  out.storage_.v6.sin6_addr.s6_addr[10] = 0xff;
  out.storage_.v6.sin6_addr.s6_addr[11] = 0xff;
  std::memcpy(&out.storage_.v6.sin6_addr.s6_addr[12], &storage_.v4.sin_addr, 4);
  out.set_port(port());
  return out;
}

std::string Address::ToText() const {
  char text[INET6_ADDRSTRLEN] = "";
  if (family() == AF_INET) {
    inet_ntop(AF_INET, &storage_.v4.sin_addr, text, sizeof(text));
    return text;
  }
  if (family() != AF_INET6) return "";
  inet_ntop(AF_INET6, &storage_.v6.sin6_addr, text, sizeof(text));
  std::string out = text;
  if (storage_.v6.sin6_scope_id != 0) {
    char name[IF_NAMESIZE];
    out += '%';
    out += if_indextoname(storage_.v6.sin6_scope_id, name) != nullptr
               ? std::string(name)
               : std::to_string(storage_.v6.sin6_scope_id);
  }
  return out;
}

socklen_t Address::length() const {
  return family() == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
}

bool Address::operator==(const Address& other) const {
  if (family() != other.family() || port() != other.port()) return false;
  if (family() == AF_INET) return storage_.v4.sin_addr.s_addr == other.storage_.v4.sin_addr.s_addr;
  if (family() != AF_INET6) return true;
  return std::memcmp(&storage_.v6.sin6_addr, &other.storage_.v6.sin6_addr, sizeof(in6_addr)) == 0 &&
         storage_.v6.sin6_scope_id == other.storage_.v6.sin6_scope_id;
}

int ResolveName(const std::string& name, uint16_t port, std::vector<Address>* out, std::string* detail) {
  out->clear();
  Address literal;
  if (Address::ParseLiteral(name.c_str(), port, &literal)) {
    out->push_back(literal);
    return 0;
  }
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int code = getaddrinfo(name.c_str(), nullptr, &hints, &list);
  if (code != 0) {
    *detail = "cannot resolve '" + name + "': " + gai_strerror(code);
    return EADDRNOTAVAIL;
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(list, &freeaddrinfo);
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    Address address = Address::FromSockaddr(entry->ai_addr, entry->ai_addrlen);
    if (!address.valid()) continue;
    address.set_port(port);
    out->push_back(address);
  }
  if (out->empty()) {
    *detail = "'" + name + "' has no IPv4 or IPv6 address";
    return EADDRNOTAVAIL;
  }
  return 0;
}

}  // namespace hpsocket::core
