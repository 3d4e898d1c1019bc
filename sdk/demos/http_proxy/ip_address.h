// Internal to http_proxy.
//
// An address as the access rules compare it: IPv4 as IPv4-mapped IPv6, so that one cannot pass for the other.
#ifndef HPSOCKET_SDK_DEMOS_HTTP_PROXY_IP_ADDRESS_H_
#define HPSOCKET_SDK_DEMOS_HTTP_PROXY_IP_ADDRESS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hpsocket::demos {

class IpAddress {
 public:
  // A literal without brackets or scope.
  static std::optional<IpAddress> Parse(std::string_view text);
  // What resolving a name takes for an IPv4 address, too: "167772165", "10.5", "0x0a000005".
  static std::optional<IpAddress> ParseLoosely(std::string_view text);

  bool operator==(const IpAddress&) const = default;

  // IPv4 in dotted form.
  std::string Text() const;
  bool is_ipv4() const;
  bool is_loopback() const;
  // Where connecting to it leads: from the unspecified address to the loopback one.
  IpAddress Destination() const;
  // Whether the first `bits` of 128 are the same; an IPv4 prefix counts from 96.
  bool SharesPrefix(const IpAddress& other, int bits) const;

 private:
  std::array<uint8_t, 16> bytes_{};
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_HTTP_PROXY_IP_ADDRESS_H_
