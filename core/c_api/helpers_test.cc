#include "hpsocket/core/c_api/helpers.h"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <string>

#include "gtest/gtest.h"
#include "hpsocket/core/api/library.h"

namespace hpsocket::core {
namespace {

// Two connected sockets, and an unconnected one of TCP.
class HelpersTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair_), 0) << strerror(errno);
    tcp_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ASSERT_GE(tcp_, 0) << strerror(errno);
  }
  void TearDown() override {
    for (const int fd : {pair_[0], pair_[1], tcp_}) close(fd);
  }

  int Option(int level, int name) {
    int value = -1;
    int length = sizeof(value);
    EXPECT_EQ(SYS_GetSocketOption(tcp_, level, name, &value, &length), 0) << strerror(errno);
    EXPECT_EQ(length, static_cast<int>(sizeof(value)));
    return value;
  }

  // Whether a read of nothing returns instead of waiting.
  bool ReadsWithoutWaiting() {
    char byte;
    return recv(pair_[0], &byte, 1, 0) == -1 && errno == EAGAIN;
  }

  int pair_[2] = {-1, -1};
  int tcp_ = -1;
};

// Spec: §3.3, api §4
TEST_F(HelpersTest, LastErrorIsThisThreadsErrno) {
  errno = EBADSLT;
  EXPECT_EQ(SYS_GetLastError(), static_cast<DWORD>(ERROR_OBJECT_NOT_FOUND));
  EXPECT_EQ(SYS_WSAGetLastError(), EBADSLT);
  EXPECT_EQ(::GetLastError(), static_cast<DWORD>(EBADSLT));
  WSASetLastError(ENOSR);
  EXPECT_EQ(SYS_GetLastError(), static_cast<DWORD>(ERROR_CONNECTION_COUNT_LIMIT));
}

// Spec: §3.3, api §4
TEST_F(HelpersTest, OptionsAreSetAndRead) {
  int on = 1;
  EXPECT_EQ(SYS_SetSocketOption(tcp_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)), 0);
  EXPECT_NE(Option(SOL_SOCKET, SO_REUSEADDR), 0);
  EXPECT_EQ(SYS_SetSocketOption(tcp_, SOL_SOCKET, SO_REUSEADDR, &on, -1), SOCKET_ERROR);
  EXPECT_EQ(SYS_GetLastError(), static_cast<DWORD>(EINVAL));
  int length = -1;
  EXPECT_EQ(SYS_GetSocketOption(tcp_, SOL_SOCKET, SO_REUSEADDR, &on, &length), SOCKET_ERROR);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(SYS_GetSocketOption(tcp_, SOL_SOCKET, SO_REUSEADDR, &on, nullptr), SOCKET_ERROR);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(SYS_SetSocketOption(-1, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)), SOCKET_ERROR);
  EXPECT_EQ(errno, EBADF);
}

// Spec: §3.3, api §4
TEST_F(HelpersTest, IoctlGivesTheWholeOfAWideNumber) {
  ASSERT_EQ(send(pair_[1], "12345", 5, 0), 5);
  u_long waiting = std::numeric_limits<u_long>::max();  // what the kernel's int must not leave half of
  EXPECT_EQ(SYS_IoctlSocket(pair_[0], FIONREAD, &waiting), 0);
  EXPECT_EQ(waiting, 5u);
}

// Spec: §3.3, api §4
TEST_F(HelpersTest, IoctlTakesAWideNumber) {
  u_long on = 1;
  EXPECT_EQ(SYS_IoctlSocket(pair_[0], FIONBIO, &on), 0);
  EXPECT_TRUE(ReadsWithoutWaiting());
  EXPECT_EQ(SYS_IoctlSocket(pair_[0], FIONBIO, nullptr), SOCKET_ERROR);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_EQ(SYS_IoctlSocket(-1, FIONBIO, &on), SOCKET_ERROR);
  EXPECT_EQ(errno, EBADF);
}

// Spec: §3.3, api §4
TEST_F(HelpersTest, IoctlTellsWhatIsUnderWay) {
  int sockets[2] = {-1, -1};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0) << strerror(errno);
  ASSERT_EQ(send(sockets[0], "12345", 5, 0), 5);
  u_long unread = 0;
  EXPECT_EQ(SYS_IoctlSocket(sockets[0], SIOCOUTQ, &unread), 0) << strerror(errno);
  EXPECT_GE(unread, 5u);  // with what the kernel needs beside them
  for (const int fd : sockets) close(fd);
  u_long marked = std::numeric_limits<u_long>::max();
  EXPECT_EQ(SYS_IoctlSocket(tcp_, SIOCATMARK, &marked), 0) << strerror(errno);
  EXPECT_EQ(marked, 0u);
}

// Their arguments are structures: the kernel would write over what lies behind a number.
// Spec: §3.3, api §4
TEST_F(HelpersTest, IoctlRefusesWhatTakesNoNumber) {
  for (const long command :
       std::initializer_list<long>{SIOCGIFADDR, SIOCGIFCONF, SIOCGIFINDEX, SIOCGSTAMP, -1}) {
    u_long number = 7;
    EXPECT_EQ(SYS_IoctlSocket(tcp_, command, &number), SOCKET_ERROR) << command;
    EXPECT_EQ(errno, EOPNOTSUPP) << command;
    EXPECT_EQ(number, 7u) << command;
  }
}

// Spec: §3.3, api §4
TEST_F(HelpersTest, WsaIoctlKnowsFionbioInBothWidths) {
  u_long wide = 1;
  EXPECT_EQ(SYS_WSAIoctl(pair_[0], FIONBIO, &wide, sizeof(wide), nullptr, 0, nullptr), 0);
  EXPECT_TRUE(ReadsWithoutWaiting());
  uint32_t narrow = 0;
  DWORD returned = 77;
  EXPECT_EQ(SYS_WSAIoctl(pair_[0], FIONBIO, &narrow, sizeof(narrow), nullptr, 0, &returned), 0);
  EXPECT_EQ(returned, 0u);
  ASSERT_EQ(send(pair_[1], "x", 1, 0), 1);
  char byte;
  EXPECT_EQ(recv(pair_[0], &byte, 1, 0), 1);  // waits again
  EXPECT_EQ(SYS_WSAIoctl(pair_[0], FIONBIO, &narrow, 3, nullptr, 0, nullptr), SOCKET_ERROR);
  EXPECT_EQ(errno, EFAULT);
  EXPECT_EQ(SYS_WSAIoctl(pair_[0], FIONBIO, nullptr, 4, nullptr, 0, nullptr), SOCKET_ERROR);
  EXPECT_EQ(errno, EFAULT);
}

// Spec: §3.3, api §4
TEST_F(HelpersTest, WsaIoctlKnowsFionreadInBothWidths) {
  ASSERT_EQ(send(pair_[1], "1234567", 7, 0), 7);
  u_long wide = std::numeric_limits<u_long>::max();
  DWORD returned = 0;
  EXPECT_EQ(SYS_WSAIoctl(pair_[0], FIONREAD, nullptr, 0, &wide, sizeof(wide), &returned), 0);
  EXPECT_EQ(wide, 7u);
  EXPECT_EQ(returned, sizeof(wide));
  uint32_t narrow[2] = {0, 99};
  EXPECT_EQ(SYS_WSAIoctl(pair_[0], FIONREAD, nullptr, 0, narrow, 4, &returned), 0);
  EXPECT_EQ(narrow[0], 7u);
  EXPECT_EQ(narrow[1], 99u);
  EXPECT_EQ(returned, 4u);
  EXPECT_EQ(SYS_WSAIoctl(pair_[0], FIONREAD, nullptr, 0, narrow, 3, &returned), SOCKET_ERROR);
  EXPECT_EQ(errno, EFAULT);
  EXPECT_EQ(SYS_WSAIoctl(pair_[0], FIONREAD, nullptr, 0, nullptr, 8, &returned), SOCKET_ERROR);
  EXPECT_EQ(errno, EFAULT);
}

// Spec: §3.3, api §4, decisions 7.2
TEST_F(HelpersTest, WsaIoctlSetsKeepAliveInWholeSeconds) {
  tcp_keepalive wanted = {1, 1500, 1};
  EXPECT_EQ(SYS_WSAIoctl(tcp_, SIO_KEEPALIVE_VALS, &wanted, sizeof(wanted), nullptr, 0, nullptr), 0);
  EXPECT_NE(Option(SOL_SOCKET, SO_KEEPALIVE), 0);
  EXPECT_EQ(Option(IPPROTO_TCP, TCP_KEEPIDLE), 2);
  EXPECT_EQ(Option(IPPROTO_TCP, TCP_KEEPINTVL), 1);
  wanted = {1, 0, std::numeric_limits<uint32_t>::max()};
  EXPECT_EQ(SYS_WSAIoctl(tcp_, SIO_KEEPALIVE_VALS, &wanted, sizeof(wanted), nullptr, 0, nullptr), 0);
  EXPECT_EQ(Option(IPPROTO_TCP, TCP_KEEPIDLE), 1);
  EXPECT_EQ(Option(IPPROTO_TCP, TCP_KEEPINTVL), 32767);
  wanted.onoff = 0;
  EXPECT_EQ(SYS_WSAIoctl(tcp_, SIO_KEEPALIVE_VALS, &wanted, sizeof(wanted), nullptr, 0, nullptr), 0);
  EXPECT_EQ(Option(SOL_SOCKET, SO_KEEPALIVE), 0);
  EXPECT_EQ(SYS_WSAIoctl(tcp_, SIO_KEEPALIVE_VALS, &wanted, sizeof(wanted) - 1, nullptr, 0, nullptr),
            SOCKET_ERROR);
  EXPECT_EQ(errno, EFAULT);
}

// Spec: §3.3, api §4
TEST_F(HelpersTest, WsaIoctlRefusesWhatItDoesNotKnow) {
  constexpr DWORD kSioUdpConnReset = 0x9800000C;
  BOOL off = FALSE;
  DWORD returned = 77;
  EXPECT_EQ(SYS_WSAIoctl(tcp_, kSioUdpConnReset, &off, sizeof(off), nullptr, 0, &returned), SOCKET_ERROR);
  EXPECT_EQ(SYS_WSAGetLastError(), WSAEOPNOTSUPP);
  EXPECT_EQ(returned, 77u);
}

// Spec: api §1, api §4
TEST_F(HelpersTest, ErrorsHaveTheirTexts) {
  EXPECT_STREQ(HP_GetSocketErrorDesc(SE_OK), "SUCCESS");
  EXPECT_STREQ(HP_GetSocketErrorDesc(HP_SE_DATA_PROC), "Process Data Error");
  EXPECT_STREQ(HP_GetSocketErrorDesc(static_cast<EnSocketError>(-1)), "UNKNOWN ERROR");
}

// Spec: api §7
TEST_F(HelpersTest, VersionIsTheCores) {
  EXPECT_EQ(::HP_GetHPSocketVersion(), hpsocket::HP_GetHPSocketVersion());
  EXPECT_NE(::HP_GetHPSocketVersion(), 0u);
  EXPECT_STREQ(::HP_GetHPSocketVersionDesc(), hpsocket::HP_GetHPSocketVersionDesc());
}

}  // namespace
}  // namespace hpsocket::core
