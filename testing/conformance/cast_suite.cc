// Conformance: UDP casts, on the loopback interface, which hears all that it sends.
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/udp_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"

namespace hpsocket::conformance {
namespace {

using harness::DatagramPeer;
using harness::Event;
using harness::EventKind;
using harness::NeedsKernel;

constexpr char kGroup[] = "233.0.0.1";
constexpr char kGroup6[] = "ff15::4242";

class UdpCastSuite : public UdpTest<harness::UdpCastFactory> {
 protected:
  // One member of several on this host.
  void Prepare(UdpCastUnderTest& member) {
    member.udp().SetReuseAddress(true);
    member.udp().SetBindAdddress(kLoopback);
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpCastSuite);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpCastSuite, ::testing::ValuesIn(harness::UdpCasts()),
                         NameOfUdp<harness::UdpCastFactory>);

// Spec: api §2.10/1t, api §2.10/2t, api §2.10/3t, api §2.10/4t, api §2.10/5t, api §2.10/6t, api §2.13, C01
// Spec: C02
TEST_P(UdpCastSuite, HasTheDocumentedSettingsAndTheirRanges) {
  UdpCastUnderTest cast(GetParam(), true);
  EXPECT_STREQ(cast.udp().GetBindAdddress(), "0.0.0.0");
  EXPECT_EQ(cast.udp().GetMaxDatagramSize(), 1472u);
  EXPECT_FALSE(cast.udp().IsReuseAddress());
  EXPECT_EQ(cast.udp().GetCastMode(), CM_MULTICAST);
  EXPECT_EQ(cast.udp().GetMultiCastTtl(), 1);
  EXPECT_FALSE(cast.udp().IsMultiCastLoop());
  EXPECT_FALSE(cast.udp().IsCloseOnOversize());
  Prepare(cast);
  const uint16_t port = FreePort();
  cast.udp().SetMaxDatagramSize(0);
  EXPECT_FALSE(cast.Start(kGroup, port));
  EXPECT_EQ(cast->GetLastError(), SE_INVALID_PARAM);
  cast.udp().SetMaxDatagramSize(1);
  EXPECT_TRUE(cast.Start(kGroup, port)) << cast->GetLastErrorDetail();
  EXPECT_TRUE(cast->Stop());
  for (const int ttl : {-1, 256}) {
    cast.udp().SetMultiCastTtl(ttl);
    EXPECT_FALSE(cast.Start(kGroup, port));
    EXPECT_EQ(cast->GetLastError(), SE_INVALID_PARAM);
  }
  for (const int ttl : {0, 255}) {
    cast.udp().SetMultiCastTtl(ttl);
    EXPECT_TRUE(cast.Start(kGroup, port)) << cast->GetLastErrorDetail();
    EXPECT_TRUE(cast->Stop());
  }
  cast.udp().SetCastMode(static_cast<EnCastMode>(2));
  EXPECT_FALSE(cast.Start(kGroup, port));
  EXPECT_EQ(cast->GetLastError(), SE_INVALID_PARAM);
}

// Spec: §2.1.4, §2.4.1, api §2.10/7t, api §6.13/1, api §6.13/3, api §6.13/4, api §6.13/6
// Spec: decisions 6.6, C22
TEST_P(UdpCastSuite, MembersOfAGroupHearEachOther) {
  UdpCastUnderTest first(GetParam());
  UdpCastUnderTest second(GetParam());
  for (UdpCastUnderTest* member : {&first, &second}) {
    Prepare(*member);
    member->udp().SetMultiCastLoop(true);
  }
  const uint16_t port = FreePort();
  std::string source;
  uint16_t source_port = 0;
  second.events().Do(EventKind::kReceive, [&](const Event&) {
    char address[64];
    int room = sizeof(address);
    EXPECT_TRUE(second.udp().GetRemoteAddress(address, room, source_port));
    source = address;
  });
  ASSERT_TRUE(first.Start(kGroup, port)) << first->GetLastErrorDetail();
  ASSERT_TRUE(second.Start(kGroup, port, true)) << second->GetLastErrorDetail();
  EXPECT_EQ(second->GetState(), SS_STARTED) << "always synchronous";
  EXPECT_EQ(second.events().log().First(EventKind::kConnect)->thread, std::this_thread::get_id());
  ASSERT_TRUE(first.Send("hello"));
  EXPECT_TRUE(first.Hears("hello")) << "itself";
  EXPECT_TRUE(second.Hears("hello"));
  EXPECT_TRUE(first.events().WaitForCount(EventKind::kSend, 1));
  ASSERT_TRUE(second->Stop());
  EXPECT_EQ(source, kLoopback) << "the bind address";
  EXPECT_EQ(source_port, port);
  char address[64];
  int room = sizeof(address);
  EXPECT_FALSE(second.udp().GetRemoteAddress(address, room, source_port)) << "inside OnReceive only";
  EXPECT_EQ(second.events().log().First(EventKind::kClose)->thread, std::this_thread::get_id());
}

// Spec: api §6.13/2, api §6.13/3, C22
TEST_P(UdpCastSuite, BroadcastsAreHeardByTheirSenderToo) {
  UdpCastUnderTest cast(GetParam());
  Prepare(cast);
  cast.udp().SetCastMode(CM_BROADCAST);
  ASSERT_TRUE(cast.Start(nullptr, FreePort())) << cast->GetLastErrorDetail();
  ASSERT_TRUE(cast.Send("everybody"));
  EXPECT_TRUE(cast.Hears("everybody"));
}

// What others on this host have joined is not for it.
// Spec: api §6.13/2, decisions 6.6
TEST_P(UdpCastSuite, HearsNoGroupWhereItBroadcasts) {
  UdpCastUnderTest broadcaster(GetParam());
  UdpCastUnderTest member(GetParam());
  Prepare(broadcaster);
  Prepare(member);
  broadcaster.udp().SetCastMode(CM_BROADCAST);
  member.udp().SetMultiCastLoop(true);
  const uint16_t port = FreePort();
  ASSERT_TRUE(broadcaster.Start(nullptr, port)) << broadcaster->GetLastErrorDetail();
  ASSERT_TRUE(member.Start(kGroup, port)) << member->GetLastErrorDetail();
  ASSERT_TRUE(member.Send("to the group"));
  ASSERT_TRUE(member.Hears("to the group"));
  ASSERT_TRUE(broadcaster.Send("everybody"));
  ASSERT_TRUE(broadcaster.Hears("everybody"));
  EXPECT_EQ(broadcaster.events().log().Received(broadcaster->GetConnectionID()), "everybody");
}

// Spec: decisions 5.1, decisions 6.6
TEST_P(UdpCastSuite, OfAnIPv6GroupHearsNoIPv4) {
  UdpCastUnderTest six(GetParam());
  UdpCastUnderTest four(GetParam());
  const uint16_t port = FreePort();
  Prepare(six);
  six.udp().SetBindAdddress("::1");
  Prepare(four);
  four.udp().SetCastMode(CM_BROADCAST);
  ASSERT_TRUE(six.Start(kGroup6, port)) << six->GetLastErrorDetail();
  auto peer = BindPeer(kLoopback);
  ASSERT_TRUE(peer->SendTo(kLoopback, port, "four, to one"));
  ASSERT_TRUE(four.Start(nullptr, port)) << four->GetLastErrorDetail();
  ASSERT_TRUE(four.Send("four, to all"));
  ASSERT_TRUE(four.Hears("four, to all"));
  auto peer6 = BindPeer("::1");
  ASSERT_TRUE(peer6->SendTo("::1", port, "six"));
  ASSERT_TRUE(six.Hears("six"));
  EXPECT_EQ(six.events().log().Received(six->GetConnectionID()), "six");
}

// Spec: decisions 5.1, decisions 6.6
TEST_P(UdpCastSuite, OfAnIPv6GroupLeavesThePortToIPv4) {
  UdpCastUnderTest six(GetParam());
  six.udp().SetBindAdddress("::1");
  const uint16_t port = FreePort();
  {
    auto taken = BindPeer("0.0.0.0", port);
    ASSERT_NE(taken, nullptr);
    ASSERT_TRUE(six.Start(kGroup6, port)) << six->GetLastErrorDetail();
  }
  EXPECT_NE(BindPeer("0.0.0.0", port), nullptr);
}

// Spec: decisions 6.6
TEST_P(UdpCastSuite, FailsToBroadcastWhereNoWayLeads) {
  UdpCastUnderTest cast(GetParam());
  cast.udp().SetCastMode(CM_BROADCAST);
  // Loopback is the only interface, and no route leads to 255.255.255.255.
  EXPECT_FALSE(cast.Start(nullptr, FreePort()));
  EXPECT_EQ(cast->GetLastError(), SE_CONNECT_SERVER);
  EXPECT_EQ(errno, ENETUNREACH);
}

// Spec: api §6.13/4, fault 22, C22
TEST_P(UdpCastSuite, DeliversEmptyDatagramsAndSendsNone) {
  UdpCastUnderTest cast(GetParam());
  Prepare(cast);
  const uint16_t port = FreePort();
  ASSERT_TRUE(cast.Start(kGroup, port)) << cast->GetLastErrorDetail();
  auto peer = BindPeer(kLoopback);
  ASSERT_TRUE(peer->SendTo(kLoopback, port, ""));
  ASSERT_TRUE(cast.events().WaitForCount(EventKind::kReceive, 1));
  EXPECT_TRUE(cast.events().log().First(EventKind::kReceive)->data.empty());
  EXPECT_TRUE(peer->Quiet()) << "nothing is answered";
  EXPECT_FALSE(cast->Send(nullptr, 0));
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(cast->GetLastError(), SE_INVALID_PARAM);
  EXPECT_FALSE(cast.Send(std::string(1473, 'x')));
  EXPECT_EQ(errno, EMSGSIZE);
}

// Spec: decisions 6.3
TEST_P(UdpCastSuite, CountsOversizeDatagrams) {
  UdpCastUnderTest cast(GetParam());
  Prepare(cast);
  cast.udp().SetMaxDatagramSize(100);
  const uint16_t port = FreePort();
  ASSERT_TRUE(cast.Start(kGroup, port)) << cast->GetLastErrorDetail();
  auto peer = BindPeer(kLoopback);
  ASSERT_TRUE(peer->SendTo(kLoopback, port, std::string(101, 'x')));
  ASSERT_TRUE(peer->SendTo(kLoopback, port, "fits"));
  ASSERT_TRUE(cast.Hears("fits"));
  EXPECT_EQ(cast.Stats().oversize_datagrams, 1u);
}

// Spec: §1.4, api §3.2/8, api §2.10/1t, api §3.2/14, api §6.13/1, decisions 6.6, C22
TEST_P(UdpCastSuite, RefusesWhatIsNoGroupAndWhatIsNotOurs) {
  UdpCastUnderTest cast(GetParam());
  Prepare(cast);
  const uint16_t port = FreePort();
  EXPECT_FALSE(cast.Start(kLoopback, port)) << "no group";
  EXPECT_EQ(cast->GetLastError(), SE_CONNECT_SERVER);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_FALSE(cast.Start("", port));
  EXPECT_EQ(cast->GetLastError(), SE_CONNECT_SERVER);
  for (const char* const bad : {"192.0.2.1", "nowhere", ""}) {
    cast.udp().SetBindAdddress(bad);
    EXPECT_FALSE(cast.Start(kGroup, port)) << bad;
    EXPECT_EQ(cast->GetLastError(), SE_SOCKET_BIND);
  }
  Prepare(cast);
  {
    cast.udp().SetReuseAddress(false);
    auto taken = BindPeer("0.0.0.0", port);
    ASSERT_NE(taken, nullptr);
    EXPECT_FALSE(cast.Start(kGroup, port)) << "a port in use";
    EXPECT_EQ(cast->GetLastError(), SE_SOCKET_BIND);
    EXPECT_EQ(errno, EADDRINUSE);
  }
  EXPECT_FALSE(cast.udp().JoinSource("nobody"));
  EXPECT_EQ(errno, EINVAL);
  for (const EventKind refusing : {EventKind::kPrepareConnect, EventKind::kConnect}) {
    cast.events().React(refusing, [](const Event&) { return HR_ERROR; });
    EXPECT_FALSE(cast.Start(kGroup, port));
    EXPECT_EQ(cast->GetLastError(), refusing == EventKind::kConnect ? SE_CONNECT_SERVER : SE_SOCKET_PREPARE);
    EXPECT_EQ(cast->GetState(), SS_STOPPED);
    cast.events().React(refusing, nullptr);
  }
  EXPECT_TRUE(cast.Start(kGroup, port)) << cast->GetLastErrorDetail();
}

// Spec: decisions 6.6, decisions 8.5/4
TEST_P(UdpCastSuite, HearsNamedSourcesOnly) {
  UdpCastUnderTest picky(GetParam());
  UdpCastUnderTest sender(GetParam());
  const uint16_t port = FreePort();
  Prepare(picky);
  Prepare(sender);
  sender.udp().SetMultiCastLoop(true);
  EXPECT_TRUE(picky.udp().JoinSource("127.0.0.2"));
  ASSERT_TRUE(picky.Start(kGroup, port)) << picky->GetLastErrorDetail();
  ASSERT_TRUE(sender.Start(kGroup, port)) << sender->GetLastErrorDetail();
  ASSERT_TRUE(sender.Send("from another"));
  ASSERT_TRUE(sender.Hears("from another"));
  ASSERT_TRUE(picky->Stop());
  EXPECT_EQ(picky.events().log().Count(EventKind::kReceive), 0u);
  EXPECT_TRUE(picky.udp().JoinSource(kLoopback));
  ASSERT_TRUE(picky.Start(kGroup, port)) << picky->GetLastErrorDetail();
  ASSERT_TRUE(sender.Send("from one of them"));
  EXPECT_TRUE(picky.Hears("from one of them"));
}

// The kernel would refuse to join for one source twice.
// Spec: decisions 6.6, decisions 8.5/4
TEST_P(UdpCastSuite, TakesASourceThatIsNamedAgainOnce) {
  UdpCastUnderTest picky(GetParam());
  UdpCastUnderTest sender(GetParam());
  const uint16_t port = FreePort();
  Prepare(picky);
  Prepare(sender);
  sender.udp().SetMultiCastLoop(true);
  for (const char* const source : {kLoopback, "127.0.0.2", kLoopback})
    EXPECT_TRUE(picky.udp().JoinSource(source));
  ASSERT_TRUE(sender.Start(kGroup, port)) << sender->GetLastErrorDetail();
  for (const char* const text : {"once", "and again"}) {
    ASSERT_TRUE(picky.Start(kGroup, port)) << picky->GetLastErrorDetail();
    ASSERT_TRUE(sender.Send(text));
    EXPECT_TRUE(picky.Hears(text));
    ASSERT_TRUE(picky->Stop());
    EXPECT_TRUE(picky.udp().JoinSource("127.0.0.2"));
  }
  // Other words for the same address, too.
  EXPECT_TRUE(picky.udp().JoinSource(nullptr));
  for (const char* const source : {"::1", "0:0:0:0:0:0:0:1", "::1%lo"})
    EXPECT_TRUE(picky.udp().JoinSource(source));
  picky.udp().SetBindAdddress("::1");
  EXPECT_TRUE(picky.Start(kGroup6, FreePort())) << picky->GetLastErrorDetail();
}

// Spec: §2.4.1, api §2.10/7t
TEST_P(UdpCastSuite, TellsWhoSentInsideOnReceiveOnly) {
  for (const bool oversize : {false, true}) {
    SCOPED_TRACE(oversize ? "ended by an oversize datagram" : "ended by OnReceive");
    UdpCastUnderTest cast(GetParam());
    Prepare(cast);
    cast.udp().SetMaxDatagramSize(100);
    cast.udp().SetCloseOnOversize(true);
    const auto tells = [&cast] {
      char address[64];
      int room = sizeof(address);
      uint16_t port = 0;
      return cast.udp().GetRemoteAddress(address, room, port);
    };
    for (const EventKind kind :
         {EventKind::kPrepareConnect, EventKind::kConnect, EventKind::kSend, EventKind::kError})
      cast.events().Do(kind, [&](const Event&) { EXPECT_FALSE(tells()); });
    cast.events().React(EventKind::kReceive, [&](const Event&) {
      EXPECT_TRUE(tells());
      EXPECT_TRUE(cast.Send("leaves before the end"));
      EXPECT_TRUE(tells());
      return HR_ERROR;
    });
    const uint16_t port = FreePort();
    ASSERT_TRUE(cast.Start(kGroup, port)) << cast->GetLastErrorDetail();
    auto peer = BindPeer(kLoopback);
    ASSERT_TRUE(peer->SendTo(kLoopback, port, std::string(oversize ? 101 : 1, 'x')));
    EXPECT_TRUE(cast.events().WaitForCount(EventKind::kError, 1));
    EXPECT_EQ(cast.events().log().Count(EventKind::kReceive), oversize ? 0u : 1u);
  }
}

// Spec: decisions 8.5/3
TEST_P(UdpCastSuite, GivesItsSocketTheBuffersThatWereAskedFor) {
  if (NeedsKernel("reads SO_SNDBUF and SO_RCVBUF from a descriptor")) return;
  UdpCastUnderTest cast(GetParam());
  Prepare(cast);
  int send = 0;
  int receive = 0;
  cast.events().Do(EventKind::kPrepareConnect, [&](const Event& event) {
    send = harness::Environment::Current().GetOption(event.socket, SOL_SOCKET, SO_SNDBUF);
    receive = harness::Environment::Current().GetOption(event.socket, SOL_SOCKET, SO_RCVBUF);
  });
  const auto start = [&](uint32_t send_size, uint32_t receive_size) {
    cast.udp().SetSendBufferSize(send_size);
    cast.udp().SetReceiveBufferSize(receive_size);
    EXPECT_EQ(cast.udp().GetSendBufferSize(), send_size);
    EXPECT_EQ(cast.udp().GetReceiveBufferSize(), receive_size);
    EXPECT_TRUE(cast.Start(kGroup, FreePort())) << cast->GetLastErrorDetail();
    EXPECT_TRUE(cast->Stop());
  };
  start(0, 0);
  const int systems_send = send;
  const int systems_receive = receive;
  // Linux takes twice as much, for its own bookkeeping.
  start(16384, 32768);
  EXPECT_EQ(send, 2 * 16384);
  EXPECT_EQ(receive, 2 * 32768);
  start(0, 0);
  EXPECT_EQ(send, systems_send);
  EXPECT_EQ(receive, systems_receive);
}

// Spec: decisions 2.3
TEST_P(UdpCastSuite, KeepsTheOptionsThatOnPrepareConnectSets) {
  if (NeedsKernel("reads options from a descriptor")) return;
  auto& environment = harness::Environment::Current();
  for (const EnCastMode mode : {CM_MULTICAST, CM_BROADCAST}) {
    SCOPED_TRACE(mode);
    UdpCastUnderTest cast(GetParam());
    Prepare(cast);
    cast.udp().SetCastMode(mode);
    cast.udp().SetMultiCastTtl(3);
    cast.udp().SetMultiCastLoop(true);
    SOCKET socket = -1;
    cast.events().Do(EventKind::kPrepareConnect, [&](const Event& event) {
      socket = event.socket;
      if (mode == CM_BROADCAST) {
        EXPECT_EQ(environment.GetOption(socket, SOL_SOCKET, SO_BROADCAST), 1) << "set before";
      } else {
        EXPECT_EQ(environment.GetOption(socket, IPPROTO_IP, IP_MULTICAST_TTL), 3) << "set before";
        EXPECT_EQ(environment.GetOption(socket, IPPROTO_IP, IP_MULTICAST_LOOP), 1) << "set before";
      }
      EXPECT_EQ(environment.GetOption(socket, IPPROTO_IP, IP_MULTICAST_ALL), 0) << "set before";
      EXPECT_TRUE(environment.SetOption(socket, IPPROTO_IP, IP_MULTICAST_TTL, 9));
      EXPECT_TRUE(environment.SetOption(socket, IPPROTO_IP, IP_MULTICAST_LOOP, 0));
      EXPECT_TRUE(environment.SetOption(socket, IPPROTO_IP, IP_MULTICAST_ALL, 1));
    });
    ASSERT_TRUE(cast.Start(kGroup, FreePort())) << cast->GetLastErrorDetail();
    EXPECT_EQ(environment.GetOption(socket, IPPROTO_IP, IP_MULTICAST_TTL), 9);
    EXPECT_EQ(environment.GetOption(socket, IPPROTO_IP, IP_MULTICAST_LOOP), 0);
    EXPECT_EQ(environment.GetOption(socket, IPPROTO_IP, IP_MULTICAST_ALL), 1);
  }
}

// Spec: decisions 2.4, decisions 2.5
TEST_P(UdpCastSuite, StopsInsideItsOwnCallbacks) {
  UdpCastUnderTest cast(GetParam());
  Prepare(cast);
  cast.udp().SetMultiCastLoop(true);
  const uint16_t port = FreePort();
  cast.events().Do(EventKind::kReceive, [&](const Event&) { EXPECT_TRUE(cast->Stop()); });
  ASSERT_TRUE(cast.Start(kGroup, port)) << cast->GetLastErrorDetail();
  ASSERT_TRUE(cast.Send("stop"));
  EXPECT_TRUE(cast->Wait(harness::kPatienceMs));
  cast.events().React(EventKind::kReceive, nullptr);
  cast.events().DoOnce(EventKind::kConnect, [&](const Event&) { EXPECT_TRUE(cast->Stop()); });
  EXPECT_FALSE(cast.Start(kGroup, port)) << "its own Start fails";
  EXPECT_EQ(cast->GetLastError(), SE_ILLEGAL_STATE);
}

}  // namespace
}  // namespace hpsocket::conformance
