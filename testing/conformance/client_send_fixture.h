// Internal to testing.
//
// What the client suites share that look at what waits to be sent: a client whose worker is held.
//
// Threads:  the test's thread.
#ifndef HPSOCKET_TESTING_CONFORMANCE_CLIENT_SEND_FIXTURE_H_
#define HPSOCKET_TESTING_CONFORMANCE_CLIENT_SEND_FIXTURE_H_

#include <cerrno>
#include <cstddef>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/conformance/client_fixture.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/event_log.h"
#include "hpsocket/testing/harness/peer.h"

namespace hpsocket::conformance {

// Holds a client's worker inside OnReceive while it lives. What is sent meanwhile cannot be reported.
class BlockedClient {
 public:
  BlockedClient(ClientUnderTest& client, harness::Peer& peer) : client_(client) {
    const size_t before = client.events().log().Count(harness::EventKind::kReceive);
    client.events().Do(harness::EventKind::kReceive,
                       [this](const harness::Event&) { EXPECT_TRUE(gate_.Pass()); });
    EXPECT_TRUE(peer.Send("#"));  // one byte, one OnReceive
    EXPECT_TRUE(client.events().WaitFor(
        [&](const harness::EventLog& log) { return log.Count(harness::EventKind::kReceive) > before; }));
  }
  BlockedClient(const BlockedClient&) = delete;
  BlockedClient& operator=(const BlockedClient&) = delete;
  ~BlockedClient() {
    gate_.Open();
    EXPECT_TRUE(harness::RunUntil([&] { return client_.events().running() == 0; }));
    client_.events().React(harness::EventKind::kReceive, nullptr);
  }

 private:
  ClientUnderTest& client_;
  harness::Gate gate_;
};

class ClientSendTest : public ClientTest {
 protected:
  // Takes next to nothing of what a client sends before it is asked to receive.
  harness::PeerListener& NarrowListener() {
    harness::PeerListenOptions options;
    options.accepted.receive_buffer = 4096;
    return Listener(options);
  }
  static bool Send(ClientUnderTest& client, const std::string& data) {
    errno = 0;
    return client->Send(Bytes(data), Length(data));
  }
  static void ExpectRefused(ClientUnderTest& client, size_t size, int error) {
    EXPECT_FALSE(Send(client, Pattern(size))) << size;
    EXPECT_EQ(errno, error) << size;
    EXPECT_EQ(client->GetLastError(), SE_INVALID_PARAM) << size;
  }
  static HP_Stats Stats(ClientUnderTest& client) {
    HP_Stats stats;
    EXPECT_TRUE(client->GetStats(stats));
    return stats;
  }
};

}  // namespace hpsocket::conformance

#endif  // HPSOCKET_TESTING_CONFORMANCE_CLIENT_SEND_FIXTURE_H_
