#include "hpsocket/core/api/error_map.h"

#include "gtest/gtest.h"

namespace hpsocket {
namespace {

// Spec: api §1
TEST(ErrorMapTest, TextsAreTheHistoricOnes) {
  EXPECT_STREQ(GetSocketErrorDesc(SE_OK), "SUCCESS");
  EXPECT_STREQ(GetSocketErrorDesc(SE_ILLEGAL_STATE), "Illegal State");
  EXPECT_STREQ(GetSocketErrorDesc(SE_INVALID_PARAM), "Invalid Parameter");
  EXPECT_STREQ(GetSocketErrorDesc(SE_SOCKET_CREATE), "Create SOCKET Fail");
  EXPECT_STREQ(GetSocketErrorDesc(SE_SOCKET_BIND), "Bind SOCKET Fail");
  EXPECT_STREQ(GetSocketErrorDesc(SE_SOCKET_PREPARE), "Prepare SOCKET Fail");
  EXPECT_STREQ(GetSocketErrorDesc(SE_SOCKET_LISTEN), "Listen SOCKET Fail");
  EXPECT_STREQ(GetSocketErrorDesc(SE_CP_CREATE), "Create IOCP Fail");
  EXPECT_STREQ(GetSocketErrorDesc(SE_WORKER_THREAD_CREATE), "Create Worker Thread Fail");
  EXPECT_STREQ(GetSocketErrorDesc(SE_DETECT_THREAD_CREATE), "Create Detector Thread Fail");
  EXPECT_STREQ(GetSocketErrorDesc(SE_SOCKE_ATTACH_TO_CP), "Attach SOCKET to IOCP Fail");
  EXPECT_STREQ(GetSocketErrorDesc(SE_CONNECT_SERVER), "Connect to Server Fail");
  EXPECT_STREQ(GetSocketErrorDesc(SE_NETWORK), "Network Error");
  EXPECT_STREQ(GetSocketErrorDesc(SE_DATA_PROC), "Process Data Error");
  EXPECT_STREQ(GetSocketErrorDesc(SE_DATA_SEND), "Send Data Error");
}

TEST(ErrorMapTest, AnythingElseIsUnknown) {
  EXPECT_STREQ(GetSocketErrorDesc(static_cast<EnSocketError>(15)), "UNKNOWN ERROR");
  EXPECT_STREQ(GetSocketErrorDesc(static_cast<EnSocketError>(-1)), "UNKNOWN ERROR");
}

}  // namespace
}  // namespace hpsocket
