// One scripted conversation of two UDP casts, again and again, each time with the next call that can fail
// failing.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "hpsocket/cast/udp_cast.h"
#include "hpsocket/core/io/fake_world.h"

namespace hpsocket {
namespace {

using core::FakeWorld;
using core::FakeWorldOptions;

constexpr char kGroup[] = "233.0.0.1";
constexpr uint16_t kPort = 4000;

class Listener final : public CUdpCastListener {
 public:
  using CUdpCastListener::OnReceive;

  EnHandleResult OnReceive(IClient*, const uint8_t* data, int length) override {
    EXPECT_EQ(ended, 0) << "an event after the last one";
    received.emplace_back(reinterpret_cast<const char*>(data), static_cast<size_t>(length));
    return HR_OK;
  }
  EnHandleResult OnClose(IClient*) override {
    ++ended;
    return HR_OK;
  }
  EnHandleResult OnError(IClient* client, EnSocketOperation, int) override { return OnClose(client); }

  std::vector<std::string> received;
  int ended = 0;
};

class Member {
 public:
  explicit Member(EnCastMode mode) : cast_(&listener_) {
    cast_.SetCastMode(mode);
    cast_.SetReuseAddress(true);
    cast_.SetBindAdddress("127.0.0.1");
    cast_.SetMultiCastLoop(true);
  }

  bool Start() {
    started_ = cast_.Start(kGroup, kPort);
    if (!started_) {
      EXPECT_NE(cast_.GetLastError(), SE_OK);
      EXPECT_STRNE(cast_.GetLastErrorDetail(), "");
    }
    return started_;
  }
  void Say(const std::string& text) {
    if (started_) cast_.Send(reinterpret_cast<const uint8_t*>(text.data()), static_cast<int>(text.size()));
  }
  void Stop() {
    if (cast_.HasStarted()) {
      EXPECT_TRUE(cast_.Stop());
    }
    EXPECT_TRUE(cast_.Wait());
    EXPECT_EQ(cast_.GetState(), SS_STOPPED);
    EXPECT_EQ(listener_.ended, started_ ? 1 : 0);
  }
  CUdpCast& cast() { return cast_; }
  const std::vector<std::string>& received() const { return listener_.received; }

 private:
  Listener listener_;
  CUdpCast cast_;
  bool started_ = false;
};

class CastFailingCallsSimulatedTest : public ::testing::TestWithParam<EnCastMode> {
 protected:
  // What came of it.
  struct Outcome {
    bool both = false;
    uint64_t calls = 0;
  };

  static Outcome Run(uint64_t failing) {
    FakeWorld world(FakeWorldOptions::Calm(7));
    core::World::ReplaceForTest(&world);
    Outcome outcome;
    {
      Member first(GetParam());
      Member second(GetParam());
      EXPECT_TRUE(first.cast().JoinSource("127.0.0.1"));
      if (failing > 0) world.FailCall(failing);
      const bool one = first.Start();
      outcome.both = second.Start() && one;
      first.Say("hello");
      world.RunFor(core::FromMillis(20));
      second.Say("and welcome");
      world.RunFor(core::FromMillis(20));
      first.Stop();
      second.Stop();
      outcome.calls = world.calls();
      EXPECT_TRUE(failing == 0 || world.faults().failures() == 1);
      if (failing == 0) {
        const std::vector<std::string> all = {"hello", "and welcome"};
        EXPECT_EQ(first.received(), all);
        EXPECT_EQ(second.received(), all);
      }
      EXPECT_EQ(world.open_descriptors(), 0u);
    }
    core::World::ReplaceForTest(nullptr);
    return outcome;
  }
};
INSTANTIATE_TEST_SUITE_P(Modes, CastFailingCallsSimulatedTest, ::testing::Values(CM_MULTICAST, CM_BROADCAST));

// Spec: fault 9
TEST_P(CastFailingCallsSimulatedTest, SurvivesTheFailureOfEveryFallibleCall) {
  const Outcome well = Run(0);
  ASSERT_TRUE(well.both);
  ASSERT_GT(well.calls, 20u);
  uint64_t failed_starts = 0;
  for (uint64_t n = 1; n <= well.calls; ++n) {
    SCOPED_TRACE("call " + std::to_string(n) + " fails");
    if (!Run(n).both) ++failed_starts;
    if (HasFailure()) return;
  }
  EXPECT_GT(failed_starts, 10u);
}

}  // namespace
}  // namespace hpsocket
