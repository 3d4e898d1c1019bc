// Internal to core.
//
// A client's Start, step by step, on its caller's thread.
//
// Threads:  the caller of Start; Cancel() any.
// Spec: decisions 2.5, 3.5, §5
#ifndef HPSOCKET_CORE_STREAM_CLIENT_START_H_
#define HPSOCKET_CORE_STREAM_CLIENT_START_H_

#include <memory>
#include <string>
#include <vector>

#include "hpsocket/core/api/types.h"
#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/net/address.h"
#include "hpsocket/core/net/network.h"
#include "hpsocket/core/stream/start_failure.h"

namespace hpsocket::core {

class Connection;
class StreamEngine;

// What Stop and a Start in another thread share. Outlives the component if that thread is inside
// its own name resolution when the component goes.
struct ClientStartToken {
  Mutex mutex;
  bool resolving ABSL_GUARDED_BY(mutex) = false;
  bool abandoned ABSL_GUARDED_BY(mutex) = false;
  ConnectCanceller canceller;
};

class ClientStart {
 public:
  ClientStart(StreamEngine& engine, std::shared_ptr<ClientStartToken> token, CONNID id, const char* remote,
              uint16_t port, bool async);

  enum class Outcome { kDone, kFailed, kAbandoned };

  // Resolves if that is the caller's business. kAbandoned: the engine must not be touched again.
  Outcome Resolve();
  // With a worker running: connects, or starts to.
  Outcome Connect();

  const StartFailure& failure() const { return failure_; }

 private:
  Outcome ConnectSynchronously();
  Outcome BeginAsynchronously();
  Outcome Fail(EnSocketError code, int error, std::string detail);
  Outcome RunOnConnect(int fd, const Address& remote);
  // Makes the connection, visible and attached to the worker.
  Connection* MakeConnection(int fd, const Address& remote, bool connected);
  void PostIfAlive(uint32_t attention);

  StreamEngine& engine_;
  const std::shared_ptr<ClientStartToken> token_;
  const CONNID id_;
  const std::string remote_;
  const uint16_t port_;
  const bool async_;
  bool literal_ = false;
  std::vector<Address> addresses_;
  StartFailure failure_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_STREAM_CLIENT_START_H_
