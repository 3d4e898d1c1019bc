#include "hpsocket/sdk/demos/common/console.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <system_error>

namespace hpsocket::demos {
namespace {

using Clock = std::chrono::steady_clock;

int MustHave(int descriptor, const char* what) {
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), what);
  return descriptor;
}

int MillisecondsUntil(const std::optional<Clock::time_point>& deadline) {
  if (!deadline) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now()).count();
  return static_cast<int>(std::clamp<int64_t>(left, 0, 60'000));
}

}  // namespace

Console::Console(UserSignal user_signal) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  if (user_signal == UserSignal::kTake) sigaddset(&signals, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal_fd_ = MustHave(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd");
  wake_fd_ = MustHave(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd");
}

Console::~Console() {
  close(signal_fd_);
  close(wake_fd_);
}

Console::Event Console::Next(std::string* line, std::optional<std::chrono::milliseconds> timeout) {
  std::optional<Clock::time_point> deadline;
  if (timeout) deadline = Clock::now() + *timeout;
  for (;;) {
    // Lines that are already here do not keep signals waiting: a look at the descriptors costs next to
    // nothing.
    const bool have_line =
        input_.find('\n') != std::string::npos || (!reading_ && !ended_ && !input_.empty());
    pollfd watched[] = {
        {signal_fd_, POLLIN, 0}, {wake_fd_, POLLIN, 0}, {reading_ ? STDIN_FILENO : -1, POLLIN, 0}};
    const int ready = poll(watched, 3, have_line ? 0 : MillisecondsUntil(deadline));
    if (ready < 0 && errno != EINTR) return Event::kEnd;
    if (ready > 0 && watched[0].revents != 0) {
      signalfd_siginfo info;
      if (read(signal_fd_, &info, sizeof(info)) == static_cast<ssize_t>(sizeof(info)))
        return info.ssi_signo == SIGUSR1 ? Event::kUserSignal : Event::kSignal;
    }
    if (ready > 0 && watched[1].revents != 0) {
      uint64_t count;
      if (read(wake_fd_, &count, sizeof(count)) == static_cast<ssize_t>(sizeof(count))) return Event::kWake;
    }
    if (TakeLine(line)) return Event::kLine;
    if (ready > 0 && watched[2].revents != 0) {
      ReadSome();
      if (TakeLine(line)) return Event::kLine;
      if (!reading_ && !ended_) {
        ended_ = true;
        return Event::kEnd;
      }
    }
    if (deadline && Clock::now() >= *deadline) return Event::kTimeout;
  }
}

void Console::Wake() {
  const uint64_t one = 1;
  // It cannot fail in a way that matters: a full counter is a wake that is still to be seen.
  [[maybe_unused]] const ssize_t written = write(wake_fd_, &one, sizeof(one));
}

bool Console::TakeLine(std::string* line) {
  const size_t end = input_.find('\n');
  if (end != std::string::npos) {
    *line = input_.substr(0, end);
    input_.erase(0, end + 1);
    return true;
  }
  if (reading_ || input_.empty()) return false;
  *line = std::move(input_);  // stdin ended without a line end
  input_.clear();
  return true;
}

void Console::ReadSome() {
  char buffer[4096];
  const ssize_t count = read(STDIN_FILENO, buffer, sizeof(buffer));
  if (count > 0) {
    input_.append(buffer, static_cast<size_t>(count));
  } else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
    reading_ = false;
  }
}

}  // namespace hpsocket::demos
