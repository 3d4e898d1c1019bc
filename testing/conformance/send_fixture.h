// Internal to testing.
//
// What the suites share that look at what a connection sent: sends with the reason why they were refused.
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

namespace hpsocket::conformance {

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
