// Conformance: what GetStats of servers and agents says of what waits to be sent.
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

class TcpComplexFigures : public ComplexSendTest {
 protected:
  static HP_Stats Stats(ComplexUnderTest& component) {
    HP_Stats stats;
    EXPECT_TRUE(component->GetStats(stats));
    return stats;
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexFigures);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexFigures, ::testing::ValuesIn(TcpComplexes()), ComplexName);

class TcpComplexPushFigures : public TcpComplexFigures {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexPushFigures);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexPushFigures, ::testing::ValuesIn(PushTcpComplexes()),
                         ComplexName);

// Bytes that SP_DIRECT has handed to the kernel wait for their OnSend, too.
// Spec: decisions 8.2/5
TEST_P(TcpComplexFigures, CountWhatWaitsForItsOnSend) {
  constexpr size_t kBytes = 100'000;
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect();
  EXPECT_EQ(Stats(component).pending_bytes, 0u);
  {
    const BlockedWorker blocked(component.events(), *link.peer);
    ASSERT_TRUE(Send(component, link.id, Pattern(kBytes - 1)));
    ASSERT_TRUE(Send(component, link.id, "!"));
    const HP_Stats stats = Stats(component);
    EXPECT_EQ(stats.pending_bytes, kBytes);
    EXPECT_GT(stats.pool_buffers, 0u);
    EXPECT_GE(stats.pool_bytes, kBytes);
    EXPECT_EQ(stats.bytes_sent, 0u);
  }
  EXPECT_TRUE(link->Receive(kBytes) == Pattern(kBytes - 1) + "!");
  ASSERT_TRUE(
      component.events().WaitFor([&](const EventLog& log) { return log.Sent(link.id).size() == kBytes; }));
  EXPECT_TRUE(
      RunUntil([&] { return Stats(component).pending_bytes == 0 && Stats(component).pool_buffers == 0; }));
  EXPECT_EQ(Stats(component).bytes_sent, kBytes);
}

// Spec: decisions 8.2/5
TEST_P(TcpComplexFigures, CountWhatWaitsThatWasSentInsideACallback) {
  const std::string much = MoreThanTheKernelTakes();
  ComplexUnderTest& component = NewComponent();
  component.events().DoOnce(EventKind::kReceive, [&](const Event& event) {
    ASSERT_TRUE(Send(component, event.id, much));
    EXPECT_EQ(Stats(component).pending_bytes, much.size());
  });
  component.MustStart();
  const Link link = component.Connect({4096});
  ASSERT_TRUE(link->Send("?"));
  EXPECT_TRUE(RunUntil([&] {
    return Stats(component).pending_bytes > 0 && Stats(component).pool_buffers > 0;
  })) << "the peer does not read";
  EXPECT_TRUE(link->Receive(much.size()) == much);
  EXPECT_TRUE(
      RunUntil([&] { return Stats(component).pending_bytes == 0 && Stats(component).pool_buffers == 0; }));
  EXPECT_EQ(Stats(component).bytes_sent, much.size());
}

// What a connection takes with it when it ends is counted no more, whoever has sent it.
// Spec: decisions 8.2/5
TEST_P(TcpComplexFigures, ForgetWhatAClosedConnectionHeld) {
  const std::string much = MoreThanTheKernelTakes();
  ComplexUnderTest& component = StartedComponent();
  const Link link = component.Connect({4096});
  {
    const BlockedWorker blocked(component.events(), *link.peer);
    ASSERT_TRUE(Send(component, link.id, much));
    EXPECT_EQ(Stats(component).pending_bytes, much.size());
    ASSERT_TRUE(component->Disconnect(link.id, true));
  }
  ASSERT_TRUE(component.CountBecomes(0));
  EXPECT_TRUE(
      RunUntil([&] { return Stats(component).pending_bytes == 0 && Stats(component).pool_buffers == 0; }));
}

// The queue is longer than any network under it, so what is echoed stays behind it until the peer reads.
// Spec: decisions 8.2/5, decisions 4.7
TEST_P(TcpComplexPushFigures, CountReceivedBuffersThatSendsReferTo) {
  const std::string much = MoreThanTheKernelTakes();
  const std::string echoed = Pattern(64 << 10, 7);
  ComplexUnderTest& component = NewComponent();
  // SP_DIRECT copies what the kernel does not take.
  if (component->GetSendPolicy() == SP_DIRECT) component->SetSendPolicy(SP_PACK);
  component.EchoBack();
  component.MustStart();
  const Link link = component.Connect({4096});
  ASSERT_TRUE(Send(component, link.id, much));
  EXPECT_EQ(Stats(component).leases, 0u);
  ASSERT_TRUE(link->Send(echoed));
  ASSERT_TRUE(
      component.events().WaitFor([&](const EventLog& log) { return log.Received(link.id) == echoed; }));
  EXPECT_TRUE(RunUntil([&] { return Stats(component).leases > 0; }));
  EXPECT_TRUE(link->Receive(much.size()) == much);
  EXPECT_TRUE(link->Receive(echoed.size()) == echoed);
  EXPECT_TRUE(RunUntil([&] { return Stats(component).leases == 0 && Stats(component).pool_buffers == 0; }));
}

}  // namespace
}  // namespace hpsocket::conformance
