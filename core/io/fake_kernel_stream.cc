// The simulated kernel's established connections: bytes, FIN, RST, silence.

#include <netinet/tcp.h>

#include <algorithm>
#include <cerrno>

#include "hpsocket/core/io/fake_kernel.h"

namespace hpsocket::core {
namespace {

// Linux gives up on bytes that nobody acknowledges after tcp_retries2 = 15: about 924 seconds.
constexpr Duration kRetransmissionTimeout = std::chrono::seconds(924);

size_t WriteRoom(const FakeSocket& socket) {
  size_t capacity = socket.send_capacity;
  const int low_water = socket.option(IPPROTO_TCP, TCP_NOTSENT_LOWAT, 0);
  if (low_water > 0) capacity = std::min(capacity, static_cast<size_t>(low_water));
  return capacity > socket.send_queue.size() ? capacity - socket.send_queue.size() : 0;
}

}  // namespace

bool FakeKernel::Readable(int fd) const {
  const FakeSocket& socket = Get(fd);
  if (socket.datagram) return !socket.datagrams.empty() || socket.error != 0;
  if (!socket.receive_queue.empty() || socket.fin_received || socket.error != 0 || socket.read_shutdown)
    return true;
  return socket.state != FakeSocket::State::kEstablished && socket.state != FakeSocket::State::kConnecting;
}

bool FakeKernel::Writable(int fd) const {
  const FakeSocket& socket = Get(fd);
  if (socket.datagram) return socket.of_peer || !(datagrams_held_ || socket.full);
  if (socket.state == FakeSocket::State::kConnecting) return false;
  if (socket.state != FakeSocket::State::kEstablished || socket.error != 0 || socket.fin_queued) return true;
  return WriteRoom(socket) > 0;
}

int64_t FakeKernel::Read(int fd, uint8_t* out, size_t length) {
  FakeSocket& socket = Get(fd);
  if (!socket.receive_queue.empty()) {
    const size_t taken = socket.receive_queue.Take(out, length);
    trace_.Add("read", fd, static_cast<int64_t>(taken));
    FakeSocket* remote = Find(socket.remote);
    if (remote != nullptr) Flush(*remote);
    return static_cast<int64_t>(taken);
  }
  if (socket.fin_received) return 0;
  if (socket.error != 0) return -std::exchange(socket.error, 0);
  if (socket.read_shutdown || socket.state == FakeSocket::State::kDead) return 0;
  return socket.state == FakeSocket::State::kEstablished ? -EAGAIN : -ENOTCONN;
}

int FakeKernel::TakeError(int fd) { return std::exchange(Get(fd).error, 0); }

int64_t FakeKernel::Write(int fd, const iovec* pieces, int count, size_t limit) {
  FakeSocket& socket = Get(fd);
  if (socket.error != 0) return -std::exchange(socket.error, 0);
  if (socket.state == FakeSocket::State::kConnecting) return -EAGAIN;
  if (socket.state != FakeSocket::State::kEstablished || socket.fin_queued) return -EPIPE;
  size_t room = std::min(WriteRoom(socket), limit);
  if (room == 0) return -EAGAIN;
  size_t taken = 0;
  for (int i = 0; i < count && room > 0; ++i) {
    const size_t length = std::min(pieces[i].iov_len, room);
    socket.send_queue.Append(static_cast<const uint8_t*>(pieces[i].iov_base), length);
    taken += length;
    room -= length;
  }
  trace_.Add("write", fd, static_cast<int64_t>(taken));
  if (socket.silent) ArmSilence(socket);
  Flush(socket);
  return static_cast<int64_t>(taken);
}

void FakeKernel::Break(int fd, int error) {
  FakeSocket& socket = Get(fd);
  if (socket.state != FakeSocket::State::kEstablished) return;
  trace_.Add("break", fd, error);
  const uint64_t remote = socket.silent ? 0 : socket.remote;
  Unlink(socket);
  Kill(socket, error);
  if (remote != 0) ArriveReset(remote);
}

void FakeKernel::SetSilent(int fd, bool silent) {
  FakeSocket& socket = Get(fd);
  trace_.Add("silent", fd, silent);
  FakeSocket* remote = Find(socket.remote);
  for (FakeSocket* end : {&socket, remote}) {
    if (end == nullptr || end->state != FakeSocket::State::kEstablished) continue;
    end->silent = silent;
    if (!silent) continue;
    ++end->silences;
    ArmSilence(*end);
  }
  if (silent) return;
  const uint64_t ids[] = {socket.id, socket.remote};
  for (const uint64_t id : ids) {
    FakeSocket* end = Find(id);
    if (end != nullptr && end->state == FakeSocket::State::kEstablished) Flush(*end);
  }
}

// May destroy `socket`.
void FakeKernel::Flush(FakeSocket& socket) {
  if (socket.transfer_scheduled) return;
  const Duration delay = faults_.Delay();
  if (delay == Duration::zero()) {
    Transfer(socket);
    return;
  }
  socket.transfer_scheduled = true;
  After(delay, [this, id = socket.id] {
    FakeSocket* late = Find(id);
    if (late == nullptr) return;
    late->transfer_scheduled = false;
    Transfer(*late);
  });
}

// Brings to the other end what has room there, and the FIN after the last byte. May destroy `socket`.
void FakeKernel::Transfer(FakeSocket& socket) {
  if (socket.state != FakeSocket::State::kEstablished || socket.silent) return;
  FakeSocket* remote = Find(socket.remote);
  const bool bytes = !socket.send_queue.empty();
  if (bytes && (remote == nullptr || remote->closed || remote->read_shutdown)) {
    // Bytes for somebody who will never read them.
    if (remote != nullptr) {
      Unlink(socket);
      Kill(*remote, ECONNRESET);
    }
    ArriveReset(socket.id);
    return;
  }
  if (bytes && faults_.Chance(faults_.options().reset)) {
    const uint64_t other = socket.remote;
    Unlink(socket);
    ArriveReset(socket.id);
    ArriveReset(other);
    return;
  }
  if (bytes && faults_.Chance(faults_.options().silence)) {
    trace_.Add("goes silent", static_cast<int64_t>(socket.id));
    for (FakeSocket* end : {&socket, remote}) {
      end->silent = true;
      ++end->silences;
      ArmSilence(*end);
    }
    return;
  }
  if (bytes) {
    const size_t used = remote->receive_queue.size();
    const size_t room = remote->receive_capacity > used ? remote->receive_capacity - used : 0;
    const size_t moved = std::min(room, socket.send_queue.size());
    if (moved > 0) {
      socket.send_queue.MoveTo(remote->receive_queue, moved);
      trace_.Add("arrive", static_cast<int64_t>(remote->id), static_cast<int64_t>(moved));
      Notify(*remote);
      Notify(socket);
    }
  }
  if (!socket.send_queue.empty() || !socket.fin_queued || socket.fin_sent) return;
  socket.fin_sent = true;
  if (remote != nullptr) {
    remote->fin_received = true;
    trace_.Add("fin", static_cast<int64_t>(remote->id));
    Notify(*remote);
  }
  if (socket.closed) Destroy(socket);
}

// May destroy `socket`.
void FakeKernel::QueueFin(FakeSocket& socket) {
  if (socket.fin_queued && !socket.closed) return;
  socket.fin_queued = true;
  Notify(socket);
  Flush(socket);
}

void FakeKernel::Abort(FakeSocket& socket) {
  FakeSocket* remote = Find(socket.remote);
  trace_.Add("abort", static_cast<int64_t>(socket.id));
  if (remote != nullptr && !socket.silent) {
    // On loopback what was written has arrived before the reset does, as far as there was room.
    const size_t used = remote->receive_queue.size();
    const size_t room = remote->receive_capacity > used ? remote->receive_capacity - used : 0;
    if (!remote->closed)
      socket.send_queue.MoveTo(remote->receive_queue, std::min(room, socket.send_queue.size()));
    const Duration delay = faults_.Delay();
    const uint64_t id = remote->id;
    Unlink(socket);
    if (delay == Duration::zero()) {
      ArriveReset(id);
    } else {
      After(delay, [this, id] { ArriveReset(id); });
    }
  }
  Unlink(socket);
  Kill(socket, 0);
}

void FakeKernel::ArriveReset(uint64_t id) {
  FakeSocket* socket = Find(id);
  if (socket == nullptr || socket->state != FakeSocket::State::kEstablished) return;
  if (faults_.Chance(faults_.options().reset_drops_data)) socket->receive_queue.Clear();
  Kill(*socket, socket->fin_received ? EPIPE : ECONNRESET);
}

void FakeKernel::Kill(FakeSocket& socket, int error) {
  trace_.Add("dead", static_cast<int64_t>(socket.id), error);
  Unlink(socket);
  socket.state = FakeSocket::State::kDead;
  socket.error = error;
  socket.send_queue.Clear();
  if (socket.closed) {
    Destroy(socket);
  } else {
    Notify(socket);
  }
}

void FakeKernel::Unlink(FakeSocket& socket) {
  FakeSocket* remote = Find(socket.remote);
  if (remote != nullptr) remote->remote = 0;
  socket.remote = 0;
}

void FakeKernel::ArmSilence(FakeSocket& socket) {
  const auto give_up = [this, &socket](Duration delay, bool keep_alive) {
    After(delay, [this, id = socket.id, silences = socket.silences, keep_alive] {
      FakeSocket* late = Find(id);
      if (late == nullptr || late->state != FakeSocket::State::kEstablished) return;
      if (!late->silent || late->silences != silences) return;
      if (keep_alive && late->option(SOL_SOCKET, SO_KEEPALIVE, 0) == 0) return;
      Kill(*late, ETIMEDOUT);
    });
  };
  if (!socket.send_queue.empty() || socket.fin_queued) give_up(kRetransmissionTimeout, false);
  if (socket.option(SOL_SOCKET, SO_KEEPALIVE, 0) != 0) {
    const int seconds =
        socket.option(IPPROTO_TCP, TCP_KEEPIDLE, 7200) +
        socket.option(IPPROTO_TCP, TCP_KEEPINTVL, 75) * socket.option(IPPROTO_TCP, TCP_KEEPCNT, 9);
    give_up(std::chrono::seconds(seconds), true);
  }
}

}  // namespace hpsocket::core
