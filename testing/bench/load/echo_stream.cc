#include "hpsocket/testing/bench/load/echo_stream.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "hpsocket/testing/bench/load/load_failure.h"

namespace hpsocket::bench {

EchoStream::EchoStream(int fd, uint64_t number, StreamShare& share)
    : fd_(fd), number_(number), start_(Pattern::Start(number)), share_(share) {}

EchoStream::EchoStream(EchoStream&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      number_(other.number_),
      start_(other.start_),
      share_(other.share_),
      target_(other.target_),
      sent_(other.sent_),
      received_(other.received_),
      stamps_(std::move(other.stamps_)) {}

EchoStream::~EchoStream() {
  if (fd_ >= 0) close(fd_);
}

void EchoStream::Offer(uint64_t messages, int64_t due) {
  target_ += messages * share_.message;
  for (; messages > 0; --messages) stamps_.Push(due);
}

void EchoStream::Flush() {
  while (sent_ < target_) {
    const size_t length = static_cast<size_t>(std::min<uint64_t>(target_ - sent_, Pattern::kSpan));
    const ssize_t result = send(fd_, share_.pattern.At(start_ + sent_), length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (result < 0 && errno == EAGAIN) return;
    if (result < 0) FailLoad(absl::StrFormat("send on connection %u: %s", number_, std::strerror(errno)));
    sent_ += static_cast<uint64_t>(result);
    if (static_cast<size_t>(result) < length) return;
  }
}

uint64_t EchoStream::Receive(int64_t now) {
  const ssize_t result = recv(fd_, share_.buffer.data(), share_.buffer.size(), MSG_DONTWAIT);
  if (result < 0 && errno == EAGAIN) return 0;
  if (result <= 0) {
    FailLoad(absl::StrFormat("connection %u ended by the server after %u bytes: %s", number_, received_,
                             result == 0 ? "closed" : std::strerror(errno)));
  }
  const size_t length = static_cast<size_t>(result);
  if (length > sent_ - received_) {
    FailLoad(absl::StrFormat("connection %u got %u bytes that nobody has sent", number_,
                             length - (sent_ - received_)));
  }
  if (!share_.pattern.Matches(start_ + received_, share_.buffer.data(), length)) {
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

void EchoStream::Stamps::Push(int64_t stamp) {
  if (count_ == ring_.size()) {
    std::rotate(ring_.begin(), ring_.begin() + static_cast<std::ptrdiff_t>(head_), ring_.end());
    head_ = 0;
    ring_.resize(ring_.size() * 2);
  }
  ring_[(head_ + count_++) & (ring_.size() - 1)] = stamp;
}

int64_t EchoStream::Stamps::Pop() {
  const int64_t stamp = ring_[head_];
  head_ = (head_ + 1) & (ring_.size() - 1);
  --count_;
  return stamp;
}

}  // namespace hpsocket::bench
