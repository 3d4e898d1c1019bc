// The reference for our epoll port: the leanest echo loop that we know, with no framework around it.
// Level-triggered, one read per event into one hot buffer, an immediate send, EPOLLOUT only after
// EAGAIN. Frozen: it changes only to become cheaper, since every ratio is taken against it.
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "hpsocket/testing/bench/servers/server_program.h"

namespace hpsocket::bench {
namespace {

class RawEpollLoop {
 public:
  explicit RawEpollLoop(size_t buffer_size)
      : epoll_(Must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")), buffer_(buffer_size) {}

  // From any loop's thread: the kernel does the locking.
  void Add(int fd) { Control(EPOLL_CTL_ADD, fd, EPOLLIN); }

  // `loops`: among which what `listening_socket` accepts is dealt out; -1 for loops without one.
  void Run(int listening_socket, const std::vector<std::unique_ptr<RawEpollLoop>>& loops) {
    if (listening_socket >= 0) Add(listening_socket);
    std::vector<epoll_event> events(1024);
    for (;;) {
      const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<size_t>(i)];
        if (event.data.fd == listening_socket) {
          Accept(listening_socket, loops);
        } else if ((event.events & EPOLLOUT) != 0) {
          SendRest(event.data.fd);
        } else {
          Echo(event.data.fd);
        }
      }
    }
  }

 private:
  void Control(int operation, int fd, uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    Must(epoll_ctl(epoll_, operation, fd, &event), "epoll_ctl");
  }

  void Accept(int listening_socket, const std::vector<std::unique_ptr<RawEpollLoop>>& loops) {
    for (;;) {
      const int fd = accept4(listening_socket, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) return;
      loops[next_++ % loops.size()]->Add(fd);
    }
  }

  void Echo(int fd) {
    const ssize_t received = recv(fd, buffer_.data(), buffer_.size(), 0);
    if (received <= 0) {
      if (received == 0 || errno != EAGAIN) close(fd);
      return;
    }
    const size_t length = static_cast<size_t>(received);
    const ssize_t result = send(fd, buffer_.data(), length, MSG_NOSIGNAL);
    const size_t sent = result < 0 ? 0 : static_cast<size_t>(result);
    if (sent == length) return;
    if (result < 0 && errno != EAGAIN) {
      close(fd);
      return;
    }
    rest_[fd].assign(buffer_.data() + sent, buffer_.data() + length);
    Control(EPOLL_CTL_MOD, fd, EPOLLOUT);
  }

  void SendRest(int fd) {
    std::string& rest = rest_[fd];
    const ssize_t sent = send(fd, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) return;
    if (sent >= 0) rest.erase(0, static_cast<size_t>(sent));
    if (sent >= 0 && !rest.empty()) return;
    rest_.erase(fd);
    if (sent < 0) {
      close(fd);
    } else {
      Control(EPOLL_CTL_MOD, fd, EPOLLIN);
    }
  }

  const int epoll_;
  std::vector<char> buffer_;
  size_t next_ = 0;
  std::unordered_map<int, std::string> rest_;  // what the kernel did not take at once
};

void Main(const ServerOptions& options) {
  const int listening_socket = ListenOnLoopback();
  std::vector<std::unique_ptr<RawEpollLoop>> loops;
  while (loops.size() < options.workers) loops.push_back(std::make_unique<RawEpollLoop>(options.buffer_size));
  AnnounceReady(PortOf(listening_socket));
  RunWorkers(options.workers,
             [&](unsigned worker) { loops[worker]->Run(worker == 0 ? listening_socket : -1, loops); });
}

}  // namespace
}  // namespace hpsocket::bench

int main(int argc, char** argv) {
  hpsocket::bench::Main(
      hpsocket::bench::ParseServerFlags(argc, argv, "Echoes on loopback; a bare epoll loop."));
}
