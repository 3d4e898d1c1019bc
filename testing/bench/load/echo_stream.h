// Internal to testing/bench. Tests only.
//
// One TCP connection of the load generator.
//
// Threads:  one.
// Owner:    of the descriptor.
// Errors:   end the program, as EchoAccount's.
// Units:    nanoseconds.
#ifndef HPSOCKET_TESTING_BENCH_LOAD_ECHO_STREAM_H_
#define HPSOCKET_TESTING_BENCH_LOAD_ECHO_STREAM_H_

#include <cstdint>

#include "hpsocket/testing/bench/load/echo_account.h"

namespace hpsocket::bench {

class EchoStream {
 public:
  EchoStream(int fd, uint64_t number, StreamShare& share);
  EchoStream(EchoStream&& other) noexcept;
  EchoStream& operator=(EchoStream&&) = delete;
  ~EchoStream();

  int fd() const { return fd_; }
  uint64_t outstanding() const { return account_.outstanding(); }

  // That many more messages are due, since `due`; they leave with the next Flush().
  void Offer(uint64_t messages, int64_t due) { account_.Offer(messages, due); }

  // Sends what the socket takes. The rest goes when an answer comes: bytes that fill the socket are
  // under way to the server, so one will.
  void Flush();

  // Reads once, checks, and says how many messages are complete with that.
  uint64_t Receive(int64_t now);

  // Whether the server has closed, as it should have after what it has answered: more bytes, or a reset, are
  // a failure.
  bool Ended();

 private:
  int fd_;
  StreamShare& share_;
  EchoAccount account_;
};

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_LOAD_ECHO_STREAM_H_
