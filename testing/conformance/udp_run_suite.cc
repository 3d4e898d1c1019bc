// Conformance: datagrams of one length that a peer sends one after another. The kernel may hand them over
// many at a time; to the application each is its own.
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/udp_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/recorder.h"

namespace hpsocket::conformance {
namespace {

using harness::DatagramPeer;
using harness::Deadline;
using harness::Environment;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Recorder;

constexpr size_t kLongest = 1472;  // MaxDatagramSize, as it is without being set

// Whether the kernel has been asked to merge what arrives here. In a simulated world nobody can tell.
bool Merges(SOCKET socket) {
  int merges = 0;
  socklen_t length = sizeof(merges);
  return Environment::Current().simulated() ||
         (getsockopt(socket, SOL_UDP, UDP_GRO, &merges, &length) == 0 && merges != 0);
}

// A peer's side of one session: what it sends, and what has to be reported of it.
class Sender {
 public:
  Sender(DatagramPeer& peer, uint16_t port, Recorder& events, CONNID id)
      : peer_(peer), port_(port), events_(events), id_(id), before_(Reported().size()) {}

  // Datagrams of one length, and a last one, which is not longer.
  void Send(size_t count, size_t length, size_t last) {
    std::string run;
    for (size_t i = 0; i <= count; ++i) {
      const std::string datagram(i == count ? last : length, static_cast<char>('a' + next_++ % 26));
      if (!datagram.empty() && datagram.size() <= kLongest) expected_.push_back(datagram);
      run += datagram;
    }
    EXPECT_TRUE(peer_.SendRun(kLoopback, port_, run, length));
  }
  // One by one, as most peers do.
  void SendSingly(size_t count, size_t length) {
    for (size_t i = 0; i < count; ++i) Send(0, kLongest, length);
  }
  void SendNothing() { EXPECT_TRUE(peer_.SendTo(kLoopback, port_, "")); }

  void ExpectAll() {
    EXPECT_TRUE(events_.WaitFor([&](const EventLog& log) {
      return log.Count(EventKind::kReceive, id_) == before_ + expected_.size();
    }));
    std::vector<std::string> reported = Reported();
    reported.erase(reported.begin(), reported.begin() + static_cast<std::ptrdiff_t>(before_));
    EXPECT_TRUE(reported == expected_) << reported.size() << " reported, " << expected_.size() << " sent";
    before_ += expected_.size();
    expected_.clear();
  }

 private:
  std::vector<std::string> Reported() {
    std::vector<std::string> found;
    for (const Event& event : events_.log().events()) {
      if (event.kind == EventKind::kReceive && event.id == id_) found.push_back(event.data);
    }
    return found;
  }

  DatagramPeer& peer_;
  const uint16_t port_;
  Recorder& events_;
  const CONNID id_;
  size_t before_;
  std::vector<std::string> expected_;
  unsigned next_ = 0;
};

// Sends until whole batches have been one run often enough.
void Teach(Sender& sender, SOCKET socket) {
  const Deadline deadline = Deadline::Patient();
  do {
    sender.SendSingly(100, 100);
    sender.ExpectAll();
  } while (!Merges(socket) && !deadline.passed());
  EXPECT_TRUE(Merges(socket));
}

void SendAllKinds(Sender& sender) {
  sender.Send(40, 1000, 10);
  sender.SendSingly(1, kLongest);
  sender.SendNothing();
  sender.Send(2, kLongest + 1, 20);
  sender.SendSingly(5, 300);
  sender.Send(30, 500, 500);
  sender.ExpectAll();
}

class UdpServerRuns : public UdpTest<harness::UdpServerFactory> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpServerRuns);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpServerRuns, ::testing::ValuesIn(harness::UdpServers()),
                         NameOfUdp<harness::UdpServerFactory>);

// Spec: decisions 6.1, decisions 6.2
TEST_P(UdpServerRuns, AreReportedDatagramByDatagram) {
  constexpr int kRounds = 10;
  UdpServerUnderTest server(GetParam());
  server.udp().SetPostReceiveCount(16);
  server.MustStart();
  const SOCKET socket = server.events().log().First(EventKind::kPrepareListen)->socket;
  const Session first = server.Meet();
  const Session second = server.Meet();
  Sender one(*first.peer, server.port(), server.events(), first.id);
  Sender other(*second.peer, server.port(), server.events(), second.id);
  Teach(one, socket);
  for (int round = 0; round < kRounds; ++round) {
    SendAllKinds(one);
    other.Send(10, 64, 64);
    one.Send(10, 64, 64);
    other.SendSingly(3, 64);
    one.ExpectAll();
    other.ExpectAll();
  }
  EXPECT_EQ(server.Stats().oversize_datagrams, 2u * kRounds);
  EXPECT_EQ(server->GetConnectionCount(), 2u);
}

// The next Start begins as the first one did.
// Spec: decisions 6.1
TEST_P(UdpServerRuns, AreRecognizedAgainAfterARestart) {
  UdpServerUnderTest server(GetParam());
  server.udp().SetPostReceiveCount(16);
  for (int start = 0; start < 2; ++start) {
    server.MustStart();
    SOCKET socket = -1;
    for (const Event& event : server.events().log().events()) {
      if (event.kind == EventKind::kPrepareListen) socket = event.socket;
    }
    const Session session = server.Meet();
    Sender sender(*session.peer, server.port(), server.events(), session.id);
    SendAllKinds(sender);
    Teach(sender, socket);
    SendAllKinds(sender);
    EXPECT_TRUE(server->Stop());
  }
}

class UdpClientRuns : public UdpTest<harness::UdpClientFactory> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpClientRuns);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpClientRuns, ::testing::ValuesIn(harness::UdpClients()),
                         NameOfUdp<harness::UdpClientFactory>);

// Spec: decisions 6.1
TEST_P(UdpClientRuns, AreReportedDatagramByDatagram) {
  const auto server = BindPeer(kLoopback);
  UdpClientUnderTest client(GetParam());
  ASSERT_TRUE(client.Start(kLoopback, server->port()));
  ASSERT_TRUE(client.Send("here"));
  ASSERT_EQ(server->ReceiveData(Deadline::Patient()), "here");
  const SOCKET socket = client.events().log().First(EventKind::kPrepareConnect)->socket;
  Sender sender(*server, server->last_source_port(), client.events(), client->GetConnectionID());
  Teach(sender, socket);
  for (int round = 0; round < 10; ++round) SendAllKinds(sender);
  EXPECT_EQ(client.Stats().oversize_datagrams, 20u);
}

}  // namespace
}  // namespace hpsocket::conformance
