// Internal to core.
//
// The CompletionPort on epoll. Level-triggered, one set per port, no system call per message but
// the receive and the send themselves:
//   - a socket enters the set with its first operation and keeps its interest while it is used;
//     interest is widened when an operation needs it and narrowed when an event came that nobody
//     wanted, so pausing and resuming cost nothing while nothing arrives;
//   - an event is one receive into one hot large buffer that all sockets share, never a second one
//     to be told EAGAIN;
//   - a send is done at once; only what the kernel does not take waits for EPOLLOUT.
//
// Threads:  as CompletionPort.
// Owner:    as CompletionPort.
// Lifetime: what ends is told in RunOnce() after all events of its batch, so an operation that an
//           event speaks of is alive; sockets can be closed in between, and Close() strikes their
//           events out.
// Errors:   as CompletionPort.
#ifndef HPSOCKET_CORE_IO_EPOLL_PORT_H_
#define HPSOCKET_CORE_IO_EPOLL_PORT_H_

#include <sys/epoll.h>

#include <array>
#include <memory>
#include <string>

#include "hpsocket/core/io/completion_port.h"
#include "hpsocket/core/io/epoll_set.h"
#include "hpsocket/core/io/operation_queue.h"
#include "hpsocket/core/io/shared_buffers.h"
#include "hpsocket/core/io/wakeup.h"
#include "hpsocket/core/net/network.h"

namespace hpsocket::core {

class EpollPort final : public CompletionPort {
 public:
  EpollPort() = default;
  ~EpollPort() override;

  int Open(const PortOptions& options, std::string* why) override;

  void Accept(AcceptOperation& operation) override;
  void Connect(ConnectOperation& operation) override;
  void Receive(ReceiveOperation& operation) override;
  int64_t Send(SendOperation& operation, const iovec* pieces, int count) override;
  bool SendsAtOnce() const override { return true; }

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

  const char* name() const override { return "epoll"; }
  PortStats stats() const override;

 private:
  static constexpr int kBatch = 256;

  // The set has `event` of the socket, too; or only what its operations want.
  int Widen(PortSocket& socket, uint32_t event);
  void Narrow(PortSocket& socket);

  // Waits for events and leaves them in `events_`.
  void Wait(TimePoint deadline);
  bool Spin(TimePoint deadline);

  void HandleEvent(uint64_t whom, uint32_t events);
  void HandleAcceptable(AcceptOperation& operation);
  void HandleConnectResult(ConnectOperation& operation);
  void HandleSocketEvent(PortSocket& socket, uint32_t events);
  void HandlePolledEvent(PolledSocket& socket, uint32_t events);
  void ReceiveFrom(PortSocket& socket);
  void EndReceive(PortSocket& socket, int result);

  // Ends that come from the port itself: told in the next round.
  void EndLater(Operation& operation, uint8_t kind, int result);
  void TellEnds();
  void ResumeParked();
  bool has_ready_work() const { return !ending_.empty() || (!parked_.empty() && buffers_->available()); }

  Network& network_ = Network::System();
  EpollSet set_;
  Duration busy_poll_{0};
  Wakeup wakeup_;
  std::unique_ptr<SharedBuffers> buffers_;

  OperationQueue ending_;
  OperationQueue parked_;  // receives that wait for a buffer, first come first served

  std::array<epoll_event, kBatch> events_;
  int next_event_ = 0;
  int event_count_ = 0;
  PortSocket* current_ = nullptr;  // whose event is being handled; null once it was closed
  PortStats stats_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_EPOLL_PORT_H_
