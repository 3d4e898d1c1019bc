// What a FakePort's round does with an operation that can go on.

#include <algorithm>
#include <cerrno>

#include "hpsocket/core/io/accept_errors.h"
#include "hpsocket/core/io/fake_port.h"

namespace hpsocket::core {
namespace {

constexpr double kCoin = 0.5;
// How far into a buffer the bytes may begin.
constexpr uint64_t kOffsets = 64;

// Of a send as large as an engine makes them every byte counts; of more, samples have to do.
constexpr size_t kWholePiece = 256 * 1024;
constexpr size_t kSample = 64;
constexpr size_t kSampleDistance = 4096;

// Errors after which the connection is gone, whatever operation has found them.
bool EndsConnection(int error) { return error != ENOBUFS && error != ENOMEM && error != EAGAIN; }

}  // namespace

void FakePort::GoOn(Flight& flight) {
  switch (flight.kind) {
    case Kind::kAccept:
      return GoOnAccepting(flight);
    case Kind::kConnect:
      return GoOnConnecting(flight);
    case Kind::kReceive:
      return GoOnReceiving(flight);
    case Kind::kSend:
      return GoOnSending(flight);
    case Kind::kReadable:
    case Kind::kWritable:
      return GoOnWaiting(flight);
  }
}

void FakePort::GoOnAccepting(Flight& flight) {
  auto& operation = *static_cast<AcceptOperation*>(flight.operation);
  for (uint32_t taken = 0; taken < std::max(operation.batch, 1u) && kernel_.Acceptable(flight.fd); ++taken) {
    if (flight.cancelled && faults_.Chance(kCoin)) break;
    int error = faults_.Call(FakeCall::kAccept);
    if (error == 0 && faults_.Chance(faults_.options().accept_peer_error)) error = ECONNABORTED;
    if (error == 0 && faults_.Chance(faults_.options().accept_end_error))
      error = faults_.Chance(kCoin) ? EMFILE : ENFILE;
    if (error == EINTR) continue;  // asked again, by either port or its kernel
    if (error != 0 && ConcernsOnePeerOnly(error)) {
      ++stats_.accept_errors;
      kernel_.DropFirstQueued(flight.fd);
      continue;
    }
    Address peer;
    const int result = error != 0 ? -error : kernel_.Accept(flight.fd, &peer);
    if (result < 0) {
      ++stats_.accept_errors;
      return End(flight, result);
    }
    operation.HandleAccepted(result, faults_.Chance(kCoin) ? peer : Address());
  }
  if (flight.cancelled) return End(flight, -ECANCELED);
  SetState(flight, State::kWaiting);
  Consider(flight);
}

void FakePort::GoOnConnecting(Flight& flight) {
  const int result = kernel_.ConnectResult(flight.fd);
  if (flight.cancelled && (result == -EINPROGRESS || faults_.Chance(kCoin))) return End(flight, -ECANCELED);
  if (const int error = faults_.Call(FakeCall::kConnect)) {
    kernel_.Break(flight.fd, 0);
    return End(flight, -error);
  }
  End(flight, result);
}

void FakePort::GoOnReceiving(Flight& flight) {
  for (uint64_t chunks = 1 + faults_.Below(4); chunks > 0; --chunks) {
    if (!kernel_.Readable(flight.fd)) break;
    // After Cancel() both are right: what was already received, and the end at once.
    if (flight.cancelled && faults_.Chance(kCoin)) break;
    if (!ReceiveSome(flight)) return;
  }
  if (flight.cancelled) return End(flight, -ECANCELED);
  SetState(flight, State::kWaiting);
  Consider(flight);
}

bool FakePort::ReceiveSome(Flight& flight) {
  ++stats_.receive_calls;
  if (const int error = faults_.Call(FakeCall::kReceive)) {
    if (EndsConnection(error)) kernel_.Break(flight.fd, 0);
    End(flight, -error);
    return false;
  }
  const size_t available = kernel_.ReadableBytes(flight.fd);
  if (available == 0) {
    End(flight, kernel_.Read(flight.fd, nullptr, 0));
    return false;
  }
  ReceiveBuffer* buffer = TakeBuffer(flight, available);
  if (buffer == nullptr) return false;
  const size_t room = buffer->capacity();
  const size_t offset =
      room > kOffsets && faults_.Chance(faults_.options().short_read) ? faults_.IndexBelow(kOffsets) : 0;
  const size_t wanted = faults_.Shorten(std::min(room - offset, available), faults_.options().short_read);
  const int64_t length = kernel_.Read(flight.fd, buffer->data() + offset, wanted);
  HP_CHECK(length >= 1);
  static_cast<FakeBuffers*>(buffer->home())->Seal(*buffer);
  trace_.Add("received", flight.fd, length);
  buffer->BeginDelivery();
  static_cast<ReceiveOperation*>(flight.operation)
      ->HandleReceived(*buffer, static_cast<uint32_t>(offset), static_cast<uint32_t>(length));
  buffer->EndDelivery();
  return true;
}

ReceiveBuffer* FakePort::TakeBuffer(Flight& flight, size_t available) {
  const bool pretend = faults_.Chance(faults_.options().buffer_shortage);
  ReceiveBuffer* buffer = nullptr;
  if (!pretend && large_ != nullptr && available > 1024 && faults_.Chance(0.25)) buffer = large_->Take();
  if (!pretend && buffer == nullptr) buffer = small_->Take();
  if (buffer != nullptr) return buffer;
  ++stats_.buffer_shortages;
  trace_.Add("no buffer", flight.fd);
  // A cancelled receive needs none to end.
  if (flight.cancelled) {
    End(flight, -ECANCELED);
    return nullptr;
  }
  SetState(flight, State::kParked);
  if (pretend) MakeReadyLater(flight, Duration(1) + faults_.Delay());
  return nullptr;
}

void FakePort::GoOnSending(Flight& flight) {
  if (ChecksumOf(flight.pieces) != flight.checksum)
    HP_FATAL("bytes were changed while a send of them was in flight");
  if (flight.cancelled && faults_.Chance(kCoin)) return End(flight, -ECANCELED);
  if (faults_.Chance(faults_.options().spurious_sent)) return End(flight, 0);
  const int64_t result = WriteNow(flight.fd, flight.pieces.data(), static_cast<int>(flight.pieces.size()));
  if (result != -EAGAIN) return End(flight, result);
  if (flight.cancelled) return End(flight, -ECANCELED);
  SetState(flight, State::kWaiting);
}

void FakePort::GoOnWaiting(Flight& flight) {
  if (flight.cancelled && (!CanGoOn(flight) || faults_.Chance(kCoin))) return End(flight, -ECANCELED);
  End(flight, -flight.error);
}

int FakePort::ErrorOfWaiting() {
  if (const int error = faults_.Call(FakeCall::kAwaitReady)) return error;
  if (!faults_.Chance(faults_.options().ready_error)) return 0;
  return faults_.Chance(kCoin) ? ENOMEM : ENOSPC;
}

uint64_t FakePort::ChecksumOf(const std::vector<iovec>& pieces) {
  uint64_t sum = 0;
  for (const iovec& piece : pieces) {
    const auto* bytes = static_cast<const uint8_t*>(piece.iov_base);
    const size_t whole = std::min(piece.iov_len, kWholePiece);
    sum = FakeChecksum(sum, bytes, whole);
    for (size_t at = whole; at < piece.iov_len; at += kSampleDistance) {
      sum = FakeChecksum(sum, bytes + at, std::min(kSample, piece.iov_len - at));
    }
  }
  return sum;
}

int64_t FakePort::WriteNow(int fd, const iovec* pieces, int count) {
  if (!kernel_.Writable(fd)) return -EAGAIN;
  ++stats_.send_calls;
  if (const int error = faults_.Call(FakeCall::kSend)) {
    if (EndsConnection(error)) kernel_.Break(fd, 0);
    return -error;
  }
  size_t total = 0;
  for (int i = 0; i < count; ++i) total += pieces[i].iov_len;
  return kernel_.Write(fd, pieces, count, faults_.Shorten(total, faults_.options().short_write));
}

}  // namespace hpsocket::core
