#include "hpsocket/core/net/network.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace hpsocket::core {
namespace {

// A descriptor that is closed at the end of the test.
class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) { EXPECT_GE(fd, 0) << -fd; }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { Close(); }

  int get() const { return fd_; }
  void Close() {
    if (fd_ >= 0) Network::System().Close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

class NetworkTest : public ::testing::Test {
 protected:
  static Address Loopback(int family = AF_INET) {
    Address address;
    EXPECT_TRUE(Address::ParseLiteral(family == AF_INET ? "127.0.0.1" : "::1", 0, &address));
    return address;
  }

  // The address that `fd` now listens on.
  Address ListenOn(const Fd& fd, int backlog, const Address& address = Loopback()) {
    EXPECT_EQ(network_.Bind(fd.get(), address), 0);
    EXPECT_EQ(network_.Listen(fd.get(), backlog), 0);
    Address bound;
    EXPECT_EQ(network_.LocalAddress(fd.get(), &bound), 0);
    return bound;
  }

  // Connects until the listener's queue is full, so that one more attempt stays unanswered.
  std::vector<std::unique_ptr<Fd>> FillBacklog(const Address& address) {
    std::vector<std::unique_ptr<Fd>> waiting;
    for (;;) {
      waiting.push_back(std::make_unique<Fd>(network_.OpenStream(AF_INET)));
      const TimePoint soon = Clock::System().Now() + FromMillis(50);
      const int result = network_.ConnectAndAwait(waiting.back()->get(), address, soon, canceller_);
      if (result == -ETIMEDOUT) return waiting;
      EXPECT_EQ(result, 0);
    }
  }

  int Connect(const Fd& fd, const Address& address) {
    return network_.ConnectAndAwait(fd.get(), address, kForever, canceller_);
  }

  Network& network_ = Network::System();
  ConnectCanceller canceller_;
};

TEST_F(NetworkTest, OpensNonBlockingCloseOnExecStreams) {
  for (const int family : {AF_INET, AF_INET6}) {
    const Fd fd(network_.OpenStream(family));
    EXPECT_NE(fcntl(fd.get(), F_GETFL) & O_NONBLOCK, 0);
    EXPECT_NE(fcntl(fd.get(), F_GETFD) & FD_CLOEXEC, 0);
    int type = 0;
    socklen_t length = sizeof(type);
    EXPECT_EQ(getsockopt(fd.get(), SOL_SOCKET, SO_TYPE, &type, &length), 0);
    EXPECT_EQ(type, SOCK_STREAM);
  }
}

TEST_F(NetworkTest, ReportsAFamilyThatIsNone) { EXPECT_EQ(network_.OpenStream(9999), -EAFNOSUPPORT); }

TEST_F(NetworkTest, TellsTheBoundPort) {
  const Fd listener(network_.OpenStream(AF_INET));
  const Address bound = ListenOn(listener, 5);
  EXPECT_NE(bound.port(), 0);
  EXPECT_EQ(bound.ToText(), "127.0.0.1");
}

TEST_F(NetworkTest, ReportsAPortInUse) {
  const Fd listener(network_.OpenStream(AF_INET));
  const Address bound = ListenOn(listener, 5);
  const Fd second(network_.OpenStream(AF_INET));
  EXPECT_EQ(network_.Bind(second.get(), bound), -EADDRINUSE);
}

TEST_F(NetworkTest, ReportsAnAddressThatIsNotOurs) {
  Address foreign;
  ASSERT_TRUE(Address::ParseLiteral("192.0.2.1", 0, &foreign));
  const Fd fd(network_.OpenStream(AF_INET));
  EXPECT_EQ(network_.Bind(fd.get(), foreign), -EADDRNOTAVAIL);
}

TEST_F(NetworkTest, EveryCallReportsABadDescriptor) {
  Address address = Loopback();
  iovec piece{&address, 1};
  EXPECT_EQ(network_.Bind(-1, address), -EBADF);
  EXPECT_EQ(network_.Listen(-1, 1), -EBADF);
  EXPECT_EQ(network_.LocalAddress(-1, &address), -EBADF);
  EXPECT_EQ(network_.PeerAddress(-1, &address), -EBADF);
  EXPECT_EQ(network_.SetOption(-1, SOL_SOCKET, SO_KEEPALIVE, 1), -EBADF);
  EXPECT_EQ(network_.SetAbortOnClose(-1), -EBADF);
  EXPECT_EQ(network_.ShutdownWrite(-1), -EBADF);
  EXPECT_EQ(network_.ShutdownBoth(-1), -EBADF);
  EXPECT_EQ(network_.SendNow(-1, &piece, 1), -EBADF);
  EXPECT_EQ(network_.ConnectAndAwait(-1, address, kForever, canceller_), -EBADF);
  EXPECT_EQ(network_.ReceiveDrops(-1), -EBADF);
}

TEST_F(NetworkTest, SetsOptions) {
  const Fd fd(network_.OpenStream(AF_INET));
  EXPECT_EQ(network_.SetOption(fd.get(), IPPROTO_TCP, TCP_NODELAY, 1), 0);
  int value = 0;
  socklen_t length = sizeof(value);
  EXPECT_EQ(getsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &value, &length), 0);
  EXPECT_EQ(value, 1);
}

TEST_F(NetworkTest, ConnectsAndBothEndsKnowEachOther) {
  for (const int family : {AF_INET, AF_INET6}) {
    const Fd listener(network_.OpenStream(family));
    const Address bound = ListenOn(listener, 5, Loopback(family));
    const Fd client(network_.OpenStream(family));
    ASSERT_EQ(Connect(client, bound), 0);
    const Fd server(accept(listener.get(), nullptr, nullptr));
    Address near, far;
    EXPECT_EQ(network_.PeerAddress(client.get(), &near), 0);
    EXPECT_EQ(near, bound);
    EXPECT_EQ(network_.LocalAddress(client.get(), &near), 0);
    EXPECT_EQ(network_.PeerAddress(server.get(), &far), 0);
    EXPECT_EQ(near, far);
  }
}

TEST_F(NetworkTest, ConnectsToADualStackListenerOverIpv4) {
  const Fd listener(network_.OpenStream(AF_INET6));
  ASSERT_EQ(network_.SetOption(listener.get(), IPPROTO_IPV6, IPV6_V6ONLY, 0), 0);
  const Address bound = ListenOn(listener, 5, Address::Any(AF_INET6, 0));
  Address target = Loopback();
  target.set_port(bound.port());
  const Fd client(network_.OpenStream(AF_INET));
  ASSERT_EQ(Connect(client, target), 0);
  const Fd server(accept(listener.get(), nullptr, nullptr));
  Address peer;
  ASSERT_EQ(network_.PeerAddress(server.get(), &peer), 0);
  EXPECT_EQ(peer.family(), AF_INET6);
  EXPECT_EQ(peer.Unmapped().ToText(), "127.0.0.1");
}

TEST_F(NetworkTest, ReportsARefusedConnect) {
  const Fd bound_only(network_.OpenStream(AF_INET));
  ASSERT_EQ(network_.Bind(bound_only.get(), Loopback()), 0);
  Address nobody;
  ASSERT_EQ(network_.LocalAddress(bound_only.get(), &nobody), 0);
  const Fd client(network_.OpenStream(AF_INET));
  EXPECT_EQ(Connect(client, nobody), -ECONNREFUSED);
}

TEST_F(NetworkTest, ReportsAnAddressOfAnotherFamily) {
  const Fd client(network_.OpenStream(AF_INET));
  EXPECT_LT(Connect(client, Loopback(AF_INET6)), 0);
}

TEST_F(NetworkTest, AConnectThatIsNotAnsweredTimesOut) {
  const Fd listener(network_.OpenStream(AF_INET));
  const Address bound = ListenOn(listener, 1);
  const auto waiting = FillBacklog(bound);
  const Fd client(network_.OpenStream(AF_INET));
  const TimePoint deadline = Clock::System().Now() + FromMillis(5);
  EXPECT_EQ(network_.ConnectAndAwait(client.get(), bound, deadline, canceller_), -ETIMEDOUT);
  EXPECT_GE(Clock::System().Now(), deadline);
}

TEST_F(NetworkTest, ADeadlineThatHasPassedDoesNotWait) {
  const Fd listener(network_.OpenStream(AF_INET));
  const Address bound = ListenOn(listener, 1);
  const auto waiting = FillBacklog(bound);
  const Fd client(network_.OpenStream(AF_INET));
  EXPECT_EQ(network_.ConnectAndAwait(client.get(), bound, kAtOnce, canceller_), -ETIMEDOUT);
}

TEST_F(NetworkTest, AnotherThreadCancelsAWaitingConnect) {
  const Fd listener(network_.OpenStream(AF_INET));
  const Address bound = ListenOn(listener, 1);
  const auto waiting = FillBacklog(bound);
  const Fd client(network_.OpenStream(AF_INET));
  std::thread other([this] { canceller_.Cancel(); });
  EXPECT_EQ(Connect(client, bound), -ECANCELED);
  other.join();
}

// What wakes the waiter is made when it is about to wait: whichever comes first, the cancel is not missed.
TEST_F(NetworkTest, ACancelThatMeetsTheBeginOfAWaitEndsIt) {
  const Fd listener(network_.OpenStream(AF_INET));
  const Address bound = ListenOn(listener, 1);
  const auto waiting = FillBacklog(bound);
  for (int i = 0; i < 300; ++i) {
    ConnectCanceller canceller;
    std::atomic<bool> begun{false};
    std::thread other([&] {
      while (!begun.load()) {
      }
      canceller.Cancel();
    });
    const Fd client(network_.OpenStream(AF_INET));
    begun.store(true);
    ASSERT_EQ(network_.ConnectAndAwait(client.get(), bound, kForever, canceller), -ECANCELED) << i;
    other.join();
  }
}

TEST_F(NetworkTest, ACancelledCancellerLetsNothingBegin) {
  const Fd listener(network_.OpenStream(AF_INET));
  const Address bound = ListenOn(listener, 1);
  EXPECT_FALSE(canceller_.cancelled());
  canceller_.Cancel();
  canceller_.Cancel();
  EXPECT_TRUE(canceller_.cancelled());
  const Fd client(network_.OpenStream(AF_INET));
  EXPECT_EQ(Connect(client, bound), -ECANCELED);
  Address peer;
  EXPECT_EQ(network_.PeerAddress(client.get(), &peer), -ENOTCONN);
}

// Two connected descriptors, the first one non-blocking.
class NetworkPairTest : public NetworkTest {
 protected:
  NetworkPairTest() : listener_(network_.OpenStream(AF_INET)), near_(network_.OpenStream(AF_INET)) {
    const Address bound = ListenOn(listener_, 1);
    EXPECT_EQ(Connect(near_, bound), 0);
    far_ = std::make_unique<Fd>(accept(listener_.get(), nullptr, nullptr));
  }

  const Fd listener_;
  Fd near_;
  std::unique_ptr<Fd> far_;
};

TEST_F(NetworkPairTest, SendsAGatherListInOrder) {
  std::string words[] = {"one ", "two ", "three"};
  iovec pieces[3];
  for (size_t i = 0; i < 3; ++i) pieces[i] = {words[i].data(), words[i].size()};
  EXPECT_EQ(network_.SendNow(near_.get(), pieces, 3), 13);
  EXPECT_EQ(network_.SendNow(near_.get(), pieces, 1), 4);
  char text[17];
  EXPECT_EQ(recv(far_->get(), text, sizeof(text), MSG_WAITALL), 17);
  EXPECT_EQ(std::string(text, sizeof(text)), "one two threeone ");
}

TEST_F(NetworkPairTest, TakesAGatherListThatIsLongerThanTheKernelAllows) {
  char byte = 'x';
  std::vector<iovec> pieces(3000, iovec{&byte, 1});
  const int64_t sent = network_.SendNow(near_.get(), pieces.data(), static_cast<int>(pieces.size()));
  EXPECT_GE(sent, 1);
  EXPECT_LE(sent, 3000);
}

TEST_F(NetworkPairTest, TellsWhenTheKernelTakesNoMore) {
  std::vector<char> block(1 << 20);
  iovec piece{block.data(), block.size()};
  int64_t result = 0;
  int64_t total = 0;
  while ((result = network_.SendNow(near_.get(), &piece, 1)) > 0) total += result;
  EXPECT_EQ(result, -EAGAIN);
  EXPECT_GT(total, 0);
}

TEST_F(NetworkPairTest, ASendAfterTheEndRaisesNoSignal) {
  EXPECT_EQ(network_.ShutdownWrite(near_.get()), 0);
  char byte = 'x';
  iovec piece{&byte, 1};
  EXPECT_EQ(network_.SendNow(near_.get(), &piece, 1), -EPIPE);
}

TEST_F(NetworkPairTest, ShutdownWriteEndsOneDirectionOnly) {
  EXPECT_EQ(network_.ShutdownWrite(near_.get()), 0);
  char byte = 'x';
  EXPECT_EQ(recv(far_->get(), &byte, 1, 0), 0);
  iovec piece{&byte, 1};
  EXPECT_EQ(network_.SendNow(far_->get(), &piece, 1), 1);
  pollfd readable{near_.get(), POLLIN, 0};
  ASSERT_EQ(poll(&readable, 1, 20000), 1);
  EXPECT_EQ(recv(near_.get(), &byte, 1, 0), 1);
}

TEST_F(NetworkPairTest, ShutdownBothEndsBoth) {
  EXPECT_EQ(network_.ShutdownBoth(near_.get()), 0);
  char byte = 'x';
  EXPECT_EQ(recv(near_.get(), &byte, 1, 0), 0);
  EXPECT_EQ(recv(far_->get(), &byte, 1, 0), 0);
}

TEST_F(NetworkPairTest, AbortOnCloseResetsTheConnection) {
  EXPECT_EQ(network_.SetAbortOnClose(near_.get()), 0);
  near_.Close();
  char byte = 'x';
  EXPECT_EQ(recv(far_->get(), &byte, 1, 0), -1);
  EXPECT_EQ(errno, ECONNRESET);
}

TEST_F(NetworkPairTest, TakeErrorTellsAResetOnceAndLeavesWhatCameBefore) {
  EXPECT_EQ(network_.TakeError(far_->get()), 0);
  char byte = 'x';
  iovec piece{&byte, 1};
  EXPECT_EQ(network_.SendNow(near_.get(), &piece, 1), 1);
  EXPECT_EQ(network_.SetAbortOnClose(near_.get()), 0);
  near_.Close();
  pollfd failed{far_->get(), 0, 0};
  ASSERT_EQ(poll(&failed, 1, 20000), 1);
  EXPECT_EQ(network_.TakeError(far_->get()), -ECONNRESET);
  EXPECT_EQ(network_.TakeError(far_->get()), 0);
  EXPECT_EQ(recv(far_->get(), &byte, 1, 0), 1);
  EXPECT_EQ(recv(far_->get(), &byte, 1, 0), 0) << "the end is told, the reset is not";
  EXPECT_EQ(network_.TakeError(-1), -EBADF);
}

TEST_F(NetworkTest, ResolvesLiteralsAndReportsNegativeErrors) {
  std::vector<Address> found;
  std::string detail;
  EXPECT_EQ(network_.Resolve("127.0.0.1", 9, &found, &detail), 0);
  EXPECT_EQ(found.size(), 1u);
  EXPECT_EQ(network_.Resolve(std::string(64, 'x') + ".invalid", 9, &found, &detail), -EADDRNOTAVAIL);
  EXPECT_FALSE(detail.empty());
}

}  // namespace
}  // namespace hpsocket::core
