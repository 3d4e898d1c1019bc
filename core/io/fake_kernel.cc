#include "hpsocket/core/io/fake_kernel.h"

#include <algorithm>
#include <cerrno>

namespace hpsocket::core {
namespace {

// What connect(2) does with tcp_syn_retries = 6: seven SYNs in 127 seconds.
constexpr int kLastSynAttempt = 6;

}  // namespace

FakeKernel::FakeKernel(FakeClock& clock, FakeFaults& faults, FakeTrace& trace)
    : clock_(clock), faults_(faults), trace_(trace), reuse_descriptors_(faults.Below(2) == 0) {}

FakeKernel::~FakeKernel() = default;

int FakeKernel::NewSocket(int family, bool of_peer) {
  if (family != AF_INET && family != AF_INET6) return -EAFNOSUPPORT;
  FakeSocket& socket = NewRecord(family, of_peer);
  const int fd = AttachDescriptor(socket);
  if (fd < 0) Destroy(socket);
  return fd;
}

void FakeKernel::Close(int fd) {
  FakeSocket& socket = Get(fd);
  trace_.Add("close", fd);
  if (socket.watcher != nullptr || !socket.datagram_watchers.empty())
    HP_FATAL("a descriptor that a port knows was closed without CompletionPort::Close()");
  by_fd_.erase(fd);
  socket.fd = -1;
  socket.closed = true;
  if (socket.state == FakeSocket::State::kEstablished && !socket.datagram) {
    // Bytes that nobody will read any more are reported to the peer as a reset.
    if (socket.abort_on_close || !socket.receive_queue.empty()) {
      Abort(socket);
      return;
    }
    if (!socket.fin_received) EnterTimeWait(socket);
    if (socket.fin_sent) {
      Destroy(socket);
    } else {
      QueueFin(socket);
    }
    return;
  }
  const std::deque<uint64_t> queued = std::move(socket.accept_queue);
  Destroy(socket);
  for (const uint64_t id : queued) {
    FakeSocket* child = Find(id);
    child->closed = true;
    if (child->state == FakeSocket::State::kEstablished) {
      Abort(*child);
    } else {
      Destroy(*child);
    }
  }
}

int FakeKernel::Listen(int fd, int backlog) {
  FakeSocket& socket = Get(fd);
  if (socket.state == FakeSocket::State::kListening) {
    socket.backlog = static_cast<size_t>(std::max(backlog, 0));
    return 0;
  }
  if (socket.state != FakeSocket::State::kFresh) return -EINVAL;
  if (!socket.local.valid()) {
    const int result = Bind(fd, Address::Any(socket.family, 0));
    if (result < 0) return result;
  }
  for (const auto& [id, other] : sockets_) {
    if (other->state == FakeSocket::State::kListening && Overlaps(*other, socket.local, socket.v6_only())) {
      return -EADDRINUSE;
    }
  }
  socket.state = FakeSocket::State::kListening;
  socket.backlog = static_cast<size_t>(std::max(backlog, 0));
  trace_.Add("listen", fd, socket.local.port());
  return 0;
}

int FakeKernel::LocalAddress(int fd, Address* out) {
  const FakeSocket& socket = Get(fd);
  *out = socket.local.valid() ? socket.local : Address::Any(socket.family, 0);
  return 0;
}

int FakeKernel::PeerAddress(int fd, Address* out) {
  const FakeSocket& socket = Get(fd);
  if (socket.state != FakeSocket::State::kEstablished) return -ENOTCONN;
  *out = socket.remote_address;
  return 0;
}

int FakeKernel::SetOption(int fd, int level, int name, int value) {
  FakeSocket& socket = Get(fd);
  socket.options[{level, name}] = value;
  if (level == SOL_SOCKET && name == SO_SNDBUF && value > 0)
    socket.send_capacity = static_cast<size_t>(value);
  if (level == SOL_SOCKET && name == SO_RCVBUF && value > 0)
    socket.receive_capacity = static_cast<size_t>(value);
  if (socket.silent) ArmSilence(socket);
  return 0;
}

int FakeKernel::ShutdownWrite(int fd) {
  FakeSocket& socket = Get(fd);
  if (socket.state != FakeSocket::State::kEstablished) return -ENOTCONN;
  trace_.Add("shutdown", fd, SHUT_WR);
  QueueFin(socket);
  return 0;
}

int FakeKernel::ShutdownBoth(int fd) {
  FakeSocket& socket = Get(fd);
  trace_.Add("shutdown", fd, SHUT_RDWR);
  switch (socket.state) {
    case FakeSocket::State::kEstablished:
      socket.read_shutdown = true;
      Notify(socket);
      QueueFin(socket);
      return 0;
    case FakeSocket::State::kListening:
      while (!socket.accept_queue.empty()) DropFirstQueued(fd);
      socket.state = FakeSocket::State::kFresh;
      Notify(socket);
      return 0;
    case FakeSocket::State::kConnecting:
      FailConnect(socket, ECONNRESET);
      return 0;
    case FakeSocket::State::kFresh:
    case FakeSocket::State::kDead:
      break;
  }
  return -ENOTCONN;
}

int FakeKernel::StartConnect(int fd, const Address& address) {
  FakeSocket& socket = Get(fd);
  if (socket.state == FakeSocket::State::kConnecting) return -EALREADY;
  if (socket.state == FakeSocket::State::kEstablished) return -EISCONN;
  if (socket.state != FakeSocket::State::kFresh) return -EINVAL;
  if (address.family() != socket.family) return socket.family == AF_INET6 ? -EINVAL : -EAFNOSUPPORT;

  Address destination = address.Unmapped();
  Address loopback;
  Address::ParseLiteral(destination.family() == AF_INET ? "127.0.0.1" : "::1", 0, &loopback);
  if (destination == Address::Any(destination.family(), destination.port())) {
    destination = loopback;
    destination.set_port(address.port());
  }
  const bool silent = IsSilentHost(destination);
  if (!silent && !IsLocal(destination)) return -ENETUNREACH;

  const Address remote = socket.family == AF_INET6 ? destination.Mapped() : destination;
  const uint16_t bound_port = socket.local.port();
  Address local = socket.local;
  if (!local.valid() || local == Address::Any(socket.family, bound_port)) {
    local = socket.family == AF_INET6 ? loopback.Mapped() : loopback;
    local.set_port(bound_port);
  }
  if (bound_port == 0) {
    local.set_port(EphemeralPort(socket, local, &remote));
    if (local.port() == 0) return -EADDRNOTAVAIL;
  } else if (TupleInUse(local, remote)) {
    return -EADDRNOTAVAIL;
  }
  socket.local = local;
  socket.remote_address = remote;
  socket.state = FakeSocket::State::kConnecting;
  trace_.Add("connect", fd, remote.port());
  After(faults_.Delay(), [this, id = socket.id] { ArriveSyn(id, 0); });
  return 0;
}

int FakeKernel::ConnectResult(int fd) const {
  const FakeSocket& socket = Get(fd);
  switch (socket.state) {
    case FakeSocket::State::kConnecting:
      return -EINPROGRESS;
    case FakeSocket::State::kEstablished:
      return 0;
    case FakeSocket::State::kDead:
      return socket.error != 0 ? -socket.error : 0;
    case FakeSocket::State::kFresh:
    case FakeSocket::State::kListening:
      break;
  }
  return socket.connect_result != 0 ? socket.connect_result : -ENOTCONN;
}

void FakeKernel::RememberConnectResult(int fd, int result) {
  FakeSocket& socket = Get(fd);
  if (socket.state != FakeSocket::State::kFresh) HP_FATAL("connect of a socket that listens or is connected");
  socket.connect_result = result;
}

void FakeKernel::ArriveSyn(uint64_t id, int attempt) {
  FakeSocket* socket = Find(id);
  if (socket == nullptr || socket->state != FakeSocket::State::kConnecting) return;
  if (!IsSilentHost(socket->remote_address)) {
    FakeSocket* listener = FindListener(socket->remote_address);
    if (listener == nullptr) {
      FailConnect(*socket, ECONNREFUSED);
      return;
    }
    // Linux takes one more than the backlog; a full queue drops the SYN.
    if (listener->accept_queue.size() <= listener->backlog) {
      Establish(*socket, *listener);
      return;
    }
  }
  const Duration wait = std::chrono::seconds(int64_t{1} << attempt);
  if (attempt == kLastSynAttempt) {
    After(wait, [this, id] {
      FakeSocket* late = Find(id);
      if (late != nullptr && late->state == FakeSocket::State::kConnecting) FailConnect(*late, ETIMEDOUT);
    });
  } else {
    After(wait, [this, id, attempt] { ArriveSyn(id, attempt + 1); });
  }
}

void FakeKernel::Establish(FakeSocket& client, FakeSocket& listener) {
  FakeSocket& child = NewRecord(listener.family, listener.of_peer);
  child.options = listener.options;
  child.send_capacity = listener.send_capacity;
  child.receive_capacity = listener.receive_capacity;
  const Address local = client.remote_address.Unmapped();
  const Address remote = client.local.Unmapped();
  child.local = child.family == AF_INET6 ? local.Mapped() : local;
  child.remote_address = child.family == AF_INET6 ? remote.Mapped() : remote;
  child.state = client.state = FakeSocket::State::kEstablished;
  child.remote = client.id;
  client.remote = child.id;
  listener.accept_queue.push_back(child.id);
  trace_.Add("establish", static_cast<int64_t>(client.id), static_cast<int64_t>(child.id));
  Notify(client);
  Notify(listener);
}

void FakeKernel::FailConnect(FakeSocket& socket, int error) {
  socket.state = FakeSocket::State::kFresh;
  socket.connect_result = -error;
  trace_.Add("connect fails", socket.fd, error);
  Notify(socket);
}

bool FakeKernel::Acceptable(int fd) const {
  const FakeSocket& socket = Get(fd);
  return socket.state != FakeSocket::State::kListening || !socket.accept_queue.empty();
}

int FakeKernel::Accept(int fd, Address* peer) {
  FakeSocket& listener = Get(fd);
  if (listener.state != FakeSocket::State::kListening) return -EINVAL;
  if (listener.accept_queue.empty()) return -EAGAIN;
  FakeSocket* child = Find(listener.accept_queue.front());
  const int child_fd = AttachDescriptor(*child);
  if (child_fd < 0) return child_fd;
  listener.accept_queue.pop_front();
  *peer = child->remote_address;
  trace_.Add("accept", fd, child_fd);
  return child_fd;
}

void FakeKernel::DropFirstQueued(int fd) {
  FakeSocket& listener = Get(fd);
  if (listener.accept_queue.empty()) return;
  FakeSocket* child = Find(listener.accept_queue.front());
  listener.accept_queue.pop_front();
  child->closed = true;
  if (child->state == FakeSocket::State::kEstablished) {
    Abort(*child);
  } else {
    Destroy(*child);
  }
}

const FakeSocket& FakeKernel::Get(int fd) const {
  const auto found = by_fd_.find(fd);
  if (found == by_fd_.end())
    HP_FATAL("a descriptor was used that is not open (closed before, or never opened)");
  return *found->second;
}

FakeSocket& FakeKernel::Get(int fd) { return const_cast<FakeSocket&>(std::as_const(*this).Get(fd)); }

void FakeKernel::Watch(int fd, FakeSocketWatcher* watcher) {
  FakeSocket& socket = Get(fd);
  if (socket.datagram) {
    auto& all = socket.datagram_watchers;
    if (std::find(all.begin(), all.end(), watcher) == all.end()) all.push_back(watcher);
    return;
  }
  if (watcher != nullptr && socket.watcher != nullptr && socket.watcher != watcher) {
    HP_FATAL("a descriptor was given to two ports");
  }
  socket.watcher = watcher;
}

void FakeKernel::After(Duration delay, std::function<void()> event) {
  // Events of one instant swap places where the seed wants it; within a stream there is one at a time.
  const uint64_t turn =
      faults_.Chance(faults_.options().reorder) ? faults_.Below(1 << 16) : uint64_t{1} << 15;
  events_.emplace(std::pair(clock_.Now() + delay, turn << 40 | ++last_event_), std::move(event));
}

TimePoint FakeKernel::NextEvent() const { return events_.empty() ? kForever : events_.begin()->first.first; }

bool FakeKernel::RunDueEvents() {
  bool any = false;
  while (!events_.empty() && events_.begin()->first.first <= clock_.Now()) {
    const std::function<void()> event = std::move(events_.begin()->second);
    events_.erase(events_.begin());
    event();
    any = true;
  }
  return any;
}

size_t FakeKernel::open_descriptors() const {
  return static_cast<size_t>(
      std::count_if(by_fd_.begin(), by_fd_.end(), [](const auto& entry) { return !entry.second->of_peer; }));
}

std::string FakeKernel::Describe(int fd) const {
  static constexpr const char* kStates[] = {"fresh", "listening", "connecting", "established", "dead"};
  const auto found = by_fd_.find(fd);
  if (found == by_fd_.end()) return "fd " + std::to_string(fd) + " (closed)";
  const FakeSocket& socket = *found->second;
  return "fd " + std::to_string(fd) + " (" + kStates[static_cast<int>(socket.state)] + ", port " +
         std::to_string(socket.local.port()) + " to " + std::to_string(socket.remote_address.port()) + ", " +
         std::to_string(socket.receive_queue.size()) + " to read, " +
         std::to_string(socket.send_queue.size()) + " unsent" + (socket.silent ? ", silent" : "") + ")";
}

FakeSocket& FakeKernel::NewRecord(int family, bool of_peer) {
  auto socket = std::make_unique<FakeSocket>();
  socket->id = ++last_id_;
  socket->family = family;
  socket->of_peer = of_peer;
  socket->send_capacity = faults_.options().send_buffer;
  socket->receive_capacity = faults_.options().receive_buffer;
  FakeSocket& reference = *socket;
  sockets_[reference.id] = std::move(socket);
  return reference;
}

FakeSocket* FakeKernel::Find(uint64_t id) {
  const auto found = sockets_.find(id);
  return found == sockets_.end() ? nullptr : found->second.get();
}

int FakeKernel::AttachDescriptor(FakeSocket& socket) {
  const uint32_t limit = faults_.options().max_descriptors;
  if (!socket.of_peer && limit != 0 && open_descriptors() >= limit) return -EMFILE;
  int fd;
  if (reuse_descriptors_) {
    // The lowest free one, as the real kernel does it: stale descriptors then hit other sockets.
    fd = socket.of_peer ? kFirstPeerDescriptor : kFirstDescriptor;
    for (auto used = by_fd_.lower_bound(fd); used != by_fd_.end() && used->first == fd; ++used) ++fd;
  } else {
    fd = socket.of_peer ? next_peer_fd_++ : next_fd_++;
  }
  socket.fd = fd;
  by_fd_[fd] = &socket;
  return fd;
}

void FakeKernel::Destroy(FakeSocket& socket) {
  HP_CHECK(socket.fd < 0);
  Unlink(socket);
  sockets_.erase(socket.id);
}

void FakeKernel::Notify(const FakeSocket& socket) {
  for (FakeSocketWatcher* const watcher : socket.datagram_watchers) watcher->HandleSocketChange(socket.fd);
  if (socket.watcher != nullptr) socket.watcher->HandleSocketChange(socket.fd);
}

}  // namespace hpsocket::core
