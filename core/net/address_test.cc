#include "hpsocket/core/net/address.h"

#include <gtest/gtest.h>
#include <net/if.h>

#include <cerrno>
#include <cstring>

namespace hpsocket::core {
namespace {

Address Literal(const char* text, uint16_t port) {
  Address address;
  EXPECT_TRUE(Address::ParseLiteral(text, port, &address)) << text;
  return address;
}

TEST(AddressTest, StartsInvalid) {
  const Address none;
  EXPECT_FALSE(none.valid());
  EXPECT_EQ(none.family(), AF_UNSPEC);
  EXPECT_EQ(none.port(), 0);
  EXPECT_EQ(none.ToText(), "");
}

TEST(AddressTest, FitsInTwentyEightBytes) { EXPECT_EQ(sizeof(Address), 28u); }

TEST(AddressTest, ParsesIpv4) {
  const Address address = Literal("192.0.2.7", 80);
  EXPECT_TRUE(address.valid());
  EXPECT_EQ(address.family(), AF_INET);
  EXPECT_EQ(address.port(), 80);
  EXPECT_EQ(address.ToText(), "192.0.2.7");
  EXPECT_EQ(address.length(), sizeof(sockaddr_in));
}

TEST(AddressTest, ParsesIpv6) {
  const Address address = Literal("2001:DB8:0::1", 65535);
  EXPECT_EQ(address.family(), AF_INET6);
  EXPECT_EQ(address.port(), 65535);
  EXPECT_EQ(address.ToText(), "2001:db8::1");
  EXPECT_EQ(address.length(), sizeof(sockaddr_in6));
}

TEST(AddressTest, ParsesAScopeByName) {
  char name[IF_NAMESIZE];
  if (if_indextoname(1, name) == nullptr) GTEST_SKIP() << "no network interface";
  const std::string text = std::string("fe80::1%") + name;
  const Address address = Literal(text.c_str(), 1);
  EXPECT_EQ(reinterpret_cast<const sockaddr_in6*>(address.get())->sin6_scope_id, 1u);
  EXPECT_EQ(address.ToText(), text);
}

TEST(AddressTest, ParsesAScopeByNumber) {
  const Address address = Literal("fe80::1%4000000000", 1);
  EXPECT_EQ(reinterpret_cast<const sockaddr_in6*>(address.get())->sin6_scope_id, 4000000000u);
  EXPECT_EQ(address.ToText(), "fe80::1%4000000000");  // an interface that is not there has no name
}

TEST(AddressTest, RefusesWhatIsNoLiteral) {
  for (const char* text :
       {"", " ", "localhost", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 ", "01.2.3.4:80", ":::", "[::1]",
        "::1%", "fe80::1%no-such-interface", "fe80::1%0", "fe80::1%-1", "fe80::1% 1", "fe80::1%1x",
        "fe80::1%4294967296", "1.2.3.4%1", "2001:db8::12345"}) {
    Address address = Address::Any(AF_INET, 5);
    EXPECT_FALSE(Address::ParseLiteral(text, 1, &address)) << text;
    EXPECT_FALSE(address.valid()) << text;
  }
  Address address;
  EXPECT_FALSE(Address::ParseLiteral(nullptr, 1, &address));
}

TEST(AddressTest, AnyIsTheUnspecifiedAddress) {
  EXPECT_EQ(Address::Any(AF_INET, 81).ToText(), "0.0.0.0");
  EXPECT_EQ(Address::Any(AF_INET6, 81).ToText(), "::");
  EXPECT_EQ(Address::Any(AF_INET6, 81).port(), 81);
}

TEST(AddressTest, ChangesItsPort) {
  for (const char* text : {"127.0.0.1", "::1"}) {
    Address address = Literal(text, 1);
    address.set_port(4242);
    EXPECT_EQ(address.port(), 4242);
    EXPECT_EQ(address.ToText(), text);
  }
}

TEST(AddressTest, MapsIpv4IntoIpv6AndBack) {
  const Address plain = Literal("192.0.2.7", 80);
  const Address mapped = plain.Mapped();
  EXPECT_EQ(mapped.family(), AF_INET6);
  EXPECT_EQ(mapped.ToText(), "::ffff:192.0.2.7");
  EXPECT_EQ(mapped.port(), 80);
  EXPECT_EQ(mapped.Unmapped(), plain);
}

TEST(AddressTest, LeavesAloneWhatCannotBeMapped) {
  const Address six = Literal("2001:db8::1", 80);
  EXPECT_EQ(six.Mapped(), six);
  EXPECT_EQ(six.Unmapped(), six);
  const Address four = Literal("192.0.2.7", 80);
  EXPECT_EQ(four.Unmapped(), four);
  EXPECT_FALSE(Address().Mapped().valid());
  EXPECT_FALSE(Address().Unmapped().valid());
}

TEST(AddressTest, ReadsWhatTheKernelGives) {
  const Address six = Literal("fe80::1%7", 9);
  EXPECT_EQ(Address::FromSockaddr(six.get(), six.length()), six);
  const Address four = Literal("10.0.0.1", 9);
  EXPECT_EQ(Address::FromSockaddr(four.get(), four.length()), four);
}

TEST(AddressTest, TakesNoForeignOrShortSockaddr) {
  sockaddr local{};
  local.sa_family = AF_UNIX;
  EXPECT_FALSE(Address::FromSockaddr(&local, sizeof(local)).valid());
  const Address six = Literal("::1", 9);
  EXPECT_FALSE(Address::FromSockaddr(six.get(), sizeof(sockaddr_in)).valid());
}

TEST(AddressTest, EqualsByFamilyAddressPortAndScope) {
  EXPECT_EQ(Literal("10.0.0.1", 1), Literal("10.0.0.1", 1));
  EXPECT_FALSE(Literal("10.0.0.1", 1) == Literal("10.0.0.1", 2));
  EXPECT_FALSE(Literal("10.0.0.1", 1) == Literal("10.0.0.2", 1));
  EXPECT_FALSE(Literal("10.0.0.1", 1) == Literal("::ffff:10.0.0.1", 1));
  EXPECT_EQ(Literal("fe80::1%1", 1), Literal("fe80::1%1", 1));
  EXPECT_FALSE(Literal("fe80::1%1", 1) == Literal("fe80::1%2", 1));
  EXPECT_EQ(Address(), Address());
}

TEST(ResolveNameTest, GivesALiteralBackAsItIs) {
  std::vector<Address> found;
  std::string detail;
  EXPECT_EQ(ResolveName("fe80::1%3", 77, &found, &detail), 0);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0], Literal("fe80::1%3", 77));
}

TEST(ResolveNameTest, FindsTheLoopbackByName) {
  std::vector<Address> found;
  std::string detail;
  ASSERT_EQ(ResolveName("localhost", 77, &found, &detail), 0) << detail;
  ASSERT_FALSE(found.empty());
  for (const Address& address : found) EXPECT_EQ(address.port(), 77);
}

TEST(ResolveNameTest, SaysWhyANameHasNoAddress) {
  std::vector<Address> found = {Literal("10.0.0.1", 1)};
  std::string detail;
  // A label of 64 characters: refused without asking any server.
  const std::string name = std::string(64, 'x') + ".invalid";
  EXPECT_EQ(ResolveName(name, 77, &found, &detail), EADDRNOTAVAIL);
  EXPECT_TRUE(found.empty());
  EXPECT_NE(detail.find(name), std::string::npos) << detail;
}

TEST(AddressTest, AnIPv6AddressTakesTheScopeOfAnother) {
  Address scoped;
  ASSERT_TRUE(Address::ParseLiteral("ff15::1%7", 5555, &scoped));
  EXPECT_EQ(scoped.scope_id(), 7u);
  Address any = Address::Any(AF_INET6, 5555);
  EXPECT_EQ(any.scope_id(), 0u);
  any.set_scope_id(scoped.scope_id());
  EXPECT_EQ(any.scope_id(), 7u);
  EXPECT_FALSE(any == Address::Any(AF_INET6, 5555));
  Address v4 = Address::Any(AF_INET, 5555);
  v4.set_scope_id(7);
  EXPECT_EQ(v4.scope_id(), 0u);
  EXPECT_EQ(v4, Address::Any(AF_INET, 5555));
}

}  // namespace
}  // namespace hpsocket::core
