// Internal to core.
//
// The engine's only way up. A facade implements it, calls the application's listener, contains what
// the listener throws, and gives back what the listener wants done.
//
// Threads:  per connection one event at a time, on the connection's worker, unless a method says
//           otherwise (Spec: decisions 3.1).
// Lifetime: outlives the engine's Stop.
// Errors:   no implementation throws.
#ifndef HPSOCKET_CORE_ENGINE_ENGINE_EVENTS_H_
#define HPSOCKET_CORE_ENGINE_ENGINE_EVENTS_H_

#include <cstdint>

#include "hpsocket/core/api/enums.h"
#include "hpsocket/core/api/types.h"
#include "hpsocket/core/net/address.h"

namespace hpsocket::core {

class EngineEvents {
 public:
  // The caller of Start, before bind. HR_ERROR: Start fails.
  virtual EnHandleResult HandlePrepareListen(int fd) = 0;

  // Before a socket is bound and connected: the caller of Connect/Start, or the connection's worker
  // for an asynchronous connect to a name. HR_ERROR: the connect fails.
  virtual EnHandleResult HandlePrepareConnect(CONNID id, int fd) = 0;

  // `fd` is the connection's own, -1 where it has none (UDP). HR_ERROR: the connection is dropped
  // without a further event.
  virtual EnHandleResult HandleAccept(CONNID id, int fd, const Address& peer) = 0;

  // Synchronous connects: the caller of Connect/Start. HR_ERROR: the connect fails.
  virtual EnHandleResult HandleConnect(CONNID id) = 0;

  // PUSH: `length` bytes at `data`, valid during the call. PULL: `data` is null and `length` the
  // total that can be fetched. HR_ERROR: the connection ends with OnError(SO_RECEIVE, ECANCELED).
  virtual EnHandleResult HandleReceive(CONNID id, const uint8_t* data, int length) = 0;

  // Bytes that have left, in order. The result has no effect.
  virtual void HandleSend(CONNID id, const uint8_t* data, int length) = 0;

  // The last event of a connection: OnClose when `error` is 0, else OnError(operation, error).
  virtual void HandleClose(CONNID id, EnSocketOperation operation, int error) = 0;

  // Servers and agents: everything has ended. See Lifecycle for the thread.
  virtual void HandleShutdown() = 0;

 protected:
  ~EngineEvents() = default;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_ENGINE_ENGINE_EVENTS_H_
