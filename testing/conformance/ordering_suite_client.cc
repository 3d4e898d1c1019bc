// Conformance: in which order the bytes of a client's many senders leave, and that a call stays together.
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/client_fixture.h"
#include "hpsocket/testing/conformance/ordering_fixture.h"
#include "hpsocket/testing/harness/effort.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/thread.h"

namespace hpsocket::conformance {
namespace {

using harness::Event;
using harness::EventKind;
using harness::Peer;
using harness::PeerListener;
using harness::RunUntil;
using harness::Thread;

constexpr int kRecords = 40'000;

class TcpClientOrdering : public ClientTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientOrdering);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientOrdering, ::testing::ValuesIn(harness::TcpClients()),
                         ClientName);

// How many records in all is said by HPSOCKET_RECORDS.
// Spec: api §6.11/5, api §6.6/5, decisions 3.3, decisions 3.4, C10, fault 12, api §2.7/4t, §4.2/9
TEST_P(TcpClientOrdering, KeepsEachCallTogetherWhenManyThreadsSend) {
  const uint32_t per_thread = static_cast<uint32_t>(harness::Effort("HPSOCKET_RECORDS", kRecords)) / kSenders;
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  std::vector<Thread> threads;
  std::atomic<int> failures{0};
  for (uint8_t thread = 0; thread < kSenders; ++thread) {
    threads.emplace_back([&, thread] {
      failures.fetch_add(SendRecords(thread, per_thread, [&](WSABUF* packets, int count) {
        return client->SendPackets(packets, count);
      }));
    });
  }
  const std::string reason = ReceiveRecords(*peer, per_thread);
  EXPECT_EQ(reason, "");
  if (!reason.empty()) client->Stop();  // or the threads wait for room for ever
  for (Thread& thread : threads) thread.Join();
  EXPECT_EQ(failures.load(), 0);
}

// Spec: api §6.11/5, decisions 3.4, decisions 3.3, fault 12
TEST_P(TcpClientOrdering, KeepsTheOrderOfCallsAcrossThreadsAndCallbacks) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  NumbersInTurn numbers(
      static_cast<uint32_t>(harness::Effort("HPSOCKET_RECORDS", kRecords)) / 2,
      [&](const std::string& number) { return client->Send(Bytes(number), Length(number)); });
  client.events().Do(EventKind::kSend, [&](const Event&) { numbers.SendNextInCallback(); });
  client.events().Do(EventKind::kReceive, [&](const Event&) {
    numbers.SendNextInCallback();
    numbers.SendNextInCallback();
  });
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  // The first comes from a callback, and its OnSend goes on, whatever the threads do.
  EXPECT_TRUE(peer->Send("your turn"));
  ASSERT_TRUE(RunUntil([&] { return numbers.by_callbacks() > 0; }));
  std::vector<Thread> threads;
  for (int i = 0; i < kSenders; ++i) {
    threads.emplace_back([&] {
      while (numbers.SendNext()) {
      }
    });
  }
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(peer->Send("your turn"));
  numbers.ExpectAtThePeer(*peer);
  for (Thread& thread : threads) thread.Join();
  ASSERT_TRUE(client->Stop());  // the reactions use what ends here
}

// The same without chance: the other thread's call returns inside the callback, before the callback's own.
// Spec: decisions 3.4
TEST_P(TcpClientOrdering, PutsACallOfAnotherThreadBeforeTheCallbacksOwnThatFollowsIt) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  const auto send = [&](const char* text) { EXPECT_TRUE(client->Send(Bytes(text), 1)); };
  const auto send_after_another = [&](const char* first, const char* second) {
    Thread([&] { send(first); }).Join();
    send(second);
  };
  client.events().DoOnce(EventKind::kReceive, [&](const Event&) { send_after_another("1", "2"); });
  client.events().DoOnce(EventKind::kSend, [&](const Event&) { send_after_another("3", "4"); });
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  EXPECT_TRUE(peer->Send("your turn"));
  EXPECT_EQ(peer->Receive(4), "1234");
  ASSERT_TRUE(client->Stop());  // the reactions use what ends here
}

}  // namespace
}  // namespace hpsocket::conformance
