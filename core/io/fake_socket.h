// Internal to core. Tests only.
//
// One socket of the simulated kernel: what the kernel remembers of it. FakeKernel has the rules.
//
// Threads:  the world's one thread.
// Owner:    FakeKernel. A closed socket lives on without a descriptor until its bytes and its FIN
//           have gone.
#ifndef HPSOCKET_CORE_IO_FAKE_SOCKET_H_
#define HPSOCKET_CORE_IO_FAKE_SOCKET_H_

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "hpsocket/core/net/address.h"

namespace hpsocket::core {

// The port that a socket was given to.
class FakeSocketWatcher {
 public:
  // Something about the socket has changed that may let an operation go on. Runs no handler.
  virtual void HandleSocketChange(int fd) = 0;
  virtual bool SendInFlight(int fd) const = 0;

 protected:
  ~FakeSocketWatcher() = default;
};

class ByteQueue {
 public:
  size_t size() const { return bytes_.size() - head_; }
  bool empty() const { return size() == 0; }

  void Append(const uint8_t* data, size_t length) {
    bytes_.append(reinterpret_cast<const char*>(data), length);
  }

  size_t Take(uint8_t* out, size_t length) {
    length = std::min(length, size());
    if (length > 0) std::memcpy(out, bytes_.data() + head_, length);
    Drop(length);
    return length;
  }

  // Moves the first `length` bytes to the end of `other`.
  void MoveTo(ByteQueue& other, size_t length) {
    other.bytes_.append(bytes_, head_, length);
    Drop(length);
  }

  void Clear() {
    bytes_.clear();
    head_ = 0;
  }

 private:
  void Drop(size_t length) {
    head_ += length;
    if (head_ == bytes_.size()) {
      Clear();
    } else if (head_ > 64 * 1024) {
      bytes_.erase(0, head_);
      head_ = 0;
    }
  }

  std::string bytes_;
  size_t head_ = 0;
};

struct FakeDatagram {
  Address from;
  Address to;  // of the host that hears it, without a port
  std::string bytes;
};

struct FakeSocket {
  enum class State {
    kFresh,  // neither listening nor connected; also after a connect that failed
    kListening,
    kConnecting,
    kEstablished,  // half-closed included
    kDead,         // was established; reset, timed out or aborted
  };

  uint64_t id = 0;
  int fd = -1;  // -1: not accepted yet, or closed
  int family = 0;
  bool of_peer = false;  // the test's side: no errors are injected, descriptors are not limited
  bool closed = false;
  State state = State::kFresh;

  Address local;  // of the socket's family; invalid until bound
  Address remote_address;
  std::map<std::pair<int, int>, int> options;
  bool abort_on_close = false;
  FakeSocketWatcher* watcher = nullptr;  // the port that has had operations on it, until its Close()

  // Datagram sockets only: they stay kFresh, or are kEstablished once connected.
  bool datagram = false;
  std::vector<FakeSocketWatcher*> datagram_watchers;
  std::deque<FakeDatagram> datagrams;
  size_t datagram_bytes = 0;
  uint64_t datagram_drops = 0;
  struct Membership {
    Address group;
    Address source;  // not valid: any
  };
  std::vector<Membership> memberships;
  bool full = false;                // takes nothing to send at the moment
  bool told_refusal = false;        // the last time that it was asked
  bool has_send_interface = false;  // for all that it sends

  // Listening.
  size_t backlog = 0;
  std::deque<uint64_t> accept_queue;

  // Connecting.
  int connect_result = 0;  // of the last attempt, negative errno

  // Established.
  uint64_t remote = 0;      // the other end's id; 0: gone
  ByteQueue send_queue;     // taken from the program, not yet at the other end
  ByteQueue receive_queue;  // arrived, not yet taken by the program
  size_t send_capacity = 0;
  size_t receive_capacity = 0;
  bool transfer_scheduled = false;
  bool fin_queued = false;  // this end writes no more
  bool fin_sent = false;    // and the other end knows
  bool fin_received = false;
  bool read_shutdown = false;
  bool silent = false;    // nothing passes in either direction
  uint32_t silences = 0;  // how many times that began
  int error = 0;          // SO_ERROR, positive; told once

  int option(int level, int name, int otherwise) const {
    const auto found = options.find({level, name});
    return found == options.end() ? otherwise : found->second;
  }
  bool reuse_address() const { return option(SOL_SOCKET, SO_REUSEADDR, 0) != 0; }
  bool v6_only() const { return family == AF_INET6 && option(IPPROTO_IPV6, IPV6_V6ONLY, 0) != 0; }
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_FAKE_SOCKET_H_
