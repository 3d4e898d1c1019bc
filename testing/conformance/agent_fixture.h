// Internal to testing.
//
// What suites for TCP agents need: agents under test, their recorders, and the peers that they connect to.
//
// Threads:  the test's thread, unless a method says otherwise.
// Owner:    the fixture owns agents and listeners; an agent under test its own listeners.
// Errors:   as complex_under_test.h.
#ifndef HPSOCKET_TESTING_CONFORMANCE_AGENT_FIXTURE_H_
#define HPSOCKET_TESTING_CONFORMANCE_AGENT_FIXTURE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/conformance/complex_under_test.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/event_log.h"
#include "hpsocket/testing/harness/peer.h"
#include "hpsocket/testing/harness/recording_listener.h"
#include "hpsocket/testing/harness/subject.h"

namespace hpsocket::conformance {

class AgentUnderTest final : public ComplexUnderTest {
 public:
  AgentUnderTest(const harness::TcpAgentFactory& factory, bool pristine);
  ~AgentUnderTest() override { Destroy(); }

  IAgent* operator->() { return agent_; }
  IAgent& agent() { return *agent_; }
  harness::TcpAgentSubject& tcp() { return *tcp_; }
  harness::RecordingAgentListener& events() override { return events_; }
  harness::EventKind opening() const override { return harness::EventKind::kConnect; }
  harness::EventKind preparing() const override { return harness::EventKind::kPrepareConnect; }

  bool Start() override { return agent().Start(nullptr, true); }
  // Throws when it fails.
  void MustStart(bool async = true, const char* bind_address = nullptr);
  Name LocalName(CONNID id);

  // As the component's Connect, and notes what it gave. Any thread, and inside callbacks.
  bool ConnectTo(const char* address, uint16_t port, CONNID* id = nullptr);
  bool ConnectTo(const harness::PeerListener& listener, CONNID* id = nullptr) {
    return ConnectTo("127.0.0.1", listener.port(), id);
  }
  // Connects to a listener on loopback, kept for the purpose, and takes the other side there.
  std::unique_ptr<harness::Peer> NewPeer(const harness::PeerOptions& options = {}) override;
  // The one that NewPeer connects to. Any thread.
  harness::PeerListener& PeersListener(const harness::PeerOptions& options = {});

  // IDs for which Connect has returned true, and false.
  std::set<CONNID> begun() const;
  std::set<CONNID> failed() const;
  void LeaveUnfetched() override { events_.FetchFrom(nullptr); }
  std::vector<std::string> Violations() override;

 private:
  // The peer of the connection with this port, if it has been taken or can be.
  std::unique_ptr<harness::Peer> Claim(harness::PeerListener& listener, uint16_t port);
  bool Concerns(const harness::Event& opening, const harness::Peer& peer) const override {
    return opening.own_port == peer.remote_port() && opening.peer_port == peer.local_port();
  }

  harness::RecordingAgentListener events_;
  harness::TcpAgentSubject* tcp_ = nullptr;
  IAgent* agent_ = nullptr;
  mutable std::mutex mutex_;
  std::map<int, std::unique_ptr<harness::PeerListener>> listeners_;  // by the size of the receive buffer
  std::vector<std::unique_ptr<harness::Peer>> unclaimed_;            // taken there by somebody else
  std::set<CONNID> begun_;
  std::set<CONNID> failed_;
};

class AgentTest : public ::testing::TestWithParam<harness::TcpAgentFactory> {
 protected:
  void SetUp() override;
  void TearDown() override;

  AgentUnderTest& NewAgent() { return Add(false); }
  AgentUnderTest& NewPristineAgent() { return Add(true); }
  AgentUnderTest& StartedAgent(bool async) {
    AgentUnderTest& agent = NewAgent();
    agent.MustStart(async);
    return agent;
  }
  AgentUnderTest& EchoAgent(bool async) {
    AgentUnderTest& agent = NewAgent();
    agent.EchoBack();
    agent.MustStart(async);
    return agent;
  }
  // Somebody to connect to; lives as long as the test.
  harness::PeerListener& Listener(const harness::PeerListenOptions& options = {});
  // Nobody answers there: a connect neither succeeds nor fails.
  harness::PeerListener& SilentListener();
  // Nobody listens there: a connect is refused.
  uint16_t RefusingPort();
  // One connection, and a message there and back.
  static void ExpectConnects(AgentUnderTest& agent);
  // For a listener that serves several components, whose log mixes theirs.
  void DoNotJudge(AgentUnderTest& agent) { unjudged_.push_back(&agent); }

 private:
  AgentUnderTest& Add(bool pristine);

  std::vector<std::unique_ptr<AgentUnderTest>> agents_;
  std::vector<std::unique_ptr<harness::PeerListener>> listeners_;
  std::vector<const AgentUnderTest*> unjudged_;
};

std::string AgentName(const ::testing::TestParamInfo<harness::TcpAgentFactory>& info);

}  // namespace hpsocket::conformance

#endif  // HPSOCKET_TESTING_CONFORMANCE_AGENT_FIXTURE_H_
