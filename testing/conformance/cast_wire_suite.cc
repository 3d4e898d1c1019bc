// Conformance: UDP casts between two hosts, over a wire.
#include <cerrno>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/two_host_fixture.h"
#include "hpsocket/testing/conformance/udp_fixture.h"
#include "hpsocket/testing/harness/environment.h"

namespace hpsocket::conformance {
namespace {

using harness::EventKind;

constexpr char kGroup[] = "239.1.2.3";

class UdpCastWire : public TwoHostTest<harness::UdpCastFactory> {
 protected:
  // A member there; started on that host's thread, so in its network.
  bool StartThere(UdpCastUnderTest& member, const char* remote, uint16_t port) {
    bool started = false;
    host().Run([&] { started = member.Start(remote, port); });
    if (!started) ADD_FAILURE() << member->GetLastErrorDetail();
    return started;
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpCastWire);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpCastWire, ::testing::ValuesIn(harness::UdpCasts()),
                         NameOfUdp<harness::UdpCastFactory>);

// Spec: api §6.13/1, api §6.13/3, decisions 6.6, C22
TEST_P(UdpCastWire, LoopIsTheSendersChoiceForItsHost) {
  UdpCastUnderTest quiet(GetParam());
  UdpCastUnderTest neighbour(GetParam());
  UdpCastUnderTest away(GetParam());
  const uint16_t port = FreePort();
  for (UdpCastUnderTest* member : {&quiet, &neighbour, &away}) {
    member->udp().SetReuseAddress(true);
    member->udp().SetBindAdddress(member == &away ? kThere : kHere);
  }
  neighbour.udp().SetMultiCastLoop(true);
  ASSERT_TRUE(quiet.Start(kGroup, port)) << quiet->GetLastErrorDetail();
  ASSERT_TRUE(neighbour.Start(kGroup, port)) << neighbour->GetLastErrorDetail();
  ASSERT_TRUE(StartThere(away, kGroup, port));
  ASSERT_TRUE(quiet.Send("without loop"));
  EXPECT_TRUE(away.Hears("without loop"));
  ASSERT_TRUE(neighbour.Send("with loop"));
  for (UdpCastUnderTest* member : {&quiet, &neighbour, &away}) EXPECT_TRUE(member->Hears("with loop"));
  EXPECT_EQ(quiet.events().log().Count(EventKind::kReceive), 1u) << "heard itself";
  EXPECT_EQ(neighbour.events().log().Count(EventKind::kReceive), 1u) << "heard its quiet neighbour";
  // Who has left hears no more.
  ASSERT_TRUE(away->Stop());
  ASSERT_TRUE(neighbour.Send("after"));
  ASSERT_TRUE(quiet.Hears("after"));
  EXPECT_FALSE(away->HasStarted());
}

// Spec: decisions 6.6
TEST_P(UdpCastWire, JoinsIPv6GroupsToo) {
  UdpCastUnderTest here(GetParam());
  UdpCastUnderTest there(GetParam());
  const uint16_t port = FreePort();
  here.udp().SetBindAdddress("fd99::1");
  there.udp().SetBindAdddress("fd99::2");
  ASSERT_TRUE(here.Start("ff15::4242", port)) << here->GetLastErrorDetail();
  ASSERT_TRUE(StartThere(there, "ff15::4242", port));
  ASSERT_TRUE(there.Send("six"));
  EXPECT_TRUE(here.Hears("six"));
  ASSERT_TRUE(here.Send("back"));
  EXPECT_TRUE(there.Hears("back"));
}

// The group is joined where the bind address says, not where the system would.
// Spec: decisions 6.6
TEST_P(UdpCastWire, JoinsOnTheInterfaceOfItsBindAddress) {
  UdpCastUnderTest wire(GetParam());
  UdpCastUnderTest loopback(GetParam());
  UdpCastUnderTest away(GetParam());
  const uint16_t port = FreePort();
  wire.udp().SetReuseAddress(true);
  loopback.udp().SetReuseAddress(true);
  wire.udp().SetBindAdddress(kHere);
  loopback.udp().SetBindAdddress(kLoopback);
  away.udp().SetBindAdddress(kThere);
  ASSERT_TRUE(wire.Start(kGroup, port)) << wire->GetLastErrorDetail();
  ASSERT_TRUE(loopback.Start(kGroup, port)) << loopback->GetLastErrorDetail();
  ASSERT_TRUE(StartThere(away, kGroup, port));
  ASSERT_TRUE(away.Send("over the wire"));
  EXPECT_TRUE(wire.Hears("over the wire"));
  EXPECT_EQ(loopback.events().log().Count(EventKind::kReceive), 0u);
  ASSERT_TRUE(wire->Stop());
}

// A scope says the same as a bind address, for what is heard and for what is sent.
// Spec: decisions §5, decisions 6.6
TEST_P(UdpCastWire, UsesTheInterfaceThatTheGroupNames) {
  UdpCastUnderTest wire(GetParam());
  UdpCastUnderTest loopback(GetParam());
  UdpCastUnderTest away(GetParam());
  const uint16_t port = FreePort();
  wire.udp().SetReuseAddress(true);
  loopback.udp().SetReuseAddress(true);
  ASSERT_TRUE(loopback.Start("ff15::4242%lo", port)) << loopback->GetLastErrorDetail();
  away.udp().SetBindAdddress("fd99::2");
  ASSERT_TRUE(StartThere(away, "ff15::4242", port));
  ASSERT_TRUE(away.Send("to nobody"));
  ASSERT_TRUE(away.events().WaitForCount(EventKind::kSend, 1));
  ASSERT_TRUE(wire.Start("ff15::4242%hp0", port)) << wire->GetLastErrorDetail();
  ASSERT_TRUE(away.Send("over the wire"));
  EXPECT_TRUE(wire.Hears("over the wire"));
  // Whether loopback takes it or not: it is done with before the next one leaves.
  ASSERT_TRUE(loopback.Send("not over the wire"));
  EXPECT_TRUE(harness::RunUntil([&] {
    return loopback.Stats().dropped_datagrams + loopback.events().log().Count(EventKind::kSend) == 1;
  }));
  ASSERT_TRUE(wire.Send("answer"));
  EXPECT_TRUE(away.Hears("answer"));
  EXPECT_EQ(away.events().log().Count(EventKind::kReceive), 1u) << "what was sent on loopback came, too";
  // What has come in by any interface goes to all members of an IPv6 group: only before was nobody there.
  EXPECT_EQ(loopback.events().log().Received(loopback->GetConnectionID()).find("to nobody"),
            std::string::npos);
}

// An address with a scope is ours only where both are.
// Spec: decisions §5, decisions 6.6
TEST_P(UdpCastWire, TakesAScopeOnlyWithAnAddressOfThatInterface) {
  UdpCastUnderTest here(GetParam());
  UdpCastUnderTest there(GetParam());
  const uint16_t port = FreePort();
  for (const char* const bad : {"fd99::9%hp0", "fe80::dead%hp0", "fd99::1%lo", "::1%hp0"}) {
    SCOPED_TRACE(bad);
    here.udp().SetBindAdddress(bad);
    EXPECT_FALSE(here.Start("ff15::4242", port));
    EXPECT_EQ(errno, EADDRNOTAVAIL);
    EXPECT_EQ(here->GetLastError(), SE_SOCKET_BIND);
  }
  there.udp().SetBindAdddress("::%hp1");
  ASSERT_TRUE(StartThere(there, "ff15::4242", port));
  for (const char* const good : {"fd99::1%hp0", "fd99::1", "::%hp0"}) {
    SCOPED_TRACE(good);
    here.udp().SetBindAdddress(good);
    ASSERT_TRUE(here.Start("ff15::4242", port)) << here->GetLastErrorDetail();
    ASSERT_TRUE(here.Send(good));
    EXPECT_TRUE(there.Hears(good));
    ASSERT_TRUE(here->Stop());
  }
}

// Spec: api §6.13/2, decisions 6.6, C22
TEST_P(UdpCastWire, BroadcastsReachTheOtherHost) {
  UdpCastUnderTest here(GetParam());
  UdpCastUnderTest there(GetParam());
  const uint16_t port = FreePort();
  for (UdpCastUnderTest* member : {&here, &there}) {
    member->udp().SetCastMode(CM_BROADCAST);
    member->udp().SetBindAdddress(member == &here ? kHere : kThere);
  }
  ASSERT_TRUE(here.Start(nullptr, port)) << here->GetLastErrorDetail();
  ASSERT_TRUE(StartThere(there, nullptr, port));
  ASSERT_TRUE(here.Send("everybody"));
  EXPECT_TRUE(there.Hears("everybody"));
  EXPECT_TRUE(here.Hears("everybody")) << "the sender, too";
}

// Spec: decisions 6.7
TEST_P(UdpCastWire, OutlivesItsInterface) {
  UdpCastUnderTest here(GetParam());
  here.udp().SetBindAdddress(kHere);
  ASSERT_TRUE(here.Start(kGroup, FreePort())) << here->GetLastErrorDetail();
  ASSERT_TRUE(here.Send("while it is there"));
  ASSERT_TRUE(here.events().WaitForCount(EventKind::kSend, 1));
  host().Unplug();
  ASSERT_TRUE(here.Send("into nothing"));
  EXPECT_TRUE(harness::RunUntil([&] { return here.Stats().dropped_datagrams == 1; }));
  EXPECT_EQ(here->GetState(), SS_STARTED);
  EXPECT_TRUE(here->Stop());
}

}  // namespace
}  // namespace hpsocket::conformance
