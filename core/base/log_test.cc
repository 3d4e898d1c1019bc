#include "hpsocket/core/base/log.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace hpsocket::core {
namespace {

using Lines = std::vector<std::pair<int, std::string>>;

void Record(int level, const char* message, void* user) {
  static_cast<Lines*>(user)->emplace_back(level, message);
}

class LogTest : public ::testing::Test {
 protected:
  LogTest() { SetLogFunction(&Record, &lines_); }
  ~LogTest() override { SetLogFunction(nullptr, nullptr); }

  Lines lines_;
};

// Spec: decisions 8.6
TEST_F(LogTest, HandsLevelAndTextToTheHandler) {
  Log(LogLevel::kInfo, "one");
  Log(LogLevel::kWarning, "two");
  Log(LogLevel::kError, "three");
  EXPECT_EQ(lines_, (Lines{{0, "one"}, {1, "two"}, {2, "three"}}));
}

// Spec: decisions 8.6
TEST_F(LogTest, LogsACauseOnce) {
  LogOnce(LogLevel::kWarning, "LogTest.cause", "first");
  LogOnce(LogLevel::kWarning, "LogTest.cause", "second");
  LogOnce(LogLevel::kWarning, "LogTest.other", "third");
  EXPECT_EQ(lines_, (Lines{{1, "first"}, {1, "third"}}));
}

// Spec: decisions 8.6
TEST_F(LogTest, WritesToStderrWithoutAHandler) {
  SetLogFunction(nullptr, nullptr);
  ::testing::internal::CaptureStderr();
  Log(LogLevel::kWarning, "plain words, 100 %s");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "hpsocket: warning: plain words, 100 %s\n");
  EXPECT_TRUE(lines_.empty());
}

TEST_F(LogTest, CallsTheHandlerOnceAtATime) {
  constexpr int kThreads = 4;
  constexpr int kEach = 200;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([] {
      for (int n = 0; n < kEach; ++n) Log(LogLevel::kInfo, "line");
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(lines_.size(), size_t{kThreads} * kEach);
}

// Spec: decisions 8.6
TEST_F(LogTest, LogsACauseOnceWhicheverThreadIsFirst) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([] { LogOnce(LogLevel::kInfo, "LogTest.race", "line"); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(lines_.size(), 1u);
}

}  // namespace
}  // namespace hpsocket::core
