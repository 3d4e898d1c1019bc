// Conformance: every call from inside every event of a client.
#include <atomic>
#include <cerrno>
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/call_result.h"
#include "hpsocket/testing/conformance/client_fixture.h"
#include "hpsocket/testing/conformance/pull_fixture.h"
#include "hpsocket/testing/conformance/temporary_file.h"
#include "hpsocket/testing/harness/environment.h"

namespace hpsocket::conformance {
namespace {

using harness::Event;
using harness::EventKind;
using harness::Peer;
using harness::PeerListener;

class TcpClientCalls : public ClientTest {
 protected:
  // A client that calls everything in each of its events.
  ClientUnderTest& CallingClient() {
    ClientUnderTest& client = NewClient();
    client.events().FetchFrom(nullptr);
    client.events().Do(EventKind::kPrepareConnect,
                       [&](const Event& event) { CallEverything(client, event, EPERM, false); });
    for (const EventKind kind : {EventKind::kConnect, EventKind::kReceive, EventKind::kSend})
      client.events().DoOnce(kind, [&](const Event& event) { CallEverything(client, event, 0, true); });
    for (const EventKind kind : {EventKind::kClose, EventKind::kError}) {
      client.events().Do(kind, [&](const Event& event) {
        // One whose connect has failed was never connected and has no socket any more.
        const bool connected = event.operation != SO_CONNECT;
        CallEverything(client, event, connected ? EBADSLT : EPERM, connected);
      });
    }
    return client;
  }
  int calls() const { return calls_.load(); }

 private:
  // `error`: what sending fails with, 0 for a connection that lives.
  void CallEverything(ClientUnderTest& client, const Event& event, int error, bool has_socket) {
    SCOPED_TRACE(harness::ToString(event.kind));
    ExpectSends(client, error);
    EXPECT_EQ(ErrorOf([&] { return client->PauseReceive(true); }), error == 0 ? 0 : EPERM);
    bool paused = false;
    EXPECT_EQ(client->IsPauseReceive(paused), error == 0);
    EXPECT_EQ(paused, error == 0);
    EXPECT_EQ(ErrorOf([&] { return client->PauseReceive(false); }), error == 0 ? 0 : EPERM);
    client->SetExtra(&calls_);
    EXPECT_EQ(client->GetExtra(), &calls_);
    EXPECT_EQ(client.LocalName().ok, has_socket);
    EXPECT_EQ(client->GetConnectionID(), event.id);
    int pending = -1;
    EXPECT_EQ(client->GetPendingDataLength(pending), client->HasStarted());
    EXPECT_GE(pending, 0);
    if (error != 0) {
      EXPECT_EQ(pending, 0);
    }
    HP_Stats stats;
    EXPECT_TRUE(client->GetStats(stats));
    ExpectBytes(client, event, has_socket);
    EXPECT_FALSE(client->Start("127.0.0.1", 1));
    EXPECT_EQ(client->GetLastError(), SE_ILLEGAL_STATE);
    EXPECT_FALSE(client->Wait(0));
    ++calls_;
  }

  void ExpectSends(ClientUnderTest& client, int error) {
    WSABUF packets[] = {Packet("b"), Packet("c")};
    EXPECT_EQ(ErrorOf([&] { return client->Send(Bytes("a"), 1); }), error);
    EXPECT_EQ(ErrorOf([&] { return client->SendPackets(packets, 2); }), error);
    EXPECT_EQ(ErrorOf([&] { return client.tcp().SendSmallFile(file_.path(), nullptr, nullptr); }), error);
    if (error != 0) {
      EXPECT_EQ(client->GetLastError(), SE_ILLEGAL_STATE);
    }
  }

  // PULL: one byte has arrived and stays, unless the end came first.
  static void ExpectBytes(ClientUnderTest& client, const Event& event, bool has_socket) {
    if (client.tcp().pull() == nullptr) return;
    const PullUnderTest pull(*client.tcp().pull());
    if (event.kind == EventKind::kConnect || !has_socket) {
      EXPECT_TRUE(pull.IsUnknown()) << "not before OnConnect has returned";
    } else if (event.kind == EventKind::kSend) {
      EXPECT_NE(pull.Peek(1), kNotFound) << "it may be on its way";
    } else {
      EXPECT_EQ(pull.Peek(1), "x");
      if (event.kind != EventKind::kReceive) {
        EXPECT_EQ(pull.Fetch(1), "x");
      }
    }
  }

  std::atomic<int> calls_{0};
  const TemporaryFile file_{"f"};
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientCalls);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientCalls, ::testing::ValuesIn(harness::TcpClients()), ClientName);

// A name that is looked up asynchronously has its OnPrepareConnect on the client's own thread.
// Spec: fault 14, decisions 3.3, decisions 4.6
TEST_P(TcpClientCalls, AreTakenInsideEveryEvent) {
  struct Case {
    const char* address;
    bool async;
    EventKind end;
    bool by_stop;
  };
  int before = 0;
  for (const Case& one :
       {Case{"127.0.0.1", false, EventKind::kClose, false}, Case{"127.0.0.1", true, EventKind::kError, false},
        Case{"localhost", true, EventKind::kClose, true}}) {
    SCOPED_TRACE(std::string(one.address) + (one.async ? ", asynchronous" : ""));
    PeerListener& listener = Listener();
    ClientUnderTest& client = CallingClient();
    ASSERT_TRUE(client.Start(one.address, listener.port(), one.async));
    const std::unique_ptr<Peer> peer = listener.Accept();
    ASSERT_NE(peer, nullptr);
    ASSERT_TRUE(peer->Send("x"));
    EXPECT_EQ(peer->Receive(12), "abcfabcfabcf") << "from OnConnect, OnReceive and OnSend";
    ASSERT_TRUE(client.events().WaitForCount(EventKind::kReceive, 1));
    if (one.by_stop) {
      EXPECT_TRUE(client->Stop());
    } else if (one.end == EventKind::kError) {
      peer->Reset();
    } else {
      peer->Close();
    }
    ASSERT_TRUE(client->Wait(harness::kPatienceMs));
    EXPECT_EQ(client.events().log().Count(one.end), 1u);
    EXPECT_EQ(calls() - before, 5);
    before = calls();
  }
}

// Spec: fault 14, decisions 3.3, decisions 4.6
TEST_P(TcpClientCalls, AreTakenInsideTheEventsOfAConnectThatFails) {
  for (const char* const address : {"127.0.0.1", "localhost"}) {
    SCOPED_TRACE(address);
    ClientUnderTest& client = CallingClient();
    const int before = calls();
    ASSERT_TRUE(client.Start(address, RefusingPort(), true));
    ASSERT_TRUE(client->Wait(harness::kPatienceMs));
    EXPECT_EQ(client.events().log().Count(EventKind::kError), 1u);
    EXPECT_EQ(static_cast<size_t>(calls() - before), client.events().size());
  }
}

}  // namespace
}  // namespace hpsocket::conformance
