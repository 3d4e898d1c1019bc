// Internal to core.
//
// Resolves names off every other thread. One thread for the process, started when first needed; a
// resolution cannot be interrupted, so whoever no longer wants the answer abandons it.
//
// Threads:  any.
// Lifetime: a ticket that was abandoned is never followed by a touch of its connection.
// Spec: decisions 2.5, §5
#ifndef HPSOCKET_CORE_STREAM_RESOLVER_H_
#define HPSOCKET_CORE_STREAM_RESOLVER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hpsocket/core/base/mutex.h"
#include "hpsocket/core/io/world.h"
#include "hpsocket/core/net/address.h"

namespace hpsocket::core {

class Connection;

class ResolveTicket {
 public:
  explicit ResolveTicket(Connection& connection) : connection_(&connection) {}

  // The connection's worker: the answer is not wanted any more.
  void Abandon();
  // The connection's worker, after the answer was announced: 0 or errno.
  int Take(std::vector<Address>* addresses);
  // The resolver: stores the answer and tells the connection's worker.
  void Answer(int error, std::vector<Address> addresses);

 private:
  Mutex mutex_;
  Connection* connection_ ABSL_GUARDED_BY(mutex_);
  int error_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<Address> addresses_ ABSL_GUARDED_BY(mutex_);
};

class Resolver {
 public:
  // Answers the ticket later; in a simulated world, at once.
  static void Resolve(World& world, const std::string& name, uint16_t port,
                      std::shared_ptr<ResolveTicket> ticket);
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_STREAM_RESOLVER_H_
