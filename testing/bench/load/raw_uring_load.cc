// The reference for our agent on io_uring: the leanest client loop that we know, with no framework
// around it. Multishot receive into one group of provided buffers, each message sent from where the
// pattern lies, one system call per round. Frozen, as the raw servers are. Does what its standard input
// says, as agent_load.
#include <liburing.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "hpsocket/core/base/clock.h"
#include "hpsocket/testing/bench/load/connector.h"
#include "hpsocket/testing/bench/load/echo_account.h"
#include "hpsocket/testing/bench/load/load_failure.h"
#include "hpsocket/testing/bench/load/load_program.h"
#include "hpsocket/testing/bench/load/load_sample.h"

namespace hpsocket::bench {
namespace {

constexpr unsigned kSubmissions = 4096;
constexpr unsigned kCompletions = 32768;
constexpr unsigned kBuffers = 2048;
constexpr size_t kBufferSize = 4096;
constexpr int kGroup = 0;
constexpr unsigned kBetweenLooks = 64;  // connects, before the loop looks at what stands

enum class Event : uint8_t { kConnected, kReceived, kSent, kCancelled };

int64_t Now() { return core::Clock::System().Now().time_since_epoch().count(); }

void Check(int result, const char* what) {
  if (result < 0) FailLoad(absl::StrCat(what, ": ", std::strerror(result == -1 ? errno : -result)));
}

class RawUringLoad {
 public:
  explicit RawUringLoad(const LoadOptions& options)
      : options_(options),
        share_(options.message),
        connector_(options.port, options.message),
        address_(Connector::Loopback(0, options.port)) {
    io_uring_params parameters{};
    parameters.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE |
                       IORING_SETUP_SUBMIT_ALL;
    parameters.cq_entries = kCompletions;
    Check(io_uring_queue_init_params(kSubmissions, &ring_, &parameters), "io_uring_setup");
    Check(io_uring_register_ring_fd(&ring_), "io_uring_register_ring_fd");
    OpenBuffers();
  }

  std::string Do(const LoadCommand& command) {
    if (command.verb == "connect") return ConnectMany(command.count());
    if (command.verb == "closed") return SampleOf(share_, [&] { RunClosed(command.duration()); });
    if (command.verb == "rush") return Rush(command.count());
    return "";
  }

 private:
  struct Connection {
    int fd;
    EchoAccount account;
  };

  void OpenBuffers() {
    mask_ = io_uring_buf_ring_mask(kBuffers);
    buffers_ = static_cast<io_uring_buf_ring*>(Map(kBuffers * sizeof(io_uring_buf)));
    memory_ = static_cast<uint8_t*>(Map(kBuffers * kBufferSize));
    io_uring_buf_reg registration{};
    registration.ring_addr = reinterpret_cast<uintptr_t>(buffers_);
    registration.ring_entries = kBuffers;
    registration.bgid = kGroup;
    Check(io_uring_register_buf_ring(&ring_, &registration, 0), "io_uring_register_buf_ring");
    for (unsigned i = 0; i < kBuffers; ++i) GiveBack(i);
    GiveBuffersBack();
  }

  static void* Map(size_t bytes) {
    void* const memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) Check(-1, "mmap");
    return memory;
  }

  void GiveBack(unsigned buffer) {
    io_uring_buf_ring_add(buffers_, memory_ + buffer * kBufferSize, kBufferSize,
                          static_cast<uint16_t>(buffer), mask_, given_back_++);
  }

  void GiveBuffersBack() {
    io_uring_buf_ring_advance(buffers_, given_back_);
    given_back_ = 0;
  }

  io_uring_sqe* NextEntry() {
    io_uring_sqe* entry = io_uring_get_sqe(&ring_);
    while (entry == nullptr) {
      io_uring_submit(&ring_);
      entry = io_uring_get_sqe(&ring_);
    }
    return entry;
  }
  // `index`: of the connection.
  static uint64_t UserData(Event event, size_t index) {
    return uint64_t{static_cast<uint8_t>(event)} << 56 | index;
  }

  void Round(unsigned wait_for) {
    if (wait_for > 0) {
      io_uring_submit_and_wait(&ring_, wait_for);
    } else {
      io_uring_submit_and_get_events(&ring_);
    }
    unsigned head = 0;
    unsigned count = 0;
    io_uring_cqe* completion = nullptr;
    io_uring_for_each_cqe(&ring_, head, completion) {
      Handle(*completion);
      ++count;
    }
    io_uring_cq_advance(&ring_, count);
    if (given_back_ > 0) GiveBuffersBack();
  }

  void Handle(const io_uring_cqe& completion) {
    const auto event = static_cast<Event>(completion.user_data >> 56);
    const size_t index = static_cast<size_t>(completion.user_data & UINT32_MAX);
    if (event == Event::kConnected) {
      Check(completion.res, "connect");
      ++established_;
      Receive(index);
    } else if (event == Event::kSent) {
      if (completion.res < 0) FailLoad(absl::StrCat("send on connection ", index, ": ", -completion.res));
    } else if (event == Event::kReceived) {
      HandleReceived(index, completion);
    }
  }

  void Receive(size_t index) {
    io_uring_sqe* const entry = NextEntry();
    io_uring_prep_recv_multishot(entry, connections_[index].fd, nullptr, 0, 0);
    entry->flags |= IOSQE_BUFFER_SELECT;
    entry->buf_group = kGroup;
    entry->user_data = UserData(Event::kReceived, index);
  }

  void HandleReceived(size_t index, const io_uring_cqe& completion) {
    if (completion.res > 0) {
      const unsigned buffer = completion.flags >> IORING_CQE_BUFFER_SHIFT;
      Take(index, memory_ + buffer * kBufferSize, static_cast<size_t>(completion.res));
      GiveBack(buffer);
    }
    if ((completion.flags & IORING_CQE_F_MORE) != 0) return;
    if (completion.res == -ECANCELED) {
      ++cancelled_;
    } else if (completion.res > 0 || completion.res == -ENOBUFS) {
      Receive(index);
    } else {
      FailLoad(absl::StrCat("connection ", index, " ended by the server"));
    }
  }

  void Take(size_t index, const uint8_t* data, size_t length) {
    EchoAccount& account = connections_[index].account;
    const int64_t now = Now();
    const uint64_t complete = account.Take(data, length, now);
    if (now < end_) {
      account.Offer(complete, now);
      SendUnsent(index);
    } else {
      outstanding_ -= complete;
    }
  }

  void SendUnsent(size_t index) {
    Connection& connection = connections_[index];
    const EchoAccount::Piece piece = connection.account.Unsent();
    if (piece.length == 0) return;
    connection.account.NoteSent(piece.length);
    io_uring_sqe* const entry = NextEntry();
    io_uring_prep_send(entry, connection.fd, piece.data, piece.length, MSG_WAITALL | MSG_NOSIGNAL);
    entry->user_data = UserData(Event::kSent, index);
  }

  // So many more, established.
  void Connect(unsigned count) {
    established_ = 0;
    for (unsigned i = 1; i <= count; ++i) {
      const size_t index = connections_.size();
      connections_.push_back({Connector::NewSocketToReset(), EchoAccount(index, share_)});
      io_uring_sqe* const entry = NextEntry();
      io_uring_prep_connect(entry, connections_[index].fd, reinterpret_cast<const sockaddr*>(&address_),
                            sizeof(address_));
      entry->user_data = UserData(Event::kConnected, index);
      if (i % kBetweenLooks == 0) Round(0);
    }
    while (established_ < count) Round(1);
    io_uring_submit(&ring_);
  }

  std::string ConnectMany(unsigned count) {
    Connect(count);
    connector_.AwaitAccepts();
    return "done";
  }

  void RunClosed(core::Duration duration) {
    end_ = Now() + duration.count();
    outstanding_ = connections_.size() * options_.depth;
    for (size_t index = 0; index < connections_.size(); ++index) {
      connections_[index].account.Offer(options_.depth, Now());
      SendUnsent(index);
    }
    while (outstanding_ > 0) Round(1);
  }

  // A message is a connection; the seconds are those until the last one stood.
  std::string Rush(unsigned count) {
    const core::Clock& clock = core::Clock::System();
    const core::TimePoint started = clock.Now();
    Connect(count);
    LoadSample sample;
    sample.messages = count;
    sample.seconds = std::chrono::duration<double>(clock.Now() - started).count();
    connector_.AwaitAccepts();
    Reset();
    return sample.ToLine();
  }

  // A receive keeps its connection: it ends first.
  void Reset() {
    cancelled_ = 0;
    for (size_t index = 0; index < connections_.size(); ++index) {
      io_uring_sqe* const entry = NextEntry();
      io_uring_prep_cancel64(entry, UserData(Event::kReceived, index), 0);
      entry->user_data = UserData(Event::kCancelled, index);
    }
    while (cancelled_ < connections_.size()) Round(1);
    for (const Connection& connection : connections_) close(connection.fd);
    connections_.clear();
    connector_.AwaitAccepts();
  }

  const LoadOptions options_;
  StreamShare share_;
  const Connector connector_;
  const sockaddr_in address_;
  io_uring ring_{};
  io_uring_buf_ring* buffers_ = nullptr;
  uint8_t* memory_ = nullptr;
  int mask_ = 0;
  int given_back_ = 0;
  std::deque<Connection> connections_;
  size_t established_ = 0;
  size_t cancelled_ = 0;
  uint64_t outstanding_ = 0;
  int64_t end_ = 0;
};

}  // namespace
}  // namespace hpsocket::bench

int main(int argc, char** argv) {
  using namespace hpsocket::bench;
  RawUringLoad load(ParseLoadFlags(argc, argv, "A bare io_uring client loop; commands on standard input."));
  ObeyCommands([&](const LoadCommand& command) { return load.Do(command); });
}
