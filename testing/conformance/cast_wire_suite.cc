// Conformance: UDP casts between two hosts, over a wire.
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/two_host_fixture.h"
#include "hpsocket/testing/conformance/udp_fixture.h"
#include "hpsocket/testing/harness/environment.h"

namespace hpsocket::conformance {
namespace {

using harness::Deadline;
using harness::EventKind;

constexpr char kGroup[] = "239.1.2.3";
constexpr char kGroup6[] = "ff15::4243";
// As the kernel's lists of memberships have them.
constexpr char kListed[] = "030201EF";
constexpr char kListed6[] = "ff150000000000000000000000004243";

// A member of kGroup6 that says of what it hears how many more routers it might have passed. Made and used on
// the other host's thread.
class HopReader {
 public:
  HopReader() : fd_(socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {}
  HopReader(const HopReader&) = delete;
  HopReader& operator=(const HopReader&) = delete;
  ~HopReader() { close(fd_); }

  bool Join(const char* interface, uint16_t port) {
    const int on = 1;
    sockaddr_in6 any{};
    any.sin6_family = AF_INET6;
    any.sin6_port = htons(port);
    ipv6_mreq request{};
    inet_pton(AF_INET6, kGroup6, &request.ipv6mr_multiaddr);
    request.ipv6mr_interface = if_nametoindex(interface);
    return setsockopt(fd_, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof(on)) == 0 &&
           bind(fd_, reinterpret_cast<const sockaddr*>(&any), sizeof(any)) == 0 &&
           setsockopt(fd_, IPPROTO_IPV6, IPV6_JOIN_GROUP, &request, sizeof(request)) == 0;
  }
  // "text, hops"; empty at the deadline.
  std::string Next(Deadline deadline) {
    pollfd watched{fd_, POLLIN, 0};
    if (poll(&watched, 1, deadline.poll_ms()) <= 0) return "";
    char text[64];
    iovec piece{text, sizeof(text)};
    alignas(cmsghdr) char control[64];
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof(control);
    const ssize_t length = recvmsg(fd_, &message, 0);
    if (length < 0) return "";
    int hops = -1;
    for (cmsghdr* each = CMSG_FIRSTHDR(&message); each != nullptr; each = CMSG_NXTHDR(&message, each)) {
      if (each->cmsg_level == IPPROTO_IPV6 && each->cmsg_type == IPV6_HOPLIMIT)
        std::memcpy(&hops, CMSG_DATA(each), sizeof(hops));
    }
    return std::string(text, static_cast<size_t>(length)) + ", " + std::to_string(hops);
  }

 private:
  const int fd_;
};

class UdpCastWire : public TwoHostTest<harness::UdpCastFactory> {
 protected:
  // A member there; started on that host's thread, so in its network.
  bool StartThere(UdpCastUnderTest& member, const char* remote, uint16_t port) {
    bool started = false;
    host().Run([&] { started = member.Start(remote, port); });
    if (!started) ADD_FAILURE() << member->GetLastErrorDetail();
    return started;
  }
  // How many sockets of this host are members on its wire, of groups that nobody else here is in.
  static int MembersHere(bool six) {
    std::ifstream file(six ? "/proc/thread-self/net/igmp6" : "/proc/thread-self/net/igmp");
    std::string line;
    while (std::getline(file, line)) {
      std::istringstream words(line);
      std::string first, second, group;
      int users = 0;
      if (six && words >> first >> second >> group >> users && second == "hp0" && group == kListed6)
        return users;
      if (!six && words >> group >> users && group == kListed) return users;
    }
    return 0;
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpCastWire);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpCastWire, ::testing::ValuesIn(harness::UdpCasts()),
                         NameOfUdp<harness::UdpCastFactory>);

// Spec: api §6.13/1, api §6.13/3, decisions 6.6, C22
TEST_P(UdpCastWire, LoopIsTheSendersChoiceForItsHost) {
  for (const bool six : {false, true}) {
    SCOPED_TRACE(six ? "IPv6" : "IPv4");
    UdpCastUnderTest quiet(GetParam());
    UdpCastUnderTest neighbour(GetParam());
    UdpCastUnderTest away(GetParam());
    const uint16_t port = FreePort();
    const char* const group = six ? kGroup6 : kGroup;
    for (UdpCastUnderTest* member : {&quiet, &neighbour, &away}) {
      member->udp().SetReuseAddress(true);
      member->udp().SetBindAdddress(member == &away ? (six ? "fd99::2" : kThere) : six ? "fd99::1" : kHere);
    }
    neighbour.udp().SetMultiCastLoop(true);
    ASSERT_TRUE(quiet.Start(group, port)) << quiet->GetLastErrorDetail();
    ASSERT_TRUE(neighbour.Start(group, port)) << neighbour->GetLastErrorDetail();
    ASSERT_TRUE(StartThere(away, group, port));
    ASSERT_TRUE(quiet.Send("without loop"));
    EXPECT_TRUE(away.Hears("without loop"));
    ASSERT_TRUE(neighbour.Send("with loop"));
    for (UdpCastUnderTest* member : {&quiet, &neighbour, &away}) EXPECT_TRUE(member->Hears("with loop"));
    EXPECT_EQ(quiet.events().log().Count(EventKind::kReceive), 1u) << "heard itself";
    EXPECT_EQ(neighbour.events().log().Count(EventKind::kReceive), 1u) << "heard its quiet neighbour";
  }
}

// Spec: §2.1.4, api §6.13/1, decisions 6.6, C22
TEST_P(UdpCastWire, WhoLeavesIsNoMemberAnyMore) {
  for (const bool six : {false, true}) {
    SCOPED_TRACE(six ? "IPv6" : "IPv4");
    UdpCastUnderTest leaving(GetParam());
    UdpCastUnderTest staying(GetParam());
    UdpCastUnderTest away(GetParam());
    const uint16_t port = FreePort();
    const char* const group = six ? kGroup6 : kGroup;
    for (UdpCastUnderTest* member : {&leaving, &staying, &away}) {
      member->udp().SetReuseAddress(true);
      member->udp().SetBindAdddress(member == &away ? (six ? "fd99::2" : kThere) : six ? "fd99::1" : kHere);
    }
    ASSERT_EQ(MembersHere(six), 0);
    ASSERT_TRUE(leaving.Start(group, port)) << leaving->GetLastErrorDetail();
    ASSERT_TRUE(staying.Start(group, port)) << staying->GetLastErrorDetail();
    ASSERT_TRUE(StartThere(away, group, port));
    EXPECT_EQ(MembersHere(six), 2);
    ASSERT_TRUE(away.Send("to both"));
    EXPECT_TRUE(leaving.Hears("to both"));
    EXPECT_TRUE(staying.Hears("to both"));
    ASSERT_TRUE(leaving->Stop());
    EXPECT_TRUE(harness::RunUntil([&] { return MembersHere(six) == 1; })) << MembersHere(six);
    ASSERT_TRUE(away.Send("to one"));
    EXPECT_TRUE(staying.Hears("to one"));
    EXPECT_EQ(leaving.events().log().Count(EventKind::kReceive), 1u);
    ASSERT_TRUE(staying->Stop());
    EXPECT_TRUE(harness::RunUntil([&] { return MembersHere(six) == 0; })) << MembersHere(six);
  }
}

// Spec: §2.4.1, api §2.10/5t, C22
TEST_P(UdpCastWire, PassesAsManyRoutersAsItsTtlSays) {
  std::string why;
  const harness::SecondHost::Routing routing = host().RouteBeyond(kGroup, &why);
  if (routing == harness::SecondHost::Routing::kNoneInThisKernel) GTEST_SKIP() << why;
  ASSERT_EQ(routing, harness::SecondHost::Routing::kReady) << why;
  UdpCastUnderTest here(GetParam());
  UdpCastUnderTest router(GetParam());
  UdpCastUnderTest beyond(GetParam());
  const uint16_t port = FreePort();
  here.udp().SetBindAdddress(kHere);
  router.udp().SetBindAdddress(kThere);
  beyond.udp().SetBindAdddress("10.98.0.2");
  ASSERT_TRUE(StartThere(router, kGroup, port));
  host().RunBeyond([&] { EXPECT_TRUE(beyond.Start(kGroup, port)) << beyond->GetLastErrorDetail(); });
  // A router passes on before it listens itself: what it has heard is beyond, or never comes there.
  for (const int ttl : {1, 2}) {
    here.udp().SetMultiCastTtl(ttl);
    ASSERT_TRUE(here.Start(kGroup, port)) << here->GetLastErrorDetail();
    const std::string text = "TTL " + std::to_string(ttl);
    ASSERT_TRUE(here.Send(text));
    EXPECT_TRUE(router.Hears(text));
    if (ttl == 2) {
      EXPECT_TRUE(beyond.Hears(text));
    }
    ASSERT_TRUE(here->Stop());
  }
  EXPECT_EQ(beyond.events().log().Count(EventKind::kReceive), 1u) << "TTL 1 went beyond this network";
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

// What a router looks at. A TTL of 0 does not leave this host.
// Spec: §2.4.1, api §2.10/5t, decisions 6.6
TEST_P(UdpCastWire, SendsToIPv6GroupsWithItsTtl) {
  UdpCastUnderTest here(GetParam());
  std::unique_ptr<HopReader> there;
  const uint16_t port = FreePort();
  host().Run([&] {
    there = std::make_unique<HopReader>();
    EXPECT_TRUE(there->Join("hp1", port)) << strerror(errno);
  });
  here.udp().SetBindAdddress("fd99::1");
  here.udp().SetMultiCastLoop(true);
  for (const int ttl : {0, 1, 7, 255}) {
    here.udp().SetMultiCastTtl(ttl);
    ASSERT_TRUE(here.Start(kGroup6, port)) << here->GetLastErrorDetail();
    const std::string text = "TTL " + std::to_string(ttl);
    ASSERT_TRUE(here.Send(text));
    EXPECT_TRUE(here.Hears(text));
    if (ttl != 0) {
      EXPECT_EQ(there->Next(Deadline::Patient()), text + ", " + std::to_string(ttl));
    }
    ASSERT_TRUE(here->Stop());
  }
}

// Spec: decisions 6.6, decisions 8.5/4
TEST_P(UdpCastWire, HearsNamedSourcesOfAnIPv6GroupOnly) {
  UdpCastUnderTest picky(GetParam());
  UdpCastUnderTest away(GetParam());
  const uint16_t port = FreePort();
  picky.udp().SetReuseAddress(true);
  picky.udp().SetBindAdddress("fd99::1");
  away.udp().SetBindAdddress("fd99::2");
  ASSERT_TRUE(StartThere(away, kGroup6, port));
  EXPECT_TRUE(picky.udp().JoinSource("fd99::9"));
  ASSERT_TRUE(picky.Start(kGroup6, port)) << picky->GetLastErrorDetail();
  {
    UdpCastUnderTest any(GetParam());
    any.udp().SetReuseAddress(true);
    any.udp().SetBindAdddress("fd99::1");
    ASSERT_TRUE(any.Start(kGroup6, port)) << any->GetLastErrorDetail();
    ASSERT_TRUE(away.Send("from another"));
    ASSERT_TRUE(any.Hears("from another"));
  }
  ASSERT_TRUE(picky->Stop());
  EXPECT_EQ(picky.events().log().Count(EventKind::kReceive), 0u);
  EXPECT_TRUE(picky.udp().JoinSource("fd99::2"));
  ASSERT_TRUE(picky.Start(kGroup6, port)) << picky->GetLastErrorDetail();
  ASSERT_TRUE(away.Send("from one of them"));
  EXPECT_TRUE(picky.Hears("from one of them"));
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
// Spec: decisions 5.2, decisions 6.6
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
  const std::string heard = loopback.events().log().Received(loopback->GetConnectionID());
  EXPECT_EQ(heard.find("to nobody"), std::string::npos);
  EXPECT_EQ(heard.find("over the wire"), std::string::npos);
}

// An address with a scope is ours only where both are.
// Spec: decisions 5.2, decisions 6.6
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
