// Internal to core.
//
// How a UringPort receives for many sockets that share buffers. Everybody starts in the small group,
// with one multishot receive that lasts. Who fills several small buffers in a round moves to the
// large group, one receive at a time, and comes back when what it reads has become small again. Who
// finds a group empty waits in that group's line.
//
//   mode (Operation::port_state) | what is in the kernel           | left when
//   -----------------------------+---------------------------------+---------------------------------------
//   kSmall                       | multishot, small group          | it fills kManyFull buffers in a round
//   kLeavingSmall                | the same, and its cancel        | its last completion came
//   kSmallOnce                   | one receive, small group        | it completed: to kSmall, or into line
//   kLarge                       | one receive, large group        | kManyShort short reads in a row
//   kWaitingSmall, kWaitingLarge | nothing; in line                | the group has buffers again
//
// Lines are fair: who stands in line is served before the kernel serves others, gets one receive, and
// as long as others wait goes to the end of the line again.
//
// Threads:  the port's worker only.
// Owner:    of the buffer groups; the large one is made when it is first needed.
// Lifetime: as CompletionPort.
// Order:    one receive of a socket at a time: the next is submitted after the last completion.
// Errors:   as CompletionPort.
#ifndef HPSOCKET_CORE_IO_URING_RECEIVER_H_
#define HPSOCKET_CORE_IO_URING_RECEIVER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "hpsocket/core/io/buffer_ring.h"
#include "hpsocket/core/io/completion_port.h"
#include "hpsocket/core/io/operation.h"
#include "hpsocket/core/io/operation_queue.h"
#include "hpsocket/core/io/uring_ring.h"

namespace hpsocket::core {

class UringReceiver {
 public:
  static constexpr uint8_t kManyFull = 4;
  // A read is short that kManyFull small buffers would have held.
  static constexpr uint8_t kManyShort = 8;

  // `ring` and `stats` outlive the receiver.
  UringReceiver(UringRing& ring, const PortOptions& options, PortStats& stats);
  UringReceiver(const UringReceiver&) = delete;
  UringReceiver& operator=(const UringReceiver&) = delete;

  // 0, or -errno with the cause in `*why`.
  int Open(std::string* why);

  void Start(ReceiveOperation& operation);
  void Cancel(ReceiveOperation& operation);

  // A completion of `operation`'s receive. Calls handlers.
  void Complete(ReceiveOperation& operation, int result, unsigned flags);

  // Before each entry into the kernel: gives buffers back and serves the lines.
  void Replenish();

  // Whether the next round has to come without waiting for the kernel: somebody was cancelled in line,
  // or stands in a line that can be served further (who was served may have had nothing to receive).
  bool has_work() const;
  // Ends operations that were cancelled while they stood in line.
  void TellEnded();

  uint64_t buffer_bytes() const;
  uint64_t leases() const;
  // For tests.
  bool in_large_group(const ReceiveOperation& operation) const;

 private:
  enum Mode : uint8_t { kSmall, kLeavingSmall, kSmallOnce, kLarge, kWaitingSmall, kWaitingLarge };

  bool CountFull(ReceiveOperation& operation, uint32_t length);
  void CountShort(ReceiveOperation& operation, uint32_t length);
  void Settle(ReceiveOperation& operation, int result, unsigned flags);
  void GoOn(ReceiveOperation& operation, bool more_waiting);
  void ArmSmall(ReceiveOperation& operation);
  void ArmOnce(ReceiveOperation& operation, BufferRing& group, Mode mode, bool more_waiting);
  void ArmLarge(ReceiveOperation& operation, bool more_waiting);
  void StandInLine(ReceiveOperation& operation, Mode mode);
  void Serve(OperationQueue& line, BufferRing& group, Mode mode);
  void TakeCancelledOutOf(OperationQueue& line);
  bool OpenLarge();
  void End(ReceiveOperation& operation, int result);

  UringRing& ring_;
  const PortOptions options_;
  PortStats& stats_;

  BufferRing small_;
  std::unique_ptr<BufferRing> large_;  // null until needed
  bool large_allowed_;
  uint16_t round_ = 0;

  OperationQueue small_line_;
  OperationQueue large_line_;
  OperationQueue ended_;
  bool cancelled_in_line_ = false;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_URING_RECEIVER_H_
