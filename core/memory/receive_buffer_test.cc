#include "hpsocket/core/memory/receive_buffer.h"

#include <vector>

#include "gtest/gtest.h"

namespace hpsocket::core {
namespace {

class Home final : public BufferHome {
 public:
  explicit Home(size_t lease_limit) : BufferHome(lease_limit) {}
  void Recycle(ReceiveBuffer* buffer) override { recycled.push_back(buffer->id()); }
  std::vector<uint32_t> recycled;
};

class ReceiveBufferTest : public testing::Test {
 protected:
  ReceiveBufferTest() {
    for (uint32_t i = 0; i < 3; ++i) buffers_[i].Init(&home_, bytes_ + 8 * i, 8, i);
  }

  Home home_{2};
  uint8_t bytes_[24] = {};
  ReceiveBuffer buffers_[3];
};

TEST_F(ReceiveBufferTest, GoesHomeAfterDelivery) {
  buffers_[1].BeginDelivery();
  EXPECT_TRUE(home_.recycled.empty());
  buffers_[1].EndDelivery();
  EXPECT_EQ(home_.recycled, std::vector<uint32_t>{1});
  EXPECT_EQ(buffers_[1].references(), 0u);
}

TEST_F(ReceiveBufferTest, GoesHomeAfterItsLastLease) {
  buffers_[0].BeginDelivery();
  buffers_[0].AddLease();
  buffers_[0].AddLease();
  buffers_[0].EndDelivery();
  EXPECT_TRUE(buffers_[0].leased());
  EXPECT_EQ(home_.leased(), 1u);
  buffers_[0].DropLease();
  EXPECT_TRUE(home_.recycled.empty());
  buffers_[0].DropLease();
  EXPECT_EQ(home_.recycled, std::vector<uint32_t>{0});
  EXPECT_EQ(home_.leased(), 0u);
}

TEST_F(ReceiveBufferTest, LeasesEndAtTheLimitOfBuffers) {
  for (uint32_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(home_.may_lease());
    buffers_[i].BeginDelivery();
    buffers_[i].AddLease();
    buffers_[i].EndDelivery();
  }
  EXPECT_FALSE(home_.may_lease());
  buffers_[0].DropLease();
  EXPECT_TRUE(home_.may_lease());
  buffers_[1].DropLease();
}

TEST_F(ReceiveBufferTest, KnowsItsOwnBytes) {
  EXPECT_TRUE(buffers_[1].Contains(bytes_ + 8, 8));
  EXPECT_TRUE(buffers_[1].Contains(bytes_ + 15, 1));
  EXPECT_FALSE(buffers_[1].Contains(bytes_ + 15, 2));
  EXPECT_FALSE(buffers_[1].Contains(bytes_ + 7, 1));
  EXPECT_FALSE(buffers_[1].Contains(bytes_ + 16, 0));
}

}  // namespace
}  // namespace hpsocket::core
