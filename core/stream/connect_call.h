// Internal to core.
//
// One connect, step by step, on the thread that called Connect or a client's Start: resolving where
// that is the caller's business, then connecting (synchronous) or starting to (asynchronous).
//
// Threads:  the caller; a ConnectToken any.
// Owner:    the caller's stack.
// Lifetime: between Resolve() and its answer the component may go; the call then touches nothing but its
//           own stack and its token.
// Spec: decisions 2.5, 3.5, decisions §5
#ifndef HPSOCKET_CORE_STREAM_CONNECT_CALL_H_
#define HPSOCKET_CORE_STREAM_CONNECT_CALL_H_

#include <memory>
#include <string>
#include <vector>

#include "hpsocket/core/api/types.h"
#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/engine/connect_token.h"
#include "hpsocket/core/engine/start_failure.h"
#include "hpsocket/core/net/address.h"
#include "hpsocket/core/net/network.h"

namespace hpsocket::core {

class Connection;
class StreamEngine;
class Worker;

// Whose connect it is: an agent's, or that of a client that starts.
class ConnectParty {
 public:
  // Somebody is stopping the component.
  virtual bool Stopped() const = 0;
  // Connected (synchronous, OnConnect has returned well) or about to be (asynchronous): the call will
  // succeed. False: a stop came first, and the call is to fail.
  virtual bool Complete(bool connected) = 0;
  // Complete() is always true.
  virtual bool CompletesAlways() const = 0;

 protected:
  ~ConnectParty() = default;
};

class ConnectCall {
 public:
  ConnectCall(StreamEngine& engine, ConnectParty& party, std::shared_ptr<ConnectToken> token,
              const char* remote, uint16_t port, bool async);

  enum class Outcome { kDone, kFailed, kAbandoned };

  // Resolves if that is the caller's business. kAbandoned: the engine must not be touched again.
  Outcome Resolve();
  // Connects, or starts to, as `id`, which is reserved in the engine's table (and given back by the
  // caller when this fails), for `worker`, which runs.
  Outcome Connect(CONNID id, Worker& worker);

  const StartFailure& failure() const { return failure_; }

 private:
  Outcome ConnectSynchronously();
  Outcome BeginAsynchronously();
  Outcome Fail(EnSocketError code, int error, std::string detail);
  Outcome FailStopped();
  Outcome RunOnConnect(int fd, const Address& remote);
  // Makes the connection; null when out of memory.
  Connection* MakeConnection(int fd, const Address& remote, bool connected);
  void PostIfAlive(uint32_t attention);

  StreamEngine& engine_;
  ConnectParty& party_;
  const std::shared_ptr<ConnectToken> token_;
  const std::string remote_;
  const uint16_t port_;
  const bool async_;
  CONNID id_ = 0;
  Worker* worker_ = nullptr;
  bool literal_ = false;
  std::vector<Address> addresses_;
  StartFailure failure_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_STREAM_CONNECT_CALL_H_
