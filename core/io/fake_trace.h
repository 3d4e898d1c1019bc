// Internal to core. Tests only.
//
// What happened in a simulated world, in order: a hash of everything, to compare runs, and the last
// events as text, to read.
//
// Threads:  the world's one thread.
#ifndef HPSOCKET_CORE_IO_FAKE_TRACE_H_
#define HPSOCKET_CORE_IO_FAKE_TRACE_H_

#include <cstdint>
#include <deque>
#include <string>

namespace hpsocket::core {

class FakeTrace {
 public:
  // `what` is a literal; its characters are hashed, not its address.
  void Add(const char* what, int64_t first = 0, int64_t second = 0) {
    for (const char* c = what; *c != '\0'; ++c) Mix(static_cast<uint64_t>(*c));
    Mix(static_cast<uint64_t>(first));
    Mix(static_cast<uint64_t>(second));
    ++count_;
    tail_.push_back({what, first, second});
    if (tail_.size() > kTail) tail_.pop_front();
  }

  uint64_t hash() const { return hash_; }
  uint64_t count() const { return count_; }

  std::string TailText() const {
    std::string text;
    for (const Event& event : tail_) {
      text += "    " + std::string(event.what) + " " + std::to_string(event.first) + " " +
              std::to_string(event.second) + "\n";
    }
    return text;
  }

 private:
  static constexpr size_t kTail = 64;

  struct Event {
    const char* what;
    int64_t first;
    int64_t second;
  };

  void Mix(uint64_t word) {
    hash_ ^= word;
    hash_ *= 0x100000001b3;
    hash_ ^= hash_ >> 29;
  }

  uint64_t hash_ = 0xcbf29ce484222325;
  uint64_t count_ = 0;
  std::deque<Event> tail_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_FAKE_TRACE_H_
