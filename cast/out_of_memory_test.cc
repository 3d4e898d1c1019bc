// What a cast does when operator new fails, whichever of its calls it is.
#include <cerrno>

#include "gtest/gtest.h"
#include "hpsocket/cast/udp_cast.h"
#include "hpsocket/core/memory/new_faults.h"

namespace hpsocket {
namespace {

using core::FailEachNew;
using core::NewFault;

class QuietListener final : public CUdpCastListener {
 public:
  using CUdpCastListener::OnReceive;

  EnHandleResult OnReceive(IClient*, const uint8_t*, int) override { return HR_OK; }
  EnHandleResult OnClose(IClient*) override {
    ++ended;
    return HR_OK;
  }
  EnHandleResult OnError(IClient*, EnSocketOperation, int) override {
    ++ended;
    return HR_OK;
  }

  int ended = 0;  // on the caller of Stop
};

constexpr char kGroup[] = "239.255.0.77";
constexpr char kSource[] = "127.0.0.1";
constexpr uint16_t kPort = 40077;

class CastOutOfMemoryTest : public ::testing::TestWithParam<EnIoBackend> {};
INSTANTIATE_TEST_SUITE_P(Ports, CastOutOfMemoryTest, ::testing::Values(IO_URING, IO_EPOLL));

// Spec: decisions 2.5, decisions 2.8
TEST_P(CastOutOfMemoryTest, FailsWithAWordOrJoinsAndStopsEitherWay) {
  QuietListener probe_listener;
  CUdpCast probe(&probe_listener);
  probe.SetIoBackend(GetParam());
  probe.SetBindAdddress("127.0.0.1");
  if (!probe.Start(kGroup, kPort, false)) GTEST_SKIP() << probe.GetLastErrorDetail();
  ASSERT_TRUE(probe.Stop());
  FailEachNew([](NewFault& fault) {
    QuietListener listener;
    CUdpCast cast(&listener);
    cast.SetIoBackend(GetParam());
    cast.SetBindAdddress("127.0.0.1");
    fault.Begin();
    errno = 0;
    const bool named = cast.JoinSource(kSource);
    int error = named ? 0 : errno;
    const bool started = cast.Start(kGroup, kPort, false);
    if (!started) error = errno;
    const bool stopped = started && cast.Stop();
    fault.End();
    EXPECT_EQ(stopped, started);
    EXPECT_EQ(cast.GetState(), SS_STOPPED);
    EXPECT_EQ(listener.ended, started ? 1 : 0);
    EXPECT_EQ(error, named && started ? 0 : ENOMEM);
    EXPECT_TRUE((named && started) || fault.failed());
    ASSERT_TRUE(cast.Start(kGroup, kPort, false)) << "afterwards";
    EXPECT_TRUE(cast.Stop());
    EXPECT_FALSE(cast.Send(nullptr, -1));  // leaves words of its own to GetLastErrorDetail()
  });
}

// A setting stays as it was where there is no memory for the new one.
// Spec: decisions 2.8
TEST(CastSettingsTest, StayAsTheyAreWithoutMemory) {
  QuietListener listener;
  CUdpCast cast(&listener);
  constexpr char kLong[] = "fe80:0000:0000:0000:0000:0000:0000:0001%lo";
  NewFault fault(0);
  fault.Begin();
  errno = 0;
  cast.SetBindAdddress(kLong);
  EXPECT_EQ(errno, ENOMEM);
  EXPECT_TRUE(fault.End());
  EXPECT_STREQ(cast.GetBindAdddress(), "0.0.0.0");
  cast.SetBindAdddress(kLong);
  EXPECT_STREQ(cast.GetBindAdddress(), kLong);
}

// Spec: decisions 2.8
TEST(CastSettingsTest, AreToldWithoutMemory) {
  QuietListener listener;
  CUdpCast cast(&listener);
  cast.SetBindAdddress("fe80:0000:0000:0000:0000:0000:0000:0001%lo");
  ASSERT_TRUE(cast.JoinSource("127.0.0.1"));
  ASSERT_TRUE(cast.JoinSource("127.0.0.2"));
  cast.SetMultiCastTtl(7);
  NewFault fault(0);
  fault.Begin();
  EXPECT_NO_THROW({
    EXPECT_EQ(cast.GetMultiCastTtl(), 7);
    EXPECT_EQ(cast.GetMaxDatagramSize(), 1472u);
    EXPECT_EQ(cast.GetGracefulTimeout(), 10000u);
    EXPECT_EQ(cast.GetCastMode(), CM_MULTICAST);
  });
  EXPECT_FALSE(fault.End()) << "none is needed";
}

}  // namespace
}  // namespace hpsocket
