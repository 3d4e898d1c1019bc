#include "hpsocket/sdk/demos/common/settings.h"

#include <sys/resource.h>

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace hpsocket::demos {
namespace {

TEST(ServerSettingsTest, TakesTheTraditionalShortOptions) {
  ServerSettings settings;
  OptionTable options("server", "");
  settings.AddTo(options);
  std::vector<std::string> texts = {"server", "-b", "::", "-p", "0", "-t", "4", "-s",
                                    "2",      "-r", "1",  "-m", "5", "-q", "0", "--port-backend",
                                    "epoll"};
  std::vector<char*> argv;
  for (std::string& text : texts) argv.push_back(text.data());
  argv.push_back(nullptr);
  ASSERT_EQ(options.Parse(static_cast<int>(texts.size()), argv.data()), std::nullopt);
  EXPECT_EQ(settings.bind_address, "::");
  EXPECT_EQ(settings.port, 0u);
  EXPECT_EQ(settings.threads, 4u);
  EXPECT_EQ(settings.send_policy, SP_DIRECT);
  EXPECT_EQ(settings.recv_policy, RP_PARALLEL);
  EXPECT_EQ(settings.max_connections, 5u);
  EXPECT_FALSE(settings.keep_alive);
  EXPECT_EQ(settings.backend, IO_EPOLL);
}

TEST(ServerSettingsTest, DatagramsKeepNothingAlive) {
  ServerSettings settings;
  OptionTable options("server", "");
  settings.AddTo(options, Carrier::kUdp);
  const std::string help = options.Help();
  EXPECT_EQ(help.find("keep-alive"), std::string::npos);
  EXPECT_NE(help.find("--max-sessions"), std::string::npos);
  EXPECT_NE(help.find("--send-policy"), std::string::npos);
}

TEST(StatsTextTest, ShowsOnlyWhatHappened) {
  HP_Stats stats;
  EXPECT_EQ(StatsText(stats), "  nothing has happened yet\n");
  stats.bytes_sent = 5;
  stats.accept_errors = 1;
  stats.oversize_datagrams = 2;
  EXPECT_EQ(StatsText(stats), "  bytes sent = 5\n  accept errors = 1\n  oversize datagrams = 2\n");
}

TEST(StateTextTest, NamesEveryState) {
  EXPECT_STREQ(StateText(SS_STARTING), "STARTING");
  EXPECT_STREQ(StateText(SS_STOPPED), "STOPPED");
  EXPECT_STREQ(StateText(static_cast<EnServiceState>(9)), "UNKNOWN");
}

TEST(RaiseDescriptorLimitTest, ReachesTheHardLimit) {
  RaiseDescriptorLimit();
  rlimit limit;
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(limit.rlim_cur, limit.rlim_max);
}

}  // namespace
}  // namespace hpsocket::demos
