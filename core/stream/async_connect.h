// Internal to core.
//
// An asynchronous connect under way: resolving the name where there is one, then one address after
// the other. Belongs to a connection in state kConnecting.
//
// Threads:  made on the thread that calls Connect/Start; from Begin() on the connection's worker.
// Owner:    itself; gone once the connection's async_connect() is null again.
// Spec: decisions §5
#ifndef HPSOCKET_CORE_STREAM_ASYNC_CONNECT_H_
#define HPSOCKET_CORE_STREAM_ASYNC_CONNECT_H_

#include <memory>
#include <string>
#include <vector>

#include "hpsocket/core/engine/resolver.h"
#include "hpsocket/core/io/operation.h"
#include "hpsocket/core/net/address.h"

namespace hpsocket::core {

class Connection;

class AsyncConnect final : private ConnectOperation, private ResolveWaiter {
 public:
  // To a literal: the connection's socket is made, and OnPrepareConnect has seen it.
  static AsyncConnect* ToAddress(Connection& connection, const Address& address);
  // To a name: nothing is made yet.
  static AsyncConnect* ToName(Connection& connection, const std::string& name, uint16_t port);

  void Begin();
  // The connection is closing: ends soon.
  void Cancel();
  // The resolver's answer has arrived (Connection::kResolved).
  void Resolved();
  // Of a connection that was never attached.
  void Discard() { Delete(); }

 private:
  explicit AsyncConnect(Connection& connection);
  ~AsyncConnect() = default;

  void HandleConnected(int result) override;
  void HandleResolved() override;
  void TryNext();
  void Fail(int error);
  void Detach();
  void Delete();

  Connection& connection_;
  std::string name_;
  uint16_t port_ = 0;
  std::shared_ptr<ResolveTicket> ticket_;  // while the resolver is at work
  std::vector<Address> addresses_;
  size_t next_address_ = 0;
  int last_error_ = 0;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_STREAM_ASYNC_CONNECT_H_
