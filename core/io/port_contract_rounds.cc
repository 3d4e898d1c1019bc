// Internal to core. Tests only.
//
// The port contract's clauses on rounds: waiting, waking, what handlers may do, descriptors that
// come back, and several ports.
//
// Threads:  as each test says.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "hpsocket/core/io/port_contract_fixture.h"

namespace hpsocket::core {
namespace {

// Answers every byte that it receives with one, out of its handlers.
class Answerer {
 public:
  Answerer(PortDriver& driver, int fd, uint64_t answers)
      : near(driver, fd), driver_(driver), owed_left_(answers) {
    near.receive.on_received = [this](ReceiveBuffer&, uint32_t, uint32_t length) {
      heard += length;
      owed_ += length;
      Pay();
    };
    near.send.on_sent = [this](int64_t result) {
      EXPECT_GE(result, 0);
      if (result > 0) Paid();
      Pay();
    };
    near.Receive();
  }

  void Begin() {
    owed_ = 1;
    Pay();
  }

  NearEnd near;
  uint64_t heard = 0;

 private:
  void Pay() {
    while (owed_ > 0 && owed_left_ > 0 && !near.send.in_flight()) {
      static char byte = '!';
      const iovec piece{&byte, 1};
      const int64_t result = driver_.port()->Send(near.send, &piece, 1);
      if (result == CompletionPort::kPending) return;
      EXPECT_EQ(result, 1);
      Paid();
    }
  }

  void Paid() {
    --owed_;
    --owed_left_;
  }

  PortDriver& driver_;
  uint64_t owed_ = 0;
  uint64_t owed_left_;
};

// How many rounds a worker that has nothing to do runs before `deadline`.
int RoundsUntil(PortDriver& driver, TimePoint deadline) {
  int rounds = 0;
  for (; driver.now() < deadline; ++rounds) driver.RunOnce(deadline);
  return rounds;
}

TEST_P(PortContractTest, HasANameAndStartsWithNothingCounted) {
  EXPECT_STRNE(port().name(), "");
  const PortStats stats = port().stats();
  EXPECT_EQ(
      stats.receive_calls + stats.send_calls + stats.accept_errors + stats.buffer_shortages + stats.leases,
      0u);
}

// ---- waiting

TEST_P(PortContractTest, ARoundWaitsForItsDeadlineWhereNothingHappens) {
  for (const Duration wait : {Duration(std::chrono::microseconds(300)), Duration(FromMillis(7))}) {
    const TimePoint deadline = driver().now() + wait;
    EXPECT_LE(RoundsUntil(driver(), deadline), 4);
  }
}

TEST_P(PortContractTest, ARoundWithAPassedDeadlineReturns) {
  driver().RunOnce(kAtOnce);
  driver().RunOnce(driver().now() - FromMillis(1));
  driver().RunOnce(driver().now());
}

TEST_P(PortContractTest, ARoundReturnsWhenSomethingEnded) {
  const auto near = NewConnection();
  near->Receive();
  driver().RunAWhile();
  const TimePoint deadline = driver().now() + kPatience;
  EXPECT_EQ(peer_->TryWrite("x", 1), 1);
  while (near->receive.bytes.empty() && driver().now() < deadline) driver().RunOnce(deadline);
  EXPECT_EQ(near->receive.bytes, "x");
  near->CancelReceive();
  while (near->receive.in_flight() && driver().now() < deadline) driver().RunOnce(deadline);
  EXPECT_FALSE(near->receive.in_flight());
  EXPECT_LT(driver().now(), deadline);
}

// Spec: decisions 8.2/10
TEST_P(PortContractTest, ASpinningPortWaitsAndWakesAsWell) {
  PortOptions options = ContractOptions();
  options.busy_poll = std::chrono::microseconds(200);
  Reopen(options);
  const TimePoint deadline = driver().now() + FromMillis(5);
  while (driver().now() < deadline) driver().RunOnce(deadline);
  const auto near = NewConnection();
  near->Receive();
  EXPECT_EQ(peer_->TryWrite("x", 1), 1);
  EXPECT_TRUE(RunUntil([&] { return near->receive.bytes == "x"; }));
  port().Wake();
  driver().RunOnce(driver().now() + kPatience);
}

TEST_P(PortContractTest, AWorkerInItsHandlersIsNotTakenForOneThatWaits) {
  const auto near = NewConnection();
  bool waited = true;
  near->receive.on_received = [&](ReceiveBuffer&, uint32_t, uint32_t) { waited = port().Wake(); };
  near->Receive();
  EXPECT_EQ(peer_->TryWrite("x", 1), 1);
  EXPECT_TRUE(RunUntil([&] { return near->receive.bytes == "x"; }));
  EXPECT_FALSE(waited);
}

// What nobody asked for must not make rounds return: a paused connection would burn a processor.
TEST_P(PortContractTest, AConnectionThatNobodyWorksOnCostsNoRounds) {
  const auto paused = NewConnection();
  paused->Receive();
  driver().RunAWhile();
  paused->CancelReceive();
  ASSERT_TRUE(RunUntil([&] { return !paused->receive.in_flight(); }));
  EXPECT_EQ(peer_->TryWrite("unwanted", 8), 8);

  std::unique_ptr<ContractPeer> second, third;
  const auto ended = NewConnection(&second);
  ended->Receive();
  second->ShutdownWrite();
  ASSERT_TRUE(RunUntil([&] { return !ended->receive.in_flight(); }));
  const auto reset = NewConnection(&third);
  reset->Receive();
  third->Reset();
  ASSERT_TRUE(RunUntil([&] { return !reset->receive.in_flight(); }));

  EXPECT_LE(RoundsUntil(driver(), driver().now() + FromMillis(20)), 10);
}

// Spec: fault 36
TEST_P(PortContractTest, AReceiveThatWaitsForABufferCostsNoRounds) {
  const auto near = NewConnection();
  std::vector<ReceiveBuffer*> leased;
  near->receive.on_received = [&](ReceiveBuffer& buffer, uint32_t, uint32_t) {
    buffer.AddLease();
    leased.push_back(&buffer);
  };
  near->Receive();
  const std::string block = MakePattern(64 * 1024);
  ASSERT_TRUE(RunUntil([&] {
    peer_->TryWrite(block.data(), block.size());
    return port().stats().buffer_shortages > 0;
  }));
  driver().RunAWhile();
  EXPECT_LE(RoundsUntil(driver(), driver().now() + FromMillis(20)), 10);
  near->CancelReceive();
  EXPECT_TRUE(RunUntil([&] { return !near->receive.in_flight(); }));
  for (ReceiveBuffer* const buffer : leased) buffer->DropLease();
}

TEST_P(PortContractTest, ASendThatIsDoneCostsNoRounds) {
  const std::string data(16 << 20, 'x');
  const auto near = NewConnection();
  const iovec piece{const_cast<char*>(data.data()), data.size()};
  while (!near->send.in_flight() && port().Send(near->send, &piece, 1) != CompletionPort::kPending) {
  }
  char block[16 * 1024];
  ASSERT_TRUE(RunUntil([&] {
    while (peer_->TryRead(block, sizeof(block)) > 0) {
    }
    return !near->send.in_flight();
  }));
  ASSERT_TRUE(RunUntil([&] { return peer_->TryRead(block, sizeof(block)) == -EAGAIN; }));
  driver().RunAWhile();
  EXPECT_LE(RoundsUntil(driver(), driver().now() + FromMillis(20)), 10);
}

// ---- waking

TEST_P(PortContractTest, AWakeIsRememberedUntilARoundHasSeenIt) {
  for (int i = 0; i < 3; ++i) {
    port().Wake();
    port().Wake();
    const TimePoint deadline = driver().now() + kPatience;
    driver().RunOnce(deadline);
    EXPECT_LT(driver().now(), deadline);
  }
}

TEST_P(PortContractTest, AWakeInsideAHandlerIsRemembered) {
  const auto near = NewConnection();
  near->receive.on_received = [&](ReceiveBuffer&, uint32_t, uint32_t) { port().Wake(); };
  near->Receive();
  ASSERT_TRUE(PeerWrites(*peer_, "x"));
  ASSERT_TRUE(RunUntil([&] { return near->receive.bytes == "x"; }));
  const TimePoint deadline = driver().now() + kPatience;
  driver().RunOnce(deadline);
  EXPECT_LT(driver().now(), deadline);
}

// Each wake is answered before the next one comes, so a lost one stops the test.
TEST_P(PortContractTest, NoWakeOfAnotherThreadIsLost) {
  if (world().simulated()) GTEST_SKIP() << "one thread runs everything";
  constexpr int kWakes = 1000;
  std::atomic<int> asked{0};
  std::atomic<int> answered{0};
  std::thread other([&] {
    for (int i = 1; i <= kWakes; ++i) {
      asked.store(i, std::memory_order_relaxed);  // Wake() carries it over
      port().Wake();
      answered.wait(i - 1);
    }
  });
  const TimePoint deadline = driver().now() + 3 * kPatience;
  for (int seen = 0; seen < kWakes && driver().now() < deadline;) {
    driver().RunOnce(deadline);
    if (asked.load(std::memory_order_relaxed) == seen) continue;
    EXPECT_EQ(asked.load(std::memory_order_relaxed), ++seen);
    answered.store(seen);
    answered.notify_one();
  }
  EXPECT_EQ(answered.load(), kWakes);
  answered.store(kWakes);
  other.join();
}

TEST_P(PortContractTest, ManyThreadsMayWakeTogether) {
  if (world().simulated()) GTEST_SKIP() << "one thread runs everything";
  constexpr int kThreads = 4;
  constexpr int kEach = 2000;
  std::atomic<int> work{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < kEach; ++n) {
        work.fetch_add(1);
        port().Wake();
      }
    });
  }
  const TimePoint deadline = driver().now() + kPatience;
  while (work.load() < kThreads * kEach && driver().now() < deadline) driver().RunOnce(deadline);
  for (std::thread& thread : threads) thread.join();
  EXPECT_LT(driver().now(), deadline);
}

// ---- handlers

TEST_P(PortContractTest, HandlersSubmitEverything) {
  constexpr int kCycles = 100;
  NearListener listener(driver());
  std::vector<std::unique_ptr<NearEnd>> servers;
  listener.accept.on_accepted = [&](int) {
    servers.push_back(std::make_unique<NearEnd>(driver(), listener.Take(listener.accept.fds.size() - 1)));
    NearEnd& server = *servers.back();
    // Neither end alone is the last one.
    const auto close_when_over = [&server] {
      if (!server.receive.ends.empty() && !server.send.in_flight()) server.Close();
    };
    server.receive.on_ended = [close_when_over](int result) {
      EXPECT_EQ(result, 0);
      close_when_over();
    };
    server.send.on_sent = [close_when_over](int64_t result) {
      EXPECT_EQ(result, 1);
      close_when_over();
    };
    server.Receive();
    static char byte = 'h';
    const iovec piece{&byte, 1};
    port().Send(server.send, &piece, 1);
  };
  listener.Accept();

  int cycles = 0;
  PortSocket socket;
  TestConnect connect(driver());
  TestReceive receive(driver());
  connect.socket = receive.socket = &socket;
  const auto dial = [&] {
    socket.fd = world().network().OpenStream(listener.address().family());
    connect.address = listener.address();
    port().Connect(connect);
  };
  connect.on_connected = [&](int result) {
    EXPECT_EQ(result, 0);
    port().Receive(receive);
  };
  receive.on_received = [&](ReceiveBuffer&, uint32_t, uint32_t) { port().Cancel(receive); };
  receive.on_ended = [&](int result) {
    EXPECT_EQ(result, -ECANCELED);
    port().Close(socket);
    if (++cycles < kCycles) dial();
  };
  dial();
  EXPECT_TRUE(RunUntil([&] { return cycles == kCycles; }));
  EXPECT_EQ(receive.bytes, std::string(kCycles, 'h'));
  EXPECT_TRUE(RunUntil([&] {
    return servers.size() == kCycles && std::all_of(servers.begin(), servers.end(), [](const auto& server) {
             return server->socket.fd == -1;
           });
  }));
}

TEST_P(PortContractTest, BothEndsOfAConnectionMayBeOnOnePort) {
  constexpr uint64_t kTurns = 1000;
  NearListener listener(driver());
  listener.Accept();
  PortSocket socket;
  TestConnect connect(driver());
  connect.socket = &socket;
  socket.fd = world().network().OpenStream(listener.address().family());
  connect.address = listener.address();
  port().Connect(connect);
  ASSERT_TRUE(RunUntil([&] { return !connect.in_flight() && listener.accept.fds.size() == 1; }));
  ASSERT_EQ(connect.results, std::vector<int>{0});
  TestReceive receive(driver());
  TestSend send(driver());
  receive.socket = send.socket = &socket;
  uint64_t turns = 0;
  static char byte = '?';
  const iovec piece{&byte, 1};
  int waiting = 1;
  const auto ask = [&] {
    while (waiting > 0 && !send.in_flight() && turns < kTurns) {
      --waiting;
      ++turns;
      const int64_t result = port().Send(send, &piece, 1);
      EXPECT_TRUE(result == 1 || result == CompletionPort::kPending);
    }
  };
  send.on_sent = [&](int64_t result) {
    EXPECT_EQ(result, 1);
    ask();
  };
  receive.on_received = [&](ReceiveBuffer&, uint32_t, uint32_t length) {
    waiting += static_cast<int>(length);
    ask();
  };
  Answerer server(driver(), listener.Take(0), kTurns);
  port().Receive(receive);
  ask();
  EXPECT_TRUE(RunUntil([&] { return receive.bytes.size() == kTurns && !send.in_flight(); }));
  EXPECT_EQ(server.heard, kTurns);
  port().Cancel(receive);
  EXPECT_TRUE(RunUntil([&] { return !receive.in_flight(); }));
  port().Close(socket);
}

// Two connections have something to tell in the same round, and the first one's handler takes the
// second one away: first its operation, then the whole connection, so that its descriptor and its
// memory go to a new one at once.
TEST_P(PortContractTest, HandlersMayTakeAwayAndReplaceOtherConnections) {
  constexpr int kCycles = 500;
  const auto first = NewConnection();
  std::unique_ptr<ContractPeer> second_peer;
  std::unique_ptr<NearEnd> second = NewConnection(&second_peer);
  bool replace = false;
  first->receive.on_received = [&](ReceiveBuffer&, uint32_t, uint32_t) {
    if (!replace) {
      second->CancelReceive();
      return;
    }
    EXPECT_TRUE(second->receive.bytes.empty());
    second->Close();
    second.reset();
    second = NewConnection(&second_peer);
    second->Receive();
  };
  first->Receive();
  second->Receive();
  for (int i = 0; i < kCycles; ++i) {
    // Ends the second one's receive while its bytes may be on their way.
    replace = false;
    ASSERT_TRUE(PeerWrites(*peer_, "a"));
    ASSERT_TRUE(RunUntil([&] { return !second->receive.in_flight(); }));
    ASSERT_TRUE(second->receive.bytes.empty());
    // Now it has bytes and no operation, and goes away while the port may know of the bytes.
    replace = true;
    const size_t before = first->receive.bytes.size();
    const bool second_is_first = i % 2 == 1;
    if (second_is_first) second_peer->TryWrite("stale", 5);
    EXPECT_EQ(peer_->TryWrite("b", 1), 1);
    if (!second_is_first) second_peer->TryWrite("stale", 5);
    ASSERT_TRUE(RunUntil([&] { return first->receive.bytes.size() > before; }));
    // The new one, in the same place, hears its own bytes only.
    if (i % 50 != 0) continue;
    ASSERT_TRUE(PeerWrites(*second_peer, "fresh"));
    ASSERT_TRUE(RunUntil([&] { return second->receive.bytes.size() >= 5; }));
    EXPECT_EQ(second->receive.bytes, "fresh");
    second->receive.bytes.clear();
  }
}

// Spec: fault 43
TEST_P(PortContractTest, ThousandsOfConnectionsComeAndGo) {
  constexpr int kCycles = 2000;
  constexpr size_t kAtOnce = 8;
  std::vector<std::unique_ptr<ContractPeer>> peers(kAtOnce);
  std::vector<std::unique_ptr<NearEnd>> near(kAtOnce);
  for (int i = 0; i < kCycles; ++i) {
    const size_t place = static_cast<size_t>(i) % kAtOnce;
    if (near[place] != nullptr) {
      // Ends in one of four ways, sometimes with bytes or an end that nobody has asked for.
      if (i % 4 == 0) peers[place]->TryWrite("late", 4);
      if (i % 4 == 1) peers[place]->Reset();
      if (i % 4 == 2) peers[place]->Close();
      near[place].reset();
    }
    near[place] = NewConnection(&peers[place]);
    near[place]->Receive();
    const std::string word = std::to_string(i);
    EXPECT_EQ(peers[place]->TryWrite(word.data(), word.size()), static_cast<int64_t>(word.size()));
    ASSERT_TRUE(RunUntil([&] { return near[place]->receive.bytes.size() >= word.size(); }));
    ASSERT_EQ(near[place]->receive.bytes, word);
  }
}

// ---- several ports

TEST_P(PortContractTest, TwoPortsTakeTurnsInOneThread) {
  PortDriver second(world(), ContractOptions());
  const auto here = NewConnection();
  int fd = -1;
  const auto far = world().NewPair(&fd);
  NearEnd there(second, fd);
  here->Receive();
  there.Receive();
  ASSERT_TRUE(PeerWrites(*peer_, "here"));
  EXPECT_EQ(far->TryWrite("there", 5), 5);
  EXPECT_TRUE(second.RunUntil([&] { return there.receive.bytes == "there"; }));
  EXPECT_TRUE(RunUntil([&] { return here->receive.bytes == "here"; }));
}

TEST_P(PortContractTest, TwoPortsTalkFromTwoThreads) {
  if (world().simulated()) GTEST_SKIP() << "one thread runs everything";
  constexpr uint64_t kTurns = 1000;
  NearListener listener(driver());
  listener.Accept();
  std::thread other([&] {
    PortDriver second(world(), ContractOptions());
    const int fd = world().network().OpenStream(listener.address().family());
    ConnectCanceller canceller;
    EXPECT_EQ(world().network().ConnectAndAwait(fd, listener.address(), second.now() + kPatience, canceller),
              0);
    Answerer client(second, fd, kTurns);
    client.Begin();
    EXPECT_TRUE(second.RunUntil([&] { return client.heard == kTurns; }));
  });
  EXPECT_TRUE(RunUntil([&] { return listener.accept.fds.size() == 1; }));
  {
    Answerer server(driver(), listener.Take(0), kTurns);
    EXPECT_TRUE(RunUntil([&] { return server.heard == kTurns && !server.near.receive.in_flight(); }));
  }
  other.join();
}

}  // namespace
}  // namespace hpsocket::core
