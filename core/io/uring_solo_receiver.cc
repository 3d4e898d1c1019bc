#include "hpsocket/core/io/uring_solo_receiver.h"

#include <errno.h>

#include "hpsocket/core/base/sanitizer.h"
#include "hpsocket/core/io/uring_request.h"

namespace hpsocket::core {
namespace {

// One that the kernel fills, one that is being delivered, and room for as many leases as a send and a
// paused remainder keep. Memory is used only for those that are needed.
constexpr uint32_t kBuffers = 8;

}  // namespace

UringSoloReceiver::UringSoloReceiver(UringRing& ring, const PortOptions& options, PortStats& stats)
    : ring_(ring), stats_(stats), buffers_(options.small_buffer_size, kBuffers) {
  armed_.reserve(kBuffers);
}

void UringSoloReceiver::Start(ReceiveOperation& operation) {
  operation.PortBegin();
  HP_CHECK(operation.socket->receive == nullptr);
  operation.socket->receive = &operation;
  HP_TSAN_RELEASE(&operation);
  Arm(operation, true);
}

void UringSoloReceiver::Cancel(ReceiveOperation& operation) {
  if (!operation.in_flight() || operation.cancelled()) return;
  operation.PortMarkCancelled();
  if (!operation.port_queued) ring_.QueueCancel(RequestTag(operation, RequestKind::kReceive));
}

void UringSoloReceiver::Complete(ReceiveOperation& operation, int result, unsigned flags) {
  ++stats_.receive_calls;
  ReceiveBuffer& buffer = Disarm(operation);
  if (result > 0) operation.HandleReceived(buffer, 0, static_cast<uint32_t>(result));
  buffer.EndDelivery();

  const bool failed_for_good = result < 0 && result != -EINTR && result != -EAGAIN;
  if (result == 0 || failed_for_good) return End(operation, result);
  if (operation.cancelled()) return End(operation, -ECANCELED);
  Arm(operation, (flags & IORING_CQE_F_SOCK_NONEMPTY) != 0);
}

void UringSoloReceiver::Arm(ReceiveOperation& operation, bool more_waiting) {
  buffers_.TryAgain();
  ReceiveBuffer* buffer = buffers_.Take();
  if (buffer == nullptr) {
    without_buffer_.PushBack(operation);
    return;
  }
  armed_.push_back({&operation, buffer});
  io_uring_sqe& request = ring_.NextRequest();
  request.opcode = IORING_OP_RECV;
  request.ioprio = more_waiting ? uint16_t{0} : uint16_t{IORING_RECVSEND_POLL_FIRST};
  request.fd = operation.socket->fd;
  request.addr = static_cast<uint64_t>(reinterpret_cast<uintptr_t>(buffer->data()));
  request.len = buffer->capacity();
  request.user_data = RequestTag(operation, RequestKind::kReceive);
}

ReceiveBuffer& UringSoloReceiver::Disarm(ReceiveOperation& operation) {
  size_t at = 0;
  while (armed_[at].operation != &operation) ++at;
  ReceiveBuffer& buffer = *armed_[at].buffer;
  armed_[at] = armed_.back();
  armed_.pop_back();
  return buffer;
}

void UringSoloReceiver::TellEnded() {
  const Operation* const last = without_buffer_.last();  // a handler may try again in vain
  while (Operation* const operation = without_buffer_.PopFront()) {
    const bool was_last = operation == last;
    End(*static_cast<ReceiveOperation*>(operation), operation->cancelled() ? -ECANCELED : -ENOMEM);
    if (was_last) return;
  }
}

// Last: the handler may destroy or submit the operation again.
void UringSoloReceiver::End(ReceiveOperation& operation, int result) {
  HP_TSAN_ACQUIRE(&operation);
  operation.socket->receive = nullptr;
  operation.PortEnd();
  operation.HandleReceiveEnded(result);
}

}  // namespace hpsocket::core
