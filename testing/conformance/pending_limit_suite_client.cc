// Conformance: how much a client lets wait to be sent.
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/conformance/blocked_worker.h"
#include "hpsocket/testing/conformance/client_fixture.h"
#include "hpsocket/testing/conformance/client_send_fixture.h"
#include "hpsocket/testing/conformance/temporary_file.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/event_log.h"

namespace hpsocket::conformance {
namespace {

using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Peer;
using harness::RunUntil;

constexpr int kLimit = 100'000;

class TcpClientPendingLimit : public ClientSendTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientPendingLimit);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientPendingLimit, ::testing::ValuesIn(harness::TcpClients()),
                         ClientName);

// Spec: decisions 4.3, decisions 4.6
TEST_P(TcpClientPendingLimit, HoldsExactlyAsMuchAsItsConnectionMay) {
  ClientUnderTest& client = NewClient();
  client->SetMaxPendingLength(kLimit);
  const std::unique_ptr<Peer> peer = client.Connect(Listener());
  const CONNID id = client->GetConnectionID();
  std::string accepted;
  const auto accepts = [&](size_t size) {
    const std::string data = Pattern(size, static_cast<uint32_t>(size));
    ASSERT_TRUE(Send(client, data)) << size << ", errno " << errno;
    accepted += data;
  };
  {
    const BlockedWorker blocked(client.events(), *peer);
    ExpectRefused(client, kLimit + 1, EMSGSIZE);
    accepts(kLimit - 1);
    ExpectRefused(client, 2, ENOBUFS);
    ExpectRefused(client, kLimit, ENOBUFS);
    accepts(1);
    ExpectRefused(client, 1, ENOBUFS);
    ExpectRefused(client, kLimit + 1, EMSGSIZE);
    WSABUF packets[] = {Packet("a"), Packet("b")};
    errno = 0;
    EXPECT_FALSE(client->SendPackets(packets, 2));
    EXPECT_EQ(errno, ENOBUFS);
    const TemporaryFile file("content");
    errno = 0;
    EXPECT_FALSE(client.tcp().SendSmallFile(file.path(), nullptr, nullptr));
    EXPECT_EQ(errno, ENOBUFS);
    EXPECT_TRUE(Send(client, "")) << "nothing always fits";
    EXPECT_EQ(Stats(client).pending_bytes, static_cast<uint64_t>(kLimit));
  }
  EXPECT_TRUE(peer->Receive(accepted.size()) == accepted) << "a refused call queues nothing";
  ASSERT_TRUE(client.events().WaitFor([&](const EventLog& log) { return log.Sent(id) == accepted; }));
  ASSERT_TRUE(RunUntil([&] { return Send(client, Pattern(kLimit)); })) << "all of it is free again";
  EXPECT_TRUE(peer->Receive(kLimit) == Pattern(kLimit));
}

// Spec: decisions 4.3, decisions 4.6
TEST_P(TcpClientPendingLimit, HoldsExactlyAsMuchInsideACallback) {
  ClientUnderTest& client = NewClient();
  client->SetMaxPendingLength(kLimit);
  client.events().Do(EventKind::kReceive, [&](const Event&) {
    ExpectRefused(client, kLimit + 1, EMSGSIZE);
    EXPECT_TRUE(Send(client, Pattern(kLimit - 1)));
    ExpectRefused(client, 2, ENOBUFS);
    EXPECT_TRUE(Send(client, "!"));
    ExpectRefused(client, 1, ENOBUFS);
  });
  const std::unique_ptr<Peer> peer = client.Connect(Listener());
  const CONNID id = client->GetConnectionID();
  ASSERT_TRUE(peer->Send("?"));
  EXPECT_TRUE(peer->Receive(kLimit) == Pattern(kLimit - 1) + "!");
  ASSERT_TRUE(client.events().WaitFor([&](const EventLog& log) { return log.Sent(id).size() == kLimit; }));
  ASSERT_TRUE(client->Stop());
}

// One connection is all there is to the component: the total binds where it is below the length, and what is
// too much for it is no call that could never fit.
// Spec: decisions 4.3, decisions 4.6
TEST_P(TcpClientPendingLimit, HoldsExactlyAsMuchAsTheComponentMay) {
  ClientUnderTest& client = NewClient();
  client->SetMaxPendingTotal(kLimit);
  const std::unique_ptr<Peer> peer = client.Connect(Listener());
  const CONNID id = client->GetConnectionID();
  {
    const BlockedWorker blocked(client.events(), *peer);
    ExpectRefused(client, kLimit + 1, ENOBUFS);
    EXPECT_TRUE(Send(client, Pattern(60'000, 1)));
    ExpectRefused(client, 40'001, ENOBUFS);
    EXPECT_TRUE(Send(client, Pattern(40'000, 2)));
    ExpectRefused(client, 1, ENOBUFS);
    EXPECT_EQ(Stats(client).pending_bytes, static_cast<uint64_t>(kLimit));
  }
  EXPECT_TRUE(peer->Receive(kLimit) == Pattern(60'000, 1) + Pattern(40'000, 2));
  ASSERT_TRUE(client.events().WaitFor([&](const EventLog& log) { return log.Sent(id).size() == kLimit; }));
  // A worker keeps a little of what has come back to it.
  constexpr size_t kFree = kLimit / 8 * 7;
  EXPECT_TRUE(RunUntil([&] { return Send(client, Pattern(kFree)); }));
  EXPECT_TRUE(peer->Receive(kFree) == Pattern(kFree));
}

// What a connection takes with it when it ends is free for the next.
// Spec: decisions 4.3
TEST_P(TcpClientPendingLimit, BeginsAnewWithEveryConnection) {
  ClientUnderTest& client = NewClient();
  client->SetMaxPendingLength(kLimit);
  client->SetMaxPendingTotal(kLimit);
  harness::PeerListener& listener = NarrowListener();
  for (int round = 0; round < 3; ++round) {
    const std::unique_ptr<Peer> peer = client.Connect(listener);
    {
      const BlockedWorker blocked(client.events(), *peer);
      EXPECT_TRUE(Send(client, Pattern(kLimit)));
      ExpectRefused(client, 1, ENOBUFS);
    }
    if (round % 2 == 0) {
      EXPECT_TRUE(client->Stop());
    } else {
      peer->Reset();
      ASSERT_TRUE(client->Wait(harness::kPatienceMs));
    }
    EXPECT_EQ(Stats(client).pending_bytes, 0u);
  }
}

// Spec: decisions 4.3
TEST_P(TcpClientPendingLimit, HoldsWithoutLimitWhenToldSo) {
  constexpr size_t kMoreThanTheDefault = (64 << 20) + 1;
  const std::string much(kMoreThanTheDefault, 'm');
  harness::PeerListener& listener = NarrowListener();
  ClientUnderTest& limited = NewClient();
  const std::unique_ptr<Peer> refused = limited.Connect(listener);
  EXPECT_FALSE(Send(limited, much));
  EXPECT_EQ(errno, EMSGSIZE);
  ClientUnderTest& unlimited = NewClient();
  unlimited->SetMaxPendingLength(0);
  unlimited->SetMaxPendingTotal(0);
  const std::unique_ptr<Peer> peer = unlimited.Connect(listener);
  EXPECT_TRUE(Send(unlimited, much));
  EXPECT_TRUE(unlimited->Stop());
}

}  // namespace
}  // namespace hpsocket::conformance
