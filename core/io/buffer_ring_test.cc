#include "hpsocket/core/io/buffer_ring.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/io/uring_required.h"
#include "hpsocket/core/io/uring_ring.h"
#include "hpsocket/core/memory/poison.h"

namespace hpsocket::core {
namespace {

class BufferRingTest : public UringRequired {
 protected:
  void SetUp() override {
    UringRequired::SetUp();
    if (IsSkipped()) return;
    std::string why;
    ASSERT_EQ(ring_.Open({}, &why), 0) << why;
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds_), 0);
  }
  ~BufferRingTest() override {
    close(fds_[0]);
    close(fds_[1]);
  }

  // One byte through a buffer of the kernel's choice; null when it has none.
  ReceiveBuffer* ReceiveOne(BufferRing& group) {
    EXPECT_EQ(send(fds_[1], "x", 1, 0), 1);
    io_uring_sqe& request = ring_.NextRequest();
    request.opcode = IORING_OP_RECV;
    request.flags = IOSQE_BUFFER_SELECT;
    request.fd = fds_[0];
    request.len = group.size();
    request.buf_group = group.group();
    ring_.Wait(Clock::System().Now() + std::chrono::seconds(60));
    ReceiveBuffer* buffer = nullptr;
    ring_.TakeCompletions([&](uint64_t, int result, unsigned flags) {
      if (result == 1) {
        buffer = group.Take(flags >> IORING_CQE_BUFFER_SHIFT, 1);
      } else {
        EXPECT_EQ(result, -ENOBUFS);
      }
    });
    if (buffer == nullptr) {
      char byte;
      EXPECT_EQ(recv(fds_[0], &byte, 1, MSG_DONTWAIT), 1);
    }
    return buffer;
  }

  UringRing ring_;
  int fds_[2] = {-1, -1};
};

TEST_F(BufferRingTest, GivesBackEveryBuffer) {
  BufferRing group(3, 64, 6);  // no power of two
  ASSERT_EQ(group.Open(ring_.raw()), 0);
  group.Publish();
  for (int round = 0; round < 50; ++round) {
    std::vector<ReceiveBuffer*> taken;
    std::set<uint32_t> ids;
    while (ReceiveBuffer* buffer = ReceiveOne(group)) {
      buffer->BeginDelivery();
      EXPECT_EQ(*buffer->data(), 'x');
      EXPECT_TRUE(ids.insert(buffer->id()).second);
      taken.push_back(buffer);
    }
    ASSERT_EQ(taken.size(), 6u);
    EXPECT_EQ(group.stock(), 0u);
    EXPECT_FALSE(group.complete());
    for (ReceiveBuffer* buffer : taken) buffer->EndDelivery();
    EXPECT_TRUE(group.complete());
    group.Publish();
    EXPECT_EQ(group.stock(), 6u);
  }
}

TEST_F(BufferRingTest, TheStockFollowsTheDemand) {
  BufferRing group(0, 64, 1000);
  ASSERT_EQ(group.Open(ring_.raw()), 0);
  EXPECT_EQ(group.bytes(), 0u);
  group.Publish();
  EXPECT_EQ(group.stock(), BufferRing::kFirstStock);
  EXPECT_EQ(group.bytes(), 64u * BufferRing::kFirstStock);
  group.Publish();
  EXPECT_EQ(group.stock(), BufferRing::kFirstStock) << "without demand it stays";

  std::vector<ReceiveBuffer*> taken;
  for (uint32_t i = 0; i <= BufferRing::kFirstStock / 2; ++i) taken.push_back(ReceiveOne(group));
  group.Publish();
  EXPECT_EQ(group.stock(), 2 * BufferRing::kFirstStock);
  group.ReportShortage();
  group.Publish();
  EXPECT_EQ(group.stock(), 4 * BufferRing::kFirstStock);
  for (int i = 0; i < 5; ++i) {
    group.ReportShortage();
    group.Publish();
  }
  EXPECT_EQ(group.stock(), 1000 - taken.size()) << "all there are";
  for (ReceiveBuffer* buffer : taken) {
    buffer->BeginDelivery();
    buffer->EndDelivery();
  }
  EXPECT_TRUE(group.complete());
}

TEST_F(BufferRingTest, LeasesHoldAtMostHalfOfTheBuffers) {
  BufferRing group(0, 64, 8);
  ASSERT_EQ(group.Open(ring_.raw()), 0);
  group.Publish();
  std::vector<ReceiveBuffer*> leased;
  while (group.may_lease()) {
    ReceiveBuffer* buffer = ReceiveOne(group);
    ASSERT_NE(buffer, nullptr);
    buffer->BeginDelivery();
    buffer->AddLease();
    buffer->EndDelivery();
    leased.push_back(buffer);
  }
  EXPECT_EQ(leased.size(), 4u);
  for (ReceiveBuffer* buffer : leased) {
    EXPECT_EQ(*buffer->data(), 'x');
    buffer->DropLease();
  }
  EXPECT_TRUE(group.complete());
  EXPECT_TRUE(group.may_lease());
}

TEST_F(BufferRingTest, ABufferIsNobodysWhileTheKernelHasIt) {
  BufferRing group(0, 64, 2);
  ASSERT_EQ(group.Open(ring_.raw()), 0);
  group.Publish();
  ReceiveBuffer* buffer = ReceiveOne(group);
  ASSERT_NE(buffer, nullptr);
  EXPECT_FALSE(IsPoisoned(buffer->data()));
  buffer->BeginDelivery();
  buffer->EndDelivery();
  EXPECT_EQ(IsPoisoned(buffer->data()), kPoisons);
  group.Publish();
  EXPECT_EQ(IsPoisoned(buffer->data()), kPoisons);
}

TEST_F(BufferRingTest, AGroupThatExistsIsRefused) {
  BufferRing first(0, 64, 2);
  BufferRing second(0, 64, 2);
  ASSERT_EQ(first.Open(ring_.raw()), 0);
  EXPECT_EQ(second.Open(ring_.raw()), -EEXIST);
}

}  // namespace
}  // namespace hpsocket::core
