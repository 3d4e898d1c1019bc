#include "hpsocket/sdk/demos/http_proxy/water_marks.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "hpsocket/sdk/demos/http_proxy/backlog.h"

namespace hpsocket::demos {
namespace {

TEST(WaterMarksTest, WaitingBeginsAboveTheHighMarkAndEndsAtTheLowOne) {
  WaterMarks marks(10, 100);
  EXPECT_FALSE(marks.Update(0));
  EXPECT_FALSE(marks.Update(100));
  EXPECT_TRUE(marks.Update(101));
  EXPECT_TRUE(marks.Update(50));
  EXPECT_TRUE(marks.Update(11));
  EXPECT_FALSE(marks.Update(10));
  EXPECT_FALSE(marks.Update(50));
}

TEST(BacklogTest, WhatIsUsedAtOnceIsNeverCopied) {
  Backlog backlog;
  const std::string received = "abc";
  std::string_view input = backlog.Join(received);
  EXPECT_EQ(input.data(), received.data());
  input.remove_prefix(3);
  backlog.Keep(input);
  EXPECT_EQ(backlog.size(), 0u);
}

TEST(BacklogTest, WhatIsLeftComesBackInFrontOfWhatFollows) {
  Backlog backlog;
  std::string_view input = backlog.Join("abc");
  input.remove_prefix(1);
  backlog.Keep(input);
  input = backlog.Join("def");
  EXPECT_EQ(input, "bcdef");
  input.remove_prefix(3);
  backlog.Keep(input);
  EXPECT_EQ(backlog.Join({}), "ef");
  backlog.Clear();
  EXPECT_EQ(backlog.size(), 0u);
}

}  // namespace
}  // namespace hpsocket::demos
