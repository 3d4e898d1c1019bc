// Internal to testing/bench. Tests only.
//
// An application's own thread that answers what the workers hand it: it takes everything that waits
// at once, and is woken only when it sleeps.
//
// Threads:  Hand() any.
// Owner:    of copies of the bytes.
// Lifetime: the destructor answers what is left.
#ifndef HPSOCKET_TESTING_BENCH_SERVERS_ANSWER_THREAD_H_
#define HPSOCKET_TESTING_BENCH_SERVERS_ANSWER_THREAD_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/bench/servers/answer_batch.h"

namespace hpsocket::bench {

class AnswerThread {
 public:
  using Answer = std::function<void(CONNID, const uint8_t*, int)>;

  // `flush`: called after each batch of answers.
  explicit AnswerThread(
      Answer answer, std::function<void()> flush = [] {});
  AnswerThread(const AnswerThread&) = delete;
  AnswerThread& operator=(const AnswerThread&) = delete;
  ~AnswerThread();

  void Hand(CONNID id, const uint8_t* data, int length);

 private:
  void Run();

  const Answer answer_;
  const std::function<void()> flush_;
  std::mutex mutex_;
  std::condition_variable work_;
  AnswerBatch waiting_;    // guarded by mutex_
  bool sleeping_ = false;  // guarded by mutex_
  bool ending_ = false;    // guarded by mutex_
  std::thread thread_;
};

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_SERVERS_ANSWER_THREAD_H_
