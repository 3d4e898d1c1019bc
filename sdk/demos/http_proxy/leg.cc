#include "hpsocket/sdk/demos/http_proxy/leg.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstdint>

#include "hpsocket/core/c_api/helpers.h"

namespace hpsocket::demos {
namespace {

// High enough that a fast path never runs dry, low enough that a thousand slow clients fit into memory.
constexpr int kLowMark = 64 * 1024;
constexpr int kHighMark = 256 * 1024;

constexpr size_t kMostPieces = 4;

}  // namespace

void Leg::Open(CONNID id) {
  id_ = id;
  socket_ = INVALID_SOCKET;
  marks_ = WaterMarks(kLowMark, kHighMark);
  holds_ = 0;
  paused_ = false;
  closing_ = false;
  reset_ = false;
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
  if (component_.SendPackets(id_, buffers, count)) return true;
  if (errno == ENOBUFS || errno == ENOMEM) {
    // It lives, but the component's memory is used up. What came next would hide the gap.
    closing_ = true;
    ResetOnClose();
    component_.Disconnect(id_, true);
  }
  return false;
}

int Leg::Pending() {
  int pending = 0;
  return is_open() && component_.GetPendingDataLength(id_, pending) ? pending : 0;
}

bool Leg::MustWait() { return marks_.Update(Pending()); }

void Leg::Hold(Reason reason, bool hold) {
  holds_ = hold ? holds_ | reason : holds_ & ~reason;
  const bool pause = holds_ != 0;
  if (!is_open() || pause == paused_) return;
  // Fails if it is closing, when there is nothing to receive either, and while it is being connected: then
  // the next call tries again.
  if (component_.PauseReceive(id_, pause)) paused_ = pause;
}

void Leg::CloseWhenSent() {
  closing_ = true;
  // What still comes is read and dropped: a close with unread bytes would reset what has just been sent.
  Hold(kPeerIsFull, false);
  Hold(kBacklogIsFull, false);
  CloseIfSent();
}

void Leg::CloseIfSent() {
  if (closing_ && is_open() && Pending() == 0) component_.Disconnect(id_, reset_);
}

void Leg::ResetOnClose() {
  if (!is_open() || socket_ == INVALID_SOCKET) return;
  reset_ = true;
  linger at_once{1, 0};
  SYS_SetSocketOption(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

void Leg::ResetIfQueued() {
  if (Pending() != 0) ResetOnClose();
}

void Leg::Abort() {
  ResetIfQueued();
  if (is_open()) component_.Disconnect(id_, true);
  Forget();
}

}  // namespace hpsocket::demos
