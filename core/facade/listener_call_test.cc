#include "hpsocket/core/facade/listener_call.h"

#include <stdexcept>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace hpsocket::core {
namespace {

class ManualClock : public Clock {
 public:
  TimePoint Now() const override { return now; }
  TimePoint now{};
};

// As much of an engine as a listener's call needs.
class Engine {
 public:
  struct Settings {
    uint32_t slow_callback_time = 0;
  };
  uint32_t slow_callback_time() const { return settings.slow_callback_time; }
  Engine& world() { return *this; }
  const Clock& clock() const { return manual; }
  void CountException() { ++exceptions; }
  void ReportSlowCallback(const char* name, Duration took) {
    slow.push_back(took);
    slowest = name;
  }
  void DieIfForked() { ++fork_checks; }

  Settings settings;
  ManualClock manual;
  int exceptions = 0;
  std::vector<Duration> slow;
  std::string slowest;
  int fork_checks = 0;
};

TEST(ListenerCallTest, ResultIsPassedOn) {
  Engine engine;
  EXPECT_EQ(CallListener(engine, "OnReceive", [] { return HR_OK; }), HR_OK);
  EXPECT_EQ(CallListener(engine, "OnReceive", [] { return HR_ERROR; }), HR_ERROR);
  EXPECT_EQ(engine.exceptions, 0);
}

// Spec: decisions 2.8
TEST(ListenerCallTest, ExceptionIsContainedAndCounted) {
  Engine engine;
  EXPECT_EQ(
      CallListener(engine, "OnReceive", []() -> EnHandleResult { throw std::runtime_error("application"); }),
      HR_ERROR);
  EXPECT_EQ(CallListener(engine, "OnReceive", []() -> EnHandleResult { throw 42; }), HR_ERROR);
  engine.settings.slow_callback_time = 1;
  EXPECT_EQ(CallListener(engine, "OnReceive", []() -> EnHandleResult { throw 42; }), HR_ERROR);
  EXPECT_EQ(engine.exceptions, 3);
  EXPECT_EQ(engine.fork_checks, 3);
}

// Spec: decisions 8.2/9, fault 17
TEST(ListenerCallTest, SlowCallsAreReportedWhenAsked) {
  Engine engine;
  const auto take = [&engine](int ms) {
    return CallListener(engine, "OnReceive", [&] {
      engine.manual.now += FromMillis(ms);
      return HR_OK;
    });
  };
  take(1000);
  EXPECT_TRUE(engine.slow.empty());
  engine.settings.slow_callback_time = 10;
  take(10);
  EXPECT_TRUE(engine.slow.empty());
  take(11);
  ASSERT_EQ(engine.slow.size(), 1u);
  EXPECT_EQ(engine.slow[0], FromMillis(11));
  EXPECT_EQ(engine.slowest, "OnReceive");
}

}  // namespace
}  // namespace hpsocket::core
