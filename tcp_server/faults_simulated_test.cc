// Faults that a kernel does not produce on demand, each provoked in the simulated world: what accept and
// send may answer, the wrap of the IDs, and time.
#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "hpsocket/core/engine/connection_table.h"
#include "hpsocket/core/io/fake_peer.h"
#include "hpsocket/core/io/fake_world.h"
#include "hpsocket/tcp_server/tcp_server.h"

namespace hpsocket {
namespace {

using core::Address;
using core::Duration;
using core::FakeCall;
using core::FakePeer;
using core::FakeWorld;
using core::FakeWorldOptions;
using core::World;
using std::chrono::milliseconds;

// Echoes, and notes how connections begin and end.
class Listener final : public CTcpServerListener {
 public:
  using CTcpServerListener::OnReceive;

  EnHandleResult OnAccept(CONNID id, SOCKET) override {
    ids.push_back(id);
    return HR_OK;
  }
  EnHandleResult OnReceive(CONNID id, const uint8_t* data, int length) override {
    if (fed != 0) fed_before_others = feeds;
    server->Send(id, data, length);
    return HR_OK;
  }
  EnHandleResult OnSend(CONNID id, const uint8_t* data, int length) override {
    if (id != fed || fed_before_others != 0) return HR_OK;
    ++feeds;
    server->Send(id, data, length);
    return HR_OK;
  }
  EnHandleResult OnClose(CONNID) override {
    ++closed;
    return HR_OK;
  }
  EnHandleResult OnError(CONNID, EnSocketOperation what, int why) override {
    ++failed;
    operation = what;
    error = why;
    return HR_OK;
  }

  CTcpServer* server = nullptr;
  std::vector<CONNID> ids;
  int closed = 0;
  int failed = 0;
  EnSocketOperation operation = SO_UNKNOWN;
  int error = 0;
  CONNID fed = 0;  // whose OnSend sends on, until another connection is served
  int feeds = 0;
  int fed_before_others = 0;
};

class TcpServerFaultsSimulatedTest : public testing::Test {
 protected:
  TcpServerFaultsSimulatedTest() : world_(FakeWorldOptions::Calm(7)) {
    World::ReplaceForTest(&world_);
    server_ = std::make_unique<CTcpServer>(&listener_);
    listener_.server = server_.get();
    server_->SetWorkerThreadCount(2);
  }
  ~TcpServerFaultsSimulatedTest() override {
    server_.reset();
    EXPECT_EQ(world_.open_descriptors(), 0u);
    World::ReplaceForTest(nullptr);
  }

  void Start() {
    ASSERT_TRUE(server_->Start("127.0.0.1", 5555)) << server_->GetLastErrorDetail();
    ASSERT_TRUE(Address::ParseLiteral("127.0.0.1", 5555, &address_));
  }
  static bool Echoes(FakePeer& peer) { return peer.Send("hello") == 5 && peer.Receive(5) == "hello"; }
  // 0, or why not.
  int Send(CONNID id, const std::string& text) {
    errno = 0;
    const bool sent =
        server_->Send(id, reinterpret_cast<const uint8_t*>(text.data()), static_cast<int>(text.size()));
    return sent ? 0 : errno;
  }
  HP_Stats Stats() {
    HP_Stats stats;
    EXPECT_TRUE(server_->GetStats(stats));
    return stats;
  }
  uint64_t AcceptErrors() { return Stats().accept_errors; }

  FakeWorld world_;
  Listener listener_;
  std::unique_ptr<CTcpServer> server_;
  Address address_;
};

// Spec: fault 8, 9
TEST_F(TcpServerFaultsSimulatedTest, WaitsLongerAndLongerWhileItCannotAccept) {
  Start();
  for (const int error : {EMFILE, ENFILE, ENOMEM, ENOBUFS}) {
    SCOPED_TRACE(error);
    const uint64_t before = AcceptErrors();
    const core::TimePoint begin = world_.clock().Now();
    world_.faults().FailNext(FakeCall::kAccept, error, 6);
    FakePeer peer(world_);
    ASSERT_EQ(peer.Connect(address_), 0) << "it waits in the kernel's queue";
    EXPECT_TRUE(Echoes(peer)) << "it is not lost";
    EXPECT_EQ(AcceptErrors() - before, 6u);
    EXPECT_GE(world_.clock().Now() - begin, milliseconds(10 + 20 + 40 + 80 + 160 + 320)) << "it spins";
    FakePeer next(world_);
    ASSERT_EQ(next.Connect(address_), 0);
    const core::TimePoint now = world_.clock().Now();
    EXPECT_TRUE(Echoes(next));
    EXPECT_LT(world_.clock().Now() - now, milliseconds(10)) << "nothing is left of it";
  }
}

// Spec: fault 10
TEST_F(TcpServerFaultsSimulatedTest, GoesOnAtOnceWhenAcceptTellsOfOnePeer) {
  Start();
  for (const int error : {ECONNABORTED, EPROTO}) {
    SCOPED_TRACE(error);
    const uint64_t before = AcceptErrors();
    world_.faults().FailNext(FakeCall::kAccept, error, 3);
    std::vector<std::unique_ptr<FakePeer>> peers;
    for (int i = 0; i < 4; ++i) {
      peers.push_back(std::make_unique<FakePeer>(world_));
      peers.back()->StartConnect(address_);
    }
    const size_t accepted = listener_.ids.size();
    const core::TimePoint begin = world_.clock().Now();
    EXPECT_TRUE(world_.RunUntil([&] { return listener_.ids.size() == accepted + 1; }));
    EXPECT_LT(world_.clock().Now() - begin, milliseconds(10)) << "there is nothing to wait for";
    EXPECT_TRUE(world_.RunUntil([&] { return AcceptErrors() - before == 3; }));
  }
}

// Spec: fault 10
TEST_F(TcpServerFaultsSimulatedTest, LosesNobodyToAnInterruptedAccept) {
  Start();
  world_.faults().FailNext(FakeCall::kAccept, EINTR, 3);
  std::vector<std::unique_ptr<FakePeer>> peers;
  for (int i = 0; i < 4; ++i) {
    peers.push_back(std::make_unique<FakePeer>(world_));
    peers.back()->StartConnect(address_);
  }
  const core::TimePoint begin = world_.clock().Now();
  EXPECT_TRUE(world_.RunUntil([&] { return listener_.ids.size() == 4; }));
  EXPECT_LT(world_.clock().Now() - begin, milliseconds(10)) << "there is nothing to wait for";
  EXPECT_EQ(world_.faults().failures(), 3u);
  for (const std::unique_ptr<FakePeer>& peer : peers) EXPECT_TRUE(Echoes(*peer));
  EXPECT_EQ(AcceptErrors(), 0u) << "that is no error";
}

// Spec: fault 9
TEST_F(TcpServerFaultsSimulatedTest, TellsWhyASendFailed) {
  Start();
  for (const int error : {ENOBUFS, ENOMEM}) {
    SCOPED_TRACE(error);
    FakePeer peer(world_);
    ASSERT_EQ(peer.Connect(address_), 0);
    EXPECT_TRUE(Echoes(peer));
    const int failed = listener_.failed;
    world_.faults().FailNext(FakeCall::kSend, error);
    EXPECT_EQ(peer.Send("hello"), 5u);
    EXPECT_TRUE(world_.RunUntil([&] { return listener_.failed == failed + 1; }));
    EXPECT_EQ(listener_.operation, SO_SEND);
    EXPECT_EQ(listener_.error, error);
    FakePeer next(world_);
    ASSERT_EQ(next.Connect(address_), 0);
    EXPECT_TRUE(Echoes(next)) << "others are not concerned";
  }
}

// The calling thread, which is no worker, is told at once; what the kernel lacked memory for has not left, so
// nothing is lost but that call.
// Spec: fault 9, decisions 4.2
TEST_F(TcpServerFaultsSimulatedTest, LosesOneDirectCallAloneWhereTheKernelLacksMemory) {
  server_->SetSendPolicy(SP_DIRECT);
  Start();
  FakePeer peer(world_);
  ASSERT_EQ(peer.Connect(address_), 0);
  ASSERT_TRUE(Echoes(peer));
  const CONNID id = listener_.ids.back();
  for (const int error : {ENOBUFS, ENOMEM}) {
    SCOPED_TRACE(error);
    world_.faults().FailNext(FakeCall::kSendNow, error);
    EXPECT_EQ(Send(id, "never"), error);
    int pending = -1;
    EXPECT_TRUE(server_->GetPendingDataLength(id, pending));
    EXPECT_EQ(pending, 0);
    EXPECT_EQ(Send(id, "again"), 0);
    EXPECT_EQ(peer.Receive(5), "again") << "nothing of the failed call is between";
    EXPECT_TRUE(Echoes(peer));
  }
  world_.RunFor(milliseconds(100));
  EXPECT_EQ(listener_.failed + listener_.closed, 0) << "the connection stands";
}

// Spec: decisions 3.1, decisions 4.2
TEST_F(TcpServerFaultsSimulatedTest, TellsTheCallerAndThenTheListenerWhyADirectSendFailed) {
  server_->SetSendPolicy(SP_DIRECT);
  Start();
  for (const int error : {ECONNRESET, EPIPE, ETIMEDOUT}) {
    SCOPED_TRACE(error);
    FakePeer peer(world_);
    ASSERT_EQ(peer.Connect(address_), 0);
    ASSERT_TRUE(Echoes(peer));
    const CONNID id = listener_.ids.back();
    const int failed = listener_.failed;
    world_.faults().FailNext(FakeCall::kSendNow, error);
    EXPECT_EQ(Send(id, "hello"), error);
    EXPECT_EQ(listener_.failed, failed) << "OnError came inside the call";
    EXPECT_EQ(Send(id, "hello"), EBADSLT) << "it is closing";
    EXPECT_TRUE(world_.RunUntil([&] { return listener_.failed == failed + 1; }));
    EXPECT_EQ(listener_.operation, SO_SEND);
    EXPECT_EQ(listener_.error, error);
    FakePeer next(world_);
    ASSERT_EQ(next.Connect(address_), 0);
    EXPECT_TRUE(Echoes(next)) << "others are not concerned";
  }
  world_.RunFor(milliseconds(100));
  EXPECT_EQ(listener_.failed, 3) << "each once";
  EXPECT_EQ(listener_.closed, 3) << "of those who have left by themselves";
}

// Spec: decisions 8.2/5
TEST_F(TcpServerFaultsSimulatedTest, CountsReceivesThatFoundNoBuffer) {
  Start();
  FakePeer peer(world_);
  ASSERT_EQ(peer.Connect(address_), 0);
  ASSERT_TRUE(Echoes(peer));
  EXPECT_EQ(Stats().buffer_shortages, 0u);
  world_.faults().options().buffer_shortage = 1;
  EXPECT_EQ(peer.Send("hello"), 5u);
  EXPECT_TRUE(world_.RunUntil([&] { return Stats().buffer_shortages >= 3; }, std::chrono::microseconds(10)))
      << "it tries again";
  world_.faults().options().buffer_shortage = 0;
  EXPECT_EQ(peer.Receive(5), "hello") << "nothing is lost";
  const uint64_t shortages = Stats().buffer_shortages;
  EXPECT_TRUE(Echoes(peer));
  EXPECT_EQ(Stats().buffer_shortages, shortages);
}

// Spec: decisions 8.2/5
TEST_F(TcpServerFaultsSimulatedTest, CountsOverflowsOfTheCompletionQueue) {
  Start();
  FakePeer peer(world_);
  ASSERT_EQ(peer.Connect(address_), 0);
  ASSERT_TRUE(Echoes(peer));
  EXPECT_EQ(Stats().cq_overflows, 0u);
  world_.faults().options().queue_overflow = 1;
  EXPECT_TRUE(Echoes(peer));
  EXPECT_TRUE(world_.RunUntil([&] { return Stats().cq_overflows != 0; }));
  world_.faults().options().queue_overflow = 0;
  world_.RunFor(milliseconds(10));
  const uint64_t overflows = Stats().cq_overflows;
  EXPECT_TRUE(Echoes(peer));
  EXPECT_EQ(Stats().cq_overflows, overflows);
}

// Spec: fault 16, decisions 1.4, §4.2/1
TEST_F(TcpServerFaultsSimulatedTest, LivesThroughTheWrapOfTheIds) {
  Start();
  core::SetNextConnectionIdForTest(1);
  FakePeer old(world_);
  ASSERT_EQ(old.Connect(address_), 0);
  ASSERT_TRUE(Echoes(old));
  core::SetNextConnectionIdForTest(UINTPTR_MAX);
  FakePeer last(world_);
  ASSERT_EQ(last.Connect(address_), 0);
  ASSERT_TRUE(Echoes(last));
  FakePeer first(world_);
  ASSERT_EQ(first.Connect(address_), 0);
  ASSERT_TRUE(Echoes(first));
  EXPECT_EQ(listener_.ids, (std::vector<CONNID>{1, UINTPTR_MAX, 2})) << "0 is no ID, and 1 is alive";
  EXPECT_FALSE(server_->Send(0, reinterpret_cast<const uint8_t*>("x"), 1));
  EXPECT_EQ(errno, EBADSLT);
  for (FakePeer* const peer : {&old, &last, &first}) EXPECT_TRUE(Echoes(*peer));
  EXPECT_TRUE(server_->Disconnect(UINTPTR_MAX));
  EXPECT_TRUE(world_.RunUntil([&] { return listener_.closed == 1; }));
  EXPECT_TRUE(Echoes(old));
}

// The kernel takes whatever comes as fast as it is fed.
// Spec: decisions 4.2
TEST_F(TcpServerFaultsSimulatedTest, TurnsToTheOthersThoughOneIsFedWithoutEnd) {
  world_.faults().options().send_buffer = world_.faults().options().receive_buffer = 1 << 20;
  server_->SetWorkerThreadCount(1);
  server_->SetIoBackend(IO_EPOLL);
  Start();
  FakePeer fed(world_);
  ASSERT_EQ(fed.Connect(address_), 0);
  ASSERT_TRUE(Echoes(fed));
  FakePeer other(world_);
  ASSERT_EQ(other.Connect(address_), 0);
  ASSERT_TRUE(Echoes(other));
  listener_.fed = listener_.ids.front();
  ASSERT_EQ(other.Send("hello"), 5u);
  ASSERT_TRUE(server_->Send(listener_.fed, reinterpret_cast<const uint8_t*>("more"), 4));
  EXPECT_EQ(other.Receive(5), "hello");
  EXPECT_GT(listener_.fed_before_others, 0) << "it was not fed";
  EXPECT_LT(listener_.fed_before_others, 1000) << "of the many that find room";
}

// The machine's own clocks have no part in it: hours pass here in no time, and nothing fires early.
// Spec: fault 30
TEST_F(TcpServerFaultsSimulatedTest, GoesByTheWorldsClockAlone) {
  Start();
  FakePeer peer(world_);
  ASSERT_EQ(peer.Connect(address_), 0);
  ASSERT_TRUE(Echoes(peer));
  const CONNID id = listener_.ids.front();
  uint32_t age = 0;
  ASSERT_TRUE(server_->GetConnectPeriod(id, age));
  world_.Advance(std::chrono::hours(100));
  uint32_t older = 0;
  ASSERT_TRUE(server_->GetConnectPeriod(id, older));
  EXPECT_EQ(older - age, 360'000'000u);
  EXPECT_TRUE(Echoes(peer)) << "a jump ends nothing";
  ASSERT_TRUE(server_->Disconnect(id, false));
  world_.RunFor(milliseconds(9'900));
  EXPECT_EQ(listener_.closed, 0);
  world_.RunFor(milliseconds(200));
  EXPECT_EQ(listener_.closed, 1) << "GracefulTimeout is 10 s";
}

}  // namespace
}  // namespace hpsocket
