// Internal to core.
//
// One io_uring: queues requests, hands them to the kernel, waits, and hands out completions. It is the
// only place that enters the kernel, so every rule about short submits, a full queue and overflowing
// completions stands here.
//
// Threads:  the thread that called Open() only; the kernel refuses any other.
// Lifetime: the kernel goes on using memory that requests name until their last completion.
// Order:    requests reach the kernel in the order they were queued.
// Errors:   Open() gives -errno; later, what is temporary is retried and what is not stops the program.
#ifndef HPSOCKET_CORE_IO_URING_RING_H_
#define HPSOCKET_CORE_IO_URING_RING_H_

#include <liburing.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

#include "hpsocket/core/base/check.h"
#include "hpsocket/core/base/clock.h"

namespace hpsocket::core {

class UringRing {
 public:
  // As io_uring_enter2(): tests inject the kernel's rarer answers.
  using EnterFunction = int (*)(unsigned fd, unsigned to_submit, unsigned min_complete, unsigned flags,
                                sigset_t* argument, size_t size);

  struct Options {
    unsigned submission_entries = 256;
    unsigned completion_entries = 8192;
    EnterFunction enter = nullptr;  // null: the kernel's
  };

  UringRing() = default;
  UringRing(const UringRing&) = delete;
  UringRing& operator=(const UringRing&) = delete;
  // Submits what is queued. On another thread, which the kernel refuses, it at least closes the
  // descriptors whose closing is queued.
  ~UringRing();

  // 0, or -errno with the cause in `*why`.
  int Open(const Options& options, std::string* why);
  bool open() const { return open_; }

  // A zeroed request to fill in at once. Never fails: a full queue is submitted first, and where the
  // kernel takes nothing at the moment the request waits in memory, or where there is none this waits.
  io_uring_sqe& NextRequest();

  // Asks the kernel to end the request tagged `tag`. Nobody hears of it.
  void QueueCancel(uint64_t tag);
  // Closes a descriptor. Nobody hears of it.
  void QueueClose(int fd);

  // Submits, and lets the kernel run what it has ready; no system call where there is neither.
  void Poll();
  // Submits, and waits for a completion until `deadline`. May return early.
  void Wait(TimePoint deadline);

  // Whether Poll() would bring something, seen without a system call.
  bool HasNews() const {
    return ready() != 0 || (SubmissionFlags() & (IORING_SQ_TASKRUN | IORING_SQ_CQ_OVERFLOW)) != 0;
  }

  // Whether the kernel has read every request, so that what they pointed to but are not waiting for may go.
  bool all_submitted() const { return backlog_.empty() && queued() == 0; }

  // Calls `visit(user_data, result, flags)` for the completions that are there now; those that come up
  // meanwhile wait for the next call.
  template <class Visit>
  void TakeCompletions(Visit&& visit) {
    for (unsigned left = ready(); left > 0; --left) {
      const unsigned head = *ring_.cq.khead;
      const io_uring_cqe& completion = ring_.cq.cqes[head & completion_mask_];
      const uint64_t tag = completion.user_data;
      const int result = completion.res;
      const unsigned flags = completion.flags;
      // The slot is given back first: the visit may submit, which may need it.
      io_uring_smp_store_release(ring_.cq.khead, head + 1);
      visit(tag, result, flags);
    }
  }

  // Times that the kernel had to keep completions aside because the queue was full.
  uint64_t overflows() const { return overflows_; }

  io_uring* raw() { return &ring_; }

 private:
  unsigned ready() const { return io_uring_smp_load_acquire(ring_.cq.ktail) - *ring_.cq.khead; }
  unsigned queued() const { return ring_.sq.sqe_tail - io_uring_smp_load_acquire(ring_.sq.khead); }
  bool full() const { return queued() >= submission_entries_; }
  unsigned SubmissionFlags() const { return IO_URING_READ_ONCE(*ring_.sq.kflags); }

  io_uring_sqe* Slot();
  void RefillFromBacklog();
  io_uring_sqe* BacklogPlace();
  io_uring_sqe* AwaitSlot();
  int Enter(unsigned to_submit, unsigned min_complete, unsigned flags, const __kernel_timespec* timeout);
  void SubmitOnly();
  void SubmitAndRun(unsigned min_complete, const __kernel_timespec* timeout);
  void BackOff();
  void CheckForLoss();

  io_uring ring_{};
  bool open_ = false;
  EnterFunction enter_ = nullptr;
  unsigned enter_fd_ = 0;
  unsigned enter_flags_ = 0;
  unsigned submission_entries_ = 0;
  unsigned submission_mask_ = 0;
  unsigned completion_mask_ = 0;
  uint64_t overflows_ = 0;
  std::deque<io_uring_sqe> backlog_;  // requests that found no place; normally empty
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_URING_RING_H_
