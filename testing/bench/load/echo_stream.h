// Internal to testing/bench. Tests only.
//
// One connection of the load generator: sends messages of the pattern, checks every byte that comes
// back and times each message from the moment at which it was due.
//
// Threads:  one.
// Owner:    of the descriptor.
// Errors:   end the program: a benchmark of a server that gives wrong bytes says nothing.
// Units:    bytes, nanoseconds.
#ifndef HPSOCKET_TESTING_BENCH_LOAD_ECHO_STREAM_H_
#define HPSOCKET_TESTING_BENCH_LOAD_ECHO_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hpsocket/testing/bench/load/latency_histogram.h"
#include "hpsocket/testing/bench/load/pattern.h"

namespace hpsocket::bench {

// Shared by all streams of a process.
struct StreamShare {
  StreamShare(size_t bytes_of_message) : message(bytes_of_message), buffer(Pattern::kSpan) {}

  const size_t message;
  const Pattern pattern;
  std::vector<uint8_t> buffer;
  LatencyHistogram latencies;
  uint64_t completed = 0;  // messages
};

class EchoStream {
 public:
  EchoStream(int fd, uint64_t number, StreamShare& share);
  EchoStream(EchoStream&& other) noexcept;
  EchoStream& operator=(EchoStream&&) = delete;
  ~EchoStream();

  int fd() const { return fd_; }
  uint64_t outstanding() const { return (target_ - received_) / share_.message; }

  // That many more messages are due, since `due`; they leave with the next Flush().
  void Offer(uint64_t messages, int64_t due);

  // Sends what the socket takes. The rest goes when an answer comes: bytes that fill the socket are
  // under way to the server, so one will.
  void Flush();

  // Reads once, checks, and says how many messages are complete with that.
  uint64_t Receive(int64_t now);

 private:
  // Due times of outstanding messages, oldest first.
  class Stamps {
   public:
    void Push(int64_t stamp);
    int64_t Pop();

   private:
    std::vector<int64_t> ring_ = std::vector<int64_t>(2);
    size_t head_ = 0;
    size_t count_ = 0;
  };

  int fd_;
  const uint64_t number_;
  const uint64_t start_;  // in the pattern
  StreamShare& share_;
  uint64_t target_ = 0;
  uint64_t sent_ = 0;
  uint64_t received_ = 0;
  Stamps stamps_;
};

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_LOAD_ECHO_STREAM_H_
