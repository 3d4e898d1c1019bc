#include "hpsocket/sdk/demos/http_proxy/access_list.h"

#include <algorithm>
#include <cctype>

#include "hpsocket/sdk/demos/common/options.h"

namespace hpsocket::demos {
namespace {

// "example.com." is "example.com".
std::string_view WithoutLastDot(std::string_view name) {
  if (name.size() > 1 && name.ends_with('.')) name.remove_suffix(1);
  return name;
}

bool IsNamePattern(std::string_view text) {
  if (text == "*") return true;
  if (text.starts_with("*.")) text.remove_prefix(2);
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '_';
  });
}

// Whether the last label of a name is a number, decimal or 0x...; in no name that leads anywhere it is.
bool EndsInNumber(std::string_view name) {
  std::string_view label = name.substr(name.rfind('.') + 1);  // all of it if there is no dot
  const bool hexadecimal = label.starts_with("0x") || label.starts_with("0X");
  if (hexadecimal) label.remove_prefix(2);
  return (hexadecimal || !label.empty()) && std::all_of(label.begin(), label.end(), [hexadecimal](char c) {
           const unsigned char byte = static_cast<unsigned char>(c);
           return (hexadecimal ? std::isxdigit(byte) : std::isdigit(byte)) != 0;
         });
}

}  // namespace

std::optional<AccessRule> AccessRule::Parse(std::string_view text) {
  AccessRule rule;
  rule.text_ = text;
  std::string_view host = text;
  std::string_view port;
  if (text.starts_with('[')) {
    const size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    host = text.substr(1, end - 1);
    port = text.substr(end + 1);
  } else if (const size_t colon = text.find(':');
             colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon);
  }
  if (!port.empty()) {
    uint64_t number = 0;
    if (port[0] != ':' || !ParseNumber(port.substr(1), 1, 65535, &number)) return std::nullopt;
    rule.port_ = static_cast<uint16_t>(number);
  }
  const size_t slash = host.find('/');
  rule.network_ = IpAddress::Parse(host.substr(0, slash));
  if (rule.network_) {
    const bool ipv4 = host.find(':') == std::string_view::npos;
    uint64_t bits = ipv4 ? 32 : 128;
    if (slash != std::string_view::npos && !ParseNumber(host.substr(slash + 1), 0, bits, &bits))
      return std::nullopt;
    rule.prefix_bits_ = static_cast<int>(bits) + (ipv4 ? 96 : 0);
    return rule;
  }
  if (!IsNamePattern(host) || EndsInNumber(WithoutLastDot(host))) return std::nullopt;
  for (const char c : WithoutLastDot(host))
    rule.name_ += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return rule;
}

bool AccessRule::MatchesName(std::string_view name, uint16_t port) const {
  if (network_ || (port_ != 0 && port_ != port)) return false;
  if (name_ == "*") return true;
  name = WithoutLastDot(name);
  if (!name_.starts_with("*.")) return name == name_;
  return name.ends_with(std::string_view(name_).substr(1));
}

bool AccessRule::MatchesAddress(const IpAddress& address, uint16_t port) const {
  if (!network_ || (port_ != 0 && port_ != port)) return false;
  return network_->SharesPrefix(address, prefix_bits_) ||
         network_->SharesPrefix(address.Destination(), prefix_bits_);
}

bool AccessList::Add(std::string_view text, std::vector<AccessRule>* rules) {
  for (;;) {
    const size_t comma = text.find(',');
    const std::optional<AccessRule> rule = AccessRule::Parse(text.substr(0, comma));
    if (!rule) return false;
    rules->push_back(*rule);
    if (comma == std::string_view::npos) return true;
    text.remove_prefix(comma + 1);
  }
}

bool AccessList::Denied(const std::string& name, const std::optional<IpAddress>& address, uint16_t port,
                        std::string* why) const {
  for (const AccessRule& rule : denied_) {
    if (rule.MatchesName(name, port) || (address && rule.MatchesAddress(*address, port))) {
      *why = "denied by --deny " + rule.text();
      return true;
    }
  }
  return false;
}

bool AccessList::Allowed(const std::string& name, const std::optional<IpAddress>& address,
                         uint16_t port) const {
  return allowed_.empty() || std::any_of(allowed_.begin(), allowed_.end(), [&](const AccessRule& rule) {
           return rule.MatchesName(name, port) || (address && rule.MatchesAddress(*address, port));
         });
}

AccessList::Verdict AccessList::CheckTarget(const Target& target, std::string* why) const {
  const std::optional<IpAddress> literal = IpAddress::Parse(target.host);
  if (Denied(target.host, literal, target.port, why)) return Verdict::kDenied;
  const bool allowed = Allowed(target.host, literal, target.port);
  const std::vector<AccessRule>& others = allowed ? denied_ : allowed_;
  const bool address_decides =
      !literal && std::any_of(others.begin(), others.end(),
                              [&target](const AccessRule& rule) { return rule.IsNetworkFor(target.port); });
  if (address_decides) return Verdict::kAskAddress;
  if (allowed) return Verdict::kAllowed;
  *why = "not among what --allow names";
  return Verdict::kDenied;
}

bool AccessList::AllowsAddress(const Target& target, const IpAddress& address, std::string* why) const {
  if (Denied(target.host, address, target.port, why)) return false;
  if (Allowed(target.host, address, target.port)) return true;
  *why = "not among what --allow names";
  return false;
}

}  // namespace hpsocket::demos
