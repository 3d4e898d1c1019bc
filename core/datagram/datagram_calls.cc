// The calls about one session, and about all of them. On the session's own worker they go straight to
// it; from elsewhere through the gate and under the session's lock.
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <new>

#include "hpsocket/core/datagram/datagram_engine.h"
#include "hpsocket/core/datagram/datagram_worker.h"
#include "hpsocket/core/engine/disconnect_many.h"
#include "hpsocket/core/net/local_address.h"

namespace hpsocket::core {
namespace {

uint32_t MillisSince(TimePoint then, TimePoint now) {
  return static_cast<uint32_t>(std::max<int64_t>(ToMillis(now - then), 0));
}

// Whether Send may accept bytes now: 0, EPERM (still connecting) or EBADSLT (closing).
int SendableError(const Session& session) {
  if (session.closing()) return EBADSLT;
  return session.state() == SessionState::kConnecting ? EPERM : 0;
}

}  // namespace

// Runs act(session) with the session locked against its end: 0..., or EBADSLT.
template <class Act>
int DatagramEngine::WithSession(CONNID id, Act&& act) {
  if (forked()) return EBADSLT;
  DatagramWorker* const worker = DatagramWorker::Current();
  if (worker != nullptr && &worker->engine() == this) {
    if (Session* session = table_.FindOwned(id, worker->index()); session != nullptr) return act(*session);
  }
  const CallGate::Scope inside(gate());
  if (!inside.entered()) return EBADSLT;
  Session* const session = table_.Find(id);
  if (session == nullptr) return EBADSLT;
  SmallMutexLock lock(session->lock());
  return session->id() == id ? act(*session) : EBADSLT;
}

int DatagramEngine::SendBuffers(CONNID id, const WSABUF* buffers, int count, uint64_t total) {
  if (forked()) return EBADSLT;
  // What it runs with is looked at where no Start can be writing it: on a worker, or inside the gate.
  const auto too_long = [this, total] {
    return total > std::min(running_.max_datagram_size, kLargestDatagram);
  };
  const uint32_t length = static_cast<uint32_t>(total);
  DatagramWorker* const worker = DatagramWorker::Current();
  if (worker != nullptr && &worker->engine() == this && running_.send_policy != SP_DIRECT) {
    if (too_long()) return EMSGSIZE;
    if (Session* session = table_.FindOwned(id, worker->index()); session != nullptr) {
      const int error = SendableError(*session);
      return error != 0 ? error : worker->sender().SendInWorker(*session, buffers, count, length);
    }
  }
  const CallGate::Scope inside(gate());
  if (!inside.entered()) return EBADSLT;
  if (too_long()) return EMSGSIZE;
  const bool direct = running_.send_policy == SP_DIRECT;
  Session* const session = table_.Find(id);
  if (session == nullptr) return EBADSLT;
  SmallMutexLock lock(session->lock());
  if (session->id() != id) return EBADSLT;
  if (const int error = SendableError(*session); error != 0) return error;
  DatagramSender& sender = session->worker().sender();
  return direct ? sender.SendDirectLocked(*session, buffers, count, length)
                : sender.SendLocked(*session, buffers, count, length);
}

int DatagramEngine::Send(CONNID id, const uint8_t* data, size_t length) {
  if (length == 0) return EINVAL;
  const WSABUF buffer = {static_cast<uint32_t>(length), const_cast<uint8_t*>(data)};
  return SendBuffers(id, &buffer, 1, length);
}

int DatagramEngine::SendPackets(CONNID id, const WSABUF* buffers, int count) {
  uint64_t total = 0;
  for (int i = 0; i < count; ++i) total += buffers[i].len;
  if (total == 0) return EINVAL;
  if (total > kLargestDatagram) return EMSGSIZE;
  return SendBuffers(id, buffers, count, total);
}

int DatagramEngine::SendNow(const Session& session, const uint8_t* data, uint32_t length) {
  OutgoingDatagram datagram = {role() == Role::kClient ? nullptr : &session.peer(), data, length,
                               session.local()};
  Network& network = world().network();
  const int error = -network.SendDatagramNow(socket_, datagram);
  if (datagram.from == nullptr || !MayBeTheLocalAddress(error)) return error;
  datagram.from = nullptr;
  return -network.SendDatagramNow(socket_, datagram);
}

int DatagramEngine::Disconnect(CONNID id, bool) {
  return WithSession(id, [this](Session& session) { return CloseFromOurSide(session) ? 0 : EBADSLT; });
}

void DatagramEngine::EndSilentBehindCallbacks(TimePoint now) {
  const Duration interval = std::chrono::seconds(running_.detect_interval);
  workers_.ForEach([&](DatagramWorker& worker) {
    const auto silent = [&] { return worker.watch().Silent(now, interval, running_.detect_attempts); };
    const CONNID id = silent();
    if (id == 0) return;
    WithSession(id, [&](Session& session) {
      if (silent() == id) CloseFromOurSide(session);
      return 0;
    });
  });
}

int DatagramEngine::SetExtra(CONNID id, void* extra) {
  return WithSession(id, [extra](Session& session) {
    session.set_extra(extra);
    return 0;
  });
}

int DatagramEngine::GetExtra(CONNID id, void** extra) {
  return WithSession(id, [extra](Session& session) {
    *extra = session.extra();
    return 0;
  });
}

int DatagramEngine::GetRemoteAddress(CONNID id, Address* out) {
  return WithSession(id, [out](Session& session) {
    *out = session.peer().Unmapped();
    return out->valid() ? 0 : ENOTCONN;
  });
}

int DatagramEngine::GetLocalAddress(CONNID id, Address* out) {
  return WithSession(id, [this, out](Session&) {
    if (socket_ < 0) return ENOTCONN;
    const int result = world().network().LocalAddress(socket_, out);
    *out = out->Unmapped();
    return -result;
  });
}

int DatagramEngine::GetPendingLength(CONNID id, uint64_t* out) {
  return WithSession(id, [out](Session& session) {
    if (session.closing()) return EBADSLT;
    *out = session.account.pending();
    return 0;
  });
}

int DatagramEngine::GetConnectPeriod(CONNID id, uint32_t* ms) {
  return WithSession(id, [this, ms](Session& session) {
    if (session.closing()) return EBADSLT;
    *ms = MillisSince(session.opened_at(), world().clock().Now());
    return 0;
  });
}

int DatagramEngine::GetSilencePeriod(CONNID id, uint32_t* ms) {
  if (!mark_silence()) return EPERM;
  return WithSession(id, [this, ms](Session& session) {
    if (session.closing()) return EBADSLT;
    *ms = session.SilentFor(world().clock().Now());
    return 0;
  });
}

int DatagramEngine::PauseReceive(CONNID, bool) { return EPERM; }

int DatagramEngine::IsPauseReceive(CONNID, bool*) { return EPERM; }

void DatagramEngine::CloseAllFromHere() {
  std::vector<CONNID> ids;
  try {
    ids = table_.AllIds();
  } catch (const std::bad_alloc&) {
    return;  // each worker closes its own as soon as it can
  }
  for (const CONNID id : ids) {
    WithSession(id, [this](Session& session) {
      CloseFromOurSide(session);
      return 0;
    });
  }
}

size_t DatagramEngine::DisconnectLong(uint32_t period_ms, bool force) {
  return DisconnectOlderThan(*this, period_ms, force);
}

size_t DatagramEngine::DisconnectSilent(uint32_t period_ms, bool force) {
  return DisconnectSilentFor(*this, period_ms, force);
}

}  // namespace hpsocket::core
