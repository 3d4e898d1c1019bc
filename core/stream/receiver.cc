#include "hpsocket/core/stream/receiver.h"

#include <algorithm>
#include <cerrno>
#include <climits>

#include "absl/base/attributes.h"
#include "hpsocket/core/stream/connection.h"
#include "hpsocket/core/stream/stream_engine.h"
#include "hpsocket/core/stream/worker.h"

namespace hpsocket::core {
namespace {

// The peer's doing; anything else the kernel has found out itself.
bool IsReset(int result) { return result == -ECONNRESET || result == -EPIPE; }

}  // namespace

Receiver::Receiver(Connection& connection) { ReceiveOperation::socket = &connection.socket(); }

Connection& Receiver::connection() const { return static_cast<Connection&>(*ReceiveOperation::socket); }

bool Receiver::Begin() {
  Worker& worker = connection().worker();
  StreamEngine& engine = worker.engine();
  if (engine.delivery() == Delivery::kPull) {
    PullBuffer* const pull = engine.pool().New<PullBuffer>(engine.pool(), engine.running().max_pull_length);
    if (pull == nullptr) return false;
    pull_.store(pull, std::memory_order_release);
  }
  began_ = true;
  if (held()) {
    connection().WatchWhileHeld();
  } else {
    worker.port().Receive(*this);
  }
  return true;
}

void Receiver::End() {
  if (in_flight()) connection().worker().port().Cancel(*this);
  connection().worker().pieces().FreeAll(kept_);
}

void Receiver::FreePullBuffer() {
  connection().worker().engine().pool().Delete(pull_.exchange(nullptr, std::memory_order_relaxed));
}

void Receiver::ApplyPause() {
  if (!began_ || connection().close_word().closing()) return;
  if (!held()) DeliverKept();
  if (connection().close_word().closing()) return;
  if (held()) {
    if (in_flight()) connection().worker().port().Cancel(*this);
    connection().WatchWhileHeld();
    return;
  }
  // It was held for a moment; whoever has ended that has asked for another look.
  if (!kept_.empty()) return;
  if (ended_) {
    ActOnEnd(end_result_);
  } else if (!in_flight()) {
    connection().worker().port().Receive(*this);
  }
}

void Receiver::LookWhileHeld() {
  if (!held() || ended_ || connection().close_word().closing()) return;
  const int result = connection().worker().engine().world().network().TakeError(connection().fd);
  if (result == 0) return connection().WatchWhileHeld();
  if (IsReset(result)) {
    end_result_ = result;
  } else {
    ActOnEnd(result);
  }
}

ABSL_ATTRIBUTE_HOT bool Receiver::CallListener(const uint8_t* data, int length) {
  StreamEngine& engine = connection().worker().engine();
  const bool parallel = engine.parallel();
  if (parallel && !connection().EnterReceive()) return false;
  const EnHandleResult result = engine.events().HandleReceive(connection().id(), data, length);
  if (parallel) connection().LeaveReceive();
  if (result == HR_ERROR) connection().close_word().Claim(CloseCause::Listener(SO_RECEIVE, ECANCELED));
  return true;
}

ABSL_ATTRIBUTE_HOT uint32_t Receiver::DeliverPush(const uint8_t* data, uint32_t length) {
  const uint32_t slice = connection().worker().engine().running().socket_buffer_size;
  uint32_t done = 0;
  while (done < length && !connection().close_word().closing() && !paused()) {
    const uint32_t part = std::min(slice, length - done);
    if (!CallListener(data + done, static_cast<int>(part))) break;
    done += part;
  }
  return done;
}

ABSL_ATTRIBUTE_HOT uint32_t Receiver::DeliverPull(const uint8_t* data, uint32_t length) {
  const size_t total = pull()->Lend(data, length);
  CallListener(nullptr, static_cast<int>(std::min<size_t>(total, INT_MAX)));
  if (!pull()->Keep()) connection().close_word().Claim(CloseCause::Error(SO_RECEIVE, ENOMEM));
  return length;
}

ABSL_ATTRIBUTE_HOT uint32_t Receiver::Deliver(const uint8_t* data, uint32_t length) {
  connection().in_callback = delivering_ = true;
  const uint32_t done = pull() != nullptr ? DeliverPull(data, length) : DeliverPush(data, length);
  connection().in_callback = delivering_ = false;
  return done;
}

ABSL_ATTRIBUTE_HOT void Receiver::HandleReceived(ReceiveBuffer& buffer, uint32_t offset, uint32_t length) {
  Worker& worker = connection().worker();
  Bump(worker.figures().bytes_received, length);
  if (connection().close_word().closing()) return;
  connection().NoteReceived();
  const uint8_t* const data = buffer.data() + offset;
  uint32_t done = 0;
  if (kept_.empty() && !held()) {
    worker.delivery = &buffer;
    done = Deliver(data, length);
    worker.delivery = nullptr;
  }
  if (done < length && !connection().close_word().closing() && !Keep(buffer, data + done, length - done)) {
    connection().close_word().Claim(CloseCause::Error(SO_RECEIVE, ENOMEM));
  }
  if (held()) ApplyPause();
  connection().AfterEvents();
}

bool Receiver::Keep(ReceiveBuffer& buffer, const uint8_t* data, uint32_t length) {
  PieceStore& store = connection().worker().pieces();
  Piece* piece = buffer.home()->may_lease() ? store.NewLease(buffer, data, length) : nullptr;
  if (piece == nullptr) {
    piece = store.NewCopy(length);
    if (piece == nullptr) return false;
    piece->Append(data, length);
  }
  kept_.PushBack(piece);
  return true;
}

void Receiver::DeliverKept() {
  Worker& worker = connection().worker();
  while (!kept_.empty() && !held() && !connection().close_word().closing()) {
    Piece* const piece = kept_.head();
    if (piece->kind == Piece::Kind::kLease) worker.delivery = piece->buffer;
    const uint32_t done = Deliver(piece->data, piece->length);
    worker.delivery = nullptr;
    piece->data += done;
    piece->length -= done;
    if (piece->length == 0) worker.pieces().Free(kept_.PopFront());
  }
  connection().AfterEvents();
}

void Receiver::HandleReceiveEnded(int result) {
  if (connection().close_word().closing()) {
    connection().AfterEvents();
    return;
  }
  if (result == -ECANCELED) {
    // A pause; unless it was taken back before it took effect.
    if (!held() && kept_.empty()) connection().worker().port().Receive(*this);
    return;
  }
  if (result == 0) result = -heard_error();
  // While nothing may be delivered the peer's end is not noticed either, though it was faster than the
  // cancel.
  if ((held() || !kept_.empty()) && (result == 0 || IsReset(result))) {
    ended_ = true;
    end_result_ = result;
    return;
  }
  ActOnEnd(result);
}

void Receiver::ActOnEnd(int result) {
  connection().CloseWith(result == 0 ? CloseCause::Peer() : CloseCause::Error(SO_RECEIVE, -result));
}

}  // namespace hpsocket::core
