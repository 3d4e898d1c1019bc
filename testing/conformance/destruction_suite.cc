// Conformance: components that are destroyed inside callbacks, which ends the process with a message.
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/agent_fixture.h"
#include "hpsocket/testing/conformance/client_fixture.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"

namespace hpsocket::conformance {
namespace {

using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::NeedsKernel;
using harness::Peer;
using harness::PeerListener;
using harness::RunUntil;

constexpr char kInsideItsOwn[] = "is destroyed inside one of its own callbacks";

class TcpComplexReentryDeathTest : public ComplexTest {
 protected:
  // Makes events of every kind happen to a component that is destroyed in those of this kind.
  void DestroyInside(EventKind kind) {
    ComplexUnderTest& component = NewComponent();
    component.EchoBack();
    component.events().Do(kind, [&](const Event&) { component.Destroy(); });
    component.MustStart();
    if (const auto peer = component.NewPeer()) {
      if (peer->Send("ping")) peer->Receive(4);
    }
    if (const auto peer = component.NewPeer()) {
      if (peer->Send("ping") && peer->Receive(4) == "ping") peer->Reset();
    }
    component.events().WaitFor([](const EventLog& log) { return log.CountEnds() == 2; });
    component->Stop();
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexReentryDeathTest);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexReentryDeathTest, ::testing::ValuesIn(TcpComplexes()),
                         ComplexName);

// Spec: decisions 2.5
TEST_P(TcpComplexReentryDeathTest, EndsTheProcessWhenItIsDestroyedInsideItsOwnCallback) {
  if (NeedsKernel("ends processes")) return;
  const ComplexUnderTest& component = NewPristineComponent();
  for (const EventKind kind :
       {component.preparing(), component.opening(), EventKind::kReceive, EventKind::kSend, EventKind::kClose,
        EventKind::kError, EventKind::kShutdown}) {
    SCOPED_TRACE(harness::ToString(kind));
    EXPECT_DEATH(DestroyInside(kind), kInsideItsOwn);
  }
}

// OnShutdown then comes on the component's last thread.
// Spec: decisions 2.4, decisions 2.5
TEST_P(TcpComplexReentryDeathTest, EndsTheProcessWhenItIsDestroyedInsideTheEventsOfAnAsynchronousStop) {
  if (NeedsKernel("ends processes")) return;
  for (const EventKind kind : {EventKind::kClose, EventKind::kShutdown}) {
    SCOPED_TRACE(harness::ToString(kind));
    EXPECT_DEATH(
        {
          ComplexUnderTest& component = NewComponent();
          component.events().Do(EventKind::kReceive, [&](const Event&) { component->Stop(); });
          component.events().Do(kind, [&](const Event&) { component.Destroy(); });
          component.MustStart();
          const Link link = component.Connect();
          link->Send("x");
          component->Wait(harness::kPatienceMs);
        },
        kInsideItsOwn);
  }
}

// Spec: decisions 2.4
TEST_P(TcpComplexReentryDeathTest, EndsTheProcessWhenACallbackDestroysWhoeverWaitsForIt) {
  EXPECT_DEATH(
      {
        ComplexUnderTest& first = NewComponent();
        ComplexUnderTest& second = NewComponent();
        // `first` waits for `second` to stop; `second` then destroys `first`.
        first.events().Do(EventKind::kReceive, [&](const Event&) { second->Stop(); });
        second.events().Do(EventKind::kClose, [&](const Event&) { first.Destroy(); });
        first.MustStart();
        second.MustStart();
        const Link to_second = second.Connect();
        const Link to_first = first.Connect();
        to_first->Send("x");
        to_first->AwaitEnd();
      },
      "destroyed inside a callback of .*wait");
}

class TcpAgentReentryDeathTest : public AgentTest {
 protected:
  void DestroyInside(EventKind kind, bool async, const char* address, uint16_t port) {
    AgentUnderTest& agent = NewAgent();
    agent.events().Do(kind, [&](const Event&) { agent.Destroy(); });
    agent.MustStart(async);
    agent.ConnectTo(address, port);
    agent.events().WaitForCount(kind, 1);
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpAgentReentryDeathTest);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpAgentReentryDeathTest, ::testing::ValuesIn(harness::TcpAgents()),
                         AgentName);

// On the caller of a synchronous Connect, and, for a name, on a worker.
// Spec: decisions 2.5
TEST_P(TcpAgentReentryDeathTest, EndsTheProcessWhenItIsDestroyedInsideTheEventsOfItsConnect) {
  if (NeedsKernel("ends processes")) return;
  const uint16_t port = Listener().port();
  for (const EventKind kind : {EventKind::kPrepareConnect, EventKind::kConnect}) {
    SCOPED_TRACE(harness::ToString(kind));
    EXPECT_DEATH(DestroyInside(kind, false, "127.0.0.1", port), kInsideItsOwn);
    EXPECT_DEATH(DestroyInside(kind, true, "localhost", port), kInsideItsOwn);
  }
  EXPECT_DEATH(DestroyInside(EventKind::kError, true, "127.0.0.1", RefusingPort()), kInsideItsOwn);
}

class TcpClientReentryDeathTest : public ClientTest {
 protected:
  enum class End { kByPeer, kByReset, kByStop, kByStopInside };

  // Makes events of every kind happen to a client that is destroyed in those of this kind.
  void DestroyInside(EventKind kind, const char* address, bool async, End end) {
    PeerListener& listener = Listener();
    ClientUnderTest& client = NewClient();
    client.events().Do(EventKind::kReceive, [&](const Event&) {
      if (end == End::kByStopInside) client->Stop();
    });
    client.events().Do(kind, [&](const Event&) { client.Destroy(); });
    client.Start(address, listener.port(), async);
    const std::unique_ptr<Peer> peer = listener.Accept();
    RunUntil([&] { return client->GetState() == SS_STARTED; });
    client->Send(Bytes("x"), 1);
    client.events().WaitForCount(EventKind::kSend, 1);
    peer->Receive(1);  // or its close would be a reset
    peer->Send("x");
    client.events().WaitForCount(EventKind::kReceive, 1);
    if (end == End::kByStop) client->Stop();
    if (end == End::kByPeer) peer->Close();
    if (end == End::kByReset) peer->Reset();
    client->Wait(harness::kPatienceMs);
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientReentryDeathTest);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientReentryDeathTest, ::testing::ValuesIn(harness::TcpClients()),
                         ClientName);

// Some come on the caller of Start, the others on the client's own thread.
// Spec: decisions 2.5
TEST_P(TcpClientReentryDeathTest, EndsTheProcessWhenItIsDestroyedInsideItsOwnCallback) {
  if (NeedsKernel("ends processes")) return;
  for (const EventKind kind : {EventKind::kPrepareConnect, EventKind::kConnect}) {
    SCOPED_TRACE(harness::ToString(kind));
    EXPECT_DEATH(DestroyInside(kind, "127.0.0.1", false, End::kByPeer), kInsideItsOwn);
    EXPECT_DEATH(DestroyInside(kind, "127.0.0.1", true, End::kByPeer), kInsideItsOwn);
    EXPECT_DEATH(DestroyInside(kind, "localhost", true, End::kByPeer), kInsideItsOwn);
  }
  for (const EventKind kind : {EventKind::kReceive, EventKind::kSend, EventKind::kClose}) {
    SCOPED_TRACE(harness::ToString(kind));
    EXPECT_DEATH(DestroyInside(kind, "127.0.0.1", false, End::kByPeer), kInsideItsOwn);
  }
  EXPECT_DEATH(DestroyInside(EventKind::kError, "127.0.0.1", false, End::kByReset), kInsideItsOwn);
}

// OnClose comes on the caller of Stop, or, if that was called inside a callback, on the client's own thread.
// Spec: decisions 2.5, decisions 3.5
TEST_P(TcpClientReentryDeathTest, EndsTheProcessWhenItIsDestroyedInsideTheOnCloseOfItsStop) {
  if (NeedsKernel("ends processes")) return;
  for (const End end : {End::kByStop, End::kByStopInside})
    EXPECT_DEATH(DestroyInside(EventKind::kClose, "127.0.0.1", false, end), kInsideItsOwn);
}

// Spec: decisions 2.5
TEST_P(TcpClientReentryDeathTest, EndsTheProcessWhenItIsDestroyedInsideTheOnErrorOfItsConnect) {
  if (NeedsKernel("ends processes")) return;
  EXPECT_DEATH(
      {
        ClientUnderTest& client = NewClient();
        client.events().Do(EventKind::kError, [&](const Event&) { client.Destroy(); });
        client.Start("127.0.0.1", RefusingPort(), true);
        client->Wait(harness::kPatienceMs);
      },
      kInsideItsOwn);
}

}  // namespace
}  // namespace hpsocket::conformance
