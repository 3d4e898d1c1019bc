// Internal to core.
//
// How a UringPort accepts: one multishot accept per listener. Completions only fill the listener's
// queue of new descriptors; Deliver() hands out at most a batch of them per round, so that a storm of
// connections does not keep other work waiting.
//
// Threads:  the port's worker only.
// Owner:    of descriptors that were accepted and not yet delivered; one is closed only where there is no
//           memory to keep it.
// Lifetime: as CompletionPort.
// Order:    as the kernel accepted; the end comes after the last descriptor.
// Errors:   as CompletionPort.
#ifndef HPSOCKET_CORE_IO_URING_ACCEPTOR_H_
#define HPSOCKET_CORE_IO_URING_ACCEPTOR_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "hpsocket/core/io/completion_port.h"
#include "hpsocket/core/io/operation.h"
#include "hpsocket/core/io/operation_queue.h"
#include "hpsocket/core/io/uring_ring.h"

namespace hpsocket::core {

class UringAcceptor {
 public:
  // `ring` and `stats` outlive the acceptor.
  UringAcceptor(UringRing& ring, PortStats& stats) : ring_(ring), stats_(stats) {}
  UringAcceptor(const UringAcceptor&) = delete;
  UringAcceptor& operator=(const UringAcceptor&) = delete;

  void Start(AcceptOperation& operation);
  void Cancel(AcceptOperation& operation);

  // A completion of `operation`'s accept. Calls no handler.
  void Complete(AcceptOperation& operation, int result, unsigned flags);

  // Whether Deliver() has something without the kernel's help.
  bool has_work() const;
  void Deliver();

 private:
  struct Listener {
    AcceptOperation* operation;
    std::vector<int> descriptors;
    size_t delivered = 0;  // of them
    bool ended = false;
    int result = 0;  // once ended

    bool has_work() const { return ended || delivered < descriptors.size(); }
  };

  Listener& Find(const AcceptOperation& operation);
  void Arm(AcceptOperation& operation);
  void Keep(Listener& listener, int descriptor);
  void Settle(Listener& listener, int result);
  void DeliverBatch(Listener& listener);
  void TellWithoutMemory();

  UringRing& ring_;
  PortStats& stats_;
  std::vector<std::unique_ptr<Listener>> listeners_;  // few
  OperationQueue without_memory_;                     // found none to begin with
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_URING_ACCEPTOR_H_
