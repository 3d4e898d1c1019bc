// Internal to core.
//
// A socket address, IPv4 or IPv6, in 28 bytes: what the kernel takes and what the application reads.
//
// Threads:  a value; no sharing rules.
// Units:    ports in host order.
#ifndef HPSOCKET_CORE_NET_ADDRESS_H_
#define HPSOCKET_CORE_NET_ADDRESS_H_

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <vector>

namespace hpsocket::core {

class Address {
 public:
  Address();  // AF_UNSPEC, "no address"

  static Address FromSockaddr(const sockaddr* address, socklen_t length);
  static Address Any(int family, uint16_t port);

  // A literal only ("127.0.0.1", "::1", "fe80::1%eth0"); false for anything else, names included.
  static bool ParseLiteral(const char* text, uint16_t port, Address* out);

  bool valid() const { return storage_.any.sa_family != AF_UNSPEC; }
  int family() const { return storage_.any.sa_family; }
  uint16_t port() const;
  void set_port(uint16_t port);
  // Of an IPv6 address: the index of the interface that it is meant on; 0: none is named.
  uint32_t scope_id() const { return family() == AF_INET6 ? storage_.v6.sin6_scope_id : 0; }
  void set_scope_id(uint32_t scope_id);

  // An IPv4-mapped IPv6 address as IPv4, any other as it is. What applications are shown.
  Address Unmapped() const;
  // An IPv4 address as IPv4-mapped IPv6; for sockets of family AF_INET6.
  Address Mapped() const;

  // Text without port; IPv6 with "%scope" where the address has one.
  std::string ToText() const;

  const sockaddr* get() const { return &storage_.any; }
  socklen_t length() const;

  bool operator==(const Address& other) const;

 private:
  union Storage {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_in6 v6;
  } storage_;
};

// Resolves a name to its addresses, in the system's order of preference (getaddrinfo). Blocks.
// Literals come back as they are, without asking anybody. 0, or EADDRNOTAVAIL with the resolver's
// own words in `*detail`.
int ResolveName(const std::string& name, uint16_t port, std::vector<Address>* out, std::string* detail);

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_NET_ADDRESS_H_
