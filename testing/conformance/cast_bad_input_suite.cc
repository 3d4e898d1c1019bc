// Conformance: what UDP casts make of sizes and addresses that make no sense.
#include <cerrno>
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/udp_fixture.h"

namespace hpsocket::conformance {
namespace {

using harness::DatagramPeer;
using harness::EventKind;
using harness::EventLog;

constexpr char kGroup[] = "233.0.0.1";
constexpr char kGroup6[] = "ff15::4242";
constexpr uint32_t kLimit = 1000;
constexpr size_t kLargest = 65507;  // what IPv4 carries

class UdpCastBadInput : public UdpTest<harness::UdpCastFactory> {
 protected:
  void Prepare(UdpCastUnderTest& cast) {
    cast.udp().SetReuseAddress(true);
    cast.udp().SetBindAdddress(kLoopback);
    cast.udp().SetMaxDatagramSize(kLimit);
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpCastBadInput);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpCastBadInput, ::testing::ValuesIn(harness::UdpCasts()),
                         NameOfUdp<harness::UdpCastFactory>);

// Spec: api §6.13/4, decisions 6.3, fault 23, input 16, C22
TEST_P(UdpCastBadInput, TakesEverySizeUpToItsLimitAndCountsTheLonger) {
  UdpCastUnderTest cast(GetParam());
  Prepare(cast);
  const uint16_t port = FreePort();
  ASSERT_TRUE(cast.Start(kGroup, port)) << cast->GetLastErrorDetail();
  auto peer = BindPeer(kLoopback);
  for (const size_t size : {size_t{0}, size_t{1}, size_t{kLimit}, size_t{kLimit} + 1, kLargest})
    ASSERT_TRUE(peer->SendTo(kLoopback, port, std::string(size, 'd'))) << size;
  ASSERT_TRUE(peer->SendTo(kLoopback, port, "end"));
  ASSERT_TRUE(cast.Hears("end"));
  const EventLog log = cast.events().log();
  EXPECT_EQ(log.Received(cast->GetConnectionID()), std::string(1 + kLimit, 'd') + "end");
  EXPECT_EQ(log.Count(EventKind::kReceive), 4u) << "the empty one, too";
  EXPECT_EQ(cast.Stats().oversize_datagrams, 2u);
  EXPECT_EQ(cast->GetState(), SS_STARTED);
}

// Spec: api §6.13/5, decisions 4.6, fault 23, input 16, C22
TEST_P(UdpCastBadInput, SendsEverySizeUpToItsLimitAndRefusesTheOthers) {
  UdpCastUnderTest cast(GetParam());
  Prepare(cast);
  cast.udp().SetMultiCastLoop(true);
  ASSERT_TRUE(cast.Start(kGroup, FreePort())) << cast->GetLastErrorDetail();
  std::string bytes(kLargest, 'd');
  const auto refuses = [&](bool result, int error) {
    EXPECT_FALSE(result);
    EXPECT_EQ(errno, error);
    EXPECT_EQ(cast->GetLastError(), SE_INVALID_PARAM);
  };
  for (const size_t size : {size_t{1}, size_t{kLimit}}) {
    EXPECT_TRUE(cast->Send(BytesOf(bytes), static_cast<int>(size)));
    EXPECT_TRUE(cast.Hears(bytes.substr(0, size)));
  }
  refuses(cast->Send(BytesOf(bytes), 0), EINVAL);
  refuses(cast->Send(BytesOf(bytes), static_cast<int>(kLimit) + 1), EMSGSIZE);
  refuses(cast->Send(BytesOf(bytes), static_cast<int>(kLargest)), EMSGSIZE);
  uint8_t* const data = reinterpret_cast<uint8_t*>(bytes.data());
  // Their sum does not fit into 32 bits, and would look like one byte there.
  WSABUF wrapping[] = {{0x80000000u, data}, {0x80000000u, data}, {1, data}};
  refuses(cast->SendPackets(wrapping, 3), EMSGSIZE);
  WSABUF pair[] = {{kLimit - 1, data}, {2, data}};
  refuses(cast->SendPackets(pair, 2), EMSGSIZE);
  pair[0].len = 1;
  EXPECT_TRUE(cast->SendPackets(pair, 2));
  EXPECT_TRUE(cast.Hears("ddd")) << "one datagram";
  ASSERT_TRUE(cast.events().WaitForCount(EventKind::kSend, 3));
  EXPECT_EQ(cast.Stats().dropped_datagrams, 0u);
}

// Spec: api §6.13/1, decisions 6.6, fault 29, input 8, C22
TEST_P(UdpCastBadInput, RefusesGroupsAndAddressesThatDoNotFit) {
  struct Case {
    const char* bind_address;
    const char* group;
    EnSocketError error;
    int code;
  };
  const Case cases[] = {
      {"0.0.0.0", "192.0.2.1", SE_CONNECT_SERVER, EINVAL},
      {"0.0.0.0", "255.255.255.255", SE_CONNECT_SERVER, EINVAL},
      {"0.0.0.0", "localhost", SE_CONNECT_SERVER, EINVAL},
      {"0.0.0.0", "no.such.name.invalid", SE_CONNECT_SERVER, EADDRNOTAVAIL},
      {"::", "2001:db8::1", SE_CONNECT_SERVER, EINVAL},
      {kLoopback, kGroup6, SE_SOCKET_BIND, EAFNOSUPPORT},
      {"::1", kGroup, SE_SOCKET_BIND, EAFNOSUPPORT},
      {"192.0.2.1", kGroup, SE_SOCKET_BIND, EADDRNOTAVAIL},
      {"2001:db8::1", kGroup6, SE_SOCKET_BIND, EADDRNOTAVAIL},
      // Its interface is ours, the address is not.
      {"2001:db8::1%lo", kGroup6, SE_SOCKET_BIND, EADDRNOTAVAIL},
      {"fe80::dead%lo", kGroup6, SE_SOCKET_BIND, EADDRNOTAVAIL},
      // Loopback is the only interface here, and nothing routes a group to it.
      {"0.0.0.0", kGroup, SE_CONNECT_SERVER, ENODEV},
      {"::", kGroup6, SE_CONNECT_SERVER, ENODEV},
  };
  const uint16_t port = FreePort();
  for (const Case& each : cases) {
    SCOPED_TRACE(std::string(each.group) + " on " + each.bind_address);
    UdpCastUnderTest cast(GetParam());
    cast.udp().SetBindAdddress(each.bind_address);
    EXPECT_FALSE(cast.Start(each.group, port));
    EXPECT_EQ(errno, each.code);
    EXPECT_EQ(cast->GetLastError(), each.error);
    EXPECT_EQ(cast->GetState(), SS_STOPPED);
    EXPECT_EQ(cast.events().log().CountEnds(), 0u);
    EXPECT_EQ(cast.events().log().Count(EventKind::kConnect), 0u);
    // Nothing is left behind: the same object starts where it can.
    Prepare(cast);
    EXPECT_TRUE(cast.Start(kGroup, port)) << cast->GetLastErrorDetail();
  }
}

}  // namespace
}  // namespace hpsocket::conformance
