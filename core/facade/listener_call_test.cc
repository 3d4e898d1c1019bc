#include "hpsocket/core/facade/listener_call.h"

#include <stdexcept>
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
  const Settings& running() const { return settings; }
  Engine& world() { return *this; }
  const Clock& clock() const { return manual; }
  void CountException() { ++exceptions; }
  void ReportSlowCallback(Duration took) { slow.push_back(took); }

  Settings settings;
  ManualClock manual;
  int exceptions = 0;
  std::vector<Duration> slow;
};

TEST(ListenerCallTest, ResultIsPassedOn) {
  Engine engine;
  EXPECT_EQ(CallListener(engine, [] { return HR_OK; }), HR_OK);
  EXPECT_EQ(CallListener(engine, [] { return HR_ERROR; }), HR_ERROR);
  EXPECT_EQ(engine.exceptions, 0);
}

// Spec: decisions 2.8
TEST(ListenerCallTest, ExceptionIsContainedAndCounted) {
  Engine engine;
  EXPECT_EQ(CallListener(engine, []() -> EnHandleResult { throw std::runtime_error("application"); }),
            HR_ERROR);
  EXPECT_EQ(CallListener(engine, []() -> EnHandleResult { throw 42; }), HR_ERROR);
  engine.settings.slow_callback_time = 1;
  EXPECT_EQ(CallListener(engine, []() -> EnHandleResult { throw 42; }), HR_ERROR);
  EXPECT_EQ(engine.exceptions, 3);
}

// Spec: decisions §8
TEST(ListenerCallTest, SlowCallsAreReportedWhenAsked) {
  Engine engine;
  const auto take = [&engine](int ms) {
    return CallListener(engine, [&] {
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
}

}  // namespace
}  // namespace hpsocket::core
