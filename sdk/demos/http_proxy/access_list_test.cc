#include "hpsocket/sdk/demos/http_proxy/access_list.h"

#include <optional>
#include <string>

#include "gtest/gtest.h"

namespace hpsocket::demos {
namespace {

using Verdict = AccessList::Verdict;

class AccessListTest : public testing::Test {
 protected:
  Verdict Check(const std::string& host, uint16_t port = 80) {
    why_.clear();
    return list_.CheckTarget({host, port}, &why_);
  }
  bool Reaches(const std::string& host, const std::string& address, uint16_t port = 80) {
    return list_.AllowsAddress({host, port}, *IpAddress::Parse(address), &why_);
  }

  AccessList list_;
  std::string why_;
};

TEST_F(AccessListTest, WithoutRulesEverythingIsAllowed) {
  EXPECT_TRUE(list_.empty());
  EXPECT_EQ(Check("example.com"), Verdict::kAllowed);
  EXPECT_EQ(Check("127.0.0.1"), Verdict::kAllowed);
  EXPECT_TRUE(Reaches("example.com", "10.0.0.1"));
}

TEST_F(AccessListTest, NamesAndEverythingBelowThem) {
  ASSERT_TRUE(list_.Deny("Example.com"));
  ASSERT_TRUE(list_.Deny("*.example.org,*:25"));
  EXPECT_EQ(Check("example.com"), Verdict::kDenied);
  EXPECT_EQ(why_, "denied by --deny Example.com");
  EXPECT_EQ(Check("example.com."), Verdict::kDenied);
  EXPECT_EQ(Check("www.example.com"), Verdict::kAllowed);
  EXPECT_EQ(Check("www.example.org"), Verdict::kDenied);
  EXPECT_EQ(Check("a.b.example.org"), Verdict::kDenied);
  EXPECT_EQ(Check("example.org"), Verdict::kAllowed);
  EXPECT_EQ(Check("notexample.org"), Verdict::kAllowed);
  EXPECT_EQ(Check("anything.net", 25), Verdict::kDenied);
  EXPECT_EQ(Check("10.0.0.1", 25), Verdict::kDenied);
}

TEST_F(AccessListTest, NetworksHoldForLiteralsAndForWhatANameLeadsTo) {
  ASSERT_TRUE(list_.Deny("10.0.0.0/8"));
  ASSERT_TRUE(list_.Deny("[2001:db8::/32]:443"));
  EXPECT_EQ(Check("10.200.3.4"), Verdict::kDenied);
  EXPECT_EQ(Check("11.0.0.1"), Verdict::kAllowed);
  EXPECT_EQ(Check("::ffff:10.1.1.1"), Verdict::kDenied);
  EXPECT_EQ(Check("2001:db8::5", 443), Verdict::kDenied);
  EXPECT_EQ(Check("2001:db8::5", 80), Verdict::kAllowed);
  EXPECT_EQ(Check("innocent.example"), Verdict::kAskAddress);
  EXPECT_FALSE(Reaches("innocent.example", "10.0.0.1"));
  EXPECT_EQ(why_, "denied by --deny 10.0.0.0/8");
  EXPECT_TRUE(Reaches("innocent.example", "192.0.2.1"));
}

TEST_F(AccessListTest, TheUnspecifiedAddressIsNoWayAroundALoopbackRule) {
  ASSERT_TRUE(list_.Deny("127.0.0.0/8,::1"));
  EXPECT_EQ(Check("0.0.0.0"), Verdict::kDenied);
  EXPECT_EQ(Check("::"), Verdict::kDenied);
  EXPECT_FALSE(Reaches("name.example", "127.0.0.2"));
}

TEST_F(AccessListTest, OnceSomethingIsAllowedTheRestIsNot) {
  ASSERT_TRUE(list_.Allow("*.example.com:443"));
  EXPECT_EQ(Check("www.example.com", 443), Verdict::kAllowed);
  EXPECT_EQ(Check("www.example.com", 80), Verdict::kDenied);
  EXPECT_EQ(Check("other.net", 443), Verdict::kDenied);
  EXPECT_EQ(why_, "not among what --allow names");
  EXPECT_TRUE(Reaches("www.example.com", "10.0.0.1", 443));
}

TEST_F(AccessListTest, ADenialWins) {
  ASSERT_TRUE(list_.Allow("*"));
  ASSERT_TRUE(list_.Deny("bad.example"));
  EXPECT_EQ(Check("bad.example"), Verdict::kDenied);
  EXPECT_EQ(Check("good.example"), Verdict::kAllowed);
}

TEST_F(AccessListTest, AnAllowedNetworkWaitsForTheAddressOfAName) {
  ASSERT_TRUE(list_.Allow("192.0.2.0/24"));
  EXPECT_EQ(Check("192.0.2.7"), Verdict::kAllowed);
  EXPECT_EQ(Check("192.0.3.7"), Verdict::kDenied);
  EXPECT_EQ(Check("name.example"), Verdict::kAskAddress);
  EXPECT_TRUE(Reaches("name.example", "192.0.2.9"));
  EXPECT_FALSE(Reaches("name.example", "192.0.3.9"));
}

TEST_F(AccessListTest, OnlyNetworksWithThePortAreWaitedFor) {
  ASSERT_TRUE(list_.Allow("name.example,192.0.2.0/24:443"));
  ASSERT_TRUE(list_.Deny("[2001:db8::/32]:25"));
  EXPECT_EQ(Check("name.example", 80), Verdict::kAllowed);
  EXPECT_EQ(Check("name.example", 25), Verdict::kAskAddress);
  EXPECT_EQ(Check("other.example", 443), Verdict::kAskAddress);
  EXPECT_EQ(Check("other.example", 80), Verdict::kDenied);
}

TEST_F(AccessListTest, RefusesNamesThatAreHalfAnAddress) {
  for (const char* text : {"10.0.0", "127.1", "192.168.1.256", "10", "0x7f000001", "0x7F.1", "a.0x", "*.10",
                           "*.0xa", "10.0.0:80", "10.0.0.1.", "010.0.0.1", "1.2.3.4.5"}) {
    EXPECT_FALSE(AccessList().Deny(text)) << text;
    EXPECT_FALSE(AccessList().Allow(text)) << text;
  }
  for (const char* text : {"10.example", "1a", "a1", "0xg", "10.0.0-1", "*.x10", "3com.com"})
    EXPECT_TRUE(AccessList().Deny(text)) << text;
}

TEST_F(AccessListTest, RefusesWhatIsNoRule) {
  for (const char* text : {"", ",", "a,,b", "10.0.0.0/33", "10.0.0.0/x", "::/129", "host:0", "host:x", "[::1",
                           "*foo", "a*b", "a b", "[::1]x", "http://x/"}) {
    EXPECT_FALSE(AccessList().Deny(text)) << text;
  }
  for (const char* text : {"*", "*:25", "10.0.0.1", "10.0.0.0/8:80", "::1", "::/0", "[::1]:80", "a_b.c"}) {
    EXPECT_TRUE(AccessList().Deny(text)) << text;
  }
}

}  // namespace
}  // namespace hpsocket::demos
