#include "hpsocket/testing/bench/load/echo_stream.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_format.h"
#include "hpsocket/testing/bench/load/load_failure.h"

namespace hpsocket::bench {

EchoStream::EchoStream(int fd, uint64_t number, StreamShare& share)
    : fd_(fd), share_(share), account_(number, share) {}

EchoStream::EchoStream(EchoStream&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), share_(other.share_), account_(std::move(other.account_)) {}

EchoStream::~EchoStream() {
  if (fd_ >= 0) close(fd_);
}

void EchoStream::Flush() {
  for (EchoAccount::Piece piece = account_.Unsent(); piece.length > 0; piece = account_.Unsent()) {
    const ssize_t result = send(fd_, piece.data, piece.length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (result < 0 && errno == EAGAIN) return;
    if (result < 0) {
      FailLoad(absl::StrFormat("send on connection %u: %s", account_.number(), std::strerror(errno)));
    }
    account_.NoteSent(static_cast<size_t>(result));
    if (static_cast<size_t>(result) < piece.length) return;
  }
}

uint64_t EchoStream::Receive(int64_t now) {
  const ssize_t result = recv(fd_, share_.buffer.data(), share_.buffer.size(), MSG_DONTWAIT);
  if (result < 0 && errno == EAGAIN) return 0;
  if (result <= 0) {
    FailLoad(absl::StrFormat("connection %u ended by the server after %u bytes: %s", account_.number(),
                             account_.received(), result == 0 ? "closed" : std::strerror(errno)));
  }
  return account_.Take(share_.buffer.data(), static_cast<size_t>(result), now);
}

bool EchoStream::Ended() {
  const ssize_t result = recv(fd_, share_.buffer.data(), 1, MSG_DONTWAIT);
  if (result < 0 && errno == EAGAIN) return false;
  if (result != 0) {
    FailLoad(absl::StrFormat("connection %u was not closed after its answer: %s", account_.number(),
                             result > 0 ? "more bytes" : std::strerror(errno)));
  }
  return true;
}

}  // namespace hpsocket::bench
