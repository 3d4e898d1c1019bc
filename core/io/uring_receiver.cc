#include "hpsocket/core/io/uring_receiver.h"

#include <errno.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "absl/base/attributes.h"
#include "hpsocket/core/base/sanitizer.h"
#include "hpsocket/core/io/uring_request.h"

namespace hpsocket::core {
namespace {

constexpr uint16_t kSmallGroup = 0;
constexpr uint16_t kLargeGroup = 1;

}  // namespace

UringReceiver::UringReceiver(UringRing& ring, const PortOptions& options, PortStats& stats)
    : ring_(ring),
      options_(options),
      stats_(stats),
      small_(kSmallGroup, options.small_buffer_size, options.small_buffer_count),
      large_allowed_(options.large_buffer_count > 0 &&
                     options.large_buffer_size > options.small_buffer_size) {}

int UringReceiver::Open(std::string* why) {
  const int result = small_.Open(ring_.raw());
  if (result < 0) *why = std::string("receive buffers: ") + strerror(-result);
  return result;
}

void UringReceiver::Start(ReceiveOperation& operation) {
  operation.PortBegin();
  HP_CHECK(operation.socket->receive == nullptr);
  operation.socket->receive = &operation;
  HP_TSAN_RELEASE(&operation);
  ArmSmall(operation);
}

void UringReceiver::Cancel(ReceiveOperation& operation) {
  if (!operation.in_flight() || operation.cancelled()) return;
  operation.PortMarkCancelled();
  if (operation.port_queued) {
    cancelled_in_line_ = true;
  } else {
    ring_.QueueCancel(RequestTag(operation, RequestKind::kReceive));
  }
}

ABSL_ATTRIBUTE_HOT void UringReceiver::Complete(ReceiveOperation& operation, int result, unsigned flags) {
  ++stats_.receive_calls;
  const bool lasts = (flags & IORING_CQE_F_MORE) != 0;
  bool leave_small = false;
  if ((flags & IORING_CQE_F_BUFFER) != 0) {
    const bool large = operation.port_state == kLarge;
    const uint32_t length = static_cast<uint32_t>(std::max(result, 0));
    ReceiveBuffer* buffer = (large ? *large_ : small_).Take(flags >> IORING_CQE_BUFFER_SHIFT, length);
    if (buffer != nullptr) {
      if (large) {
        CountShort(operation, length);
      } else {
        leave_small = CountFull(operation, length);
      }
      buffer->BeginDelivery();
      operation.HandleReceived(*buffer, 0, length);
      buffer->EndDelivery();
    }
  }
  if (leave_small) {
    operation.port_state = kLeavingSmall;
    if (lasts && !operation.cancelled()) ring_.QueueCancel(RequestTag(operation, RequestKind::kReceive));
  }
  if (!lasts) Settle(operation, result, flags);
}

// True when the operation has filled so many small buffers that it should leave them.
ABSL_ATTRIBUTE_HOT bool UringReceiver::CountFull(ReceiveOperation& operation, uint32_t length) {
  if (operation.port_round != round_) {
    operation.port_round = round_;
    operation.port_count = 0;
  }
  if (operation.port_state == kLeavingSmall || length < small_.size() || !large_allowed_) return false;
  return ++operation.port_count >= kManyFull;
}

ABSL_ATTRIBUTE_HOT void UringReceiver::CountShort(ReceiveOperation& operation, uint32_t length) {
  const bool is_short = length < large_->size() && length < kManyFull * small_.size();
  operation.port_count = is_short ? static_cast<uint8_t>(operation.port_count + 1) : uint8_t{0};
}

// The last completion of a receive: ends the operation, or goes on receiving.
void UringReceiver::Settle(ReceiveOperation& operation, int result, unsigned flags) {
  const bool failed_for_good =
      result < 0 && result != -ENOBUFS && result != -ECANCELED && result != -EINTR && result != -EAGAIN;
  if (result == 0 || failed_for_good) return End(operation, result);
  if (operation.cancelled()) return End(operation, -ECANCELED);
  if (result == -ENOBUFS) {
    ++stats_.buffer_shortages;
    const bool large = operation.port_state == kLarge;
    (large ? *large_ : small_).ReportShortage();
    if (operation.port_state == kLeavingSmall) return GoOn(operation, true);
    return StandInLine(operation, large ? kWaitingLarge : kWaitingSmall);
  }
  // Cancelled, and not by the port, which does that only to leave the small group: as the kernel says.
  if (result == -ECANCELED && operation.port_state != kLeavingSmall) return End(operation, result);
  GoOn(operation, (flags & IORING_CQE_F_SOCK_NONEMPTY) != 0 || operation.port_state == kLeavingSmall);
}

// `more_waiting`: a receive is likely to find something at once.
void UringReceiver::GoOn(ReceiveOperation& operation, bool more_waiting) {
  switch (operation.port_state) {
    case kLeavingSmall:
      operation.port_count = 0;
      return OpenLarge() ? ArmLarge(operation, more_waiting) : ArmSmall(operation);
    case kLarge:
      return operation.port_count < kManyShort ? ArmLarge(operation, more_waiting) : ArmSmall(operation);
    case kSmallOnce:
      return more_waiting && !small_line_.empty() ? StandInLine(operation, kWaitingSmall)
                                                  : ArmSmall(operation);
    default:
      return ArmSmall(operation);
  }
}

void UringReceiver::ArmSmall(ReceiveOperation& operation) {
  operation.port_state = kSmall;
  operation.port_count = 0;
  io_uring_sqe& request = ring_.NextRequest();
  request.opcode = IORING_OP_RECV;
  request.flags = IOSQE_BUFFER_SELECT;
  request.ioprio = IORING_RECV_MULTISHOT;
  request.fd = operation.socket->fd;
  request.buf_group = kSmallGroup;
  request.user_data = RequestTag(operation, RequestKind::kReceive);
}

void UringReceiver::ArmOnce(ReceiveOperation& operation, BufferRing& group, Mode mode, bool more_waiting) {
  operation.port_state = mode;
  io_uring_sqe& request = ring_.NextRequest();
  request.opcode = IORING_OP_RECV;
  request.flags = IOSQE_BUFFER_SELECT;
  request.ioprio = more_waiting ? uint16_t{0} : uint16_t{IORING_RECVSEND_POLL_FIRST};
  request.fd = operation.socket->fd;
  request.len = group.size();
  request.buf_group = group.group();
  request.user_data = RequestTag(operation, RequestKind::kReceive);
}

void UringReceiver::ArmLarge(ReceiveOperation& operation, bool more_waiting) {
  // Where nothing waits the kernel takes no buffer yet, so there is nobody to stand in line behind.
  if (more_waiting && !large_line_.empty()) return StandInLine(operation, kWaitingLarge);
  ArmOnce(operation, *large_, kLarge, more_waiting);
}

void UringReceiver::StandInLine(ReceiveOperation& operation, Mode mode) {
  operation.port_state = mode;
  (mode == kWaitingSmall ? small_line_ : large_line_).PushBack(operation);
}

ABSL_ATTRIBUTE_HOT void UringReceiver::Replenish() {
  ++round_;
  if (cancelled_in_line_) {
    cancelled_in_line_ = false;
    TakeCancelledOutOf(small_line_);
    TakeCancelledOutOf(large_line_);
  }
  small_.Publish();
  if (!small_line_.empty()) Serve(small_line_, small_, kSmallOnce);
  if (large_ == nullptr) return;
  large_->Publish();
  if (!large_line_.empty()) Serve(large_line_, *large_, kLarge);
}

// As many as there are buffers: more would only be told again that there are none.
void UringReceiver::Serve(OperationQueue& line, BufferRing& group, Mode mode) {
  for (uint32_t left = group.stock(); left > 0 && !line.empty(); --left) {
    ArmOnce(static_cast<ReceiveOperation&>(*line.PopFront()), group, mode, true);
  }
}

void UringReceiver::TakeCancelledOutOf(OperationQueue& line) {
  Operation* const last = line.last();
  for (Operation* operation = nullptr; operation != last;) {
    operation = line.PopFront();
    (operation->cancelled() ? ended_ : line).PushBack(*operation);
  }
}

ABSL_ATTRIBUTE_HOT bool UringReceiver::has_work() const {
  return !ended_.empty() || (!small_line_.empty() && small_.stock() > 0) ||
         (!large_line_.empty() && large_->stock() > 0);
}

ABSL_ATTRIBUTE_HOT void UringReceiver::TellEnded() {
  while (!ended_.empty()) End(static_cast<ReceiveOperation&>(*ended_.PopFront()), -ECANCELED);
}

// False where the system has no memory for it: then the small group must do.
bool UringReceiver::OpenLarge() {
  if (large_ != nullptr) return true;
  if (!large_allowed_) return false;
  std::unique_ptr<BufferRing> large;
  try {
    large =
        std::make_unique<BufferRing>(kLargeGroup, options_.large_buffer_size, options_.large_buffer_count);
  } catch (const std::bad_alloc&) {
    return false;
  }
  // In the middle of a round: the other connections do not wait for memory that may not come.
  if (large->OpenNow(ring_.raw()) < 0) {
    large_allowed_ = false;
    return false;
  }
  large_ = std::move(large);
  large_->Publish();
  return true;
}

// Last: the handler may destroy or submit the operation again.
void UringReceiver::End(ReceiveOperation& operation, int result) {
  HP_TSAN_ACQUIRE(&operation);
  operation.socket->receive = nullptr;
  operation.PortEnd();
  operation.HandleReceiveEnded(result);
}

uint64_t UringReceiver::buffer_bytes() const {
  return small_.bytes() + (large_ == nullptr ? 0 : large_->bytes());
}

uint64_t UringReceiver::leases() const {
  return small_.leased() + (large_ == nullptr ? 0 : large_->leased());
}

bool UringReceiver::in_large_group(const ReceiveOperation& operation) const {
  return operation.port_state == kLarge || operation.port_state == kWaitingLarge;
}

}  // namespace hpsocket::core
