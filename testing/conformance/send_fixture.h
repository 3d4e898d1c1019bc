// Internal to testing.
//
// What the suites share that look at what a connection sent: a worker that is held, and sends with the reason
// why they were refused.
//
// Threads:  the test's thread; Send any.
#ifndef HPSOCKET_TESTING_CONFORMANCE_SEND_FIXTURE_H_
#define HPSOCKET_TESTING_CONFORMANCE_SEND_FIXTURE_H_

#include <cerrno>
#include <cstddef>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/conformance/complex_fixture.h"
#include "hpsocket/testing/conformance/complex_under_test.h"
#include "hpsocket/testing/harness/environment.h"
#include "hpsocket/testing/harness/event_log.h"

namespace hpsocket::conformance {

// Holds a connection's worker inside OnReceive while it lives. What is sent meanwhile cannot be reported.
class BlockedWorker {
 public:
  BlockedWorker(ComplexUnderTest& component, const Link& link) : server_(component) {
    const size_t before = component.events().log().Count(harness::EventKind::kReceive);
    component.events().Do(harness::EventKind::kReceive,
                          [this](const harness::Event&) { EXPECT_TRUE(gate_.Pass()); });
    EXPECT_TRUE(link->Send("#"));  // one byte, one OnReceive
    EXPECT_TRUE(component.events().WaitFor(
        [&](const harness::EventLog& log) { return log.Count(harness::EventKind::kReceive) > before; }));
  }
  BlockedWorker(const BlockedWorker&) = delete;
  BlockedWorker& operator=(const BlockedWorker&) = delete;
  ~BlockedWorker() { Release(); }

  void Release() {
    gate_.Open();
    EXPECT_TRUE(harness::RunUntil([&] { return server_.events().running() == 0; }));
    server_.events().React(harness::EventKind::kReceive, nullptr);
  }

 private:
  ComplexUnderTest& server_;
  harness::Gate gate_;
};

class ComplexSendTest : public ComplexTest {
 protected:
  static int Pending(ComplexUnderTest& component, CONNID id) {
    int pending = -1;
    EXPECT_TRUE(component->GetPendingDataLength(id, pending));
    return pending;
  }
  static bool Send(ComplexUnderTest& component, CONNID id, const std::string& data) {
    errno = 0;
    return component->Send(id, Bytes(data), Length(data));
  }
  static void ExpectRefused(ComplexUnderTest& component, CONNID id, size_t size, int error) {
    EXPECT_FALSE(Send(component, id, Pattern(size))) << size;
    EXPECT_EQ(errno, error) << size;
  }
};

}  // namespace hpsocket::conformance

#endif  // HPSOCKET_TESTING_CONFORMANCE_SEND_FIXTURE_H_
