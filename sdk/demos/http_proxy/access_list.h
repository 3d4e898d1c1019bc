// Internal to http_proxy.
//
// Which targets may be reached: --allow and --deny. A denial wins; where something is allowed, everything
// else is not.
//
// A rule is HOST[:PORT], HOST being a name (example.com), everything below one (*.example.com), everything
// (*), an address or a network (10.0.0.0/8, 2001:db8::/32; in brackets if a port follows). Address rules hold
// for names, too: they are compared with the address that a name has led to, before anything is sent there.
// What ends in a number and is no whole address is no name (10.0.0, 127.1): such a rule would never match.
//
// Threads:  const after the command line is read; then any.
#ifndef HPSOCKET_SDK_DEMOS_HTTP_PROXY_ACCESS_LIST_H_
#define HPSOCKET_SDK_DEMOS_HTTP_PROXY_ACCESS_LIST_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hpsocket/sdk/demos/http_proxy/ip_address.h"
#include "hpsocket/sdk/demos/http_proxy/target.h"

namespace hpsocket::demos {

class AccessRule {
 public:
  static std::optional<AccessRule> Parse(std::string_view text);

  bool IsNetworkFor(uint16_t port) const { return network_ && (port_ == 0 || port_ == port); }
  bool MatchesName(std::string_view name, uint16_t port) const;
  bool MatchesAddress(const IpAddress& address, uint16_t port) const;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::string name_;  // lower case; empty if there is a network
  std::optional<IpAddress> network_;
  int prefix_bits_ = 0;
  uint16_t port_ = 0;  // 0: every port
};

class AccessList {
 public:
  // False if `text` is no rule. A comma separates several.
  bool Allow(std::string_view text) { return Add(text, &allowed_); }
  bool Deny(std::string_view text) { return Add(text, &denied_); }
  bool empty() const { return allowed_.empty() && denied_.empty(); }

  enum class Verdict { kAllowed, kDenied, kAskAddress };
  // `*why`: the rule's words if it is denied. kAskAddress: a name about which an address rule has the last
  // word, in favour or against.
  Verdict CheckTarget(const Target& target, std::string* why) const;
  // Of the address that `target` has led to; decides.
  bool AllowsAddress(const Target& target, const IpAddress& address, std::string* why) const;

 private:
  static bool Add(std::string_view text, std::vector<AccessRule>* rules);
  bool Denied(const std::string& name, const std::optional<IpAddress>& address, uint16_t port,
              std::string* why) const;
  bool Allowed(const std::string& name, const std::optional<IpAddress>& address, uint16_t port) const;

  std::vector<AccessRule> allowed_;
  std::vector<AccessRule> denied_;
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_HTTP_PROXY_ACCESS_LIST_H_
