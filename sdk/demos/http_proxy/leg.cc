#include "hpsocket/sdk/demos/http_proxy/leg.h"

#include <cstdint>

namespace hpsocket::demos {
namespace {

// High enough that a fast path never runs dry, low enough that a thousand slow clients fit into memory.
constexpr int kLowMark = 64 * 1024;
constexpr int kHighMark = 256 * 1024;

constexpr size_t kMostPieces = 4;

}  // namespace

void Leg::Open(CONNID id) {
  id_ = id;
  marks_ = WaterMarks(kLowMark, kHighMark);
  holds_ = 0;
  closing_ = false;
}

bool Leg::Write(std::initializer_list<std::string_view> pieces) {
  if (!is_open() || closing_ || pieces.size() > kMostPieces) return false;
  WSABUF buffers[kMostPieces];
  int count = 0;
  for (const std::string_view piece : pieces) {
    // Send only reads what it is given.
    buffers[count++] = {static_cast<uint32_t>(piece.size()),
                        reinterpret_cast<uint8_t*>(const_cast<char*>(piece.data()))};
  }
  return socket_.SendPackets(id_, buffers, count);
}

int Leg::Pending() {
  int pending = 0;
  return is_open() && socket_.GetPendingDataLength(id_, pending) ? pending : 0;
}

bool Leg::MustWait() { return marks_.Update(Pending()); }

void Leg::Hold(Reason reason, bool hold) {
  const unsigned before = holds_;
  holds_ = hold ? holds_ | reason : holds_ & ~reason;
  if (!is_open() || (before != 0) == (holds_ != 0)) return;
  socket_.PauseReceive(id_, holds_ != 0);  // fails if it is closing, when there is nothing to receive either
}

void Leg::CloseWhenSent() {
  closing_ = true;
  // What still comes is read and dropped: a close with unread bytes would reset what has just been sent.
  Hold(kPeerIsFull, false);
  Hold(kBacklogIsFull, false);
  CloseIfSent();
}

void Leg::CloseIfSent() {
  if (closing_ && is_open() && Pending() == 0) socket_.Disconnect(id_, false);
}

void Leg::Abort() {
  if (is_open()) socket_.Disconnect(id_, true);
  Forget();
}

}  // namespace hpsocket::demos
