#include "hpsocket/core/io/epoll_port.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <new>

#include "absl/base/attributes.h"
#include "hpsocket/core/base/fork_generation.h"
#include "hpsocket/core/io/accept_errors.h"

namespace hpsocket::core {
namespace {

using Whom = EpollSet::Whom;
constexpr uint32_t kEventBits = EpollSet::kEventBits;
constexpr uint32_t kPolled = EpollSet::kPolled;
// The kernel reports these unasked.
constexpr uint32_t kFailed = EPOLLERR | EPOLLHUP;

// The system lacks the memory for a receive buffer: so often it is asked again.
constexpr Duration kStarvedPeriod = std::chrono::milliseconds(10);

// Operation::port_state. An ending operation has its errno in port_count.
enum State : uint8_t {
  kArmed,
  kEndingAccept,
  kEndingConnect,
  kEndingReceive,
  kEndingSend,
  kEndingReadiness,
  kParked
};

void Begin(Operation& operation) {
  operation.PortBegin();
  operation.port_state = kArmed;
}

bool IsEnding(const Operation& operation) { return operation.port_queued && operation.port_state != kParked; }

// The events that the operations of a socket need. An ending one still counts: it is usually
// submitted again soon.
uint32_t Wanted(const PortSocket& socket) {
  uint32_t events = 0;
  if ((socket.port_bits & kPolled) != 0) {
    const auto& polled = static_cast<const PolledSocket&>(socket);
    if (polled.reader != nullptr) events |= EPOLLIN;
    if (polled.writer != nullptr) events |= EPOLLOUT;
    return events;
  }
  if (socket.receive != nullptr && socket.receive->port_state != kParked) events |= EPOLLIN;
  if (socket.send != nullptr) events |= EPOLLOUT;
  return events;
}

}  // namespace

EpollPort::~EpollPort() { HP_CHECK(ending_.empty() && parked_.empty()); }

int EpollPort::Open(const PortOptions& options, std::string* why) {
  busy_poll_ = options.busy_poll;
  const auto failed = [why](const char* what, int error) {
    *why = std::string(what) + ": " + std::strerror(error);
    return -error;
  };
  ForkGeneration::Watch();
  if (const int result = set_.Open(options.single_socket); result < 0)
    return failed("epoll_create1", -result);
  if (const int result = wakeup_.Open(); result < 0) return failed("eventfd", -result);
  if (const int result = set_.WatchWakeup(wakeup_.fd()); result < 0) return failed("epoll_ctl", -result);
  try {
    const uint32_t size = options.single_socket ? options.small_buffer_size : options.large_buffer_size;
    buffers_ = std::make_unique<SharedBuffers>(size, options.large_buffer_count);
  } catch (const std::bad_alloc&) {
    return failed("receive buffers", ENOMEM);
  }
  // The first buffer now: later a receive could not report that there is no memory for it.
  ReceiveBuffer* first = buffers_->Take();
  if (first == nullptr) return failed("receive buffers", ENOMEM);
  first->EndDelivery();
  return 0;
}

// ---- the set

int EpollPort::Widen(PortSocket& socket, uint32_t event) {
  if ((socket.port_bits & event) != 0) return 0;
  return set_.WatchSocket(socket, (socket.port_bits & kEventBits) | event);
}

// Leaves the set where nothing is wanted: EPOLLHUP and EPOLLERR cannot be switched off otherwise.
void EpollPort::Narrow(PortSocket& socket) {
  const uint32_t wanted = Wanted(socket);
  if (wanted == 0) {
    set_.Unwatch(socket);
  } else if (wanted != (socket.port_bits & kEventBits)) {
    set_.WatchSocket(socket, wanted);
  }
}

// ---- submitting and cancelling

void EpollPort::Accept(AcceptOperation& operation) {
  Begin(operation);
  const int result = set_.Watch(*operation.socket, EpollSet::Tag(operation, Whom::kAccept), EPOLLIN);
  if (result < 0) EndLater(operation, kEndingAccept, result);
}

void EpollPort::Connect(ConnectOperation& operation) {
  Begin(operation);
  PortSocket& socket = *operation.socket;
  int result = 0;
  if (connect(socket.fd, operation.address.get(), operation.address.length()) != 0) result = -errno;
  // After EINTR the attempt goes on by itself, as after EINPROGRESS.
  if (result == -EINPROGRESS || result == -EINTR) {
    result = set_.Watch(socket, EpollSet::Tag(operation, Whom::kConnect), EPOLLOUT);
    if (result == 0) return;
  }
  EndLater(operation, kEndingConnect, result);
}

void EpollPort::Receive(ReceiveOperation& operation) {
  Begin(operation);
  PortSocket& socket = *operation.socket;
  HP_CHECK(socket.receive == nullptr);
  socket.receive = &operation;
  const int result = Widen(socket, EPOLLIN);
  if (result < 0) EndLater(operation, kEndingReceive, result);
}

ABSL_ATTRIBUTE_HOT int64_t EpollPort::Send(SendOperation& operation, const iovec* pieces, int count) {
  PortSocket& socket = *operation.socket;
  HP_CHECK(socket.send == nullptr);
  ++stats_.send_calls;
  const int64_t sent = network_.SendNow(socket.fd, pieces, count);
  if (sent != -EAGAIN) return sent;
  if (const int result = Widen(socket, EPOLLOUT); result < 0) return result;
  Begin(operation);
  socket.send = &operation;
  return kPending;
}

void EpollPort::AwaitReady(ReadinessOperation& operation) {
  Begin(operation);
  PolledSocket& socket = *operation.socket;
  ReadinessOperation*& place = operation.to_write ? socket.writer : socket.reader;
  HP_CHECK(place == nullptr);
  place = &operation;
  socket.port_bits |= kPolled;
  const int result = Widen(socket, operation.to_write ? EPOLLOUT : EPOLLIN);
  if (result < 0) EndLater(operation, kEndingReadiness, result);
}

void EpollPort::Cancel(AcceptOperation& operation) {
  if (!operation.in_flight()) return;
  operation.PortMarkCancelled();
  if (IsEnding(operation)) return;
  set_.Unwatch(*operation.socket);
  EndLater(operation, kEndingAccept, -ECANCELED);
}

void EpollPort::Cancel(ConnectOperation& operation) {
  if (!operation.in_flight()) return;
  operation.PortMarkCancelled();
  if (IsEnding(operation)) return;
  set_.Unwatch(*operation.socket);
  EndLater(operation, kEndingConnect, -ECANCELED);
}

void EpollPort::Cancel(ReceiveOperation& operation) {
  if (!operation.in_flight()) return;
  operation.PortMarkCancelled();
  if (IsEnding(operation)) return;
  if (operation.port_state == kParked) parked_.Remove(operation);
  EndLater(operation, kEndingReceive, -ECANCELED);
}

void EpollPort::Cancel(SendOperation& operation) {
  if (!operation.in_flight()) return;
  operation.PortMarkCancelled();
  if (!IsEnding(operation)) EndLater(operation, kEndingSend, -ECANCELED);
}

void EpollPort::Cancel(ReadinessOperation& operation) {
  if (!operation.in_flight()) return;
  operation.PortMarkCancelled();
  if (!IsEnding(operation)) EndLater(operation, kEndingReadiness, -ECANCELED);
}

void EpollPort::Forget(PolledSocket& socket) {
  HP_CHECK(socket.reader == nullptr && socket.writer == nullptr);
  if (socket.fd < 0) return;
  set_.Unwatch(socket);
  set_.Strike(socket);
  if (current_ == &socket) current_ = nullptr;
  socket.fd = -1;
}

void EpollPort::Close(PortSocket& socket) {
  HP_CHECK(socket.receive == nullptr && socket.send == nullptr);
  // Where a forked child holds the descriptor too, close(2) alone leaves it in the set for as long, and
  // its events would wake this port again and again.
  if (ForkGeneration::EverForked()) set_.Unwatch(socket);
  set_.Strike(socket);
  if (current_ == &socket) current_ = nullptr;
  network_.Close(socket.fd);
  socket.fd = -1;
}

void EpollPort::EndLater(Operation& operation, uint8_t kind, int result) {
  operation.port_state = kind;
  operation.port_count = static_cast<uint8_t>(-result);  // every errno is below 256
  ending_.PushBack(operation);
}

// ---- one round

ABSL_ATTRIBUTE_HOT void EpollPort::RunOnce(TimePoint deadline) {
  if (!parked_.empty() && buffers_->starved()) {
    Wait(std::min(deadline, Clock::System().Now() + kStarvedPeriod));
    buffers_->TryAgain();
  } else {
    Wait(deadline);
  }
  while (next_event_ < event_count_) {
    const epoll_event event = events_[static_cast<size_t>(next_event_++)];
    if (next_event_ < event_count_) set_.Prefetch(events_[static_cast<size_t>(next_event_)].data.u64);
    if (event.events != 0) HandleEvent(event.data.u64, event.events);
  }
  TellEnds();
  ResumeParked();
}

ABSL_ATTRIBUTE_HOT void EpollPort::Wait(TimePoint deadline) {
  next_event_ = event_count_ = 0;
  bool may_sleep = deadline != kAtOnce && !has_ready_work();
  const bool spin_was_enough = may_sleep && busy_poll_ > Duration::zero() && Spin(deadline);
  if (!spin_was_enough) {
    // Asleep is said before looking for the last time, so that whoever comes later rings.
    may_sleep = may_sleep && wakeup_.PrepareToSleep();
    event_count_ = set_.Poll(events_.data(), kBatch, may_sleep ? deadline : kAtOnce);
  }
  wakeup_.Awake();
}

// True: there are events, somebody has called Wake(), or the deadline has passed.
bool EpollPort::Spin(TimePoint deadline) {
  const TimePoint end = std::min(deadline, Clock::System().Now() + busy_poll_);
  do {
    event_count_ = set_.Poll(events_.data(), kBatch, kAtOnce);
    if (event_count_ > 0 || wakeup_.notified()) return true;
  } while (Clock::System().Now() < end);
  return end == deadline;
}

ABSL_ATTRIBUTE_HOT void EpollPort::HandleEvent(uint64_t whom, uint32_t events) {
  switch (EpollSet::WhomOf(whom)) {
    case Whom::kSocket:
      if (PortSocket* const socket = set_.FindSocket(whom); socket != nullptr)
        HandleSocketEvent(*socket, events);
      return;
    case Whom::kAccept:
      return HandleAcceptable(EpollSet::Untag<AcceptOperation>(whom));
    case Whom::kConnect:
      return HandleConnectResult(EpollSet::Untag<ConnectOperation>(whom));
    case Whom::kWakeup:
      return wakeup_.Drain();
  }
}

void EpollPort::HandleAcceptable(AcceptOperation& operation) {
  if (IsEnding(operation)) return;
  const int listener = operation.socket->fd;
  for (uint32_t taken = 0; taken < operation.batch && !operation.cancelled(); ++taken) {
    sockaddr_storage name{};
    socklen_t length = sizeof(name);
    const int fd =
        accept4(listener, reinterpret_cast<sockaddr*>(&name), &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      operation.HandleAccepted(fd, Address::FromSockaddr(reinterpret_cast<const sockaddr*>(&name), length));
      continue;
    }
    const int error = errno;
    if (error == EAGAIN) return;
    if (error == EINTR) continue;
    ++stats_.accept_errors;
    if (ConcernsOnePeerOnly(error)) continue;
    // Out of the set: a listener that cannot accept stays readable and would spin.
    set_.Unwatch(*operation.socket);
    operation.PortEnd();
    return operation.HandleAcceptEnded(-error);
  }
}

void EpollPort::HandleConnectResult(ConnectOperation& operation) {
  if (IsEnding(operation)) return;
  PortSocket& socket = *operation.socket;
  int result = network_.TakeError(socket.fd);
  // From now on the events concern the socket. Readable, because that is what is asked for next.
  if (result == 0) result = set_.WatchSocket(socket, EPOLLIN);
  if (result != 0) set_.Unwatch(socket);
  operation.PortEnd();
  operation.HandleConnected(result);
}

ABSL_ATTRIBUTE_HOT void EpollPort::HandleSocketEvent(PortSocket& socket, uint32_t events) {
  if ((socket.port_bits & kPolled) != 0) return HandlePolledEvent(static_cast<PolledSocket&>(socket), events);
  const bool readable = (events & (EPOLLIN | kFailed)) != 0;
  const bool writable = (events & (EPOLLOUT | kFailed)) != 0;
  current_ = &socket;
  if (readable && socket.receive != nullptr && socket.receive->port_state == kArmed) ReceiveFrom(socket);
  if (writable && current_ != nullptr && socket.send != nullptr && socket.send->port_state == kArmed) {
    SendOperation& send = *socket.send;
    socket.send = nullptr;
    send.PortEnd();
    send.HandleSent(0);
  }
  // An event of a direction that nothing is armed for would come again and again. (A failed socket
  // with an operation armed is that operation's to find out.)
  if (current_ != nullptr && (events & ~Wanted(socket) & kEventBits) != 0) Narrow(socket);
  if (current_ != nullptr && (events & kFailed) != 0 && Wanted(socket) == 0) Narrow(socket);
  current_ = nullptr;
}

void EpollPort::HandlePolledEvent(PolledSocket& socket, uint32_t events) {
  const auto end = [](ReadinessOperation*& place) {
    ReadinessOperation* const operation = place;
    if (operation == nullptr || operation->port_state != kArmed) return;
    place = nullptr;
    operation->PortEnd();
    operation->HandleReady(0);
  };
  // Interest stays, so that waiting again costs nothing; what nobody waited for would come again and again.
  const bool unwanted = (events & ~Wanted(socket) & kEventBits) != 0 || Wanted(socket) == 0;
  current_ = &socket;
  if ((events & (EPOLLIN | kFailed)) != 0) end(socket.reader);
  if (current_ != nullptr && (events & (EPOLLOUT | kFailed)) != 0) end(socket.writer);
  if (current_ != nullptr && unwanted) Narrow(socket);
  current_ = nullptr;
}

ABSL_ATTRIBUTE_HOT void EpollPort::ReceiveFrom(PortSocket& socket) {
  ReceiveOperation& operation = *socket.receive;
  ReceiveBuffer* buffer = buffers_->Take();
  if (buffer == nullptr) {
    ++stats_.buffer_shortages;
    operation.port_state = kParked;
    parked_.PushBack(operation);
    return;  // whose event this was now finds it unwanted
  }
  ssize_t received = 0;
  do {
    received = recv(socket.fd, buffer->data(), buffer->capacity(), MSG_DONTWAIT);
  } while (received < 0 && errno == EINTR);
  const int error = received < 0 ? errno : 0;
  ++stats_.receive_calls;
  if (received > 0) operation.HandleReceived(*buffer, 0, static_cast<uint32_t>(received));
  buffer->EndDelivery();
  if (received <= 0 && error != EAGAIN) EndReceive(socket, -error);
}

void EpollPort::EndReceive(PortSocket& socket, int result) {
  ReceiveOperation& operation = *socket.receive;
  socket.receive = nullptr;
  operation.PortEnd();
  operation.HandleReceiveEnded(result);
}

ABSL_ATTRIBUTE_HOT void EpollPort::TellEnds() {
  const Operation* const last = ending_.last();  // what handlers add is told in the next round
  while (Operation* operation = ending_.PopFront()) {
    const bool was_last = operation == last;
    const int result = -operation->port_count;
    if (operation->port_state == kEndingReceive) {
      EndReceive(*static_cast<ReceiveOperation*>(operation)->socket, result);
    } else {
      operation->PortEnd();
      if (operation->port_state == kEndingAccept) {
        static_cast<AcceptOperation*>(operation)->HandleAcceptEnded(result);
      } else if (operation->port_state == kEndingConnect) {
        static_cast<ConnectOperation*>(operation)->HandleConnected(result);
      } else if (operation->port_state == kEndingReadiness) {
        ReadinessOperation& readiness = *static_cast<ReadinessOperation*>(operation);
        (readiness.to_write ? readiness.socket->writer : readiness.socket->reader) = nullptr;
        readiness.HandleReady(result);
      } else {
        SendOperation& send = *static_cast<SendOperation*>(operation);
        send.socket->send = nullptr;
        send.HandleSent(result);
      }
    }
    if (was_last) return;
  }
}

// Ends: a receive parks again only when no buffer is available.
ABSL_ATTRIBUTE_HOT void EpollPort::ResumeParked() {
  while (!parked_.empty() && buffers_->Prepare()) {
    ReceiveOperation& operation = *static_cast<ReceiveOperation*>(parked_.PopFront());
    PortSocket& socket = *operation.socket;
    operation.port_state = kArmed;
    const int result = Widen(socket, EPOLLIN);
    if (result < 0) {
      EndLater(operation, kEndingReceive, result);
    } else {
      ReceiveFrom(socket);  // in this order, not in the one that epoll reports
    }
  }
}

ABSL_ATTRIBUTE_HOT PortStats EpollPort::stats() const {
  PortStats stats = stats_;
  stats.buffer_bytes = buffers_->bytes();
  stats.leases = buffers_->leased();
  return stats;
}

}  // namespace hpsocket::core
