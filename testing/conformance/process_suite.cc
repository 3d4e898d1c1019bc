// Conformance: what a component does to the process that it runs in.
#include <memory>
#include <set>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/testing/conformance/client_fixture.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/conformance/process_fixture.h"
#include "hpsocket/testing/harness/needs_kernel.h"
#include "hpsocket/testing/harness/process_probe.h"

namespace hpsocket::conformance {
namespace {

using harness::EventKind;
using harness::EventLog;
using harness::Peer;
using harness::PeerListener;

class TcpComplexInProcess : public ComplexTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpComplexInProcess);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpComplexInProcess, ::testing::ValuesIn(TcpComplexes()), ComplexName);

class TcpClientInProcess : public ClientTest {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(TcpClientInProcess);
INSTANTIATE_TEST_SUITE_P(Conformance, TcpClientInProcess, ::testing::ValuesIn(harness::TcpClients()),
                         ClientName);

// Spec: decisions 7.1, fault 32
TEST_P(TcpComplexInProcess, OpensEveryDescriptorCloseOnExec) {
  if (harness::NeedsKernel("looks at descriptors")) return;
  const std::set<int> before = harness::OpenDescriptors();
  ComplexUnderTest& component = EchoComponent();
  const Link link = component.Connect();
  EXPECT_TRUE(component.Echoes(link, "x"));
  ExpectCloseOnExec(Added(before, harness::OpenDescriptors()));
}

// Spec: decisions 7.1, fault 32
TEST_P(TcpClientInProcess, OpensEveryDescriptorCloseOnExec) {
  if (harness::NeedsKernel("looks at descriptors")) return;
  const std::set<int> before = harness::OpenDescriptors();
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  ExpectCloseOnExec(Added(before, harness::OpenDescriptors()));
}

// Spec: decisions 7.1
TEST_P(TcpComplexInProcess, NamesItsThreadsAndBlocksTheirSignals) {
  if (harness::NeedsKernel("looks at threads")) return;
  const std::set<int> before = harness::ThreadIds();
  ComplexUnderTest& component = EchoComponent();
  const Link link = component.Connect();
  EXPECT_TRUE(component.Echoes(link, "x"));
  ExpectQuietThreads(Added(before, harness::ThreadIds()));
}

// Spec: decisions 7.1, decisions 3.5
TEST_P(TcpClientInProcess, HasOneThreadThatIsNamedAndBlocksItsSignals) {
  if (harness::NeedsKernel("looks at threads")) return;
  const std::set<int> before = harness::ThreadIds();
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  ASSERT_TRUE(peer->Send("x"));
  ASSERT_TRUE(client.events().WaitForCount(EventKind::kReceive, 1));
  const std::set<int> threads = Added(before, harness::ThreadIds());
  EXPECT_EQ(threads.size(), 1u);
  ExpectQuietThreads(threads);
}

// Spec: decisions 7.1
TEST_P(TcpComplexInProcess, LeavesSignalsLimitsLocaleAndFolderAlone) {
  const ProcessState before = ProcessState::Now();
  ComplexUnderTest& component = EchoComponent();
  Link link = component.Connect();
  EXPECT_TRUE(component.Echoes(link, "x"));
  before.ExpectSame(ProcessState::Now());
  EXPECT_TRUE(component->Stop());
  before.ExpectSame(ProcessState::Now());
}

// SIGPIPE has its default effect in this program: one would end it.
// Spec: decisions 7.1, fault 31
TEST_P(TcpComplexInProcess, RaisesNoSigpipeWhenThePeerIsGone) {
  ComplexUnderTest& component = StartedComponent();
  Link link = component.Connect();
  link->Reset();
  const std::string much = Pattern(100000);
  while (component->Send(link.id, Bytes(much), Length(much))) {
  }
  EXPECT_TRUE(component.events().WaitFor([&](const EventLog& log) { return log.CountEnds(link.id) == 1; }));
}

// Spec: decisions 7.1, fault 31
TEST_P(TcpClientInProcess, RaisesNoSigpipeWhenThePeerIsGone) {
  PeerListener& listener = Listener();
  ClientUnderTest& client = NewClient();
  const std::unique_ptr<Peer> peer = client.Connect(listener);
  peer->Reset();
  const std::string much = Pattern(100000);
  while (client->Send(Bytes(much), Length(much))) {
  }
  EXPECT_TRUE(client->Wait(harness::kPatienceMs));
}

}  // namespace
}  // namespace hpsocket::conformance
