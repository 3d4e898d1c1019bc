#include "hpsocket/core/io/fake_port.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <string>

#include "hpsocket/core/io/fake_peer.h"
#include "hpsocket/core/io/fake_world.h"
#include "hpsocket/core/io/recording_operations.h"

namespace hpsocket::core {
namespace {

Address Loopback(uint16_t port = 0) {
  Address address;
  Address::ParseLiteral("127.0.0.1", port, &address);
  return address;
}

class FakePortTest : public ::testing::Test {
 protected:
  explicit FakePortTest(const FakeWorldOptions& options = FakeWorldOptions::Calm(3)) : world_(options) {}

  void SetUp() override { OpenPort(PortChoice::kUring); }

  void TearDown() override {
    if (port_ == nullptr) return;
    port_->Cancel(receive_);
    port_->Cancel(send_);
    RunUntil([this] { return !receive_.in_flight() && !send_.in_flight(); });
    if (socket_.fd >= 0) port_->Close(socket_);
  }

  void OpenPort(PortChoice choice, const PortOptions& options = {}) {
    int error = 0;
    std::string why;
    port_ = world_.NewPort(choice, &error, &why);
    ASSERT_NE(port_, nullptr) << why;
    ASSERT_EQ(port_->Open(options, &why), 0) << why;
  }

  // Connects `peer_` to `socket_`.
  void Connect() {
    FakePeer listener(world_);
    ASSERT_EQ(listener.Listen(Loopback()), 0);
    socket_.fd = world_.network().OpenStream(AF_INET);
    ConnectCanceller canceller;
    ASSERT_EQ(world_.network().ConnectAndAwait(socket_.fd, listener.local_address(), kForever, canceller), 0);
    peer_ = listener.Accept();
    ASSERT_NE(peer_, nullptr);
    receive_.socket = &socket_;
    send_.socket = &socket_;
  }

  int64_t Send(const std::string& bytes) {
    sent_ = bytes;
    const iovec piece{sent_.data(), sent_.size()};
    return port_->Send(send_, &piece, 1);
  }

  bool RunUntil(absl::FunctionRef<bool()> done) {
    const TimePoint end = world_.clock().Now() + std::chrono::seconds(10);
    while (!done() && world_.clock().Now() < end) port_->RunOnce(world_.clock().Now() + FromMillis(1));
    return done();
  }

  FakeWorld world_;
  std::unique_ptr<CompletionPort> port_;
  std::unique_ptr<FakePeer> peer_;
  PortSocket socket_;
  RecordingReceive receive_;
  RecordingSend send_;
  std::string sent_;  // what is in flight
};

TEST_F(FakePortTest, ReceivesWhatThePeerSendsAndThenTheEnd) {
  Connect();
  port_->Receive(receive_);
  EXPECT_EQ(socket_.receive, &receive_);
  EXPECT_EQ(peer_->Send("hello"), 5u);
  peer_->ShutdownWrite();
  EXPECT_TRUE(RunUntil([this] { return !receive_.ends.empty(); }));
  EXPECT_EQ(receive_.bytes, "hello");
  EXPECT_EQ(receive_.ends, std::vector<int>{0});
  EXPECT_EQ(socket_.receive, nullptr);
}

TEST_F(FakePortTest, SilentPeerIsFoundByTheClockOnly) {
  Connect();
  port_->Receive(receive_);
  peer_->SetSilent(true);
  peer_->Send("lost");
  RunUntil([this] { return !receive_.ends.empty() || !receive_.bytes.empty(); });
  EXPECT_TRUE(receive_.in_flight());
  EXPECT_EQ(receive_.bytes, "");
}

TEST_F(FakePortTest, ChoiceDecidesWhetherSendsEndAtOnce) {
  Connect();
  EXPECT_FALSE(port_->SendsAtOnce());
  EXPECT_EQ(Send("later"), CompletionPort::kPending);
  EXPECT_TRUE(RunUntil([this] { return !send_.results.empty(); }));
  EXPECT_EQ(send_.results, std::vector<int64_t>{5});
  port_->Close(socket_);
  OpenPort(PortChoice::kEpoll);
  Connect();
  EXPECT_TRUE(port_->SendsAtOnce());
  EXPECT_EQ(Send("at once"), 7);
  EXPECT_FALSE(send_.in_flight());
}

TEST_F(FakePortTest, InjectedErrorEndsTheOperationAndTheConnection) {
  Connect();
  world_.faults().FailNext(FakeCall::kReceive, ETIMEDOUT);
  port_->Receive(receive_);
  peer_->Send("x");
  EXPECT_TRUE(RunUntil([this] { return !receive_.ends.empty(); }));
  EXPECT_EQ(receive_.ends, std::vector<int>{-ETIMEDOUT});
  EXPECT_EQ(peer_->AwaitEnd(), -ECONNRESET);
}

// Spec: fault 10
TEST_F(FakePortTest, AcceptErrorsOfOnePeerAreCountedAndOthersEndTheAccept) {
  PortSocket listening;
  listening.fd = world_.network().OpenStream(AF_INET);
  ASSERT_EQ(world_.network().Bind(listening.fd, Loopback()), 0);
  ASSERT_EQ(world_.network().Listen(listening.fd, 8), 0);
  Address address;
  ASSERT_EQ(world_.network().LocalAddress(listening.fd, &address), 0);
  RecordingAccept accept;
  accept.socket = &listening;
  port_->Accept(accept);

  world_.faults().FailNext(FakeCall::kAccept, ECONNABORTED);
  FakePeer first(world_);
  first.StartConnect(address);
  EXPECT_TRUE(RunUntil([this] { return port_->stats().accept_errors == 1; }));
  EXPECT_EQ(first.AwaitEnd(), -ECONNRESET);
  EXPECT_TRUE(accept.in_flight());

  world_.faults().FailNext(FakeCall::kAccept, EMFILE);
  FakePeer second(world_);
  second.StartConnect(address);
  EXPECT_TRUE(RunUntil([&accept] { return !accept.ends.empty(); }));
  EXPECT_EQ(accept.ends, std::vector<int>{-EMFILE});
  port_->Accept(accept);
  EXPECT_TRUE(RunUntil([&accept] { return !accept.fds.empty(); }));
  world_.network().Close(accept.fds[0]);
  port_->Cancel(accept);
  EXPECT_TRUE(RunUntil([&accept] { return accept.ends.size() == 2; }));
  EXPECT_EQ(accept.ends[1], -ECANCELED);
  port_->Close(listening);
}

TEST_F(FakePortTest, ReceiveWaitsForABufferAndGoesOn) {
  port_.reset();
  PortOptions options;
  options.small_buffer_count = 2;
  options.large_buffer_count = 0;
  OpenPort(PortChoice::kUring, options);
  Connect();
  ReceiveBuffer* kept[2] = {};
  size_t count = 0;
  receive_.received = [&kept, &count](ReceiveBuffer& buffer, uint32_t, uint32_t) {
    if (count < 2) {
      buffer.AddLease();
      kept[count++] = &buffer;
    }
  };
  port_->Receive(receive_);
  for (const char* text : {"a", "b", "c"}) {
    peer_->Send(text);
    port_->RunOnce(world_.clock().Now() + FromMillis(1));
  }
  EXPECT_EQ(receive_.bytes, "ab");
  EXPECT_EQ(port_->stats().buffer_shortages, 1u);
  EXPECT_EQ(port_->stats().leases, 2u);
  EXPECT_FALSE(kept[0]->home()->may_lease());
  kept[0]->DropLease();
  EXPECT_TRUE(RunUntil([this] { return receive_.bytes == "abc"; }));
  kept[1]->DropLease();
}

TEST_F(FakePortTest, RoughKnobsAllShow) {
  port_.reset();
  FakeWorldOptions& knobs = world_.faults().options();
  knobs.short_read = knobs.short_write = knobs.spurious_sent = knobs.buffer_shortage = knobs.delay = 0.5;
  OpenPort(PortChoice::kUring);
  Connect();
  bool spurious = false, shortened = false, offset_used = false, short_read = false;
  receive_.received = [&](ReceiveBuffer&, uint32_t offset, uint32_t length) {
    offset_used |= offset > 0;
    short_read |= length < 1000;
  };
  port_->Receive(receive_);
  const TimePoint start = world_.clock().Now();
  for (int i = 0; i < 30; ++i) {
    send_.results.clear();
    ASSERT_EQ(Send(std::string(1000, 'x')), CompletionPort::kPending);
    ASSERT_TRUE(RunUntil([this] { return !send_.results.empty(); }));
    spurious |= send_.results[0] == 0;
    shortened |= send_.results[0] > 0 && send_.results[0] < 1000;
    peer_->Send(sent_);
  }
  EXPECT_TRUE(RunUntil([this] { return receive_.bytes.size() == 30000; }));
  EXPECT_TRUE(spurious);
  EXPECT_TRUE(shortened);
  EXPECT_TRUE(offset_used);
  EXPECT_TRUE(short_read);
  EXPECT_GT(port_->stats().buffer_shortages, 0u);
  EXPECT_GT(world_.clock().Now(), start);
}

TEST_F(FakePortTest, WakeIsRememberedByTheNextRound) {
  const TimePoint start = world_.clock().Now();
  port_->Wake();
  port_->RunOnce(kForever);
  EXPECT_EQ(world_.clock().Now(), start);
  port_->RunOnce(start + FromMillis(7));
  EXPECT_EQ(world_.clock().Now(), start + FromMillis(7));
}

class FakePortDeathTest : public FakePortTest {
 protected:
  void SetUp() override {
    FakePortTest::SetUp();
    Connect();
  }
};

TEST_F(FakePortDeathTest, StopsAnOperationThatIsSubmittedTwice) {
  port_->Receive(receive_);
  EXPECT_DEATH(port_->Receive(receive_), "two receives in flight on one socket");
  RecordingReceive other;
  other.socket = &socket_;
  EXPECT_DEATH(port_->Receive(other), "two receives in flight on one socket");
}

TEST_F(FakePortDeathTest, StopsASecondSendOnASocket) {
  ASSERT_EQ(Send("bytes"), CompletionPort::kPending);
  EXPECT_DEATH(Send("bytes"), "two sends in flight on one socket");
  const iovec piece{sent_.data(), sent_.size()};
  EXPECT_DEATH(world_.network().SendNow(socket_.fd, &piece, 1), "their bytes would mix");
  RunUntil([this] { return !send_.in_flight(); });
}

TEST_F(FakePortDeathTest, StopsWhoChangesBytesUnderASend) {
  ASSERT_EQ(Send("bytes"), CompletionPort::kPending);
  sent_[2] = 'T';
  EXPECT_DEATH(RunUntil([this] { return !send_.in_flight(); }),
               "bytes were changed while a send of them was in flight");
  sent_[2] = 't';
  RunUntil([this] { return !send_.in_flight(); });
}

TEST_F(FakePortDeathTest, StopsCloseWithAnythingInFlight) {
  port_->Receive(receive_);
  EXPECT_DEATH(port_->Close(socket_), "Close\\(\\) of a socket with operations in flight");
  EXPECT_DEATH(world_.network().Close(socket_.fd), "closed without CompletionPort::Close");
  EXPECT_DEATH(port_.reset(), "destroyed with operations in flight");
}

TEST_F(FakePortDeathTest, StopsUseOfAClosedDescriptor) {
  PortSocket stale;
  stale.fd = socket_.fd;
  port_->Close(socket_);
  port_->RunOnce(kAtOnce);
  receive_.socket = &stale;
  EXPECT_DEATH(port_->Receive(receive_), "submitted on no open socket");
  EXPECT_DEATH(world_.network().SetOption(stale.fd, 0, 0, 0), "a descriptor was used that is not open");
}

TEST_F(FakePortDeathTest, StopsCallsOfAnotherThanTheOwner) {
  struct Intruder final : Runnable {
    bool RunRound(bool) override {
      port->RunOnce(kAtOnce);
      return false;
    }
    CompletionPort* port = nullptr;
  } intruder;
  intruder.port = port_.get();
  const auto intrude = [this, &intruder] {
    int error = 0;
    world_.StartThread(intruder, "intruder", &error)->Join();
  };
  EXPECT_DEATH(intrude(), "used by another thread than its worker");
}

TEST_F(FakePortDeathTest, StopsRunOnceInsideAHandler) {
  receive_.received = [this](ReceiveBuffer&, uint32_t, uint32_t) { port_->RunOnce(kAtOnce); };
  port_->Receive(receive_);
  peer_->Send("x");
  EXPECT_DEATH(RunUntil([] { return false; }), "RunOnce\\(\\) inside a handler");
  receive_.received = nullptr;
}

TEST_F(FakePortDeathTest, StopsWhoWritesToABufferAfterGivingItBack) {
  uint8_t* stale = nullptr;
  receive_.received = [&stale](ReceiveBuffer& buffer, uint32_t offset, uint32_t) {
    stale = buffer.data() + offset;
  };
  port_->Receive(receive_);
  peer_->Send("x");
  ASSERT_TRUE(RunUntil([&stale] { return stale != nullptr; }));
  const auto write = [this, stale] {
    *stale = 'y';
    port_->Cancel(receive_);
    RunUntil([this] { return !receive_.in_flight(); });
    port_.reset();
  };
  // The first message is AddressSanitizer's.
  EXPECT_DEATH(write(), "use-after-poison|written after it had been given back");
}

TEST_F(FakePortDeathTest, StopsWhoChangesReceivedBytes) {
  receive_.received = [](ReceiveBuffer& buffer, uint32_t offset, uint32_t) { buffer.data()[offset] = '!'; };
  port_->Receive(receive_);
  peer_->Send("x");
  EXPECT_DEATH(RunUntil([] { return false; }), "received bytes were changed");
  receive_.received = nullptr;
}

TEST_F(FakePortDeathTest, StopsDestructionWithALeaseOut) {
  ReceiveBuffer* kept = nullptr;
  receive_.received = [&kept](ReceiveBuffer& buffer, uint32_t, uint32_t) {
    buffer.AddLease();
    kept = &buffer;
  };
  port_->Receive(receive_);
  peer_->Send("x");
  ASSERT_TRUE(RunUntil([&kept] { return kept != nullptr; }));
  port_->Cancel(receive_);
  ASSERT_TRUE(RunUntil([this] { return !receive_.in_flight(); }));
  EXPECT_DEATH(port_.reset(), "a lease on a buffer of it is out");
  kept->DropLease();
}

}  // namespace
}  // namespace hpsocket::core
