#include "hpsocket/testing/bench/syscall_counts.h"

#include "gtest/gtest.h"

namespace hpsocket::bench {
namespace {

TEST(SyscallCountsTest, AddsUpWhatPerfSaysOfEachThread) {
  const auto counts = ParsePerfSummary(R"(
 Summary of events:

 hp-worker-0 (4649), 288 events, 97.3%

   syscall            calls  errors  total       min       avg       max       stddev
                                     (msec)    (msec)    (msec)    (msec)        (%)
   --------------- --------  ------ -------- --------- --------- ---------     ------
   recvfrom              30      2     0.486     0.013     0.016     0.046      6.81%
   epoll_wait             4      0     0.289     0.010     0.013     0.016      3.17%

 hp-worker-1 (4650), 20 events, 2.7%

   recvfrom              10      0     0.100     0.010     0.010     0.010      0.00%
)");
  EXPECT_EQ(counts.size(), 2u);
  EXPECT_EQ(counts.at("recvfrom"), 40u);
  EXPECT_EQ(counts.at("epoll_wait"), 4u);
}

TEST(SyscallCountsTest, ReadsWhatStraceSays) {
  const auto counts = ParseStraceSummary(R"(% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 60.00    0.001234           1      1234        10 recvfrom
 40.00    0.000823           0      1000           sendto
------ ----------- ----------- --------- --------- ----------------
100.00    0.002057           0      2234        10 total
)");
  EXPECT_EQ(counts.size(), 2u);
  EXPECT_EQ(counts.at("recvfrom"), 1234u);
  EXPECT_EQ(counts.at("sendto"), 1000u);
}

TEST(SyscallCountsTest, FindsNothingInOtherText) {
  EXPECT_TRUE(ParsePerfSummary("error: no such process\n").empty());
  EXPECT_TRUE(ParseStraceSummary("strace: attach: Operation not permitted\n").empty());
}

}  // namespace
}  // namespace hpsocket::bench
