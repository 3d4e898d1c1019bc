#include "hpsocket/testing/bench/servers/answer_thread.h"

#include <utility>

namespace hpsocket::bench {

AnswerThread::AnswerThread(Answer answer, std::function<void()> flush)
    : answer_(std::move(answer)), flush_(std::move(flush)), thread_([this] { Run(); }) {}

AnswerThread::~AnswerThread() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  work_.notify_one();
  thread_.join();
}

void AnswerThread::Hand(CONNID id, const uint8_t* data, int length) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    waiting_.Add(id, data, length);
    wake = std::exchange(sleeping_, false);
  }
  if (wake) work_.notify_one();
}

void AnswerThread::Run() {
  AnswerBatch batch;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      while (waiting_.empty() && !ending_) {
        sleeping_ = true;
        work_.wait(lock);
      }
      sleeping_ = false;
      if (waiting_.empty()) return;
      std::swap(batch, waiting_);
    }
    batch.Empty(answer_);
    flush_();
    // Lets the workers go on first, so that more waits for the next look: answers are fast, and without
    // this every message would find this thread asleep and cost a wake-up.
    std::this_thread::yield();
  }
}

}  // namespace hpsocket::bench
