#include "hpsocket/sdk/demos/common_pfm/pattern.h"

#include <algorithm>
#include <cstring>
#include <random>

namespace hpsocket::demos {

Pattern::Pattern(size_t longest) : longest_(std::max<size_t>(longest, 4096)) {
  std::mt19937 generator(20150101);  // any fixed seed: both sides of a comparison are this table
  table_.resize(kPeriod + longest_);
  for (size_t i = 0; i < table_.size(); ++i) {
    table_[i] = i < kPeriod ? static_cast<uint8_t>(generator()) : table_[i - kPeriod];
  }
}

const uint8_t* Pattern::At(size_t index, uint64_t position) const {
  // A stride that is far from every small multiple of kPeriod keeps neighbours' streams apart.
  const uint64_t start = static_cast<uint64_t>(index) * 25013;
  return table_.data() + (start + position) % kPeriod;
}

size_t Pattern::Match(size_t index, uint64_t position, const uint8_t* data, size_t length) const {
  size_t matched = 0;
  while (matched < length) {
    const uint8_t* const expected = At(index, position + matched);
    const size_t piece = std::min(length - matched, longest_);
    if (std::memcmp(expected, data + matched, piece) != 0) {
      return matched +
             static_cast<size_t>(std::mismatch(expected, expected + piece, data + matched).first - expected);
    }
    matched += piece;
  }
  return matched;
}

}  // namespace hpsocket::demos
