#include "hpsocket/core/io/uring_port.h"

#include <netinet/in.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/io/uring_test_support.h"

namespace hpsocket::core {
namespace {

using UringPortTest = UringRequired;

std::unique_ptr<UringPort> OpenPort(const PortOptions& options = {}) {
  auto port = std::make_unique<UringPort>();
  std::string why;
  EXPECT_EQ(port->Open(options, &why), 0) << why;
  return port;
}

PortOptions ClientOptions() {
  PortOptions options;
  options.single_socket = true;
  return options;
}

iovec Piece(std::string& bytes) { return {.iov_base = bytes.data(), .iov_len = bytes.size()}; }

std::string ReadAll(int fd, size_t size) {
  std::string bytes(size, '\0');
  EXPECT_EQ(recv(fd, bytes.data(), size, MSG_WAITALL), static_cast<ssize_t>(size));
  return bytes;
}

TEST_F(UringPortTest, SendsOneOrManyPieces) {
  auto port = OpenPort();
  Pair pair(*port);
  std::string hello = "hello";
  std::string world = " world";
  iovec pieces[] = {Piece(hello), Piece(world)};
  EXPECT_EQ(port->Send(pair.send, pieces, 1), CompletionPort::kPending);
  ASSERT_TRUE(RunUntil(*port, [&] { return pair.send.results.size() == 1; }));
  EXPECT_EQ(port->Send(pair.send, pieces, 2), CompletionPort::kPending);
  // The list itself is free at once; what it points to is not.
  pieces[0] = pieces[1] = {};
  ASSERT_TRUE(RunUntil(*port, [&] { return pair.send.results.size() == 2; }));
  EXPECT_EQ(pair.send.results, (std::vector<int64_t>{5, 11}));
  EXPECT_EQ(ReadAll(pair.peer, 16), "hellohello world");
  EXPECT_EQ(port->stats().send_calls, 2u);
}

TEST_F(UringPortTest, GatherListsOfManySendsInOneRoundDoNotMix) {
  auto port = OpenPort();
  // More than the queue takes at once.
  constexpr size_t kSockets = 400;
  std::vector<std::unique_ptr<Pair>> pairs;
  std::vector<std::string> parts(3 * kSockets);
  for (size_t i = 0; i < kSockets; ++i) {
    pairs.push_back(std::make_unique<Pair>(*port));
    iovec pieces[3];
    for (size_t j = 0; j < 3; ++j) {
      parts[3 * i + j] = std::to_string(1000 * j + i) + ";";
      pieces[j] = Piece(parts[3 * i + j]);
    }
    port->Send(pairs.back()->send, pieces, 3);
  }
  for (size_t i = 0; i < kSockets; ++i) {
    ASSERT_TRUE(RunUntil(*port, [&] { return !pairs[i]->send.results.empty(); }));
    const std::string expected = parts[3 * i] + parts[3 * i + 1] + parts[3 * i + 2];
    ASSERT_EQ(ReadAll(pairs[i]->peer, expected.size()), expected);
  }
}

// Sends the rest of what has left so far until a send has to wait for the peer.
void SendUntilOneWaits(UringPort& port, Pair& pair, const std::string& bytes, int64_t* left) {
  *left = 0;
  do {
    ASSERT_LT(*left, static_cast<int64_t>(bytes.size())) << "nobody reads";
    pair.send.results.clear();
    const iovec piece = {const_cast<char*>(bytes.data()) + *left, bytes.size() - static_cast<size_t>(*left)};
    port.Send(pair.send, &piece, 1);
    RunDry(port);
    for (const int64_t result : pair.send.results) *left += result;
  } while (!pair.send.results.empty());
}

TEST_F(UringPortTest, ACancelledSendReportsWhatLeft) {
  auto port = OpenPort();
  Pair pair(*port);
  const std::string large(8 << 20, 'x');
  int64_t left = 0;
  ASSERT_NO_FATAL_FAILURE(SendUntilOneWaits(*port, pair, large, &left));
  port->Cancel(pair.send);
  port->Cancel(pair.send);
  ASSERT_TRUE(RunUntil(*port, [&] { return pair.send.results.size() == 1; }));
  EXPECT_EQ(pair.send.results[0], -ECANCELED);
  ASSERT_GT(left, 0);
  ReadAll(pair.peer, static_cast<size_t>(left));
  char byte;
  EXPECT_EQ(recv(pair.peer, &byte, 1, MSG_DONTWAIT), -1) << "not a byte more";
}

TEST_F(UringPortTest, ASendThatNothingLeftOfSaysSo) {
  auto port = OpenPort();
  Pair pair(*port);
  std::string filler(8 << 20, 'x');
  while (::send(pair.socket.fd, filler.data(), filler.size(), MSG_DONTWAIT | MSG_NOSIGNAL) > 0) {
  }
  std::string more = "more";
  const iovec piece = Piece(more);
  port->Send(pair.send, &piece, 1);
  RunDry(*port);
  port->Cancel(pair.send);
  ASSERT_TRUE(RunUntil(*port, [&] { return !pair.send.results.empty(); }));
  EXPECT_EQ(pair.send.results, std::vector<int64_t>{-ECANCELED});
}

// Spec: fault 31
TEST_F(UringPortTest, SendingToSomebodyGoneIsAnErrorAndNoSignal) {
  auto port = OpenPort();
  Pair pair(*port);
  pair.ClosePeer();
  std::string bytes = "bytes";
  const iovec piece = Piece(bytes);
  port->Send(pair.send, &piece, 1);
  ASSERT_TRUE(RunUntil(*port, [&] { return !pair.send.results.empty(); }));
  EXPECT_EQ(pair.send.results, std::vector<int64_t>{-EPIPE});
}

TEST_F(UringPortTest, AClosedDescriptorIsFreeAfterTheNextRound) {
  auto port = OpenPort();
  Pair pair(*port);
  const int fd = pair.socket.fd;
  port->Close(pair.socket);
  EXPECT_EQ(pair.socket.fd, -1);
  port->Close(pair.socket);  // of nothing
  port->RunOnce(kAtOnce);
  EXPECT_EQ(fcntl(fd, F_GETFD), -1);
  char byte;
  EXPECT_EQ(recv(pair.peer, &byte, 1, 0), 0);
}

TEST_F(UringPortTest, DestructionClosesWhatIsQueued) {
  int fds[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
  {
    auto port = OpenPort();
    PortSocket socket{.fd = fds[0]};
    port->Close(socket);
  }
  char byte;
  EXPECT_EQ(recv(fds[1], &byte, 1, 0), 0);
  close(fds[1]);
}

TEST_F(UringPortTest, ConnectsOrSaysWhyNot) {
  auto port = OpenPort();
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&name), sizeof(name)), 0);
  socklen_t length = sizeof(name);
  ASSERT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&name), &length), 0);
  for (const bool listens : {false, true}) {
    if (listens) {
      ASSERT_EQ(listen(listener, 1), 0);
    }
    PortSocket socket{.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    RecordingConnect connect;
    connect.socket = &socket;
    connect.address = Address::FromSockaddr(reinterpret_cast<sockaddr*>(&name), sizeof(name));
    port->Connect(connect);
    ASSERT_TRUE(RunUntil(*port, [&] { return !connect.results.empty(); }));
    EXPECT_EQ(connect.results, std::vector<int>{listens ? 0 : -ECONNREFUSED});
    port->Close(socket);
  }
  close(listener);
}

TEST_F(UringPortTest, WakeEndsTheNextWaitAndCountsOnce) {
  auto port = OpenPort();
  port->RunOnce(kAtOnce);
  port->Wake();
  port->Wake();
  port->RunOnce(kForever);
  // Seen: this one lasts until its deadline.
  const TimePoint deadline = Clock::System().Now() + std::chrono::milliseconds(3);
  port->RunOnce(deadline);
  EXPECT_GE(Clock::System().Now(), deadline);
}

TEST_F(UringPortTest, WakeFromOtherThreadsIsNeverMissed) {
  for (const Duration busy_poll : {Duration(0), Duration(std::chrono::microseconds(20))}) {
    PortOptions options = ClientOptions();
    options.busy_poll = busy_poll;
    auto port = OpenPort(options);
    constexpr int kLast = 3000;
    std::atomic<int> written{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i) {
      threads.emplace_back([&] {
        for (int j = 0; j < kLast; ++j) {
          written.fetch_add(1, std::memory_order_relaxed);
          port->Wake();
        }
      });
    }
    // Were one missed, the last round would wait for ever.
    while (written.load(std::memory_order_relaxed) < 2 * kLast) port->RunOnce(kForever);
    for (std::thread& thread : threads) thread.join();
  }
}

TEST_F(UringPortTest, AClientsPortReceivesIntoABufferOfItsOwn) {
  auto port = OpenPort(ClientOptions());
  EXPECT_EQ(port->receiver(), nullptr);
  EXPECT_EQ(port->stats().buffer_bytes, 0u);
  Pair pair(*port);
  port->Receive(pair.receive);
  EXPECT_EQ(port->stats().buffer_bytes, 4096u);
  std::string sent;
  for (int i = 0; i < 200; ++i) {
    const std::string message(static_cast<size_t>(1 + i * 37), static_cast<char>('A' + i % 50));
    sent += message;
    pair.Write(message);
    ASSERT_TRUE(RunUntil(*port, [&] { return pair.receive.bytes.size() == sent.size(); }));
  }
  EXPECT_EQ(pair.receive.bytes, sent);
  EXPECT_EQ(port->stats().buffer_bytes, 4096u);
  pair.ClosePeer();
  ASSERT_TRUE(RunUntil(*port, [&] { return !pair.receive.ends.empty(); }));
  EXPECT_EQ(pair.receive.ends, std::vector<int>{0});
}

TEST_F(UringPortTest, AClientsLeasedBufferIsLeftAlone) {
  auto port = OpenPort(ClientOptions());
  Pair pair(*port);
  std::vector<ReceiveBuffer*> leased;
  pair.receive.received = [&](ReceiveBuffer& buffer, uint32_t, uint32_t) {
    if (!buffer.home()->may_lease()) return;
    buffer.AddLease();
    leased.push_back(&buffer);
  };
  port->Receive(pair.receive);
  std::string sent;
  for (int i = 0; i < 20; ++i) {
    sent += static_cast<char>('A' + i);
    pair.Write(sent.substr(sent.size() - 1));
    ASSERT_TRUE(RunUntil(*port, [&] { return pair.receive.bytes.size() == sent.size(); }));
  }
  EXPECT_EQ(pair.receive.bytes, sent);
  ASSERT_GE(leased.size(), 2u);
  for (size_t i = 0; i < leased.size(); ++i) {
    EXPECT_EQ(*leased[i]->data(), sent[i]);
    leased[i]->DropLease();
  }
  EXPECT_EQ(port->stats().leases, 0u);
}

TEST_F(UringPortTest, AClientsReceiveIsCancelledAndGoesOn) {
  auto port = OpenPort(ClientOptions());
  Pair pair(*port);
  for (int i = 0; i < 100; ++i) {
    port->Receive(pair.receive);
    if (i % 3 != 0) port->RunOnce(kAtOnce);
    pair.Write("x");
    if (i % 2 != 0) port->RunOnce(kAtOnce);
    port->Cancel(pair.receive);
    ASSERT_TRUE(RunUntil(*port, [&] { return !pair.receive.in_flight(); }));
    EXPECT_EQ(pair.receive.ends.back(), -ECANCELED);
  }
  port->Receive(pair.receive);
  ASSERT_TRUE(RunUntil(*port, [&] { return pair.receive.bytes.size() == 100; }));
}

TEST_F(UringPortTest, SpinningFindsWhatComes) {
  PortOptions options;
  options.busy_poll = std::chrono::milliseconds(1);
  auto port = OpenPort(options);
  Pair pair(*port);
  port->Receive(pair.receive);
  for (size_t i = 1; i <= 50; ++i) {
    pair.Write("x");
    ASSERT_TRUE(RunUntil(*port, [&] { return pair.receive.bytes.size() == i; }));
  }
  const TimePoint deadline = Clock::System().Now() + std::chrono::milliseconds(3);
  while (Clock::System().Now() < deadline) port->RunOnce(deadline);
}

}  // namespace
}  // namespace hpsocket::core
