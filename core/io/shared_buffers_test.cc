#include "hpsocket/core/io/shared_buffers.h"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "hpsocket/core/memory/poison.h"

namespace hpsocket::core {
namespace {

constexpr uint32_t kSize = 64 * 1024;

TEST(SharedBuffersTest, HasNoMemoryBeforeItIsUsed) {
  SharedBuffers buffers(kSize, 4);
  EXPECT_EQ(buffers.bytes(), 0u);
  EXPECT_TRUE(buffers.available());
}

TEST(SharedBuffersTest, UsesOneBufferAgainAndAgain) {
  SharedBuffers buffers(kSize, 4);
  const uint8_t* data = nullptr;
  for (int i = 0; i < 5; ++i) {
    ReceiveBuffer* const buffer = buffers.Take();
    ASSERT_NE(buffer, nullptr);
    EXPECT_EQ(buffer->capacity(), kSize);
    EXPECT_TRUE(data == nullptr || data == buffer->data());
    data = buffer->data();
    std::memset(buffer->data(), i, buffer->capacity());
    buffer->EndDelivery();
  }
  EXPECT_EQ(buffers.bytes(), kSize);
}

TEST(SharedBuffersTest, TakesAnotherOneWhileALeaseIsOut) {
  SharedBuffers buffers(kSize, 4);
  ReceiveBuffer* const leased = buffers.Take();
  leased->AddLease();
  leased->EndDelivery();
  EXPECT_EQ(buffers.leased(), 1u);
  ReceiveBuffer* const other = buffers.Take();
  EXPECT_NE(other, leased);
  other->EndDelivery();
  leased->DropLease();
  EXPECT_EQ(buffers.leased(), 0u);
  ReceiveBuffer* const hottest = buffers.Take();
  EXPECT_EQ(hottest, leased);  // it came home last
  hottest->EndDelivery();
}

TEST(SharedBuffersTest, LetsHalfOfTheBuffersBeLeased) {
  SharedBuffers buffers(kSize, 4);
  std::vector<ReceiveBuffer*> leased;
  while (buffers.may_lease()) {
    leased.push_back(buffers.Take());
    leased.back()->AddLease();
    leased.back()->EndDelivery();
  }
  EXPECT_EQ(leased.size(), 2u);
  leased[0]->DropLease();
  EXPECT_TRUE(buffers.may_lease());
  leased[1]->DropLease();
}

TEST(SharedBuffersTest, SeveralLeasesOfOneBufferCountOnce) {
  SharedBuffers buffers(kSize, 4);
  ReceiveBuffer* const buffer = buffers.Take();
  buffer->AddLease();
  buffer->AddLease();
  buffer->EndDelivery();
  EXPECT_EQ(buffers.leased(), 1u);
  buffer->DropLease();
  EXPECT_EQ(buffers.leased(), 1u);
  buffer->DropLease();
  EXPECT_EQ(buffers.leased(), 0u);
}

TEST(SharedBuffersTest, SaysWhenAllAreAway) {
  SharedBuffers buffers(kSize, 3);
  std::vector<ReceiveBuffer*> away;
  while (buffers.available()) away.push_back(buffers.Take());
  EXPECT_EQ(away.size(), 3u);
  EXPECT_EQ(buffers.Take(), nullptr);
  for (ReceiveBuffer* const buffer : away) buffer->EndDelivery();
  EXPECT_TRUE(buffers.available());
  EXPECT_EQ(buffers.bytes(), 3u * kSize);
}

TEST(SharedBuffersTest, PreparesWhatItIsGoingToGive) {
  SharedBuffers buffers(kSize, 2);
  EXPECT_TRUE(buffers.Prepare());
  EXPECT_TRUE(buffers.Prepare());
  EXPECT_EQ(buffers.bytes(), kSize);
  ReceiveBuffer* const first = buffers.Take();
  EXPECT_EQ(buffers.bytes(), kSize);
  ReceiveBuffer* const second = buffers.Take();
  EXPECT_FALSE(buffers.Prepare());
  first->EndDelivery();
  second->EndDelivery();
}

TEST(SharedBuffersTest, HasTwoBuffersAtLeast) {
  SharedBuffers buffers(kSize, 0);
  EXPECT_TRUE(buffers.may_lease());
  ReceiveBuffer* const first = buffers.Take();
  ReceiveBuffer* const second = buffers.Take();
  EXPECT_NE(second, nullptr);
  EXPECT_EQ(buffers.Take(), nullptr);
  first->EndDelivery();
  second->EndDelivery();
}

TEST(SharedBuffersTest, ABufferAtHomeIsPoisoned) {
  if (!kPoisons) GTEST_SKIP() << "not built with AddressSanitizer";
  SharedBuffers buffers(kSize, 2);
  ReceiveBuffer* const buffer = buffers.Take();
  EXPECT_FALSE(IsPoisoned(buffer->data()));
  buffer->EndDelivery();
  EXPECT_TRUE(IsPoisoned(buffer->data()));
  EXPECT_TRUE(IsPoisoned(buffer->data() + kSize - 1));
}

}  // namespace
}  // namespace hpsocket::core
