#include "hpsocket/core/io/kernel_contract_world.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "hpsocket/core/base/check.h"

namespace hpsocket::core {
namespace {

class KernelPeer final : public ContractPeer {
 public:
  explicit KernelPeer(int fd) : fd_(fd) { HP_CHECK(fd >= 0); }
  ~KernelPeer() override { Close(); }

  int64_t TryWrite(const char* data, size_t length) override {
    const ssize_t written = send(fd_, data, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    return written < 0 ? -errno : written;
  }

  int64_t TryRead(char* data, size_t length) override {
    const ssize_t read = recv(fd_, data, length, MSG_DONTWAIT);
    return read < 0 ? -errno : read;
  }

  void ShutdownWrite() override { shutdown(fd_, SHUT_WR); }

  void Close() override {
    if (fd_ >= 0) close(std::exchange(fd_, -1));
  }

  void Reset() override {
    Network::System().SetAbortOnClose(fd_);
    Close();
  }

 private:
  int fd_;
};

class KernelListener final : public ContractListener {
 public:
  KernelListener(int fd, const Address& address) : fd_(fd), address_(address) {
    HP_CHECK(listen(fd, SOMAXCONN) == 0);
  }
  ~KernelListener() override { close(fd_); }

  Address address() const override { return address_; }

  std::unique_ptr<ContractPeer> TryAccept() override {
    const int fd = accept4(fd_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    return fd < 0 ? nullptr : std::make_unique<KernelPeer>(fd);
  }

 private:
  const int fd_;
  const Address address_;
};

int BeginConnect(const Address& address) {
  const int fd = Network::System().OpenStream(address.family());
  HP_CHECK(fd >= 0);
  HP_CHECK(connect(fd, address.get(), address.length()) == 0 || errno == EINPROGRESS);
  return fd;
}

}  // namespace

KernelContractWorld::KernelContractWorld(NewPortFunction new_port) : new_port_(std::move(new_port)) {}

KernelContractWorld::~KernelContractWorld() {
  RestoreDescriptors();
  for (const int fd : kept_open_) close(fd);
}

Address KernelContractWorld::LocalAddress() {
  Address address;
  HP_CHECK(Address::ParseLiteral("127.0.0.1", 0, &address));
  return address;
}

int KernelContractWorld::BoundSocket(Address* bound) {
  const int fd = network().OpenStream(AF_INET);
  HP_CHECK(fd >= 0 && network().Bind(fd, LocalAddress()) == 0 && network().LocalAddress(fd, bound) == 0);
  return fd;
}

std::unique_ptr<ContractListener> KernelContractWorld::NewListener() {
  Address address;
  const int fd = BoundSocket(&address);
  return std::make_unique<KernelListener>(fd, address);
}

std::unique_ptr<ContractPeer> KernelContractWorld::ConnectPeer(const Address& address) {
  return std::make_unique<KernelPeer>(BeginConnect(address));
}

std::unique_ptr<ContractPeer> KernelContractWorld::NewPair(int* fd) {
  if (pair_maker_ == nullptr) pair_maker_ = NewListener();
  *fd = BeginConnect(pair_maker_->address());
  pollfd connected{*fd, POLLOUT, 0};
  HP_CHECK(poll(&connected, 1, 20000) == 1);
  for (;;) {
    std::unique_ptr<ContractPeer> peer = pair_maker_->TryAccept();
    if (peer != nullptr) return peer;
  }
}

Address KernelContractWorld::RefusingAddress() {
  Address address;
  kept_open_.push_back(BoundSocket(&address));  // bound, so that nobody else gets it, and not listening
  return address;
}

Address KernelContractWorld::SilentAddress() {
  Address address;
  const int listener = BoundSocket(&address);
  kept_open_.push_back(listener);
  HP_CHECK(network().Listen(listener, 0) == 0);
  // The first one fills the queue; from then on the kernel drops what asks for a connection.
  for (int i = 0; i < 3; ++i) kept_open_.push_back(BeginConnect(address));
  return address;
}

bool KernelContractWorld::ExhaustDescriptors() {
  rlimit limit{};
  HP_CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
  // The lowest free number is the one that the next descriptor would get.
  const int next = dup(STDERR_FILENO);
  HP_CHECK(next >= 0);
  close(next);
  former_limit_ = limit;
  limit.rlim_cur = static_cast<rlim_t>(next);
  HP_CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
  return true;
}

void KernelContractWorld::RestoreDescriptors() {
  if (former_limit_.has_value()) HP_CHECK(setrlimit(RLIMIT_NOFILE, &*former_limit_) == 0);
  former_limit_.reset();
}

}  // namespace hpsocket::core
