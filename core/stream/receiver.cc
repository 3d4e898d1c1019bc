#include "hpsocket/core/stream/receiver.h"

#include <algorithm>
#include <cerrno>

#include "hpsocket/core/stream/connection.h"
#include "hpsocket/core/stream/stream_engine.h"
#include "hpsocket/core/stream/worker.h"

namespace hpsocket::core {

Receiver::Receiver(Connection& connection) : connection_(connection) {
  ReceiveOperation::socket = &connection.socket();
}

void Receiver::Begin() {
  began_ = true;
  if (!paused()) connection_.worker().port().Receive(*this);
}

void Receiver::End() {
  if (in_flight()) connection_.worker().port().Cancel(*this);
  connection_.worker().pieces().FreeAll(kept_);
}

void Receiver::ApplyPause() {
  if (!began_ || connection_.close_word().closing()) return;
  if (paused()) {
    if (in_flight()) connection_.worker().port().Cancel(*this);
    return;
  }
  DeliverKept();
  if (paused() || connection_.close_word().closing()) return;
  if (ended_) {
    ActOnEnd(end_result_);
  } else if (!in_flight()) {
    connection_.worker().port().Receive(*this);
  }
}

uint32_t Receiver::Deliver(const uint8_t* data, uint32_t length) {
  StreamEngine& engine = connection_.worker().engine();
  const uint32_t slice = engine.running().socket_buffer_size;
  uint32_t done = 0;
  connection_.in_callback = true;
  while (done < length && !connection_.close_word().closing() && !paused()) {
    const uint32_t part = std::min(slice, length - done);
    const EnHandleResult result =
        engine.events().HandleReceive(connection_.id(), data + done, static_cast<int>(part));
    done += part;
    if (result == HR_ERROR) {
      connection_.close_word().Claim(CloseCause::Listener(SO_RECEIVE, ECANCELED));
      break;
    }
  }
  connection_.in_callback = false;
  return done;
}

void Receiver::HandleReceived(ReceiveBuffer& buffer, uint32_t offset, uint32_t length) {
  Worker& worker = connection_.worker();
  Bump(worker.figures().bytes_received, length);
  if (connection_.close_word().closing()) return;
  connection_.NoteReceived();
  const uint8_t* const data = buffer.data() + offset;
  uint32_t done = 0;
  if (kept_.empty() && !paused()) {
    worker.delivery = &buffer;
    done = Deliver(data, length);
    worker.delivery = nullptr;
  }
  if (done < length && !connection_.close_word().closing() && !Keep(buffer, data + done, length - done)) {
    connection_.close_word().Claim(CloseCause::Error(SO_RECEIVE, ENOMEM));
  }
  if (paused()) ApplyPause();
  connection_.AfterEvents();
}

bool Receiver::Keep(ReceiveBuffer& buffer, const uint8_t* data, uint32_t length) {
  PieceStore& store = connection_.worker().pieces();
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
  Worker& worker = connection_.worker();
  while (!kept_.empty() && !paused() && !connection_.close_word().closing()) {
    Piece* const piece = kept_.head;
    if (piece->kind == Piece::Kind::kLease) worker.delivery = piece->buffer;
    const uint32_t done = Deliver(piece->data, piece->length);
    worker.delivery = nullptr;
    piece->data += done;
    piece->length -= done;
    if (piece->length == 0) worker.pieces().Free(kept_.PopFront());
  }
  connection_.AfterEvents();
}

void Receiver::HandleReceiveEnded(int result) {
  if (connection_.close_word().closing()) {
    connection_.AfterEvents();
    return;
  }
  if (result == -ECANCELED) {
    // A pause; unless it was taken back before it took effect.
    if (!paused() && kept_.empty()) connection_.worker().port().Receive(*this);
    return;
  }
  if (!kept_.empty()) {
    ended_ = true;
    end_result_ = result;
    return;
  }
  ActOnEnd(result);
}

void Receiver::ActOnEnd(int result) {
  connection_.CloseWith(result == 0 ? CloseCause::Peer() : CloseCause::Error(SO_RECEIVE, -result));
}

}  // namespace hpsocket::core
