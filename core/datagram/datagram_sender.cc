#include "hpsocket/core/datagram/datagram_sender.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "hpsocket/core/datagram/datagram_engine.h"
#include "hpsocket/core/datagram/datagram_worker.h"
#include "hpsocket/core/net/local_address.h"

namespace hpsocket::core {
namespace {

// A connected socket tells here what ICMP said of earlier datagrams (refused, too long for a router on the
// way, no way); the one at hand may still go.
constexpr int kMostRefusals = 3;

bool MayBeOfAnother(int result) { return result != -ENOBUFS && result != -ENOMEM && result != -EBADF; }

void CopyTo(uint8_t* place, const WSABUF* buffers, int count) {
  for (int i = 0; i < count; ++i) {
    if (buffers[i].len == 0) continue;
    std::memcpy(place, buffers[i].buf, buffers[i].len);
    place += buffers[i].len;
  }
}

}  // namespace

DatagramSender::DatagramSender(DatagramEngine& engine, DatagramWorker& worker)
    : engine_(engine), worker_(worker), credit_(engine.budget()) {
  to_write = true;
}

void DatagramSender::Open(PrivateHeap& heap, PolledSocket& polled) {
  heap_ = &heap;
  socket = &polled;
  batch_ = std::make_unique<SendBatch>();
}

int DatagramSender::Admit(Session& session, uint32_t total) const {
  const uint64_t limit = engine_.running().max_pending_length;
  if (limit == 0) return 0;
  if (total > limit) return EMSGSIZE;
  return total > limit - std::min(limit, session.account.held()) ? ENOBUFS : 0;
}

bool DatagramSender::shared() const { return engine_.running().send_policy == SP_DIRECT; }

int DatagramSender::SendInWorker(Session& session, const WSABUF* buffers, int count, uint32_t total) {
  if (const int error = Admit(session, total); error != 0) return error;
  TakeForeign();
  if (!credit_.Take(total)) return ENOBUFS;
  uint8_t* const place = AppendOwn(session, total);
  if (place == nullptr) {
    credit_.GiveBack(total);
    return ENOMEM;
  }
  CopyTo(place, buffers, count);
  session.account.AcceptOwn(total);
  own_held_.store(own_held_.load(std::memory_order_relaxed) + total, std::memory_order_relaxed);
  return 0;
}

uint8_t* DatagramSender::AppendOwn(Session& session, uint32_t length) {
  const bool more = last_ != nullptr && last_->IsLike(session, length);
  if (more && last_->HasRoom()) {
    ++count_;
    return last_->bytes(last_->count++);
  }
  Packet* const packet = Packet::New(*heap_, &session, length, more ? last_->NextRoom() : 1);
  if (packet == nullptr) return nullptr;
  packet->of_heap = true;
  Append(packet);
  return packet->bytes();
}

int DatagramSender::SendLocked(Session& session, const WSABUF* buffers, int count, uint32_t total) {
  if (const int error = Admit(session, total); error != 0) return error;
  if (!engine_.budget().Draw(total)) return ENOBUFS;
  Packet* const packet = Packet::New(engine_.pool(), &session, total);
  if (packet == nullptr) {
    engine_.budget().Return(total);
    return ENOMEM;
  }
  CopyTo(packet->bytes(), buffers, count);
  session.account.AcceptForeign(total);
  foreign_held_.fetch_add(total, std::memory_order_relaxed);
  worker_.PushPacket(packet);
  return 0;
}

int DatagramSender::SendDirectLocked(Session& session, const WSABUF* buffers, int count, uint32_t total) {
  // Not past what waits.
  if (session.account.pending() != 0 || session.heartbeat_queued.load(std::memory_order_acquire))
    return SendLocked(session, buffers, count, total);
  if (const int error = Admit(session, total); error != 0) return error;
  if (!engine_.budget().Draw(total)) return ENOBUFS;
  Packet* const packet = Packet::New(engine_.pool(), &session, total);
  if (packet == nullptr) {
    engine_.budget().Return(total);
    return ENOMEM;
  }
  CopyTo(packet->bytes(), buffers, count);
  const int error = engine_.SendNow(session, packet->bytes(), total);
  if (error != 0 && error != EAGAIN) {
    engine_.budget().Return(total);
    Packet::Delete(packet, *heap_, engine_.pool());
    return error;
  }
  packet->has_left = error == 0;
  session.account.AcceptForeign(total);
  if (packet->has_left) session.account.Complete(total, true);
  foreign_held_.fetch_add(total, std::memory_order_relaxed);
  worker_.PushPacket(packet);
  return 0;
}

bool DatagramSender::SendHeartbeat(Session& session) {
  // Whoever asks for answers, and he is not known, must not fill the memory with them.
  if (session.heartbeat_queued.load(std::memory_order_relaxed) || blocked()) return false;
  Packet* const packet = Packet::New(*heap_, &session, 0);
  if (packet == nullptr) return false;
  packet->of_heap = true;
  packet->heartbeat = true;
  session.heartbeat_queued.store(true, std::memory_order_relaxed);
  Append(packet);
  return true;
}

void DatagramSender::Append(Packet* packet) {
  packet->next = nullptr;
  Session& session = *packet->session;
  if (++session.in_queue == 1 && session.retired) worker_.NoteLingering(1);
  (last_ == nullptr ? first_ : last_->next) = packet;
  last_ = packet;
  count_ += packet->count;
}

void DatagramSender::TakeForeign() {
  if (foreign_.empty()) return;
  foreign_.TakeAll([this](Packet* packet) { Append(packet); });
}

void DatagramSender::Flush() {
  // First of all: whoever frees a session has to know what waits of it.
  TakeForeign();
  if (socket->fd < 0 && !ending_) return;  // a client's, before OnConnect has returned
  if (ending_) {
    while (first_ != nullptr) Finish(first_->left(), false);
    return;
  }
  if (waits_until_ != kAtOnce && worker_.now() >= waits_until_) waits_until_ = kAtOnce;
  // Not what the callbacks of this very call add.
  uint32_t left = count_;
  while (left > 0 && first_ != nullptr && !blocked()) {
    const int done = SendSome();
    left -= std::min(left, static_cast<uint32_t>(done));
  }
}

// Sends the datagrams at the front, at most a batch, and finishes those that have left or are dropped: how
// many. 0: the kernel takes nothing at the moment.
int DatagramSender::SendSome() {
  if (first_->has_left) {
    Finish(1, true);
    return 1;
  }
  std::array<OutgoingDatagram, SendBatch::kMost> datagrams;
  int count = 0;
  const bool connected = engine_.role() == Role::kClient;
  for (Packet* packet = first_; packet != nullptr && count < SendBatch::kMost && !packet->has_left;
       packet = packet->next) {
    const Session& session = *packet->session;
    for (uint32_t i = packet->done; i < packet->count && count < SendBatch::kMost; ++i) {
      datagrams[static_cast<size_t>(count++)] = {connected ? nullptr : &session.peer(), packet->bytes(i),
                                                 packet->length, session.local()};
    }
  }
  ++send_calls_;
  const int sent = engine_.world().network().SendDatagrams(socket->fd, datagrams.data(), count, *batch_);
  if (sent == -EAGAIN) {
    refusals_ = 0;  // what is told after this wait is no sign of the datagram's own
    worker_.port().AwaitReady(*this);
    return 0;
  }
  if (sent <= 0) {
    if (connected && MayBeOfAnother(sent) && ++refusals_ <= kMostRefusals) return 1;
    refusals_ = 0;
    if (datagrams[0].from != nullptr && MayBeTheLocalAddress(-sent)) {
      first_->session->NoteLocal(Address());
      return 1;  // once more, with the system's choice
    }
    engine_.CountDroppedDatagram();
    Finish(1, false);
    return 1;
  }
  refusals_ = 0;
  for (uint32_t rest = static_cast<uint32_t>(sent); rest > 0;) {
    const uint32_t some = std::min(rest, first_->left());
    Finish(some, true);
    rest -= some;
  }
  return sent;
}

void DatagramSender::Finish(uint32_t datagrams, bool report) {
  Packet* const packet = first_;
  Session& session = *packet->session;
  const uint32_t length = packet->length;
  const uint32_t begin = packet->done;
  packet->done = static_cast<uint16_t>(begin + datagrams);
  count_ -= datagrams;
  const bool whole = packet->left() == 0;
  if (whole) {  // before callbacks, which may add to the last one
    first_ = packet->next;
    if (first_ == nullptr) last_ = nullptr;
  }
  if (!packet->has_left) session.account.Complete(uint64_t{length} * datagrams, shared());
  if (report) session.NoteSent(worker_.now());
  for (uint32_t i = begin; i < begin + datagrams; ++i) {
    if (report) worker_.CountSent(length);
    if (report && !packet->heartbeat && !session.closing()) {
      worker_.LetOthersRead();
      engine_.events().HandleSend(session.id(), packet->bytes(i), static_cast<int>(length));
    }
    session.account.Report(length);
    if (packet->of_heap) {
      own_held_.store(own_held_.load(std::memory_order_relaxed) - length, std::memory_order_relaxed);
      credit_.GiveBack(length);
    } else {
      foreign_held_.fetch_sub(length, std::memory_order_relaxed);
      engine_.budget().Return(length);
    }
  }
  if (!whole) return;
  if (packet->heartbeat) session.heartbeat_queued.store(false, std::memory_order_release);
  if (--session.in_queue == 0 && session.retired) worker_.NoteLingering(-1);
  Packet::Delete(packet, *heap_, engine_.pool());
}

void DatagramSender::BeginEnd() {
  ending_ = true;
  waits_until_ = kAtOnce;
  if (in_flight()) worker_.port().Cancel(*this);
}

void DatagramSender::HandleReady(int result) {
  if (result != 0 && !ending_) waits_until_ = worker_.now() + kBlindPeriod;
}

}  // namespace hpsocket::core
