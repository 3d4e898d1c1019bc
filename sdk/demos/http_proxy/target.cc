#include "hpsocket/sdk/demos/http_proxy/target.h"

#include <algorithm>
#include <cctype>

#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/http_proxy/ip_address.h"

namespace hpsocket::demos {
namespace {

constexpr size_t kLongestHost = 255;  // RFC 1035

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

bool IsHostCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

bool IsHost(std::string_view text) {
  return !text.empty() && text.size() <= kLongestHost &&
         std::all_of(text.begin(), text.end(), IsHostCharacter);
}

bool IsScheme(std::string_view text) {
  return !text.empty() && std::isalpha(static_cast<unsigned char>(text[0])) != 0 &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '-' || c == '.';
         });
}

}  // namespace

std::string Target::Authority(uint16_t default_port) const {
  const std::string shown = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == default_port ? shown : shown + ":" + std::to_string(port);
}

std::optional<Target> ParseAuthority(std::string_view text, uint16_t default_port) {
  Target target;
  std::string_view rest;
  if (text.starts_with('[')) {
    const size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    target.host = Lower(text.substr(1, end - 1));
    if (target.host.find(':') == std::string::npos || !IpAddress::Parse(target.host)) return std::nullopt;
    rest = text.substr(end + 1);
  } else {
    const size_t end = std::min(text.find(':'), text.size());
    if (!IsHost(text.substr(0, end))) return std::nullopt;
    target.host = Lower(text.substr(0, end));
    // The rules must see the address that it is, not a name that leads there.
    if (const std::optional<IpAddress> address = IpAddress::ParseLoosely(target.host))
      target.host = address->Text();
    rest = text.substr(end);
  }
  uint64_t port = default_port;
  if (rest.size() > 1 || default_port == 0) {  // "host:" is "host", RFC 3986
    if (!rest.starts_with(':') || !ParseNumber(rest.substr(1), 1, 65535, &port)) return std::nullopt;
  } else if (!rest.empty() && rest != ":") {
    return std::nullopt;
  }
  target.port = static_cast<uint16_t>(port);
  return target;
}

std::optional<AbsoluteUri> ParseAbsoluteUri(std::string_view text) {
  const size_t colon = text.find("://");
  if (colon == std::string_view::npos || !IsScheme(text.substr(0, colon))) return std::nullopt;
  AbsoluteUri uri;
  uri.scheme = Lower(text.substr(0, colon));
  text.remove_prefix(colon + 3);
  const size_t end = std::min(text.find_first_of("/?#"), text.size());
  std::string_view authority = text.substr(0, end);
  // Names and passwords are for the client's Authorization field, not for us.
  if (const size_t at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  const std::optional<Target> target = ParseAuthority(authority, 80);
  if (!target) return std::nullopt;
  uri.target = *target;
  text.remove_prefix(end);
  uri.path = text.substr(0, text.find('#'));
  if (uri.path.starts_with('?')) uri.path.insert(0, "/");
  return uri;
}

std::string HideUserinfo(std::string_view text) {
  const size_t slashes = text.find("//");
  const size_t begin = slashes < text.find_first_of("?#") ? slashes + 2 : 0;
  const size_t end = std::min(text.find_first_of("/?#", begin), text.size());
  const size_t at = text.substr(0, end).rfind('@');
  if (at == std::string_view::npos || at < begin) return std::string(text);
  return std::string(text.substr(0, begin)) + "***" + std::string(text.substr(at));
}

}  // namespace hpsocket::demos
