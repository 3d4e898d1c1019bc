#include "hpsocket/core/io/uring_receiver.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/io/uring_port.h"
#include "hpsocket/core/io/uring_test_support.h"

namespace hpsocket::core {
namespace {

using UringReceiverTest = UringRequired;

PortOptions SmallOptions() {
  PortOptions options;
  options.small_buffer_size = 64;
  options.small_buffer_count = 64;
  options.large_buffer_size = 4096;
  options.large_buffer_count = 4;
  return options;
}

std::unique_ptr<UringPort> OpenPort(const PortOptions& options) {
  auto port = std::make_unique<UringPort>();
  std::string why;
  EXPECT_EQ(port->Open(options, &why), 0) << why;
  return port;
}

std::string Bytes(size_t size, char first) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(first + static_cast<char>(i % 23));
  return bytes;
}

// Of the bytes that each has received.
std::pair<size_t, size_t> LeastAndMost(const std::vector<std::unique_ptr<Pair>>& pairs) {
  const auto [least, most] = std::minmax_element(pairs.begin(), pairs.end(), [](auto& one, auto& other) {
    return one->receive.bytes.size() < other->receive.bytes.size();
  });
  return {(*least)->receive.bytes.size(), (*most)->receive.bytes.size()};
}

bool InLargeGroup(const UringPort& port, const Pair& pair) {
  return port.receiver()->in_large_group(pair.receive);
}

TEST_F(UringReceiverTest, OneReceiveLastsForManyMessages) {
  auto port = OpenPort(SmallOptions());
  Pair pair(*port);
  port->Receive(pair.receive);
  std::string sent;
  for (int i = 0; i < 500; ++i) {
    const std::string message = Bytes(static_cast<size_t>(1 + i % 64), static_cast<char>('A' + i % 20));
    sent += message;
    pair.Write(message);
    ASSERT_TRUE(RunUntil(*port, [&] { return pair.receive.bytes.size() == sent.size(); }));
  }
  EXPECT_EQ(pair.receive.bytes, sent);
  EXPECT_TRUE(pair.receive.ends.empty());
  EXPECT_EQ(port->stats().leases, 0u);
  pair.ClosePeer();
  ASSERT_TRUE(RunUntil(*port, [&] { return !pair.receive.ends.empty(); }));
  EXPECT_EQ(pair.receive.ends, std::vector<int>{0});
}

TEST_F(UringReceiverTest, WhoFillsSmallBuffersMovesToTheLargeGroupAndBack) {
  auto port = OpenPort(SmallOptions());
  const uint64_t small_memory = port->stats().buffer_bytes;
  Pair pair(*port);
  port->Receive(pair.receive);
  std::string sent = Bytes(64 * 20, 'A');
  pair.Write(sent);
  ASSERT_TRUE(
      RunUntil(*port, [&] { return pair.receive.bytes.size() == sent.size() && InLargeGroup(*port, pair); }));
  EXPECT_GT(port->stats().buffer_bytes, small_memory) << "made when first needed";

  std::vector<uint32_t> lengths;
  pair.receive.received = [&](ReceiveBuffer&, uint32_t, uint32_t length) { lengths.push_back(length); };
  const std::string large = Bytes(4096, 'B');
  sent += large;
  pair.Write(large);
  ASSERT_TRUE(RunUntil(*port, [&] { return pair.receive.bytes.size() == sent.size(); }));
  EXPECT_EQ(lengths, std::vector<uint32_t>{4096});

  // Seven short ones are not enough when a long one follows.
  for (int i = 0; i < 2 * UringReceiver::kManyShort + 6; ++i) {
    const std::string message = Bytes(i == 7 ? 2000 : 10, 'C');
    EXPECT_TRUE(InLargeGroup(*port, pair) == (i < 16)) << i;
    sent += message;
    pair.Write(message);
    ASSERT_TRUE(RunUntil(*port, [&] { return pair.receive.bytes.size() == sent.size(); }));
    RunDry(*port);
  }
  EXPECT_EQ(pair.receive.bytes, sent);
  EXPECT_TRUE(pair.receive.ends.empty());
}

// Large buffers run out: who found none is served in turn, and nothing is lost.
// Spec: fault 36
TEST_F(UringReceiverTest, LargeBuffersAreSharedFairly) {
  PortOptions options = SmallOptions();
  options.small_buffer_count = 256;
  auto port = OpenPort(options);
  constexpr size_t kSockets = 12;
  std::vector<std::unique_ptr<Pair>> pairs;
  std::string sent = Bytes(64 * 20, 'A');
  for (size_t i = 0; i < kSockets; ++i) {
    pairs.push_back(std::make_unique<Pair>(*port));
    port->Receive(pairs.back()->receive);
    pairs.back()->Write(sent);
    ASSERT_TRUE(RunUntil(*port, [&] {
      return pairs[i]->receive.bytes.size() == sent.size() && InLargeGroup(*port, *pairs[i]);
    }));
  }
  const std::string burst = Bytes(4096 * 10, 'B');
  sent += burst;
  for (auto& pair : pairs) pair->Write(burst);
  ASSERT_TRUE(RunUntil(*port, [&] {
    const auto [least, most] = LeastAndMost(pairs);
    // The first round is the kernel's; from then on everybody has a turn.
    EXPECT_LE(most - least, 4096u * (options.large_buffer_count + 2));
    return least == sent.size() || testing::Test::HasFailure();
  }));
  EXPECT_GT(port->stats().buffer_shortages, 0u);
  for (auto& pair : pairs) {
    EXPECT_EQ(pair->receive.bytes, sent);
    EXPECT_TRUE(pair->receive.ends.empty());
    EXPECT_TRUE(InLargeGroup(*port, *pair));
  }
}

TEST_F(UringReceiverTest, EveryByteArrivesInOrderHoweverGroupsChange) {
  auto port = OpenPort(SmallOptions());
  Pair pair(*port);
  port->Receive(pair.receive);
  std::string sent;
  uint32_t random = 1;
  for (int i = 0; i < 3000; ++i) {
    random = random * 1664525 + 1013904223;
    const size_t size = (random >> 8) % ((random >> 28) == 0 ? 9000 : 90) + 1;
    const std::string message = Bytes(size, static_cast<char>('A' + i % 40));
    sent += message;
    pair.Write(message);
    if (random % 3 == 0) port->RunOnce(kAtOnce);
    if (sent.size() - pair.receive.bytes.size() > 50'000) {
      ASSERT_TRUE(RunUntil(*port, [&] { return pair.receive.bytes.size() == sent.size(); }));
    }
  }
  ASSERT_TRUE(RunUntil(*port, [&] { return pair.receive.bytes.size() == sent.size(); }));
  EXPECT_EQ(pair.receive.bytes, sent);
}

// Two buffers, many sockets with data at the same time: everybody is served, and nobody spins.
// Spec: fault 36
TEST_F(UringReceiverTest, WhoFindsNoBufferWaitsInAFairLine) {
  PortOptions options = SmallOptions();
  options.small_buffer_count = 2;
  options.large_buffer_count = 0;
  auto port = OpenPort(options);
  constexpr size_t kSockets = 60;
  std::vector<std::unique_ptr<Pair>> pairs;
  for (size_t i = 0; i < kSockets; ++i) {
    pairs.push_back(std::make_unique<Pair>(*port));
    port->Receive(pairs.back()->receive);
  }
  const std::string sent = Bytes(64 * 10, 'A');
  for (auto& pair : pairs) pair->Write(sent);
  ASSERT_TRUE(RunUntil(*port, [&] {
    const auto [least, most] = LeastAndMost(pairs);
    EXPECT_LE(most - least, 64u * 4) << "one fast sender does not keep the others waiting";
    return least == sent.size() || testing::Test::HasFailure();
  }));
  EXPECT_GE(port->stats().buffer_shortages, kSockets - 2);
  EXPECT_LE(port->stats().receive_calls, kSockets * 40) << "asked only when there are buffers";
  for (auto& pair : pairs) {
    EXPECT_EQ(pair->receive.bytes, sent);
    EXPECT_TRUE(pair->receive.ends.empty());
  }
  // And after the shortage each receive lasts again.
  for (auto& pair : pairs) pair->Write("again");
  ASSERT_TRUE(RunUntil(*port, [&] {
    return std::all_of(pairs.begin(), pairs.end(),
                       [&](auto& pair) { return pair->receive.bytes.size() == sent.size() + 5; });
  }));
}

// Spec: fault 36
TEST_F(UringReceiverTest, LeasedBuffersAreWaitedForWithoutSpinning) {
  PortOptions options = SmallOptions();
  options.small_buffer_count = 2;
  options.large_buffer_count = 0;
  auto port = OpenPort(options);
  Pair first(*port);
  Pair second(*port);
  std::vector<ReceiveBuffer*> leased;
  const auto lease = [&](ReceiveBuffer& buffer, uint32_t, uint32_t) {
    // Past the limit on purpose: what the rounds after that do is the point.
    buffer.AddLease();
    leased.push_back(&buffer);
  };
  first.receive.received = lease;
  second.receive.received = lease;
  port->Receive(first.receive);
  port->Receive(second.receive);
  first.Write(Bytes(64 * 2, 'A'));
  ASSERT_TRUE(RunUntil(*port, [&] { return leased.size() == 2; }));
  EXPECT_EQ(port->stats().leases, 2u);
  second.Write("waits");
  ASSERT_TRUE(RunUntil(*port, [&] { return second.receive.port_queued; }));
  const uint64_t calls = port->stats().receive_calls;
  port->RunOnce(Clock::System().Now() + std::chrono::milliseconds(2));
  RunDry(*port, 100);
  EXPECT_EQ(port->stats().receive_calls, calls);
  EXPECT_TRUE(second.receive.bytes.empty());

  second.receive.received = nullptr;
  leased.back()->DropLease();
  leased.pop_back();
  ASSERT_TRUE(RunUntil(*port, [&] { return second.receive.bytes == "waits"; }));
  leased.back()->DropLease();
}

TEST_F(UringReceiverTest, WhoIsCancelledInLineIsToldInTheNextRound) {
  PortOptions options = SmallOptions();
  options.small_buffer_count = 2;
  options.large_buffer_count = 0;
  auto port = OpenPort(options);
  std::vector<ReceiveBuffer*> leased;
  Pair hog(*port);
  hog.receive.received = [&](ReceiveBuffer& buffer, uint32_t, uint32_t) {
    buffer.AddLease();
    leased.push_back(&buffer);
  };
  port->Receive(hog.receive);
  hog.Write(Bytes(64 * 2, 'A'));
  ASSERT_TRUE(RunUntil(*port, [&] { return leased.size() == 2; }));

  constexpr size_t kSockets = 20;
  std::vector<std::unique_ptr<Pair>> pairs;
  for (size_t i = 0; i < kSockets; ++i) {
    pairs.push_back(std::make_unique<Pair>(*port));
    pairs.back()->Write("x");
    port->Receive(pairs.back()->receive);
  }
  ASSERT_TRUE(RunUntil(*port, [&] {
    return std::all_of(pairs.begin(), pairs.end(), [](auto& pair) { return pair->receive.port_queued; });
  }));
  for (size_t i = 0; i < kSockets; i += 2) port->Cancel(pairs[i]->receive);
  // Cancelling neighbours from inside an end does not upset the line.
  pairs[0]->receive.ended = [&](int) { port->Cancel(pairs[1]->receive); };
  port->RunOnce(kForever);
  for (size_t i = 0; i < kSockets; ++i) {
    EXPECT_EQ(pairs[i]->receive.ends, i % 2 == 0 ? std::vector<int>{-ECANCELED} : std::vector<int>{}) << i;
  }
  port->RunOnce(kForever);
  EXPECT_EQ(pairs[1]->receive.ends, std::vector<int>{-ECANCELED});
  for (ReceiveBuffer* buffer : leased) buffer->DropLease();
  ASSERT_TRUE(RunUntil(*port, [&] { return pairs[kSockets - 1]->receive.bytes == "x"; }));
  // Nothing was lost: who starts again gets the byte.
  port->Receive(pairs[0]->receive);
  ASSERT_TRUE(RunUntil(*port, [&] { return pairs[0]->receive.bytes == "x"; }));
}

// Cancels at every point of the way, data at every point: each byte comes once, in order, over all the
// receives of a socket, and each receive ends once.
// Spec: fault 38
TEST_F(UringReceiverTest, CancelStormsLoseNothing) {
  PortOptions options = SmallOptions();
  options.small_buffer_count = 8;
  auto port = OpenPort(options);
  constexpr size_t kSockets = 12;
  std::vector<std::unique_ptr<Pair>> pairs;
  std::vector<std::string> sent(kSockets);
  std::vector<size_t> starts(kSockets, 1);
  for (size_t i = 0; i < kSockets; ++i) {
    pairs.push_back(std::make_unique<Pair>(*port));
    port->Receive(pairs.back()->receive);
  }
  uint32_t random = 7;
  const auto next = [&random](uint32_t below) {
    random = random * 1664525 + 1013904223;
    return (random >> 8) % below;
  };
  for (size_t i = 0; i < kSockets; ++i) {
    pairs[i]->receive.received = [&, i](ReceiveBuffer&, uint32_t, uint32_t) {
      if (next(4) == 0) port->Cancel(pairs[i]->receive);
    };
    pairs[i]->receive.ended = [&, i](int result) {
      EXPECT_EQ(result, -ECANCELED);
      if (next(2) == 0) {
        ++starts[i];
        port->Receive(pairs[i]->receive);
        if (next(4) == 0) port->Cancel(pairs[i]->receive);
      }
    };
  }
  for (int step = 0; step < 20'000; ++step) {
    const size_t i = next(kSockets);
    Pair& pair = *pairs[i];
    switch (next(4)) {
      case 0:
        port->Cancel(pair.receive);
        break;
      case 1:
        if (!pair.receive.in_flight()) {
          ++starts[i];
          port->Receive(pair.receive);
        }
        break;
      case 2: {
        if (sent[i].size() - pair.receive.bytes.size() > 20'000) break;
        const std::string message = Bytes(next(500) + 1, static_cast<char>('A' + step % 40));
        sent[i] += message;
        pair.Write(message);
        break;
      }
      default:
        port->RunOnce(kAtOnce);
    }
  }
  for (size_t i = 0; i < kSockets; ++i) {
    pairs[i]->receive.received = nullptr;
    pairs[i]->receive.ended = nullptr;
    port->Cancel(pairs[i]->receive);
    ASSERT_TRUE(RunUntil(*port, [&] { return !pairs[i]->receive.in_flight(); }));
    EXPECT_EQ(pairs[i]->receive.ends.size(), starts[i]);
    port->Receive(pairs[i]->receive);
  }
  for (size_t i = 0; i < kSockets; ++i) {
    ASSERT_TRUE(RunUntil(*port, [&] { return pairs[i]->receive.bytes.size() >= sent[i].size(); }));
    EXPECT_EQ(pairs[i]->receive.bytes, sent[i]) << i;
  }
}

// A completion queue of eight entries ends multishot receives again and again; they go on unnoticed.
// Spec: fault 35, fault 37
TEST_F(UringReceiverTest, CompletionOverflowLosesNothing) {
  UringPort port(UringRing::Options{.submission_entries = 8, .completion_entries = 8});
  std::string why;
  ASSERT_EQ(port.Open(SmallOptions(), &why), 0) << why;
  constexpr size_t kSockets = 40;
  std::vector<std::unique_ptr<Pair>> pairs;
  for (size_t i = 0; i < kSockets; ++i) {
    pairs.push_back(std::make_unique<Pair>(port));
    port.Receive(pairs.back()->receive);
  }
  std::string sent;
  for (int i = 0; i < 50; ++i) {
    const std::string message = Bytes(200, static_cast<char>('A' + i % 40));
    sent += message;
    for (auto& pair : pairs) pair->Write(message);
    if (i % 5 == 4) {
      for (auto& pair : pairs) {
        ASSERT_TRUE(RunUntil(port, [&] { return pair->receive.bytes.size() == sent.size(); }));
      }
    }
  }
  for (auto& pair : pairs) {
    EXPECT_EQ(pair->receive.bytes, sent);
    EXPECT_TRUE(pair->receive.ends.empty());
    pair->ClosePeer();
  }
  EXPECT_GT(port.stats().cq_overflows, 0u);
  for (auto& pair : pairs) {
    ASSERT_TRUE(RunUntil(port, [&] { return pair->receive.ends.size() == 1; }));
    EXPECT_EQ(pair->receive.ends.front(), 0);
  }
}

TEST_F(UringReceiverTest, BytesThatArrivedComeBeforeTheEnd) {
  auto port = OpenPort(SmallOptions());
  Pair pair(*port);
  port->Receive(pair.receive);
  const std::string sent = Bytes(5000, 'A');
  pair.Write(sent);
  pair.ClosePeer();
  ASSERT_TRUE(RunUntil(*port, [&] { return !pair.receive.ends.empty(); }));
  EXPECT_EQ(pair.receive.bytes, sent);
  EXPECT_EQ(pair.receive.ends, std::vector<int>{0});
}

}  // namespace
}  // namespace hpsocket::core
