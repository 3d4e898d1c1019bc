// The calls about one connection, and about all of them. On the connection's own worker they go
// straight to it; from elsewhere through the gate and under the connection's lock.
#include <cerrno>
#include <new>

#include "absl/base/attributes.h"
#include "hpsocket/core/engine/disconnect_many.h"
#include "hpsocket/core/stream/small_file.h"
#include "hpsocket/core/stream/stream_engine.h"
#include "hpsocket/core/stream/worker.h"

namespace hpsocket::core {
namespace {

// Errors of a send in the calling thread after which the connection still stands.
bool IsTransient(int error) { return error == ENOBUFS || error == ENOMEM || error == EMSGSIZE; }

uint32_t MillisSince(TimePoint then, TimePoint now) {
  return static_cast<uint32_t>(std::max<int64_t>(ToMillis(now - then), 0));
}

}  // namespace

// Runs act(connection) with the connection locked against its end: 0..., or EBADSLT.
template <class Act>
int StreamEngine::WithConnection(CONNID id, Act&& act) {
  if (forked()) return EBADSLT;
  Worker* const worker = Worker::Current();
  if (worker != nullptr && &worker->engine() == this) {
    if (Connection* connection = table_.FindOwned(id, worker->index()); connection != nullptr)
      return act(*connection);
  }
  return WithForeign(id, act);
}

int StreamEngine::WithForeign(CONNID id, absl::FunctionRef<int(Connection&)> act) {
  const CallGate::Scope inside(gate());
  if (!inside.entered()) return EBADSLT;
  Connection* const connection = table_.Find(id);
  if (connection == nullptr) return EBADSLT;
  SmallMutexLock lock(connection->lock());
  return connection->id() == id ? act(*connection) : EBADSLT;
}

ABSL_ATTRIBUTE_HOT int StreamEngine::SendBuffers(CONNID id, const WSABUF* buffers, int count,
                                                 uint64_t total) {
  if (forked()) return EBADSLT;
  Worker* const worker = Worker::Current();
  if (worker != nullptr && &worker->engine() == this && running_.send_policy != SP_DIRECT) {
    if (Connection* connection = table_.FindOwned(id, worker->index()); connection != nullptr) {
      if (const int error = connection->SendableError(); error != 0) return error;
      return total == 0 ? 0 : connection->sender().SendInWorker(buffers, count, total);
    }
  }
  return SendForeign(id, buffers, count, total);
}

int StreamEngine::SendForeign(CONNID id, const WSABUF* buffers, int count, uint64_t total) {
  const CallGate::Scope inside(gate());
  if (!inside.entered()) return EBADSLT;
  Connection* const connection = table_.Find(id);
  if (connection == nullptr) return EBADSLT;
  SmallMutexLock lock(connection->lock());
  if (connection->id() != id) return EBADSLT;
  if (const int error = connection->SendableError(); error != 0) return error;
  if (total == 0) return 0;
  bool notify = false;
  Sender& sender = connection->sender();
  const bool direct = running_.send_policy == SP_DIRECT;
  const int error = direct ? sender.SendDirectLocked(buffers, count, total, &notify)
                           : sender.SendLocked(buffers, count, total, &notify);
  if (notify) connection->Post(Connection::kSend);
  if (direct && error != 0 && !IsTransient(error)) {
    connection->CloseFromOurSide(CloseCause::Error(SO_SEND, error));
  }
  return error;
}

ABSL_ATTRIBUTE_HOT int StreamEngine::Send(CONNID id, const uint8_t* data, size_t length) {
  const WSABUF buffer = {static_cast<uint32_t>(length), const_cast<uint8_t*>(data)};
  return SendBuffers(id, &buffer, 1, length);
}

int StreamEngine::SendPackets(CONNID id, const WSABUF* buffers, int count) {
  uint64_t total = 0;
  for (int i = 0; i < count; ++i) total += buffers[i].len;
  return SendBuffers(id, buffers, count, total);
}

int StreamEngine::SendSmallFile(CONNID id, const char* path, const WSABUF* head, const WSABUF* tail) {
  std::vector<uint8_t> file;
  try {
    if (const int error = ReadSmallFile(path, &file); error != 0) return error;
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  }
  WSABUF parts[3];
  int count = 0;
  if (head != nullptr && head->len != 0) parts[count++] = *head;
  parts[count++] = {static_cast<uint32_t>(file.size()), file.data()};
  if (tail != nullptr && tail->len != 0) parts[count++] = *tail;
  return SendPackets(id, parts, count);
}

int StreamEngine::Disconnect(CONNID id, bool force) {
  return WithConnection(id, [force](Connection& connection) {
    CloseWord& word = connection.close_word();
    if (!force && word.state() != ConnectionState::kConnecting) {
      // In this order: it may be opened in between.
      if (word.Move(ConnectionState::kOpening, ConnectionState::kDraining) ||
          word.Move(ConnectionState::kOpen, ConnectionState::kDraining)) {
        connection.Post(Connection::kDrain);
        return 0;
      }
      return EBADSLT;
    }
    return connection.CloseFromOurSide(CloseCause::Local()) ? 0 : EBADSLT;
  });
}

int StreamEngine::SetExtra(CONNID id, void* extra) {
  return WithConnection(id, [extra](Connection& connection) {
    connection.set_extra(extra);
    return 0;
  });
}

int StreamEngine::GetExtra(CONNID id, void** extra) {
  return WithConnection(id, [extra](Connection& connection) {
    *extra = connection.extra();
    return 0;
  });
}

int StreamEngine::GetRemoteAddress(CONNID id, Address* out) {
  return WithConnection(id, [out](Connection& connection) {
    *out = connection.remote().Unmapped();
    return out->valid() ? 0 : ENOTCONN;
  });
}

int StreamEngine::GetLocalAddress(CONNID id, Address* out) {
  return WithConnection(id, [this, out](Connection& connection) {
    if (connection.socket().fd < 0) return ENOTCONN;  // between the addresses of a name
    const int result = world().network().LocalAddress(connection.socket().fd, out);
    *out = out->Unmapped();
    return -result;
  });
}

int StreamEngine::GetPendingLength(CONNID id, uint64_t* out) {
  return WithConnection(id, [out](Connection& connection) {
    if (connection.close_word().closing()) return EBADSLT;
    *out = connection.sender().pending();
    return 0;
  });
}

int StreamEngine::GetConnectPeriod(CONNID id, uint32_t* ms) {
  return WithConnection(id, [this, ms](Connection& connection) {
    if (connection.close_word().closing()) return EBADSLT;
    *ms = MillisSince(connection.connected_at(), world().clock().Now());
    return 0;
  });
}

int StreamEngine::GetSilencePeriod(CONNID id, uint32_t* ms) {
  if (!mark_silence()) return EPERM;
  return WithConnection(id, [this, ms](Connection& connection) {
    if (connection.close_word().closing()) return EBADSLT;
    *ms = connection.SilentFor(world().clock().Now());
    return 0;
  });
}

int StreamEngine::PauseReceive(CONNID id, bool pause) {
  return WithConnection(id, [pause](Connection& connection) {
    if (connection.close_word().closing()) return EBADSLT;
    if (connection.state() == ConnectionState::kConnecting) return EPERM;
    connection.receiver().SetPaused(pause);
    connection.Post(Connection::kPause);
    return 0;
  });
}

int StreamEngine::IsPauseReceive(CONNID id, bool* paused) {
  return WithConnection(id, [paused](Connection& connection) {
    if (connection.close_word().closing()) return EBADSLT;
    if (connection.state() == ConnectionState::kConnecting) return EPERM;
    *paused = connection.receiver().paused();
    return 0;
  });
}

ABSL_ATTRIBUTE_HOT EnFetchResult StreamEngine::Fetch(CONNID id, uint8_t* data, size_t length, bool remove) {
  EnFetchResult result = FR_DATA_NOT_FOUND;
  WithConnection(id, [&](Connection& connection) {
    PullBuffer* const pull = connection.receiver().pull();
    if (pull == nullptr) return 0;
    bool made_room = false;
    result = pull->Take(data, length, remove, &made_room);
    if (made_room) connection.Post(Connection::kPause);
    return 0;
  });
  return result;
}

EnFetchResult StreamEngine::PeekSpan(CONNID id, const uint8_t** data, size_t* length) {
  EnFetchResult result = FR_DATA_NOT_FOUND;
  WithConnection(id, [&](Connection& connection) {
    const bool inside = Worker::Current() == &connection.worker() && connection.receiver().delivering();
    if (inside && connection.receiver().pull() != nullptr)
      result = connection.receiver().pull()->Front(data, length);
    return 0;
  });
  return result;
}

EnFetchResult StreamEngine::Find(CONNID id, const uint8_t* pattern, size_t length, size_t from,
                                 size_t* position) {
  EnFetchResult result = FR_DATA_NOT_FOUND;
  WithConnection(id, [&](Connection& connection) {
    if (PullBuffer* const pull = connection.receiver().pull(); pull != nullptr)
      result = pull->Find(pattern, length, from, position);
    return 0;
  });
  return result;
}

std::vector<CONNID> StreamEngine::AllIds() { return forked() ? std::vector<CONNID>() : table_.AllIds(); }

void StreamEngine::PushClosing(Connection& connection) {
  closing_queue_.Push(connection);
  workers_.NudgeOneAfter(connection.worker().index());
}

void StreamEngine::RunClosing(const Worker& worker) {
  while (Connection* connection = closing_queue_.Pop()) {
    // The listener may take its time; the next one need not wait for that.
    if (has_closing()) workers_.NudgeOneAfter(worker.index());
    connection->CloseOnOtherWorker();
  }
}

void StreamEngine::CloseAllFromHere() {
  std::vector<CONNID> ids;
  try {
    ids = table_.AllIds();
  } catch (const std::bad_alloc&) {
    return;  // each worker closes its own as soon as it can
  }
  for (const CONNID id : ids) {
    WithConnection(id, [](Connection& connection) {
      connection.CloseFromOurSide(CloseCause::Local());
      return 0;
    });
  }
}

size_t StreamEngine::DisconnectLong(uint32_t period_ms, bool force) {
  return DisconnectOlderThan(*this, period_ms, force);
}

size_t StreamEngine::DisconnectSilent(uint32_t period_ms, bool force) {
  return DisconnectSilentFor(*this, period_ms, force);
}

}  // namespace hpsocket::core
