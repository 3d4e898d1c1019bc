#include "hpsocket/core/io/uring_acceptor.h"

#include <errno.h>
#include <sys/socket.h>

#include <algorithm>
#include <new>
#include <utility>

#include "hpsocket/core/base/sanitizer.h"
#include "hpsocket/core/io/accept_errors.h"
#include "hpsocket/core/io/uring_request.h"

namespace hpsocket::core {

void UringAcceptor::Start(AcceptOperation& operation) {
  operation.PortBegin();
  HP_TSAN_RELEASE(&operation);
  try {
    listeners_.push_back(std::make_unique<Listener>());
  } catch (const std::bad_alloc&) {
    without_memory_.PushBack(operation);
    return;
  }
  listeners_.back()->operation = &operation;
  Arm(operation);
}

void UringAcceptor::Cancel(AcceptOperation& operation) {
  if (!operation.in_flight() || operation.cancelled()) return;
  operation.PortMarkCancelled();
  if (!operation.port_queued) ring_.QueueCancel(RequestTag(operation, RequestKind::kAccept));
}

void UringAcceptor::Complete(AcceptOperation& operation, int result, unsigned flags) {
  Listener& listener = Find(operation);
  if (result >= 0) Keep(listener, result);
  if ((flags & IORING_CQE_F_MORE) == 0) Settle(listener, result);
}

void UringAcceptor::Keep(Listener& listener, int descriptor) {
  try {
    listener.descriptors.push_back(descriptor);
  } catch (const std::bad_alloc&) {
    ++stats_.accept_errors;
    ring_.QueueClose(descriptor);
  }
}

// The last completion of an accept: whether it is submitted again depends on what it says, and only
// the missing F_MORE says that it was the last.
void UringAcceptor::Settle(Listener& listener, int result) {
  AcceptOperation& operation = *listener.operation;
  const bool harmless = result >= 0 || result == -EINTR || result == -EAGAIN || result == -ECANCELED;
  if (!harmless) ++stats_.accept_errors;
  if (operation.cancelled()) {
    listener.result = -ECANCELED;
    listener.ended = true;
  } else if (result != -ECANCELED && (harmless || ConcernsOnePeerOnly(-result))) {
    Arm(operation);
  } else {
    listener.result = result;
    listener.ended = true;
  }
}

bool UringAcceptor::has_work() const {
  if (!without_memory_.empty()) return true;
  return std::any_of(listeners_.begin(), listeners_.end(),
                     [](const auto& listener) { return listener->has_work(); });
}

void UringAcceptor::Deliver() {
  TellWithoutMemory();
  if (listeners_.empty()) return;
  // A handler may add listeners; they wait for the next round.
  const size_t count = listeners_.size();
  for (size_t at = 0; at < count; ++at) DeliverBatch(*listeners_[at]);
  for (size_t at = count; at-- > 0;) {
    Listener& listener = *listeners_[at];
    if (!listener.ended || listener.delivered < listener.descriptors.size()) continue;
    const std::unique_ptr<Listener> ended = std::move(listeners_[at]);
    listeners_.erase(listeners_.begin() + static_cast<std::ptrdiff_t>(at));
    HP_TSAN_ACQUIRE(ended->operation);
    ended->operation->PortEnd();
    // Last: the handler may destroy or submit the operation again.
    ended->operation->HandleAcceptEnded(ended->result);
  }
}

void UringAcceptor::TellWithoutMemory() {
  const Operation* const last = without_memory_.last();  // a handler may try again in vain
  while (Operation* const operation = without_memory_.PopFront()) {
    AcceptOperation& accept = *static_cast<AcceptOperation*>(operation);
    HP_TSAN_ACQUIRE(&accept);
    ++stats_.accept_errors;
    const bool was_last = operation == last;
    const int result = accept.cancelled() ? -ECANCELED : -ENOMEM;
    accept.PortEnd();
    accept.HandleAcceptEnded(result);
    if (was_last) return;
  }
}

void UringAcceptor::DeliverBatch(Listener& listener) {
  if (listener.descriptors.empty()) return;  // nearly every round: writes nothing
  const Address unknown_peer;
  for (uint32_t left = std::max(listener.operation->batch, 1u);
       left > 0 && listener.delivered < listener.descriptors.size(); --left) {
    listener.operation->HandleAccepted(listener.descriptors[listener.delivered++], unknown_peer);
  }
  if (listener.delivered < listener.descriptors.size()) return;
  listener.descriptors.clear();
  listener.delivered = 0;
}

UringAcceptor::Listener& UringAcceptor::Find(const AcceptOperation& operation) {
  const auto found = std::find_if(listeners_.begin(), listeners_.end(),
                                  [&](const auto& listener) { return listener->operation == &operation; });
  HP_CHECK(found != listeners_.end());
  return **found;
}

void UringAcceptor::Arm(AcceptOperation& operation) {
  io_uring_sqe& request = ring_.NextRequest();
  request.opcode = IORING_OP_ACCEPT;
  request.ioprio = IORING_ACCEPT_MULTISHOT;
  request.fd = operation.socket->fd;
  request.accept_flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
  request.user_data = RequestTag(operation, RequestKind::kAccept);
}

}  // namespace hpsocket::core
