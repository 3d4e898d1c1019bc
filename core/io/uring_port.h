// Internal to core.
//
// The CompletionPort on io_uring. Everything that a round submits, sends and closes included, reaches
// the kernel with the one system call that also waits for the next completions.
//
// Threads:  as CompletionPort; Open(), everything else and the destructor on one thread, because the
//           kernel lets only the ring's creator use it.
// Owner:    as CompletionPort.
// Lifetime: as CompletionPort. What an operation points to belongs to the kernel until its last
//           completion, so an operation ends with that and with nothing else.
// Order:    as CompletionPort.
// Errors:   as CompletionPort.
#ifndef HPSOCKET_CORE_IO_URING_PORT_H_
#define HPSOCKET_CORE_IO_URING_PORT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "hpsocket/core/io/completion_port.h"
#include "hpsocket/core/io/gather_arena.h"
#include "hpsocket/core/io/uring_acceptor.h"
#include "hpsocket/core/io/uring_receiver.h"
#include "hpsocket/core/io/uring_ring.h"
#include "hpsocket/core/io/uring_solo_receiver.h"
#include "hpsocket/core/io/wakeup.h"

namespace hpsocket::core {

class UringPort final : public CompletionPort {
 public:
  UringPort() = default;
  // With queues of another size than Open() would choose. Tests only.
  explicit UringPort(const UringRing::Options& ring_options) : ring_options_(ring_options) {}
  ~UringPort() override;

  int Open(const PortOptions& options, std::string* why) override;

  void Accept(AcceptOperation& operation) override;
  void Connect(ConnectOperation& operation) override;
  void Receive(ReceiveOperation& operation) override;
  int64_t Send(SendOperation& operation, const iovec* pieces, int count) override;
  bool SendsAtOnce() const override { return false; }

  void Cancel(AcceptOperation& operation) override;
  void Cancel(ConnectOperation& operation) override;
  void Cancel(ReceiveOperation& operation) override;
  void Cancel(SendOperation& operation) override;

  void AwaitReady(ReadinessOperation& operation) override;
  void Cancel(ReadinessOperation& operation) override;
  void Forget(PolledSocket& socket) override;

  void Close(PortSocket& socket) override;

  void RunOnce(TimePoint deadline) override;
  bool Wake() override { return wakeup_.Notify(); }

  const char* name() const override { return "io_uring"; }
  PortStats stats() const override;

  // For tests; null for a client's port.
  const UringReceiver* receiver() const { return receiver_ ? &*receiver_ : nullptr; }

 private:
  void ArmWakeup();
  bool HasWork() const;
  void EnterKernel(TimePoint deadline);
  bool SpinForNews(TimePoint deadline);
  void Dispatch(uint64_t tag, int result, unsigned flags);
  void CompleteConnect(ConnectOperation& operation, int result);
  void CompleteSend(SendOperation& operation, int result);
  void CompleteReadiness(ReadinessOperation& operation, int result);

  std::optional<UringRing::Options> ring_options_;
  PortOptions options_;
  PortStats stats_;
  Wakeup wakeup_;
  // Before the ring, whose queued requests may name it.
  GatherArena gather_lists_;
  UringRing ring_;
  UringAcceptor acceptor_{ring_, stats_};
  // One of the two, from Open() on.
  std::optional<UringReceiver> receiver_;
  std::optional<UringSoloReceiver> solo_receiver_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_URING_PORT_H_
