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
#include <vector>

#include "hpsocket/core/api/types.h"

namespace hpsocket::bench {

class AnswerThread {
 public:
  using Answer = std::function<void(CONNID, const uint8_t*, int)>;

  explicit AnswerThread(Answer answer);
  AnswerThread(const AnswerThread&) = delete;
  AnswerThread& operator=(const AnswerThread&) = delete;
  ~AnswerThread();

  void Hand(CONNID id, const uint8_t* data, int length);

 private:
  struct Entry {
    CONNID id;
    int length;
  };

  struct Batch {
    std::vector<Entry> entries;
    std::vector<uint8_t> bytes;
  };

  void Run();
  void AnswerAll(Batch& batch) const;

  const Answer answer_;
  std::mutex mutex_;
  std::condition_variable work_;
  Batch waiting_;          // guarded by mutex_
  bool sleeping_ = false;  // guarded by mutex_
  bool ending_ = false;    // guarded by mutex_
  std::thread thread_;
};

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_SERVERS_ANSWER_THREAD_H_
