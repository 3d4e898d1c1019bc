// Conformance: the kernel's buffers of UDP sockets, and what becomes of datagrams that find them full.
#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/udp_fixture.h"
#include "hpsocket/testing/harness/environment.h"

namespace hpsocket::conformance {
namespace {

using harness::Deadline;
using harness::Environment;
using harness::Event;
using harness::EventKind;
using harness::Gate;
using harness::Recorder;
using harness::RunUntil;

// A buffer that holds few datagrams, and many datagrams.
constexpr uint32_t kSmallBuffer = 8192;
constexpr size_t kMany = 400;
constexpr size_t kLength = 1000;

// What is shown of a buffer of that size: Linux doubles it, for its own needs.
int ShownAs(int size) { return Environment::Current().simulated() ? size : 2 * size; }

struct BufferSizes {
  int sending = -1;
  int receiving = -1;
};

// Notes those of the socket that the event is about. `sizes` outlives the listener's last event.
void NoteSizes(Recorder& events, EventKind kind, BufferSizes& sizes) {
  events.Do(kind, [&sizes](const Event& event) {
    sizes.sending = Environment::Current().GetOption(event.socket, SOL_SOCKET, SO_SNDBUF);
    sizes.receiving = Environment::Current().GetOption(event.socket, SOL_SOCKET, SO_RCVBUF);
  });
}

// Starts it with its own sizes, with others, and with its own again: the hook sees them.
template <class Component, class Start>
void ExpectSizesAsSet(Component& component, const BufferSizes& seen, Start&& start) {
  start();
  const BufferSizes usual = seen;
  component.udp().SetSendBufferSize(20'000);
  component.udp().SetReceiveBufferSize(30'000);
  start();
  EXPECT_EQ(seen.sending, ShownAs(20'000));
  EXPECT_EQ(seen.receiving, ShownAs(30'000));
  component.udp().SetSendBufferSize(0);
  component.udp().SetReceiveBufferSize(0);
  start();
  EXPECT_EQ(seen.sending, usual.sending);
  EXPECT_EQ(seen.receiving, usual.receiving);
}

// OnReceive of "block" waits at the gate.
void BlockAt(Gate& gate, Recorder& events) {
  events.Do(EventKind::kReceive, [&gate](const Event& event) {
    if (event.data == "block") {
      EXPECT_TRUE(gate.Pass());
    }
  });
}

// `sent` datagrams have come, or are counted as dropped by the kernel; some are.
template <class Component>
void ExpectEachReceivedOrCounted(Component& component, size_t sent) {
  const auto received = [&] { return component.events().log().Count(EventKind::kReceive); };
  EXPECT_TRUE(RunUntil([&] { return received() + component.Stats().kernel_drops == sent; }))
      << received() << " received, " << component.Stats().kernel_drops << " dropped, " << sent << " sent";
  EXPECT_GT(component.Stats().kernel_drops, 0u);
  EXPECT_LT(component.Stats().kernel_drops, sent);
}

class UdpServerBuffers : public UdpTest<harness::UdpServerFactory> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpServerBuffers);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpServerBuffers, ::testing::ValuesIn(harness::UdpServers()),
                         NameOfUdp<harness::UdpServerFactory>);

// Spec: decisions 2.3, decisions 8.5/3
TEST_P(UdpServerBuffers, AreAsLargeAsAskedFor) {
  BufferSizes seen;
  UdpServerUnderTest server(GetParam());
  NoteSizes(server.events(), EventKind::kPrepareListen, seen);
  ExpectSizesAsSet(server, seen, [&] {
    server.MustStart();
    EXPECT_TRUE(server->Stop());
  });
}

// Spec: decisions 8.2/5, decisions 8.5/3
TEST_P(UdpServerBuffers, CountWhatFindsThemFull) {
  Gate gate;
  UdpServerUnderTest server(GetParam());
  server->SetWorkerThreadCount(1);  // others would read while it is blocked
  server.udp().SetReceiveBufferSize(kSmallBuffer);
  BlockAt(gate, server.events());
  server.MustStart();
  Session session = server.Meet();
  EXPECT_EQ(server.Stats().kernel_drops, 0u);
  ASSERT_TRUE(session.peer->SendTo(kLoopback, server.port(), "block"));
  ASSERT_TRUE(RunUntil([&] { return server.events().running() == 1; }));
  const std::string datagram(kLength, 'x');
  for (size_t i = 0; i < kMany; ++i) ASSERT_TRUE(session.peer->SendTo(kLoopback, server.port(), datagram));
  gate.Open();
  ExpectEachReceivedOrCounted(server, 2 + kMany);
  EXPECT_EQ(server.events().log().CountEnds(), 0u);
  const uint64_t drops = server.Stats().kernel_drops;
  ASSERT_TRUE(session.peer->SendTo(kLoopback, server.port(), "there is room again"));
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kReceive, 3 + kMany - static_cast<size_t>(drops)));
  ASSERT_TRUE(server->Stop());
  EXPECT_EQ(server.Stats().kernel_drops, drops) << "still known when the socket is gone";
  server.MustStart();
  EXPECT_EQ(server.Stats().kernel_drops, 0u);
}

class UdpClientBuffers : public UdpTest<harness::UdpClientFactory> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpClientBuffers);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpClientBuffers, ::testing::ValuesIn(harness::UdpClients()),
                         NameOfUdp<harness::UdpClientFactory>);

// Spec: decisions 2.3, decisions 8.5/3
TEST_P(UdpClientBuffers, AreAsLargeAsAskedFor) {
  const auto server = BindPeer(kLoopback);
  BufferSizes seen;
  UdpClientUnderTest client(GetParam());
  NoteSizes(client.events(), EventKind::kPrepareConnect, seen);
  ExpectSizesAsSet(client, seen, [&] {
    ASSERT_TRUE(client.Start(kLoopback, server->port())) << client->GetLastErrorDetail();
    EXPECT_TRUE(client->Stop());
  });
}

// Spec: decisions 8.2/5, decisions 8.5/3
TEST_P(UdpClientBuffers, CountWhatFindsThemFull) {
  const auto server = BindPeer(kLoopback);
  Gate gate;
  UdpClientUnderTest client(GetParam());
  client.udp().SetReceiveBufferSize(kSmallBuffer);
  BlockAt(gate, client.events());
  ASSERT_TRUE(client.Start(kLoopback, server->port()));
  ASSERT_TRUE(client.Send("here"));
  ASSERT_EQ(server->ReceiveData(Deadline::Patient()), "here");
  const uint16_t port = server->last_source_port();
  ASSERT_TRUE(server->SendTo(kLoopback, port, "block"));
  ASSERT_TRUE(RunUntil([&] { return client.events().running() == 1; }));
  const std::string datagram(kLength, 'x');
  for (size_t i = 0; i < kMany; ++i) ASSERT_TRUE(server->SendTo(kLoopback, port, datagram));
  gate.Open();
  ExpectEachReceivedOrCounted(client, 1 + kMany);
  ASSERT_TRUE(server->SendTo(kLoopback, port, "there is room again"));
  ASSERT_TRUE(client.Hears("there is room again"));
}

}  // namespace
}  // namespace hpsocket::conformance
