// Conformance: a client's states, Stop, Wait and destruction, from outside of callbacks.
#include <cerrno>
#include <functional>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/client_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/process_probe.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::conformance {
namespace {

using harness::Async;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;
using harness::Later;
using harness::Peer;
using harness::PeerListener;
using harness::RunUntil;
using harness::StreamEnd;
using harness::Thread;

class TcpClientLifecycle : public ClientTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientLifecycle);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientLifecycle, ::testing::ValuesIn(harness::TcpClients()),
                         ClientName);

// Spec: api §6.1/1, api §2.7/5t, api §2.7/6t, api §2.7/7t, api §2.7/8t, api §2.7/9t, api §2.7/10t, C03
TEST_P(TcpClientLifecycle, IsStoppedAndWithoutErrorWhenNew) {
  ClientUnderTest& client = NewPristineClient();
  EXPECT_EQ(client->GetState(), SS_STOPPED);
  EXPECT_FALSE(client->HasStarted());
  EXPECT_EQ(client->GetLastError(), SE_OK);
  EXPECT_STREQ(client->GetLastErrorDesc(), "SUCCESS");
  EXPECT_EQ(client->GetConnectionID(), 0u);
  EXPECT_EQ(client->GetExtra(), nullptr);
  EXPECT_FALSE(client.LocalName().ok);
  int pending = -1;
  EXPECT_FALSE(client->GetPendingDataLength(pending));
  EXPECT_EQ(pending, 0) << "always set";
  EXPECT_TRUE(client->Wait(-1));
}

// Spec: §2.4.2, api §6.1/2, api §6.2/9t, api §6.4, decisions 3.5, api §2.7/2t, api §2.7/8t, api §2.7/9t
// Spec: api §6.11/5
TEST_P(TcpClientLifecycle, StopsWithOnCloseOnTheCaller) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  int extra = 0;
  client->SetExtra(&extra);
  Name inside;
  client.events().Do(EventKind::kClose, [&](const Event&) {
    inside = client.LocalName();
    EXPECT_EQ(client->GetExtra(), &extra);
    EXPECT_EQ(client->GetState(), SS_STOPPING);
    EXPECT_FALSE(client->Send(Bytes("x"), 1));
    EXPECT_EQ(errno, EBADSLT);
  });
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  const CONNID id = client->GetConnectionID();
  EXPECT_TRUE(client->Stop());
  EXPECT_EQ(client->GetState(), SS_STOPPED);
  EXPECT_FALSE(client->HasStarted());
  EXPECT_EQ(client.events().running(), 0u);
  const EventLog log = client.events().log();
  EXPECT_EQ(log.Count(EventKind::kClose), 1u);
  EXPECT_EQ(log.Last()->kind, EventKind::kClose);
  EXPECT_EQ(log.Last()->thread, std::this_thread::get_id());
  EXPECT_TRUE(inside.ok);
  EXPECT_EQ(inside.port, peer->remote_port());
  EXPECT_NE(peer->AwaitEnd(), StreamEnd::kOpen);
  EXPECT_EQ(client->GetConnectionID(), id) << "kept until the next Start";
  EXPECT_FALSE(client.LocalName().ok);
}

// Spec: api §6.1/3, decisions 2.4, C03, api §2.7/1t, api §2.7/2t, api §2.7/7t
TEST_P(TcpClientLifecycle, RefusesToStartTwiceAndToStopTwice) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  EXPECT_FALSE(client->Stop());
  EXPECT_EQ(client->GetLastError(), SE_ILLEGAL_STATE);
  EXPECT_EQ(client.events().size(), 0u);
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  EXPECT_FALSE(client.Start("127.0.0.1", listener.port()));
  EXPECT_EQ(client->GetLastError(), SE_ILLEGAL_STATE);
  EXPECT_EQ(client->GetState(), SS_STARTED);
  EXPECT_TRUE(client->Send(Bytes("on"), 2));
  EXPECT_EQ(peer->Receive(2), "on");
  EXPECT_TRUE(client->Stop());
  EXPECT_FALSE(client->Stop());
  EXPECT_EQ(client->GetLastError(), SE_ILLEGAL_STATE);
  EXPECT_EQ(client.events().log().CountEnds(), 1u);
}

// Spec: §2.1.5, api §2.7/5t, api §6.1/2
TEST_P(TcpClientLifecycle, KeepsExtraAndSettingsOverRestarts) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  int extra = 0;
  client->SetExtra(&extra);
  client.tcp().SetSocketBufferSize(77);
  for (int round = 0; round < 3; ++round) {
    const std::unique_ptr<Peer> peer = client.Connect(listener);
    EXPECT_EQ(client->GetExtra(), &extra);
    EXPECT_EQ(client.tcp().GetSocketBufferSize(), 77u);
    EXPECT_TRUE(client->Stop());
    EXPECT_EQ(client->GetExtra(), &extra);
  }
}

// Spec: api §6.11/4, api §6.1/9, §4.2/5, decisions 2.7
TEST_P(TcpClientLifecycle, StopsByItselfWhenThePeerCloses) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  peer->Close();
  ASSERT_TRUE(client.events().WaitForCount(EventKind::kClose, 1));
  EXPECT_TRUE(client->Wait(harness::kPatienceMs));
  EXPECT_EQ(client->GetState(), SS_STOPPED);
  EXPECT_EQ(client->GetLastError(), SE_OK) << "an orderly end is no error";
  EXPECT_NE(client.events().log().Last()->thread, std::this_thread::get_id()) << "on the client's own thread";
  EXPECT_FALSE(client->Stop());
  EXPECT_EQ(client->GetLastError(), SE_ILLEGAL_STATE);
  EXPECT_EQ(client.events().log().CountEnds(), 1u);
}

// Spec: api §6.11/4, api §6.3/4, decisions 4.8, fault 1
TEST_P(TcpClientLifecycle, StopsByItselfWhenThePeerResets) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  EnSocketError inside = SE_OK;
  client.events().Do(EventKind::kError, [&](const Event&) { inside = client->GetLastError(); });
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  peer->Reset();
  EXPECT_TRUE(client->Wait(harness::kPatienceMs));
  EXPECT_EQ(inside, SE_NETWORK) << "set before OnError";
  EXPECT_EQ(client->GetLastError(), SE_NETWORK);
  const EventLog log = client.events().log();
  ASSERT_EQ(log.CountEnds(), 1u);
  ASSERT_EQ(log.Last()->kind, EventKind::kError);
  EXPECT_EQ(log.Last()->operation, SO_RECEIVE);
  EXPECT_EQ(log.Last()->error, ECONNRESET);
}

// Spec: decisions 2.7, api §0.2/14
TEST_P(TcpClientLifecycle, HasOneLastEventThoughBothSidesEndIt) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  for (int round = 0; round < 100; ++round) {
    const std::unique_ptr<Peer> peer = client.Connect(listener);
    const CONNID id = client->GetConnectionID();
    Thread closer([&] { round % 2 == 0 ? peer->Close() : peer->Reset(); });
    const bool stopped = client->Stop();
    closer.Join();
    if (!stopped) {
      EXPECT_EQ(client->GetLastError(), SE_ILLEGAL_STATE);
    }
    ASSERT_TRUE(client->Wait(harness::kPatienceMs));
    EXPECT_EQ(client.events().log().CountEnds(id), 1u);
  }
}

// Spec: decisions 2.4, decisions 3.3
TEST_P(TcpClientLifecycle, LetsOneOfManyStopsAndOneOfManyStartsSucceed) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  const auto how_many = [](const std::function<bool()>& call) {
    std::vector<Later<bool>> calls;
    for (int i = 0; i < 8; ++i) calls.push_back(Async(call));
    int succeeded = 0;
    for (auto& one : calls) succeeded += one.Get() ? 1 : 0;
    return succeeded;
  };
  for (int round = 0; round < 5; ++round) {
    EXPECT_EQ(how_many([&] { return client.Start("127.0.0.1", listener.port()); }), 1);
    EXPECT_EQ(client->GetState(), SS_STARTED);
    EXPECT_EQ(how_many([&] { return client->Stop(); }), 1);
    EXPECT_TRUE(client->Wait(harness::kPatienceMs));
    EXPECT_EQ(client->GetLastError(), SE_ILLEGAL_STATE);
    EXPECT_EQ(client.events().log().CountEnds(client->GetConnectionID()), 1u);
  }
}

// Spec: api §6.1/8, decisions 2.5
TEST_P(TcpClientLifecycle, StopsWhenItIsDestroyed) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  client.Destroy();
  const EventLog log = client.events().log();
  EXPECT_EQ(log.Count(EventKind::kClose), 1u);
  EXPECT_EQ(log.Last()->thread, std::this_thread::get_id());
  EXPECT_NE(peer->AwaitEnd(), StreamEnd::kOpen);

  ClientUnderTest& connecting = NewClient();
  ASSERT_TRUE(connecting.Start("127.0.0.1", SilentListener().port(), true));
  connecting.Destroy();
  EXPECT_EQ(connecting.events().log().Count(EventKind::kClose), 1u);
}

// Spec: decisions 2.5, fault 43
TEST_P(TcpClientLifecycle, LeavesNoDescriptorAndNoThreadBehind) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  const auto run = [&] {
    std::unique_ptr<Peer> peer = client.Connect(listener);
    EXPECT_TRUE(client->Stop());
    peer = client.Connect(listener, true);
    peer->Close();
    EXPECT_TRUE(client->Wait(harness::kPatienceMs));
    EXPECT_FALSE(client.Start("127.0.0.1", RefusingPort()));
  };
  run();  // what is made once per process exists from here on
  const std::set<int> descriptors = harness::OpenDescriptors();
  const std::set<int> threads = harness::ThreadIds();
  for (int round = 0; round < 3; ++round) {
    run();
    EXPECT_EQ(harness::OpenDescriptors(), descriptors);
    EXPECT_TRUE(RunUntil([&] { return harness::HasNoThreadBeside(threads); }));
  }
}

// Spec: decisions 2.4, decisions 8.2/1
TEST_P(TcpClientLifecycle, WaitSaysWhetherItIsStopped) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  EXPECT_TRUE(client->Wait(0));
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  EXPECT_FALSE(client->Wait(0));
  EXPECT_EQ(client->GetLastError(), SE_OK);
  Later<bool> wait = Async([&] { return client->Wait(-1); });
  peer->Close();
  EXPECT_TRUE(wait.Get());
  EXPECT_EQ(client->GetState(), SS_STOPPED);
}

// Spec: decisions 2.4, decisions 2.5, decisions 3.5
TEST_P(TcpClientLifecycle, WaitsForARunningCallbackWhenItStops) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  Gate gate;
  client.events().Do(EventKind::kReceive, [&](const Event&) { EXPECT_TRUE(gate.Pass()); });
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  ASSERT_TRUE(peer->Send("x"));
  ASSERT_TRUE(
      client.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kReceive) == 1; }));
  Later<bool> stop = Async([&] { return client->Stop(); });
  ASSERT_TRUE(RunUntil([&] { return client->GetState() == SS_STOPPING; }));
  EXPECT_EQ(client.events().log().CountEnds(), 0u);
  EXPECT_FALSE(client->Wait(0));
  gate.Open();
  EXPECT_TRUE(stop.Get());
  EXPECT_EQ(client->GetState(), SS_STOPPED);
}

}  // namespace
}  // namespace hpsocket::conformance
