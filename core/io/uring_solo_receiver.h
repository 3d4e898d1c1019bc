// Internal to core.
//
// How a UringPort receives for the one socket of a client: one receive at a time into a buffer of its
// own, no group that the kernel takes from. A few kilobytes instead of megabytes, since applications
// start clients by the thousand.
//
// Threads:  the port's worker only.
// Owner:    of the buffers; they are made when a receive first needs them.
// Lifetime: as CompletionPort.
// Errors:   as CompletionPort; -ENOMEM where a buffer cannot be had.
#ifndef HPSOCKET_CORE_IO_URING_SOLO_RECEIVER_H_
#define HPSOCKET_CORE_IO_URING_SOLO_RECEIVER_H_

#include <cstdint>
#include <vector>

#include "hpsocket/core/io/completion_port.h"
#include "hpsocket/core/io/operation.h"
#include "hpsocket/core/io/operation_queue.h"
#include "hpsocket/core/io/shared_buffers.h"
#include "hpsocket/core/io/uring_ring.h"

namespace hpsocket::core {

class UringSoloReceiver {
 public:
  // `ring` and `stats` outlive the receiver.
  UringSoloReceiver(UringRing& ring, const PortOptions& options, PortStats& stats);
  UringSoloReceiver(const UringSoloReceiver&) = delete;
  UringSoloReceiver& operator=(const UringSoloReceiver&) = delete;

  void Start(ReceiveOperation& operation);
  void Cancel(ReceiveOperation& operation);

  // The completion of `operation`'s receive. Calls handlers.
  void Complete(ReceiveOperation& operation, int result, unsigned flags);

  // Whether the next round has to come without waiting for the kernel.
  bool has_work() const { return !without_buffer_.empty(); }
  // Ends operations that found no buffer.
  void TellEnded();

  uint64_t buffer_bytes() const { return buffers_.bytes(); }
  uint64_t leases() const { return buffers_.leased(); }

 private:
  // A receive in the kernel and where it puts its bytes. As a rule there is one.
  struct Armed {
    ReceiveOperation* operation;
    ReceiveBuffer* buffer;
  };

  void Arm(ReceiveOperation& operation, bool more_waiting);
  ReceiveBuffer& Disarm(ReceiveOperation& operation);
  void End(ReceiveOperation& operation, int result);

  UringRing& ring_;
  PortStats& stats_;
  SharedBuffers buffers_;
  std::vector<Armed> armed_;  // has room for as many as there are buffers
  OperationQueue without_buffer_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_URING_SOLO_RECEIVER_H_
