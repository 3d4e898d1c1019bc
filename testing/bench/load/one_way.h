// Internal to testing/bench. Tests only.
//
// Datagrams in one direction, as many as it can: to the server, which says how many it received, or
// from it, which says how many it sent. The load's end uses segmentation and coalescing (UDP_SEGMENT,
// UDP_GRO), so that it is not what limits.
//
// Threads:  one.
// Owner:    of its socket.
// Errors:   end the program: a server that does not answer, datagrams that cannot be.
#ifndef HPSOCKET_TESTING_BENCH_LOAD_ONE_WAY_H_
#define HPSOCKET_TESTING_BENCH_LOAD_ONE_WAY_H_

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "hpsocket/core/base/clock.h"
#include "hpsocket/testing/bench/blast.h"
#include "hpsocket/testing/bench/load/load_sample.h"

namespace hpsocket::bench {

class OneWay {
 public:
  OneWay(uint16_t port, size_t message);
  OneWay(const OneWay&) = delete;
  OneWay& operator=(const OneWay&) = delete;
  ~OneWay();

  // To the server. Messages: what it received. Lost: what it did not.
  LoadSample Blast(core::Duration duration);
  // From the server. Messages: what it sent. Lost: what did not arrive here.
  LoadSample Drain(core::Duration duration);

 private:
  void SendSegments();
  void SendNote(const BlastNote& note) const;
  // What the server answers. Datagrams that come before are counted; asks again while nothing comes.
  uint64_t Ask(BlastNote::Wish wish);
  // Takes what one receive call gives, if anything comes within that time.
  bool TakeNext(int timeout_ms);

  const int fd_;
  const size_t message_;
  std::vector<uint8_t> outgoing_;
  std::vector<uint8_t> incoming_;
  uint64_t next_number_ = 1;
  BlastTally tally_;
  uint64_t question_ = 0;  // the last one
  std::optional<uint64_t> answer_;
};

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_LOAD_ONE_WAY_H_
