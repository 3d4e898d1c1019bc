// Internal to testing.
//
// What suites for TCP servers need: servers under test, their recorders, and peers.
//
// Threads:  the test's thread, unless a method says otherwise.
// Owner:    the fixture owns the servers.
// Errors:   as complex_under_test.h.
#ifndef HPSOCKET_TESTING_CONFORMANCE_SERVER_FIXTURE_H_
#define HPSOCKET_TESTING_CONFORMANCE_SERVER_FIXTURE_H_

#include <cstdint>
#include <memory>
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

class ServerUnderTest final : public ComplexUnderTest {
 public:
  ServerUnderTest(const harness::TcpServerFactory& factory, bool pristine);
  ~ServerUnderTest() override { Destroy(); }

  IServer* operator->() { return server_; }
  IServer& server() { return *server_; }
  harness::TcpServerSubject& tcp() { return *tcp_; }
  harness::RecordingServerListener& events() override { return events_; }
  harness::EventKind opening() const override { return harness::EventKind::kAccept; }
  harness::EventKind preparing() const override { return harness::EventKind::kPrepareListen; }

  bool Start() override { return server().Start("127.0.0.1", 0); }
  // Throws when it fails.
  void MustStart(uint16_t port = 0, const char* address = "127.0.0.1");
  Name ListenName();
  uint16_t port() { return ListenName().port; }

  std::unique_ptr<harness::Peer> NewPeer(const harness::PeerOptions& options = {}) override;
  // To this address of the server.
  Link Connect(const harness::PeerOptions& options = {}, const std::string& address = "127.0.0.1");

  void LeaveUnfetched() override { events_.FetchFrom(nullptr); }
  std::vector<std::string> Violations() override;

 private:
  bool Concerns(const harness::Event& opening, const harness::Peer& peer) const override {
    return opening.peer_port == peer.local_port();
  }

  harness::RecordingServerListener events_;
  harness::TcpServerSubject* tcp_ = nullptr;
  IServer* server_ = nullptr;
};

class ServerTest : public ::testing::TestWithParam<harness::TcpServerFactory> {
 protected:
  void SetUp() override;
  void TearDown() override;

  ServerUnderTest& NewServer() { return Add(false); }
  ServerUnderTest& NewPristineServer() { return Add(true); }
  ServerUnderTest& StartedServer() {
    ServerUnderTest& server = NewServer();
    server.MustStart();
    return server;
  }
  ServerUnderTest& EchoServer() {
    ServerUnderTest& server = NewServer();
    server.EchoBack();
    server.MustStart();
    return server;
  }
  // For a listener that serves several components, whose log mixes theirs.
  void DoNotJudge(ServerUnderTest& server) { unjudged_.push_back(&server); }

 private:
  ServerUnderTest& Add(bool pristine);

  std::vector<std::unique_ptr<ServerUnderTest>> servers_;
  std::vector<const ServerUnderTest*> unjudged_;
};

// The name of an instantiation: the component's.
std::string ServerName(const ::testing::TestParamInfo<harness::TcpServerFactory>& info);

}  // namespace hpsocket::conformance

#endif  // HPSOCKET_TESTING_CONFORMANCE_SERVER_FIXTURE_H_
