// Internal to testing.
//
// What every suite for TCP servers needs: servers under test, their recorders, and peers.
//
// Threads:  the test's thread, unless a method says otherwise.
// Owner:    the fixture owns the servers; at the end of each test it destroys them and judges what
//           they told their listeners by the rules that always hold.
// Lifetime: what a reaction refers to outlives the last event that it answers: a test waits for that
//           event or stops the component before its locals go.
// Errors:   a step that the test cannot go on without throws; gtest reports it as a failure.
#ifndef HPSOCKET_TESTING_CONFORMANCE_SERVER_FIXTURE_H_
#define HPSOCKET_TESTING_CONFORMANCE_SERVER_FIXTURE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/event_log.h"
#include "hpsocket/testing/harness/peer.h"
#include "hpsocket/testing/harness/recording_listener.h"
#include "hpsocket/testing/harness/subject.h"

namespace hpsocket::conformance {

inline const uint8_t* Bytes(std::string_view text) { return reinterpret_cast<const uint8_t*>(text.data()); }
inline int Length(std::string_view text) { return static_cast<int>(text.size()); }
// A SendPackets member; the call does not write to it.
WSABUF Packet(std::string_view text);
// `size` bytes in which no two places near each other look alike; other `seed`, other bytes.
std::string Pattern(size_t size, uint32_t seed = 0);

// A peer and the ID under which the server knows it.
struct Link {
  std::unique_ptr<harness::Peer> peer;
  CONNID id = 0;

  harness::Peer* operator->() const { return peer.get(); }
};

// Address and port as the getters give them.
struct Name {
  bool ok = false;
  std::string address;
  uint16_t port = 0;
};

class ServerUnderTest {
 public:
  // With the variant's port and workers, or, `pristine`, as a new component is.
  ServerUnderTest(const harness::TcpServerFactory& factory, bool pristine);
  ServerUnderTest(const ServerUnderTest&) = delete;
  ServerUnderTest& operator=(const ServerUnderTest&) = delete;

  // Also inside callbacks that come from Destroy().
  IServer* operator->() { return &server_; }
  IServer& server() { return server_; }
  harness::TcpServerSubject& tcp() { return tcp_; }
  harness::RecordingServerListener& events() { return events_; }

  // Starts on loopback; throws when it fails.
  void MustStart(uint16_t port = 0, const char* address = "127.0.0.1");
  Name ListenName();
  uint16_t port() { return ListenName().port; }
  Name RemoteName(CONNID id);

  // A new peer; returns when the server's OnAccept for it has returned.
  Link Connect(const harness::PeerOptions& options = {}, const std::string& address = "127.0.0.1");
  // Whether the connection count becomes this.
  bool CountBecomes(uint32_t count);
  // From now on every OnReceive sends its bytes back.
  void EchoBack();
  // One message there and back over an echoing server.
  bool Echoes(const Link& link, const std::string& message);

  // Destroys the component, running or not. Callbacks may use it until this returns, nobody afterwards.
  void Destroy();

 private:
  harness::RecordingServerListener events_;
  std::unique_ptr<harness::TcpServerSubject> subject_;
  harness::TcpServerSubject& tcp_;
  IServer& server_;
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
