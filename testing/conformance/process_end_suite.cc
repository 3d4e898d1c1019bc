// Conformance: components that are still there when threads and processes end.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <thread>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/client_fixture.h"
#include "hpsocket/testing/conformance/server_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/needs_kernel.h"
#include "hpsocket/testing/harness/variant.h"

namespace hpsocket::conformance {
namespace {

using harness::Environment;
using harness::EventKind;
using harness::NeedsKernel;
using harness::Peer;
using harness::PeerListener;

// A server with a connection, which outlives main().
struct ServerProgram {
  explicit ServerProgram(const harness::TcpServerFactory& factory) : subject(factory.make(events)) {
    IServer& server = subject->server();
    server.SetIoBackend(harness::CurrentVariant().port);
    if (!server.Start("127.0.0.1", 0)) std::_Exit(4);
    char address[64];
    int length = sizeof(address);
    uint16_t port = 0;
    server.GetListenAddress(address, length, port);
    peer = Environment::Current().Connect("127.0.0.1", port, {});
    if (peer == nullptr || !events.WaitForCount(EventKind::kAccept, 1)) std::_Exit(5);
  }
  ~ServerProgram() {
    // A static object, or one of a thread that ends: the library's own may be gone already.
    subject->server().Send(events.log().Ids().front(), Bytes("bye"), 3);
    subject->server().Send(0, nullptr, -1);
    if (*subject->server().GetLastErrorDetail() == '\x7f') std::_Exit(6);
    subject.reset();
    if (events.log().Count(EventKind::kClose) != 1 || events.log().Count(EventKind::kShutdown) != 1)
      std::_Exit(7);
  }

  harness::RecordingServerListener events;
  std::unique_ptr<Peer> peer;
  std::unique_ptr<harness::TcpServerSubject> subject;
};

// A client that is connected, which outlives main().
struct ClientProgram {
  explicit ClientProgram(const harness::TcpClientFactory& factory)
      : listener(Environment::Current().Listen({})), subject(factory.make(events)) {
    IClient& client = subject->client();
    events.Expect(&client);
    client.SetIoBackend(harness::CurrentVariant().port);
    if (listener == nullptr || !client.Start("127.0.0.1", listener->port())) std::_Exit(4);
    peer = listener->Accept();
    if (peer == nullptr) std::_Exit(5);
  }
  ~ClientProgram() {
    subject->client().Send(Bytes("bye"), 3);
    subject->client().Send(nullptr, -1);
    if (*subject->client().GetLastErrorDetail() == '\x7f') std::_Exit(6);
    subject.reset();
    if (events.log().Count(EventKind::kClose) != 1) std::_Exit(7);
  }

  harness::RecordingClientListener events;
  std::unique_ptr<PeerListener> listener;
  std::unique_ptr<Peer> peer;
  std::unique_ptr<harness::TcpClientSubject> subject;
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

class TcpServerProcessEndDeathTest : public ServerTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpServerProcessEndDeathTest);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpServerProcessEndDeathTest,
                         ::testing::ValuesIn(harness::TcpServers()), ServerName);

// Spec: fault 44
TEST_P(TcpServerProcessEndDeathTest, MayBeAStaticObject) {
  if (NeedsKernel("ends processes")) return;
  EXPECT_EXIT(EndWithAStaticObject<ServerProgram>(GetParam()), ::testing::ExitedWithCode(0), "");
}

// Spec: fault 44
TEST_P(TcpServerProcessEndDeathTest, MayBeAThreadsOwnObject) {
  if (NeedsKernel("ends processes")) return;
  EXPECT_EXIT(EndAfterAThreadWithItsOwnObject<ServerProgram>(GetParam()), ::testing::ExitedWithCode(0), "");
}

// Spec: fault 44
TEST_P(TcpServerProcessEndDeathTest, MayRunWhenTheProcessEnds) {
  if (NeedsKernel("ends processes")) return;
  EXPECT_EXIT(EndWhileItRuns<ServerProgram>(GetParam()), ::testing::ExitedWithCode(0), "");
}

class TcpClientProcessEndDeathTest : public ClientTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientProcessEndDeathTest);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientProcessEndDeathTest,
                         ::testing::ValuesIn(harness::TcpClients()), ClientName);

// Spec: fault 44
TEST_P(TcpClientProcessEndDeathTest, MayBeAStaticObject) {
  if (NeedsKernel("ends processes")) return;
  EXPECT_EXIT(EndWithAStaticObject<ClientProgram>(GetParam()), ::testing::ExitedWithCode(0), "");
}

// Spec: fault 44
TEST_P(TcpClientProcessEndDeathTest, MayBeAThreadsOwnObject) {
  if (NeedsKernel("ends processes")) return;
  EXPECT_EXIT(EndAfterAThreadWithItsOwnObject<ClientProgram>(GetParam()), ::testing::ExitedWithCode(0), "");
}

// Spec: fault 44
TEST_P(TcpClientProcessEndDeathTest, MayRunWhenTheProcessEnds) {
  if (NeedsKernel("ends processes")) return;
  EXPECT_EXIT(EndWhileItRuns<ClientProgram>(GetParam()), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace hpsocket::conformance
