#include "hpsocket/core/net/receive_batch.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <vector>

#include "hpsocket/core/net/network.h"
#include "hpsocket/core/net/send_batch.h"

namespace hpsocket::core {
namespace {

using Slots = ReceiveBatch::Slots;

Address PeerNumber(uint16_t port) {
  Address peer;
  EXPECT_TRUE(Address::ParseLiteral("192.0.2.1", port, &peer));
  return peer;
}

const uint8_t* Bytes(const std::string& text) { return reinterpret_cast<const uint8_t*>(text.data()); }

// What stands in a slot: each datagram's bytes, with a "!" where some are missing.
std::vector<std::string> Datagrams(const ReceiveBatch& batch, uint32_t index) {
  std::vector<std::string> found;
  batch.ForEachDatagram(batch.at(index), [&found](const uint8_t* data, uint32_t length, bool oversize) {
    found.emplace_back(reinterpret_cast<const char*>(data), length);
    if (oversize) found.back() += "!";
  });
  return found;
}

class SlotTest : public ::testing::TestWithParam<Slots> {
 protected:
  void Put(uint32_t index, const std::string& data) { batch_.Put(index, peer_, Bytes(data), data.size()); }

  const Address peer_ = PeerNumber(1);
  ReceiveBatch batch_{20, 8, GetParam()};
};
std::string NameOfSlots(const ::testing::TestParamInfo<Slots>& info) {
  return info.param == Slots::kDatagram ? "Datagram" : "Message";
}
INSTANTIATE_TEST_SUITE_P(Of, SlotTest, ::testing::Values(Slots::kDatagram, Slots::kMessage), NameOfSlots);

TEST_P(SlotTest, HoldsADatagram) {
  Put(0, "datagram");
  Put(1, "");
  Put(2, "datagrams");
  EXPECT_EQ(Datagrams(batch_, 0), std::vector<std::string>({"datagram"}));
  EXPECT_EQ(Datagrams(batch_, 1), std::vector<std::string>({""}));
  EXPECT_EQ(Datagrams(batch_, 2), std::vector<std::string>({"datagram!"}));
  EXPECT_EQ(batch_.at(0).from, peer_);
}

TEST_P(SlotTest, OfOnePeerAndOneLengthAreARun) {
  for (uint32_t i = 0; i < 20; ++i) Put(i, "datagram");
  EXPECT_TRUE(batch_.IsRun(20));
  EXPECT_TRUE(batch_.IsRun(ReceiveBatch::kShortestRun));
  EXPECT_FALSE(batch_.IsRun(ReceiveBatch::kShortestRun - 1)) << "nothing would be gained";
  Put(19, "shorter");
  EXPECT_FALSE(batch_.IsRun(20));
  EXPECT_TRUE(batch_.IsRun(19));
  batch_.Put(1, PeerNumber(2), Bytes("datagram"), 8);
  EXPECT_FALSE(batch_.IsRun(19));
}

TEST_P(SlotTest, WithoutBytesAreNoRun) {
  for (uint32_t i = 0; i < 20; ++i) Put(i, "");
  EXPECT_FALSE(batch_.IsRun(20)) << "the kernel does not merge heartbeats";
}

class MessageTest : public ::testing::Test {
 protected:
  bool Append(const std::string& data) { return batch_.Append(0, peer_, Bytes(data), data.size()); }

  const Address peer_ = PeerNumber(1);
  ReceiveBatch batch_{1, 8, Slots::kMessage};
};

TEST_F(MessageTest, HoldsDatagramsOfOneLength) {
  batch_.Put(0, peer_, Bytes("one"), 3);
  EXPECT_TRUE(Append("two"));
  EXPECT_FALSE(Append("longer"));
  EXPECT_FALSE(Append(""));
  EXPECT_FALSE(batch_.Append(0, PeerNumber(2), Bytes("any"), 3));
  EXPECT_TRUE(Append("3"));
  EXPECT_FALSE(Append("4")) << "a shorter one is the last";
  EXPECT_EQ(Datagrams(batch_, 0), std::vector<std::string>({"one", "two", "3"}));
}

TEST_F(MessageTest, KeepsOfEachWhatMayBeKept) {
  batch_.Put(0, peer_, Bytes("datagrams"), 9);
  EXPECT_TRUE(Append("datagrams"));
  EXPECT_TRUE(Append("datagram"));
  EXPECT_EQ(Datagrams(batch_, 0), std::vector<std::string>({"datagram!", "datagram!", "datagram"}));
}

TEST_F(MessageTest, EndsWhereItsRoomDoes) {
  const std::string data(30'000, 'x');
  batch_.Put(0, peer_, Bytes(data), data.size());
  EXPECT_TRUE(Append(data));
  EXPECT_FALSE(Append(data));
  EXPECT_EQ(batch_.at(0).length, 60'000u);
}

// A sender and a receiver on loopback, whose kernel merges what the sender lets it segment.
class MergingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Address any;
    ASSERT_TRUE(Address::ParseLiteral("127.0.0.1", 0, &any));
    ASSERT_EQ(network_.Bind(receiver_, any), 0);
    ASSERT_EQ(network_.LocalAddress(receiver_, &address_), 0);
    ASSERT_EQ(network_.SetOption(receiver_, SOL_UDP, UDP_GRO, 1), 0);
  }
  void TearDown() override {
    network_.Close(receiver_);
    network_.Close(sender_);
  }

  void Send(const std::vector<std::string>& datagrams) {
    std::vector<OutgoingDatagram> outgoing;
    for (const std::string& datagram : datagrams)
      outgoing.push_back({&address_, Bytes(datagram), static_cast<uint32_t>(datagram.size())});
    const int count = static_cast<int>(outgoing.size());
    ASSERT_EQ(network_.SendDatagrams(sender_, outgoing.data(), count, batch_to_send_), count);
  }
  // How many slots were filled; their datagrams.
  int Receive(ReceiveBatch& batch, std::vector<std::string>* datagrams) {
    const int count = network_.ReceiveDatagrams(receiver_, batch);
    for (int i = 0; i < count; ++i) {
      for (const std::string& datagram : Datagrams(batch, static_cast<uint32_t>(i)))
        datagrams->push_back(datagram);
    }
    return count;
  }

  Network& network_ = Network::System();
  const int receiver_ = network_.OpenDatagram(AF_INET);
  const int sender_ = network_.OpenDatagram(AF_INET);
  Address address_;
  SendBatch batch_to_send_;
};

TEST_F(MergingTest, GivesEveryDatagramAsItWasSent) {
  std::vector<std::string> sent;
  for (int i = 0; i < 40; ++i) sent.emplace_back(1000, static_cast<char>('A' + i));
  sent.emplace_back(10, 'z');
  sent.emplace_back();
  sent.emplace_back(1200, '1');
  ReceiveBatch batch(16, 1100, Slots::kMessage);
  for (int round = 0; round < 3; ++round) {
    Send(sent);
    std::vector<std::string> received;
    EXPECT_EQ(Receive(batch, &received), 3) << "a run, an empty one, another";
    std::vector<std::string> expected = sent;
    expected.back() = std::string(1100, '1') + "!";
    EXPECT_EQ(received, expected);
  }
}

// The application has asked for more on the socket that it was shown.
TEST_F(MergingTest, StandsBesideWhatElseTheKernelTells) {
  const int on = 1;
  ASSERT_EQ(network_.SetOption(receiver_, SOL_SOCKET, SO_TIMESTAMPNS, on), 0);
  ASSERT_EQ(network_.SetOption(receiver_, SOL_SOCKET, SO_RXQ_OVFL, on), 0);
  ASSERT_EQ(network_.SetOption(receiver_, IPPROTO_IP, IP_PKTINFO, on), 0);
  ASSERT_EQ(network_.SetOption(receiver_, IPPROTO_IP, IP_RECVTTL, on), 0);
  ASSERT_EQ(network_.SetOption(receiver_, IPPROTO_IP, IP_RECVTOS, on), 0);
  const std::vector<std::string> sent(40, std::string(1000, 'x'));
  Send(sent);
  ReceiveBatch batch(16, 1472, Slots::kMessage);
  std::vector<std::string> received;
  EXPECT_EQ(Receive(batch, &received), 1);
  EXPECT_EQ(received, sent);
}

}  // namespace
}  // namespace hpsocket::core
