// Internal to testing/bench. Tests only.
//
// The way back from an application's thread to a raw loop: what that is to send, handed over a batch at a
// time, and a descriptor that wakes it when it sleeps.
//
// Threads:  Add() and Deliver() the application's one, the rest the loop's.
// Owner:    of copies of the bytes, and of the descriptor.
#ifndef HPSOCKET_TESTING_BENCH_SERVERS_LOOP_INBOX_H_
#define HPSOCKET_TESTING_BENCH_SERVERS_LOOP_INBOX_H_

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <mutex>
#include <utility>

#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/bench/servers/answer_batch.h"
#include "hpsocket/testing/bench/servers/server_program.h"

namespace hpsocket::bench {

class LoopInbox {
 public:
  LoopInbox() = default;
  LoopInbox(const LoopInbox&) = delete;
  LoopInbox& operator=(const LoopInbox&) = delete;
  ~LoopInbox() { close(fd_); }

  // Never read: watched edge by edge.
  int fd() const { return fd_; }

  void Add(CONNID id, const uint8_t* data, int length) { gathered_.Add(id, data, length); }

  void Deliver() {
    bool wake = false;
    {
      const std::lock_guard lock(mutex_);
      waiting_.Take(gathered_);
      wake = std::exchange(sleeping_, false);
    }
    if (wake) eventfd_write(fd_, 1);
  }

  // Calls `send(id, data, length)` for all that waits, until nothing does. From then on the loop counts as
  // asleep, until Rise().
  template <class Send>
  void EmptyBeforeSleep(const Send& send) {
    for (;;) {
      {
        const std::lock_guard lock(mutex_);
        sleeping_ = waiting_.empty();
        if (sleeping_) return;
        taken_.Take(waiting_);
      }
      taken_.Empty(send);
    }
  }

  void Rise() {
    const std::lock_guard lock(mutex_);
    sleeping_ = false;
  }

 private:
  const int fd_ = Must(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd");
  std::mutex mutex_;
  AnswerBatch waiting_;    // guarded by mutex_
  bool sleeping_ = false;  // guarded by mutex_
  AnswerBatch gathered_;   // the application's
  AnswerBatch taken_;      // the loop's
};

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_SERVERS_LOOP_INBOX_H_
