// Conformance: Start, Stop and Wait inside a client's callbacks.
#include <atomic>
#include <cerrno>
#include <memory>
#include <string>
#include <thread>
#include <vector>

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

// It is prepared on the client's own thread, after Start has returned.
// Spec: decisions 2.4, decisions 2.7, decisions 5.8
TEST_P(TcpClientReentry, ClosesTheNameWhoseOnPrepareConnectStopsIt) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  std::thread::id own;
  client.events().DoOnce(EventKind::kPrepareConnect, [&](const Event& event) {
    own = event.thread;
    EXPECT_TRUE(client->Stop());
    EXPECT_EQ(client->GetState(), SS_STOPPING);
    EXPECT_FALSE(client->Stop()) << "the second of two";
    EXPECT_EQ(client->GetLastError(), SE_ILLEGAL_STATE);
    EXPECT_EQ(client.events().size(), 1u) << "never inside Stop";
  });
  ASSERT_TRUE(client.Start("localhost", listener.port(), true));
  ASSERT_TRUE(client->Wait(harness::kPatienceMs));
  const EventLog log = client.events().log();
  EXPECT_EQ(log.Milestones(client->GetConnectionID()),
            (std::vector<EventKind>{EventKind::kPrepareConnect, EventKind::kClose}));
  EXPECT_EQ(log.Last()->thread, own);
  EXPECT_NE(own, std::this_thread::get_id());
  client.events().React(EventKind::kPrepareConnect, nullptr);
  EXPECT_NE(client.Connect(listener), nullptr);
}

// What a client whose last event has come says to a Stop inside it.
class TcpClientLastEvent : public TcpClientReentry {
 protected:
  // `stops`: it has not begun to stop before, by anybody's Stop or destruction.
  void StopInside(ClientUnderTest& client, bool stops) {
    for (const EventKind kind : {EventKind::kClose, EventKind::kError}) {
      client.events().DoOnce(kind, [&client, stops](const Event&) {
        EXPECT_EQ(client->HasStarted(), stops);
        if (stops) {
          EXPECT_TRUE(client->Stop());
        }
        EXPECT_EQ(client->GetState(), SS_STOPPING);
        errno = 0;
        EXPECT_FALSE(client->Stop());
        EXPECT_EQ(errno, EPERM);
        EXPECT_EQ(client->GetLastError(), SE_ILLEGAL_STATE);
      });
    }
  }
  void ExpectEndedOnce(ClientUnderTest& client, EventKind kind) {
    ASSERT_TRUE(client->Wait(harness::kPatienceMs));
    const EventLog log = client.events().log();
    EXPECT_EQ(log.CountEnds(), 1u);
    EXPECT_EQ(log.Last()->kind, kind) << "nothing follows";
    for (const EventKind one :
         {EventKind::kConnect, EventKind::kReceive, EventKind::kClose, EventKind::kError}) {
      client.events().React(one, nullptr);
    }
    EXPECT_NE(client.Connect(Listener()), nullptr);
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientLastEvent);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientLastEvent, ::testing::ValuesIn(harness::TcpClients()),
                         ClientName);

// Spec: decisions 2.4, decisions 2.7
TEST_P(TcpClientLastEvent, TakesAStopWhenThePeerHasEndedIt) {
  for (const bool reset : {false, true}) {
    SCOPED_TRACE(reset);
    PeerListener& listener = Listener();
    ClientUnderTest& client = NewClient();
    StopInside(client, true);
    const std::unique_ptr<Peer> peer = client.Connect(listener);
    if (reset) {
      peer->Reset();
    } else {
      peer->Close();
    }
    ExpectEndedOnce(client, reset ? EventKind::kError : EventKind::kClose);
  }
}

// Spec: decisions 2.4, decisions 2.7
TEST_P(TcpClientLastEvent, TakesAStopWhenItsListenerHasEndedIt) {
  for (const EventKind refused : {EventKind::kConnect, EventKind::kReceive}) {
    SCOPED_TRACE(harness::ToString(refused));
    PeerListener& listener = Listener();
    ClientUnderTest& client = NewClient();
    StopInside(client, true);
    client.events().React(refused, [](const Event&) { return HR_ERROR; });
    ASSERT_TRUE(client.Start("127.0.0.1", listener.port(), true));
    const std::unique_ptr<Peer> peer = listener.Accept();
    ASSERT_NE(peer, nullptr);
    if (refused == EventKind::kReceive) {
      ASSERT_TRUE(peer->Send("x"));
    }
    ExpectEndedOnce(client, EventKind::kError);
  }
}

// Spec: decisions 2.4, decisions 2.7
TEST_P(TcpClientLastEvent, TakesAStopWhenItsConnectHasFailed) {
  for (const char* const address : {"127.0.0.1", "localhost"}) {
    SCOPED_TRACE(address);
    ClientUnderTest& client = NewClient();
    StopInside(client, true);
    ASSERT_TRUE(client.Start(address, RefusingPort(), true));
    ExpectEndedOnce(client, EventKind::kError);
  }
}

// Without the Stop it would write on for as long as GracefulTimeout says.
// Spec: decisions 2.4, decisions 4.8
TEST_P(TcpClientLastEvent, WritesNoMoreWhenItIsStoppedInsideIt) {
  harness::PeerListenOptions options;
  options.accepted.receive_buffer = 4096;
  PeerListener& listener = Listener(options);
  ClientUnderTest& client = NewClient();
  client->SetGracefulTimeout(0x7FFFFFFF);
  StopInside(client, true);
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  const std::string much = MoreThanTheKernelTakes();
  ASSERT_TRUE(client->Send(Bytes(much), Length(much)));
  peer->HalfClose();
  ExpectEndedOnce(client, EventKind::kClose);
}

// Spec: decisions 2.4, decisions 3.5
TEST_P(TcpClientLastEvent, RefusesAStopWhenAStopHasEndedIt) {
  for (const bool inside : {false, true}) {
    SCOPED_TRACE(inside ? "inside OnReceive" : "from outside");
    PeerListener& listener = Listener();
    ClientUnderTest& client = NewClient();
    StopInside(client, false);
    const std::unique_ptr<Peer> peer = client.Connect(listener);
    if (inside) {
      client.events().DoOnce(EventKind::kReceive, [&](const Event&) { EXPECT_TRUE(client->Stop()); });
      ASSERT_TRUE(peer->Send("x"));
    } else {
      EXPECT_TRUE(client->Stop());
    }
    ExpectEndedOnce(client, EventKind::kClose);
  }
}

// Spec: decisions 2.4, decisions 2.5
TEST_P(TcpClientLastEvent, RefusesAStopWhenItsDestructionHasEndedIt) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  StopInside(client, false);
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  client.Destroy();
  EXPECT_EQ(client.events().log().Count(EventKind::kClose), 1u);
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

}  // namespace
}  // namespace hpsocket::conformance
