// Internal to http_proxy.
//
// Where a request wants to go: what CONNECT and the absolute form of a request line name.
#ifndef HPSOCKET_SDK_DEMOS_HTTP_PROXY_TARGET_H_
#define HPSOCKET_SDK_DEMOS_HTTP_PROXY_TARGET_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hpsocket::demos {

struct Target {
  std::string host;  // lower case, without brackets; an IPv4 address in dotted form
  uint16_t port = 0;

  bool operator==(const Target&) const = default;
  // As it stands in Host: IPv6 in brackets, without the port if it is `default_port`.
  std::string Authority(uint16_t default_port = 0) const;
};

// "host:port", "[::1]:443"; without a port it is `default_port`, 0 asks for one.
std::optional<Target> ParseAuthority(std::string_view text, uint16_t default_port);

// A request line's target in absolute form.
struct AbsoluteUri {
  std::string scheme;  // lower case
  Target target;       // a missing port is 80
  std::string path;    // with the query; begins with '/' unless it is empty; no fragment
};
std::optional<AbsoluteUri> ParseAbsoluteUri(std::string_view text);

// A request line's target, whatever its form, for others' eyes: "***" for a name and a password before the
// host.
std::string HideUserinfo(std::string_view text);

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_HTTP_PROXY_TARGET_H_
