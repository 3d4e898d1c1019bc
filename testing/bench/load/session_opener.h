// Internal to testing/bench. Tests only.
//
// Makes a UDP server have many sessions, without keeping a socket for each: one address and port after
// the other is heard once, answered, and silent from then on.
//
// Threads:  one.
// Errors:   end the program.
#ifndef HPSOCKET_TESTING_BENCH_LOAD_SESSION_OPENER_H_
#define HPSOCKET_TESTING_BENCH_LOAD_SESSION_OPENER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hpsocket::bench {

class SessionOpener {
 public:
  explicit SessionOpener(uint16_t port) : port_(port) {}

  // So many more sessions; each sends a datagram of that length (0: the heartbeat) and gets it back.
  void Open(unsigned count, size_t length);

 private:
  int NextSocket();

  const uint16_t port_;
  uint32_t next_ = 0;
};

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_LOAD_SESSION_OPENER_H_
