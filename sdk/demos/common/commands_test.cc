#include "hpsocket/sdk/demos/common/commands.h"

#include <string>

#include "gtest/gtest.h"

namespace hpsocket::demos {
namespace {

TEST(CommandTableTest, RunsWhatTheFirstWordNamesWithTheRest) {
  CommandTable table;
  std::string got;
  table.Add("send", "<text>", "send it", [&got](std::string rest) {
    got = rest;
    return !rest.empty();
  });
  EXPECT_EQ(table.Run("  send  two  words \r"), CommandTable::Outcome::kDone);
  EXPECT_EQ(got, "two  words");
  EXPECT_EQ(table.Run("send"), CommandTable::Outcome::kFailed);
}

TEST(CommandTableTest, KnowsTheEndAndNothing) {
  CommandTable table;
  EXPECT_EQ(table.Run("exit"), CommandTable::Outcome::kExit);
  EXPECT_EQ(table.Run("quit"), CommandTable::Outcome::kExit);
  EXPECT_EQ(table.Run(""), CommandTable::Outcome::kDone);
  EXPECT_EQ(table.Run("   "), CommandTable::Outcome::kDone);
}

TEST(CommandTableTest, UnknownCommandsAreExplained) {
  CommandTable table;
  testing::internal::CaptureStderr();
  EXPECT_EQ(table.Run("dance"), CommandTable::Outcome::kFailed);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("unknown command 'dance'"), std::string::npos);
}

TEST(CommandTableTest, HelpListsEveryCommand) {
  CommandTable table;
  table.Add("kick", "<id>", "disconnect one", [](std::string) { return true; });
  EXPECT_NE(table.Help().find("  kick <id> "), std::string::npos);
  EXPECT_NE(table.Help().find("disconnect one"), std::string::npos);
  EXPECT_NE(table.Help().find("help, ?"), std::string::npos);
}

TEST(TakeWordTest, CutsWordsOffUntilNothingIsLeft) {
  std::string text = " start  ::1\t80 ";
  EXPECT_EQ(TakeWord(&text), "start");
  EXPECT_EQ(TakeWord(&text), "::1");
  EXPECT_EQ(TakeWord(&text), "80");
  EXPECT_EQ(TakeWord(&text), "");
}

}  // namespace
}  // namespace hpsocket::demos
