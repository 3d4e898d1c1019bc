// Conformance: what else a process does around its components: fork without exec, and signals.
#include <atomic>
#include <cerrno>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/agent_fixture.h"
#include "hpsocket/testing/conformance/client_fixture.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/conformance/process_fixture.h"
#include "hpsocket/testing/conformance/server_fixture.h"
#include "hpsocket/testing/harness/deadline.h"
#include "hpsocket/testing/harness/effort.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"

namespace hpsocket::conformance {
namespace {

using harness::EventKind;
using harness::NeedsKernel;
using harness::Peer;
using harness::PeerListener;
using harness::RunUntil;

class TcpComplexFork : public ComplexTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexFork);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexFork, ::testing::ValuesIn(TcpComplexes()), ComplexName);

class TcpAgentFork : public AgentTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpAgentFork);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpAgentFork, ::testing::ValuesIn(harness::TcpAgents()), AgentName);

class TcpServerFork : public ServerTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpServerFork);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpServerFork, ::testing::ValuesIn(harness::TcpServers()), ServerName);

class TcpClientFork : public ClientTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientFork);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientFork, ::testing::ValuesIn(harness::TcpClients()), ClientName);

// Spec: fault 32
TEST_P(TcpComplexFork, IsStoppedForGoodInAForkedChild) {
  if (NeedsKernel("forks")) return;
  ComplexUnderTest& component = EchoComponent();
  const Link link = component.Connect();
  EXPECT_TRUE(component.Echoes(link, "before"));
  EXPECT_EQ(InForkedChild([&](Child& child) {
              ExpectStoppedForGood(child, component.tcp().socket(), link.id,
                                   [&] { return component.Start(); });
              errno = 0;
              child.Expect(!component->PauseReceive(link.id) && errno == EBADSLT, "PauseReceive");
              component.Destroy();
            }),
            "");
  EXPECT_TRUE(component.Echoes(link, "the parent goes on")) << "with the old connection";
  const Link next = component.Connect();
  EXPECT_TRUE(component.Echoes(next, "and with new ones"));
  EXPECT_TRUE(component->Stop());
}

// Spec: fault 32
TEST_P(TcpAgentFork, ConnectsNobodyInAForkedChildUnlessItIsNew) {
  if (NeedsKernel("forks")) return;
  PeerListener& listener = Listener();
  for (const bool async : {false, true}) {
    AgentUnderTest& agent = StartedAgent(async);
    const Link link = agent.Connect();
    [[maybe_unused]] AgentUnderTest& fresh = NewAgent();
    const size_t events = agent.events().size();
    EXPECT_EQ(InForkedChild([&](Child& child) {
                CONNID id = 1;
                errno = 0;
                child.Expect(!agent->Connect("127.0.0.1", listener.port(), &id), "Connect");
                child.Expect(errno == EPERM && id == 0, "Connect: EPERM");
                child.Expect(!agent.LocalName(link.id).ok, "GetLocalAddress");
                child.Expect(agent.events().size() == events, "an event");
                agent.Destroy();
#ifndef HPSOCKET_THREAD_SANITIZER  // it lets no thread begin after such a fork
                child.Expect(fresh->Start(nullptr, async), "a new one: Start");
                child.Expect(fresh->Connect("127.0.0.1", listener.port(), &id), "a new one: Connect");
                child.Expect(fresh.events().WaitForCount(EventKind::kConnect, 1), "a new one: OnConnect");
                child.Expect(fresh->Stop(), "a new one: Stop");
#endif
              }),
              "");
    EXPECT_TRUE(agent->Send(link.id, Bytes("still"), 5)) << "the parent goes on";
    EXPECT_EQ(link->Receive(5), "still");
    ASSERT_TRUE(agent->Stop());
  }
}

// Spec: fault 32
TEST_P(TcpServerFork, IsStartedInAForkedChildIfItWasStoppedOrIsNew) {
  if (NeedsKernel("forks")) return;
#ifdef HPSOCKET_THREAD_SANITIZER
  GTEST_SKIP() << "ThreadSanitizer lets no thread begin after such a fork";
#endif
  ServerUnderTest& running = EchoServer();
  ServerUnderTest& stopped = EchoServer();
  EXPECT_TRUE(stopped->Stop());
  EXPECT_EQ(InForkedChild([&](Child& child) {
              const auto serves = [&](ServerUnderTest& server, const char* what) {
                child.Expect(server->Start("127.0.0.1", 0), what);
                const std::unique_ptr<Peer> peer =
                    harness::Environment::Current().Connect("127.0.0.1", server.port(), {});
                child.Expect(peer != nullptr && peer->Send("child") && peer->Receive(5) == "child", what);
                child.Expect(server->Stop(), what);
              };
              serves(stopped, "the stopped one");
              ServerUnderTest fresh(GetParam(), false);
              fresh.EchoBack();
              serves(fresh, "a new one");
              fresh.Destroy();
            }),
            "");
  const Link link = running.Connect();
  EXPECT_TRUE(running.Echoes(link, "parent"));
}

// Spec: fault 32
TEST_P(TcpClientFork, IsStoppedForGoodInAForkedChild) {
  if (NeedsKernel("forks")) return;
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  EXPECT_EQ(InForkedChild([&](Child& child) {
              ExpectStoppedForGood(child, client.client(),
                                   [&] { return client->Start("127.0.0.1", listener.port()); });
              errno = 0;
              child.Expect(!client->PauseReceive() && errno == EPERM, "PauseReceive");
              client.Destroy();
            }),
            "");
  ASSERT_TRUE(client->Send(Bytes("parent"), 6));
  EXPECT_EQ(peer->Receive(6), "parent");
  EXPECT_EQ(client.events().log().CountEnds(), 0u);
}

// Spec: fault 32
TEST_P(TcpClientFork, IsStartedInAForkedChildIfItIsNew) {
  if (NeedsKernel("forks")) return;
#ifdef HPSOCKET_THREAD_SANITIZER
  GTEST_SKIP() << "ThreadSanitizer lets no thread begin after such a fork";
#endif
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  // A name, asynchronously: the process's resolver thread exists from here on, in the parent only.
  ASSERT_TRUE(client.Start("localhost", listener.port(), true));
  ASSERT_TRUE(client.events().WaitForCount(EventKind::kConnect, 1));
  const std::unique_ptr<Peer> peer = listener.Accept();
  EXPECT_EQ(InForkedChild([&](Child& child) {
              for (const char* const address : {"127.0.0.1", "localhost"}) {
                for (const bool async : {false, true}) {
                  ClientUnderTest fresh(GetParam(), false);
                  child.Expect(fresh.Start(address, listener.port(), async), address);
                  child.Expect(fresh.events().WaitForCount(EventKind::kConnect, 1), "OnConnect");
                  child.Expect(fresh->Stop(), "Stop");
                  fresh.Destroy();
                }
              }
            }),
            "");
}

// Calls `call` again and again in a thread of its own, until it ends.
class Busy {
 public:
  explicit Busy(std::function<void()> call)
      : thread_([this, call = std::move(call)] {
          while (!over_.load()) call();
        }) {}
  ~Busy() {
    over_.store(true);
    thread_.join();
  }

 private:
  std::atomic<bool> over_{false};
  std::thread thread_;
};

// How often a process forks until it has most likely done so while another thread held a certain lock. A
// sanitizer's shadow makes each fork many times as dear.
constexpr int kForks = harness::kSanitized ? 10 : 25;

// A lock that another thread holds when the process forks is held for good in the child.
// Spec: fault 32
TEST_P(TcpComplexFork, WaitsForNoLockInAForkedChild) {
  if (NeedsKernel("forks")) return;
  ComplexUnderTest& component = EchoComponent();
  const uint32_t count = component->GetWorkerThreadCount();
  const Busy setter([&] { component->SetMaxIdleTime(0); });
  const Busy reader([&] { component->GetIoBackendDesc(); });
  for (int i = 0; i < kForks && !HasFailure(); ++i) {
    EXPECT_EQ(InForkedChild([&](Child& child) {
                component->SetMaxConnectionCount(1);
                child.Expect(component->GetWorkerThreadCount() == count, "GetWorkerThreadCount");
                component->GetIoBackendDesc();
                child.Expect(!component.Start(), "Start");
                component.Destroy();
              }),
              "");
  }
  EXPECT_EQ(component->GetMaxConnectionCount(), 0u);
}

// Spec: fault 32
TEST_P(TcpAgentFork, WaitsForNoLockToConnectInAForkedChild) {
  if (NeedsKernel("forks")) return;
  AgentUnderTest& agent = StartedAgent(false);
  // Fails at once: there is nobody to connect to.
  const Busy connecting([&] { agent->Connect("", 1); });
  for (int i = 0; i < kForks && !HasFailure(); ++i) {
    EXPECT_EQ(InForkedChild([&](Child& child) {
                errno = 0;
                child.Expect(!agent->Connect("127.0.0.1", 1) && errno == EPERM, "Connect");
              }),
              "");
  }
}

// Spec: fault 32
TEST_P(TcpClientFork, WaitsForNoLockInAForkedChild) {
  if (NeedsKernel("forks")) return;
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  const Busy setter([&] { client->SetSyncConnectTimeout(1000); });
  for (int i = 0; i < kForks && !HasFailure(); ++i) {
    EXPECT_EQ(InForkedChild([&](Child& child) {
                client->SetSyncConnectTimeout(2000);
                child.Expect(!client->Start("127.0.0.1", listener.port()), "Start");
                client.Destroy();
              }),
              "");
  }
}

// Nobody has joined the thread of a client that has stopped by itself, and in the child there is none.
// Spec: fault 32
TEST_P(TcpClientFork, IsStartedInAForkedChildIfItHadStoppedByItself) {
  if (NeedsKernel("forks")) return;
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  std::unique_ptr<Peer> peer = client.Connect(listener);
  peer = nullptr;
  ASSERT_TRUE(RunUntil([&] { return client->GetState() == SS_STOPPED; }));
  EXPECT_EQ(InForkedChild([&](Child&) { client.Destroy(); }), "");
#ifndef HPSOCKET_THREAD_SANITIZER  // it lets no thread begin after such a fork
  EXPECT_EQ(InForkedChild([&](Child& child) {
              child.Expect(client.Start("127.0.0.1", listener.port()), "Start");
              child.Expect(client->Stop(), "Stop");
              client.Destroy();
            }),
            "");
#endif
  peer = client.Connect(listener);
  EXPECT_TRUE(client->Send(Bytes("parent"), 6));
}

// Spec: fault 31, decisions 7.1
TEST_P(TcpComplexFork, IsNotDisturbedByAStormOfSignals) {
  if (NeedsKernel("sends signals to threads")) return;
  const SignalStorm storm;
  for (uint32_t round = 0; round < harness::Scaled(5, 2, 1); ++round) {
    ComplexUnderTest& component = EchoComponent();
    const Link link = component.Connect();
    const std::string message = Pattern(200000, round);
    for (int i = 0; i < 20; ++i) {
      ASSERT_TRUE(component->Send(link.id, Bytes("hello"), 5));
      ASSERT_EQ(link->Receive(5), "hello");
      ASSERT_TRUE(link->Send(message));
      ASSERT_TRUE(link->Receive(message.size()) == message);
    }
    ASSERT_TRUE(component->Stop());
    EXPECT_EQ(component.events().log().Count(EventKind::kError), 0u);
  }
  EXPECT_TRUE(RunUntil([&] { return storm.count() >= 10; }));
}

// Spec: fault 31, decisions 7.1
TEST_P(TcpClientFork, IsNotDisturbedByAStormOfSignals) {
  if (NeedsKernel("sends signals to threads")) return;
  const SignalStorm storm;
  PeerListener& listener = Listener();
  for (int round = 0; round < 20; ++round) {
    ClientUnderTest& client = NewClient();
    const std::unique_ptr<Peer> peer = client.Connect(listener, round % 2 == 1);
    const std::string message = Pattern(200000, static_cast<uint32_t>(round));
    for (int i = 0; i < 5; ++i) {
      ASSERT_TRUE(client->Send(Bytes(message), Length(message)));
      ASSERT_TRUE(peer->Receive(message.size()) == message);
    }
    ASSERT_TRUE(client->Stop());
    EXPECT_EQ(client.events().log().Count(EventKind::kError), 0u);
  }
  // A synchronous connect waits on the caller's thread, which the storm wakes over and over.
  ClientUnderTest& patient = NewClient();
  patient->SetSyncConnectTimeout(300);
  errno = 0;
  EXPECT_FALSE(patient.Start("127.0.0.1", SilentListener().port()));
  EXPECT_EQ(errno, ETIMEDOUT);
}

}  // namespace
}  // namespace hpsocket::conformance
