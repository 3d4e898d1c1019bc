#include "hpsocket/core/stream/async_connect.h"

#include <cerrno>
#include <new>

#include "hpsocket/core/stream/connection.h"
#include "hpsocket/core/stream/socket_setup.h"
#include "hpsocket/core/stream/stream_engine.h"
#include "hpsocket/core/stream/worker.h"

namespace hpsocket::core {

AsyncConnect::AsyncConnect(Connection& connection) : connection_(connection) {
  ConnectOperation::socket = &connection.socket();
}

AsyncConnect* AsyncConnect::ToAddress(Connection& connection, const Address& address) {
  void* memory = connection.worker().engine().pool().Allocate(sizeof(AsyncConnect));
  if (memory == nullptr) return nullptr;
  AsyncConnect* connect = ::new (memory) AsyncConnect(connection);
  connect->ConnectOperation::address = address;
  return connect;
}

AsyncConnect* AsyncConnect::ToName(Connection& connection, const std::string& name, uint16_t port) {
  AsyncConnect* connect = ToAddress(connection, Address());
  if (connect == nullptr) return nullptr;
  try {
    connect->name_ = name;
  } catch (const std::bad_alloc&) {
    connect->Discard();
    return nullptr;
  }
  connect->port_ = port;
  return connect;
}

void AsyncConnect::Begin() {
  Worker& worker = connection_.worker();
  if (ConnectOperation::address.valid()) {
    worker.port().Connect(*this);
    return;
  }
  try {
    ticket_ = std::make_shared<ResolveTicket>(static_cast<ResolveWaiter&>(*this));
  } catch (const std::bad_alloc&) {
    return Fail(ENOMEM);
  }
  Resolver::Resolve(worker.engine().world(), name_, port_, ticket_);
}

void AsyncConnect::HandleResolved() { connection_.Post(Connection::kResolved); }

void AsyncConnect::Resolved() {
  if (ticket_ == nullptr) return;
  const int error = ticket_->Take(&addresses_);
  ticket_ = nullptr;
  if (error != 0) {
    Fail(error);
  } else {
    TryNext();
  }
}

void AsyncConnect::Cancel() {
  if (ticket_ != nullptr) {
    ticket_->Abandon();
    ticket_ = nullptr;
    Detach();
  } else if (Operation::in_flight()) {
    connection_.worker().port().Cancel(*this);
  } else {
    Detach();  // ended before it began
  }
}

void AsyncConnect::TryNext() {
  Worker& worker = connection_.worker();
  while (next_address_ < addresses_.size()) {
    const Address& next = addresses_[next_address_++];
    int fd = -1;
    connection_.in_callback = true;
    const PrepareResult result = PrepareStreamSocket(worker.engine(), connection_.id(), next, &fd);
    connection_.in_callback = false;
    if (result.refused) return Fail(ECANCELED);
    if (connection_.close_word().closing()) {  // Disconnect or Stop inside OnPrepareConnect
      if (fd >= 0) worker.engine().world().network().Close(fd);
      return Detach();
    }
    if (result.error != 0) {
      last_error_ = result.error;
      continue;
    }
    {
      SmallMutexLock lock(connection_.lock());  // others may ask for its addresses
      connection_.socket().fd = fd;
      connection_.set_remote(next.Unmapped());
    }
    ConnectOperation::address = next;
    worker.port().Connect(*this);
    return;
  }
  Fail(last_error_);
}

void AsyncConnect::HandleConnected(int result) {
  if (connection_.close_word().closing()) return Detach();
  if (result == 0) {
    Connection& connection = connection_;
    connection.set_async_connect(nullptr);
    Delete();
    connection.RunConnect();
    return;
  }
  last_error_ = -result;
  {
    SmallMutexLock lock(connection_.lock());
    connection_.worker().port().Close(connection_.socket());
  }
  TryNext();
}

void AsyncConnect::Fail(int error) {
  connection_.worker().engine().counters().failed_connections.fetch_add(1, std::memory_order_relaxed);
  connection_.close_word().Claim(CloseCause::Error(SO_CONNECT, error));
  Detach();
}

void AsyncConnect::Detach() {
  Connection& connection = connection_;
  connection.set_async_connect(nullptr);
  Delete();
  connection.AfterEvents();
}

void AsyncConnect::Delete() {
  SharedPool& pool = connection_.worker().engine().pool();
  this->~AsyncConnect();
  pool.Free(this, sizeof(AsyncConnect));
}

}  // namespace hpsocket::core
