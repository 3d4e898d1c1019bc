// Conformance: what a client receives, sends and refuses to send. A PULL client fetches at once what comes.
#include <cerrno>
#include <climits>
#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include "gtest/gtest.h"
#include "hpsocket/core/base/clock.h"
#include "hpsocket/testing/conformance/client_fixture.h"
#include "hpsocket/testing/conformance/temporary_file.h"
#include "hpsocket/testing/harness/deadline.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"

namespace hpsocket::conformance {
namespace {

using harness::DeadlineClock;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::NeedsSimulatedTime;
using harness::Peer;
using harness::PeerListener;
using harness::RunUntil;
using harness::StreamEnd;

constexpr size_t kLongestFile = 4096 * 1024;

class TcpClientPush : public ClientTest {
 protected:
  static void ExpectFails(ClientUnderTest& client, EnSocketError code, int error,
                          const std::function<bool()>& call) {
    errno = 0;
    EXPECT_FALSE(call());
    EXPECT_EQ(errno, error);
    EXPECT_EQ(client->GetLastError(), code);
  }
  static void ExpectUnsendable(ClientUnderTest& client, int error, const char* when) {
    SCOPED_TRACE(when);
    WSABUF packets[] = {Packet("x")};
    const TemporaryFile file("content");
    ExpectFails(client, SE_ILLEGAL_STATE, error, [&] { return client->Send(Bytes("x"), 1); });
    ExpectFails(client, SE_ILLEGAL_STATE, error, [&] { return client->SendPackets(packets, 1); });
    ExpectFails(client, SE_ILLEGAL_STATE, error,
                [&] { return client.tcp().SendSmallFile(file.path(), nullptr, nullptr); });
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientPush);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientPush, ::testing::ValuesIn(harness::TcpClients()), ClientName);

// Spec: §2.1.1, api §6.8/1, api §6.8/2, decisions 4.1, C11, api §2.8/2
TEST_P(TcpClientPush, ReceivesEveryByteWhateverTheSizes) {
  PeerListener& listener = Listener();
  for (const uint32_t buffer : {1u, 64u, 4096u, 65536u}) {
    ClientUnderTest& client = NewClient();
    client.tcp().SetSocketBufferSize(buffer);
    for (const size_t size : {1u, 63u, 64u, 65u, 4095u, 4096u, 4097u, 65536u, 1048576u}) {
      if (buffer == 1 && size > 5000) continue;
      SCOPED_TRACE("buffer " + std::to_string(buffer) + ", message " + std::to_string(size));
      const std::unique_ptr<Peer> peer = client.Connect(listener);
      const CONNID id = client->GetConnectionID();
      const std::string message = Pattern(size, buffer);
      ASSERT_TRUE(peer->Send(message));
      peer->Close();
      ASSERT_TRUE(client->Wait(harness::kPatienceMs)) << "what came before the close is delivered first";
      const EventLog log = client.events().log();
      ASSERT_TRUE(log.Received(id) == message);
      EXPECT_EQ(log.Count(EventKind::kClose, id), 1u);
      for (const Event& event : log.events()) {
        // What PULL hands over at once has no such limit.
        if (event.kind == EventKind::kReceive && event.id == id && client.tcp().pull() == nullptr) {
          EXPECT_LE(event.data.size(), buffer);
        }
      }
    }
  }
}

// Spec: api §6.8/2, decisions 4.1, input 12
TEST_P(TcpClientPush, GivesBytesUpThatComeOneAtATime) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  client.events().React(EventKind::kReceive, [&](const Event& event) {
    return client->Send(event.bytes, Length(event.data)) ? HR_OK : HR_ERROR;
  });
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  const std::string message = Pattern(300);
  for (const char byte : message) {
    ASSERT_TRUE(peer->Send(std::string_view(&byte, 1)));
    ASSERT_EQ(peer->Receive(1), std::string(1, byte));
  }
  EXPECT_EQ(client.events().log().Received(client->GetConnectionID()), message);
}

// Spec: §2.1.3, api §6.2/6, api §6.2/9t, decisions 3.5
TEST_P(TcpClientPush, RunsEverythingOnOneThreadOfItsOwn) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  client.events().React(EventKind::kReceive, [&](const Event& event) {
    return client->Send(event.bytes, Length(event.data)) ? HR_OK : HR_ERROR;
  });
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(peer->Send(Pattern(1000)));
    ASSERT_TRUE(peer->Receive(1000) == Pattern(1000));
  }
  peer->Close();
  ASSERT_TRUE(client->Wait(harness::kPatienceMs));
  std::set<std::thread::id> threads;
  for (const Event& event : client.events().log().events()) {
    if (event.kind != EventKind::kPrepareConnect && event.kind != EventKind::kConnect)
      threads.insert(event.thread);
  }
  EXPECT_EQ(threads.size(), 1u);
  EXPECT_EQ(threads.count(std::this_thread::get_id()), 0u);
}

// Spec: api §6.2/11t, decisions 3.1
TEST_P(TcpClientPush, ReceivesNothingBeforeOnConnectHasReturned) {
  PeerListener& listener = Listener();
  for (const bool async : {false, true}) {
    ClientUnderTest& client = NewClient();
    std::unique_ptr<Peer> peer;
    client.events().DoOnce(EventKind::kConnect, [&](const Event&) {
      peer = listener.Accept();
      ASSERT_NE(peer, nullptr);
      EXPECT_TRUE(peer->Send("early"));
      EXPECT_TRUE(client->Send(Bytes("hello"), 5)) << "Send works in OnConnect";
      EXPECT_EQ(client.events().log().Count(EventKind::kReceive), 0u);
    });
    ASSERT_TRUE(client.Start("127.0.0.1", listener.port(), async));
    ASSERT_TRUE(client.events().WaitFor([](const EventLog& log) { return log.Received() == 5; }));
    EXPECT_EQ(peer->Receive(5), "hello");
    ASSERT_TRUE(client->Stop());
  }
}

// Spec: api §3.2/3, decisions 2.8, C07, fault 15, input 15
TEST_P(TcpClientPush, EndsWhenOnReceiveFails) {
  PeerListener& listener = Listener();
  for (const bool by_exception : {false, true}) {
    ClientUnderTest& client = NewClient();
    client.tcp().SetSocketBufferSize(64);
    client.events().React(EventKind::kReceive, [by_exception](const Event&) -> EnHandleResult {
      if (by_exception) throw std::runtime_error("thrown by a test");
      return HR_ERROR;
    });
    const std::unique_ptr<Peer> peer = client.Connect(listener);
    ASSERT_TRUE(peer->Send(Pattern(4096)));
    ASSERT_TRUE(client->Wait(harness::kPatienceMs)) << "it stops by itself";
    EXPECT_EQ(client->GetLastError(), SE_DATA_PROC);
    const EventLog log = client.events().log();
    EXPECT_EQ(log.Count(EventKind::kReceive), 1u) << "the rest of what was read is dropped";
    ASSERT_EQ(log.CountEnds(), 1u);
    EXPECT_EQ(log.Last()->kind, EventKind::kError);
    EXPECT_EQ(log.Last()->operation, SO_RECEIVE);
    EXPECT_EQ(log.Last()->error, ECANCELED);
    EXPECT_NE(peer->AwaitEnd(), StreamEnd::kOpen);
    HP_Stats stats;
    ASSERT_TRUE(client->GetStats(stats));
    EXPECT_EQ(stats.contained_exceptions, by_exception ? 1u : 0u);
  }
}

// Spec: api §3.2/1, api §3.2/4, decisions 2.8, fault 15, input 15
TEST_P(TcpClientPush, DoesNotCareWhatOnSendAndOnCloseAnswer) {
  PeerListener& listener = Listener();
  for (const bool by_exception : {false, true}) {
    ClientUnderTest& client = NewClient();
    for (const EventKind kind : {EventKind::kSend, EventKind::kClose}) {
      client.events().React(kind, [by_exception](const Event&) -> EnHandleResult {
        if (by_exception) throw std::runtime_error("thrown by a test");
        return HR_ERROR;
      });
    }
    const std::unique_ptr<Peer> peer = client.Connect(listener);
    for (int i = 0; i < 5; ++i) {
      EXPECT_TRUE(client->Send(Bytes("message"), 7));
      EXPECT_EQ(peer->Receive(7), "message");
    }
    ASSERT_TRUE(client.events().WaitFor(
        [&](const EventLog& log) { return log.Sent(client->GetConnectionID()).size() == 35; }));
    EXPECT_EQ(client->GetState(), SS_STARTED);
    EXPECT_TRUE(client->Stop());
    EXPECT_EQ(client.events().log().CountEnds(), 1u);
  }
}

// Spec: §2.4.1, §2.1.2, api §6.6/3, api §6.6/4, decisions 4.2, C11
TEST_P(TcpClientPush, ReportsEveryByteThatLeftOnceAndInOrder) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  std::string expected;
  for (uint32_t i = 0; i < 60; ++i) {
    std::string data = Pattern(1 + i * 777, i);
    ASSERT_TRUE(client->Send(Bytes(data), Length(data)));
    expected += data;
    std::fill(data.begin(), data.end(), '#');
  }
  EXPECT_TRUE(peer->Receive(expected.size()) == expected);
  const CONNID id = client->GetConnectionID();
  ASSERT_TRUE(client.events().WaitFor([&](const EventLog& log) { return log.Sent(id) == expected; }));
  int pending = -1;
  EXPECT_TRUE(client->GetPendingDataLength(pending));
  EXPECT_EQ(pending, 0);
}

// Spec: api §2.7/10t, api §6.6/6, decisions 4.2
TEST_P(TcpClientPush, CountsWhatWaitsToLeave) {
  harness::PeerListenOptions options;
  options.accepted.receive_buffer = 4096;
  PeerListener& listener = Listener(options);
  ClientUnderTest& client = NewClient();
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  const std::string much = MoreThanTheKernelTakes();
  ASSERT_TRUE(client->Send(Bytes(much), Length(much)));
  int pending = -1;
  EXPECT_TRUE(client->GetPendingDataLength(pending));
  EXPECT_GT(pending, 0);
  EXPECT_TRUE(peer->Receive(much.size()) == much);
  EXPECT_TRUE(RunUntil([&] { return client->GetPendingDataLength(pending) && pending == 0; }));
}

// Spec: §2.4.1, api §2.7/3t, api §2.7/4t, api §6.6/2, api §6.6/5
TEST_P(TcpClientPush, SendsFromAnOffsetAndGathersPackets) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  EXPECT_TRUE(client->Send(Bytes("0123456789"), 3, 4));
  EXPECT_EQ(peer->Receive(3), "456");
  const std::string big = Pattern(200000);
  WSABUF packets[] = {Packet(""), Packet("head"), {0, nullptr}, Packet(big), Packet("tail")};
  EXPECT_TRUE(client->SendPackets(packets, 5));
  EXPECT_TRUE(peer->Receive(big.size() + 8) == "head" + big + "tail");
  EXPECT_TRUE(client->Send(Bytes("x"), 0));
  EXPECT_TRUE(client->Send(nullptr, 0));
  EXPECT_TRUE(client->SendPackets(packets, 1));
  EXPECT_TRUE(client->Send(Bytes("end"), 3));
  EXPECT_EQ(peer->Receive(3), "end") << "nothing sends nothing";
}

// Spec: api §6.6, decisions 4.6, input 2, input 3, api §2.7/3t, api §2.7/4t
TEST_P(TcpClientPush, RefusesArgumentsThatMakeNoSense) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  const uint8_t* const data = Bytes("0123456789");
  WSABUF packets[] = {Packet("x"), {1, nullptr}};
  ExpectFails(client, SE_INVALID_PARAM, EINVAL, [&] { return client->Send(nullptr, 1); });
  ExpectFails(client, SE_INVALID_PARAM, EINVAL, [&] { return client->Send(data, -1); });
  ExpectFails(client, SE_INVALID_PARAM, EINVAL, [&] { return client->Send(data, INT_MIN); });
  ExpectFails(client, SE_INVALID_PARAM, EINVAL, [&] { return client->Send(data, 1, -1); });
  ExpectFails(client, SE_INVALID_PARAM, EINVAL, [&] { return client->SendPackets(nullptr, 1); });
  ExpectFails(client, SE_INVALID_PARAM, EINVAL, [&] { return client->SendPackets(packets, 0); });
  ExpectFails(client, SE_INVALID_PARAM, EINVAL, [&] { return client->SendPackets(packets, -1); });
  ExpectFails(client, SE_INVALID_PARAM, EINVAL, [&] { return client->SendPackets(packets, 2); });
  EXPECT_TRUE(client->Send(data, 10));
  EXPECT_EQ(peer->Receive(10), "0123456789");
}

// Spec: api §6.6, decisions 4.6, api §2.7/3t, api §2.7/4t
TEST_P(TcpClientPush, RefusesToSendWithoutAConnection) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  ExpectUnsendable(client, EPERM, "not started");
  client.events().Do(EventKind::kPrepareConnect,
                     [&](const Event&) { ExpectUnsendable(client, EPERM, "OnPrepareConnect"); });
  client.events().Do(EventKind::kClose, [&](const Event&) { ExpectUnsendable(client, EBADSLT, "OnClose"); });
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  EXPECT_TRUE(client->Stop());
  ExpectUnsendable(client, EPERM, "stopped");

  ClientUnderTest& connecting = NewClient();
  ASSERT_TRUE(connecting.Start("127.0.0.1", SilentListener().port(), true));
  ExpectUnsendable(connecting, EPERM, "connecting");
  int pending = -1;
  connecting->GetPendingDataLength(pending);
  EXPECT_EQ(pending, 0) << "nothing is queued";
}

// Spec: api §6.7/1, api §6.7/2, api §6.7/3, decisions 4.5, decisions 4.6, C13, api §2.8/1
TEST_P(TcpClientPush, SendsSmallFiles) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  WSABUF head = Packet("<head>");
  WSABUF tail = Packet("<tail>");
  for (const size_t size : {size_t{1}, kLongestFile}) {
    const std::string content = Pattern(size);
    TemporaryFile file(content);
    ASSERT_TRUE(client.tcp().SendSmallFile(file.path(), &head, &tail));
    file.Remove();
    EXPECT_TRUE(peer->Receive(size + 12) == "<head>" + content + "<tail>");
  }
  const auto send = [&client](const char* path) {
    return [&client, path] { return client.tcp().SendSmallFile(path, nullptr, nullptr); };
  };
  const TemporaryFile empty("");
  ExpectFails(client, SE_INVALID_PARAM, EINVAL, send(empty.path()));
  const TemporaryFile too_large(Pattern(kLongestFile + 1));
  ExpectFails(client, SE_INVALID_PARAM, EFBIG, send(too_large.path()));
  TemporaryFile missing("x");
  missing.Remove();
  ExpectFails(client, SE_INVALID_PARAM, ENOENT, send(missing.path()));
  ExpectFails(client, SE_INVALID_PARAM, EINVAL, send(nullptr));
}

// Spec: decisions 4.8, api §6.3/6, fault 2, input 14
TEST_P(TcpClientPush, StillWritesWhatItHadAcceptedWhenThePeerHalfCloses) {
  harness::PeerListenOptions options;
  options.accepted.receive_buffer = 4096;
  PeerListener& listener = Listener(options);
  ClientUnderTest& client = NewClient();
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  const std::string much = MoreThanTheKernelTakes();
  ASSERT_TRUE(client->Send(Bytes(much), Length(much)));
  peer->HalfClose();
  ASSERT_TRUE(client.events().WaitForCount(EventKind::kClose, 1));
  StreamEnd end = StreamEnd::kOpen;
  EXPECT_TRUE(peer->ReceiveToEnd(&end) == much);
  EXPECT_EQ(end, StreamEnd::kOrderly);
  EXPECT_TRUE(client->Wait(harness::kPatienceMs));
}

// Spec: decisions 4.8
TEST_P(TcpClientPush, LingersNoLongerThanTheGracefulTimeout) {
  if (NeedsSimulatedTime("compares durations")) return;
  harness::PeerListenOptions options;
  options.accepted.receive_buffer = 4096;
  PeerListener& listener = Listener(options);
  ClientUnderTest& client = NewClient();
  client->SetGracefulTimeout(2000);
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  const std::string much = MoreThanTheKernelTakes();
  ASSERT_TRUE(client->Send(Bytes(much), Length(much)));
  const core::TimePoint begin = DeadlineClock::Now();
  peer->HalfClose();
  ASSERT_TRUE(client->Wait(harness::kPatienceMs));
  const int64_t took = core::ToMillis(DeadlineClock::Now() - begin);
  EXPECT_GE(took, 2000);
  EXPECT_LE(took, 2050);
  StreamEnd end = StreamEnd::kOpen;
  EXPECT_LT(peer->ReceiveToEnd(&end).size(), much.size());
  EXPECT_EQ(end, StreamEnd::kReset);
}

// Spec: decisions 4.3, decisions 4.8, fault 1
TEST_P(TcpClientPush, NoticesThePeersResetThroughASendThatFailsWhilePaused) {
  ClientUnderTest& client = NewClient();
  const std::unique_ptr<Peer> peer = client.Connect(Listener());
  const CONNID id = client->GetConnectionID();
  EXPECT_TRUE(client->PauseReceive(true));
  peer->Reset();
  ASSERT_TRUE(RunUntil([&] {
    client->Send(Bytes("x"), 1);
    return client.events().log().CountEnds() == 1;
  }));
  const EventLog log = client.events().log();
  ASSERT_EQ(log.Count(EventKind::kError, id), 1u);
  EXPECT_EQ(log.Last()->operation, SO_SEND);
  EXPECT_TRUE(log.Last()->error == ECONNRESET || log.Last()->error == EPIPE) << log.Last()->error;
  EXPECT_TRUE(client->Wait(harness::kPatienceMs));
}

// Spec: decisions 4.3, decisions 8.3/3, fault 5
TEST_P(TcpClientPush, StopsReadingWhilePausedAndLosesNothing) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  errno = 0;
  EXPECT_FALSE(client->PauseReceive(true)) << "not connected";
  EXPECT_EQ(errno, EPERM);
  client.tcp().SetSocketBufferSize(64);
  client.events().DoOnce(EventKind::kReceive, [&](const Event&) { EXPECT_TRUE(client->PauseReceive(true)); });
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  const std::string message = Pattern(100000);
  ASSERT_TRUE(peer->Send(message));
  ASSERT_TRUE(client.events().WaitForCount(EventKind::kReceive, 1));
  bool paused = false;
  EXPECT_TRUE(client->IsPauseReceive(paused));
  EXPECT_TRUE(paused);
  // The client's thread is awake meanwhile.
  EXPECT_TRUE(client->Send(Bytes("x"), 1));
  EXPECT_TRUE(client.events().WaitForCount(EventKind::kSend, 1));
  EXPECT_EQ(client.events().log().Count(EventKind::kReceive), 1u);
  EXPECT_TRUE(client->PauseReceive(false));
  ASSERT_TRUE(client.events().WaitFor([&](const EventLog& log) { return log.Received() == message.size(); }));
  EXPECT_TRUE(client.events().log().Received(client->GetConnectionID()) == message);
}

// Spec: §2.4.1, api §2.7/9t, C15
TEST_P(TcpClientPush, SaysHowMuchRoomItsAddressNeeds) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  char text[64];
  for (const int room : {0, 1, 9}) {
    int length = room;
    uint16_t port = 0;
    EXPECT_FALSE(client->GetLocalAddress(text, length, port));
    EXPECT_EQ(length, 10);
    EXPECT_EQ(port, peer->remote_port());
  }
  int length = 10;
  uint16_t port = 0;
  EXPECT_TRUE(client->GetLocalAddress(text, length, port));
  EXPECT_STREQ(text, "127.0.0.1");
  EXPECT_EQ(length, 10);
}

// Spec: api §6.9/1, decisions 1.4, C23
TEST_P(TcpClientPush, CountsIdsUpThroughOneCounterForAllClients) {
  PeerListener& listener = Listener();
  CONNID last = 0;
  for (int i = 0; i < 10; ++i) {
    ClientUnderTest& client = NewClient();
    if (i % 3 == 2) {
      EXPECT_FALSE(client.Start("127.0.0.1", RefusingPort())) << "a failed Start takes an ID too";
    } else {
      client.Connect(listener);
    }
    EXPECT_GT(client->GetConnectionID(), last);
    last = client->GetConnectionID();
  }
}

}  // namespace
}  // namespace hpsocket::conformance
