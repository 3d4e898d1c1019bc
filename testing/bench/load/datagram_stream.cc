#include "hpsocket/testing/bench/load/datagram_stream.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_format.h"
#include "hpsocket/testing/bench/load/load_failure.h"

namespace hpsocket::bench {
namespace {

constexpr size_t kBatch = 16;

// Places for some messages of one length.
class Batch {
 public:
  Batch() {
    for (size_t i = 0; i < kBatch; ++i) {
      headers_[i].msg_hdr.msg_iov = &pieces_[i];
      headers_[i].msg_hdr.msg_iovlen = 1;
    }
  }

  mmsghdr* Fill(const uint8_t* data, size_t message, size_t count) {
    for (size_t i = 0; i < count; ++i) pieces_[i] = {const_cast<uint8_t*>(data) + i * message, message};
    return headers_.data();
  }
  size_t length(size_t index) const { return headers_[index].msg_len; }

 private:
  std::array<mmsghdr, kBatch> headers_{};
  std::array<iovec, kBatch> pieces_{};
};

Batch& TheBatch() {
  static Batch batch;
  return batch;
}

}  // namespace

DatagramStream::DatagramStream(int fd, uint64_t number, StreamShare& share)
    : fd_(fd), share_(share), account_(number, share) {}

DatagramStream::DatagramStream(DatagramStream&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), share_(other.share_), account_(std::move(other.account_)) {}

DatagramStream::~DatagramStream() {
  if (fd_ >= 0) close(fd_);
}

void DatagramStream::Flush() {
  for (EchoAccount::Piece piece = account_.Unsent(); piece.length > 0; piece = account_.Unsent()) {
    const size_t count = std::min(kBatch, piece.length / share_.message);
    mmsghdr* const headers = TheBatch().Fill(piece.data, share_.message, count);
    const int sent = sendmmsg(fd_, headers, static_cast<unsigned>(count), MSG_DONTWAIT);
    if (sent < 0) FailLoad(absl::StrFormat("send on socket %u: %s", account_.number(), std::strerror(errno)));
    account_.NoteSent(static_cast<size_t>(sent) * share_.message);
  }
}

uint64_t DatagramStream::Receive(int64_t now) {
  // One byte more than a message has shows one that is longer.
  const size_t room = share_.message + 1;
  Batch& batch = TheBatch();
  mmsghdr* const headers = batch.Fill(share_.buffer.data(), room, kBatch);
  const int count = recvmmsg(fd_, headers, kBatch, MSG_DONTWAIT, nullptr);
  if (count < 0 && errno == EAGAIN) return 0;
  if (count < 0) FailLoad(absl::StrFormat("socket %u: %s", account_.number(), std::strerror(errno)));
  uint64_t complete = 0;
  for (size_t i = 0; i < static_cast<size_t>(count); ++i) {
    if (batch.length(i) != share_.message) {
      FailLoad(absl::StrFormat("socket %u got a datagram of %u bytes", account_.number(), batch.length(i)));
    }
    complete += account_.Take(share_.buffer.data() + i * room, share_.message, now);
  }
  return complete;
}

}  // namespace hpsocket::bench
