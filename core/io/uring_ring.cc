#include "hpsocket/core/io/uring_ring.h"

#include <errno.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <new>
#include <thread>

#include "absl/base/attributes.h"
#include "hpsocket/core/base/sanitizer.h"
#include "hpsocket/core/io/uring_constants.h"
#include "hpsocket/core/io/uring_memory.h"

namespace hpsocket::core {
namespace {

// liburing maps a ring's memory by system calls that sanitizers do not see, so a new ring at the
// place of an old one looks like a race with it. This orders the two.
char ring_memory;

constexpr Duration kNoPlacePause = std::chrono::milliseconds(1);

[[noreturn]] void EnterFailed(int error) {
  char text[64];
  std::snprintf(text, sizeof(text), "io_uring_enter failed with errno %d", error);
  HP_FATAL(text);
}

__kernel_timespec FromNow(TimePoint deadline) {
  const int64_t left = std::max<int64_t>((deadline - Clock::System().Now()).count(), 0);
  __kernel_timespec timeout{};
  timeout.tv_sec = left / 1'000'000'000;
  timeout.tv_nsec = left % 1'000'000'000;
  return timeout;
}

}  // namespace

UringRing::~UringRing() {
  if (!open_) return;
  // A few tries for what is temporary; then whoever has a descriptor queued for closing still gets it closed.
  for (int tries = 0; tries < 16 && !all_submitted(); ++tries) {
    RefillFromBacklog();
    io_uring_smp_store_release(ring_.sq.ktail, ring_.sq.sqe_tail);
    Enter(queued(), 0, IORING_ENTER_GETEVENTS, nullptr);
    io_uring_smp_store_release(ring_.cq.khead, io_uring_smp_load_acquire(ring_.cq.ktail));
  }
  for (unsigned at = io_uring_smp_load_acquire(ring_.sq.khead); at != ring_.sq.sqe_tail; ++at) {
    const io_uring_sqe& request = ring_.sq.sqes[at & submission_mask_];
    if (request.opcode == IORING_OP_CLOSE) close(request.fd);
  }
  for (const io_uring_sqe& request : backlog_) {
    if (request.opcode == IORING_OP_CLOSE) close(request.fd);
  }
  HP_TSAN_RELEASE(&ring_memory);
  io_uring_queue_exit(&ring_);
}

int UringRing::Open(const Options& options, std::string* why) {
  HP_CHECK(!open_);
  io_uring_params parameters{};
  parameters.flags = kUringSetupFlags;
  parameters.cq_entries = options.completion_entries;
  const int result = RetryWhileRingsGo([&] {
    io_uring_params wanted = parameters;
    const int made = io_uring_queue_init_params(options.submission_entries, &ring_, &wanted);
    if (made >= 0) parameters = wanted;
    return made;
  });
  if (result < 0) {
    *why = std::string("io_uring_setup: ") + strerror(-result);
    return result;
  }
  HP_TSAN_ACQUIRE(&ring_memory);
  open_ = true;
  if ((parameters.features & kUringFeatures) != kUringFeatures) {
    *why = "this kernel's io_uring lacks features";
    return -ENOSYS;
  }
  // A child of fork() shares neither our queues nor, since the descriptor is close-on-exec, a program it
  // starts.
  const int forked = io_uring_ring_dontfork(&ring_);
  if (forked < 0) {
    *why = std::string("madvise(MADV_DONTFORK): ") + strerror(-forked);
    return forked;
  }
  // Wrapped: the type of io_uring_enter2's fifth parameter and its noexcept differ among versions of
  // liburing.
  constexpr EnterFunction kKernel = [](unsigned fd, unsigned to_submit, unsigned min_complete, unsigned flags,
                                       sigset_t* argument, size_t size) {
    return io_uring_enter2(fd, to_submit, min_complete, flags, argument, size);
  };
  enter_ = options.enter != nullptr ? options.enter : kKernel;
  // Saves a reference count per system call. A thread has 16 such places; without one it works as well.
  const bool registered = io_uring_register_ring_fd(&ring_) == 1;
  enter_fd_ = static_cast<unsigned>(registered ? ring_.enter_ring_fd : ring_.ring_fd);
  enter_flags_ = IORING_ENTER_EXT_ARG | (registered ? IORING_ENTER_REGISTERED_RING : 0u) |
                 ((parameters.features & kUringFeatureNoIowait) != 0 ? kUringEnterNoIowait : 0u);
  submission_entries_ = parameters.sq_entries;
  submission_mask_ = parameters.sq_entries - 1;
  completion_mask_ = parameters.cq_entries - 1;
  return 0;
}

ABSL_ATTRIBUTE_HOT io_uring_sqe& UringRing::NextRequest() {
  io_uring_sqe* request = nullptr;
  if (backlog_.empty()) {
    if (full()) SubmitOnly();
    request = Slot();
  }
  // Behind what waits already, so that the order stays.
  if (request == nullptr) request = BacklogPlace();
  if (request == nullptr) request = AwaitSlot();
  std::memset(request, 0, sizeof(*request));
  return *request;
}

void UringRing::QueueCancel(uint64_t tag) {
  io_uring_sqe& request = NextRequest();
  request.opcode = IORING_OP_ASYNC_CANCEL;
  request.flags = IOSQE_CQE_SKIP_SUCCESS;
  request.fd = -1;
  request.addr = tag;
}

void UringRing::QueueClose(int fd) {
  io_uring_sqe& request = NextRequest();
  request.opcode = IORING_OP_CLOSE;
  request.flags = IOSQE_CQE_SKIP_SUCCESS;
  request.fd = fd;
}

ABSL_ATTRIBUTE_HOT void UringRing::Poll() {
  if (all_submitted() && (SubmissionFlags() & (IORING_SQ_TASKRUN | IORING_SQ_CQ_OVERFLOW)) == 0) return;
  SubmitAndRun(0, nullptr);
}

ABSL_ATTRIBUTE_HOT void UringRing::Wait(TimePoint deadline) {
  if (deadline == kForever) {
    SubmitAndRun(1, nullptr);
    return;
  }
  const __kernel_timespec timeout = FromNow(deadline);
  SubmitAndRun(1, &timeout);
}

ABSL_ATTRIBUTE_HOT io_uring_sqe* UringRing::Slot() {
  if (full()) return nullptr;
  return &ring_.sq.sqes[ring_.sq.sqe_tail++ & submission_mask_];
}

ABSL_ATTRIBUTE_HOT void UringRing::RefillFromBacklog() {
  while (!backlog_.empty() && !full()) {
    *Slot() = backlog_.front();
    backlog_.pop_front();
  }
}

// Null: no memory.
io_uring_sqe* UringRing::BacklogPlace() {
  try {
    return &backlog_.emplace_back();
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

// Neither the kernel nor the heap has a place; the kernel will.
io_uring_sqe* UringRing::AwaitSlot() {
  for (;;) {
    std::this_thread::sleep_for(kNoPlacePause);
    SubmitOnly();
    RefillFromBacklog();
    if (backlog_.empty() && !full()) return Slot();
  }
}

ABSL_ATTRIBUTE_HOT int UringRing::Enter(unsigned to_submit, unsigned min_complete, unsigned flags,
                                        const __kernel_timespec* timeout) {
  io_uring_getevents_arg argument{};
  argument.sigmask_sz = _NSIG / 8;
  argument.ts = static_cast<uint64_t>(reinterpret_cast<uintptr_t>(timeout));
  return enter_(enter_fd_, to_submit, min_complete, flags | enter_flags_,
                reinterpret_cast<sigset_t*>(&argument), sizeof(argument));
}

// In the middle of a round: makes room, runs no completions. What the kernel does not take stays queued.
void UringRing::SubmitOnly() {
  io_uring_smp_store_release(ring_.sq.ktail, ring_.sq.sqe_tail);
  const int result = Enter(queued(), 0, 0, nullptr);
  if (result < 0 && result != -EAGAIN && result != -EBUSY && result != -EINTR) EnterFailed(-result);
}

ABSL_ATTRIBUTE_HOT void UringRing::SubmitAndRun(unsigned min_complete, const __kernel_timespec* timeout) {
  for (;;) {
    RefillFromBacklog();
    io_uring_smp_store_release(ring_.sq.ktail, ring_.sq.sqe_tail);
    // What is still queued is counted afresh each time: the kernel's own head says how far it came.
    const unsigned to_submit = queued();
    // What the kernel has not been told of yet could be what would end the waiting.
    const bool may_wait = ready() == 0 && backlog_.empty();
    const int result = Enter(to_submit, may_wait ? min_complete : 0, IORING_ENTER_GETEVENTS, timeout);
    if ((SubmissionFlags() & IORING_SQ_CQ_OVERFLOW) != 0) ++overflows_;
    CheckForLoss();
    if (result > 0 && !all_submitted()) continue;  // a short submit, which did not wait either
    if (result >= 0 || result == -ETIME || result == -EINTR) return;
    // Out of memory for requests, or too many completions kept aside: the completions come first.
    if (result != -EAGAIN && result != -EBUSY) EnterFailed(-result);
    if (ready() == 0) BackOff();
    return;
  }
}

// The kernel takes nothing and gives nothing: asks for completions alone, a moment long, instead of spinning.
void UringRing::BackOff() {
  const __kernel_timespec moment = {.tv_sec = 0, .tv_nsec = 1'000'000};
  Enter(0, 1, IORING_ENTER_GETEVENTS, &moment);
}

// A completion that is gone would leave an operation in flight for ever.
ABSL_ATTRIBUTE_HOT void UringRing::CheckForLoss() { HP_CHECK(IO_URING_READ_ONCE(*ring_.cq.koverflow) == 0); }

}  // namespace hpsocket::core
