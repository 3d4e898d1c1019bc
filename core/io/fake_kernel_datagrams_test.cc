// The simulated kernel's UDP does what Linux does.
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/core/io/fake_kernel.h"

namespace hpsocket::core {
namespace {

Address Literal(const char* host, uint16_t port = 0) {
  Address address;
  EXPECT_TRUE(Address::ParseLiteral(host, port, &address)) << host;
  return address;
}

class FakeKernelDatagramsTest : public ::testing::Test {
 protected:
  FakeKernelDatagramsTest() : faults_(FakeWorldOptions::Calm(1), trace_), kernel_(clock_, faults_, trace_) {}

  int Bound(const char* host, uint16_t port = 0) {
    const int fd = kernel_.NewDatagramSocket(Literal(host).family(), false);
    EXPECT_EQ(kernel_.Bind(fd, Literal(host, port)), 0);
    return fd;
  }
  Address NameOf(int fd) {
    Address name;
    kernel_.LocalAddress(fd, &name);
    return name;
  }
  int Send(int fd, const Address& to, const std::string& bytes) {
    return kernel_.SendDatagram(fd, &to, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  }
  size_t Waiting(int fd) { return kernel_.Get(fd).datagrams.size(); }

  FakeClock clock_;
  FakeTrace trace_;
  FakeFaults faults_;
  FakeKernel kernel_;
};

TEST_F(FakeKernelDatagramsTest, TheOneThatGoesOverTheBufferIsTakenAndThoseAfterItAreDropped) {
  const int sender = Bound("127.0.0.1");
  const int receiver = Bound("127.0.0.1");
  kernel_.SetOption(receiver, SOL_SOCKET, SO_RCVBUF, 100);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(Send(sender, NameOf(receiver), std::string(60, 'x')), 0);
  EXPECT_EQ(Waiting(receiver), 2u);
  EXPECT_EQ(kernel_.DatagramDrops(receiver), 2u);
  FakeDatagram datagram;
  EXPECT_TRUE(kernel_.ReceiveDatagram(receiver, &datagram));
  EXPECT_EQ(Send(sender, NameOf(receiver), std::string(65507, 'x')), 0);
  EXPECT_EQ(Waiting(receiver), 2u) << "however long";
}

TEST_F(FakeKernelDatagramsTest, ASocketThatIsFullTakesSomethingLater) {
  const int sender = Bound("127.0.0.1");
  const int receiver = Bound("127.0.0.1");
  faults_.options().datagram_full = 1;
  EXPECT_EQ(Send(sender, NameOf(receiver), "x"), -EAGAIN);
  EXPECT_FALSE(kernel_.Writable(sender));
  faults_.options().datagram_full = 0;
  EXPECT_EQ(Send(sender, NameOf(receiver), "x"), -EAGAIN) << "for the moment";
  clock_.AdvanceTo(kernel_.NextEvent());
  kernel_.RunDueEvents();
  EXPECT_TRUE(kernel_.Writable(sender));
  EXPECT_EQ(Send(sender, NameOf(receiver), "x"), 0);
}

TEST_F(FakeKernelDatagramsTest, OnlyAConnectedSocketTellsRefusalsAndNeverTwiceInARow) {
  const int server = Bound("127.0.0.1");
  const int client = Bound("127.0.0.1");
  faults_.options().datagram_refusal = 1;
  EXPECT_FALSE(kernel_.TellsRefusal(client));
  EXPECT_EQ(kernel_.ConnectDatagram(client, NameOf(server)), 0);
  EXPECT_TRUE(kernel_.TellsRefusal(client));
  EXPECT_FALSE(kernel_.TellsRefusal(client));
  EXPECT_TRUE(kernel_.TellsRefusal(client));
}

TEST_F(FakeKernelDatagramsTest, AWildcardToConnectToIsThisHost) {
  const int server = Bound("127.0.0.1");
  const int client = Bound("127.0.0.1");
  EXPECT_EQ(kernel_.ConnectDatagram(client, Address::Any(AF_INET, NameOf(server).port())), 0);
  Address peer;
  EXPECT_EQ(kernel_.PeerAddress(client, &peer), 0);
  EXPECT_EQ(peer, NameOf(server));
  EXPECT_EQ(Send(server, NameOf(client), "x"), 0);
  EXPECT_EQ(Waiting(client), 1u);
}

TEST_F(FakeKernelDatagramsTest, BroadcastsNeedAnInterfaceAndPermission) {
  const int receiver = Bound("0.0.0.0", 4000);
  const int sender = Bound("0.0.0.0");
  const Address everybody = Literal("255.255.255.255", 4000);
  EXPECT_EQ(Send(sender, everybody, "x"), -ENETUNREACH);
  EXPECT_EQ(kernel_.SetSendInterface(sender, Literal("192.0.2.1"), true), -ENODEV);
  EXPECT_EQ(kernel_.SetSendInterface(sender, Literal("0.0.0.0"), true), 0);
  EXPECT_EQ(Send(sender, everybody, "x"), -ENETUNREACH) << "nothing was named";
  EXPECT_EQ(kernel_.SetSendInterface(sender, Literal("127.0.0.1", 7), true), 0);
  EXPECT_EQ(Send(sender, everybody, "x"), -EACCES);
  EXPECT_EQ(kernel_.SetOption(sender, SOL_SOCKET, SO_BROADCAST, 1), 0);
  EXPECT_EQ(Send(sender, everybody, "x"), 0);
  EXPECT_EQ(Waiting(receiver), 1u);
  EXPECT_EQ(kernel_.ConnectDatagram(sender, everybody), 0);
}

TEST_F(FakeKernelDatagramsTest, GroupsAreJoinedOnAnInterfaceOfThisHost) {
  const int member = Bound("0.0.0.0", 4000);
  const int sender = Bound("0.0.0.0");
  const Address group = Literal("233.0.0.1", 4000);
  EXPECT_EQ(kernel_.JoinGroup(member, Literal("127.0.0.1"), Literal("127.0.0.1"), Address()), -EINVAL);
  EXPECT_EQ(kernel_.JoinGroup(member, group, Literal("0.0.0.0"), Address()), -ENODEV);
  EXPECT_EQ(kernel_.JoinGroup(member, group, Literal("192.0.2.1"), Address()), -ENODEV);
  EXPECT_EQ(Send(sender, group, "x"), 0);
  EXPECT_EQ(Waiting(member), 0u);
  EXPECT_EQ(kernel_.JoinGroup(member, group, Literal("127.0.0.1"), Address()), 0);
  EXPECT_EQ(Send(sender, group, "x"), 0);
  EXPECT_EQ(Waiting(member), 1u);
  EXPECT_EQ(kernel_.SetOption(sender, IPPROTO_IP, IP_MULTICAST_LOOP, 0), 0);
  EXPECT_EQ(Send(sender, group, "x"), 0);
  EXPECT_EQ(Waiting(member), 2u) << "the loopback interface gives everything back";
}

TEST_F(FakeKernelDatagramsTest, AGroupIsJoinedOnceForEachSource) {
  const Address group = Literal("233.0.0.1", 4000);
  const Address here = Literal("127.0.0.1");
  const int any = Bound("0.0.0.0", 4000);
  EXPECT_EQ(kernel_.JoinGroup(any, group, here, Address()), 0);
  EXPECT_EQ(kernel_.JoinGroup(any, group, here, Address()), -EADDRINUSE);
  const int picky = Bound("0.0.0.0", 4001);
  EXPECT_EQ(kernel_.JoinGroup(picky, group, here, Literal("127.0.0.2")), 0);
  EXPECT_EQ(kernel_.JoinGroup(picky, group, here, Literal("127.0.0.3")), 0);
  EXPECT_EQ(kernel_.JoinGroup(picky, group, here, Literal("127.0.0.2")), -EADDRNOTAVAIL);
}

}  // namespace
}  // namespace hpsocket::core
