// Internal to the demos.
//
// What the connections send. The original sends zeros, which an echo could lose, repeat, reorder or
// mix up between connections unnoticed as long as the number is right. Here every position of every
// connection's stream has its own byte, so each received byte can be checked where it arrives.
//
// The bytes come from one table of pseudo-random values that repeats after a prime number of bytes;
// connections begin at different places in it. So sending needs no copy and checking is a memcmp.
//
// Threads:  any, after construction.
// Units:    bytes; positions count from the connection's start.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_PFM_PATTERN_H_
#define HPSOCKET_SDK_DEMOS_COMMON_PFM_PATTERN_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hpsocket::demos {

class Pattern {
 public:
  // `longest`: most bytes that At gives in one piece.
  explicit Pattern(size_t longest);

  // The bytes of connection `index` from `position` on, at least `longest` of them.
  const uint8_t* At(size_t index, uint64_t position) const;

  // How many of the `length` bytes at `data` are what belongs there, up to the first that is not.
  size_t Match(size_t index, uint64_t position, const uint8_t* data, size_t length) const;

 private:
  static constexpr size_t kPeriod = 65521;  // prime

  const size_t longest_;
  std::vector<uint8_t> table_;
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_PFM_PATTERN_H_
