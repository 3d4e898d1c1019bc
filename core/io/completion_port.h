// Internal to core.
//
// A CompletionPort turns submitted Operations into ended ones: the role that IOCP plays in the
// document. It is the only place in the tree that knows how the kernel reports I/O. UringPort and
// EpollPort are equal citizens; FakePort is the simulated world's. All three pass
// port_contract_suite.
//
// Threads:  one worker thread calls everything except Wake(), which any thread may call. The
//           constructor may run elsewhere; Open() runs on the worker thread.
// Owner:    the worker owns the port; the port owns no Operation and no descriptor.
// Lifetime: destroy it with no operation in flight and no lease out.
// Order:    handlers run inside RunOnce() only, never inside a submitting call. Per connection and
//           direction, completions come in submission order; across, nothing is promised.
// Errors:   submitting cannot fail; what goes wrong is the operation's end.
// Units:    bytes; deadlines on the monotonic clock.
#ifndef HPSOCKET_CORE_IO_COMPLETION_PORT_H_
#define HPSOCKET_CORE_IO_COMPLETION_PORT_H_

#include <sys/uio.h>

#include <cstdint>
#include <string>

#include "hpsocket/core/base/clock.h"
#include "hpsocket/core/io/operation.h"

namespace hpsocket::core {

struct PortOptions {
  // Receive buffers. A port of a client (`single_socket`) keeps no ring and no large group.
  bool single_socket = false;
  uint32_t small_buffer_size = 4096;
  uint32_t small_buffer_count = 1024;
  uint32_t large_buffer_size = 256 * 1024;
  uint32_t large_buffer_count = 8;
  // How many ports the component has. The kernel counts their queues together against a limit
  // (RLIMIT_MEMLOCK), so where there are many each has smaller ones.
  uint32_t component_ports = 1;
  // Spin this long before blocking (SetBusyPoll); zero: block at once.
  Duration busy_poll{0};
};

struct PortStats {
  uint64_t receive_calls = 0;  // receive completions or system calls
  uint64_t send_calls = 0;
  uint64_t accept_errors = 0;     // errors that cost one peer its connection, or ended an accept
  uint64_t buffer_shortages = 0;  // a receive had to wait for a buffer
  uint64_t cq_overflows = 0;
  uint64_t buffer_bytes = 0;  // memory that receive buffers hold
  uint64_t leases = 0;        // receive buffers kept by sends and pauses
};

class CompletionPort {
 public:
  virtual ~CompletionPort() = default;

  // Acquires what the port needs from the kernel. 0, or -errno with the cause in `*why`.
  virtual int Open(const PortOptions& options, std::string* why) = 0;

  // Starts the operation. In flight until its ending handler is called.
  virtual void Accept(AcceptOperation& operation) = 0;
  virtual void Connect(ConnectOperation& operation) = 0;
  virtual void Receive(ReceiveOperation& operation) = 0;

  // Result of a Send() that is in flight: HandleSent() will be called.
  static constexpr int64_t kPending = INT64_MIN;

  // Sends a gather list: kPending, or at once the result that HandleSent() would have had, which is
  // then not called (bytes >= 1, or -errno). `pieces` itself is read during the call only; the bytes
  // that it points to stay untouched until the end. At most one send per socket is in flight.
  virtual int64_t Send(SendOperation& operation, const iovec* pieces, int count) = 0;

  // Whether Send() usually ends at once (epoll). The user then sends right after each callback,
  // while the receive buffer is hot and free again; else once per round.
  virtual bool SendsAtOnce() const = 0;

  // Asks operations to end soon; each still ends through its handler, with its own result if that
  // came first. No effect on an operation that is not in flight.
  virtual void Cancel(AcceptOperation& operation) = 0;
  virtual void Cancel(ConnectOperation& operation) = 0;
  virtual void Cancel(ReceiveOperation& operation) = 0;
  virtual void Cancel(SendOperation& operation) = 0;

  // Closes the descriptor and forgets the socket (fd becomes -1). Nothing may be in flight on it.
  // The kernel may finish the close during the next RunOnce().
  virtual void Close(PortSocket& socket) = 0;

  // Datagram sockets. Their batches are the user's own calls (Network::ReceiveDatagrams, SendDatagrams):
  // one poll and recvmmsg per batch cost less than a completion per datagram. At most one operation
  // per PolledSocket and direction is in flight.
  virtual void AwaitReady(ReadinessOperation& operation) = 0;
  virtual void Cancel(ReadinessOperation& operation) = 0;
  // Forgets the socket, which stays open and whose fd becomes -1. Nothing may be in flight on it here.
  virtual void Forget(PolledSocket& socket) = 0;

  // One round: hands what was submitted to the kernel, waits until something ended, Wake() was
  // called or `deadline` passed (kAtOnce: does not wait), then calls the handlers of what has ended.
  virtual void RunOnce(TimePoint deadline) = 0;

  // Makes a RunOnce() that waits, or the next one that would, return. Any thread; never blocks;
  // remembered until a RunOnce() has seen it. True: it was waiting; false: it is awake, in handlers that may
  // take their time, or somebody else has woken it already.
  virtual bool Wake() = 0;

  // "io_uring", "epoll", "simulated".
  virtual const char* name() const = 0;
  virtual PortStats stats() const = 0;  // the worker's thread
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_COMPLETION_PORT_H_
