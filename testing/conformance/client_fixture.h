// Internal to testing.
//
// What every suite for TCP clients needs: clients under test, their recorders, and the peers that they
// connect to.
//
// Threads:  the test's thread, unless a method says otherwise.
// Owner:    the fixture owns clients and peers; at the end of each test it destroys the clients and
//           judges what they told their listeners by the rules that always hold.
// Lifetime: what a reaction refers to outlives the last event that it answers, as for servers.
// Errors:   a step that the test cannot go on without throws; gtest reports it as a failure.
#ifndef HPSOCKET_TESTING_CONFORMANCE_CLIENT_FIXTURE_H_
#define HPSOCKET_TESTING_CONFORMANCE_CLIENT_FIXTURE_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/api/socket_interfaces.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/conformance/server_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/peer.h"
#include "hpsocket/testing/harness/recording_listener.h"
#include "hpsocket/testing/harness/subject.h"

namespace hpsocket::conformance {

class ClientUnderTest {
 public:
  ClientUnderTest(const harness::TcpClientFactory& factory, bool pristine);
  ClientUnderTest(const ClientUnderTest&) = delete;
  ClientUnderTest& operator=(const ClientUnderTest&) = delete;

  // Also inside callbacks that come from Destroy().
  IClient* operator->() { return &client_; }
  IClient& client() { return client_; }
  harness::TcpClientSubject& tcp() { return tcp_; }
  harness::RecordingClientListener& events() { return events_; }

  // As the component's, and notes that the connection has begun when the result is true. Any thread.
  bool Start(const char* address, uint16_t port, bool async = false);
  // Starts and waits for OnConnect; gives the other side. Throws when it does not come about.
  std::unique_ptr<harness::Peer> Connect(harness::PeerListener& listener, bool async = false);
  Name LocalName();

  // Destroys the component, running or not. Callbacks may use it until this returns, nobody afterwards.
  void Destroy();
  std::set<CONNID> begun() const;

 private:
  harness::RecordingClientListener events_;
  std::unique_ptr<harness::TcpClientSubject> subject_;
  harness::TcpClientSubject& tcp_;
  IClient& client_;
  mutable std::mutex mutex_;
  std::set<CONNID> begun_;
};

class ClientTest : public ::testing::TestWithParam<harness::TcpClientFactory> {
 protected:
  void SetUp() override;
  void TearDown() override;

  ClientUnderTest& NewClient() { return Add(false); }
  ClientUnderTest& NewPristineClient() { return Add(true); }
  // Somebody to connect to; lives as long as the test.
  harness::PeerListener& Listener(const harness::PeerListenOptions& options = {});
  // Nobody answers there: a connect neither succeeds nor fails.
  harness::PeerListener& SilentListener();
  // Nobody listens there: a connect is refused.
  uint16_t RefusingPort();

 private:
  ClientUnderTest& Add(bool pristine);

  std::vector<std::unique_ptr<ClientUnderTest>> clients_;
  std::vector<std::unique_ptr<harness::PeerListener>> listeners_;
};

std::string ClientName(const ::testing::TestParamInfo<harness::TcpClientFactory>& info);

}  // namespace hpsocket::conformance

#endif  // HPSOCKET_TESTING_CONFORMANCE_CLIENT_FIXTURE_H_
