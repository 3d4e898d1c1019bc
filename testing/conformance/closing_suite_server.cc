// Conformance: how a server's connections end, by whom, and that each has exactly one last event.
#include <atomic>
#include <cerrno>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/server_fixture.h"
#include "hpsocket/testing/harness/environment.h"

namespace hpsocket::conformance {
namespace {

using harness::Environment;
using harness::Event;
using harness::EventKind;
using harness::EventLog;
using harness::Gate;
using harness::Peer;
using harness::RunUntil;
using harness::StreamEnd;

class TcpServerClosing : public ServerTest {
 protected:
  static bool Ends(ServerUnderTest& server, CONNID id) {
    return server.events().WaitFor([id](const EventLog& log) { return log.CountEnds(id) == 1; }) &&
           RunUntil([&] {
             void* extra = nullptr;
             return !server->GetConnectionExtra(id, &extra);
           });
  }
  static void ExpectClosed(ServerUnderTest& server, CONNID id) {
    EXPECT_TRUE(Ends(server, id));
    EXPECT_EQ(server.events().log().Count(EventKind::kClose, id), 1u);
    EXPECT_EQ(server.events().log().Count(EventKind::kError, id), 0u);
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpServerClosing);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpServerClosing, ::testing::ValuesIn(harness::TcpServers()),
                         ServerName);

// Spec: §2.2.1, api §6.5/1, api §6.3/5, decisions 4.4, C14
TEST_P(TcpServerClosing, ClosesAtOnceWhenForced) {
  ServerUnderTest& server = StartedServer();
  const Link link = server.Connect({4096});
  const std::string much = Pattern(8 << 20);
  ASSERT_TRUE(server->Send(link.id, Bytes(much), Length(much)));
  EXPECT_TRUE(server->Disconnect(link.id));
  ExpectClosed(server, link.id);
  StreamEnd end = StreamEnd::kOpen;
  EXPECT_LT(link->ReceiveToEnd(&end).size(), much.size()) << "unsent data is lost";
  EXPECT_NE(end, StreamEnd::kOpen);
  EXPECT_TRUE(server.CountBecomes(0));
}

// Spec: api §6.5/2, decisions 4.6, C14
TEST_P(TcpServerClosing, RefusesToCloseWhatIsUnknownOrGone) {
  ServerUnderTest& server = NewServer();
  const auto refuses = [&](CONNID id) {
    for (const bool force : {true, false}) {
      errno = 0;
      EXPECT_FALSE(server->Disconnect(id, force));
      EXPECT_EQ(errno, EBADSLT);
      EXPECT_EQ(server->GetLastError(), SE_OK);
    }
  };
  refuses(1);  // not started
  server.events().Do(EventKind::kClose, [&](const Event& event) { refuses(event.id); });
  server.MustStart();
  refuses(0);
  const Link link = server.Connect();
  refuses(link.id + 1);
  EXPECT_TRUE(server->Disconnect(link.id));
  ExpectClosed(server, link.id);
  refuses(link.id);
}

// Spec: api §6.5/2, decisions 2.7, C14
TEST_P(TcpServerClosing, EndsOnceHoweverOftenItIsAsked) {
  ServerUnderTest& server = StartedServer();
  for (int round = 0; round < 20; ++round) {
    const Link link = server.Connect();
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&] { server->Disconnect(link.id, true); });
    for (std::thread& thread : threads) thread.join();
    ExpectClosed(server, link.id);
  }
}

// Spec: api §6.5/1, decisions 3.3, C14, C19
TEST_P(TcpServerClosing, ClosesFromInsideEveryEvent) {
  for (const EventKind kind : {EventKind::kAccept, EventKind::kReceive, EventKind::kSend}) {
    SCOPED_TRACE(harness::ToString(kind));
    ServerUnderTest& server = NewServer();
    server.EchoBack();
    const auto disconnect = [&](const Event& event) {
      EXPECT_TRUE(server->Disconnect(event.id));
      EXPECT_EQ(server.events().log().CountEnds(event.id), 0u) << "never inside Disconnect";
    };
    if (kind == EventKind::kReceive) {
      server.events().Do(kind, [&server, disconnect](const Event& event) {
        server->Send(event.id, event.bytes, Length(event.data));
        disconnect(event);
      });
    } else {
      server.events().Do(kind, disconnect);
    }
    server.MustStart();
    const auto peer = Environment::Current().Connect("127.0.0.1", server.port(), {});
    ASSERT_NE(peer, nullptr);
    peer->Send("go");
    EXPECT_NE(peer->AwaitEnd(), StreamEnd::kOpen);
    ASSERT_TRUE(server.events().WaitForCount(EventKind::kClose, 1));
    ExpectClosed(server, server.events().log().Ids()[0]);
    ASSERT_TRUE(server->Stop());
  }
}

// Spec: api §6.2/2, api §6.5/1, decisions 3.1, C19
TEST_P(TcpServerClosing, WaitsForARunningOnReceiveWhenSerial) {
  ServerUnderTest& server = NewServer();
  server->SetRecvPolicy(RP_SERIAL);
  server->SetWorkerThreadCount(2);
  Gate gate;
  server.events().React(EventKind::kReceive, [&](const Event& event) {
    if (event.data == "block") {
      EXPECT_TRUE(gate.Pass());
    }
    return server->Send(event.id, event.bytes, Length(event.data)) || event.data == "block" ? HR_OK
                                                                                            : HR_ERROR;
  });
  server.MustStart();
  const Link link = server.Connect();
  const Link other = server.Connect();
  ASSERT_TRUE(link->Send("block"));
  ASSERT_TRUE(
      server.events().WaitFor([](const EventLog& log) { return log.Count(EventKind::kReceive) == 1; }));
  EXPECT_TRUE(server->Disconnect(link.id));
  // The other worker is free, has had work since, and still has not run OnClose.
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(server.Echoes(other, "busy"));
  EXPECT_EQ(server.events().log().CountEnds(link.id), 0u);
  gate.Open();
  ExpectClosed(server, link.id);
}

// Spec: api §6.5, decisions 4.4, C14
TEST_P(TcpServerClosing, DeliversEverythingBeforeAGracefulClose) {
  ServerUnderTest& server = StartedServer();
  const Link link = server.Connect({4096});
  const std::string much = Pattern(8 << 20);
  ASSERT_TRUE(server->Send(link.id, Bytes(much), Length(much)));
  EXPECT_TRUE(server->Disconnect(link.id, false));
  errno = 0;
  EXPECT_FALSE(server->Send(link.id, Bytes("late"), 4));
  EXPECT_EQ(errno, EBADSLT);
  errno = 0;
  EXPECT_FALSE(server->Disconnect(link.id, false)) << "closing already";
  EXPECT_EQ(errno, EBADSLT);
  StreamEnd end = StreamEnd::kOpen;
  EXPECT_TRUE(link->ReceiveToEnd(&end) == much);
  EXPECT_EQ(end, StreamEnd::kOrderly);
  EXPECT_EQ(server.events().log().CountEnds(link.id), 0u) << "the peer has not closed yet";
  EXPECT_EQ(server->GetConnectionCount(), 1u) << "the ID counts";
  ASSERT_TRUE(link->Send("still listening?"));
  EXPECT_TRUE(server.events().WaitFor(
      [&](const EventLog& log) { return log.Received(link.id) == "still listening?"; }));
  link->Close();
  ExpectClosed(server, link.id);
  ASSERT_TRUE(server.events().log().Sent(link.id) == much) << "OnSend is exact";
}

// Spec: decisions 4.4
TEST_P(TcpServerClosing, EndsAGracefulCloseByForceOrByTime) {
  ServerUnderTest& patient = StartedServer();
  const Link forced = patient.Connect();
  EXPECT_TRUE(patient->Disconnect(forced.id, false));
  EXPECT_EQ(forced->AwaitEnd(), StreamEnd::kOrderly);
  EXPECT_TRUE(patient->Disconnect(forced.id, true));
  ExpectClosed(patient, forced.id);

  ServerUnderTest& impatient = NewServer();
  impatient->SetGracefulTimeout(1);
  impatient.MustStart();
  const Link timed = impatient.Connect();
  EXPECT_TRUE(impatient->Disconnect(timed.id, false));
  ExpectClosed(impatient, timed.id);
}

// Spec: decisions 4.4
TEST_P(TcpServerClosing, TakesAResetForAnAnswerToAGracefulClose) {
  ServerUnderTest& server = StartedServer();
  const Link link = server.Connect();
  EXPECT_TRUE(server->Disconnect(link.id, false));
  EXPECT_EQ(link->AwaitEnd(), StreamEnd::kOrderly);
  link->Reset();
  ExpectClosed(server, link.id);
}

// Spec: api §6.3/4, api §6.3/6, decisions 4.8
TEST_P(TcpServerClosing, DeliversWhatCameBeforeThePeersClose) {
  ServerUnderTest& server = StartedServer();
  const Link link = server.Connect();
  const std::string message = Pattern(1 << 20);
  ASSERT_TRUE(link->Send(message));
  link->Close();
  ExpectClosed(server, link.id);
  EXPECT_TRUE(server.events().log().Received(link.id) == message);
}

// Spec: api §6.3/6, decisions 4.8
TEST_P(TcpServerClosing, StillWritesWhatItHadAcceptedWhenThePeerHalfCloses) {
  ServerUnderTest& server = NewServer();
  const std::string answer = Pattern(8 << 20);
  server.events().Do(EventKind::kReceive, [&](const Event& event) {
    EXPECT_TRUE(server->Send(event.id, Bytes(answer), Length(answer)));
  });
  server.MustStart();
  const Link link = server.Connect({4096});
  ASSERT_TRUE(link->Send("?"));
  ASSERT_TRUE(server.events().WaitForCount(EventKind::kReceive, 1));
  link->HalfClose();
  ExpectClosed(server, link.id);
  EXPECT_FALSE(server->Send(link.id, Bytes("late"), 4));
  EXPECT_EQ(errno, EBADSLT);
  StreamEnd end = StreamEnd::kOpen;
  EXPECT_TRUE(link->ReceiveToEnd(&end) == answer);
  EXPECT_EQ(end, StreamEnd::kOrderly);
}

// Spec: api §6.3/4, decisions 4.8
TEST_P(TcpServerClosing, ReportsAResetAsAnError) {
  ServerUnderTest& server = StartedServer();
  const Link link = server.Connect();
  link->Reset();
  EXPECT_TRUE(Ends(server, link.id));
  const EventLog log = server.events().log();
  EXPECT_EQ(log.Count(EventKind::kClose, link.id), 0u);
  const Event* const error = log.First(EventKind::kError, link.id);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->operation, SO_RECEIVE);
  EXPECT_EQ(error->error, ECONNRESET);
  EXPECT_EQ(server->GetLastError(), SE_OK);
}

// Spec: api §6.3/4, decisions 4.8
TEST_P(TcpServerClosing, ReportsAResetWhileItIsSendingAsAnError) {
  ServerUnderTest& server = StartedServer();
  const Link link = server.Connect({4096});
  const std::string much = Pattern(16 << 20);
  ASSERT_TRUE(server->Send(link.id, Bytes(much), Length(much)));
  EXPECT_EQ(link->Receive(1000).size(), 1000u);
  link->Reset();
  EXPECT_TRUE(Ends(server, link.id));
  const EventLog log = server.events().log();
  EXPECT_EQ(log.Count(EventKind::kClose, link.id), 0u);
  const Event* const error = log.First(EventKind::kError, link.id);
  ASSERT_NE(error, nullptr);
  EXPECT_TRUE(error->operation == SO_RECEIVE || error->operation == SO_SEND) << error->operation;
  EXPECT_TRUE(error->error == ECONNRESET || error->error == EPIPE) << error->error;
  EXPECT_LT(log.Sent(link.id).size(), much.size());
  EXPECT_EQ(log.Sent(link.id), much.substr(0, log.Sent(link.id).size()));
}

// Spec: §2.1.3, api §6.3/1, decisions 2.7, C05
TEST_P(TcpServerClosing, GivesEveryConnectionExactlyOneLastEvent) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 60;
  ServerUnderTest& server = NewServer();
  // Our side closes some of them, the peers the others, both at any moment.
  server.events().React(EventKind::kReceive, [&](const Event& event) {
    switch (event.id % 5) {
      case 0:
        return HR_ERROR;
      case 1:
        server->Disconnect(event.id, true);
        break;
      case 2:
        server->Disconnect(event.id, false);
        break;
      default:
        server->Send(event.id, event.bytes, Length(event.data));
    }
    return HR_OK;
  });
  server->SetGracefulTimeout(1000);
  server.MustStart();
  const uint16_t port = server.port();
  std::vector<std::thread> threads;
  for (unsigned thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([port, thread] {
      std::minstd_rand random(thread + 1);
      for (int round = 0; round < kRounds; ++round) {
        const std::unique_ptr<Peer> peer = Environment::Current().Connect("127.0.0.1", port, {});
        if (peer == nullptr) continue;
        for (unsigned i = random() % 4; i > 0; --i) peer->Send("message");
        switch (random() % 4) {
          case 0:
            peer->Reset();
            break;
          case 1:
            peer->HalfClose();
            break;
          default:
            break;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(server.CountBecomes(0));
  const EventLog log = server.events().log();
  for (const CONNID id : log.Ids()) EXPECT_EQ(log.CountEnds(id), 1u) << id;
}

// Spec: §2.2.1, §4.2, api §2.1, api §6.5, C14
TEST_P(TcpServerClosing, ClosesLongConnections) {
  ServerUnderTest& server = StartedServer();
  errno = 0;
  EXPECT_FALSE(server->DisconnectLongConnections(0)) << "there is none";
  EXPECT_EQ(errno, EBADSLT);
  std::vector<Link> links;
  for (int i = 0; i < 5; ++i) links.push_back(server.Connect());
  EXPECT_FALSE(server->DisconnectLongConnections(0x7FFFFFFF)) << "none is that old";
  EXPECT_EQ(server->GetConnectionCount(), 5u);
  EXPECT_TRUE(server->DisconnectLongConnections(0));
  for (const Link& link : links) ExpectClosed(server, link.id);
}

// Spec: §2.2.1, §4.2, api §2.1, api §6.5, C14
TEST_P(TcpServerClosing, ClosesSilentConnectionsOnlyWhileSilenceIsMarked) {
  ServerUnderTest& server = StartedServer();
  const Link link = server.Connect();
  uint32_t period = 0;
  EXPECT_FALSE(server->GetSilencePeriod(link.id, period));
  errno = 0;
  EXPECT_FALSE(server->DisconnectSilenceConnections(0));
  EXPECT_EQ(errno, EPERM);
  server->SetMarkSilence(true);
  EXPECT_TRUE(server->IsMarkSilence());
  EXPECT_TRUE(server->GetSilencePeriod(link.id, period)) << "works at once";
  EXPECT_FALSE(server->DisconnectSilenceConnections(0x7FFFFFFF));
  EXPECT_TRUE(server->DisconnectSilenceConnections(0));
  ExpectClosed(server, link.id);
}

}  // namespace
}  // namespace hpsocket::conformance
