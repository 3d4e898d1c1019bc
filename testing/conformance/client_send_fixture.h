// Internal to testing.
//
// What the client suites share that look at what waits to be sent.
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

namespace hpsocket::conformance {

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
