#include "hpsocket/sdk/demos/common/package.h"

#include <cstring>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace hpsocket::demos {
namespace {

using Bytes = std::vector<uint8_t>;

Bytes Flat(const Package& package) {
  Bytes bytes(package.size());
  std::memcpy(bytes.data(), &package.header, sizeof(package.header));
  std::memcpy(bytes.data() + sizeof(package.header), package.body.data(), package.body.size());
  return bytes;
}

// A PULL component: what has come and was not fetched yet.
class Source {
 public:
  void Arrives(const Bytes& bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  int available() const { return static_cast<int>(bytes_.size()); }
  bool Fetch(uint8_t* data, int length) {
    if (length > available()) return false;
    std::memcpy(data, bytes_.data(), static_cast<size_t>(length));
    bytes_.erase(bytes_.begin(), bytes_.begin() + length);
    return true;
  }

 private:
  Bytes bytes_;
};

class PackageParserTest : public testing::Test {
 protected:
  bool Parse() {
    return parser_.Parse(
        source_.available(), [this](uint8_t* data, int length) { return source_.Fetch(data, length); },
        [this](bool is_header, const uint8_t* data, int length) {
          parts_.push_back(is_header ? "header" : PackageText(data, length));
          return true;
        });
  }

  Source source_;
  PackageParser parser_;
  std::vector<std::string> parts_;
};

TEST_F(PackageParserTest, TakesPackagesApartHoweverTheyCome) {
  Bytes bytes = Flat(MakePackage(1, "hello"));
  const Bytes second = Flat(MakePackage(2, std::string(kMaxText - 1, 'x')));
  bytes.insert(bytes.end(), second.begin(), second.end());
  for (const uint8_t byte : bytes) {
    source_.Arrives({byte});
    ASSERT_TRUE(Parse());
  }
  const std::vector<std::string> one_by_one = parts_;
  ASSERT_EQ(one_by_one.size(), 4u);
  EXPECT_EQ(one_by_one[0], "header");
  EXPECT_EQ(one_by_one[1], "name: HP-Socket, age: 23, desc: hello");
  EXPECT_EQ(source_.available(), 0);

  parts_.clear();
  source_.Arrives(bytes);
  EXPECT_TRUE(Parse());
  EXPECT_EQ(parts_, one_by_one);
}

TEST_F(PackageParserTest, HeaderThatMakesNoSenseEndsIt) {
  for (const int length : {-1, 0, kMinBody - 1, kMaxBody + 1}) {
    SCOPED_TRACE(length);
    PackageParser parser;
    Source source;
    PackageHeader header = {1, length};
    Bytes bytes(sizeof(header));
    std::memcpy(bytes.data(), &header, sizeof(header));
    source.Arrives(bytes);
    EXPECT_FALSE(parser.Parse(
        source.available(), [&](uint8_t* data, int size) { return source.Fetch(data, size); },
        [](bool, const uint8_t*, int) { return true; }));
  }
}

TEST_F(PackageParserTest, RefusalEndsIt) {
  source_.Arrives(Flat(MakePackage(1, "no")));
  int takes = 0;
  EXPECT_FALSE(parser_.Parse(
      source_.available(), [this](uint8_t* data, int length) { return source_.Fetch(data, length); },
      [&](bool, const uint8_t*, int) { return ++takes < 2; }));
  EXPECT_EQ(takes, 2);
  PackageParser other;
  EXPECT_FALSE(other.Parse(
      sizeof(PackageHeader), [](uint8_t*, int) { return false; },
      [](bool, const uint8_t*, int) { return true; }));
}

TEST(PackageTest, TextsHaveBounds) {
  EXPECT_FALSE(CheckPackageText(""));
  EXPECT_TRUE(CheckPackageText("x"));
  EXPECT_TRUE(CheckPackageText(std::string(kMaxText - 1, 'x')));
  EXPECT_FALSE(CheckPackageText(std::string(kMaxText, 'x')));
}

TEST(PackageTest, WhatAPeerSaysCommandsNoTerminal) {
  Package package = MakePackage(1, "\x1b[2J\n$ forged");
  package.body[0] = '\r';
  EXPECT_EQ(PackageText(package.body.data(), package.header.body_len),
            "name: .P-Socket, age: 23, desc: .[2J.$ forged");
}

TEST(PackageTest, LooksLikeTheOneInC) {
  const Package package = MakePackage(7, "abc");
  EXPECT_EQ(package.header.seq, 7u);
  EXPECT_EQ(package.header.body_len, kMinBody + 3);
  PackageBody body;
  std::memcpy(&body, package.body.data(), sizeof(body));
  EXPECT_STREQ(body.name, "HP-Socket");
  EXPECT_EQ(body.age, 23);
  EXPECT_EQ(package.body.back(), 0);
}

}  // namespace
}  // namespace hpsocket::demos
