// Internal to core.
//
// The units in flight. An Operation is embedded in whoever waits for it, is submitted to a
// CompletionPort, and is told what became of it. Operations of one descriptor share a PortSocket,
// which is all that a port needs to know of the descriptor.
//
// Threads:  the port's worker only.
// Owner:    embedded in its user; never allocated by a port.
// Lifetime: an Operation and its PortSocket stay where they are until the operation has ended
//           (`in_flight()` is false); Cancel() only hurries that.
// Order:    per operation as written at its methods; nothing is promised across operations.
// Errors:   once, as a negative errno in the ending call.
#ifndef HPSOCKET_CORE_IO_OPERATION_H_
#define HPSOCKET_CORE_IO_OPERATION_H_

#include <cstdint>

#include "hpsocket/core/base/check.h"
#include "hpsocket/core/memory/receive_buffer.h"
#include "hpsocket/core/net/address.h"

namespace hpsocket::core {

class AcceptOperation;
class ConnectOperation;
class ReceiveOperation;
class SendOperation;
class ReadinessOperation;

// One descriptor as a port sees it. The owner sets `fd` and leaves the rest to the port, which
// has to be told by CompletionPort::Close() before the descriptor goes away.
struct PortSocket {
  int fd = -1;
  uint32_t port_bits = 0;               // EpollPort: the events asked for
  ReceiveOperation* receive = nullptr;  // in flight, or null
  SendOperation* send = nullptr;        // in flight, or null
};

// A descriptor whose system calls the user makes himself, many datagrams at a time: ports only say when.
// Several ports may know the same descriptor, each by a PolledSocket of its own.
struct PolledSocket : PortSocket {
  ReadinessOperation* reader = nullptr;  // in flight, or null
  ReadinessOperation* writer = nullptr;  // in flight, or null
};

// Aligned so that an io_uring request can carry its kind in the low bits of the address (uring_request.h).
class alignas(8) Operation {
 public:
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  bool in_flight() const { return in_flight_; }
  bool cancelled() const { return cancelled_; }

  // For ports. What a port keeps about an operation in flight.
  void PortBegin() {
    HP_CHECK(!in_flight_);
    in_flight_ = true;
    cancelled_ = false;
  }
  void PortEnd() { in_flight_ = false; }
  void PortMarkCancelled() { cancelled_ = true; }
  Operation* port_next = nullptr;  // a port's own queue
  uint8_t port_state = 0;          // a port's own meaning
  uint8_t port_count = 0;
  bool port_queued = false;
  uint16_t port_round = 0;  // a port's own round that port_count belongs to

 protected:
  Operation() = default;
  ~Operation() { HP_CHECK(!in_flight_); }

 private:
  bool in_flight_ = false;
  bool cancelled_ = false;
};

// Accepts connections until it ends. The descriptors are non-blocking and close-on-exec and belong
// to the callee.
class AcceptOperation : public Operation {
 public:
  // `peer` is invalid where the port was not told it (ask Network::PeerAddress).
  virtual void HandleAccepted(int fd, const Address& peer) = 0;
  // -ECANCELED after Cancel(); any other errno stopped accepting (EMFILE, ENFILE, ENOMEM, ENOBUFS,
  // ...): submit again when it may have passed. Errors of a single peer (ECONNABORTED, EPROTO, ...)
  // are counted by the port and do not end the operation.
  virtual void HandleAcceptEnded(int result) = 0;

  PortSocket* socket = nullptr;
  uint32_t batch = 300;  // connections taken per completion round before other work goes on

 protected:
  ~AcceptOperation() = default;
};

class ConnectOperation : public Operation {
 public:
  // 0, or -errno (-ECANCELED after Cancel(), unless it ended by itself first).
  virtual void HandleConnected(int result) = 0;

  PortSocket* socket = nullptr;
  Address address;  // set before submitting; unchanged while in flight

 protected:
  ~ConnectOperation() = default;
};

// Receives until it ends: any number of HandleReceived(), then one HandleReceiveEnded().
class ReceiveOperation : public Operation {
 public:
  // `length` >= 1 bytes at `buffer.data() + offset`, in stream order. They may be read, and leased
  // by buffer.AddLease(), during the call. The callee may Cancel() this operation inside it: what
  // was already received may still be delivered before the end.
  virtual void HandleReceived(ReceiveBuffer& buffer, uint32_t offset, uint32_t length) = 0;
  // 0: the peer has ended its direction and everything before was delivered. -ECANCELED after
  // Cancel(): nothing is lost, Receive() again goes on with the next byte. Else -errno.
  virtual void HandleReceiveEnded(int result) = 0;

  PortSocket* socket = nullptr;

 protected:
  ~ReceiveOperation() = default;
};

// Sends once. What was sent may be less than what was given; the user sends the rest.
class SendOperation : public Operation {
 public:
  // Bytes that left (also after Cancel(): what left before it took effect; 0: try again), or
  // -errno when none left (-ECANCELED after Cancel()).
  virtual void HandleSent(int64_t result) = 0;

  PortSocket* socket = nullptr;

 protected:
  ~SendOperation() = default;
};

// Waits until a descriptor can be read, or written, once.
class ReadinessOperation : public Operation {
 public:
  // 0: it can, or has failed (the call will say), or it is worth another look; -ECANCELED after Cancel();
  // else -errno.
  virtual void HandleReady(int result) = 0;

  PolledSocket* socket = nullptr;
  bool to_write = false;  // set before submitting

 protected:
  ~ReadinessOperation() = default;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_OPERATION_H_
