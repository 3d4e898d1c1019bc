#include "hpsocket/testing/harness/raw_peer.h"

#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <memory>
#include <string>

#include "gtest/gtest.h"

namespace hpsocket::harness {
namespace {

struct Pair {
  Pair() : listener(RawPeerListener::Open({})), one(RawPeer::Connect("127.0.0.1", listener->port(), {})) {
    other = listener->Accept(Deadline::Patient());
  }

  std::unique_ptr<RawPeerListener> listener;
  std::unique_ptr<Peer> one;
  std::unique_ptr<Peer> other;
};

TEST(RawPeerTest, CarriesBytesBothWays) {
  Pair pair;
  ASSERT_NE(pair.one, nullptr);
  ASSERT_NE(pair.other, nullptr);
  EXPECT_TRUE(pair.one->Send("there", Deadline::Patient()));
  EXPECT_EQ(pair.other->Receive(5, Deadline::Patient()), "there");
  EXPECT_TRUE(pair.other->Send("back", Deadline::Patient()));
  EXPECT_EQ(pair.one->Receive(4, Deadline::Patient()), "back");
  EXPECT_EQ(pair.one->local_port(), pair.other->remote_port());
  EXPECT_EQ(pair.one->remote_port(), pair.listener->port());
}

TEST(RawPeerTest, TellsAnOrderlyEndFromAReset) {
  Pair orderly;
  orderly.one->Send("last words", Deadline::Patient());
  orderly.one->HalfClose();
  StreamEnd end = StreamEnd::kOpen;
  EXPECT_EQ(orderly.other->ReceiveToEnd(&end, Deadline::Patient()), "last words");
  EXPECT_EQ(end, StreamEnd::kOrderly);
  EXPECT_TRUE(orderly.other->Send("still", Deadline::Patient()));
  EXPECT_EQ(orderly.one->Receive(5, Deadline::Patient()), "still");

  Pair reset;
  reset.one->Reset();
  EXPECT_EQ(reset.other->AwaitEnd(Deadline::Patient()), StreamEnd::kReset);
}

TEST(RawPeerTest, SaysWhenNothingComesInTime) {
  Pair pair;
  const Deadline soon = Deadline::In(std::chrono::milliseconds(1));
  EXPECT_EQ(pair.one->Receive(1, soon), "");
  EXPECT_EQ(pair.one->AwaitEnd(soon), StreamEnd::kOpen);
}

TEST(RawPeerTest, CannotConnectWhereNobodyListens) {
  uint16_t port = 0;
  {
    const auto listener = RawPeerListener::Open({});
    port = listener->port();
  }
  EXPECT_EQ(RawPeer::Connect("127.0.0.1", port, {}), nullptr);
  EXPECT_EQ(errno, ECONNREFUSED);
}

TEST(RawPeerTest, ASilentListenerNeitherAcceptsNorRefuses) {
  PeerListenOptions options;
  options.silent = true;
  const auto listener = RawPeerListener::Open(options);
  ASSERT_NE(listener, nullptr);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_storage name;
  const socklen_t length = NameOf("127.0.0.1", listener->port(), &name);
  EXPECT_EQ(connect(fd, reinterpret_cast<const sockaddr*>(&name), length), -1);
  EXPECT_EQ(errno, EINPROGRESS);
  // Takes the descriptor over; a connection that is not there has no other side.
  RawPeer peer(fd);
  EXPECT_EQ(peer.remote_port(), 0);
  EXPECT_EQ(listener->Accept(Deadline::In(std::chrono::milliseconds(1))), nullptr);
}

TEST(RawPeerTest, KnowsOnlyLiterals) {
  sockaddr_storage name;
  EXPECT_GT(NameOf("127.0.0.1", 80, &name), 0u);
  EXPECT_EQ(PortOf(name), 80);
  EXPECT_GT(NameOf("::1", 443, &name), 0u);
  EXPECT_EQ(PortOf(name), 443);
  EXPECT_EQ(NameOf("localhost", 80, &name), 0u);
}

}  // namespace
}  // namespace hpsocket::harness
