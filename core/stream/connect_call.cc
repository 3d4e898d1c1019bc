#include "hpsocket/core/stream/connect_call.h"

#include <cerrno>
#include <cstring>

#include "hpsocket/core/lifecycle/callback_scope.h"
#include "hpsocket/core/stream/async_connect.h"
#include "hpsocket/core/stream/socket_setup.h"
#include "hpsocket/core/stream/stream_engine.h"
#include "hpsocket/core/stream/worker.h"

namespace hpsocket::core {

ConnectCall::ConnectCall(StreamEngine& engine, ConnectParty& party, std::shared_ptr<ConnectToken> token,
                         const char* remote, uint16_t port, bool async)
    : engine_(engine),
      party_(party),
      token_(std::move(token)),
      remote_(remote == nullptr ? "" : remote),
      port_(port),
      async_(async) {}

ConnectCall::Outcome ConnectCall::Fail(EnSocketError code, int error, std::string detail) {
  failure_ = {code, error, std::move(detail)};
  return Outcome::kFailed;
}

ConnectCall::Outcome ConnectCall::FailStopped() {
  return Fail(SE_ILLEGAL_STATE, ECANCELED, "stopped while connecting");
}

ConnectCall::Outcome ConnectCall::Resolve() {
  Address literal;
  if (Address::ParseLiteral(remote_.c_str(), port_, &literal)) {
    literal_ = true;
    addresses_ = {literal};
    return Outcome::kDone;
  }
  if (remote_.empty()) return Fail(SE_CONNECT_SERVER, EADDRNOTAVAIL, "no remote address given");
  if (async_) return Outcome::kDone;

  std::string detail;
  switch (ResolveWithToken(
      token_, [this] { return party_.Stopped(); }, engine_.world().network(), remote_, port_, &addresses_,
      &detail)) {
    case Resolution::kDone:
      return Outcome::kDone;
    case Resolution::kFailed:
      return Fail(SE_CONNECT_SERVER, EADDRNOTAVAIL, std::move(detail));
    case Resolution::kStopped:
      return FailStopped();
    case Resolution::kAbandoned:
      break;
  }
  return Outcome::kAbandoned;
}

ConnectCall::Outcome ConnectCall::Connect(CONNID id, Worker& worker) {
  id_ = id;
  worker_ = &worker;
  return async_ ? BeginAsynchronously() : ConnectSynchronously();
}

ConnectCall::Outcome ConnectCall::ConnectSynchronously() {
  Network& network = engine_.world().network();
  const Clock& clock = engine_.world().clock();
  const TimePoint deadline = clock.Now() + FromMillis(engine_.running().sync_connect_timeout);
  int error = ECONNREFUSED;
  for (const Address& address : addresses_) {
    // The time is the whole call's. Where it is over, a host that is near would still connect.
    if (&address != &addresses_.front() && clock.Now() >= deadline) {
      error = ETIMEDOUT;
      break;
    }
    int fd = -1;
    PrepareResult prepared;
    {
      const CallbackScope scope(engine_.lifecycle());
      prepared = PrepareStreamSocket(engine_, id_, address, &fd);
    }
    if (prepared.refused) return Fail(SE_SOCKET_PREPARE, ECANCELED, "OnPrepareConnect returned HR_ERROR");
    if (prepared.error == 0) {
      const int result =
          party_.Stopped() ? -ECANCELED : network.ConnectAndAwait(fd, address, deadline, token_->canceller);
      if (result == 0) return RunOnConnect(fd, address.Unmapped());
      network.Close(fd);
      prepared.error = -result;
    } else if (addresses_.size() == 1) {
      return Fail(SE_SOCKET_CREATE, prepared.error,
                  std::string("cannot prepare a socket: ") + strerror(prepared.error));
    }
    error = prepared.error;
    if (party_.Stopped()) return FailStopped();
  }
  return Fail(SE_CONNECT_SERVER, error,
              "cannot connect to " + remote_ + " port " + std::to_string(port_) + ": " + strerror(error));
}

Connection* ConnectCall::MakeConnection(int fd, const Address& remote, bool connected) {
  Connection* connection = worker_->NewConnection(
      fd, remote, connected ? ConnectionState::kOpening : ConnectionState::kConnecting);
  if (connection == nullptr) return nullptr;
  connection->set_id(id_);
  connection->set_connected_at(engine_.world().clock().Now());
  if (connected) connection->set_connected_elsewhere();
  connection->PrepareFirstPost(Connection::kAttach);
  return connection;
}

ConnectCall::Outcome ConnectCall::RunOnConnect(int fd, const Address& remote) {
  Connection* connection = MakeConnection(fd, remote, true);
  if (connection == nullptr || !engine_.table().Fill(id_, connection, worker_->index())) {
    engine_.world().network().Close(fd);
    if (connection == nullptr) return Fail(SE_CONNECT_SERVER, ENOMEM, "out of memory");
    worker_->DiscardConnection(connection);
    return FailStopped();
  }
  connection->FirstPost();
  EnHandleResult result;
  {
    const CallbackScope scope(engine_.lifecycle());
    result = engine_.events().HandleConnect(id_);
  }
  if (result == HR_ERROR) {
    PostIfAlive(Connection::kRejected);
    return Fail(SE_CONNECT_SERVER, ECANCELED, "OnConnect returned HR_ERROR");
  }
  if (!party_.Complete(true)) {
    PostIfAlive(Connection::kRejected);
    return FailStopped();
  }
  engine_.counters().total_connections.fetch_add(1, std::memory_order_relaxed);
  PostIfAlive(Connection::kOpened);
  return Outcome::kDone;
}

ConnectCall::Outcome ConnectCall::BeginAsynchronously() {
  int fd = -1;
  Address target;
  if (literal_) {
    target = addresses_.front();
    PrepareResult prepared;
    {
      const CallbackScope scope(engine_.lifecycle());
      prepared = PrepareStreamSocket(engine_, id_, target, &fd);
    }
    if (prepared.refused) return Fail(SE_SOCKET_PREPARE, ECANCELED, "OnPrepareConnect returned HR_ERROR");
    if (prepared.error != 0) {
      return Fail(SE_SOCKET_CREATE, prepared.error,
                  std::string("cannot prepare a socket: ") + strerror(prepared.error));
    }
  }
  Connection* connection = MakeConnection(fd, target.Unmapped(), false);
  AsyncConnect* connect = nullptr;
  if (connection != nullptr) {
    connect = literal_ ? AsyncConnect::ToAddress(*connection, target)
                       : AsyncConnect::ToName(*connection, remote_, port_);
  }
  if (connect == nullptr || !engine_.table().Fill(id_, connection, worker_->index())) {
    const bool out_of_memory = connect == nullptr;
    if (connect != nullptr) connect->Discard();
    if (connection != nullptr) worker_->DiscardConnection(connection);
    if (fd >= 0) engine_.world().network().Close(fd);
    return out_of_memory ? Fail(SE_CONNECT_SERVER, ENOMEM, "out of memory") : FailStopped();
  }
  connection->set_async_connect(connect);
  // The worker owns it from here; but nothing happens to it before Start is complete.
  if (party_.CompletesAlways()) {
    connection->FirstPost(Connection::kConnect);
    return Outcome::kDone;
  }
  connection->FirstPost();
  if (!party_.Complete(false)) {
    PostIfAlive(Connection::kRejected);
    return FailStopped();
  }
  PostIfAlive(Connection::kConnect);
  return Outcome::kDone;
}

void ConnectCall::PostIfAlive(uint32_t attention) {
  const CallGate::Scope inside(engine_.gate());
  if (!inside.entered()) return;
  Connection* connection = engine_.table().Find(id_);
  if (connection == nullptr) return;
  SmallMutexLock lock(connection->lock());
  if (connection->id() == id_) connection->Post(attention);
}

}  // namespace hpsocket::core
