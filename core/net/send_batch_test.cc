#include "hpsocket/core/net/send_batch.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace hpsocket::core {
namespace {

Address PeerNumber(uint16_t port) {
  Address peer;
  EXPECT_TRUE(Address::ParseLiteral("192.0.2.1", port, &peer));
  return peer;
}

OutgoingDatagram To(const Address* peer, uint32_t length) { return {peer, nullptr, length}; }

TEST(SegmentRefusalsTest, ConcernOnePeerOnly) {
  SegmentRefusals refusals;
  const Address narrow = PeerNumber(1);
  const Address wide = PeerNumber(2);
  EXPECT_TRUE(refusals.Allows(To(&narrow, 1000)));
  refusals.NoteRefused(To(&narrow, 1000), false);
  EXPECT_FALSE(refusals.Allows(To(&narrow, 1000)));
  EXPECT_FALSE(refusals.Allows(To(&narrow, 1400)));
  EXPECT_TRUE(refusals.Allows(To(&narrow, 999))) << "what is shorter may pass";
  EXPECT_TRUE(refusals.Allows(To(&wide, 1000)));
  EXPECT_TRUE(refusals.Allows(To(nullptr, 1000)));
  refusals.NoteRefused(To(&narrow, 999), true);
  EXPECT_FALSE(refusals.Allows(To(&narrow, 1))) << "its device cannot segment";
  EXPECT_TRUE(refusals.Allows(To(&wide, 1000)));
}

TEST(SegmentRefusalsTest, ConcernAConnectedSocket) {
  SegmentRefusals refusals;
  const Address peer = PeerNumber(1);
  refusals.NoteRefused(To(nullptr, 1000), false);
  EXPECT_FALSE(refusals.Allows(To(nullptr, 1000)));
  EXPECT_TRUE(refusals.Allows(To(nullptr, 999)));
  EXPECT_TRUE(refusals.Allows(To(&peer, 1000)));
}

TEST(SegmentRefusalsTest, AreTriedAgainAfterAWhile) {
  SegmentRefusals refusals;
  const Address peer = PeerNumber(1);
  refusals.NoteRefused(To(&peer, 1000), false);
  for (uint32_t i = 1; i < SegmentRefusals::kPause; ++i) ASSERT_FALSE(refusals.Allows(To(&peer, 1000))) << i;
  EXPECT_TRUE(refusals.Allows(To(&peer, 1000)));
  EXPECT_TRUE(refusals.Allows(To(&peer, 1000))) << "it was not refused again";
}

TEST(SegmentRefusalsTest, RememberTheLatestPeers) {
  SegmentRefusals refusals;
  std::vector<Address> peers;
  for (uint16_t i = 0; i <= SegmentRefusals::kMostPeers; ++i)
    peers.push_back(PeerNumber(static_cast<uint16_t>(i + 1)));
  for (const Address& peer : peers) refusals.NoteRefused(To(&peer, 1000), false);
  EXPECT_TRUE(refusals.Allows(To(&peers[0], 1000)));
  for (size_t i = 1; i < peers.size(); ++i) EXPECT_FALSE(refusals.Allows(To(&peers[i], 1000))) << i;
}

TEST(SegmentRefusalsTest, OfEveryRunStopTheTryingForAWhile) {
  SegmentRefusals refusals;
  const Address last = PeerNumber(1000);
  const auto refuse = [&refusals](uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) {
      const Address peer = PeerNumber(static_cast<uint16_t>(i + 1));
      refusals.NoteRefused(To(&peer, 1000), true);
    }
  };
  refuse(SegmentRefusals::kMostInRow - 1);
  EXPECT_TRUE(refusals.Allows(To(&last, 1000)));
  refusals.NoteTaken();
  refuse(SegmentRefusals::kMostInRow - 1);
  EXPECT_TRUE(refusals.Allows(To(&last, 1000))) << "they were not in a row";
  refuse(1);
  for (uint32_t i = 0; i < SegmentRefusals::kPause; ++i) ASSERT_FALSE(refusals.Allows(To(&last, 1000))) << i;
  EXPECT_TRUE(refusals.Allows(To(&last, 1000)));
}

// A pair of connected sockets on loopback.
class SendBatchTest : public ::testing::Test {
 protected:
  void SetUp() override {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(name);
    auto* const plain = reinterpret_cast<sockaddr*>(&name);
    ASSERT_EQ(bind(receiver_, plain, length), 0);
    ASSERT_EQ(getsockname(receiver_, plain, &length), 0);
    ASSERT_EQ(connect(sender_, plain, length), 0);
    const int room = 1 << 20;  // the kernel gives less, but more than by default
    ASSERT_EQ(setsockopt(receiver_, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room)), 0);
  }
  void TearDown() override {
    close(receiver_);
    close(sender_);
  }

  // `count` datagrams of one length, each filled with its number.
  int Send(int count) {
    bytes_.clear();
    datagrams_.clear();
    for (int i = 0; i < count; ++i) bytes_.emplace_back(kLength, static_cast<uint8_t>(i));
    for (const auto& bytes : bytes_) datagrams_.push_back({nullptr, bytes.data(), kLength});
    return SendThese(datagrams_);
  }
  int SendThese(const std::vector<OutgoingDatagram>& datagrams) {
    return batch_.Send(sender_, datagrams.data(), static_cast<int>(datagrams.size()));
  }
  void ExpectArrivals(int count) {
    std::vector<uint8_t> got(2 * kLength);
    for (int i = 0; i < count; ++i) {
      ASSERT_EQ(recv(receiver_, got.data(), got.size(), MSG_DONTWAIT), kLength) << i;
      EXPECT_EQ(got[0], i);
      EXPECT_EQ(got[kLength - 1], i);
    }
    EXPECT_EQ(recv(receiver_, got.data(), got.size(), MSG_DONTWAIT), -1);
  }

  // On a socket without checksums the kernel cuts no message.
  void RefuseToCut() {
    const int on = 1;
    ASSERT_EQ(setsockopt(sender_, SOL_SOCKET, SO_NO_CHECK, &on, sizeof(on)), 0);
  }

  static constexpr int kLength = 1200;
  static constexpr int kWholeRun = 54;

 private:
  int receiver_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  int sender_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  std::vector<std::vector<uint8_t>> bytes_;
  std::vector<OutgoingDatagram> datagrams_;
  SendBatch batch_;
};

TEST_F(SendBatchTest, LeavesTheShortRunAtItsEndForTheNextWhenItIsFull) {
  static_assert(SendBatch::kMost > 2 * kWholeRun && SendBatch::kMost < 3 * kWholeRun);
  EXPECT_EQ(Send(SendBatch::kMost), 2 * kWholeRun) << "the rest may become a whole run";
  ExpectArrivals(2 * kWholeRun);
  constexpr int kLess = kWholeRun + 10;
  EXPECT_EQ(Send(kLess), kLess) << "nothing follows";
  ExpectArrivals(kLess);
}

// As one piece to the kernel, or as several.
TEST_F(SendBatchTest, SendsEachDatagramAsItIsWhereverItStands) {
  constexpr int kCount = 40;
  std::vector<uint8_t> row(kCount * kLength);
  for (int i = 0; i < kCount; ++i) std::memset(&row[size_t(i) * kLength], i, kLength);
  const std::vector<uint8_t> alone(kLength, 7);
  std::vector<OutgoingDatagram> datagrams;
  for (int i = 0; i < kCount; ++i) datagrams.push_back({nullptr, &row[size_t(i) * kLength], kLength});
  datagrams[7].data = alone.data();
  EXPECT_EQ(SendThese(datagrams), kCount);
  ExpectArrivals(kCount);
  RefuseToCut();
  EXPECT_EQ(SendThese(datagrams), kCount);
  ExpectArrivals(kCount);
}

// Spec: fault 28
TEST_F(SendBatchTest, SendsOneByOneWhatTheKernelDoesNotCut) {
  RefuseToCut();
  EXPECT_EQ(Send(kWholeRun + 10), kWholeRun) << "the run that was refused";
  ExpectArrivals(kWholeRun);
  EXPECT_EQ(Send(kWholeRun + 10), kWholeRun + 10) << "none is tried any more";
  ExpectArrivals(kWholeRun + 10);
}

}  // namespace
}  // namespace hpsocket::core
