#include "hpsocket/sdk/demos/common_pfm/summary.h"

#include <string>

#include "gtest/gtest.h"

namespace hpsocket::demos {
namespace {

Summary Good() {
  Summary summary;
  summary.demo = "some_pfm";
  summary.connections = 2;
  summary.rounds = 5;
  summary.length = 100;
  summary.expected = summary.queued = summary.sent = summary.received = 1000;
  summary.messages = 10;
  summary.duration = 500'000'000;
  summary.p50 = 120'000;
  summary.p99 = 9'999'000;
  summary.p999 = 20'000'000;
  summary.max = 1'234'500'000;
  summary.port = "io_uring, because \"auto\"";
  return summary;
}

TEST(SummaryTest, SuccessIsToldInTheTraditionalWords) {
  EXPECT_EQ(SummaryText(Good()),
            " *** Summary: expect -  1000, send - 1000, recv - 1000\n"
            " *** Success: time consuming -  500 millisecond !\n"
            "     messages: 10 (20/s), 0.0 MB/s each way\n"
            "     round trip: p50 120 us, p99 9999 us, p99.9 20.0 ms, max 1234.5 ms\n"
            "     port: io_uring, because \"auto\"");
}

TEST(SummaryTest, EveryLossIsAFailure) {
  EXPECT_TRUE(Good().ok());
  Summary summary = Good();
  summary.received = 999;
  EXPECT_FALSE(summary.ok());
  EXPECT_NE(SummaryText(summary).find(" *** Fail: manual terminated ? (or data lost)\n"), std::string::npos);
  summary = Good();
  summary.sent = 999;
  EXPECT_FALSE(summary.ok());
  summary = Good();
  summary.received = 1001;
  EXPECT_FALSE(summary.ok());
  summary = Good();
  summary.corrupt_connections = 1;
  summary.corruption = "here";
  EXPECT_FALSE(summary.ok());
  EXPECT_NE(SummaryText(summary).find("connections with wrong bytes: 1; first: here"), std::string::npos);
  summary = Good();
  summary.expected = summary.sent = summary.received = 0;  // it was stopped before it began
  EXPECT_FALSE(summary.ok());
  summary = Good();
  summary.failure = "it broke";
  EXPECT_FALSE(summary.ok());
  EXPECT_NE(SummaryText(summary).find("it broke"), std::string::npos);
}

TEST(SummaryTest, LostDatagramsAreNoFailure) {
  Summary summary = Good();
  summary.loss = Loss::kExpected;
  EXPECT_EQ(summary.outcome(), Summary::Outcome::kComplete);
  summary.received = 990;
  EXPECT_EQ(summary.outcome(), Summary::Outcome::kLost);
  EXPECT_FALSE(summary.ok());
  const std::string text = SummaryText(summary);
  EXPECT_NE(text.find(" *** Data lost: 10 of 1000 bytes (1.00 %)\n"), std::string::npos);
  EXPECT_EQ(text.find("Fail"), std::string::npos);
  EXPECT_NE(SummaryJson(summary).find("\"outcome\":\"lost\""), std::string::npos);
  summary.sent = 995;  // the kernel refused some
  EXPECT_EQ(summary.outcome(), Summary::Outcome::kLost);
  summary.strays = 3;
  EXPECT_NE(SummaryText(summary).find("twice or too late: 3\n"), std::string::npos);
}

TEST(SummaryTest, FailuresAreNotTakenForLosses) {
  Summary lossy = Good();
  lossy.loss = Loss::kExpected;
  lossy.received = 990;
  Summary summary = lossy;
  summary.loss = Loss::kFault;
  EXPECT_EQ(summary.outcome(), Summary::Outcome::kFailed);
  summary = lossy;
  summary.queued = summary.sent = 995;  // cut short
  EXPECT_EQ(summary.outcome(), Summary::Outcome::kFailed);
  summary = lossy;
  summary.lost_connections = 1;
  EXPECT_EQ(summary.outcome(), Summary::Outcome::kFailed);
  summary = lossy;
  summary.corrupt_connections = 1;
  EXPECT_EQ(summary.outcome(), Summary::Outcome::kFailed);
  summary = lossy;
  summary.failure = "it broke";
  EXPECT_EQ(summary.outcome(), Summary::Outcome::kFailed);
}

TEST(SummaryTest, SignalThatCutNothingOffIsNoFailure) {
  Summary summary = Good();
  summary.interrupted = true;
  EXPECT_TRUE(summary.ok());
}

TEST(SummaryTest, JsonIsOneLineWithEscapedText) {
  const std::string json = SummaryJson(Good());
  EXPECT_EQ(json.find('\n'), std::string::npos);
  EXPECT_EQ(json.find("{\"demo\":\"some_pfm\","), 0u);
  EXPECT_NE(json.find("\"ok\":true"), std::string::npos);
  EXPECT_NE(json.find("\"p99_us\":9999.0"), std::string::npos);
  EXPECT_NE(json.find("\"port\":\"io_uring, because \\\"auto\\\"\""), std::string::npos);
}

TEST(SummaryTest, NoTimeMeansNoRate) {
  const Summary summary;
  EXPECT_EQ(summary.MessagesPerSecond(), 0);
  EXPECT_EQ(summary.MegabytesPerSecond(), 0);
}

}  // namespace
}  // namespace hpsocket::demos
