#include "hpsocket/core/net/datagrams.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace hpsocket::core
