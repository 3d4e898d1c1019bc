#include "hpsocket/core/facade/facade_calls.h"

#include <arpa/inet.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "hpsocket/core/engine/engine_base.h"

namespace hpsocket::core {
namespace {

uint8_t byte = 0;

Address Literal(const char* text, uint16_t port) {
  Address address;
  EXPECT_TRUE(Address::ParseLiteral(text, port, &address)) << text;
  return address;
}

// Spec: decisions 4.6
TEST(FacadeCallsTest, BytesNeedAPointerOnlyWhenThereAreSome) {
  EXPECT_EQ(FaultInBytes(&byte, 1, 0), nullptr);
  EXPECT_EQ(FaultInBytes(nullptr, 0, 0), nullptr);
  EXPECT_NE(FaultInBytes(nullptr, 1, 0), nullptr);
  EXPECT_NE(FaultInBytes(&byte, -1, 0), nullptr);
  EXPECT_NE(FaultInBytes(&byte, 1, -1), nullptr);
}

// Spec: decisions 4.6
TEST(FacadeCallsTest, EveryPieceIsLookedAt) {
  const WSABUF good[] = {{1, &byte}, {0, nullptr}};
  const WSABUF bad[] = {{1, &byte}, {1, nullptr}};
  EXPECT_EQ(FaultInPieces(good, 2), nullptr);
  EXPECT_NE(FaultInPieces(nullptr, 1), nullptr);
  EXPECT_NE(FaultInPieces(good, 0), nullptr);
  EXPECT_NE(FaultInPieces(good, -1), nullptr);
  EXPECT_EQ(FaultInPieces(bad, 1), nullptr);
  EXPECT_NE(FaultInPieces(bad, 2), nullptr);
}

// Spec: api §6.7/2
TEST(FacadeCallsTest, FileNeedsANameAndReadableEnds) {
  const WSABUF good = {1, &byte};
  const WSABUF empty = {0, nullptr};
  const WSABUF bad = {1, nullptr};
  EXPECT_EQ(FaultInFile("name", nullptr, nullptr), nullptr);
  EXPECT_EQ(FaultInFile("name", &good, &empty), nullptr);
  EXPECT_NE(FaultInFile(nullptr, nullptr, nullptr), nullptr);
  EXPECT_NE(FaultInFile("name", &bad, nullptr), nullptr);
  EXPECT_NE(FaultInFile("name", nullptr, &bad), nullptr);
}

// Spec: decisions 4.6, decisions 8.2/4
TEST(FacadeCallsTest, FailureLeavesErrnoAndWords) {
  errno = 0;
  EXPECT_TRUE(Report(0));
  EXPECT_EQ(errno, 0);

  EXPECT_FALSE(Report(EBADSLT));
  EXPECT_EQ(errno, EBADSLT);
  EXPECT_STREQ(EngineBase::LastErrorDetail(), "no such connection, or it is closing");

  EXPECT_FALSE(Report(EINVAL, "data is null"));
  EXPECT_EQ(errno, EINVAL);
  EXPECT_STREQ(EngineBase::LastErrorDetail(), "data is null");

  EXPECT_FALSE(Report(ENOENT));
  EXPECT_EQ(errno, ENOENT);
  EXPECT_STREQ(EngineBase::LastErrorDetail(), "No such file or directory");
}

// Spec: decisions 8.2/4
TEST(FacadeCallsTest, WordsBelongToTheThreadThatFailed) {
  EXPECT_FALSE(Report(EINVAL, "data is null"));
  std::thread other([] {
    EXPECT_STREQ(EngineBase::LastErrorDetail(), "");
    EXPECT_FALSE(Report(EBADSLT));
  });
  other.join();
  EXPECT_STREQ(EngineBase::LastErrorDetail(), "data is null");
}

// Spec: api §6.6
TEST(FacadeCallsTest, ClientErrorTellsStateFromArguments) {
  EXPECT_EQ(ClientErrorOf(EPERM), SE_ILLEGAL_STATE);
  EXPECT_EQ(ClientErrorOf(EBADSLT), SE_ILLEGAL_STATE);
  EXPECT_EQ(ClientErrorOf(EINVAL), SE_INVALID_PARAM);
  EXPECT_EQ(ClientErrorOf(ENOENT), SE_INVALID_PARAM);
}

// Spec: api §2.1/15t, C15
TEST(FacadeCallsTest, AddressNeedsRoomForItsEnd) {
  const Address from = Literal("127.0.0.1", 5555);
  char text[16];
  std::memset(text, 'x', sizeof(text));
  int length = 9;
  uint16_t port = 0;
  EXPECT_FALSE(CopyAddress(from, text, length, port));
  EXPECT_EQ(length, 10);
  EXPECT_EQ(port, 5555);
  EXPECT_EQ(text[0], 'x');

  EXPECT_TRUE(CopyAddress(from, text, length, port));
  EXPECT_STREQ(text, "127.0.0.1");
  EXPECT_EQ(length, 10);
  EXPECT_EQ(text[10], 'x');
}

// Spec: api §2.1/15t
TEST(FacadeCallsTest, NoRoomAtAllStillTellsTheLength) {
  const Address from = Literal("::1", 80);
  uint16_t port = 0;
  int length = 64;
  EXPECT_FALSE(CopyAddress(from, nullptr, length, port));
  EXPECT_EQ(length, 4);
  char text[64];
  length = -1;
  EXPECT_FALSE(CopyAddress(from, text, length, port));
  EXPECT_EQ(length, 4);
}

// Spec: decisions 5.1
TEST(FacadeCallsTest, MappedAddressIsShownAsIPv4) {
  char text[64];
  int length = sizeof(text);
  uint16_t port = 0;
  EXPECT_TRUE(CopyAddress(Literal("10.1.2.3", 7).Mapped(), text, length, port));
  EXPECT_STREQ(text, "10.1.2.3");
  EXPECT_EQ(port, 7);
}

// Spec: decisions 8.2/5
TEST(FacadeCallsTest, StatsFillWhatTheCallerKnows) {
  HP_Stats all;
  all.connections = 5;
  all.evicted_sessions = 9;

  HP_Stats same;
  EXPECT_TRUE(CopyStats(all, same));
  EXPECT_EQ(same.size, sizeof(HP_Stats));
  EXPECT_EQ(same.connections, 5u);
  EXPECT_EQ(same.evicted_sessions, 9u);

  HP_Stats older;
  older.size = sizeof(HP_Stats) - sizeof(uint64_t);
  older.evicted_sessions = 77;
  EXPECT_TRUE(CopyStats(all, older));
  EXPECT_EQ(older.size, sizeof(HP_Stats) - sizeof(uint64_t));
  EXPECT_EQ(older.connections, 5u);
  EXPECT_EQ(older.evicted_sessions, 77u);

  struct {
    HP_Stats known;
    uint64_t future = 77;
  } newer;
  newer.known.size = sizeof(newer);
  EXPECT_TRUE(CopyStats(all, newer.known));
  EXPECT_EQ(newer.known.size, sizeof(HP_Stats));
  EXPECT_EQ(newer.future, 77u);

  HP_Stats unset;
  unset.size = 0;
  EXPECT_FALSE(CopyStats(all, unset));
  EXPECT_EQ(unset.connections, 0u);
}

TEST(FacadeCallsTest, LengthIsCutToAnInt) {
  EXPECT_EQ(ClampToInt(0), 0);
  EXPECT_EQ(ClampToInt(INT_MAX), INT_MAX);
  EXPECT_EQ(ClampToInt(uint64_t{1} << 40), INT_MAX);
}

}  // namespace
}  // namespace hpsocket::core
