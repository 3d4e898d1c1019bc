// The reference for our io_uring port: the leanest echo loop that we know, with no framework around
// it. Multishot accept and receive, one group of provided buffers, each chunk sent from where it was
// received, one send per connection in flight, one system call per round. Frozen: it changes only to
// become cheaper, since every ratio is taken against it.
#include <liburing.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <deque>
#include <latch>
#include <memory>
#include <vector>

#include "absl/flags/flag.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/testing/bench/servers/answer_thread.h"
#include "hpsocket/testing/bench/servers/loop_inbox.h"
#include "hpsocket/testing/bench/servers/server_program.h"

ABSL_FLAG(bool, name_peers, false, "ask for the peer's name at each accept, as a framework has to");

namespace hpsocket::bench {
namespace {

constexpr unsigned kSubmissions = 4096;
constexpr unsigned kCompletions = 32768;
constexpr int kGroup = 0;
constexpr uint16_t kNone = UINT16_MAX;

enum class Event : uint8_t { kAccepted, kReceived, kSent, kClosed, kHandedOver, kAnswered };

uint64_t UserData(Event event, int fd, uint16_t buffer = 0) {
  return uint64_t{static_cast<uint8_t>(event)} << 56 | uint64_t{buffer} << 32 | static_cast<uint32_t>(fd);
}

struct Connection {
  uint16_t first = kNone;  // buffers that wait to be sent, the first one being sent
  uint16_t last = kNone;
  bool receiving = false;
  bool ended = false;
};

class RawUringLoop {
 public:
  // On the thread that runs it.
  void Open(const ServerOptions& options) {
    dismiss_ = options.dismiss;
    name_peers_ = absl::GetFlag(FLAGS_name_peers);
    io_uring_params parameters{};
    parameters.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE |
                       IORING_SETUP_SUBMIT_ALL;
    parameters.cq_entries = kCompletions;
    Must(io_uring_queue_init_params(kSubmissions, &ring_, &parameters), "io_uring_setup");
    Must(io_uring_register_ring_fd(&ring_), "io_uring_register_ring_fd");
    OpenBuffers(options.buffers, options.buffer_size);
    if (options.foreign) OpenInbox();
  }

  // `loops`: among which what `listening_socket` accepts is dealt out; -1 for loops without one.
  void Run(int listening_socket, const std::vector<RawUringLoop*>& loops) {
    loops_ = loops;
    if (listening_socket >= 0) {
      io_uring_sqe* const entry = NextEntry(UserData(Event::kAccepted, listening_socket));
      io_uring_prep_multishot_accept(entry, listening_socket, nullptr, nullptr, SOCK_CLOEXEC);
      entry->user_data = UserData(Event::kAccepted, listening_socket);
    }
    for (;;) {
      if (inbox_ != nullptr) SendAnswers();
      io_uring_submit_and_wait(&ring_, 1);
      if (inbox_ != nullptr) inbox_->Rise();
      unsigned head = 0;
      unsigned count = 0;
      io_uring_cqe* completion = nullptr;
      io_uring_for_each_cqe(&ring_, head, completion) {
        Handle(*completion);
        ++count;
      }
      io_uring_cq_advance(&ring_, count);
      GiveBuffersBack();
    }
  }

 private:
  void OpenBuffers(unsigned count, size_t size) {
    size_ = size;
    count_ = count;
    mask_ = io_uring_buf_ring_mask(count);
    next_.assign(count, kNone);
    length_.assign(count, 0);
    const size_t ring_bytes = count * sizeof(io_uring_buf);
    buffers_ = static_cast<io_uring_buf_ring*>(Map(ring_bytes));
    memory_ = static_cast<uint8_t*>(Map(count * size));
    io_uring_buf_reg registration{};
    registration.ring_addr = reinterpret_cast<uintptr_t>(buffers_);
    registration.ring_entries = count;
    registration.bgid = kGroup;
    Must(io_uring_register_buf_ring(&ring_, &registration, 0), "io_uring_register_buf_ring");
    for (unsigned i = 0; i < count; ++i) GiveBack(static_cast<uint16_t>(i));
    GiveBuffersBack();
  }

  void OpenInbox() {
    inbox_ = std::make_unique<LoopInbox>();
    WatchInbox();
    thread_ = std::make_unique<AnswerThread>(
        [this](CONNID id, const uint8_t* data, int length) { inbox_->Add(id, data, length); },
        [this] { inbox_->Deliver(); });
  }

  void WatchInbox() {
    io_uring_sqe* const entry = NextEntry(0);
    io_uring_prep_poll_multishot(entry, inbox_->fd(), POLLIN);
    entry->user_data = UserData(Event::kAnswered, 0);
  }

  static void* Map(size_t bytes) {
    void* const memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) Must(-1, "mmap");
    return memory;
  }

  io_uring_sqe* NextEntry(uint64_t user_data) {
    io_uring_sqe* entry = io_uring_get_sqe(&ring_);
    while (entry == nullptr) {
      io_uring_submit(&ring_);
      entry = io_uring_get_sqe(&ring_);
    }
    entry->user_data = user_data;
    return entry;
  }

  void Handle(const io_uring_cqe& completion) {
    const auto event = static_cast<Event>(completion.user_data >> 56);
    const int fd = static_cast<int>(static_cast<uint32_t>(completion.user_data));
    switch (event) {
      case Event::kAccepted:
        if (completion.res >= 0) Deal(completion.res);
        break;
      case Event::kHandedOver:
        Receive(completion.res);
        break;
      case Event::kReceived:
        HandleReceived(fd, completion);
        break;
      case Event::kSent:
        HandleSent(fd, static_cast<uint16_t>(completion.user_data >> 32), completion.res);
        break;
      case Event::kAnswered:
        if ((completion.flags & IORING_CQE_F_MORE) == 0) WatchInbox();
        break;
      case Event::kClosed:
        break;
    }
  }

  void Deal(int fd) {
    if (name_peers_) {
      sockaddr_in name{};
      socklen_t length = sizeof(name);
      getpeername(fd, reinterpret_cast<sockaddr*>(&name), &length);
    }
    RawUringLoop& loop = *loops_[next_loop_++ % loops_.size()];
    if (&loop == this) return Receive(fd);
    io_uring_sqe* const entry = NextEntry(0);
    io_uring_prep_msg_ring(entry, loop.ring_.ring_fd, static_cast<unsigned>(fd),
                           UserData(Event::kHandedOver, fd), 0);
    entry->user_data = UserData(Event::kClosed, fd);
    entry->flags |= IOSQE_CQE_SKIP_SUCCESS;
  }

  void Receive(int fd) {
    const size_t index = static_cast<size_t>(fd);
    if (index >= connections_.size()) connections_.resize(index * 2);
    connections_[index].receiving = true;
    io_uring_sqe* const entry = NextEntry(0);
    if (dismiss_) {
      io_uring_prep_recv(entry, fd, nullptr, size_, 0);  // one is all
    } else {
      io_uring_prep_recv_multishot(entry, fd, nullptr, 0, 0);
    }
    entry->flags |= IOSQE_BUFFER_SELECT;
    entry->buf_group = kGroup;
    entry->user_data = UserData(Event::kReceived, fd);
  }

  void HandleReceived(int fd, const io_uring_cqe& completion) {
    Connection& connection = connections_[static_cast<size_t>(fd)];
    if (completion.res > 0) {
      const auto buffer = static_cast<uint16_t>(completion.flags >> IORING_CQE_BUFFER_SHIFT);
      length_[buffer] = static_cast<unsigned>(completion.res);
      if (thread_ != nullptr) {
        thread_->Hand(static_cast<CONNID>(fd), AddressOf(buffer), completion.res);
        GiveBack(buffer);
      } else {
        Queue(fd, connection, buffer);
      }
    }
    if ((completion.flags & IORING_CQE_F_MORE) != 0) return;
    connection.receiving = false;
    if (completion.res == -ENOBUFS) {
      parked_.push_back(fd);
    } else if (completion.res > 0) {
      if (!dismiss_) Receive(fd);
    } else {
      connection.ended = true;
      CloseIfDone(fd, connection);
    }
  }

  // Behind what waits to be sent already.
  void Queue(int fd, Connection& connection, uint16_t buffer) {
    next_[buffer] = kNone;
    if (connection.first == kNone) {
      connection.first = connection.last = buffer;
      SendFirst(fd, connection);
    } else {
      next_[connection.last] = buffer;
      connection.last = buffer;
    }
  }

  // Connections do not end with an answer under way where a thread answers.
  void SendAnswers() {
    inbox_->EmptyBeforeSleep([this](CONNID id, const uint8_t* data, int length) {
      const uint16_t buffer = TakeOwnBuffer();
      std::memcpy(AddressOf(buffer), data, static_cast<size_t>(length));
      length_[buffer] = static_cast<unsigned>(length);
      Queue(static_cast<int>(id), connections_[id], buffer);
    });
  }

  // Beyond those of the group: as many as there are answers to be sent at once.
  uint16_t TakeOwnBuffer() {
    if (free_.empty()) {
      free_.push_back(static_cast<uint16_t>(next_.size()));
      own_.push_back(std::make_unique<uint8_t[]>(size_));
      next_.push_back(kNone);
      length_.push_back(0);
    }
    const uint16_t buffer = free_.back();
    free_.pop_back();
    return buffer;
  }

  uint8_t* AddressOf(uint16_t buffer) const {
    return buffer < count_ ? memory_ + buffer * size_ : own_[buffer - count_].get();
  }

  void SendFirst(int fd, const Connection& connection) {
    const uint16_t buffer = connection.first;
    if (dismiss_ && io_uring_sq_space_left(&ring_) < 2) io_uring_submit(&ring_);  // keeps the link whole
    io_uring_sqe* const entry = NextEntry(0);
    io_uring_prep_send(entry, fd, AddressOf(buffer), length_[buffer], MSG_WAITALL | MSG_NOSIGNAL);
    entry->user_data = UserData(Event::kSent, fd, buffer);
    if (!dismiss_) return;
    entry->flags |= IOSQE_IO_LINK;
    Close(fd);
  }

  void HandleSent(int fd, uint16_t buffer, int result) {
    Connection& connection = connections_[static_cast<size_t>(fd)];
    connection.first = next_[buffer];
    const bool complete = result == static_cast<int>(length_[buffer]);
    GiveBack(buffer);
    if (dismiss_) {
      if (!complete) Close(fd);  // else it is linked to the send
      return;
    }
    if (!complete) {
      while (connection.first != kNone) {
        const uint16_t dropped = connection.first;
        connection.first = next_[dropped];
        GiveBack(dropped);
      }
      shutdown(fd, SHUT_RDWR);  // ends the receive, too
    }
    if (connection.first != kNone) {
      SendFirst(fd, connection);
    } else {
      CloseIfDone(fd, connection);
    }
  }

  void CloseIfDone(int fd, Connection& connection) {
    if (!connection.ended || connection.receiving || connection.first != kNone) return;
    connection = Connection{};
    Close(fd);
  }

  void Close(int fd) {
    io_uring_sqe* const entry = NextEntry(0);
    io_uring_prep_close(entry, fd);
    entry->user_data = UserData(Event::kClosed, fd);
    entry->flags |= IOSQE_CQE_SKIP_SUCCESS;
  }

  void GiveBack(uint16_t buffer) {
    if (buffer >= count_) {
      free_.push_back(buffer);
      return;
    }
    io_uring_buf_ring_add(buffers_, memory_ + buffer * size_, static_cast<unsigned>(size_), buffer, mask_,
                          given_back_++);
  }

  // To the kernel, once per round; then whoever found the group empty is next.
  void GiveBuffersBack() {
    if (given_back_ == 0) return;
    io_uring_buf_ring_advance(buffers_, given_back_);
    for (; given_back_ > 0; --given_back_) {
      if (parked_.empty()) continue;
      Receive(parked_.front());
      parked_.pop_front();
    }
  }

  io_uring ring_{};
  io_uring_buf_ring* buffers_ = nullptr;
  uint8_t* memory_ = nullptr;
  size_t size_ = 0;
  unsigned count_ = 0;
  int mask_ = 0;
  bool dismiss_ = false;
  bool name_peers_ = false;
  int given_back_ = 0;
  std::vector<uint16_t> next_;    // by buffer: the next one of the same connection
  std::vector<unsigned> length_;  // by buffer
  std::vector<Connection> connections_ = std::vector<Connection>(64);  // by descriptor
  std::deque<int> parked_;                                             // found the group empty
  std::vector<RawUringLoop*> loops_;
  size_t next_loop_ = 0;
  std::vector<std::unique_ptr<uint8_t[]>> own_;  // buffers of answers, behind those of the group
  std::vector<uint16_t> free_;                   // of those
  std::unique_ptr<LoopInbox> inbox_;             // of a foreign thread's answers
  std::unique_ptr<AnswerThread> thread_;
};

void Main(const ServerOptions& options) {
  const std::vector<int> sockets = ListeningSockets(options);
  std::vector<RawUringLoop> loops(options.workers);
  std::vector<RawUringLoop*> all;
  for (RawUringLoop& loop : loops) all.push_back(&loop);
  std::latch open(static_cast<std::ptrdiff_t>(options.workers));
  RunWorkers(options.workers, [&](unsigned worker) {
    loops[worker].Open(options);
    open.arrive_and_wait();
    if (worker == 0) AnnounceReady(PortOf(sockets.front()));
    loops[worker].Run(sockets[worker], options.reuse_port ? std::vector{all[worker]} : all);
  });
}

}  // namespace
}  // namespace hpsocket::bench

int main(int argc, char** argv) {
  hpsocket::bench::Main(
      hpsocket::bench::ParseServerFlags(argc, argv, "Echoes on loopback; a bare io_uring loop."));
}
