#include "hpsocket/testing/bench/load/echo_account.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "hpsocket/testing/bench/load/load_failure.h"

namespace hpsocket::bench {

void EchoAccount::Offer(uint64_t messages, int64_t due) {
  target_ += messages * share_.message;
  for (; messages > 0; --messages) stamps_.Push(due);
}

EchoAccount::Piece EchoAccount::Unsent() const {
  return {share_.pattern.At(start_ + sent_),
          static_cast<size_t>(std::min<uint64_t>(target_ - sent_, Pattern::kSpan))};
}

uint64_t EchoAccount::Take(const uint8_t* data, size_t length, int64_t now) {
  if (length > sent_ - received_) {
    FailLoad(absl::StrFormat("connection %u got %u bytes that nobody has sent", number_,
                             length - (sent_ - received_)));
  }
  if (!share_.pattern.Matches(start_ + received_, data, length)) {
    FailLoad(absl::StrFormat("connection %u got wrong bytes in %u .. %u", number_, received_,
                             received_ + length - 1));
  }
  const uint64_t before = received_ / share_.message;
  received_ += length;
  const uint64_t complete = received_ / share_.message - before;
  for (uint64_t i = 0; i < complete; ++i) share_.latencies.Record(now - stamps_.Pop());
  share_.completed += complete;
  return complete;
}

void EchoAccount::Stamps::Push(int64_t stamp) {
  if (count_ == ring_.size()) {
    std::rotate(ring_.begin(), ring_.begin() + static_cast<std::ptrdiff_t>(head_), ring_.end());
    head_ = 0;
    ring_.resize(ring_.size() * 2);
  }
  ring_[(head_ + count_++) & (ring_.size() - 1)] = stamp;
}

int64_t EchoAccount::Stamps::Pop() {
  const int64_t stamp = ring_[head_];
  head_ = (head_ + 1) & (ring_.size() - 1);
  --count_;
  return stamp;
}

}  // namespace hpsocket::bench
