#include "hpsocket/core/io/fake_network.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

#include "hpsocket/core/io/fake_peer.h"
#include "hpsocket/core/io/fake_world.h"

namespace hpsocket::core {
namespace {

Address Literal(const char* text, uint16_t port = 0) {
  Address address;
  HP_CHECK(Address::ParseLiteral(text, port, &address));
  return address;
}

class FakeNetworkTest : public ::testing::Test {
 protected:
  int Connect(const Address& address, Duration patience) {
    fd_ = network().OpenStream(address.family());
    const int result = network().ConnectAndAwait(fd_, address, world_.clock().Now() + patience, canceller_);
    network().Close(fd_);
    return result;
  }

  FakeNetwork& network() { return world_.fake_network(); }

  FakeWorld world_;
  ConnectCanceller canceller_;
  int fd_ = -1;
};

TEST_F(FakeNetworkTest, ResolvesLiteralsAndNamesOfItsTable) {
  network().AddName("both.test", {"127.0.0.2", "::1"});
  std::vector<Address> addresses;
  std::string detail;
  EXPECT_EQ(network().Resolve("::1", 80, &addresses, &detail), 0);
  ASSERT_EQ(addresses.size(), 1u);
  EXPECT_EQ(addresses[0], Literal("::1", 80));
  EXPECT_EQ(network().Resolve("both.test", 81, &addresses, &detail), 0);
  ASSERT_EQ(addresses.size(), 2u);
  EXPECT_EQ(addresses[0], Literal("127.0.0.2", 81));
  EXPECT_EQ(network().Resolve("nobody.test", 81, &addresses, &detail), -EADDRNOTAVAIL);
  EXPECT_TRUE(addresses.empty());
  EXPECT_NE(detail.find("nobody.test"), std::string::npos);
}

TEST_F(FakeNetworkTest, SlowNamesTakeVirtualTime) {
  network().AddName("slow.test", {"127.0.0.1"}, std::chrono::seconds(30));
  const TimePoint start = world_.clock().Now();
  std::vector<Address> addresses;
  std::string detail;
  EXPECT_EQ(network().Resolve("slow.test", 1, &addresses, &detail), 0);
  EXPECT_EQ(world_.clock().Now() - start, std::chrono::seconds(30));
}

TEST_F(FakeNetworkTest, ConnectAndAwaitConnectsIsRefusedOrTimesOut) {
  FakePeer listener(world_);
  ASSERT_EQ(listener.Listen(Literal("::")), 0);
  const uint16_t port = listener.local_address().port();
  EXPECT_EQ(Connect(Literal("127.0.0.1", port), std::chrono::seconds(10)), 0);
  EXPECT_EQ(Connect(Literal("::1", port), std::chrono::seconds(10)), 0);
  EXPECT_EQ(Connect(Literal("127.0.0.1", 1), std::chrono::seconds(10)), -ECONNREFUSED);
  world_.kernel().AddSilentHost(Literal("192.0.2.1"));
  const TimePoint start = world_.clock().Now();
  EXPECT_EQ(Connect(Literal("192.0.2.1", 1), std::chrono::seconds(10)), -ETIMEDOUT);
  EXPECT_EQ(world_.clock().Now() - start, std::chrono::seconds(10));
}

TEST_F(FakeNetworkTest, CancellingEndsAConnectThatWaits) {
  world_.kernel().AddSilentHost(Literal("192.0.2.1"));
  world_.kernel().After(std::chrono::seconds(3), [this] { canceller_.Cancel(); });
  EXPECT_EQ(Connect(Literal("192.0.2.1", 1), std::chrono::seconds(10)), -ECANCELED);
}

TEST_F(FakeNetworkTest, SendNowTakesWhatThereIsRoomFor) {
  world_.faults().options().send_buffer = 100;
  world_.faults().options().receive_buffer = 50;
  FakePeer listener(world_);
  ASSERT_EQ(listener.Listen(Literal("127.0.0.1")), 0);
  const int fd = network().OpenStream(AF_INET);
  ASSERT_EQ(network().ConnectAndAwait(fd, listener.local_address(), kForever, canceller_), 0);
  const auto peer = listener.Accept();
  std::string bytes(1000, 'a');
  const iovec pieces[] = {{bytes.data(), 30}, {bytes.data(), 970}};
  EXPECT_EQ(network().SendNow(fd, pieces, 2), 100);
  EXPECT_EQ(network().SendNow(fd, pieces, 2), 50);
  EXPECT_EQ(network().SendNow(fd, pieces, 2), -EAGAIN);
  EXPECT_EQ(peer->Receive(150), std::string(150, 'a'));
  world_.faults().FailNext(FakeCall::kSendNow, ECONNRESET);
  EXPECT_EQ(network().SendNow(fd, pieces, 2), -ECONNRESET);
  EXPECT_EQ(peer->AwaitEnd(), -ECONNRESET);
  network().Close(fd);
}

TEST_F(FakeNetworkTest, InjectedErrorsComeFromEveryCallAndAreCounted) {
  const uint64_t before = world_.calls();
  const int fd = network().OpenStream(AF_INET);
  Address address;
  world_.FailCall(before + 2, EPERM);
  EXPECT_EQ(network().Bind(fd, Literal("127.0.0.1")), -EPERM);
  world_.FailCall(before + 3);
  EXPECT_EQ(network().Listen(fd, 1), -EADDRINUSE);
  world_.FailCall(before + 4);
  EXPECT_LT(network().LocalAddress(fd, &address), 0);
  world_.FailCall(before + 5);
  EXPECT_LT(network().PeerAddress(fd, &address), 0);
  world_.FailCall(before + 6);
  EXPECT_LT(network().SetOption(fd, SOL_SOCKET, SO_REUSEADDR, 1), 0);
  EXPECT_EQ(network().Option(fd, SOL_SOCKET, SO_REUSEADDR, 0), 0);
  world_.FailCall(before + 7);
  EXPECT_LT(network().SetAbortOnClose(fd), 0);
  EXPECT_EQ(world_.calls(), before + 7);
  EXPECT_EQ(world_.faults().failures(), 6u);
  network().Close(fd);
}

}  // namespace
}  // namespace hpsocket::core
