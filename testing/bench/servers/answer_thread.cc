#include "hpsocket/testing/bench/servers/answer_thread.h"

#include <utility>

namespace hpsocket::bench {

AnswerThread::AnswerThread(Answer answer) : answer_(std::move(answer)), thread_([this] { Run(); }) {}

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
    waiting_.entries.push_back({id, length});
    waiting_.bytes.insert(waiting_.bytes.end(), data, data + length);
    wake = std::exchange(sleeping_, false);
  }
  if (wake) work_.notify_one();
}

void AnswerThread::Run() {
  Batch batch;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      while (waiting_.entries.empty() && !ending_) {
        sleeping_ = true;
        work_.wait(lock);
      }
      sleeping_ = false;
      if (waiting_.entries.empty()) return;
      std::swap(batch, waiting_);
    }
    AnswerAll(batch);
    // Lets the workers go on first, so that more waits for the next look: answers are fast, and without
    // this every message would find this thread asleep and cost a wake-up.
    std::this_thread::yield();
  }
}

void AnswerThread::AnswerAll(Batch& batch) const {
  const uint8_t* data = batch.bytes.data();
  for (const Entry& entry : batch.entries) {
    answer_(entry.id, data, entry.length);
    data += entry.length;
  }
  batch.entries.clear();
  batch.bytes.clear();
}

}  // namespace hpsocket::bench
