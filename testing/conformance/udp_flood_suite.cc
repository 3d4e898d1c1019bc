// Conformance: a UDP server, sessions that are alive, and somebody who invents source addresses. How many is
// said by HPSOCKET_FLOOD.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/two_host_fixture.h"
#include "hpsocket/testing/conformance/udp_fixture.h"
#include "hpsocket/testing/harness/effort.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/spoofing_peer.h"

namespace hpsocket::conformance {
namespace {

using harness::DatagramPeer;
using harness::Deadline;
using harness::Effort;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::RunUntil;
using harness::SpoofingPeer;

constexpr uint32_t kNetwork = 0x0a630000;  // 10.99.0.0
constexpr uint32_t kMostSessions = 1000;
constexpr size_t kHonest = 100;
// Fewer than the kernel keeps for the server, whatever it does in the meantime.
constexpr int kBurst = 100;

class UdpFlood : public TwoHostTest<harness::UdpServerFactory> {
 protected:
  // Each datagram a source of its own: in turn one address's next port, and any of many addresses.
  void Burst(SpoofingPeer& spoofing) {
    host().Run([&] {
      for (int i = 0; i < kBurst; ++i, ++sources_) {
        const uint32_t n = sources_ / 2;
        const bool one_address = sources_ % 2 == 0;
        const uint32_t host = one_address ? 77 : 100 + n % 100;
        const uint16_t port = static_cast<uint16_t>(1024 + (one_address ? n % 60000 : n / 100));
        EXPECT_TRUE(spoofing.SendAs(kNetwork + host, port, "flood"));
      }
    });
  }
  std::unique_ptr<SpoofingPeer> Spoofing(uint16_t port) {
    std::unique_ptr<SpoofingPeer> spoofing;
    host().Run([&] { spoofing = SpoofingPeer::Open(kHere, port); });
    return spoofing;
  }
  uint32_t sources() const { return sources_; }

 private:
  uint32_t sources_ = 0;
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpFlood);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpFlood, ::testing::ValuesIn(harness::UdpServers()),
                         NameOfUdp<harness::UdpServerFactory>);

// Spec: decisions 6.5, fault 25
TEST_P(UdpFlood, TakesNoSessionFromThoseThatSpeak) {
  UdpServerUnderTest server(GetParam());
  server->SetMaxConnectionCount(kMostSessions);
  server.events().React(EventKind::kReceive, [&](const Event& event) {
    return event.data == "flood" || server.Send(event.id, event.data) ? HR_OK : HR_ERROR;
  });
  server.MustStart("0.0.0.0");
  const uint16_t port = server.port();
  std::vector<Session> honest;
  for (size_t i = 0; i < kHonest; ++i) {
    honest.push_back(server.Meet());
    ASSERT_EQ(honest.back().peer->ReceiveData(Deadline::Patient()), "hello");
  }
  const std::unique_ptr<SpoofingPeer> spoofing = Spoofing(port);
  ASSERT_NE(spoofing, nullptr);

  uint64_t full = 0;     // memory when the table was full for the first time
  uint64_t largest = 0;  // ever after
  const int rounds = std::max(Effort("HPSOCKET_FLOOD", 20'000) / kBurst, 30);
  for (int round = 0; round < rounds; ++round) {
    Burst(*spoofing);
    // Each is answered: it has its session, and nothing of it is lost.
    const std::string text = "honest " + std::to_string(round);
    for (Session& session : honest) {
      ASSERT_TRUE(session.peer->SendTo(kLoopback, port, text));
      ASSERT_EQ(session.peer->ReceiveData(Deadline::Patient()), text) << "round " << round;
    }
    // A worker may go over for a moment, until another has ended the session that is to go.
    EXPECT_LE(server->GetConnectionCount(), kMostSessions + 100);
    const uint64_t memory = server.Stats().pool_bytes;
    if (round == 20) full = memory;
    if (round > 20) largest = std::max(largest, memory);
  }
  EXPECT_TRUE(RunUntil([&] {
    const HP_Stats stats = server.Stats();
    return stats.total_connections + stats.kernel_drops == kHonest + sources();
  })) << "each invented source was taken for a peer, or the kernel has counted it";
  EXPECT_TRUE(RunUntil([&] { return server->GetConnectionCount() <= kMostSessions; }));
  const HP_Stats figures = server.Stats();
  std::printf(
      "%u sources invented, %llu dropped by the kernel, %llu sessions evicted; %llu KiB when the table was "
      "full, "
      "%llu KiB at most\n",
      sources(), static_cast<unsigned long long>(figures.kernel_drops),
      static_cast<unsigned long long>(figures.evicted_sessions), static_cast<unsigned long long>(full / 1024),
      static_cast<unsigned long long>(largest / 1024));
  EXPECT_LE(largest, full + full / 2) << "memory goes by sessions, not by sources";
  EXPECT_TRUE(RunUntil([&] {
    const HP_Stats stats = server.Stats();
    return stats.total_connections == stats.evicted_sessions + server->GetConnectionCount();
  })) << "sessions end to make room, and for nothing else";
  const EventLog log = server.events().log();
  for (const Session& session : honest) {
    EXPECT_EQ(log.CountEnds(session.id), 0u);
    EXPECT_EQ(log.Count(EventKind::kReceive, session.id), 1u + static_cast<size_t>(rounds));
  }
}

}  // namespace
}  // namespace hpsocket::conformance
