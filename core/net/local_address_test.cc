#include "hpsocket/core/net/local_address.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <string>
#include <vector>

#include "hpsocket/core/net/network.h"

namespace hpsocket::core {
namespace {

Address Literal(const char* text, uint16_t port) {
  Address address;
  EXPECT_TRUE(Address::ParseLiteral(text, port, &address));
  return address;
}

// A socket on a wildcard that tells, and one to send with.
class LocalAddressTest : public ::testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    const int family = GetParam();
    if (family == AF_INET6) {
      ASSERT_EQ(network_.SetOption(receiver_, IPPROTO_IPV6, IPV6_V6ONLY, 0), 0);
    }
    const LocalAddressOption option = LocalAddressOption::Of(family);
    ASSERT_EQ(network_.SetOption(receiver_, option.level, option.name, 1), 0);
    ASSERT_EQ(network_.Bind(receiver_, Address::Any(family, 0)), 0);
    ASSERT_EQ(network_.LocalAddress(receiver_, &bound_), 0);
    ASSERT_EQ(network_.Bind(sender_, Address::Any(family, 0)), 0);
  }
  void TearDown() override {
    network_.Close(receiver_);
    network_.Close(sender_);
  }

  // An address of this host as the sockets' family has it.
  Address Host(const char* text, uint16_t port = 0) {
    const Address address = Literal(text, port);
    return GetParam() == AF_INET6 ? address.Mapped() : address;
  }
  OutgoingDatagram Datagram(const Address& to, const Address* from = nullptr) {
    return {&to, reinterpret_cast<const uint8_t*>(kBytes), sizeof(kBytes), from};
  }
  int Send(const std::vector<OutgoingDatagram>& datagrams) {
    return network_.SendDatagrams(sender_, datagrams.data(), static_cast<int>(datagrams.size()), to_send_);
  }
  ReceiveBatch::Message ReceiveOne() {
    EXPECT_EQ(network_.ReceiveDatagrams(receiver_, received_), 1);
    return received_.at(0);
  }
  // Where it was sent to, or from, as text.
  std::string To() { return ReceiveOne().to.Unmapped().ToText(); }
  std::string From() { return ReceiveOne().from.Unmapped().ToText(); }

  static constexpr char kBytes[] = "datagram";
  Network& network_ = Network::System();
  const int receiver_ = network_.OpenDatagram(GetParam());
  const int sender_ = network_.OpenDatagram(GetParam());
  Address bound_;
  SendBatch to_send_;
  ReceiveBatch received_{64, 1472, ReceiveBatch::Slots::kDatagram, true};
};
std::string NameOfFamily(const ::testing::TestParamInfo<int>& info) {
  return info.param == AF_INET ? "IPv4" : "IPv6";
}
INSTANTIATE_TEST_SUITE_P(Of, LocalAddressTest, ::testing::Values(AF_INET, AF_INET6), NameOfFamily);

TEST_P(LocalAddressTest, IsTold) {
  for (const char* text : {"127.0.0.1", "127.0.0.5", "127.6.7.8"}) {
    const Address to = Host(text, bound_.port());
    ASSERT_EQ(Send({Datagram(to)}), 1);
    const ReceiveBatch::Message message = ReceiveOne();
    EXPECT_EQ(message.to.Unmapped().ToText(), text);
    EXPECT_EQ(message.to.port(), 0);
    EXPECT_EQ(message.to.family(), GetParam());
  }
  if (GetParam() == AF_INET) return;
  const Address to = Literal("::1", bound_.port());
  ASSERT_EQ(Send({Datagram(to)}), 1);
  EXPECT_EQ(To(), "::1");
}

TEST_P(LocalAddressTest, IsNotToldByASocketThatWasNotAsked) {
  const LocalAddressOption option = LocalAddressOption::Of(GetParam());
  ASSERT_EQ(network_.SetOption(receiver_, option.level, option.name, 0), 0);
  const Address to = Host("127.0.0.5", bound_.port());
  ASSERT_EQ(Send({Datagram(to)}), 1);
  EXPECT_FALSE(ReceiveOne().to.valid());
}

TEST_P(LocalAddressTest, IsToldWithAMessageOfManyDatagrams) {
  if (network_.SetOption(receiver_, SOL_UDP, UDP_GRO, 1) != 0) GTEST_SKIP() << "a kernel without UDP_GRO";
  ReceiveBatch messages(4, 1472, ReceiveBatch::Slots::kMessage, true);
  const Address to = Host("127.0.0.5", bound_.port());
  ASSERT_EQ(Send(std::vector<OutgoingDatagram>(10, Datagram(to))), 10);
  ASSERT_EQ(network_.ReceiveDatagrams(receiver_, messages), 1);
  EXPECT_EQ(messages.at(0).segment, sizeof(kBytes));
  EXPECT_EQ(messages.at(0).length, 10 * sizeof(kBytes));
  EXPECT_EQ(messages.at(0).to.Unmapped().ToText(), "127.0.0.5");
}

TEST_P(LocalAddressTest, IsWhatADatagramLeavesWith) {
  const Address to = Host("127.0.0.1", bound_.port());
  const Address from = Host("127.0.0.7");
  ASSERT_EQ(Send({Datagram(to, &from)}), 1);
  EXPECT_EQ(From(), "127.0.0.7");
  ASSERT_EQ(network_.SendDatagramNow(sender_, Datagram(to, &from)), 0);
  EXPECT_EQ(From(), "127.0.0.7");
  ASSERT_EQ(Send({Datagram(to)}), 1);
  EXPECT_EQ(From(), "127.0.0.1") << "the system's choice";
  if (GetParam() == AF_INET) return;
  const Address to_v6 = Literal("::1", bound_.port());
  const Address from_v6 = Literal("::1", 0);
  ASSERT_EQ(Send({Datagram(to_v6, &from_v6)}), 1);
  EXPECT_EQ(From(), "::1");
}

// A run is one message to the kernel, which has one source.
TEST_P(LocalAddressTest, IsThatOfEachDatagramAmongManyOfOneLength) {
  const Address to = Host("127.0.0.1", bound_.port());
  const Address one = Host("127.0.0.7");
  const Address same = one;
  const Address other = Host("127.0.0.8");
  std::vector<OutgoingDatagram> datagrams;
  std::vector<std::string> expected;
  const auto add = [&](const Address* from, const char* text) {
    datagrams.insert(datagrams.end(), 5, Datagram(to, from));
    expected.insert(expected.end(), 5, text);
  };
  add(&one, "127.0.0.7");
  add(&same, "127.0.0.7");
  add(&other, "127.0.0.8");
  add(nullptr, "127.0.0.1");
  add(&one, "127.0.0.7");
  const int count = static_cast<int>(datagrams.size());
  ASSERT_EQ(Send(datagrams), count);
  ASSERT_EQ(network_.ReceiveDatagrams(receiver_, received_), count);
  std::vector<std::string> sources;
  for (int i = 0; i < count; ++i)
    sources.push_back(received_.at(static_cast<uint32_t>(i)).from.Unmapped().ToText());
  EXPECT_EQ(sources, expected);
}

TEST_P(LocalAddressTest, HasToBeOfThisHost) {
  const Address to = Host("127.0.0.1", bound_.port());
  const Address from = Host("192.0.2.1");
  const int alone = Send({Datagram(to, &from)});
  EXPECT_LT(alone, 0);
  EXPECT_TRUE(MayBeTheLocalAddress(-alone)) << -alone;
  const int run = Send({Datagram(to, &from), Datagram(to, &from)});
  EXPECT_TRUE(MayBeTheLocalAddress(-run)) << -run;
  EXPECT_FALSE(MayBeTheLocalAddress(EAGAIN));
  EXPECT_FALSE(MayBeTheLocalAddress(ECONNREFUSED));
  EXPECT_FALSE(MayBeTheLocalAddress(0));
}

}  // namespace
}  // namespace hpsocket::core
