// Conformance: how much may wait to be sent, by one connection and by all.
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/conformance/blocked_worker.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/conformance/send_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/event_log.h"

namespace hpsocket::conformance {
namespace {

using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::RunUntil;

constexpr int kLimit = 100'000;

class TcpComplexPendingLimit : public ComplexSendTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexPendingLimit);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexPendingLimit, ::testing::ValuesIn(TcpComplexes()),
                         ComplexName);

// Bytes that left, but wait for their OnSend, count too: so it is exact under every policy.
// Spec: decisions 4.3, decisions 4.6, decisions 8.2/6
TEST_P(TcpComplexPendingLimit, HoldsExactlyAsMuchAsOneConnectionMay) {
  ComplexUnderTest& component = NewComponent();
  component->SetMaxPendingLength(kLimit);
  component.MustStart();
  const Link link = component.Connect();
  std::string accepted;
  const auto accepts = [&](size_t size) {
    const std::string data = Pattern(size, static_cast<uint32_t>(size));
    ASSERT_TRUE(Send(component, link.id, data)) << size << ", errno " << errno;
    accepted += data;
  };
  {
    const BlockedWorker blocked(component.events(), *link.peer);
    ExpectRefused(component, link.id, kLimit + 1, EMSGSIZE);
    accepts(kLimit - 1);
    ExpectRefused(component, link.id, 2, ENOBUFS);
    ExpectRefused(component, link.id, kLimit, ENOBUFS);
    accepts(1);
    ExpectRefused(component, link.id, 1, ENOBUFS);
    WSABUF packets[] = {Packet("a"), Packet("b")};
    EXPECT_FALSE(component->SendPackets(link.id, packets, 2));
    EXPECT_TRUE(Send(component, link.id, "")) << "nothing always fits";
    EXPECT_LE(Pending(component, link.id), kLimit);
  }
  EXPECT_TRUE(link->Receive(accepted.size()) == accepted) << "a refused call queues nothing";
  ASSERT_TRUE(component.events().WaitFor([&](const EventLog& log) { return log.Sent(link.id) == accepted; }));
  ASSERT_TRUE(RunUntil([&] { return component.events().running() == 0; }));
  accepted.clear();
  ASSERT_TRUE(RunUntil([&] { return Send(component, link.id, Pattern(kLimit)); }))
      << "all of it is free again";
  EXPECT_TRUE(link->Receive(kLimit) == Pattern(kLimit));
}

// Spec: decisions 4.3, decisions 4.6
TEST_P(TcpComplexPendingLimit, HoldsExactlyAsMuchInsideACallback) {
  ComplexUnderTest& component = NewComponent();
  component->SetMaxPendingLength(kLimit);
  component.events().Do(EventKind::kReceive, [&](const Event& event) {
    ExpectRefused(component, event.id, kLimit + 1, EMSGSIZE);
    EXPECT_TRUE(Send(component, event.id, Pattern(kLimit - 1)));
    ExpectRefused(component, event.id, 2, ENOBUFS);
    EXPECT_TRUE(Send(component, event.id, "!"));
    ExpectRefused(component, event.id, 1, ENOBUFS);
  });
  component.MustStart();
  const Link link = component.Connect();
  ASSERT_TRUE(link->Send("?"));
  EXPECT_TRUE(link->Receive(kLimit) == Pattern(kLimit - 1) + "!");
  ASSERT_TRUE(
      component.events().WaitFor([&](const EventLog& log) { return log.Sent(link.id).size() == kLimit; }));
  ASSERT_TRUE(component->Stop());
}

// Spec: decisions 4.3, decisions 4.6, decisions 8.2/7
TEST_P(TcpComplexPendingLimit, HoldsExactlyAsMuchAsTheComponentMay) {
  ComplexUnderTest& component = NewComponent();
  component->SetMaxPendingTotal(kLimit);
  component->SetWorkerThreadCount(1);
  component.MustStart();
  const Link first = component.Connect();
  const Link second = component.Connect();
  const Link third = component.Connect();
  {
    const BlockedWorker blocked(component.events(), *first.peer);
    ExpectRefused(component, first.id, kLimit + 1, ENOBUFS);
    EXPECT_TRUE(Send(component, first.id, Pattern(40'000, 1)));
    EXPECT_TRUE(Send(component, second.id, Pattern(40'000, 2)));
    ExpectRefused(component, third.id, 20'001, ENOBUFS);
    EXPECT_TRUE(Send(component, third.id, Pattern(20'000, 3)));
    for (const Link* link : {&first, &second, &third}) ExpectRefused(component, link->id, 1, ENOBUFS);
  }
  EXPECT_TRUE(first->Receive(40'000) == Pattern(40'000, 1));
  EXPECT_TRUE(second->Receive(40'000) == Pattern(40'000, 2));
  EXPECT_TRUE(third->Receive(20'000) == Pattern(20'000, 3));
  ASSERT_TRUE(component.events().WaitFor([&](const EventLog& log) {
    return log.Sent(first.id).size() + log.Sent(second.id).size() + log.Sent(third.id).size() == kLimit;
  }));
  // A worker keeps a little of what has come back to it.
  constexpr size_t kFree = kLimit / 8 * 7;
  EXPECT_TRUE(RunUntil([&] { return Send(component, second.id, Pattern(kFree)); }));
  EXPECT_TRUE(second->Receive(kFree) == Pattern(kFree));
}

// What a connection takes with it when it ends is free for the others.
// Spec: decisions 4.3
TEST_P(TcpComplexPendingLimit, GivesBackWhatAClosedConnectionHeld) {
  ComplexUnderTest& component = NewComponent();
  constexpr uint64_t kTotal = 4'000'000;
  component->SetMaxPendingTotal(kTotal);
  component.MustStart();
  for (int round = 0; round < 5; ++round) {
    const Link stuck = component.Connect({4096});
    while (Send(component, stuck.id, Pattern(50'000))) {
    }
    EXPECT_EQ(errno, ENOBUFS);
    if (round % 2 == 0) {
      EXPECT_TRUE(component->Disconnect(stuck.id, true));
    } else {
      stuck->Reset();
    }
    ASSERT_TRUE(component.CountBecomes(0));
  }
  const Link link = component.Connect();
  const std::string much = Pattern(kTotal / 8 * 7);  // workers keep a little of what has come back to them
  EXPECT_TRUE(RunUntil([&] { return Send(component, link.id, much); }));
  EXPECT_TRUE(link->Receive(much.size()) == much);
  HP_Stats stats;
  EXPECT_TRUE(RunUntil([&] { return component->GetStats(stats) && stats.pending_bytes == 0; }));
}

// What the limits count is what memory has to hold: not a buffer of its own for each byte that waits.
// Spec: decisions 4.3
TEST_P(TcpComplexPendingLimit, HoldsManySmallSendsInLittleMemory) {
  constexpr size_t kSends = 2000;
  constexpr size_t kOneBuffer = 64 * 1024;  // what follows something large may get, for all that is to come
  ComplexUnderTest& component = NewComponent();
  component->SetWorkerThreadCount(1);
  // Bytes of the application's own: received ones may wait as references, which keep whole receive buffers.
  component.events().React(EventKind::kReceive, [&](const Event& event) {
    return Send(component, event.id, event.data) ? HR_OK : HR_ERROR;
  });
  component.MustStart();
  const Link stuck = component.Connect({4096});
  const Link lively = component.Connect();
  ASSERT_TRUE(Send(component, stuck.id, MoreThanTheKernelTakes()));
  const auto pool_bytes = [&] {
    HP_Stats stats;
    EXPECT_TRUE(component->GetStats(stats));
    return stats.pool_bytes;
  };
  ASSERT_TRUE(component.Echoes(lively, "the worker has been round"));
  const uint64_t before = pool_bytes();
  for (size_t i = 0; i < kSends; ++i) {
    ASSERT_TRUE(Send(component, stuck.id, "t"));
    ASSERT_TRUE(component.Echoes(lively, "r"));
  }
  EXPECT_LE(pool_bytes(), before + kOneBuffer + kSends * 8) << "of another thread";
  for (size_t i = 0; i < kSends; ++i) {
    ASSERT_TRUE(Send(component, stuck.id, "t"));
    ASSERT_TRUE(stuck->Send("w")) << "the worker answers it";
    ASSERT_TRUE(
        component.events().WaitFor([&](const EventLog& log) { return log.Received(stuck.id).size() > i; }));
  }
  EXPECT_LE(pool_bytes(), before + kOneBuffer + kSends * 24) << "of both in turn";
  EXPECT_TRUE(component->Disconnect(stuck.id, true));
}

// Spec: decisions 4.3, decisions 8.2/6, decisions 8.2/7
TEST_P(TcpComplexPendingLimit, HoldsWithoutLimitWhenToldSo) {
  constexpr size_t kMoreThanTheDefault = (64 << 20) + 1;
  const std::string much(kMoreThanTheDefault, 'm');
  ComplexUnderTest& limited = StartedComponent();
  const Link refused = limited.Connect();
  EXPECT_FALSE(Send(limited, refused.id, much));
  EXPECT_EQ(errno, EMSGSIZE);
  ComplexUnderTest& unlimited = NewComponent();
  unlimited->SetMaxPendingLength(0);
  unlimited->SetMaxPendingTotal(0);
  unlimited.MustStart();
  const Link link = unlimited.Connect({4096});
  EXPECT_TRUE(Send(unlimited, link.id, much));
  EXPECT_TRUE(unlimited->Disconnect(link.id, true));
}

}  // namespace
}  // namespace hpsocket::conformance
