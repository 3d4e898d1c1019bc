// Internal to core.
//
// How the one session of a client or a cast comes to be: where it goes, and the socket for that.
//
// Threads:  one at a time: the caller of Start, then the worker.
// Owner:    the engine.
// Spec: decisions §5, 6.6
#ifndef HPSOCKET_CORE_DATAGRAM_DIALER_H_
#define HPSOCKET_CORE_DATAGRAM_DIALER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hpsocket/core/engine/connect_token.h"
#include "hpsocket/core/engine/resolver.h"
#include "hpsocket/core/engine/start_failure.h"
#include "hpsocket/core/net/address.h"

namespace hpsocket::core {

class DatagramEngine;

class Dialer final : private ResolveWaiter {
 public:
  explicit Dialer(DatagramEngine& engine) : engine_(engine) {}

  // What Start was called with.
  void Set(const char* remote, uint16_t port);
  // Literals, and names where `on_caller`. kAbandoned: the engine must not be touched again.
  Resolution Resolve(bool on_caller, std::shared_ptr<ConnectToken> token, StartFailure* failure);
  bool resolved() const { return !addresses_.empty(); }

  // Makes the socket for the next address that has not been tried, with every option set, shown to
  // OnPrepareConnect. It is the engine's afterwards.
  StartFailure Prepare();
  // Connects it, or joins the group.
  StartFailure Connect();
  // Prepare and Connect for one address after the other. `first_is_prepared`: Prepare has been called.
  StartFailure DialAll(bool first_is_prepared);
  // Where datagrams go, and for clients whom they come from.
  const Address& peer() const { return peer_; }

  // On the worker, where Resolve() had been left to it. 0 or errno.
  int BeginResolving();
  StartFailure TakeResolved();
  void Abandon();

 private:
  void HandleResolved() override;
  StartFailure Failed(EnSocketError code, int result, const char* what) const;
  StartFailure SetUpCast(int fd);
  int SetCastOptions(int fd, const Address& local);
  StartFailure BindCast();
  StartFailure FindBroadcastRoute(const Address& local);

  DatagramEngine& engine_;
  std::string remote_;
  uint16_t port_ = 0;
  std::vector<Address> addresses_;
  size_t next_ = 0;
  Address peer_;
  Address cast_local_;  // the bind address, of the group's family
  std::shared_ptr<ResolveTicket> ticket_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_DATAGRAM_DIALER_H_
