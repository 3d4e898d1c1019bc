#include "hpsocket/core/stream/close_protocol.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <thread>
#include <vector>

namespace hpsocket::core {
namespace {

TEST(CloseProtocolTest, TheFirstClaimFixesTheCause) {
  CloseWord word(ConnectionState::kOpen);
  EXPECT_TRUE(word.Claim(CloseCause::Error(SO_RECEIVE, ECONNRESET)));
  EXPECT_FALSE(word.Claim(CloseCause::Local()));
  EXPECT_EQ(word.state(), ConnectionState::kClosing);
  EXPECT_EQ(word.cause().kind, CloseCause::Kind::kError);
  EXPECT_EQ(word.cause().operation, SO_RECEIVE);
  EXPECT_EQ(word.cause().error, ECONNRESET);
  EXPECT_TRUE(word.BeginReport());
  EXPECT_EQ(word.state(), ConnectionState::kReporting);
  EXPECT_TRUE(word.closing());
  word.EndReport();
  EXPECT_EQ(word.state(), ConnectionState::kReported);
  EXPECT_EQ(word.cause().error, ECONNRESET);
}

TEST(CloseProtocolTest, NothingIsReportedBeforeItIsClaimedNorTwice) {
  CloseWord word(ConnectionState::kOpen);
  EXPECT_FALSE(word.BeginReport());
  EXPECT_TRUE(word.Claim(CloseCause::Local()));
  EXPECT_TRUE(word.BeginReport());
  EXPECT_FALSE(word.BeginReport());
  word.EndReport();
  EXPECT_FALSE(word.BeginReport());
}

TEST(CloseProtocolTest, WhileOurDisconnectDrainsAnErrorIsItsEnd) {
  CloseWord word(ConnectionState::kOpen);
  EXPECT_TRUE(word.Move(ConnectionState::kOpen, ConnectionState::kDraining));
  EXPECT_TRUE(word.Claim(CloseCause::Error(SO_RECEIVE, ECONNRESET)));
  EXPECT_EQ(word.cause().kind, CloseCause::Kind::kLocal);
}

TEST(CloseProtocolTest, WhileOurDisconnectDrainsThePeersFinStaysThePeers) {
  CloseWord word(ConnectionState::kDraining);
  EXPECT_TRUE(word.Claim(CloseCause::Peer()));
  EXPECT_EQ(word.cause().kind, CloseCause::Kind::kPeer);
}

TEST(CloseProtocolTest, NothingMovesOutOfClosing) {
  CloseWord word(ConnectionState::kOpening);
  EXPECT_TRUE(word.Claim(CloseCause::Silent()));
  EXPECT_FALSE(word.Move(ConnectionState::kOpening, ConnectionState::kOpen));
  EXPECT_FALSE(word.Move(ConnectionState::kOpen, ConnectionState::kDraining));
  EXPECT_TRUE(word.closing());
}

TEST(CloseProtocolTest, OneOfManyThreadsClaimsAndOneReports) {
  for (int round = 0; round < 500; ++round) {
    CloseWord word(ConnectionState::kOpen);
    std::atomic<int> claims{0};
    std::atomic<int> reports{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
      threads.emplace_back([&] {
        if (word.Claim(CloseCause::Local())) claims.fetch_add(1);
        if (word.BeginReport()) reports.fetch_add(1);
      });
    }
    for (std::thread& thread : threads) thread.join();
    ASSERT_EQ(claims.load(), 1);
    ASSERT_EQ(reports.load(), 1);
  }
}

}  // namespace
}  // namespace hpsocket::core
