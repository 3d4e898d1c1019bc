#include "hpsocket/core/stream/sender.h"

#include <algorithm>
#include <cerrno>

#include "absl/base/attributes.h"
#include "hpsocket/core/stream/connection.h"
#include "hpsocket/core/stream/stream_engine.h"
#include "hpsocket/core/stream/worker.h"

namespace hpsocket::core {
namespace {

constexpr int kMaxGather = 64;
constexpr uint64_t kMaxSendBytes = 256 * 1024;
constexpr int kMostTurns = 16;
// Below this a reference costs more than a copy, and keeps a whole receive buffer busy.
constexpr uint32_t kSmallLease = 1024;
constexpr uint32_t kFirstCopy = 128;
constexpr uint32_t kLargestGrowth = 64 * 1024 - 256;
// Up to here moving what is queued costs less than another buffer of a send, and another OnSend.
constexpr uint32_t kLargestMove = 2048;

// Each further chunk is larger, so that many small sends need few.
uint32_t GrownFrom(const Piece& piece) { return std::min(piece.chunk->capacity * 4, kLargestGrowth); }

}  // namespace

Sender::Sender(Connection& connection) { SendOperation::socket = &connection.socket(); }

Connection& Sender::connection() const { return static_cast<Connection&>(*SendOperation::socket); }

ABSL_ATTRIBUTE_HOT int Sender::CheckLimits(uint64_t total) const {
  const uint64_t limit = connection().worker().engine().running().max_pending_length;
  if (limit == 0) return 0;
  if (total > limit) return EMSGSIZE;
  return account_.held() + total > limit ? ENOBUFS : 0;
}

ABSL_ATTRIBUTE_HOT int Sender::SendInWorker(const WSABUF* buffers, int count, uint64_t total) {
  if (const int error = CheckLimits(total); error != 0) return error;
  if (foreign_waiting_.load(std::memory_order_acquire)) TakeOver();
  Worker& worker = connection().worker();
  if (!worker.credit().Take(total)) return ENOBUFS;

  if (queue_.tail() != nullptr && queue_.tail()->room() < total) MoveToLarger(total);
  Piece* const old_tail = queue_.tail();
  const uint32_t old_length = old_tail == nullptr ? 0 : old_tail->length;
  for (int i = 0; i < count; ++i) {
    if (buffers[i].len == 0 || Append(buffers[i].buf, buffers[i].len)) continue;
    // All or nothing: back to where the queue ended before.
    PieceList added = queue_.CutBehind(old_tail);
    if (old_tail != nullptr) old_tail->length = old_length;
    worker.pieces().FreeAll(added);
    worker.credit().GiveBack(total);
    return ENOMEM;
  }
  account_.AcceptOwn(total);
  Bump(worker.figures().pending_bytes, total);
  connection().MarkDirty();
  return 0;
}

ABSL_ATTRIBUTE_HOT void Sender::MoveToLarger(uint64_t more) {
  const Piece& old = *queue_.tail();
  if (old.kind != Piece::Kind::kCopy || &old != queue_.head() || old.length > kLargestMove) return;
  if (more >= kSmallLease || in_flight() || reporting_) return;
  PieceStore& store = connection().worker().pieces();
  Piece* const larger = store.NewCopy(std::max<uint64_t>(GrownFrom(old), old.length + more));
  if (larger == nullptr) return;  // then it takes what room there is, and a chunk for the rest
  larger->Append(old.data, old.length);
  store.Free(queue_.PopFront());
  queue_.PushBack(larger);
}

ABSL_ATTRIBUTE_HOT bool Sender::Append(const uint8_t* data, uint32_t length) {
  Worker& worker = connection().worker();
  ReceiveBuffer* const delivery = worker.delivery;
  Piece* const tail = queue_.tail();
  if (delivery != nullptr && delivery->Contains(data, length)) {
    // Of the same buffer: in memory the next buffer begins where this one ends, and would be recycled without
    // a lease.
    if (tail != nullptr && tail->ContinuesWith(*delivery, data)) {
      tail->length += length;
      return true;
    }
    const bool fits_behind_copy = tail != nullptr && length < kSmallLease && tail->room() >= length;
    if (!fits_behind_copy && delivery->home()->may_lease()) {
      if (Piece* lease = worker.pieces().NewLease(*delivery, data, length); lease != nullptr) {
        queue_.PushBack(lease);
        return true;
      }
    }
  }
  if (tail == nullptr || tail->room() < length) return AppendCopy(data, length);
  tail->Append(data, length);
  return true;
}

ABSL_ATTRIBUTE_HOT bool Sender::AppendCopy(const uint8_t* data, uint32_t length) {
  Piece* const tail = queue_.tail();
  const uint32_t room = tail == nullptr ? 0 : std::min(tail->room(), length);
  const uint32_t rest = length - room;
  if (rest != 0) {
    const uint32_t size =
        tail == nullptr || tail->kind == Piece::Kind::kLease ? kFirstCopy : GrownFrom(*tail);
    Piece* piece = connection().worker().pieces().NewCopy(std::max(size, rest));
    if (piece == nullptr) return false;
    piece->Append(data + room, rest);
    queue_.PushBack(piece);
  }
  if (room != 0) tail->Append(data, room);
  return true;
}

int Sender::SendLocked(const WSABUF* buffers, int count, uint64_t total, bool* notify) {
  *notify = false;
  if (const int error = CheckLimits(total); error != 0) return error;
  StreamEngine& engine = connection().worker().engine();
  if (!engine.budget().Draw(total)) return ENOBUFS;
  Piece* piece = foreign_.tail();
  if (piece == nullptr || piece->room() < total) {
    const uint64_t size = piece == nullptr ? total : GrownFrom(*piece);
    piece = PieceStore::NewShared(engine.pool(), std::max(size, total));
    if (piece == nullptr) {
      engine.budget().Return(total);
      return ENOMEM;
    }
    foreign_.PushBack(piece);
  }
  for (int i = 0; i < count; ++i) {
    if (buffers[i].len != 0) piece->Append(buffers[i].buf, buffers[i].len);
  }
  account_.AcceptForeign(total);
  connection().worker().AddForeign(total);
  direct_busy_ = true;
  *notify = !foreign_waiting_.exchange(true, std::memory_order_acq_rel);
  return 0;
}

int Sender::SendDirectLocked(const WSABUF* buffers, int count, uint64_t total, bool* notify) {
  *notify = false;
  if (direct_busy_) return SendLocked(buffers, count, total, notify);
  if (const int error = CheckLimits(total); error != 0) return error;
  StreamEngine& engine = connection().worker().engine();
  if (!engine.budget().Draw(total)) return ENOBUFS;
  Piece* piece = PieceStore::NewShared(engine.pool(), total);
  if (piece == nullptr) {
    engine.budget().Return(total);
    return ENOMEM;
  }
  for (int i = 0; i < count; ++i) {
    if (buffers[i].len != 0) piece->Append(buffers[i].buf, buffers[i].len);
  }
  const iovec bytes = {const_cast<uint8_t*>(piece->data), piece->length};
  int64_t sent = engine.world().network().SendNow(connection().socket().fd, &bytes, 1);
  if (sent < 0 && sent != -EAGAIN) {
    PieceStore::FreeShared(engine.pool(), piece);
    engine.budget().Return(total);
    return static_cast<int>(-sent);
  }
  sent = std::max<int64_t>(sent, 0);
  piece->already_sent = static_cast<uint32_t>(sent);
  foreign_.PushBack(piece);
  account_.AcceptForeign(total);
  connection().worker().AddForeign(total);
  AddCompleted(static_cast<uint64_t>(sent));
  direct_busy_ = static_cast<uint64_t>(sent) != total;
  *notify = !foreign_waiting_.exchange(true, std::memory_order_acq_rel);
  return 0;
}

ABSL_ATTRIBUTE_HOT void Sender::AddCompleted(uint64_t bytes) {
  account_.Complete(bytes, connection().worker().engine().running().send_policy == SP_DIRECT);
}

void Sender::TakeOver() {
  PieceList taken;
  {
    SmallMutexLock lock(connection().lock());
    taken = foreign_;
    foreign_ = PieceList();
    foreign_waiting_.store(false, std::memory_order_release);
  }
  if (taken.empty()) return;
  uint64_t bytes = 0;
  for (const Piece* piece = taken.head(); piece != nullptr; piece = taken.next(piece)) bytes += piece->length;
  connection().worker().TakeForeign(bytes);
  // The first one may be small. A chunk for each of many small sends would hold far more memory than the
  // bytes that the limits count.
  Piece* const first = taken.head();
  Piece* const tail = queue_.tail();
  if (tail != nullptr && first->already_sent == 0 && first->length <= tail->room()) {
    tail->Append(first->data, first->length);
    connection().worker().pieces().Free(taken.PopFront());
  }
  queue_.Splice(taken);
}

void Sender::NoteSent() {
  Worker& worker = connection().worker();
  // Fresh: it may be an answer that took its time.
  if (worker.engine().running().max_idle_time != 0) connection().NoteSent(worker.FreshNow());
}

void Sender::ReportLeft() {
  if (in_flight()) return;  // then nothing behind it has left
  if (foreign_waiting_.load(std::memory_order_acquire)) TakeOver();
  ReportAlreadySent();
}

void Sender::ReportAlreadySent() {
  connection().in_callback = true;
  while (!queue_.empty() && queue_.head()->already_sent != 0) {
    Piece* const piece = queue_.head();
    const uint32_t sent = piece->already_sent;
    Bump(connection().worker().figures().bytes_sent, sent);
    connection().worker().CountDirectSend();
    NoteSent();
    if (connection().told()) {
      connection().worker().engine().events().HandleSend(connection().id(), piece->data,
                                                         static_cast<int>(sent));
    }
    piece->already_sent = 0;
    piece->data += sent;
    piece->length -= sent;
    account_.Report(sent);
    Bump(connection().worker().figures().pending_bytes, uint64_t{0} - sent);
    connection().worker().credit().GiveBack(sent);
    if (piece->length == 0) connection().worker().pieces().Free(queue_.PopFront());
  }
  connection().in_callback = false;
}

void Sender::CopySmallLeases() {
  PieceList out;
  PieceStore& store = connection().worker().pieces();
  // Only of what the next send can take: a long queue is not walked for every send.
  uint64_t bytes = 0;
  for (int count = 0; !queue_.empty() && count < kMaxGather && bytes < kMaxSendBytes;) {
    Piece* const piece = queue_.PopFront();
    bytes += piece->length;
    Piece* target = nullptr;
    if (piece->kind == Piece::Kind::kLease && piece->length < kSmallLease) {
      target = out.tail();
      if (target == nullptr || target->room() < piece->length) {
        target = store.NewCopy(piece->length);
        if (target != nullptr) {
          out.PushBack(target);
          ++count;
        }
      }
    }
    if (target == nullptr) {  // it is no such lease, or there is no memory and the lease serves as well
      out.PushBack(piece);
      ++count;
      continue;
    }
    target->Append(piece->data, piece->length);
    store.Free(piece);
  }
  out.Splice(queue_);
  queue_ = out;
}

ABSL_ATTRIBUTE_HOT int64_t Sender::SubmitOnce() {
  Worker& worker = connection().worker();
  if (!worker.port().SendsAtOnce()) CopySmallLeases();
  iovec pieces[kMaxGather];
  int count = 0;
  uint64_t bytes = 0;
  for (Piece* piece = queue_.head(); piece != nullptr && count < kMaxGather && bytes < kMaxSendBytes;
       piece = queue_.next(piece)) {
    // Bytes whose OnSend is due for another reason stop the gathering: order.
    if (piece->already_sent != 0) break;
    const uint64_t length = std::min<uint64_t>(piece->length, kMaxSendBytes - bytes);
    pieces[count++] = {const_cast<uint8_t*>(piece->data), static_cast<size_t>(length)};
    bytes += length;
  }
  return worker.port().Send(*this, pieces, count);
}

ABSL_ATTRIBUTE_HOT void Sender::Flush() {
  Connection& connection = this->connection();
  for (int turn = 0;; ++turn) {
    // OnConnect runs on the thread that connects: until it has returned nothing else happens, and if it
    // refuses, nothing has. Connection::Open() comes back.
    if (connection.opens_elsewhere()) return;
    // Somebody feeds it as fast as it goes: the worker's other connections have their turn first.
    if (turn == kMostTurns) return connection.Post(Connection::kSend);
    // What other threads queue meanwhile gathers where they put it, and wakes this worker no more.
    if (in_flight()) return;
    if (foreign_waiting_.load(std::memory_order_acquire)) TakeOver();
    if (!queue_.empty() && queue_.head()->already_sent != 0) {
      ReportAlreadySent();
      if (connection.close_word().closing() && !connection.lingering()) return;
      continue;
    }
    if (queue_.empty()) break;
    if (connection.close_word().closing() && !connection.lingering()) return;
    const int64_t result = SubmitOnce();
    if (result == CompletionPort::kPending) return;
    if (result < 0) {
      connection.SendEnded(static_cast<int>(-result));
      return;
    }
    Completed(static_cast<uint64_t>(result));
    if (connection.close_word().closing() && !connection.lingering()) return;
  }
  if (connection.worker().engine().running().send_policy == SP_DIRECT) {
    SmallMutexLock lock(connection.lock());
    if (!foreign_waiting_.load(std::memory_order_relaxed)) direct_busy_ = false;
  }
  connection.SendDrained();
}

ABSL_ATTRIBUTE_HOT void Sender::Completed(uint64_t bytes) {
  Worker& worker = connection().worker();
  AddCompleted(bytes);
  Bump(worker.figures().bytes_sent, bytes);
  NoteSent();
  while (bytes != 0) {
    Piece* const piece = queue_.head();
    const uint32_t part = static_cast<uint32_t>(std::min<uint64_t>(piece->length, bytes));
    if (connection().told()) {
      connection().in_callback = reporting_ = true;
      worker.engine().events().HandleSend(connection().id(), piece->data, static_cast<int>(part));
      connection().in_callback = reporting_ = false;
    }
    account_.Report(part);
    Bump(worker.figures().pending_bytes, uint64_t{0} - part);
    worker.credit().GiveBack(part);
    bytes -= part;
    // The listener may have appended to this very piece.
    piece->data += part;
    piece->length -= part;
    if (piece->length == 0) worker.pieces().Free(queue_.PopFront());
  }
}

ABSL_ATTRIBUTE_HOT void Sender::HandleSent(int64_t result) {
  if (result > 0) Completed(static_cast<uint64_t>(result));
  if (result < 0 && result != -ECANCELED) {
    connection().SendEnded(static_cast<int>(-result));
    return;
  }
  connection().SendEnded(0);
}

void Sender::Cancel() {
  if (!in_flight() || cancelled()) return;
  // A cancel alone does not reach a send that the kernel has handed to a thread of its own and that
  // waits for a peer which never reads.
  connection().worker().engine().world().network().ShutdownBoth(connection().socket().fd);
  CancelQuietly();
}

void Sender::CancelQuietly() {
  if (in_flight()) connection().worker().port().Cancel(*this);
}

void Sender::Discard() {
  Worker& worker = connection().worker();
  TakeOver();
  uint64_t bytes = 0;
  for (const Piece* piece = queue_.head(); piece != nullptr; piece = queue_.next(piece))
    bytes += piece->length;
  AddCompleted(pending());
  account_.Report(bytes);
  Bump(worker.figures().pending_bytes, uint64_t{0} - bytes);
  worker.credit().GiveBack(bytes);
  worker.pieces().FreeAll(queue_);
}

}  // namespace hpsocket::core
