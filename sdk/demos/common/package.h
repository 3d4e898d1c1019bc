// Internal to the demos.
//
// What the PULL demos in C++ send each other: the packages of those in C (common_4c/package.h), made and
// taken apart.
//
// Threads:  a PackageParser belongs to its connection's events; the rest any.
// Units:    bytes.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_PACKAGE_H_
#define HPSOCKET_SDK_DEMOS_COMMON_PACKAGE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hpsocket/sdk/demos/common_4c/package.h"

namespace hpsocket::demos {

struct Package {
  PackageHeader header;
  std::vector<uint8_t> body;

  size_t size() const { return sizeof(header) + body.size(); }
};

// Whether it is a text that a package can carry; says so if not.
bool CheckPackageText(std::string_view text);
// With the text as `desc`, which CheckPackageText() has found good.
Package MakePackage(uint32_t seq, std::string_view text);

// What a body says, as it may be shown: "name: HP-Socket, age: 23, desc: hello".
std::string PackageText(const uint8_t* body, int length);

// Where a connection is in what it receives: header, body, header, ...
class PackageParser {
 public:
  // Takes apart as much as is there. fetch(data, length) takes the next bytes out of the component,
  // take(is_header, data, length) gets each part; false of either, or a header that makes no sense, and the
  // stream is good for nothing any more: false.
  template <class Fetch, class Take>
  bool Parse(int available, Fetch fetch, Take take) {
    while (available >= state_.length) {
      const int length = state_.length;
      if (!fetch(part_.data(), length)) return false;
      const bool is_header = state_.is_header != 0;
      if (!Advance() || !take(is_header, part_.data(), length)) return false;
      available -= length;
    }
    return true;
  }

 private:
  // From the part that is there to the next.
  bool Advance();

  ParseState state_ = {1, sizeof(PackageHeader)};
  std::array<uint8_t, kMaxBody> part_;
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_PACKAGE_H_
