// Internal to testing/bench. Tests only.
//
// What the load generator sends and expects back: one endless stream of random bytes that repeats
// after a prime number of them. Every connection starts at its own place, so bytes that are lost,
// doubled, late or another connection's do not fit.
//
// Threads:  any.
// Units:    bytes; positions count from the start of the stream.
#ifndef HPSOCKET_TESTING_BENCH_LOAD_PATTERN_H_
#define HPSOCKET_TESTING_BENCH_LOAD_PATTERN_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hpsocket::bench {

class Pattern {
 public:
  // No message is a multiple of it.
  static constexpr size_t kPeriod = 65521;
  // What can be had in one piece from any position.
  static constexpr size_t kSpan = size_t{256} << 10;

  Pattern();

  const uint8_t* At(uint64_t position) const { return bytes_.data() + position % kPeriod; }

  // Whether `data` is the stream at `position`. At most kSpan bytes.
  bool Matches(uint64_t position, const uint8_t* data, size_t length) const;

  // Where the connection with that number starts.
  static uint64_t Start(uint64_t connection) { return connection * 7919 % kPeriod; }

 private:
  std::vector<uint8_t> bytes_;
};

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_LOAD_PATTERN_H_
