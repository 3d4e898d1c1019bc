#include "hpsocket/core/io/uring_probe.h"

#include <errno.h>
#include <liburing.h>
#include <sys/resource.h>

#include <string>

#include "gtest/gtest.h"

namespace hpsocket::core {
namespace {

// Spec: fault 34
TEST(UringProbeTest, ComparesKernelReleases) {
  EXPECT_TRUE(IsKernelAtLeast("6.1.0-13-amd64", 6, 1));
  EXPECT_TRUE(IsKernelAtLeast("6.18.4", 6, 1));
  EXPECT_TRUE(IsKernelAtLeast("7.0", 6, 1));
  EXPECT_TRUE(IsKernelAtLeast("10.0-rc1", 6, 1));
  EXPECT_FALSE(IsKernelAtLeast("6.0.19", 6, 1));
  EXPECT_FALSE(IsKernelAtLeast("5.15.167.4-microsoft-standard-WSL2", 6, 1));
  EXPECT_FALSE(IsKernelAtLeast("nonsense", 6, 1));
}

// Spec: fault 34
TEST(UringProbeTest, TellsTheCausesOfAFailureApart) {
  EXPECT_NE(ExplainSetupError(EPERM, 0).find("seccomp"), std::string::npos);
  EXPECT_NE(ExplainSetupError(EPERM, -1).find("EPERM"), std::string::npos);
  EXPECT_NE(ExplainSetupError(EPERM, 2).find("kernel.io_uring_disabled=2"), std::string::npos);
  EXPECT_NE(ExplainSetupError(ENOSYS, -1).find("ENOSYS"), std::string::npos);
  EXPECT_NE(ExplainSetupError(ENOMEM, 0).find("ulimit -l"), std::string::npos);
  EXPECT_NE(ExplainSetupError(EMFILE, 0).find("descriptor"), std::string::npos);
  EXPECT_NE(ExplainSetupError(EINVAL, 0).find("EINVAL"), std::string::npos);
  EXPECT_NE(ExplainSetupError(EIO, 0).find("errno 5"), std::string::npos);
}

// Spec: fault 34
TEST(UringProbeTest, GivesAnAnswerAndRemembersIt) {
  const UringProbe now = ProbeUring();
  EXPECT_EQ(now.usable(), now.error == 0);
  EXPECT_FALSE(now.why.empty());
  EXPECT_EQ(ProbedUring().error, now.error);
  EXPECT_EQ(&ProbedUring(), &ProbedUring());
}

// Spec: fault 34
TEST(UringProbeTest, MissesEachOperationThatThePortUses) {
  if (!ProbedUring().usable()) GTEST_SKIP() << ProbedUring().why;
  for (const int opcode : {IORING_OP_ACCEPT, IORING_OP_CONNECT, IORING_OP_RECV, IORING_OP_SEND,
                           IORING_OP_SENDMSG, IORING_OP_ASYNC_CANCEL, IORING_OP_CLOSE, IORING_OP_POLL_ADD}) {
    HideUringOperationForTest(opcode);
    const UringProbe probe = ProbeUring();
    EXPECT_EQ(probe.error, ENOSYS) << opcode;
    EXPECT_EQ(probe.why, "io_uring lacks operation " + std::to_string(opcode));
  }
  HideUringOperationForTest(IORING_OP_FALLOCATE);
  EXPECT_TRUE(ProbeUring().usable()) << "nobody needs that one";
  HideUringOperationForTest(-1);
  EXPECT_TRUE(ProbeUring().usable());
}

// A process that starts right after another one has ended must not stay on epoll for it.
// Spec: fault 33
TEST(UringProbeTest, WaitsForTheMemoryOfRingsThatHaveJustGone) {
  if (!ProbedUring().usable()) GTEST_SKIP() << ProbedUring().why;
  int attempts = 0;
  const UringProbe probe = ProbeUring([&attempts](unsigned entries, io_uring* ring, io_uring_params* params) {
    EXPECT_NE(params->flags, 0u);
    EXPECT_EQ(params->features, 0u) << "what the last attempt left behind";
    if (++attempts == 4) return io_uring_queue_init_params(entries, ring, params);
    params->features = ~0u;
    return -ENOMEM;
  });
  EXPECT_TRUE(probe.usable()) << probe.why;
  EXPECT_EQ(attempts, 4);
}

TEST(UringProbeTest, SaysThatDescriptorsRanOut) {
  if (!ProbedUring().usable()) GTEST_SKIP() << ProbedUring().why;
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  rlimit none = limit;
  none.rlim_cur = 0;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  const UringProbe probe = ProbeUring();
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(probe.error, EMFILE);
  EXPECT_NE(probe.why.find("EMFILE"), std::string::npos) << probe.why;
  EXPECT_TRUE(ProbedUring().usable()) << "what is remembered does not change";
}

}  // namespace
}  // namespace hpsocket::core
