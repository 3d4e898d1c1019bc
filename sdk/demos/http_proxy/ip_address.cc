#include "hpsocket/sdk/demos/http_proxy/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace hpsocket::demos {
namespace {

constexpr std::array<uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

}  // namespace

std::optional<IpAddress> IpAddress::Parse(std::string_view text) {
  const std::string copy(text);
  IpAddress address;
  if (inet_pton(AF_INET6, copy.c_str(), address.bytes_.data()) != 1) {
    std::copy(kMapped.begin(), kMapped.end(), address.bytes_.begin());
    if (inet_pton(AF_INET, copy.c_str(), address.bytes_.data() + kMapped.size()) != 1) return std::nullopt;
  }
  return address;
}

std::optional<IpAddress> IpAddress::ParseLoosely(std::string_view text) {
  in_addr ipv4{};
  if (inet_aton(std::string(text).c_str(), &ipv4) == 0) return std::nullopt;
  IpAddress address;
  std::copy(kMapped.begin(), kMapped.end(), address.bytes_.begin());
  std::memcpy(address.bytes_.data() + kMapped.size(), &ipv4, sizeof(ipv4));
  return address;
}

std::string IpAddress::Text() const {
  char text[INET6_ADDRSTRLEN];
  const void* const ipv4 = bytes_.data() + kMapped.size();
  inet_ntop(is_ipv4() ? AF_INET : AF_INET6, is_ipv4() ? ipv4 : bytes_.data(), text, sizeof(text));
  return text;
}

bool IpAddress::is_ipv4() const { return std::equal(kMapped.begin(), kMapped.end(), bytes_.begin()); }

bool IpAddress::is_loopback() const {
  if (is_ipv4()) return bytes_[kMapped.size()] == 127;
  return std::all_of(bytes_.begin(), bytes_.end() - 1, [](uint8_t byte) { return byte == 0; }) &&
         bytes_.back() == 1;
}

IpAddress IpAddress::Destination() const {
  IpAddress destination = *this;
  const size_t first = is_ipv4() ? kMapped.size() : 0;
  if (std::all_of(bytes_.begin() + static_cast<ptrdiff_t>(first), bytes_.end(),
                  [](uint8_t byte) { return byte == 0; })) {
    if (first != 0) destination.bytes_[first] = 127;
    destination.bytes_.back() = 1;
  }
  return destination;
}

bool IpAddress::SharesPrefix(const IpAddress& other, int bits) const {
  const size_t whole = static_cast<size_t>(bits) / 8;
  if (!std::equal(bytes_.begin(), bytes_.begin() + static_cast<ptrdiff_t>(whole), other.bytes_.begin()))
    return false;
  const int rest = bits % 8;
  return rest == 0 || (bytes_[whole] ^ other.bytes_[whole]) >> (8 - rest) == 0;
}

}  // namespace hpsocket::demos
