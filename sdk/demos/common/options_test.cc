#include "hpsocket/sdk/demos/common/options.h"

#include <initializer_list>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace hpsocket::demos {
namespace {

class OptionTableTest : public testing::Test {
 protected:
  OptionTableTest() : table_("demo run", "Shows something.") {
    table_.Text('a', "address", "ADDRESS", "where to", &address_);
    table_.Number('p', "port", "PORT", "which port", 0, 65535, &port_);
    table_.OneOf('s', "send-policy", "how to send", {{"pack", 0}, {"safe", 1}, {"direct", 2}}, &policy_);
    table_.Switch('n', "async", "do not wait", &async_);
    table_.Switch(0, "quiet", "say little", &quiet_);
    table_.Notes("Exit codes: many.\n");
  }

  std::optional<int> Parse(std::initializer_list<const char*> arguments) {
    std::vector<std::string> texts = {"demo"};
    for (const char* argument : arguments) texts.emplace_back(argument);
    std::vector<char*> argv;
    for (std::string& text : texts) argv.push_back(text.data());
    argv.push_back(nullptr);
    return table_.Parse(static_cast<int>(texts.size()), argv.data());
  }

  std::string address_ = "127.0.0.1";
  uint32_t port_ = 5555;
  int policy_ = 0;
  bool async_ = false;
  bool quiet_ = false;
  OptionTable table_;
};

TEST_F(OptionTableTest, NoArgumentsKeepTheDefaults) {
  EXPECT_EQ(Parse({}), std::nullopt);
  EXPECT_EQ(address_, "127.0.0.1");
  EXPECT_EQ(port_, 5555u);
}

TEST_F(OptionTableTest, ShortAndLongNamesMeanTheSame) {
  EXPECT_EQ(Parse({"-a", "::1", "-p", "80", "-s", "direct"}), std::nullopt);
  EXPECT_EQ(address_, "::1");
  EXPECT_EQ(port_, 80u);
  EXPECT_EQ(policy_, 2);
  EXPECT_EQ(Parse({"--address=::2", "--port", "81", "--send-policy=safe"}), std::nullopt);
  EXPECT_EQ(address_, "::2");
  EXPECT_EQ(port_, 81u);
  EXPECT_EQ(policy_, 1);
}

TEST_F(OptionTableTest, ChoicesAreAlsoNumbers) {
  EXPECT_EQ(Parse({"-s", "2"}), std::nullopt);
  EXPECT_EQ(policy_, 2);
}

TEST_F(OptionTableTest, SwitchTakesAnOptionalValueWithAndWithoutASpace) {
  EXPECT_EQ(Parse({"-n"}), std::nullopt);
  EXPECT_TRUE(async_);
  EXPECT_EQ(Parse({"-n", "0", "-p", "7"}), std::nullopt);
  EXPECT_FALSE(async_);
  EXPECT_EQ(port_, 7u);
  EXPECT_EQ(Parse({"-n1"}), std::nullopt);
  EXPECT_TRUE(async_);
  EXPECT_EQ(Parse({"--async=0", "--quiet"}), std::nullopt);
  EXPECT_FALSE(async_);
  EXPECT_TRUE(quiet_);
}

TEST_F(OptionTableTest, AnOptionThatMayBeRepeatedIsTakenEachTime) {
  std::vector<std::string> taken;
  table_.Each('d', "deny", "NAME", "not this one", "wants a name", [&taken](const std::string& text) {
    taken.push_back(text);
    return !text.empty();
  });
  EXPECT_EQ(Parse({"-d", "one", "--deny=two"}), std::nullopt);
  EXPECT_EQ(taken, (std::vector<std::string>{"one", "two"}));
  EXPECT_NE(table_.Values().find("  deny = one two\n"), std::string::npos);
  testing::internal::CaptureStderr();
  EXPECT_EQ(Parse({"--deny="}), kExitUsage);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("--deny wants a name, not ''"), std::string::npos);
}

TEST_F(OptionTableTest, MistakesAreExplainedAndGiveTwo) {
  const auto complaint = [this](std::initializer_list<const char*> arguments) {
    testing::internal::CaptureStderr();
    EXPECT_EQ(Parse(arguments), kExitUsage);
    return testing::internal::GetCapturedStderr();
  };
  EXPECT_NE(complaint({"-p", "65536"}).find("--port wants a number from 0 to 65535, not '65536'"),
            std::string::npos);
  EXPECT_NE(complaint({"-p", "12x"}).find("not '12x'"), std::string::npos);
  EXPECT_NE(complaint({"-p", "-1"}).find("not '-1'"), std::string::npos);
  EXPECT_NE(complaint({"-s", "fast"}).find("wants one of pack|safe|direct"), std::string::npos);
  EXPECT_NE(complaint({"--async=2"}).find("wants 0 or 1"), std::string::npos);
  EXPECT_NE(complaint({"-z"}).find("unknown option '-z'"), std::string::npos);
  EXPECT_NE(complaint({"--nonsense"}).find("unknown option '--nonsense'"), std::string::npos);
  EXPECT_NE(complaint({"-p"}).find("option '-p' needs a value"), std::string::npos);
  EXPECT_NE(complaint({"more"}).find("unexpected 'more'"), std::string::npos);
  EXPECT_NE(complaint({"more"}).find("Try 'demo run --help'"), std::string::npos);
  EXPECT_EQ(port_, 5555u);
}

TEST_F(OptionTableTest, HelpNamesEveryOptionWithItsDefault) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(Parse({"--help"}), kExitOk);
  const std::string help = testing::internal::GetCapturedStdout();
  EXPECT_NE(help.find("Usage: demo run [OPTIONS]"), std::string::npos);
  EXPECT_NE(help.find("-p, --port PORT"), std::string::npos);
  EXPECT_NE(help.find("which port [5555]"), std::string::npos);
  EXPECT_NE(help.find("--send-policy pack|safe|direct"), std::string::npos);
  EXPECT_NE(help.find("Exit codes: many."), std::string::npos);
}

TEST_F(OptionTableTest, VersionIsShown) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(Parse({"-v"}), kExitOk);
  EXPECT_NE(testing::internal::GetCapturedStdout().find("demo run, HP-Socket "), std::string::npos);
}

TEST_F(OptionTableTest, ValuesShowWhatIsInForce) {
  EXPECT_EQ(Parse({"-p", "80", "-s", "1"}), std::nullopt);
  EXPECT_EQ(table_.Values(),
            "  address = 127.0.0.1\n  port = 80\n  send-policy = safe\n  async = 0\n  quiet = 0\n");
}

TEST(ParseNumberTest, AcceptsNumbersInRangeOnly) {
  uint64_t value = 7;
  EXPECT_TRUE(ParseNumber("0", 0, 10, &value));
  EXPECT_EQ(value, 0u);
  EXPECT_TRUE(ParseNumber("10", 0, 10, &value));
  EXPECT_EQ(value, 10u);
  for (const char* text : {"", " 1", "1 ", "+1", "-1", "11", "0x1", "99999999999999999999999"}) {
    EXPECT_FALSE(ParseNumber(text, 0, 10, &value)) << text;
  }
  EXPECT_EQ(value, 10u);
}

}  // namespace
}  // namespace hpsocket::demos
