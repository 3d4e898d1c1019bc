#include "hpsocket/core/api/library.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/base/log.h"
#include "hpsocket/core/version.h"

namespace hpsocket {
namespace {

struct Line {
  int level;
  std::string message;
};

void Record(int level, const char* message, void* user) {
  static_cast<std::vector<Line>*>(user)->push_back({level, message});
}

// Spec: decisions 8.6
TEST(LibraryTest, HandlerGetsWhatTheLibrarySays) {
  std::vector<Line> lines;
  HP_SetLogHandler(&Record, &lines);
  core::Log(core::LogLevel::kInfo, "one");
  core::Log(core::LogLevel::kWarning, "two");
  core::Log(core::LogLevel::kError, "three");
  HP_SetLogHandler(nullptr, nullptr);
  core::Log(core::LogLevel::kInfo, "this line belongs on stderr");
  ASSERT_EQ(lines.size(), 3u);
  for (int level = 0; level < 3; ++level) EXPECT_EQ(lines[static_cast<size_t>(level)].level, level);
  EXPECT_EQ(lines[1].message, "two");
}

TEST(LibraryTest, BothVersionsAreTheSame) {
  const uint32_t version = HP_GetHPSocketVersion();
  EXPECT_EQ(HP_GetHPSocketVersionDesc(), std::to_string(version >> 24) + "." +
                                             std::to_string(version >> 16 & 0xff) + "." +
                                             std::to_string(version >> 8 & 0xff));
  EXPECT_EQ(version & 0xff, 0u);
  EXPECT_STREQ(HP_GetHPSocketVersionDesc(), core::kVersion);
}

}  // namespace
}  // namespace hpsocket
