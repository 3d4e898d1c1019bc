#include "hpsocket/core/io/fake_kernel.h"

#include <gtest/gtest.h>
#include <netinet/tcp.h>

#include <cerrno>

namespace hpsocket::core {
namespace {

Address Literal(const char* text, uint16_t port) {
  Address address;
  EXPECT_TRUE(Address::ParseLiteral(text, port, &address)) << text;
  return address;
}

class FakeKernelTest : public ::testing::Test {
 protected:
  int Socket(int family = AF_INET) { return kernel_.NewSocket(family, false); }

  int Listener(const Address& address, int backlog = 16) {
    const int fd = Socket(address.family());
    EXPECT_EQ(kernel_.Bind(fd, address), 0);
    EXPECT_EQ(kernel_.Listen(fd, backlog), 0);
    return fd;
  }

  Address AddressOf(int fd) {
    Address address;
    EXPECT_EQ(kernel_.LocalAddress(fd, &address), 0);
    return address;
  }

  // Lets everything happen that is under way, up to `limit` from now.
  void Settle(Duration limit = Duration::zero()) {
    const TimePoint end = clock_.Now() + limit;
    for (;;) {
      kernel_.RunDueEvents();
      if (kernel_.NextEvent() > end) break;
      clock_.AdvanceTo(kernel_.NextEvent());
    }
    clock_.AdvanceTo(end);
  }

  int ConnectTo(const Address& address) {
    const int fd = Socket(address.family());
    EXPECT_EQ(kernel_.StartConnect(fd, address), 0);
    Settle();
    return fd;
  }

  // Both ends of a connection.
  void Pair(int* near, int* far) {
    listener_ = Listener(Literal("127.0.0.1", 0));
    *near = ConnectTo(AddressOf(listener_));
    Address peer;
    *far = kernel_.Accept(listener_, &peer);
    EXPECT_GE(*far, 0);
    EXPECT_EQ(peer, AddressOf(*near));
  }

  int64_t Write(int fd, const std::string& bytes) {
    const iovec piece{const_cast<char*>(bytes.data()), bytes.size()};
    return kernel_.Write(fd, &piece, 1, bytes.size());
  }

  int64_t ReadResult(int fd) {
    uint8_t block[256];
    return kernel_.Read(fd, block, sizeof(block));
  }

  std::string ReadText(int fd, size_t length = 4096) {
    std::string text(length, '\0');
    const int64_t result = kernel_.Read(fd, reinterpret_cast<uint8_t*>(text.data()), length);
    text.resize(result > 0 ? static_cast<size_t>(result) : 0);
    return text;
  }

  FakeClock clock_;
  FakeTrace trace_;
  FakeFaults faults_{FakeWorldOptions::Calm(1), trace_};
  FakeKernel kernel_{clock_, faults_, trace_};
  int listener_ = -1;
};

TEST_F(FakeKernelTest, CarriesBytesInOrderBothWays) {
  int near, far;
  Pair(&near, &far);
  EXPECT_EQ(ReadResult(far), -EAGAIN);
  EXPECT_EQ(Write(near, "one"), 3);
  EXPECT_EQ(Write(near, "two"), 3);
  EXPECT_EQ(Write(far, "back"), 4);
  EXPECT_EQ(ReadText(far, 4), "onet");
  EXPECT_EQ(ReadText(far), "wo");
  EXPECT_EQ(ReadText(near), "back");
}

TEST_F(FakeKernelTest, TakesNoMoreThanBothBuffersHold) {
  faults_.options().send_buffer = 10;
  faults_.options().receive_buffer = 6;
  int near, far;
  Pair(&near, &far);
  EXPECT_EQ(Write(near, std::string(20, 'a')), 10);
  EXPECT_EQ(Write(near, std::string(20, 'b')), 6);
  EXPECT_FALSE(kernel_.Writable(near));
  EXPECT_EQ(Write(near, "c"), -EAGAIN);
  EXPECT_EQ(ReadText(far), "aaaaaa");
  EXPECT_TRUE(kernel_.Writable(near));
  EXPECT_EQ(ReadText(far), "aaaabb");
  EXPECT_EQ(ReadText(far), "bbbb");
}

TEST_F(FakeKernelTest, UnsentLowWaterMarkBoundsWhatTheKernelHolds) {
  faults_.options().receive_buffer = 1;
  int near, far;
  Pair(&near, &far);
  ASSERT_EQ(kernel_.SetOption(near, IPPROTO_TCP, TCP_NOTSENT_LOWAT, 100), 0);
  EXPECT_EQ(Write(near, std::string(1000, 'a')), 100);
  EXPECT_EQ(Write(near, std::string(1000, 'a')), 1);
  EXPECT_EQ(kernel_.UnsentBytes(near), 100u);
}

TEST_F(FakeKernelTest, FinComesAfterTheLastByteAndLeavesTheOtherWayOpen) {
  int near, far;
  Pair(&near, &far);
  EXPECT_EQ(Write(near, "last"), 4);
  EXPECT_EQ(kernel_.ShutdownWrite(near), 0);
  EXPECT_EQ(Write(near, "more"), -EPIPE);
  EXPECT_EQ(ReadText(far), "last");
  EXPECT_EQ(ReadResult(far), 0);
  EXPECT_EQ(ReadResult(far), 0);
  EXPECT_EQ(Write(far, "still"), 5);
  EXPECT_EQ(ReadText(near), "still");
}

TEST_F(FakeKernelTest, CloseWithUnreadBytesResetsThePeer) {
  int near, far;
  Pair(&near, &far);
  EXPECT_EQ(Write(near, "unread"), 6);
  kernel_.Close(far);
  EXPECT_EQ(ReadResult(near), -ECONNRESET);
  EXPECT_EQ(ReadResult(near), 0);
  EXPECT_EQ(Write(near, "x"), -EPIPE);
}

TEST_F(FakeKernelTest, AbortOnCloseResetsThePeerAfterWhatHasArrived) {
  int near, far;
  Pair(&near, &far);
  EXPECT_EQ(Write(far, "data"), 4);
  kernel_.SetAbortOnClose(far);
  kernel_.Close(far);
  EXPECT_EQ(ReadText(near), "data");
  EXPECT_EQ(Write(near, "x"), -ECONNRESET);
  EXPECT_EQ(Write(near, "x"), -EPIPE);
}

TEST_F(FakeKernelTest, BytesForAClosedSocketAreAnsweredWithAReset) {
  int near, far;
  Pair(&near, &far);
  kernel_.Close(far);
  EXPECT_EQ(ReadResult(near), 0);
  EXPECT_EQ(Write(near, "x"), 1);
  EXPECT_EQ(ReadResult(near), 0);  // the FIN came first
  EXPECT_EQ(Write(near, "x"), -EPIPE);
}

TEST_F(FakeKernelTest, ClosedSocketStillDeliversWhatItHad) {
  faults_.options().receive_buffer = 2;
  int near, far;
  Pair(&near, &far);
  EXPECT_EQ(Write(far, "abcdef"), 6);
  kernel_.Close(far);
  std::string received;
  for (int i = 0; i < 3; ++i) received += ReadText(near);
  EXPECT_EQ(received, "abcdef");
  EXPECT_EQ(ReadResult(near), 0);
}

TEST_F(FakeKernelTest, ShutdownOfBothDirectionsWakesTheReader) {
  int near, far;
  Pair(&near, &far);
  EXPECT_FALSE(kernel_.Readable(near));
  EXPECT_EQ(kernel_.ShutdownBoth(near), 0);
  EXPECT_TRUE(kernel_.Readable(near));
  EXPECT_EQ(ReadResult(near), 0);
  EXPECT_EQ(ReadResult(far), 0);
}

TEST_F(FakeKernelTest, ConnectWithoutListenerIsRefused) {
  const int fd = ConnectTo(Literal("127.0.0.1", 7));
  EXPECT_EQ(kernel_.ConnectResult(fd), -ECONNREFUSED);
}

TEST_F(FakeKernelTest, ConnectToASilentHostTimesOutAfterTwoMinutes) {
  kernel_.AddSilentHost(Literal("192.0.2.1", 0));
  const int fd = ConnectTo(Literal("192.0.2.1", 7));
  Settle(std::chrono::seconds(126));
  EXPECT_EQ(kernel_.ConnectResult(fd), -EINPROGRESS);
  Settle(std::chrono::seconds(1));
  EXPECT_EQ(kernel_.ConnectResult(fd), -ETIMEDOUT);
}

TEST_F(FakeKernelTest, ConnectToAForeignHostHasNoRoute) {
  const int fd = Socket();
  EXPECT_EQ(kernel_.StartConnect(fd, Literal("192.0.2.1", 7)), -ENETUNREACH);
}

TEST_F(FakeKernelTest, FullBacklogMakesTheNextOneWait) {
  const int listener = Listener(Literal("127.0.0.1", 0), 1);
  const int first = ConnectTo(AddressOf(listener));
  const int second = ConnectTo(AddressOf(listener));
  const int third = ConnectTo(AddressOf(listener));
  EXPECT_EQ(kernel_.ConnectResult(first), 0);
  EXPECT_EQ(kernel_.ConnectResult(second), 0);
  EXPECT_EQ(kernel_.ConnectResult(third), -EINPROGRESS);
  Address peer;
  EXPECT_GE(kernel_.Accept(listener, &peer), 0);
  Settle(std::chrono::seconds(1));
  EXPECT_EQ(kernel_.ConnectResult(third), 0);
}

TEST_F(FakeKernelTest, ClosingAListenerResetsWhoWaitsInItsQueue) {
  const int listener = Listener(Literal("127.0.0.1", 0));
  const Address address = AddressOf(listener);
  const int client = ConnectTo(address);
  kernel_.Close(listener);
  EXPECT_EQ(ReadResult(client), -ECONNRESET);
  EXPECT_EQ(kernel_.ConnectResult(ConnectTo(address)), -ECONNREFUSED);
}

TEST_F(FakeKernelTest, PortInUseIsRefusedAlsoAcrossWildcardsAndFamilies) {
  const int listener = Listener(Literal("0.0.0.0", 8000));
  for (const char* text : {"127.0.0.1", "0.0.0.0"}) {
    const int fd = Socket();
    kernel_.SetOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    EXPECT_EQ(kernel_.Bind(fd, Literal(text, 8000)), -EADDRINUSE) << text;
  }
  EXPECT_EQ(kernel_.Bind(Socket(AF_INET6), Literal("::", 8000)), -EADDRINUSE);
  const int v6_only = Socket(AF_INET6);
  kernel_.SetOption(v6_only, IPPROTO_IPV6, IPV6_V6ONLY, 1);
  EXPECT_EQ(kernel_.Bind(v6_only, Literal("::", 8000)), 0);
  kernel_.Close(listener);
  EXPECT_EQ(kernel_.Bind(Socket(), Literal("127.0.0.1", 8000)), 0);
}

TEST_F(FakeKernelTest, TwoMayBindWithReuseButOnlyOneMayListen) {
  int fds[2];
  for (int& fd : fds) {
    fd = Socket();
    kernel_.SetOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    EXPECT_EQ(kernel_.Bind(fd, Literal("127.0.0.1", 8000)), 0);
  }
  EXPECT_EQ(kernel_.Listen(fds[0], 1), 0);
  EXPECT_EQ(kernel_.Listen(fds[1], 1), -EADDRINUSE);
}

TEST_F(FakeKernelTest, TimeWaitKeepsThePortFromThoseWithoutReuse) {
  int near, far;
  Pair(&near, &far);
  const Address address = AddressOf(listener_);
  kernel_.Close(far);  // the server's side closes first
  kernel_.Close(near);
  kernel_.Close(listener_);
  EXPECT_EQ(kernel_.Bind(Socket(), address), -EADDRINUSE);
  Settle(std::chrono::seconds(61));
  EXPECT_EQ(kernel_.Bind(Socket(), address), 0);
}

TEST_F(FakeKernelTest, ForeignAddressesAndWrongFamiliesCannotBeBound) {
  EXPECT_EQ(kernel_.Bind(Socket(), Literal("192.0.2.1", 0)), -EADDRNOTAVAIL);
  EXPECT_EQ(kernel_.Bind(Socket(), Literal("::1", 0)), -EAFNOSUPPORT);
  EXPECT_EQ(kernel_.Bind(Socket(AF_INET6), Literal("127.0.0.1", 0)), -EINVAL);
  kernel_.AddLocalAddress(Literal("192.0.2.1", 0));
  EXPECT_EQ(kernel_.Bind(Socket(), Literal("192.0.2.1", 0)), 0);
}

TEST_F(FakeKernelTest, DualStackListenerShowsIpv4ClientsAsMapped) {
  const int listener = Listener(Literal("::", 0));
  ConnectTo(Literal("127.0.0.1", AddressOf(listener).port()));
  ConnectTo(Literal("::1", AddressOf(listener).port()));
  Address first, second;
  ASSERT_GE(kernel_.Accept(listener, &first), 0);
  ASSERT_GE(kernel_.Accept(listener, &second), 0);
  EXPECT_EQ(first.ToText(), "::ffff:127.0.0.1");
  EXPECT_EQ(second.ToText(), "::1");
}

TEST_F(FakeKernelTest, EphemeralPortsRunOut) {
  faults_.options().first_ephemeral_port = 50000;
  faults_.options().last_ephemeral_port = 50002;
  const int listener = Listener(Literal("127.0.0.1", 9000));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(kernel_.ConnectResult(ConnectTo(AddressOf(listener))), 0);
  EXPECT_EQ(kernel_.StartConnect(Socket(), AddressOf(listener)), -EADDRNOTAVAIL);
  EXPECT_EQ(kernel_.Bind(Socket(), Literal("127.0.0.1", 0)), -EADDRINUSE);
}

TEST_F(FakeKernelTest, DescriptorsRunOutAndTheConnectionWaits) {
  faults_.options().max_descriptors = 2;
  const int listener = Listener(Literal("127.0.0.1", 0));
  const int client = ConnectTo(AddressOf(listener));
  Address peer;
  EXPECT_EQ(kernel_.Accept(listener, &peer), -EMFILE);
  EXPECT_EQ(Socket(), -EMFILE);
  faults_.options().max_descriptors = 3;
  EXPECT_GE(kernel_.Accept(listener, &peer), 0);
  EXPECT_EQ(kernel_.ConnectResult(client), 0);
}

TEST_F(FakeKernelTest, SilenceHoldsBytesUntilItEnds) {
  int near, far;
  Pair(&near, &far);
  kernel_.SetSilent(near, true);
  EXPECT_EQ(Write(near, "late"), 4);
  Settle(std::chrono::seconds(900));
  EXPECT_EQ(ReadResult(far), -EAGAIN);
  kernel_.SetSilent(near, false);
  EXPECT_EQ(ReadText(far), "late");
}

// Spec: fault 3
TEST_F(FakeKernelTest, KeepAliveEndsASilentConnection) {
  int near, far;
  Pair(&near, &far);
  kernel_.SetOption(near, SOL_SOCKET, SO_KEEPALIVE, 1);
  kernel_.SetOption(near, IPPROTO_TCP, TCP_KEEPIDLE, 60);
  kernel_.SetOption(near, IPPROTO_TCP, TCP_KEEPINTVL, 20);
  kernel_.SetSilent(near, true);
  Settle(std::chrono::seconds(60 + 9 * 20 - 1));
  EXPECT_EQ(ReadResult(near), -EAGAIN);
  Settle(std::chrono::seconds(1));
  EXPECT_EQ(ReadResult(near), -ETIMEDOUT);
  EXPECT_EQ(ReadResult(far), -EAGAIN);
}

TEST_F(FakeKernelTest, BytesThatNobodyAcknowledgesTimeOut) {
  int near, far;
  Pair(&near, &far);
  kernel_.SetSilent(near, true);
  EXPECT_EQ(Write(near, "x"), 1);
  Settle(std::chrono::seconds(925));
  EXPECT_EQ(Write(near, "x"), -ETIMEDOUT);
}

TEST_F(FakeKernelTest, ShutdownOfAListenerEndsAcceptingAndOfAConnectTheConnecting) {
  const int listener = Listener(Literal("127.0.0.1", 0));
  EXPECT_EQ(kernel_.ShutdownBoth(listener), 0);
  Address peer;
  EXPECT_TRUE(kernel_.Acceptable(listener));
  EXPECT_EQ(kernel_.Accept(listener, &peer), -EINVAL);
  kernel_.AddSilentHost(Literal("192.0.2.1", 0));
  const int fd = ConnectTo(Literal("192.0.2.1", 7));
  EXPECT_EQ(kernel_.ShutdownBoth(fd), 0);
  EXPECT_EQ(kernel_.ConnectResult(fd), -ECONNRESET);
}

TEST_F(FakeKernelTest, DelayedPacketsKeepTheStreamInOrder) {
  faults_.options().delay = 0.7;
  faults_.options().reorder = 0.5;
  int near, far;
  listener_ = Listener(Literal("127.0.0.1", 0));
  near = Socket();
  ASSERT_EQ(kernel_.StartConnect(near, AddressOf(listener_)), 0);
  Settle(std::chrono::seconds(1));
  Address peer;
  far = kernel_.Accept(listener_, &peer);
  std::string sent, received;
  for (int i = 0; i < 200; ++i) {
    const std::string piece = std::to_string(i) + ",";
    ASSERT_EQ(Write(near, piece), static_cast<int64_t>(piece.size()));
    sent += piece;
    if (i % 3 == 0) Settle(std::chrono::milliseconds(1));
    received += ReadText(far);
  }
  kernel_.Close(near);
  Settle(std::chrono::seconds(1));
  received += ReadText(far);
  EXPECT_EQ(received, sent);
  EXPECT_EQ(ReadResult(far), 0);
}

using FakeKernelDeathTest = FakeKernelTest;

TEST_F(FakeKernelDeathTest, StopsWhoTouchesAClosedDescriptor) {
  const int fd = Socket();
  kernel_.Close(fd);
  EXPECT_DEATH(kernel_.Close(fd), "a descriptor was used that is not open");
  EXPECT_DEATH(kernel_.Listen(5, 1), "a descriptor was used that is not open");
}

}  // namespace
}  // namespace hpsocket::core
