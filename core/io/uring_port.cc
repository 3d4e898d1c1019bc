#include "hpsocket/core/io/uring_port.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "absl/base/attributes.h"
#include "hpsocket/core/base/sanitizer.h"
#include "hpsocket/core/io/uring_request.h"

namespace hpsocket::core {
namespace {

// The completion queue is far larger than a round's usual harvest: an overflow loses nothing, but ends every
// multishot that it hits.
UringRing::Options RingFor(const PortOptions& options) {
  if (options.single_socket) return {.submission_entries = 8, .completion_entries = 32};
  const unsigned ports = std::max(options.component_ports, 1u);
  return {.submission_entries = std::bit_floor(std::clamp(512u / ports, 32u, 256u)),
          .completion_entries = std::bit_floor(std::clamp(8192u / ports, 128u, 8192u))};
}

// What one send(2) takes at most.
constexpr size_t kMostBytes = 0x7ffff000;

// The kernel reads the 16-bit halves of poll32_events in its own order.
uint32_t PollEvents(uint32_t events) {
  return std::endian::native == std::endian::big ? std::rotl(events, 16) : events;
}

uint64_t ToKernel(const void* pointer) { return static_cast<uint64_t>(reinterpret_cast<uintptr_t>(pointer)); }

}  // namespace

UringPort::~UringPort() = default;

int UringPort::Open(const PortOptions& options, std::string* why) {
  options_ = options;
  const uint32_t share = std::max(4096u / std::max(options.component_ports, 1u), 64u);
  options_.small_buffer_count = std::bit_floor(std::min(options.small_buffer_count, share));
  int result = ring_.Open(ring_options_.value_or(RingFor(options)), why);
  if (result < 0) return result;
  result = wakeup_.Open();
  if (result < 0) {
    *why = std::string("eventfd: ") + strerror(-result);
    return result;
  }
  if (options.single_socket) {
    solo_receiver_.emplace(ring_, options_, stats_);
  } else {
    receiver_.emplace(ring_, options_, stats_);
    result = receiver_->Open(why);
    if (result < 0) return result;
  }
  ArmWakeup();
  return 0;
}

void UringPort::Accept(AcceptOperation& operation) { acceptor_.Start(operation); }

void UringPort::Connect(ConnectOperation& operation) {
  operation.PortBegin();
  HP_TSAN_RELEASE(&operation);
  io_uring_sqe& request = ring_.NextRequest();
  request.opcode = IORING_OP_CONNECT;
  request.fd = operation.socket->fd;
  request.addr = ToKernel(operation.address.get());
  request.off = operation.address.length();
  request.user_data = RequestTag(operation, RequestKind::kConnect);
}

void UringPort::Receive(ReceiveOperation& operation) {
  if (receiver_) {
    receiver_->Start(operation);
  } else {
    solo_receiver_->Start(operation);
  }
}

ABSL_ATTRIBUTE_HOT int64_t UringPort::Send(SendOperation& operation, const iovec* pieces, int count) {
  HP_CHECK(count > 0 && operation.socket->send == nullptr);
  operation.PortBegin();
  operation.socket->send = &operation;
  HP_TSAN_RELEASE(&operation);
  ++stats_.send_calls;
  io_uring_sqe& request = ring_.NextRequest();
  request.fd = operation.socket->fd;
  // The kernel then goes on by itself where a socket took a part only.
  // Not MSG_WAITALL: a send that had left in part then keeps the error that ended it to itself, and with
  // it the only word about a reset or a time-out; what comes next would look like the peer's FIN.
  request.msg_flags = MSG_NOSIGNAL;
  request.user_data = RequestTag(operation, RequestKind::kSend);
  // Without memory for the list the first piece leaves alone: a part of what was asked for.
  const msghdr* const list = count == 1 ? nullptr : gather_lists_.Add(pieces, count);
  if (list == nullptr) {
    request.opcode = IORING_OP_SEND;
    request.addr = ToKernel(pieces->iov_base);
    request.len = static_cast<uint32_t>(std::min(pieces->iov_len, kMostBytes));
  } else {
    request.opcode = IORING_OP_SENDMSG;
    request.addr = ToKernel(list);
    request.len = 1;
  }
  return kPending;
}

void UringPort::Cancel(AcceptOperation& operation) { acceptor_.Cancel(operation); }

void UringPort::Cancel(ConnectOperation& operation) {
  if (!operation.in_flight() || operation.cancelled()) return;
  operation.PortMarkCancelled();
  ring_.QueueCancel(RequestTag(operation, RequestKind::kConnect));
}

void UringPort::Cancel(ReceiveOperation& operation) {
  if (receiver_) {
    receiver_->Cancel(operation);
  } else {
    solo_receiver_->Cancel(operation);
  }
}

void UringPort::Cancel(SendOperation& operation) {
  if (!operation.in_flight() || operation.cancelled()) return;
  operation.PortMarkCancelled();
  ring_.QueueCancel(RequestTag(operation, RequestKind::kSend));
}

void UringPort::AwaitReady(ReadinessOperation& operation) {
  ReadinessOperation*& place = operation.to_write ? operation.socket->writer : operation.socket->reader;
  HP_CHECK(place == nullptr);
  place = &operation;
  operation.PortBegin();
  HP_TSAN_RELEASE(&operation);
  io_uring_sqe& request = ring_.NextRequest();
  request.opcode = IORING_OP_POLL_ADD;
  request.fd = operation.socket->fd;
  request.poll32_events = PollEvents(operation.to_write ? POLLOUT : POLLIN);
  request.user_data = RequestTag(operation, RequestKind::kReadiness);
}

void UringPort::Cancel(ReadinessOperation& operation) {
  if (!operation.in_flight() || operation.cancelled()) return;
  operation.PortMarkCancelled();
  ring_.QueueCancel(RequestTag(operation, RequestKind::kReadiness));
}

void UringPort::Forget(PolledSocket& socket) {
  HP_CHECK(socket.reader == nullptr && socket.writer == nullptr);
  socket.fd = -1;
}

void UringPort::Close(PortSocket& socket) {
  HP_CHECK(socket.receive == nullptr && socket.send == nullptr);
  if (socket.fd < 0) return;
  ring_.QueueClose(socket.fd);
  socket.fd = -1;
}

ABSL_ATTRIBUTE_HOT void UringPort::RunOnce(TimePoint deadline) {
  if (receiver_) receiver_->Replenish();
  EnterKernel(deadline);
  if (ring_.all_submitted()) gather_lists_.Clear();
  ring_.TakeCompletions([this](uint64_t tag, int result, unsigned flags) { Dispatch(tag, result, flags); });
  acceptor_.Deliver();
  if (receiver_) {
    receiver_->TellEnded();
  } else {
    solo_receiver_->TellEnded();
  }
}

ABSL_ATTRIBUTE_HOT PortStats UringPort::stats() const {
  PortStats stats = stats_;
  stats.cq_overflows = ring_.overflows();
  if (receiver_) {
    stats.buffer_bytes = receiver_->buffer_bytes();
    stats.leases = receiver_->leases();
  } else if (solo_receiver_) {
    stats.buffer_bytes = solo_receiver_->buffer_bytes();
    stats.leases = solo_receiver_->leases();
  }
  return stats;
}

// One poll that lasts. It tells each write to the eventfd, so that nobody has to read it.
void UringPort::ArmWakeup() {
  io_uring_sqe& request = ring_.NextRequest();
  request.opcode = IORING_OP_POLL_ADD;
  request.fd = wakeup_.fd();
  request.len = IORING_POLL_ADD_MULTI;
  request.poll32_events = PollEvents(POLLIN);
  request.user_data = static_cast<uint64_t>(RequestKind::kWake);
}

// Something to do that needs no news from the kernel.
ABSL_ATTRIBUTE_HOT bool UringPort::HasWork() const {
  return acceptor_.has_work() || (receiver_ ? receiver_->has_work() : solo_receiver_->has_work());
}

ABSL_ATTRIBUTE_HOT void UringPort::EnterKernel(TimePoint deadline) {
  if (deadline == kAtOnce || HasWork()) {
    ring_.Poll();
  } else if (options_.busy_poll > Duration::zero() && SpinForNews(deadline)) {
    ring_.Poll();
  } else if (wakeup_.PrepareToSleep()) {
    ring_.Wait(deadline);
  } else {
    ring_.Poll();
  }
  wakeup_.Awake();
}

// True when there is something to do before the spin, or the deadline, is over.
bool UringPort::SpinForNews(TimePoint deadline) {
  ring_.Poll();
  const Clock& clock = Clock::System();
  const TimePoint end = std::min(deadline, clock.Now() + options_.busy_poll);
  do {
    // The clock costs as much as many looks.
    for (int looks = 0; looks < 16; ++looks) {
      if (ring_.HasNews() || wakeup_.notified()) return true;
#if defined(__x86_64__) || defined(__i386__)
      __builtin_ia32_pause();
#endif
    }
  } while (clock.Now() < end);
  return false;
}

ABSL_ATTRIBUTE_HOT void UringPort::Dispatch(uint64_t tag, int result, unsigned flags) {
  switch (KindOfRequest(tag)) {
    case RequestKind::kUnheard:
      return;
    case RequestKind::kAccept:
      return acceptor_.Complete(OperationOfRequest<AcceptOperation>(tag), result, flags);
    case RequestKind::kConnect:
      return CompleteConnect(OperationOfRequest<ConnectOperation>(tag), result);
    case RequestKind::kReceive: {
      auto& operation = OperationOfRequest<ReceiveOperation>(tag);
      return receiver_ ? receiver_->Complete(operation, result, flags)
                       : solo_receiver_->Complete(operation, result, flags);
    }
    case RequestKind::kSend:
      return CompleteSend(OperationOfRequest<SendOperation>(tag), result);
    case RequestKind::kReadiness:
      return CompleteReadiness(OperationOfRequest<ReadinessOperation>(tag), result);
    case RequestKind::kWake:
      if ((flags & IORING_CQE_F_MORE) == 0) ArmWakeup();
      return;
  }
}

void UringPort::CompleteConnect(ConnectOperation& operation, int result) {
  HP_TSAN_ACQUIRE(&operation);
  operation.PortEnd();
  // -EINTR: a cancel that met the kernel's own wait.
  operation.HandleConnected(result == -EINTR && operation.cancelled() ? -ECANCELED : result);
}

void UringPort::CompleteReadiness(ReadinessOperation& operation, int result) {
  HP_TSAN_ACQUIRE(&operation);
  (operation.to_write ? operation.socket->writer : operation.socket->reader) = nullptr;
  operation.PortEnd();
  operation.HandleReady(std::min(result, 0));  // what is good are events
}

ABSL_ATTRIBUTE_HOT void UringPort::CompleteSend(SendOperation& operation, int result) {
  HP_TSAN_ACQUIRE(&operation);
  const bool interrupted = result == -EINTR || result == -EAGAIN;
  const int64_t outcome = !interrupted ? result : operation.cancelled() ? -ECANCELED : 0;
  operation.socket->send = nullptr;
  operation.PortEnd();
  operation.HandleSent(outcome);
}

}  // namespace hpsocket::core
