// Internal to core.
//
// Everything outside of the engines that they touch, as one seam: the clock, the network, the
// completion ports, the threads that run workers, and every blocking wait. The system's world is the
// real thing; tests put a simulated one in its place, in which one thread runs everything in an
// order that a seed decides.
//
// Threads:  any, unless a method says otherwise.
#ifndef HPSOCKET_CORE_IO_WORLD_H_
#define HPSOCKET_CORE_IO_WORLD_H_

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "hpsocket/core/base/clock.h"
#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/io/completion_port.h"
#include "hpsocket/core/net/network.h"

namespace hpsocket::core {

enum class PortChoice { kAuto, kUring, kEpoll };

// What a worker's thread runs.
class Runnable {
 public:
  // One round of work. `may_block`: wait for work if there is none. False: finished, do not call
  // again; the last thing that the runnable does before it returns false may free the runnable.
  virtual bool RunRound(bool may_block) = 0;

 protected:
  ~Runnable() = default;
};

class RunningThread {
 public:
  virtual ~RunningThread() = default;  // after Join()
  // Blocks until RunRound() has returned false; not in a forked child, which has no such thread. Never from
  // inside the runnable itself.
  virtual void Join() = 0;
};

class World {
 public:
  virtual ~World() = default;

  virtual const Clock& clock() = 0;
  virtual Network& network() = 0;

  // A port that Open() has not been called on yet. `choice` kAuto takes io_uring where a probe of
  // the running kernel passes, else epoll. Null when a forced port is not to be had: the cause is
  // in `*error` (positive errno) and `*why`. On success `*why` says why this port was taken.
  virtual std::unique_ptr<CompletionPort> NewPort(PortChoice choice, int* error, std::string* why) = 0;

  // Runs `runnable` until it is finished, on a thread called `name` (at most 15 characters) that
  // blocks all signals. Null with -errno in `*error` when no thread is to be had.
  virtual std::unique_ptr<RunningThread> StartThread(Runnable& runnable, const std::string& name,
                                                     int* error) = 0;

  // Blocks until `done()` holds or `deadline` has passed; the result is the last done(). `mutex` is
  // held on entry, on return, and whenever done() is called. Whoever changes what done() reads
  // notifies `changed` under the mutex.
  virtual bool Await(Mutex& mutex, CondVar& changed, absl::FunctionRef<bool()> done, TimePoint deadline)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) = 0;

  // True in a world where one thread runs everything. There RunOnce() inside a RunRound() never
  // blocks: it returns with nothing done, and the runnable is called again when its port has work, its
  // deadline has come, or anything else has happened since. A runnable without an open port is called
  // with may_block false.
  virtual bool simulated() const = 0;

  static World& System();

  // The world that components created from now on live in. Null restores the system's. Tests only;
  // not while a component is being created elsewhere.
  static World& Current();
  static void ReplaceForTest(World* world);
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_WORLD_H_
