#include "hpsocket/testing/bench/load/pattern.h"

#include <cstring>
#include <random>

namespace hpsocket::bench {

Pattern::Pattern() : bytes_(kPeriod + kSpan) {
  std::mt19937 random(1);  // NOLINT: the same bytes in every run
  for (size_t i = 0; i < kPeriod; ++i) bytes_[i] = static_cast<uint8_t>(random());
  for (size_t i = kPeriod; i < bytes_.size(); ++i) bytes_[i] = bytes_[i - kPeriod];
}

bool Pattern::Matches(uint64_t position, const uint8_t* data, size_t length) const {
  return std::memcmp(At(position), data, length) == 0;
}

}  // namespace hpsocket::bench
