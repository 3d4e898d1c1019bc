// Internal to testing/bench. Tests only.
//
// What one connection of a load has to get back: it says which bytes of the pattern are to be sent,
// checks every byte that comes back and times each message from the moment at which it was due. How
// the bytes travel is its owner's business.
//
// Threads:  one at a time.
// Errors:   end the program: a benchmark of a server that gives wrong bytes says nothing.
// Units:    bytes, nanoseconds.
#ifndef HPSOCKET_TESTING_BENCH_LOAD_ECHO_ACCOUNT_H_
#define HPSOCKET_TESTING_BENCH_LOAD_ECHO_ACCOUNT_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hpsocket/testing/bench/load/latency_histogram.h"
#include "hpsocket/testing/bench/load/pattern.h"

namespace hpsocket::bench {

// Shared by all connections of a process.
struct StreamShare {
  StreamShare(size_t bytes_of_message) : message(bytes_of_message), buffer(Pattern::kSpan) {}

  const size_t message;
  const Pattern pattern;
  std::vector<uint8_t> buffer;
  LatencyHistogram latencies;
  uint64_t completed = 0;  // messages
};

class EchoAccount {
 public:
  EchoAccount(uint64_t number, StreamShare& share)
      : number_(number), start_(Pattern::Start(number)), share_(share) {}

  uint64_t number() const { return number_; }
  uint64_t outstanding() const { return (target_ - received_) / share_.message; }
  uint64_t received() const { return received_; }

  // That many more messages are due, since `due`.
  void Offer(uint64_t messages, int64_t due);

  // What is due and has not been sent, or as much of it as can be had in one piece.
  struct Piece {
    const uint8_t* data;
    size_t length;
  };
  Piece Unsent() const;
  void NoteSent(size_t length) { sent_ += length; }

  // Has received that: says how many messages are complete with it.
  uint64_t Take(const uint8_t* data, size_t length, int64_t now);

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

  const uint64_t number_;
  const uint64_t start_;  // in the pattern
  StreamShare& share_;
  uint64_t target_ = 0;
  uint64_t sent_ = 0;
  uint64_t received_ = 0;
  Stamps stamps_;
};

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_LOAD_ECHO_ACCOUNT_H_
