// Conformance: components that are still there when threads and processes end.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/testing/conformance/agent_fixture.h"
#include "hpsocket/testing/conformance/client_fixture.h"
#include "hpsocket/testing/conformance/server_fixture.h"
#include "hpsocket/testing/conformance/udp_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"
#include "hpsocket/testing/harness/recording_listener.h"
#include "hpsocket/testing/harness/subject.h"
#include "hpsocket/testing/harness/variant.h"

namespace hpsocket::conformance {
namespace {

using harness::DatagramPeer;
using harness::Environment;
using harness::EventKind;
using harness::NeedsKernel;
using harness::Peer;
using harness::PeerListener;

constexpr uint8_t kBye[] = {'b', 'y', 'e'};

// A program's exit code says which of its steps went wrong.
void Must(bool holds, int exit_code) {
  if (!holds) std::_Exit(exit_code);
}

uint16_t ListenPort(IServer& server) {
  char address[64];
  int length = sizeof(address);
  uint16_t port = 0;
  return server.GetListenAddress(address, length, port) ? port : 0;
}

// Each outlives main(), as a static object or as one of a thread that ends: the library's own may be gone
// already.
template <class Subject, class Events>
void EndComplex(IComplexSocket& socket, std::unique_ptr<Subject>& subject, Events& events) {
  socket.Send(events.log().Ids().front(), kBye, 3);
  socket.Send(0, nullptr, -1);
  Must(*socket.GetLastErrorDetail() != '\x7f', 6);
  subject.reset();
  Must(events.log().Count(EventKind::kClose) == 1 && events.log().Count(EventKind::kShutdown) == 1, 7);
}

template <class Subject>
void EndClient(std::unique_ptr<Subject>& subject, harness::RecordingClientListener& events) {
  IClient& client = subject->client();
  client.Send(kBye, 3);
  client.Send(nullptr, -1);
  Must(*client.GetLastErrorDetail() != '\x7f', 6);
  subject.reset();
  Must(events.log().Count(EventKind::kClose) == 1, 7);
}

// A server with a connection.
struct TcpServerProgram {
  explicit TcpServerProgram(const harness::TcpServerFactory& factory) : subject(factory.make(events)) {
    IServer& server = subject->server();
    server.SetIoBackend(harness::CurrentVariant().port);
    Must(server.Start("127.0.0.1", 0), 4);
    peer = Environment::Current().Connect("127.0.0.1", ListenPort(server), {});
    Must(peer != nullptr && events.WaitForCount(EventKind::kAccept, 1), 5);
  }
  ~TcpServerProgram() { EndComplex(subject->server(), subject, events); }

  harness::RecordingServerListener events;
  std::unique_ptr<Peer> peer;
  std::unique_ptr<harness::TcpServerSubject> subject;
};

// An agent with a connection.
struct TcpAgentProgram {
  explicit TcpAgentProgram(const harness::TcpAgentFactory& factory)
      : listener(Environment::Current().Listen({})), subject(factory.make(events)) {
    IAgent& agent = subject->agent();
    agent.SetIoBackend(harness::CurrentVariant().port);
    Must(listener != nullptr && agent.Start(nullptr, true), 4);
    Must(agent.Connect("127.0.0.1", listener->port()), 5);
    peer = listener->Accept();
    Must(peer != nullptr && events.WaitForCount(EventKind::kConnect, 1), 5);
  }
  ~TcpAgentProgram() { EndComplex(subject->agent(), subject, events); }

  harness::RecordingAgentListener events;
  std::unique_ptr<PeerListener> listener;
  std::unique_ptr<Peer> peer;
  std::unique_ptr<harness::TcpAgentSubject> subject;
};

// A client that is connected.
struct TcpClientProgram {
  explicit TcpClientProgram(const harness::TcpClientFactory& factory)
      : listener(Environment::Current().Listen({})), subject(factory.make(events)) {
    IClient& client = subject->client();
    events.Expect(&client);
    client.SetIoBackend(harness::CurrentVariant().port);
    Must(listener != nullptr && client.Start("127.0.0.1", listener->port()), 4);
    peer = listener->Accept();
    Must(peer != nullptr, 5);
  }
  ~TcpClientProgram() { EndClient(subject, events); }

  harness::RecordingClientListener events;
  std::unique_ptr<PeerListener> listener;
  std::unique_ptr<Peer> peer;
  std::unique_ptr<harness::TcpClientSubject> subject;
};

// A UDP server with a session.
struct UdpServerProgram {
  explicit UdpServerProgram(const harness::UdpServerFactory& factory)
      : peer(BindPeer(kLoopback)), subject(factory.make(events)) {
    IServer& server = subject->server();
    server.SetIoBackend(harness::CurrentVariant().port);
    Must(peer != nullptr && server.Start(kLoopback, 0), 4);
    Must(peer->SendTo(kLoopback, ListenPort(server), "hello"), 5);
    Must(events.WaitForCount(EventKind::kAccept, 1), 5);
  }
  ~UdpServerProgram() { EndComplex(subject->server(), subject, events); }

  harness::RecordingUdpServerListener events;
  std::unique_ptr<DatagramPeer> peer;
  std::unique_ptr<harness::UdpServerSubject> subject;
};

// A UDP client that has been answered.
struct UdpClientProgram {
  explicit UdpClientProgram(const harness::UdpClientFactory& factory)
      : peer(BindPeer(kLoopback)), subject(factory.make(events)) {
    IClient& client = subject->client();
    events.Expect(&client);
    client.SetIoBackend(harness::CurrentVariant().port);
    Must(peer != nullptr && client.Start(kLoopback, peer->port()) && client.Send(kBye, 3), 4);
    Must(peer->ReceiveData(harness::Deadline::Patient()).has_value(), 5);
    Must(peer->SendTo(kLoopback, peer->last_source_port(), "hello"), 5);
    Must(events.WaitForCount(EventKind::kReceive, 1), 5);
  }
  ~UdpClientProgram() { EndClient(subject, events); }

  harness::RecordingClientListener events;
  std::unique_ptr<DatagramPeer> peer;
  std::unique_ptr<harness::UdpClientSubject> subject;
};

// A member of a group.
struct UdpCastProgram {
  explicit UdpCastProgram(const harness::UdpCastFactory& factory) : subject(factory.make(events)) {
    IClient& cast = subject->client();
    events.Expect(&cast);
    cast.SetIoBackend(harness::CurrentVariant().port);
    subject->SetBindAdddress(kLoopback);
    subject->SetMultiCastLoop(true);
    Must(cast.Start("233.0.0.1", FreePort()) && cast.Send(kBye, 3), 4);
    Must(events.WaitForCount(EventKind::kReceive, 1), 5);
  }
  ~UdpCastProgram() { EndClient(subject, events); }

  harness::RecordingClientListener events;
  std::unique_ptr<harness::UdpCastSubject> subject;
};

// The ways in which a program may keep one until the end. None of them returns.
template <class Program, class Factory>
void EndWithAStaticObject(const Factory& factory) {
  static Program program(factory);
  std::exit(0);
}

template <class Program, class Factory>
void EndAfterAThreadWithItsOwnObject(const Factory& factory) {
  std::thread([&factory] {
    thread_local Program program(factory);
    (void)program;
  }).join();
  std::exit(0);
}

template <class Program, class Factory>
void EndWhileItRuns(const Factory& factory) {
  static const Program* const program = new Program(factory);  // nobody takes it for a leak
  (void)program;
  std::exit(0);
}

template <class Program, class Factory>
void ExpectEndsInEveryWay(const Factory& factory) {
  if (NeedsKernel("ends processes")) return;
  EXPECT_EXIT((EndWithAStaticObject<Program>(factory)), ::testing::ExitedWithCode(0), "") << "static";
  EXPECT_EXIT((EndAfterAThreadWithItsOwnObject<Program>(factory)), ::testing::ExitedWithCode(0), "")
      << "a thread's own";
  EXPECT_EXIT((EndWhileItRuns<Program>(factory)), ::testing::ExitedWithCode(0), "") << "running";
}

class TcpServerProcessEndDeathTest : public ServerTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpServerProcessEndDeathTest);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpServerProcessEndDeathTest,
                         ::testing::ValuesIn(harness::TcpServers()), ServerName);

// Spec: fault 44
TEST_P(TcpServerProcessEndDeathTest, OutlivesThreadsAndMain) {
  ExpectEndsInEveryWay<TcpServerProgram>(GetParam());
}

class TcpAgentProcessEndDeathTest : public AgentTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpAgentProcessEndDeathTest);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpAgentProcessEndDeathTest, ::testing::ValuesIn(harness::TcpAgents()),
                         AgentName);

// Spec: fault 44
TEST_P(TcpAgentProcessEndDeathTest, OutlivesThreadsAndMain) {
  ExpectEndsInEveryWay<TcpAgentProgram>(GetParam());
}

class TcpClientProcessEndDeathTest : public ClientTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientProcessEndDeathTest);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientProcessEndDeathTest,
                         ::testing::ValuesIn(harness::TcpClients()), ClientName);

// Spec: fault 44
TEST_P(TcpClientProcessEndDeathTest, OutlivesThreadsAndMain) {
  ExpectEndsInEveryWay<TcpClientProgram>(GetParam());
}

class UdpServerProcessEndDeathTest : public UdpTest<harness::UdpServerFactory> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpServerProcessEndDeathTest);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpServerProcessEndDeathTest,
                         ::testing::ValuesIn(harness::UdpServers()), NameOfUdp<harness::UdpServerFactory>);

// Spec: fault 44
TEST_P(UdpServerProcessEndDeathTest, OutlivesThreadsAndMain) {
  ExpectEndsInEveryWay<UdpServerProgram>(GetParam());
}

class UdpClientProcessEndDeathTest : public UdpTest<harness::UdpClientFactory> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpClientProcessEndDeathTest);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpClientProcessEndDeathTest,
                         ::testing::ValuesIn(harness::UdpClients()), NameOfUdp<harness::UdpClientFactory>);

// Spec: fault 44
TEST_P(UdpClientProcessEndDeathTest, OutlivesThreadsAndMain) {
  ExpectEndsInEveryWay<UdpClientProgram>(GetParam());
}

class UdpCastProcessEndDeathTest : public UdpTest<harness::UdpCastFactory> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UdpCastProcessEndDeathTest);
INSTANTIATE_TEST_SUITE_P(Conformance, UdpCastProcessEndDeathTest, ::testing::ValuesIn(harness::UdpCasts()),
                         NameOfUdp<harness::UdpCastFactory>);

// Spec: fault 44
TEST_P(UdpCastProcessEndDeathTest, OutlivesThreadsAndMain) {
  ExpectEndsInEveryWay<UdpCastProgram>(GetParam());
}

}  // namespace
}  // namespace hpsocket::conformance
