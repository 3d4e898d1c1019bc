// Internal to testing/bench. Tests only.
//
// One connected UDP socket of a load: a message is a datagram, some leave and come with one call.
// Loopback loses nothing while few are outstanding, so one that does not come back stops the load.
//
// Threads:  one.
// Owner:    of the descriptor.
// Errors:   end the program, as EchoAccount's.
// Units:    nanoseconds.
#ifndef HPSOCKET_TESTING_BENCH_LOAD_DATAGRAM_STREAM_H_
#define HPSOCKET_TESTING_BENCH_LOAD_DATAGRAM_STREAM_H_

#include <cstdint>

#include "hpsocket/testing/bench/load/echo_account.h"

namespace hpsocket::bench {

class DatagramStream {
 public:
  DatagramStream(int fd, uint64_t number, StreamShare& share);
  DatagramStream(DatagramStream&& other) noexcept;
  DatagramStream& operator=(DatagramStream&&) = delete;
  ~DatagramStream();

  int fd() const { return fd_; }

  // As EchoStream's.
  void Offer(uint64_t messages, int64_t due) { account_.Offer(messages, due); }
  void Flush();
  uint64_t Receive(int64_t now);

 private:
  int fd_;
  StreamShare& share_;
  EchoAccount account_;
};

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_LOAD_DATAGRAM_STREAM_H_
