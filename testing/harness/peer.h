// Internal to testing.
//
// The other side of a connection, as a test sees it: the oracle against which a component is judged.
// It is written without any code of the library.
//
// Threads:  one at a time per object; Send on one thread and Receive on another is fine.
// Order:    every call blocks until it is done or its deadline has passed.
// Errors:   told by results, never by exceptions.
#ifndef HPSOCKET_TESTING_HARNESS_PEER_H_
#define HPSOCKET_TESTING_HARNESS_PEER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "hpsocket/testing/harness/deadline.h"

namespace hpsocket::harness {

// How the stream from the other side ended.
enum class StreamEnd {
  kOpen,     // it has not; the deadline came first
  kOrderly,  // FIN
  kReset,    // RST
};

struct PeerOptions {
  int receive_buffer = 0;  // SO_RCVBUF, set before connecting or accepting; 0 leaves the system's
};

struct PeerListenOptions {
  std::string address = "127.0.0.1";
  uint16_t port = 0;
  // The kernel drops whatever arrives, so that a connect to it neither succeeds nor fails.
  bool silent = false;
  PeerOptions accepted;
};

class Peer {
 public:
  // Closes; in order unless bytes were left unread.
  virtual ~Peer() = default;

  // False when not all of it could be handed over.
  virtual bool Send(std::string_view bytes, Deadline deadline = Deadline::Patient()) = 0;
  // `count` bytes, or fewer when the stream ended or the deadline passed.
  virtual std::string Receive(size_t count, Deadline deadline = Deadline::Patient()) = 0;
  // Everything up to the end of the stream.
  virtual std::string ReceiveToEnd(StreamEnd* end, Deadline deadline = Deadline::Patient()) = 0;

  // Nothing more is sent (FIN); receiving goes on.
  virtual void HalfClose() = 0;
  virtual void Close() = 0;
  // Closes with a reset (RST).
  virtual void Reset() = 0;
  // From now on nothing that comes from the other side arrives, and nothing is answered, as if this
  // machine had been unplugged. False where that cannot be done.
  virtual bool Vanish() { return false; }
  // A router says that this host cannot be reached, which is no end: TCP goes on trying. False where that
  // cannot be done.
  virtual bool SeemUnreachable() { return false; }

  virtual uint16_t local_port() const = 0;
  virtual uint16_t remote_port() const = 0;

  // How the stream ends, whatever comes before.
  StreamEnd AwaitEnd(Deadline deadline = Deadline::Patient()) {
    StreamEnd end = StreamEnd::kOpen;
    ReceiveToEnd(&end, deadline);
    return end;
  }
};

class PeerListener {
 public:
  virtual ~PeerListener() = default;

  virtual uint16_t port() const = 0;
  // Null when nobody came.
  virtual std::unique_ptr<Peer> Accept(Deadline deadline = Deadline::Patient()) = 0;
};

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_PEER_H_
