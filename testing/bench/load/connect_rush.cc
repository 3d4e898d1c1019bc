#include "hpsocket/testing/bench/load/connect_rush.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>

#include "hpsocket/core/base/clock.h"
#include "hpsocket/testing/bench/load/load_failure.h"

namespace hpsocket::bench {
namespace {

constexpr int kPatienceMs = 20000;
constexpr size_t kBetweenLooks = 64;  // connects, before the loop looks at what stands

void Check(int result, const char* what) {
  if (result < 0) FailLoad(std::string(what) + ": " + std::strerror(errno));
}

}  // namespace

ConnectRush::ConnectRush(uint16_t port, size_t message)
    : connector_(port, message), epoll_(epoll_create1(EPOLL_CLOEXEC)), events_(1024) {
  Check(epoll_, "epoll_create1");
}

ConnectRush::~ConnectRush() {
  for (const int fd : sockets_) close(fd);
  close(epoll_);
  connector_.AwaitAccepts();  // the server is done with them
}

LoadSample ConnectRush::Run(unsigned count) {
  const core::Clock& clock = core::Clock::System();
  const core::TimePoint started = clock.Now();
  while (sockets_.size() < count) {
    Begin();
    if (sockets_.size() % kBetweenLooks == 0) TakeReady(0);
  }
  while (established_ < count) TakeReady(kPatienceMs);
  LoadSample sample;
  sample.messages = count;
  sample.seconds = std::chrono::duration<double>(clock.Now() - started).count();
  connector_.AwaitAccepts();
  return sample;
}

void ConnectRush::Begin() {
  const int fd = connector_.BeginToConnect();
  sockets_.push_back(fd);
  epoll_event event{};
  event.events = EPOLLOUT;
  event.data.fd = fd;
  Check(epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
}

void ConnectRush::TakeReady(int timeout_ms) {
  const int count = epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), timeout_ms);
  if (count < 0 && errno != EINTR) FailLoad(std::strerror(errno));
  if (count == 0 && timeout_ms > 0) FailLoad("connections are not established");
  for (int i = 0; i < count; ++i) Establish(events_[static_cast<size_t>(i)].data.fd);
}

void ConnectRush::Establish(int fd) {
  int error = 0;
  socklen_t length = sizeof(error);
  Check(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length), "SO_ERROR");
  if (error != 0) FailLoad(std::string("connect: ") + std::strerror(error));
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  Check(epoll_ctl(epoll_, EPOLL_CTL_MOD, fd, &event), "epoll_ctl");
  ++established_;
}

}  // namespace hpsocket::bench
