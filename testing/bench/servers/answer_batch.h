// Internal to testing/bench. Tests only.
//
// Messages on their way between two threads: copies of them, one behind the other.
//
// Threads:  one at a time.
// Owner:    of the bytes.
#ifndef HPSOCKET_TESTING_BENCH_SERVERS_ANSWER_BATCH_H_
#define HPSOCKET_TESTING_BENCH_SERVERS_ANSWER_BATCH_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "hpsocket/core/api/types.h"

namespace hpsocket::bench {

class AnswerBatch {
 public:
  bool empty() const { return entries_.empty(); }

  void Add(CONNID id, const uint8_t* data, int length) {
    entries_.push_back({id, length});
    bytes_.insert(bytes_.end(), data, data + length);
  }

  // Takes what is in `other`, behind its own.
  void Take(AnswerBatch& other) {
    if (empty()) {
      std::swap(*this, other);
      return;
    }
    entries_.insert(entries_.end(), other.entries_.begin(), other.entries_.end());
    bytes_.insert(bytes_.end(), other.bytes_.begin(), other.bytes_.end());
    other.entries_.clear();
    other.bytes_.clear();
  }

  // Calls `answer(id, data, length)` for each and forgets them.
  template <class Answer>
  void Empty(const Answer& answer) {
    const uint8_t* data = bytes_.data();
    for (const Entry& entry : entries_) {
      answer(entry.id, data, entry.length);
      data += entry.length;
    }
    entries_.clear();
    bytes_.clear();
  }

 private:
  struct Entry {
    CONNID id;
    int length;
  };

  std::vector<Entry> entries_;
  std::vector<uint8_t> bytes_;
};

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_SERVERS_ANSWER_BATCH_H_
