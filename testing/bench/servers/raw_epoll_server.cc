// The reference for our epoll port: the leanest echo loop that we know, with no framework around it.
// Level-triggered, one read per event into one hot buffer, an immediate send, EPOLLOUT only after
// EAGAIN. Frozen: it changes only to become cheaper, since every ratio is taken against it.
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/bench/servers/answer_thread.h"
#include "hpsocket/testing/bench/servers/loop_inbox.h"
#include "hpsocket/testing/bench/servers/server_program.h"

namespace hpsocket::bench {
namespace {

class RawEpollLoop {
 public:
  explicit RawEpollLoop(const ServerOptions& options)
      : dismiss_(options.dismiss),
        epoll_(Must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
        buffer_(options.buffer_size) {
    if (!options.foreign) return;
    inbox_ = std::make_unique<LoopInbox>();
    Control(EPOLL_CTL_ADD, inbox_->fd(), EPOLLIN | EPOLLET);
    thread_ = std::make_unique<AnswerThread>(
        [this](CONNID id, const uint8_t* data, int length) { inbox_->Add(id, data, length); },
        [this] { inbox_->Deliver(); });
  }

  // From any loop's thread: the kernel does the locking.
  void Add(int fd) { Control(EPOLL_CTL_ADD, fd, EPOLLIN); }

  // `loops`: among which what `listening_socket` accepts is dealt out; -1 for loops without one.
  void Run(int listening_socket, const std::vector<RawEpollLoop*>& loops) {
    if (listening_socket >= 0) Add(listening_socket);
    std::vector<epoll_event> events(1024);
    for (;;) {
      if (inbox_ != nullptr) SendAnswers();
      const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      if (inbox_ != nullptr) inbox_->Rise();
      for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<size_t>(i)];
        if (event.data.fd == listening_socket) {
          Accept(listening_socket, loops);
        } else if ((event.events & EPOLLOUT) != 0) {
          SendRest(event.data.fd);
        } else if (inbox_ == nullptr || event.data.fd != inbox_->fd()) {
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

  void Accept(int listening_socket, const std::vector<RawEpollLoop*>& loops) {
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
    if (thread_ != nullptr) {
      thread_->Hand(static_cast<CONNID>(fd), buffer_.data(), static_cast<int>(received));
    } else {
      Send(fd, buffer_.data(), static_cast<size_t>(received));
    }
  }

  // Connections do not end with an answer under way where a thread answers.
  void SendAnswers() {
    inbox_->EmptyBeforeSleep([this](CONNID id, const uint8_t* data, int length) {
      const int fd = static_cast<int>(id);
      if (const auto rest = rest_.find(fd); rest != rest_.end()) {
        rest->second.append(reinterpret_cast<const char*>(data), static_cast<size_t>(length));
      } else {
        Send(fd, data, static_cast<size_t>(length));
      }
    });
  }

  void Send(int fd, const uint8_t* data, size_t length) {
    const ssize_t result = send(fd, data, length, MSG_NOSIGNAL);
    const size_t sent = result < 0 ? 0 : static_cast<size_t>(result);
    if (sent == length) {
      if (dismiss_) close(fd);
      return;
    }
    if (result < 0 && errno != EAGAIN) {
      close(fd);
      return;
    }
    rest_[fd].assign(reinterpret_cast<const char*>(data) + sent, length - sent);
    Control(EPOLL_CTL_MOD, fd, EPOLLOUT);
  }

  void SendRest(int fd) {
    std::string& rest = rest_[fd];
    const ssize_t sent = send(fd, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) return;
    if (sent >= 0) rest.erase(0, static_cast<size_t>(sent));
    if (sent >= 0 && !rest.empty()) return;
    rest_.erase(fd);
    if (sent < 0 || dismiss_) {
      close(fd);
    } else {
      Control(EPOLL_CTL_MOD, fd, EPOLLIN);
    }
  }

  const bool dismiss_;
  const int epoll_;
  std::vector<uint8_t> buffer_;
  size_t next_ = 0;
  std::unordered_map<int, std::string> rest_;  // what the kernel did not take at once
  std::unique_ptr<LoopInbox> inbox_;           // of a foreign thread's answers
  std::unique_ptr<AnswerThread> thread_;
};

void Main(const ServerOptions& options) {
  const std::vector<int> sockets = ListeningSockets(options);
  std::vector<std::unique_ptr<RawEpollLoop>> loops;
  std::vector<RawEpollLoop*> all;
  while (loops.size() < options.workers) {
    loops.push_back(std::make_unique<RawEpollLoop>(options));
    all.push_back(loops.back().get());
  }
  AnnounceReady(PortOf(sockets.front()));
  RunWorkers(options.workers, [&](unsigned worker) {
    loops[worker]->Run(sockets[worker], options.reuse_port ? std::vector{all[worker]} : all);
  });
}

}  // namespace
}  // namespace hpsocket::bench

int main(int argc, char** argv) {
  hpsocket::bench::Main(
      hpsocket::bench::ParseServerFlags(argc, argv, "Echoes on loopback; a bare epoll loop."));
}
