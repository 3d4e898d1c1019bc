#include "hpsocket/core/io/uring_ring.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "gtest/gtest.h"
#include "hpsocket/core/io/uring_required.h"
#include "hpsocket/core/memory/failing_new.h"

namespace hpsocket::core {
namespace {

// What the injected io_uring_enter answers, oldest first: an error, or how many requests it takes at most.
struct Answer {
  int error = 0;
  unsigned at_most = 0;
};

std::vector<Answer>& Answers() {
  static std::vector<Answer> answers;
  return answers;
}

int ScriptedEnter(unsigned fd, unsigned to_submit, unsigned min_complete, unsigned flags, sigset_t* argument,
                  size_t size) {
  if (Answers().empty() || to_submit == 0)
    return io_uring_enter2(fd, to_submit, min_complete, flags, argument, size);
  const Answer answer = Answers().front();
  Answers().erase(Answers().begin());
  if (answer.error != 0) return answer.error;
  // As the kernel: a short submit does not wait.
  return io_uring_enter2(fd, std::min(to_submit, answer.at_most), 0, flags, argument, size);
}

class UringRingTest : public UringRequired {
 protected:
  void Open(unsigned submissions, unsigned completions) {
    std::string why;
    ASSERT_EQ(ring_.Open({submissions, completions, &ScriptedEnter}, &why), 0) << why;
  }

  void QueueNop(uint64_t tag) {
    io_uring_sqe& request = ring_.NextRequest();
    request.opcode = IORING_OP_NOP;
    request.user_data = tag;
  }

  void Take() {
    ring_.TakeCompletions([this](uint64_t tag, int, unsigned) { seen_.push_back(tag); });
  }

  void ExpectSeen(size_t count) {
    const TimePoint give_up = Clock::System().Now() + std::chrono::seconds(60);
    while (seen_.size() < count && Clock::System().Now() < give_up) {
      ring_.Wait(give_up);
      Take();
    }
    ASSERT_EQ(seen_.size(), count);
    for (size_t i = 0; i < count; ++i) ASSERT_EQ(seen_[i], i + 1) << "in order, each once";
    EXPECT_TRUE(ring_.all_submitted());
  }

  void TearDown() override { Answers().clear(); }

  UringRing ring_;
  std::vector<uint64_t> seen_;
};

// Spec: fault 39
TEST_F(UringRingTest, AFullQueueIsSubmittedAndGoesOn) {
  Open(8, 256);
  for (uint64_t tag = 1; tag <= 100; ++tag) QueueNop(tag);
  ExpectSeen(100);
}

// Spec: fault 39
TEST_F(UringRingTest, AShortSubmitIsCompleted) {
  Open(64, 256);
  Answers() = {{.at_most = 3}, {.at_most = 1}, {.at_most = 5}};
  for (uint64_t tag = 1; tag <= 20; ++tag) QueueNop(tag);
  ExpectSeen(20);
  EXPECT_TRUE(Answers().empty());
}

// Spec: fault 39
TEST_F(UringRingTest, TemporaryErrorsLoseAndDoubleNothing) {
  for (const int error : {-EAGAIN, -EBUSY, -EINTR}) {
    SCOPED_TRACE(error);
    Answers() = {{.error = error}, {.at_most = 2}, {.error = error}, {.error = error}};
    UringRing ring;
    std::string why;
    ASSERT_EQ(ring.Open({16, 64, &ScriptedEnter}, &why), 0) << why;
    for (uint64_t tag = 1; tag <= 10; ++tag) {
      io_uring_sqe& request = ring.NextRequest();
      request.opcode = IORING_OP_NOP;
      request.user_data = tag;
    }
    std::vector<uint64_t> seen;
    while (seen.size() < 10 || !Answers().empty()) {
      ring.Wait(Clock::System().Now());
      ring.TakeCompletions([&](uint64_t tag, int, unsigned) { seen.push_back(tag); });
      ASSERT_LE(seen.size(), 10u);
    }
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
    EXPECT_TRUE(ring.all_submitted());
  }
}

// Spec: fault 39
TEST_F(UringRingTest, RequestsWaitInMemoryWhenTheKernelTakesNone) {
  Open(8, 256);
  Answers().assign(100, {.error = -EAGAIN});
  for (uint64_t tag = 1; tag <= 60; ++tag) QueueNop(tag);
  Answers().clear();
  ExpectSeen(60);
}

// And without memory for that.
// Spec: fault 39, decisions 2.8
TEST_F(UringRingTest, RequestsWaitForTheKernelWhereThereIsNoMemoryForThem) {
  Open(8, 256);
  Answers().assign(70, {.error = -EAGAIN});
  FailOneNewForTest(0);
  for (uint64_t tag = 1; tag <= 60; ++tag) QueueNop(tag);
  EXPECT_TRUE(EndFailingNewForTest());
  Answers().clear();
  ExpectSeen(60);
}

// Those may be what would end the waiting.
// Spec: fault 39
TEST_F(UringRingTest, SleepsOnlyWhenTheKernelHasEveryRequest) {
  static unsigned taken;
  static int slept_too_soon;
  static bool takes;
  constexpr unsigned kRequests = 60;
  taken = 0;
  slept_too_soon = 0;
  takes = false;
  UringRing ring;
  std::string why;
  ASSERT_EQ(ring.Open({8, 256,
                       [](unsigned fd, unsigned to_submit, unsigned min_complete, unsigned flags,
                          sigset_t* argument, size_t size) {
                         if (!takes) return -EAGAIN;
                         const bool too_soon = min_complete != 0 && taken + to_submit < kRequests;
                         if (too_soon) ++slept_too_soon;
                         const int result = io_uring_enter2(fd, to_submit, too_soon ? 0 : min_complete, flags,
                                                            argument, size);
                         if (result > 0) taken += static_cast<unsigned>(result);
                         return result;
                       }},
                      &why),
            0)
      << why;
  int fds[2];
  ASSERT_EQ(pipe2(fds, O_CLOEXEC), 0);
  for (unsigned i = 1; i <= kRequests; ++i) {
    io_uring_sqe& request = ring.NextRequest();
    // Nothing ever comes of all but the last one.
    request.opcode = i == kRequests ? IORING_OP_NOP : IORING_OP_POLL_ADD;
    request.fd = fds[0];
    request.poll32_events = POLLIN;
    request.user_data = i;
  }
  takes = true;
  std::vector<uint64_t> seen;
  for (int waits = 0; seen.empty() && waits < 100; ++waits) {
    ring.Wait(Clock::System().Now() + std::chrono::seconds(60));
    ring.TakeCompletions([&](uint64_t tag, int, unsigned) { seen.push_back(tag); });
  }
  EXPECT_EQ(seen, std::vector<uint64_t>{kRequests});
  EXPECT_EQ(slept_too_soon, 0);
  close(fds[0]);
  close(fds[1]);
}

// Spec: fault 35
TEST_F(UringRingTest, CompletionsThatFoundNoPlaceComeLater) {
  Open(8, 8);
  for (uint64_t tag = 1; tag <= 200; ++tag) QueueNop(tag);
  ExpectSeen(200);
  EXPECT_GT(ring_.overflows(), 0u);
}

TEST_F(UringRingTest, PollWithNothingToDoMakesNoSystemCall) {
  Open(8, 8);
  static int calls;
  calls = 0;
  UringRing ring;
  std::string why;
  ASSERT_EQ(ring.Open({8, 8,
                       [](unsigned fd, unsigned to_submit, unsigned min_complete, unsigned flags,
                          sigset_t* argument, size_t size) {
                         ++calls;
                         return io_uring_enter2(fd, to_submit, min_complete, flags, argument, size);
                       }},
                      &why),
            0)
      << why;
  ring.Poll();
  EXPECT_EQ(calls, 0);
}

TEST_F(UringRingTest, WaitEndsAtItsDeadline) {
  Open(8, 8);
  const TimePoint deadline = Clock::System().Now() + std::chrono::milliseconds(5);
  while (Clock::System().Now() < deadline) ring_.Wait(deadline);
  ring_.Wait(Clock::System().Now() - std::chrono::seconds(1));
}

TEST_F(UringRingTest, DestructionClosesWhatIsQueued) {
  int fds[2];
  ASSERT_EQ(pipe2(fds, O_CLOEXEC), 0);
  {
    UringRing ring;
    std::string why;
    ASSERT_EQ(ring.Open({}, &why), 0) << why;
    ring.QueueClose(fds[0]);
    EXPECT_EQ(fcntl(fds[0], F_GETFD), FD_CLOEXEC);
  }
  EXPECT_EQ(fcntl(fds[0], F_GETFD), -1);
  // Where the kernel refuses to the end, too.
  {
    UringRing ring;
    std::string why;
    ASSERT_EQ(ring.Open({8, 8, &ScriptedEnter}, &why), 0) << why;
    Answers().assign(1000, {.error = -EEXIST});
    ring.QueueClose(fds[1]);
  }
  EXPECT_EQ(fcntl(fds[1], F_GETFD), -1);
}

TEST_F(UringRingTest, ItsDescriptorIsNotInherited) {
  Open(8, 8);
  EXPECT_EQ(fcntl(ring_.raw()->ring_fd, F_GETFD), FD_CLOEXEC);
}

}  // namespace
}  // namespace hpsocket::core
