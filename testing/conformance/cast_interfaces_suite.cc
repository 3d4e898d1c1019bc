// Conformance: UDP casts on a host with two wires, and on one whose wire goes away and comes back.
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/two_host_fixture.h"
#include "hpsocket/testing/conformance/udp_fixture.h"

namespace hpsocket::conformance {
namespace {

using harness::Event;
using harness::EventKind;

constexpr char kGroup[] = "239.1.2.3";
constexpr char kGroup6[] = "ff15::4242";

class UdpCastInterfaces : public TwoHostTest<harness::UdpCastFactory> {
 protected:
  // A new member, started there.
  std::unique_ptr<UdpCastUnderTest> MemberThere(const char* group, const char* address, uint16_t port) {
    auto member = std::make_unique<UdpCastUnderTest>(GetParam());
    member->udp().SetBindAdddress(address);
    host().Run([&] { EXPECT_TRUE(member->Start(group, port)) << (*member)->GetLastErrorDetail(); });
    return member;
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpCastInterfaces);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpCastInterfaces, ::testing::ValuesIn(harness::UdpCasts()),
                         NameOfUdp<harness::UdpCastFactory>);

// And with the address of that interface.
// Spec: api §6.13/1, api §6.13/2, decisions 6.6, C22
TEST_P(UdpCastInterfaces, SendsByTheOneThatItsBindAddressNames) {
  struct Case {
    const char* group;  // null: broadcast
    const char* here;   // this host's end of the first wire
    const char* there;
    const char* here_too;  // and of the second
    const char* beyond;
  };
  const Case cases[] = {
      {kGroup, "10.99.0.1", "10.99.0.2", "10.97.0.1", "10.97.0.2"},
      {kGroup6, "fd99::1", "fd99::2", "fd97::1", "fd97::2"},
      {nullptr, "10.99.0.1", "10.99.0.2", "10.97.0.1", "10.97.0.2"},
  };
  std::string why;
  ASSERT_TRUE(host().WireBeyond(&why)) << why;
  for (const Case& each : cases) {
    SCOPED_TRACE(each.group == nullptr ? "broadcast" : each.group);
    UdpCastUnderTest here(GetParam());
    UdpCastUnderTest there(GetParam());
    UdpCastUnderTest beyond(GetParam());
    const uint16_t port = FreePort();
    for (UdpCastUnderTest* member : {&here, &there, &beyond}) {
      if (each.group == nullptr) member->udp().SetCastMode(CM_BROADCAST);
      if (member == &here) continue;
      member->udp().SetBindAdddress(member == &there ? each.there : each.beyond);
      const char* const source = member == &there ? each.here : each.here_too;
      member->events().Do(EventKind::kReceive, [member, source](const Event&) {
        char address[64];
        int room = sizeof(address);
        uint16_t source_port = 0;
        EXPECT_TRUE(member->udp().GetRemoteAddress(address, room, source_port));
        EXPECT_STREQ(address, source);
      });
    }
    host().Run([&] { ASSERT_TRUE(there.Start(each.group, port)) << there->GetLastErrorDetail(); });
    host().RunBeyond([&] { ASSERT_TRUE(beyond.Start(each.group, port)) << beyond->GetLastErrorDetail(); });
    for (const bool first : {true, false, true, false}) {
      here.udp().SetBindAdddress(first ? each.here : each.here_too);
      ASSERT_TRUE(here.Start(each.group, port)) << here->GetLastErrorDetail();
      UdpCastUnderTest& target = first ? there : beyond;
      const size_t heard = target.events().log().Count(EventKind::kReceive);
      ASSERT_TRUE(here.Send(first ? "there" : "beyond"));
      EXPECT_TRUE(target.events().WaitForCount(EventKind::kReceive, heard + 1));
      ASSERT_TRUE(here->Stop());
    }
    EXPECT_EQ(there.events().log().Received(there->GetConnectionID()), "therethere");
    EXPECT_EQ(beyond.events().log().Received(beyond->GetConnectionID()), "beyondbeyond");
  }
}

// Whoever else on this host has joined by the other.
// Spec: api §6.13/2, decisions 6.6, C22
TEST_P(UdpCastInterfaces, HearsByTheOneThatItsBindAddressNames) {
  std::string why;
  ASSERT_TRUE(host().WireBeyond(&why)) << why;
  for (const bool six : {false, true}) {
    SCOPED_TRACE(six ? "IPv6" : "IPv4");
    const char* const group = six ? kGroup6 : kGroup;
    UdpCastUnderTest first(GetParam());
    UdpCastUnderTest second(GetParam());
    UdpCastUnderTest there(GetParam());
    UdpCastUnderTest beyond(GetParam());
    const uint16_t port = FreePort();
    first.udp().SetBindAdddress(six ? "fd99::1" : "10.99.0.1");
    second.udp().SetBindAdddress(six ? "fd97::1" : "10.97.0.1");
    there.udp().SetBindAdddress(six ? "fd99::2" : "10.99.0.2");
    beyond.udp().SetBindAdddress(six ? "fd97::2" : "10.97.0.2");
    for (UdpCastUnderTest* member : {&first, &second}) {
      member->udp().SetReuseAddress(true);
      ASSERT_TRUE(member->Start(group, port)) << (*member)->GetLastErrorDetail();
    }
    host().Run([&] { ASSERT_TRUE(there.Start(group, port)) << there->GetLastErrorDetail(); });
    host().RunBeyond([&] { ASSERT_TRUE(beyond.Start(group, port)) << beyond->GetLastErrorDetail(); });
    // What one has heard lies with the other by then, if it is to hear it, too, and before what comes next.
    for (int round = 0; round < 3; ++round) {
      ASSERT_TRUE(there.Send("1"));
      ASSERT_TRUE(first.events().WaitForCount(EventKind::kReceive, static_cast<size_t>(round) + 1));
      ASSERT_TRUE(beyond.Send("2"));
      ASSERT_TRUE(second.events().WaitForCount(EventKind::kReceive, static_cast<size_t>(round) + 1));
    }
    EXPECT_EQ(first.events().log().Received(first->GetConnectionID()), "111");
    EXPECT_EQ(second.events().log().Received(second->GetConnectionID()), "222");
  }
}

// Spec: §2.1.4, decisions 6.6, decisions 6.7, fault 29
TEST_P(UdpCastInterfaces, AreJoinedAgainByStopAndStartWhenTheyHaveGoneAndComeBack) {
  for (const bool six : {false, true}) {
    SCOPED_TRACE(six ? "IPv6" : "IPv4");
    const char* const group = six ? kGroup6 : kGroup;
    const char* const own = six ? "fd99::1" : kHere;
    const char* const other = six ? "fd99::2" : kThere;
    const uint16_t port = FreePort();
    UdpCastUnderTest here(GetParam());
    here.udp().SetReuseAddress(true);
    here.udp().SetBindAdddress(own);
    ASSERT_TRUE(here.Start(group, port)) << here->GetLastErrorDetail();
    {
      const auto away = MemberThere(group, other, port);
      ASSERT_TRUE(away->Send("at first"));
      ASSERT_TRUE(here.Hears("at first"));
    }
    host().Unplug();
    std::string why;
    ASSERT_TRUE(host().PlugIn(&why)) << why;
    EXPECT_EQ(here->GetState(), SS_STARTED);
    const auto away = MemberThere(group, other, port);
    {
      UdpCastUnderTest fresh(GetParam());
      fresh.udp().SetReuseAddress(true);
      fresh.udp().SetBindAdddress(own);
      ASSERT_TRUE(fresh.Start(group, port)) << fresh->GetLastErrorDetail();
      ASSERT_TRUE(away->Send("to who is there"));
      ASSERT_TRUE(fresh.Hears("to who is there"));
    }
    ASSERT_TRUE(here->Stop());
    EXPECT_EQ(here.events().log().Count(EventKind::kReceive), 1u) << "nothing joins by itself";
    ASSERT_TRUE(here.Start(group, port)) << here->GetLastErrorDetail();
    ASSERT_TRUE(away->Send("again"));
    EXPECT_TRUE(here.Hears("again"));
    ASSERT_TRUE(here.Send("and back"));
    EXPECT_TRUE(away->Hears("and back"));
  }
}

}  // namespace
}  // namespace hpsocket::conformance
