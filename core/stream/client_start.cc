#include "hpsocket/core/stream/client_start.h"

#include <cerrno>
#include <cstring>

#include "hpsocket/core/lifecycle/callback_scope.h"
#include "hpsocket/core/stream/async_connect.h"
#include "hpsocket/core/stream/socket_setup.h"
#include "hpsocket/core/stream/stream_engine.h"
#include "hpsocket/core/stream/worker.h"

namespace hpsocket::core {

ClientStart::ClientStart(StreamEngine& engine, std::shared_ptr<ClientStartToken> token, CONNID id,
                         const char* remote, uint16_t port, bool async)
    : engine_(engine),
      token_(std::move(token)),
      id_(id),
      remote_(remote == nullptr ? "" : remote),
      port_(port),
      async_(async) {}

ClientStart::Outcome ClientStart::Fail(EnSocketError code, int error, std::string detail) {
  failure_ = {code, error, std::move(detail)};
  return Outcome::kFailed;
}

ClientStart::Outcome ClientStart::Resolve() {
  Address literal;
  if (Address::ParseLiteral(remote_.c_str(), port_, &literal)) {
    literal_ = true;
    addresses_ = {literal};
    return Outcome::kDone;
  }
  if (remote_.empty()) return Fail(SE_CONNECT_SERVER, EADDRNOTAVAIL, "no remote address given");
  if (async_) return Outcome::kDone;

  // From here until the answer, this thread may be left alone with its own stack.
  const std::shared_ptr<ClientStartToken> token = token_;
  Network& network = engine_.world().network();
  {
    MutexLock lock(token->mutex);
    if (engine_.lifecycle().stop_requested())
      return Fail(SE_ILLEGAL_STATE, ECANCELED, "stopped while starting");
    token->resolving = true;
  }
  std::string detail;
  const int error = network.Resolve(remote_, port_, &addresses_, &detail);
  {
    MutexLock lock(token->mutex);
    if (token->abandoned) return Outcome::kAbandoned;
    token->resolving = false;
  }
  return error == 0 ? Outcome::kDone : Fail(SE_CONNECT_SERVER, EADDRNOTAVAIL, std::move(detail));
}

ClientStart::Outcome ClientStart::Connect() {
  return async_ ? BeginAsynchronously() : ConnectSynchronously();
}

ClientStart::Outcome ClientStart::ConnectSynchronously() {
  Network& network = engine_.world().network();
  const TimePoint deadline =
      engine_.world().clock().Now() + FromMillis(engine_.running().sync_connect_timeout);
  int error = ECONNREFUSED;
  for (const Address& address : addresses_) {
    int fd = -1;
    PrepareResult prepared;
    {
      const CallbackScope scope(engine_.lifecycle());
      prepared = PrepareStreamSocket(engine_, id_, address, &fd);
    }
    if (prepared.refused) return Fail(SE_SOCKET_PREPARE, ECANCELED, "OnPrepareConnect returned HR_ERROR");
    if (prepared.error == 0) {
      const int result = engine_.lifecycle().stop_requested()
                             ? -ECANCELED
                             : network.ConnectAndAwait(fd, address, deadline, token_->canceller);
      if (result == 0) return RunOnConnect(fd, address.Unmapped());
      network.Close(fd);
      prepared.error = -result;
    } else if (addresses_.size() == 1) {
      return Fail(SE_SOCKET_CREATE, prepared.error,
                  std::string("cannot prepare a socket: ") + strerror(prepared.error));
    }
    error = prepared.error;
    if (engine_.lifecycle().stop_requested())
      return Fail(SE_ILLEGAL_STATE, ECANCELED, "stopped while starting");
  }
  return Fail(SE_CONNECT_SERVER, error,
              "cannot connect to " + remote_ + " port " + std::to_string(port_) + ": " + strerror(error));
}

Connection* ClientStart::MakeConnection(int fd, const Address& remote, bool connected) {
  Worker& worker = engine_.worker(0);
  Connection* connection =
      worker.NewConnection(fd, remote, connected ? ConnectionState::kOpening : ConnectionState::kConnecting);
  if (connection == nullptr) return nullptr;
  connection->set_id(id_);
  connection->set_connected_at(engine_.world().clock().Now());
  if (connected) connection->set_connected_elsewhere();
  return connection;
}

ClientStart::Outcome ClientStart::RunOnConnect(int fd, const Address& remote) {
  Connection* connection = MakeConnection(fd, remote, true);
  if (connection == nullptr || !engine_.table().InsertAs(id_, connection, 0)) {
    if (connection != nullptr) engine_.worker(0).DiscardConnection(connection);
    engine_.world().network().Close(fd);
    return Fail(SE_CONNECT_SERVER, ENOMEM, "out of memory");
  }
  connection->Post(Connection::kAttach);
  EnHandleResult result;
  {
    const CallbackScope scope(engine_.lifecycle());
    result = engine_.events().HandleConnect(id_);
  }
  if (result == HR_ERROR) {
    PostIfAlive(Connection::kRejected);
    return Fail(SE_CONNECT_SERVER, ECANCELED, "OnConnect returned HR_ERROR");
  }
  if (!engine_.lifecycle().CompleteStart(true)) {
    PostIfAlive(Connection::kRejected);
    return Fail(SE_ILLEGAL_STATE, ECANCELED, "stopped while starting");
  }
  engine_.counters().total_connections.fetch_add(1, std::memory_order_relaxed);
  PostIfAlive(Connection::kOpened);
  return Outcome::kDone;
}

ClientStart::Outcome ClientStart::BeginAsynchronously() {
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
  if (connect == nullptr || !engine_.table().InsertAs(id_, connection, 0)) {
    if (connect != nullptr) connect->Discard();
    if (connection != nullptr) engine_.worker(0).DiscardConnection(connection);
    if (fd >= 0) engine_.world().network().Close(fd);
    return Fail(SE_CONNECT_SERVER, ENOMEM, "out of memory");
  }
  connection->set_async_connect(connect);
  // The worker owns it from here; but nothing happens to it before Start is complete.
  connection->Post(Connection::kAttach);
  if (!engine_.lifecycle().CompleteStart(false)) {
    PostIfAlive(Connection::kRejected);
    return Fail(SE_ILLEGAL_STATE, ECANCELED, "stopped while starting");
  }
  PostIfAlive(Connection::kConnect);
  return Outcome::kDone;
}

void ClientStart::PostIfAlive(uint32_t attention) {
  const CallGate::Scope inside(engine_.gate());
  if (!inside.entered()) return;
  Connection* connection = engine_.table().Find(id_);
  if (connection == nullptr) return;
  SmallMutexLock lock(connection->lock());
  if (connection->id() == id_) connection->Post(attention);
}

}  // namespace hpsocket::core
