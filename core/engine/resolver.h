// Internal to core.
//
// Resolves names off every other thread, on a few threads for the whole process that are started as they
// are needed: a name server that does not answer holds up its own names, not everybody's. A resolution
// cannot be interrupted, so whoever no longer wants the answer abandons it.
//
// Threads:  any.
// Lifetime: a ticket that was abandoned is never followed by a touch of its waiter.
// Spec: decisions 2.5, decisions §5
#ifndef HPSOCKET_CORE_ENGINE_RESOLVER_H_
#define HPSOCKET_CORE_ENGINE_RESOLVER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/io/world.h"
#include "hpsocket/core/net/address.h"

namespace hpsocket::core {

class ResolveWaiter {
 public:
  // The answer is there. On a resolver thread (in a simulated world: inside Resolve); must not block
  // and not call the ticket.
  virtual void HandleResolved() = 0;

 protected:
  ~ResolveWaiter() = default;
};

class ResolveTicket {
 public:
  explicit ResolveTicket(ResolveWaiter& waiter) : waiter_(&waiter) {}

  // The answer is not wanted any more: the waiter will not be touched.
  void Abandon();
  // Not abandoned yet.
  bool wanted();
  // After the answer was announced: 0 or errno.
  int Take(std::vector<Address>* addresses);
  // The resolver: stores the answer and tells the waiter.
  void Answer(int error, std::vector<Address> addresses);

 private:
  Mutex mutex_;
  ResolveWaiter* waiter_ ABSL_GUARDED_BY(mutex_);
  int error_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<Address> addresses_ ABSL_GUARDED_BY(mutex_);
};

class Resolver {
 public:
  // How many names are resolved at the same time, at most; the others wait in order.
  static constexpr size_t kAtOnce = 16;

  // Answers the ticket later; in a simulated world, and when it cannot begin, at once.
  static void Resolve(World& world, const std::string& name, uint16_t port,
                      const std::shared_ptr<ResolveTicket>& ticket);
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_ENGINE_RESOLVER_H_
