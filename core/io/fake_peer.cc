#include "hpsocket/core/io/fake_peer.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace hpsocket::core {

int FakePeer::StartConnect(const Address& address) {
  HP_CHECK(fd_ < 0);
  fd_ = world_.kernel().NewSocket(address.family(), true);
  return world_.kernel().StartConnect(fd_, address);
}

int FakePeer::Connect(const Address& address, Duration patience) {
  const int started = StartConnect(address);
  if (started < 0) return started;
  FakeKernel& kernel = world_.kernel();
  world_.RunUntil([this, &kernel] { return kernel.ConnectResult(fd_) != -EINPROGRESS; }, patience);
  const int result = kernel.ConnectResult(fd_);
  return result == -EINPROGRESS ? -EAGAIN : result;
}

int FakePeer::Listen(const Address& address, int backlog) {
  HP_CHECK(fd_ < 0);
  FakeKernel& kernel = world_.kernel();
  fd_ = kernel.NewSocket(address.family(), true);
  kernel.SetOption(fd_, SOL_SOCKET, SO_REUSEADDR, 1);
  const int bound = kernel.Bind(fd_, address);
  return bound < 0 ? bound : kernel.Listen(fd_, backlog);
}

std::unique_ptr<FakePeer> FakePeer::TryAccept() {
  Address address;
  const int fd = world_.kernel().Accept(fd_, &address);
  if (fd < 0) return nullptr;
  auto peer = std::make_unique<FakePeer>(world_);
  peer->fd_ = fd;
  return peer;
}

std::unique_ptr<FakePeer> FakePeer::Accept(Duration patience) {
  world_.RunUntil([this] { return world_.kernel().Acceptable(fd_); }, patience);
  return TryAccept();
}

int64_t FakePeer::TrySend(const char* data, size_t length) {
  const iovec piece{const_cast<char*>(data), length};
  return world_.kernel().Write(fd_, &piece, 1, length);
}

int64_t FakePeer::TryReceive(char* data, size_t length) {
  if (!world_.kernel().Readable(fd_)) return -EAGAIN;
  return world_.kernel().Read(fd_, reinterpret_cast<uint8_t*>(data), length);
}

size_t FakePeer::Send(const std::string& bytes, Duration patience) {
  size_t sent = 0;
  world_.RunUntil(
      [this, &bytes, &sent] {
        while (sent < bytes.size()) {
          const int64_t result = TrySend(bytes.data() + sent, bytes.size() - sent);
          if (result < 0) return result != -EAGAIN;
          sent += static_cast<size_t>(result);
        }
        return true;
      },
      patience);
  return sent;
}

std::string FakePeer::Receive(size_t length, Duration patience) {
  std::string bytes;
  world_.RunUntil(
      [this, &bytes, length] {
        char block[4096];
        while (bytes.size() < length) {
          const int64_t result = TryReceive(block, std::min(sizeof(block), length - bytes.size()));
          if (result <= 0) return result != -EAGAIN;
          bytes.append(block, static_cast<size_t>(result));
        }
        return true;
      },
      patience);
  return bytes;
}

int64_t FakePeer::AwaitEnd(Duration patience) {
  int64_t result = -EAGAIN;
  world_.RunUntil(
      [this, &result] {
        char block[4096];
        // An error is told once.
        while (result > 0 || result == -EAGAIN) {
          result = TryReceive(block, sizeof(block));
          if (result == -EAGAIN) break;
        }
        return result != -EAGAIN;
      },
      patience);
  return result;
}

void FakePeer::ShutdownWrite() { world_.kernel().ShutdownWrite(fd_); }

void FakePeer::Reset() {
  if (fd_ < 0) return;
  world_.kernel().SetAbortOnClose(fd_);
  Close();
}

void FakePeer::Close() {
  if (fd_ >= 0) world_.kernel().Close(std::exchange(fd_, -1));
}

void FakePeer::SetBuffers(int send, int receive) {
  world_.kernel().SetOption(fd_, SOL_SOCKET, SO_SNDBUF, send);
  world_.kernel().SetOption(fd_, SOL_SOCKET, SO_RCVBUF, receive);
}

Address FakePeer::local_address() const {
  Address address;
  world_.kernel().LocalAddress(fd_, &address);
  return address;
}

}  // namespace hpsocket::core
