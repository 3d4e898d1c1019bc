// Internal to core. Tests only.
//
// The port contract's clauses on receiving and on the leases of receive buffers.
//
// Threads:  the test's.
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "hpsocket/core/io/port_contract_fixture.h"

namespace hpsocket::core {
namespace {

using Ends = std::vector<int>;

// Keeps what it was shown, and checks when it lets go that nobody has written to it.
class Leases {
 public:
  ~Leases() { DropAll(); }

  size_t size() const { return held_.size(); }

  void Keep(ReceiveBuffer& buffer, uint32_t offset, uint32_t length) {
    buffer.AddLease();
    const char* const first = reinterpret_cast<const char*>(buffer.data() + offset);
    held_.push_back({&buffer, first, std::string(first, length)});
  }

  void DropFirst() {
    const Held held = std::move(held_.front());
    held_.erase(held_.begin());
    EXPECT_EQ(std::string(held.first, held.bytes.size()), held.bytes) << "leased bytes have changed";
    held.buffer->DropLease();
  }

  void DropAll() {
    while (!held_.empty()) DropFirst();
  }

 private:
  struct Held {
    ReceiveBuffer* buffer;
    const char* first;
    std::string bytes;
  };
  std::vector<Held> held_;
};

// Writes as much as the connection takes while the near end may or may not read.
class Writer {
 public:
  Writer(ContractPeer& peer, const std::string& data) : peer_(peer), data_(data) {}

  bool done() const { return written_ == data_.size(); }

  void Write(size_t at_most = SIZE_MAX) {
    while (!done() && at_most > 0) {
      const size_t length = std::min(data_.size() - written_, at_most);
      const int64_t result = peer_.TryWrite(data_.data() + written_, length);
      if (result == -EAGAIN) return;
      ASSERT_GT(result, 0);
      written_ += static_cast<size_t>(result);
      at_most -= static_cast<size_t>(result);
    }
  }

 private:
  ContractPeer& peer_;
  const std::string& data_;
  size_t written_ = 0;
};

TEST_P(PortContractTest, ReceivesEveryByteInOrderHoweverItIsCut) {
  const auto near = NewConnection();
  near->Receive();
  const std::string data = MakePattern(1 << 20);
  Writer writer(*peer_, data);
  std::mt19937 random(7);
  EXPECT_TRUE(RunUntil([&] {
    writer.Write(1 + random() % (random() % 4 == 0 ? 100000 : 300));
    return near->receive.bytes.size() >= data.size();
  }));
  EXPECT_TRUE(near->receive.bytes == data);
  EXPECT_TRUE(near->receive.in_flight());
  EXPECT_GT(port().stats().receive_calls, 0u);
}

TEST_P(PortContractTest, ReceivesWhatWasThereBeforeItWasAsked) {
  const auto near = NewConnection();
  ASSERT_TRUE(PeerWrites(*peer_, "early"));
  driver().RunAWhile();
  EXPECT_TRUE(near->receive.bytes.empty());
  near->Receive();
  EXPECT_TRUE(RunUntil([&] { return near->receive.bytes == "early"; }));
}

TEST_P(PortContractTest, ReceivesOnManyConnectionsAtOnce) {
  constexpr size_t kCount = 64;
  std::vector<std::unique_ptr<ContractPeer>> peers(kCount);
  std::vector<std::unique_ptr<NearEnd>> near;
  std::vector<std::string> data;
  for (size_t i = 0; i < kCount; ++i) {
    near.push_back(NewConnection(&peers[i]));
    near.back()->Receive();
    data.push_back(MakePattern(10000, static_cast<uint32_t>(i)));
  }
  std::vector<Writer> writers;
  for (size_t i = 0; i < kCount; ++i) writers.emplace_back(*peers[i], data[i]);
  EXPECT_TRUE(RunUntil([&] {
    size_t finished = 0;
    for (size_t i = 0; i < kCount; ++i) {
      writers[i].Write(1500);
      finished += near[i]->receive.bytes.size() == data[i].size();
    }
    return finished == kCount;
  }));
  for (size_t i = 0; i < kCount; ++i) EXPECT_TRUE(near[i]->receive.bytes == data[i]) << i;
}

TEST_P(PortContractTest, AReceiveThatIsCancelledAndResumedLosesNothing) {
  const auto near = NewConnection();
  std::mt19937 random(11);
  near->receive.on_received = [&](ReceiveBuffer&, uint32_t, uint32_t) {
    if (random() % 5 == 0) near->CancelReceive();
  };
  const std::string data = MakePattern(1 << 20);
  Writer writer(*peer_, data);
  EXPECT_TRUE(RunUntil([&] {
    writer.Write(1 + random() % 40000);
    if (!near->receive.in_flight()) near->Receive();
    if (random() % 7 == 0) near->CancelReceive();
    return near->receive.bytes.size() >= data.size();
  }));
  EXPECT_TRUE(near->receive.bytes == data);
  for (const int end : near->receive.ends) EXPECT_EQ(end, -ECANCELED);
  EXPECT_FALSE(near->receive.ends.empty());
}

TEST_P(PortContractTest, NothingIsDeliveredBetweenTheEndAndTheNextReceive) {
  const auto near = NewConnection();
  near->Receive();
  driver().RunAWhile();
  near->CancelReceive();
  near->CancelReceive();
  EXPECT_TRUE(near->receive.in_flight());
  EXPECT_TRUE(near->receive.ends.empty());
  ASSERT_TRUE(RunUntil([&] { return !near->receive.in_flight(); }));
  ASSERT_TRUE(PeerWrites(*peer_, "later"));
  driver().RunAWhile();
  EXPECT_EQ(near->receive.ends, Ends{-ECANCELED});
  EXPECT_TRUE(near->receive.bytes.empty());
  near->Receive();
  EXPECT_TRUE(RunUntil([&] { return near->receive.bytes == "later"; }));
}

// Spec: fault 38
TEST_P(PortContractTest, AReceiveCancelledAtOnceEndsAndLosesNothing) {
  const auto near = NewConnection();
  ASSERT_TRUE(PeerWrites(*peer_, "kept"));
  near->Receive();
  near->CancelReceive();
  ASSERT_TRUE(RunUntil([&] { return !near->receive.in_flight(); }));
  EXPECT_EQ(near->receive.ends, Ends{-ECANCELED});
  near->Receive();
  EXPECT_TRUE(RunUntil([&] { return near->receive.bytes == "kept"; }));
}

TEST_P(PortContractTest, AReceiveMayBeSubmittedAgainInItsEndingHandler) {
  const auto near = NewConnection();
  near->receive.on_ended = [&](int) { near->Receive(); };
  near->Receive();
  for (size_t i = 1; i <= 20; ++i) {
    near->CancelReceive();
    ASSERT_TRUE(RunUntil([&] { return near->receive.ends.size() == i; }));
    EXPECT_TRUE(near->receive.in_flight());
    ASSERT_TRUE(PeerWrites(*peer_, "x"));
    EXPECT_TRUE(RunUntil([&] { return near->receive.bytes.size() == i; }));
  }
}

TEST_P(PortContractTest, CancelDoesNothingToAReceiveThatIsNotInFlight) {
  const auto near = NewConnection();
  near->CancelReceive();
  driver().RunAWhile();
  EXPECT_TRUE(near->receive.ends.empty());
  near->Receive();
  EXPECT_FALSE(near->receive.cancelled());
  ASSERT_TRUE(PeerWrites(*peer_, "x"));
  EXPECT_TRUE(RunUntil([&] { return near->receive.bytes == "x"; }));
}

TEST_P(PortContractTest, TheEndOfTheStreamComesAfterEverythingBefore) {
  const auto near = NewConnection();
  near->receive.on_ended = [&](int) { EXPECT_EQ(near->receive.bytes.size(), 100000u); };
  const std::string data = MakePattern(100000);
  Writer writer(*peer_, data);
  near->Receive();
  EXPECT_TRUE(RunUntil([&] {
    writer.Write();
    return writer.done();
  }));
  peer_->ShutdownWrite();
  EXPECT_TRUE(RunUntil([&] { return !near->receive.in_flight(); }));
  EXPECT_EQ(near->receive.ends, Ends{0});
  EXPECT_TRUE(near->receive.bytes == data);
  near->receive.on_ended = nullptr;
}

TEST_P(PortContractTest, SendingGoesOnAfterThePeerHasEndedItsDirection) {
  const auto near = NewConnection();
  near->Receive();
  peer_->ShutdownWrite();
  ASSERT_TRUE(RunUntil([&] { return !near->receive.in_flight(); }));
  EXPECT_EQ(near->receive.ends, Ends{0});
  driver().RunAWhile();
  EXPECT_EQ(near->SendAll("still here"), 10);
  EXPECT_EQ(PeerReads(*peer_, 10), "still here");
}

TEST_P(PortContractTest, AskingAgainAfterTheEndOfTheStreamEndsAgain) {
  const auto near = NewConnection();
  peer_->Close();
  for (size_t i = 1; i <= 3; ++i) {
    near->Receive();
    ASSERT_TRUE(RunUntil([&] { return near->receive.ends.size() == i; }));
  }
  EXPECT_EQ(near->receive.ends, (Ends{0, 0, 0}));
}

TEST_P(PortContractTest, AResetEndsTheReceiveWithItsError) {
  const auto near = NewConnection();
  near->Receive();
  driver().RunAWhile();
  peer_->Reset();
  ASSERT_TRUE(RunUntil([&] { return !near->receive.in_flight(); }));
  EXPECT_EQ(near->receive.ends, Ends{-ECONNRESET});
}

TEST_P(PortContractTest, AResetWhileNothingIsAskedIsToldToTheNextReceive) {
  const auto near = NewConnection();
  near->Receive();
  near->CancelReceive();
  ASSERT_TRUE(RunUntil([&] { return !near->receive.in_flight(); }));
  peer_->Reset();
  driver().RunAWhile();
  near->Receive();
  ASSERT_TRUE(RunUntil([&] { return !near->receive.in_flight(); }));
  EXPECT_EQ(near->receive.ends, (Ends{-ECANCELED, -ECONNRESET}));
}

TEST_P(PortContractTest, ALeaseOutlivesTheDelivery) {
  const auto near = NewConnection();
  Leases leases;
  near->receive.on_received = [&](ReceiveBuffer& buffer, uint32_t offset, uint32_t length) {
    if (leases.size() == 0) leases.Keep(buffer, offset, length);
  };
  near->Receive();
  ASSERT_TRUE(PeerWrites(*peer_, "keep this"));
  ASSERT_TRUE(RunUntil([&] { return leases.size() == 1; }));
  EXPECT_EQ(port().stats().leases, 1u);
  // More than all buffers hold, so that every other one is written to.
  const std::string more = MakePattern(1 << 20);
  Writer writer(*peer_, more);
  EXPECT_TRUE(RunUntil([&] {
    writer.Write();
    return near->receive.bytes.size() == 9 + more.size();
  }));
  EXPECT_TRUE(near->receive.bytes == "keep this" + more);
  leases.DropAll();  // checks the bytes
  EXPECT_EQ(port().stats().leases, 0u);
}

TEST_P(PortContractTest, ALeaseOutlivesItsConnection) {
  auto near = NewConnection();
  Leases leases;
  near->receive.on_received = [&](ReceiveBuffer& buffer, uint32_t offset, uint32_t length) {
    leases.Keep(buffer, offset, length);
  };
  near->Receive();
  ASSERT_TRUE(PeerWrites(*peer_, "inheritance"));
  ASSERT_TRUE(RunUntil([&] { return near->receive.bytes.size() == 11; }));
  near.reset();
  driver().RunAWhile();
  leases.DropAll();
  EXPECT_EQ(port().stats().leases, 0u);
}

TEST_P(PortContractTest, LeasesWithinTheLimitNeverStopReceiving) {
  const auto near = NewConnection();
  Leases leases;
  bool refused = false;
  near->receive.on_received = [&](ReceiveBuffer& buffer, uint32_t offset, uint32_t length) {
    if (buffer.home()->may_lease()) {
      leases.Keep(buffer, offset, length);
    } else {
      refused = true;
    }
  };
  near->Receive();
  const std::string data = MakePattern(2 << 20);
  Writer writer(*peer_, data);
  EXPECT_TRUE(RunUntil([&] {
    writer.Write();
    return near->receive.bytes.size() == data.size();
  }));
  EXPECT_TRUE(near->receive.bytes == data);
  EXPECT_TRUE(refused) << "the limit was never reached";
  EXPECT_GT(leases.size(), 0u);
}

// Spec: fault 36
TEST_P(PortContractTest, ReceivingWaitsForABufferAndGoesOnWhenOneComesBack) {
  const auto near = NewConnection();
  Leases leases;
  near->receive.on_received = [&](ReceiveBuffer& buffer, uint32_t offset, uint32_t length) {
    leases.Keep(buffer, offset, length);  // without asking
  };
  near->Receive();
  const std::string data = MakePattern(4 << 20);
  Writer writer(*peer_, data);
  ASSERT_TRUE(RunUntil([&] {
    writer.Write();
    return port().stats().buffer_shortages > 0;
  }));
  driver().RunAWhile();
  const size_t stuck_at = near->receive.bytes.size();
  EXPECT_LT(stuck_at, data.size());
  EXPECT_TRUE(near->receive.in_flight());
  // From now on the oldest lease is dropped whenever nothing moves.
  size_t before = stuck_at;
  EXPECT_TRUE(RunUntil([&] {
    writer.Write();
    if (near->receive.bytes.size() == before && leases.size() > 0) leases.DropFirst();
    before = near->receive.bytes.size();
    return before == data.size();
  }));
  EXPECT_TRUE(near->receive.bytes == data);
}

// Spec: fault 36
TEST_P(PortContractTest, EveryConnectionGetsItsTurnAfterAShortage) {
  constexpr size_t kCount = 6;
  std::vector<std::unique_ptr<ContractPeer>> peers(kCount);
  std::vector<std::unique_ptr<NearEnd>> near;
  Leases leases;
  bool greedy = true;
  const std::string data = MakePattern(300000);
  std::vector<Writer> writers;
  for (size_t i = 0; i < kCount; ++i) {
    near.push_back(NewConnection(&peers[i]));
    near[i]->receive.on_received = [&](ReceiveBuffer& buffer, uint32_t offset, uint32_t length) {
      if (greedy) leases.Keep(buffer, offset, length);
    };
    near[i]->Receive();
    writers.emplace_back(*peers[i], data);
  }
  ASSERT_TRUE(RunUntil([&] {
    for (Writer& writer : writers) writer.Write();
    return port().stats().buffer_shortages > 0;
  }));
  driver().RunAWhile();
  greedy = false;
  leases.DropAll();
  EXPECT_TRUE(RunUntil([&] {
    for (Writer& writer : writers) writer.Write();
    return std::all_of(near.begin(), near.end(), [&](auto& end) { return end->receive.bytes == data; });
  }));
}

TEST_P(PortContractTest, AReceiveThatWaitsForABufferCanBeCancelled) {
  auto near = NewConnection();
  Leases leases;
  near->receive.on_received = [&](ReceiveBuffer& buffer, uint32_t offset, uint32_t length) {
    leases.Keep(buffer, offset, length);
  };
  near->Receive();
  const std::string data = MakePattern(4 << 20);
  Writer writer(*peer_, data);
  ASSERT_TRUE(RunUntil([&] {
    writer.Write();
    return port().stats().buffer_shortages > 0;
  }));
  driver().RunAWhile();
  near->CancelReceive();
  ASSERT_TRUE(RunUntil([&] { return !near->receive.in_flight(); }));
  EXPECT_EQ(near->receive.ends, Ends{-ECANCELED});
  near->receive.on_received = nullptr;
  leases.DropAll();
  driver().RunAWhile();
  near->Receive();
  EXPECT_TRUE(RunUntil([&] {
    writer.Write();
    return near->receive.bytes.size() == data.size();
  }));
  EXPECT_TRUE(near->receive.bytes == data);
}

TEST_P(PortContractTest, APortForOneSocketReceivesToo) {
  PortOptions options = ContractOptions();
  options.single_socket = true;
  Reopen(options);
  const auto near = NewConnection();
  near->Receive();
  const std::string data = MakePattern(300000);
  Writer writer(*peer_, data);
  EXPECT_TRUE(RunUntil([&] {
    writer.Write();
    return near->receive.bytes.size() == data.size();
  }));
  EXPECT_TRUE(near->receive.bytes == data);
  EXPECT_LE(port().stats().buffer_bytes, 64u * 1024);
}

}  // namespace
}  // namespace hpsocket::core
