#include "hpsocket/core/api/enums.h"

#include <type_traits>

#include "gtest/gtest.h"

namespace hpsocket {
namespace {

template <class Enum>
constexpr bool IsInt() {
  return std::is_same<std::underlying_type_t<Enum>, int>::value && std::is_convertible<Enum, int>::value;
}

static_assert(IsInt<EnServiceState>() && IsInt<EnSocketOperation>() && IsInt<EnHandleResult>() &&
                  IsInt<EnFetchResult>() && IsInt<EnSendPolicy>() && IsInt<EnRecvPolicy>() &&
                  IsInt<EnSocketError>() && IsInt<EnCastMode>() && IsInt<EnIoBackend>(),
              "");

// The values are part of the C library's contract.
// Spec: api §1
TEST(EnumsTest, ValuesAreTheHistoricOnes) {
  EXPECT_EQ(SS_STARTING, 0);
  EXPECT_EQ(SS_STARTED, 1);
  EXPECT_EQ(SS_STOPPING, 2);
  EXPECT_EQ(SS_STOPPED, 3);

  EXPECT_EQ(SO_UNKNOWN, 0);
  EXPECT_EQ(SO_ACCEPT, 1);
  EXPECT_EQ(SO_CONNECT, 2);
  EXPECT_EQ(SO_SEND, 3);
  EXPECT_EQ(SO_RECEIVE, 4);

  EXPECT_EQ(HR_OK, 0);
  EXPECT_EQ(HR_IGNORE, 1);
  EXPECT_EQ(HR_ERROR, 2);

  EXPECT_EQ(FR_OK, 0);
  EXPECT_EQ(FR_LENGTH_TOO_LONG, 1);
  EXPECT_EQ(FR_DATA_NOT_FOUND, 2);

  EXPECT_EQ(SP_PACK, 0);
  EXPECT_EQ(SP_SAFE, 1);
  EXPECT_EQ(SP_DIRECT, 2);

  EXPECT_EQ(RP_SERIAL, 0);
  EXPECT_EQ(RP_PARALLEL, 1);

  EXPECT_EQ(CM_MULTICAST, 0);
  EXPECT_EQ(CM_BROADCAST, 1);

  EXPECT_EQ(SE_OK, 0);
  EXPECT_EQ(SE_ILLEGAL_STATE, 1);
  EXPECT_EQ(SE_INVALID_PARAM, 2);
  EXPECT_EQ(SE_SOCKET_CREATE, 3);
  EXPECT_EQ(SE_SOCKET_BIND, 4);
  EXPECT_EQ(SE_SOCKET_PREPARE, 5);
  EXPECT_EQ(SE_SOCKET_LISTEN, 6);
  EXPECT_EQ(SE_CP_CREATE, 7);
  EXPECT_EQ(SE_WORKER_THREAD_CREATE, 8);
  EXPECT_EQ(SE_DETECT_THREAD_CREATE, 9);
  EXPECT_EQ(SE_SOCKE_ATTACH_TO_CP, 10);
  EXPECT_EQ(SE_CONNECT_SERVER, 11);
  EXPECT_EQ(SE_NETWORK, 12);
  EXPECT_EQ(SE_DATA_PROC, 13);
  EXPECT_EQ(SE_DATA_SEND, 14);
}

// Spec: decisions 1.2
TEST(EnumsTest, BothSpellingsOfStoppingAreTheSame) {
  EXPECT_EQ(SS_STOPING, SS_STOPPING);
  EXPECT_EQ(SS_STOPED, SS_STOPPED);
}

// Spec: decisions 8.2/2
TEST(EnumsTest, BackendsHaveTheirOrder) {
  EXPECT_EQ(IO_AUTO, 0);
  EXPECT_EQ(IO_URING, 1);
  EXPECT_EQ(IO_EPOLL, 2);
}

}  // namespace
}  // namespace hpsocket
