// Internal to core. Tests only.
//
// The port contract's clauses on sending and closing.
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

// More than any connection holds by itself.
const std::string& HugeData() {
  static const std::string& data = *new std::string([] {
    const std::string pattern = MakePattern(65521);  // a prime, so that no buffer's size divides it
    std::string repeated;
    for (int i = 0; i < 400; ++i) repeated += pattern;
    return repeated;
  }());
  return data;
}

// Sends `data`, which outlives the connection, bit by bit.
class Writer {
 public:
  Writer(NearEnd& near, const std::string& data) : near_(near), data_(data) {}

  size_t sent() const { return sent_; }

  // Sends until a send has to wait or everything is out.
  void Write(CompletionPort& port) {
    while (!near_.send.in_flight()) {
      TakeResult();
      if (sent_ == data_.size()) return;
      const iovec piece{const_cast<char*>(data_.data()) + sent_, data_.size() - sent_};
      const int64_t result = port.Send(near_.send, &piece, 1);
      if (result == CompletionPort::kPending) return;
      ASSERT_GE(result, 1);
      sent_ += static_cast<size_t>(result);
    }
  }

  // Writes until a send is in flight that does not get on, because nobody reads.
  void WriteUntilStuck(PortDriver& driver) {
    do {
      Write(*driver.port());
      driver.RunAWhile();
      ASSERT_LT(sent_, data_.size()) << "the kernel took everything";
    } while (!near_.send.in_flight());
  }

  // Counts what the last send that waited has reported. Its result, 0 where there was none.
  int64_t TakeResult() {
    if (near_.send.results.empty()) return 0;
    const int64_t result = near_.send.results.back();
    near_.send.results.clear();
    if (result > 0) sent_ += static_cast<size_t>(result);
    return result;
  }

 private:
  NearEnd& near_;
  const std::string& data_;
  size_t sent_ = 0;
};

// Reads what comes while something else goes on.
class Reader {
 public:
  explicit Reader(ContractPeer& peer) : peer_(peer) {}

  std::string bytes;

  void Read(size_t at_most = SIZE_MAX) {
    char block[32 * 1024];
    while (at_most > 0) {
      const int64_t result = peer_.TryRead(block, std::min(sizeof(block), at_most));
      if (result <= 0) return;
      bytes.append(block, static_cast<size_t>(result));
      at_most -= static_cast<size_t>(result);
    }
  }

 private:
  ContractPeer& peer_;
};

bool IsBrokenConnection(int64_t result) { return result == -EPIPE || result == -ECONNRESET; }

// Spec: fault 11
TEST_P(PortContractTest, SendsGatherListsInOrder) {
  const auto near = NewConnection();
  Reader reader(*peer_);
  std::mt19937 random(3);
  std::string expected;
  for (int round = 0; round < 60; ++round) {
    std::vector<std::string> parts(1 + random() % 64);
    std::vector<iovec> pieces;
    for (std::string& part : parts) {
      part = MakePattern(1 + random() % (random() % 8 == 0 ? 20000 : 100), static_cast<uint32_t>(random()));
      pieces.push_back({part.data(), part.size()});
      expected += part;
    }
    // What did not leave is sent again from where it stopped, as a user would.
    for (size_t first = 0; first < pieces.size();) {
      int64_t result = port().Send(near->send, &pieces[first], static_cast<int>(pieces.size() - first));
      if (result == CompletionPort::kPending) {
        ASSERT_TRUE(RunUntil([&] {
          reader.Read();
          return !near->send.in_flight();
        }));
        result = near->send.results.back();
      }
      ASSERT_GE(result, 0);
      for (size_t left = static_cast<size_t>(result); left > 0;) {
        iovec& piece = pieces[first];
        const size_t taken = std::min(left, piece.iov_len);
        piece.iov_base = static_cast<char*>(piece.iov_base) + taken;
        piece.iov_len -= taken;
        left -= taken;
        if (piece.iov_len == 0) ++first;
      }
    }
  }
  EXPECT_TRUE(RunUntil([&] {
    reader.Read();
    return reader.bytes.size() >= expected.size();
  }));
  EXPECT_TRUE(reader.bytes == expected);
  EXPECT_GE(port().stats().send_calls, 60u);
}

TEST_P(PortContractTest, AGatherListIsReadDuringTheCallOnly) {
  const auto near = NewConnection();
  std::string parts[3] = {"one ", "two ", "three"};
  int64_t result = 0;
  {
    std::vector<iovec> pieces;
    for (std::string& part : parts) pieces.push_back({part.data(), part.size()});
    result = port().Send(near->send, pieces.data(), 3);
    std::fill(pieces.begin(), pieces.end(), iovec{nullptr, 99});
  }
  if (result == CompletionPort::kPending) {
    ASSERT_TRUE(RunUntil([&] { return !near->send.in_flight(); }));
    result = near->send.results.back();
  }
  ASSERT_GE(result, 1);
  EXPECT_EQ(PeerReads(*peer_, static_cast<size_t>(result)),
            std::string("one two three").substr(0, static_cast<size_t>(result)));
}

// Spec: fault 11
TEST_P(PortContractTest, ABigSendReachesASlowReaderExactly) {
  const std::string data = MakePattern(world().simulated() ? 1 << 20 : 6 << 20);
  const auto near = NewConnection();
  Writer writer(*near, data);
  Reader reader(*peer_);
  std::mt19937 random(5);
  ASSERT_TRUE(RunUntil([&] {
    writer.Write(port());
    reader.Read(1 + random() % 400000);
    return reader.bytes.size() >= data.size();
  }));
  EXPECT_TRUE(reader.bytes == data);
  EXPECT_TRUE(RunUntil([&] { return !near->send.in_flight(); }));
  writer.TakeResult();
  EXPECT_EQ(writer.sent(), data.size());
}

TEST_P(PortContractTest, ASendThatWaitsLetsReceivingGoOn) {
  const auto near = NewConnection();
  near->Receive();
  Writer writer(*near, HugeData());
  writer.WriteUntilStuck(driver());
  ASSERT_TRUE(PeerWrites(*peer_, "meanwhile"));
  EXPECT_TRUE(RunUntil([&] { return near->receive.bytes == "meanwhile"; }));
}

// Spec: fault 38
TEST_P(PortContractTest, ACancelledSendReportsExactlyWhatLeft) {
  for (int round = 0; round < 3; ++round) {
    auto near = NewConnection();
    Writer writer(*near, HugeData());
    if (round == 0) {
      while (!near->send.in_flight()) writer.Write(port());
    } else {
      writer.WriteUntilStuck(driver());
    }
    port().Cancel(near->send);
    port().Cancel(near->send);
    EXPECT_TRUE(near->send.in_flight());
    ASSERT_TRUE(RunUntil([&] { return !near->send.in_flight(); }));
    EXPECT_EQ(near->send.results.size(), 1u);
    const int64_t result = writer.TakeResult();
    EXPECT_TRUE(result >= 0 || result == -ECANCELED) << result;
    near.reset();  // closes
    const std::string got = PeerReads(*peer_, HugeData().size());
    EXPECT_EQ(got.size(), writer.sent());
    EXPECT_TRUE(HugeData().compare(0, got.size(), got) == 0);
  }
}

TEST_P(PortContractTest, ASocketSendsAgainAfterACancelledSend) {
  const auto near = NewConnection();
  Writer writer(*near, HugeData());
  writer.WriteUntilStuck(driver());
  port().Cancel(near->send);
  ASSERT_TRUE(RunUntil([&] { return !near->send.in_flight(); }));
  writer.TakeResult();
  Reader reader(*peer_);
  ASSERT_TRUE(RunUntil([&] {
    reader.Read();
    return reader.bytes.size() >= writer.sent();
  }));
  EXPECT_EQ(reader.bytes.size(), writer.sent());
  EXPECT_EQ(near->SendAll("more"), 4);
  EXPECT_EQ(PeerReads(*peer_, 4), "more");
}

TEST_P(PortContractTest, CancelDoesNothingToASendThatIsNotInFlight) {
  const auto near = NewConnection();
  port().Cancel(near->send);
  driver().RunAWhile();
  EXPECT_TRUE(near->send.results.empty());
  EXPECT_EQ(near->SendAll("x"), 1);
  const size_t told = near->send.results.size();
  port().Cancel(near->send);
  driver().RunAWhile();
  EXPECT_EQ(near->send.results.size(), told);
}

TEST_P(PortContractTest, SendingToAPeerThatResetFails) {
  const auto near = NewConnection();
  peer_->Reset();
  driver().RunAWhile();
  int64_t result = 0;
  EXPECT_TRUE(RunUntil([&] { return (result = near->SendAll("x")) < 0; }));
  EXPECT_TRUE(IsBrokenConnection(result)) << result;
}

// Spec: fault 1
TEST_P(PortContractTest, ASendThatWaitsEndsWhenThePeerResets) {
  const auto near = NewConnection();
  Writer writer(*near, HugeData());
  writer.WriteUntilStuck(driver());
  peer_->Reset();
  ASSERT_TRUE(RunUntil([&] { return !near->send.in_flight(); }));
  int64_t result = near->send.results.back();
  if (result >= 0) {
    EXPECT_TRUE(RunUntil([&] { return (result = near->SendAll("x")) < 0; }));
  }
  // Nobody else asks this socket, so the cause is for the send; the kernel tells it once.
  EXPECT_EQ(result, -ECONNRESET);
}

TEST_P(PortContractTest, CloseForgetsTheSocketAndThePeerSeesTheEnd) {
  const auto near = NewConnection();
  EXPECT_EQ(near->SendAll("last words"), 10);
  near->Close();
  EXPECT_EQ(near->socket.fd, -1);
  EXPECT_EQ(PeerReads(*peer_, 10), "last words");
  EXPECT_EQ(PeerSeesEnd(*peer_), 0);
}

TEST_P(PortContractTest, ClosesASocketThatNeverHadAnOperation) {
  const auto near = NewConnection();
  near->Close();
  EXPECT_EQ(near->socket.fd, -1);
  EXPECT_EQ(PeerSeesEnd(*peer_), 0);
}

TEST_P(PortContractTest, ClosesASocketWhoseOperationsHaveEnded) {
  const auto near = NewConnection();
  near->Receive();
  near->CancelReceive();
  ASSERT_TRUE(RunUntil([&] { return !near->receive.in_flight(); }));
  near->Close();
  EXPECT_EQ(PeerSeesEnd(*peer_), 0);
}

TEST_P(PortContractTest, ASocketMayBeClosedInTheHandlerOfItsLastEnd) {
  auto near = NewConnection();
  near->receive.on_ended = [&](int) { near->Close(); };
  near->Receive();
  peer_->ShutdownWrite();
  EXPECT_TRUE(RunUntil([&] { return near->socket.fd == -1; }));
  EXPECT_EQ(PeerSeesEnd(*peer_), 0);
  near->receive.on_ended = nullptr;
}

TEST_P(PortContractTest, AConnectionMayBeDestroyedInTheHandlerOfItsLastEnd) {
  for (int i = 0; i < 20; ++i) {
    auto near = NewConnection();
    near->receive.on_ended = [&](int) { near.reset(); };
    near->Receive();
    if (i % 2 == 0) {
      peer_->Reset();
    } else {
      near->CancelReceive();
    }
    EXPECT_TRUE(RunUntil([&] { return near == nullptr; }));
  }
  driver().RunAWhile();
}

}  // namespace
}  // namespace hpsocket::core
