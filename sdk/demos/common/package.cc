#include "hpsocket/sdk/demos/common/package.h"

#include <algorithm>
#include <cstring>

#include "hpsocket/sdk/demos/common/log_lines.h"

namespace hpsocket::demos {
namespace {

constexpr size_t kName = offsetof(PackageBody, name);
constexpr size_t kAge = offsetof(PackageBody, age);
constexpr size_t kDesc = offsetof(PackageBody, desc);

// Up to a NUL, or to the end; as it may be shown.
std::string TextAt(const uint8_t* data, size_t most) {
  const uint8_t* const end = std::find(data, data + most, uint8_t{0});
  return Printable(std::string(data, end));
}

}  // namespace

bool CheckPackageText(std::string_view text) {
  if (!text.empty() && text.size() < kMaxText) return true;
  PrintError("send what? a text of up to " + std::to_string(kMaxText - 1) + " bytes");
  return false;
}

Package MakePackage(uint32_t seq, std::string_view text) {
  constexpr std::string_view kSender = "HP-Socket";
  constexpr short kSendersAge = 23;
  Package package;
  package.body.resize(kDesc + text.size() + 1);  // with the final NUL
  std::copy(kSender.begin(), kSender.end(), package.body.begin() + kName);
  std::memcpy(package.body.data() + kAge, &kSendersAge, sizeof(kSendersAge));
  std::copy(text.begin(), text.end(), package.body.begin() + kDesc);
  package.header.seq = seq;
  package.header.body_len = static_cast<int>(package.body.size());
  return package;
}

std::string PackageText(const uint8_t* body, int length) {
  short age = 0;
  std::memcpy(&age, body + kAge, sizeof(age));
  return "name: " + TextAt(body + kName, kAge - kName) + ", age: " + std::to_string(age) +
         ", desc: " + TextAt(body + kDesc, static_cast<size_t>(length) - kDesc);
}

bool PackageParser::Advance() {
  if (state_.is_header != 0) {
    PackageHeader header;
    std::memcpy(&header, part_.data(), sizeof(header));
    if (header.body_len < kMinBody || header.body_len > kMaxBody) return false;
    state_ = {0, header.body_len};
  } else {
    state_ = {1, sizeof(PackageHeader)};
  }
  return true;
}

}  // namespace hpsocket::demos
