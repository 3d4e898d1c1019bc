#include "hpsocket/sdk/demos/http_proxy/target.h"

#include <optional>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/sdk/demos/http_proxy/ip_address.h"

namespace hpsocket::demos {
namespace {

std::string Authority(std::string_view text, uint16_t default_port) {
  const std::optional<Target> target = ParseAuthority(text, default_port);
  return target ? target->Authority() : "none";
}

TEST(ParseAuthorityTest, TakesNamesAndAddressesWithAPort) {
  EXPECT_EQ(Authority("Example.COM:443", 0), "example.com:443");
  EXPECT_EQ(Authority("127.0.0.1:1", 0), "127.0.0.1:1");
  EXPECT_EQ(Authority("[::1]:8080", 0), "[::1]:8080");
  EXPECT_EQ(Authority("example.com", 80), "example.com:80");
  EXPECT_EQ(Authority("example.com:", 80), "example.com:80");
  EXPECT_EQ(Authority("[2001:DB8::1]", 80), "[2001:db8::1]:80");
}

TEST(ParseAuthorityTest, AddressesAreDottedHoweverTheyAreWritten) {
  for (const char* text : {"167772165:1", "10.5:1", "10.0.5:1", "0x0a000005:1", "0XA.5:1", "012.0.0.5:1"})
    EXPECT_EQ(Authority(text, 0), "10.0.0.5:1") << text;
  EXPECT_EQ(Authority("0:1", 0), "0.0.0.0:1");
  EXPECT_EQ(Authority("10.0.0.256:1", 0), "10.0.0.256:1");
  EXPECT_EQ(Authority("10.example:1", 0), "10.example:1");
  EXPECT_EQ(ParseAbsoluteUri("http://user@127.1/")->target.host, "127.0.0.1");
}

TEST(ParseAuthorityTest, RefusesWhatIsNone) {
  for (const char* text :
       {"", "example.com", "example.com:", ":443", "a b:1", "a:b:1", "[::1", "[::1]443", "[127.0.0.1]:1",
        "[]:1", "[x]:1", "host:0", "host:65536", "host:-1", "host:1x", "a/b:1", "user@host:1", "::1:443"}) {
    EXPECT_EQ(Authority(text, 0), "none") << text;
  }
  EXPECT_EQ(Authority(std::string(256, 'a') + ":1", 0), "none");
  EXPECT_EQ(Authority("host:x", 80), "none");
}

TEST(TargetTest, LeavesTheDefaultPortOut) {
  EXPECT_EQ((Target{"example.com", 80}.Authority(80)), "example.com");
  EXPECT_EQ((Target{"::1", 80}.Authority(80)), "[::1]");
  EXPECT_EQ((Target{"::1", 81}.Authority(80)), "[::1]:81");
}

TEST(ParseAbsoluteUriTest, TakesItApart) {
  const std::optional<AbsoluteUri> uri = ParseAbsoluteUri("HTTP://user:pw@Example.com:81/a/b?c=d://e#f");
  ASSERT_TRUE(uri.has_value());
  EXPECT_EQ(uri->scheme, "http");
  EXPECT_EQ(uri->target, (Target{"example.com", 81}));
  EXPECT_EQ(uri->path, "/a/b?c=d://e");
}

TEST(ParseAbsoluteUriTest, KnowsThatAPathMayBeMissing) {
  EXPECT_EQ(ParseAbsoluteUri("http://example.com")->path, "");
  EXPECT_EQ(ParseAbsoluteUri("http://example.com?q")->path, "/?q");
  EXPECT_EQ(ParseAbsoluteUri("http://example.com")->target.port, 80);
  EXPECT_EQ(ParseAbsoluteUri("http://[::1]/")->target.host, "::1");
}

TEST(ParseAbsoluteUriTest, RefusesOtherForms) {
  for (const char* text : {"/", "*", "/path?x=http://y/", "example.com:443", "http:/x", "http://",
                           "http:///x", "://x/", "1http://x/", "http://a b/", "http://host:99999/"}) {
    EXPECT_FALSE(ParseAbsoluteUri(text).has_value()) << text;
  }
}

TEST(HideUserinfoTest, LeavesTheRestAlone) {
  const char* const texts[][2] = {
      {"http://user:pw@h:81/a@b", "http://***@h:81/a@b"},
      {"http://a@b@h", "http://***@h"},
      {"http://h/a?b=c@d", "http://h/a?b=c@d"},
      {"http://h?a//b@c", "http://h?a//b@c"},
      {"//user:pw@h/", "//***@h/"},
      {"user:pw@h:443", "***@h:443"},
      {"/path/a@b", "/path/a@b"},
      {"/path//a@b", "/path//***@b"},
      {"@", "***@"},
      {"*", "*"},
      {"", ""},
  };
  for (const auto& [text, hidden] : texts) EXPECT_EQ(HideUserinfo(text), hidden);
}

TEST(IpAddressTest, Ipv4AndItsMappedFormAreTheSame) {
  EXPECT_EQ(IpAddress::Parse("10.1.2.3"), IpAddress::Parse("::ffff:10.1.2.3"));
  EXPECT_NE(IpAddress::Parse("10.1.2.3"), IpAddress::Parse("::10.1.2.3"));
  EXPECT_FALSE(IpAddress::Parse("10.1.2").has_value());
  EXPECT_FALSE(IpAddress::Parse("name").has_value());
  EXPECT_EQ(IpAddress::Parse("::ffff:10.1.2.3")->Text(), "10.1.2.3");
  EXPECT_EQ(IpAddress::Parse("2001:DB8::0:1")->Text(), "2001:db8::1");
  EXPECT_FALSE(IpAddress::ParseLoosely("::1").has_value());
  EXPECT_FALSE(IpAddress::ParseLoosely("").has_value());
}

TEST(IpAddressTest, TheUnspecifiedAddressLeadsHome) {
  EXPECT_EQ(IpAddress::Parse("0.0.0.0")->Destination(), IpAddress::Parse("127.0.0.1"));
  EXPECT_EQ(IpAddress::Parse("::")->Destination(), IpAddress::Parse("::1"));
  EXPECT_EQ(IpAddress::Parse("10.0.0.1")->Destination(), IpAddress::Parse("10.0.0.1"));
  EXPECT_TRUE(IpAddress::Parse("::1")->is_loopback());
  EXPECT_TRUE(IpAddress::Parse("127.9.9.9")->is_loopback());
  EXPECT_FALSE(IpAddress::Parse("128.0.0.1")->is_loopback());
}

}  // namespace
}  // namespace hpsocket::demos
