// Conformance: Start, Stop, Wait and destruction inside a client's callbacks.
#include <atomic>
#include <cerrno>
#include <memory>
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/client_fixture.h"
#include "hpsocket/testing/harness/environment.h"

namespace hpsocket::conformance {
namespace {

using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;
using harness::Peer;
using harness::PeerListener;
using harness::RunUntil;
using harness::StreamEnd;

class TcpClientReentry : public ClientTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientReentry);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientReentry, ::testing::ValuesIn(harness::TcpClients()),
                         ClientName);

// Spec: decisions 2.4
TEST_P(TcpClientReentry, FailsTheStartThatItsOwnEventStops) {
  PeerListener& listener = Listener();
  struct Case {
    EventKind kind;
    bool async;
    size_t events;
  };
  for (const Case& one : {Case{EventKind::kPrepareConnect, false, 1},
                          Case{EventKind::kPrepareConnect, true, 1}, Case{EventKind::kConnect, false, 2}}) {
    SCOPED_TRACE(std::string(harness::ToString(one.kind)) + (one.async ? ", asynchronous" : ""));
    ClientUnderTest& client = NewClient();
    client.events().DoOnce(one.kind, [&](const Event&) {
      EXPECT_TRUE(client->Stop());
      EXPECT_FALSE(client->Stop()) << "the second of two";
      EXPECT_EQ(client->GetLastError(), SE_ILLEGAL_STATE);
    });
    errno = 0;
    EXPECT_FALSE(client.Start("127.0.0.1", listener.port(), one.async));
    EXPECT_EQ(errno, ECANCELED);
    EXPECT_EQ(client->GetLastError(), SE_ILLEGAL_STATE);
    EXPECT_EQ(client->GetState(), SS_STOPPED);
    EXPECT_TRUE(client->Wait(harness::kPatienceMs));
    EXPECT_EQ(client.events().size(), one.events) << "FALSE is never followed by an event";
  }
}

// Spec: api §6.1/7, decisions 2.4, decisions 2.7, fault 13, §4.2/2
TEST_P(TcpClientReentry, StopsAsynchronouslyInsideItsEvents) {
  for (const EventKind kind : {EventKind::kConnect, EventKind::kReceive, EventKind::kSend}) {
    SCOPED_TRACE(harness::ToString(kind));
    PeerListener& listener = Listener();
    ClientUnderTest& client = NewClient();
    std::thread::id worker;
    client.events().DoOnce(kind, [&](const Event& event) {
      worker = event.thread;
      EXPECT_TRUE(client->Stop());
      EXPECT_EQ(client->GetState(), SS_STOPPING);
      EXPECT_FALSE(client->Stop()) << "the second of two";
      EXPECT_EQ(client.events().log().CountEnds(), 0u) << "never inside Stop";
    });
    ASSERT_TRUE(client.Start("127.0.0.1", listener.port(), true));
    const std::unique_ptr<Peer> peer = listener.Accept();
    ASSERT_NE(peer, nullptr);
    if (kind == EventKind::kReceive) peer->Send("x");
    if (kind == EventKind::kSend) {
      ASSERT_TRUE(RunUntil([&] { return client->GetState() == SS_STARTED; }));
      client->Send(Bytes("x"), 1);
    }
    ASSERT_TRUE(client->Wait(harness::kPatienceMs));
    const EventLog log = client.events().log();
    EXPECT_EQ(log.Count(EventKind::kClose), 1u);
    EXPECT_EQ(log.CountEnds(), 1u);
    EXPECT_EQ(log.Last()->kind, EventKind::kClose);
    EXPECT_EQ(log.Last()->thread, worker) << "on the client's own thread";
    EXPECT_NE(peer->AwaitEnd(), StreamEnd::kOpen);
  }
}

// Spec: decisions 2.4, decisions 2.7
TEST_P(TcpClientReentry, SurvivesAStopInsideItsLastEvent) {
  for (const bool reset : {false, true}) {
    PeerListener& listener = Listener();
    ClientUnderTest& client = NewClient();
    // The client may or may not have begun to stop itself; one or the other answer is right.
    const auto stop = [&](const Event&) {
      if (!client->Stop()) {
        EXPECT_EQ(client->GetLastError(), SE_ILLEGAL_STATE);
      }
    };
    client.events().Do(EventKind::kClose, stop);
    client.events().Do(EventKind::kError, stop);
    const std::unique_ptr<Peer> peer = client.Connect(listener);
    if (reset) {
      peer->Reset();
    } else {
      peer->Close();
    }
    ASSERT_TRUE(client->Wait(harness::kPatienceMs));
    EXPECT_EQ(client.events().log().CountEnds(), 1u);
    EXPECT_NE(client.Connect(listener), nullptr);
    client.events().React(EventKind::kClose, nullptr);
  }
}

// Spec: api §6.1/7, decisions 2.4, §4.2/2
TEST_P(TcpClientReentry, RefusesToStartAndToWaitInsideEveryEvent) {
  PeerListener& listener = Listener();
  for (const bool async : {false, true}) {
    ClientUnderTest& client = NewClient();
    std::atomic<size_t> seen{0};
    for (const EventKind kind : {EventKind::kPrepareConnect, EventKind::kConnect, EventKind::kReceive,
                                 EventKind::kSend, EventKind::kClose, EventKind::kError}) {
      client.events().Do(kind, [&](const Event&) {
        EXPECT_FALSE(client->Start("127.0.0.1", listener.port(), false));
        EXPECT_EQ(client->GetLastError(), SE_ILLEGAL_STATE);
        EXPECT_FALSE(client->Wait(-1));
        EXPECT_EQ(client->GetLastError(), SE_ILLEGAL_STATE);
        EXPECT_FALSE(client->Wait(0));
        seen.fetch_add(1);
      });
    }
    const std::unique_ptr<Peer> peer = client.Connect(listener, async);
    ASSERT_TRUE(RunUntil([&] { return client->GetState() == SS_STARTED; }));
    EXPECT_TRUE(client->Send(Bytes("x"), 1));
    EXPECT_TRUE(client.events().WaitForCount(EventKind::kSend, 1));
    EXPECT_TRUE(peer->Send("x"));
    EXPECT_TRUE(client.events().WaitForCount(EventKind::kReceive, 1));
    peer->Close();
    ASSERT_TRUE(client->Wait(harness::kPatienceMs));
    EXPECT_EQ(seen.load(), client.events().size());
    EXPECT_EQ(client.events().size(), 5u);
  }
}

// Spec: decisions 2.4
TEST_P(TcpClientReentry, StopsAnotherClientSynchronouslyInsideACallback) {
  PeerListener& listener = Listener();
  ClientUnderTest& other = NewClient();
  ClientUnderTest& client = NewClient();
  std::thread::id worker;
  client.events().DoOnce(EventKind::kReceive, [&](const Event& event) {
    worker = event.thread;
    EXPECT_TRUE(other->Stop());
    EXPECT_EQ(other->GetState(), SS_STOPPED);
    EXPECT_EQ(other.events().log().Count(EventKind::kClose), 1u);
  });
  const std::unique_ptr<Peer> others_peer = other.Connect(listener);
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  ASSERT_TRUE(peer->Send("stop the other"));
  ASSERT_TRUE(client.events().WaitForCount(EventKind::kReceive, 1));
  EXPECT_EQ(other.events().log().Last()->thread, worker) << "OnClose comes on the caller of Stop";
  EXPECT_EQ(client->GetState(), SS_STARTED);
}

// Spec: decisions 2.4
TEST_P(TcpClientReentry, DoesNotDeadlockWhenClientsStopEachOther) {
  PeerListener& listener = Listener();
  ClientUnderTest& first = NewClient();
  ClientUnderTest& second = NewClient();
  std::atomic<int> inside{0};
  Gate both;
  const auto stop = [&](ClientUnderTest& other) {
    return [&](const Event&) {
      if (inside.fetch_add(1) == 1) both.Open();
      EXPECT_TRUE(both.Pass());
      EXPECT_TRUE(other->Stop());
    };
  };
  first.events().DoOnce(EventKind::kReceive, stop(second));
  second.events().DoOnce(EventKind::kReceive, stop(first));
  const std::unique_ptr<Peer> to_first = first.Connect(listener);
  const std::unique_ptr<Peer> to_second = second.Connect(listener);
  ASSERT_TRUE(to_first->Send("x"));
  ASSERT_TRUE(to_second->Send("x"));
  for (ClientUnderTest* const client : {&first, &second}) {
    ASSERT_TRUE(client->events().WaitForCount(EventKind::kReceive, 1));
    ASSERT_TRUE((*client)->Wait(harness::kPatienceMs));
    EXPECT_EQ(client->events().log().CountEnds(), 1u);
  }
}

// Spec: decisions 2.4, decisions 3.1
TEST_P(TcpClientReentry, StartsAnotherClientInsideACallback) {
  PeerListener& listener = Listener();
  ClientUnderTest& other = NewClient();
  ClientUnderTest& client = NewClient();
  client.events().DoOnce(EventKind::kReceive, [&](const Event&) {
    EXPECT_TRUE(other.Start("127.0.0.1", listener.port()));
    EXPECT_EQ(other->GetState(), SS_STARTED);
  });
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  ASSERT_TRUE(peer->Send("start the other"));
  ASSERT_TRUE(client.events().WaitForCount(EventKind::kReceive, 1));
  EXPECT_NE(listener.Accept(), nullptr);
  EXPECT_EQ(other.events().log().Count(EventKind::kConnect), 1u);
}

class TcpClientReentryDeathTest : public ClientTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientReentryDeathTest);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientReentryDeathTest, ::testing::ValuesIn(harness::TcpClients()),
                         ClientName);

// Spec: decisions 2.5
TEST_P(TcpClientReentryDeathTest, EndsTheProcessWhenItIsDestroyedInsideItsOwnCallback) {
  EXPECT_DEATH(
      {
        PeerListener& listener = Listener();
        ClientUnderTest& client = NewClient();
        client.events().Do(EventKind::kReceive, [&](const Event&) { client.Destroy(); });
        const std::unique_ptr<Peer> peer = client.Connect(listener);
        peer->Send("x");
        peer->AwaitEnd();
      },
      "destroyed inside");
}

}  // namespace
}  // namespace hpsocket::conformance
