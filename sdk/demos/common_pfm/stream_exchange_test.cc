#include "hpsocket/sdk/demos/common_pfm/stream_exchange.h"

#include <memory>
#include <vector>

#include "gtest/gtest.h"

namespace hpsocket::demos {
namespace {

constexpr uint32_t kLength = 100;
constexpr uint32_t kWindow = 2;
constexpr size_t kIndex = 3;

class StreamExchangeTest : public testing::Test {
 protected:
  // The bytes that belong at `position`.
  void Arrive(uint64_t position, int length) {
    exchange_->HandleReceive(shared_.pattern.At(kIndex, position), length);
  }

  Shared shared_{kLength, kWindow};
  // On the heap: GCC 12's AddressSanitizer does not align objects on the stack to cache lines.
  std::unique_ptr<StreamExchange> exchange_ = std::make_unique<StreamExchange>(kIndex, shared_);
};

TEST_F(StreamExchangeTest, HasRoomForAsManyAsTheWindowHas) {
  exchange_->Next();
  EXPECT_TRUE(exchange_->room());
  exchange_->Next();
  EXPECT_FALSE(exchange_->room());
  Arrive(0, kLength - 1);
  EXPECT_FALSE(exchange_->room());
  Arrive(kLength - 1, 1);
  EXPECT_TRUE(exchange_->room());
}

TEST_F(StreamExchangeTest, SettlesWhenAllHasComeBack) {
  exchange_->Next();
  exchange_->HandleSend(kLength);
  EXPECT_FALSE(exchange_->settled());
  Arrive(0, kLength);
  EXPECT_TRUE(exchange_->settled());
  EXPECT_FALSE(exchange_->astray());
}

TEST_F(StreamExchangeTest, MoreThanWasSentIsAstrayAndLeavesRoom) {
  exchange_->Next();
  Arrive(0, kLength);
  Arrive(kLength, kLength);
  EXPECT_TRUE(exchange_->astray());
  EXPECT_TRUE(exchange_->room());
  EXPECT_EQ(exchange_->first_wrong(), Exchange::kNoError);
}

TEST_F(StreamExchangeTest, OtherBytesAreAstray) {
  exchange_->Next();
  Arrive(0, 10);
  EXPECT_FALSE(exchange_->astray());
  Arrive(11, 10);
  EXPECT_TRUE(exchange_->astray());
  EXPECT_GE(exchange_->first_wrong(), 10u);
}

}  // namespace
}  // namespace hpsocket::demos
