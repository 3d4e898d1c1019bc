#include "hpsocket/sdk/demos/common_pfm/datagram_exchange.h"

#include <memory>
#include <vector>

#include "gtest/gtest.h"

namespace hpsocket::demos {
namespace {

using Message = std::vector<uint8_t>;

constexpr uint32_t kLength = 100;
constexpr uint32_t kWindow = 4;

// Exchanges live on the heap here: GCC 12's AddressSanitizer does not align objects on the stack to cache
// lines.

class DatagramExchangeTest : public testing::Test {
 protected:
  Message Next() {
    const uint8_t* const message = exchange_.Next();
    return Message(message, message + kLength);
  }
  void Arrives(const Message& message) {
    exchange_.HandleReceive(message.data(), static_cast<int>(message.size()));
  }

  Shared shared_{kLength, kWindow};
  DatagramExchange exchange_{3, shared_};
};

TEST_F(DatagramExchangeTest, SettlesWhenAllHasComeBack) {
  const Message first = Next();
  const Message second = Next();
  EXPECT_NE(first, second);
  Arrives(first);
  exchange_.HandleSend(kLength);
  exchange_.HandleSend(kLength);
  EXPECT_FALSE(exchange_.settled());
  Arrives(second);
  EXPECT_TRUE(exchange_.settled());
  EXPECT_EQ(exchange_.returned_messages(), 2u);
  EXPECT_EQ(exchange_.strays(), 0u);
  EXPECT_EQ(shared_.latencies.count(), 2u);
}

TEST_F(DatagramExchangeTest, LossLeavesRoomForWhatComesAfter) {
  std::vector<Message> messages;
  for (uint32_t i = 0; i < kWindow; ++i) messages.push_back(Next());
  EXPECT_FALSE(exchange_.room());
  Arrives(messages[1]);  // message 0 is lost, or late
  EXPECT_TRUE(exchange_.room());
  EXPECT_EQ(exchange_.received_bytes(), kLength);
  Arrives(messages[0]);  // it was late
  EXPECT_EQ(exchange_.received_bytes(), 2 * kLength);
  EXPECT_EQ(exchange_.strays(), 0u);
}

TEST_F(DatagramExchangeTest, GivingUpMakesRoomAgain) {
  for (uint32_t i = 0; i < kWindow; ++i) Next();
  EXPECT_FALSE(exchange_.room());
  exchange_.GiveUp();
  EXPECT_TRUE(exchange_.room());
}

TEST_F(DatagramExchangeTest, WhatComesTwiceOrTooLateIsNotCounted) {
  const Message first = Next();
  Arrives(first);
  Arrives(first);
  EXPECT_EQ(exchange_.received_bytes(), kLength);
  EXPECT_EQ(exchange_.strays(), 1u);
  const Message late = Next();
  exchange_.GiveUp();
  for (uint32_t i = 0; i < kWindow; ++i) Next();  // its slot is needed again
  Arrives(late);
  EXPECT_EQ(exchange_.received_bytes(), kLength);
  EXPECT_EQ(exchange_.strays(), 2u);
  EXPECT_EQ(exchange_.first_wrong(), Exchange::kNoError);
}

TEST_F(DatagramExchangeTest, EveryChangeIsSeen) {
  const Message message = Next();
  for (const size_t place : {size_t{0}, size_t{8}, size_t{kLength - 1}}) {
    SCOPED_TRACE(place);
    const auto exchange = std::make_unique<DatagramExchange>(3, shared_);
    exchange->Next();
    Message changed = message;
    changed[place] ^= 0x80;
    exchange->HandleReceive(changed.data(), kLength);
    EXPECT_NE(exchange->first_wrong(), Exchange::kNoError);
    EXPECT_EQ(exchange->received_bytes(), 0u);
  }
  for (const size_t length : {size_t{0}, size_t{7}, size_t{kLength - 1}, size_t{kLength + 1}}) {
    SCOPED_TRACE(length);
    const auto exchange = std::make_unique<DatagramExchange>(3, shared_);
    exchange->Next();
    Message changed = message;
    changed.resize(length);
    exchange->HandleReceive(changed.data(), static_cast<int>(length));
    EXPECT_NE(exchange->first_wrong(), Exchange::kNoError);
  }
}

TEST_F(DatagramExchangeTest, AnotherSessionsDatagramIsWrong) {
  const auto other = std::make_unique<DatagramExchange>(4, shared_);
  Next();
  const uint8_t* const message = other->Next();
  Arrives(Message(message, message + kLength));
  EXPECT_NE(exchange_.first_wrong(), Exchange::kNoError);
}

TEST(ShortDatagramExchangeTest, IsTakenForTheNext) {
  Shared shared(1, kWindow);
  const auto exchange = std::make_unique<DatagramExchange>(0, shared);
  const uint8_t byte = *exchange->Next();
  EXPECT_EQ(*exchange->Next(), byte);
  exchange->HandleReceive(&byte, 1);
  exchange->HandleReceive(&byte, 1);
  EXPECT_EQ(exchange->returned_messages(), 2u);
  exchange->HandleReceive(&byte, 1);
  EXPECT_EQ(exchange->strays(), 1u);
  const uint8_t wrong = static_cast<uint8_t>(~byte);
  exchange->Next();
  exchange->HandleReceive(&wrong, 1);
  EXPECT_EQ(exchange->returned_messages(), 2u);
  EXPECT_NE(exchange->first_wrong(), Exchange::kNoError);
}

}  // namespace
}  // namespace hpsocket::demos
