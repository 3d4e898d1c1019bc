// Internal to core.
//
// Something that lives on a component's first worker beside the connections: tcp_server's Acceptor,
// an agent's Connector.
//
// Threads:  Open() and Abandon() on the caller of Start; StopRequested() any; the rest on the first
//           worker.
// Order:    Open, Begin, BeginEnd, then ended() becomes true; Abandon instead of Begin.. when
//           Start fails between.
#ifndef HPSOCKET_CORE_STREAM_WORKER_GUEST_H_
#define HPSOCKET_CORE_STREAM_WORKER_GUEST_H_

#include "hpsocket/core/engine/start_failure.h"

namespace hpsocket::core {

class Worker;

class WorkerGuest {
 public:
  // Acquires what Start must not succeed without.
  virtual StartFailure Open() = 0;
  // Open() has succeeded and Start fails all the same: gives back what Open() acquired.
  virtual void Abandon() = 0;
  virtual void Begin(Worker& worker) = 0;
  // Somebody stops the component, or its Start has failed. Must not block. May come more than once, at any
  // time after Open(), and before it when that Start found no memory.
  virtual void StopRequested() {}
  // Stop: ends what is in flight; ended() turns true in a later round.
  virtual void BeginEnd() = 0;
  virtual bool ended() const = 0;

 protected:
  ~WorkerGuest() = default;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_STREAM_WORKER_GUEST_H_
