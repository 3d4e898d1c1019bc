#include "hpsocket/core/stream/sender.h"

#include <algorithm>
#include <cerrno>

#include "hpsocket/core/stream/connection.h"
#include "hpsocket/core/stream/stream_engine.h"
#include "hpsocket/core/stream/worker.h"

namespace hpsocket::core {
namespace {

constexpr int kMaxGather = 64;
constexpr uint64_t kMaxSendBytes = 256 * 1024;
// Below this a reference costs more than a copy, and keeps a whole receive buffer busy.
constexpr uint32_t kSmallLease = 1024;
constexpr uint32_t kFirstCopy = 128;
constexpr uint32_t kLargestGrowth = 64 * 1024 - 256;

}  // namespace

Sender::Sender(Connection& connection) : connection_(connection) {
  SendOperation::socket = &connection.socket();
}

int Sender::CheckLimits(uint64_t total) const {
  const uint64_t limit = connection_.worker().engine().running().max_pending_length;
  if (limit == 0) return 0;
  if (total > limit) return EMSGSIZE;
  return held() + total > limit ? ENOBUFS : 0;
}

int Sender::SendInWorker(const WSABUF* buffers, int count, uint64_t total) {
  if (const int error = CheckLimits(total); error != 0) return error;
  if (foreign_waiting_.load(std::memory_order_acquire)) TakeOver();
  Worker& worker = connection_.worker();
  if (!worker.credit().Take(total)) return ENOBUFS;

  Piece* const old_tail = queue_.tail;
  const uint32_t old_length = old_tail == nullptr ? 0 : old_tail->length;
  for (int i = 0; i < count; ++i) {
    if (buffers[i].len == 0 || Append(buffers[i].buf, buffers[i].len)) continue;
    // All or nothing: back to where the queue ended before.
    PieceList added;
    if (old_tail == nullptr) {
      added = queue_;
      queue_ = PieceList();
    } else {
      added.head = old_tail->next;
      old_tail->next = nullptr;
      old_tail->length = old_length;
      queue_.tail = old_tail;
    }
    worker.pieces().FreeAll(added);
    worker.credit().GiveBack(total);
    return ENOMEM;
  }
  Bump(accepted_, total);
  Bump(worker.figures().pending_bytes, total);
  connection_.MarkDirty();
  return 0;
}

bool Sender::Append(const uint8_t* data, uint32_t length) {
  Worker& worker = connection_.worker();
  ReceiveBuffer* const delivery = worker.delivery;
  Piece* const tail = queue_.tail;
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
  return AppendCopy(data, length);
}

bool Sender::AppendCopy(const uint8_t* data, uint32_t length) {
  Piece* const tail = queue_.tail;
  const uint32_t room = tail == nullptr ? 0 : std::min(tail->room(), length);
  const uint32_t rest = length - room;
  if (rest != 0) {
    // Each further chunk is larger, so that many small sends need few.
    uint32_t size = tail == nullptr || tail->kind == Piece::Kind::kLease
                        ? kFirstCopy
                        : std::min(tail->chunk->capacity * 4, kLargestGrowth);
    Piece* piece = connection_.worker().pieces().NewCopy(std::max(size, rest));
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
  StreamEngine& engine = connection_.worker().engine();
  if (!engine.budget().Draw(total)) return ENOBUFS;
  Piece* piece = foreign_.tail;
  if (piece == nullptr || piece->room() < total) {
    piece = PieceStore::NewShared(engine.pool(), total);
    if (piece == nullptr) {
      engine.budget().Return(total);
      return ENOMEM;
    }
    foreign_.PushBack(piece);
  }
  for (int i = 0; i < count; ++i) {
    if (buffers[i].len != 0) piece->Append(buffers[i].buf, buffers[i].len);
  }
  Bump(foreign_accepted_, total);
  direct_busy_ = true;
  *notify = !foreign_waiting_.exchange(true, std::memory_order_acq_rel);
  return 0;
}

int Sender::SendDirectLocked(const WSABUF* buffers, int count, uint64_t total, bool* notify) {
  *notify = false;
  if (direct_busy_) return SendLocked(buffers, count, total, notify);
  if (const int error = CheckLimits(total); error != 0) return error;
  StreamEngine& engine = connection_.worker().engine();
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
  int64_t sent = engine.world().network().SendNow(connection_.socket().fd, &bytes, 1);
  if (sent < 0 && sent != -EAGAIN) {
    PieceStore::FreeShared(engine.pool(), piece);
    engine.budget().Return(total);
    return static_cast<int>(-sent);
  }
  sent = std::max<int64_t>(sent, 0);
  piece->already_sent = static_cast<uint32_t>(sent);
  foreign_.PushBack(piece);
  Bump(direct_sent_, static_cast<uint64_t>(sent));
  Bump(foreign_accepted_, total - static_cast<uint64_t>(sent));
  direct_busy_ = static_cast<uint64_t>(sent) != total;
  *notify = !foreign_waiting_.exchange(true, std::memory_order_acq_rel);
  return 0;
}

void Sender::TakeOver() {
  PieceList taken;
  {
    SmallMutexLock lock(connection_.lock());
    taken = foreign_;
    foreign_ = PieceList();
    foreign_waiting_.store(false, std::memory_order_release);
  }
  if (taken.empty()) return;
  uint64_t bytes = 0;
  for (const Piece* piece = taken.head; piece != nullptr; piece = piece->next) bytes += piece->length;
  Bump(connection_.worker().figures().pending_bytes, bytes);
  if (queue_.tail == nullptr) {
    queue_ = taken;
  } else {
    queue_.tail->next = taken.head;
    queue_.tail = taken.tail;
  }
}

void Sender::ReportAlreadySent() {
  while (queue_.head != nullptr && queue_.head->already_sent != 0) {
    Piece* const piece = queue_.head;
    const uint32_t sent = piece->already_sent;
    Bump(connection_.worker().figures().bytes_sent, sent);
    connection_.worker().engine().events().HandleSend(connection_.id(), piece->data, static_cast<int>(sent));
    piece->already_sent = 0;
    piece->data += sent;
    piece->length -= sent;
    Bump(reported_, sent);
    Bump(connection_.worker().figures().pending_bytes, uint64_t{0} - sent);
    connection_.worker().credit().GiveBack(sent);
    if (piece->length == 0) connection_.worker().pieces().Free(queue_.PopFront());
  }
}

void Sender::CopySmallLeases() {
  PieceList out;
  PieceStore& store = connection_.worker().pieces();
  while (!queue_.empty()) {
    Piece* const piece = queue_.PopFront();
    if (piece->kind != Piece::Kind::kLease || piece->length >= kSmallLease) {
      out.PushBack(piece);
      continue;
    }
    Piece* target = out.tail;
    if (target == nullptr || target->room() < piece->length) {
      target = store.NewCopy(piece->length);
      if (target != nullptr) out.PushBack(target);
    }
    if (target == nullptr) {  // no memory: the lease serves as well
      out.PushBack(piece);
      continue;
    }
    target->Append(piece->data, piece->length);
    store.Free(piece);
  }
  queue_ = out;
}

int64_t Sender::SubmitOnce() {
  Worker& worker = connection_.worker();
  if (!worker.port().SendsAtOnce()) CopySmallLeases();
  iovec pieces[kMaxGather];
  int count = 0;
  uint64_t bytes = 0;
  for (Piece* piece = queue_.head; piece != nullptr && count < kMaxGather && bytes < kMaxSendBytes;
       piece = piece->next) {
    // Bytes whose OnSend is due for another reason stop the gathering: order.
    if (piece->already_sent != 0) break;
    const uint64_t length = std::min<uint64_t>(piece->length, kMaxSendBytes - bytes);
    pieces[count++] = {const_cast<uint8_t*>(piece->data), static_cast<size_t>(length)};
    bytes += length;
  }
  return worker.port().Send(*this, pieces, count);
}

void Sender::Flush() {
  Connection& connection = connection_;
  for (;;) {
    if (foreign_waiting_.load(std::memory_order_acquire)) TakeOver();
    if (in_flight()) return;
    if (!queue_.empty() && queue_.head->already_sent != 0 && !connection.lingering()) {
      connection.in_callback = true;
      ReportAlreadySent();
      connection.in_callback = false;
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

void Sender::Completed(uint64_t bytes) {
  Worker& worker = connection_.worker();
  Bump(completed_, bytes);
  Bump(worker.figures().bytes_sent, bytes);
  if (worker.engine().running().max_idle_time != 0) connection_.NoteSent(worker.now());
  while (bytes != 0) {
    Piece* const piece = queue_.head;
    const uint32_t part = static_cast<uint32_t>(std::min<uint64_t>(piece->length, bytes));
    if (!connection_.lingering()) {
      connection_.in_callback = true;
      worker.engine().events().HandleSend(connection_.id(), piece->data, static_cast<int>(part));
      connection_.in_callback = false;
    }
    Bump(reported_, part);
    Bump(worker.figures().pending_bytes, uint64_t{0} - part);
    worker.credit().GiveBack(part);
    bytes -= part;
    // The listener may have appended to this very piece.
    piece->data += part;
    piece->length -= part;
    if (piece->length == 0) worker.pieces().Free(queue_.PopFront());
  }
}

void Sender::HandleSent(int64_t result) {
  if (result > 0) Completed(static_cast<uint64_t>(result));
  if (result < 0 && result != -ECANCELED) {
    connection_.SendEnded(static_cast<int>(-result));
    return;
  }
  connection_.SendEnded(0);
}

void Sender::Cancel() {
  if (!in_flight() || cancelled()) return;
  Worker& worker = connection_.worker();
  // A cancel alone does not reach a send that the kernel has handed to a thread of its own and that
  // waits for a peer which never reads.
  worker.engine().world().network().ShutdownBoth(connection_.socket().fd);
  worker.port().Cancel(*this);
}

void Sender::Discard() {
  Worker& worker = connection_.worker();
  TakeOver();
  uint64_t bytes = 0;
  for (const Piece* piece = queue_.head; piece != nullptr; piece = piece->next) bytes += piece->length;
  Bump(completed_, accepted_.load(std::memory_order_relaxed) +
                       foreign_accepted_.load(std::memory_order_relaxed) -
                       completed_.load(std::memory_order_relaxed));
  Bump(reported_, bytes);
  Bump(worker.figures().pending_bytes, uint64_t{0} - bytes);
  worker.credit().GiveBack(bytes);
  worker.pieces().FreeAll(queue_);
}

}  // namespace hpsocket::core
