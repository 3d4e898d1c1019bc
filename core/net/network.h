// Internal to core.
//
// The socket calls that need no completion: making, naming, asking and configuring sockets, and the
// few non-blocking calls that the calling thread does itself. The system's network is the kernel;
// the simulated world brings its own.
//
// Threads:  any.
// Errors:   every method that returns int gives a negative errno on failure.
#ifndef HPSOCKET_CORE_NET_NETWORK_H_
#define HPSOCKET_CORE_NET_NETWORK_H_

#include <sys/uio.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "hpsocket/core/base/clock.h"
#include "hpsocket/core/net/address.h"
#include "hpsocket/core/net/receive_batch.h"
#include "hpsocket/core/net/send_batch.h"

namespace hpsocket::core {

// What a thread that waits in Network::AwaitConnect can be called back with, from any thread.
class ConnectCanceller {
 public:
  ConnectCanceller() = default;
  ConnectCanceller(const ConnectCanceller&) = delete;
  ConnectCanceller& operator=(const ConnectCanceller&) = delete;
  ~ConnectCanceller();

  void Cancel();
  bool cancelled() const { return cancelled_.load(std::memory_order_seq_cst); }
  // By the thread that is about to wait: becomes readable on Cancel(); -1 where descriptors ran out (it then
  // looks every 10 ms). Made when it is first asked for, since most connects wait for nothing here.
  int wake_fd();

 private:
  std::atomic<bool> cancelled_{false};
  std::atomic<int> wake_fd_{-1};
};

class Network {
 public:
  virtual ~Network() = default;

  // A non-blocking, close-on-exec TCP socket. The descriptor, or -errno.
  virtual int OpenStream(int family) = 0;
  virtual void Close(int fd) = 0;
  virtual int Bind(int fd, const Address& address) = 0;
  virtual int Listen(int fd, int backlog) = 0;
  virtual int LocalAddress(int fd, Address* out) = 0;
  virtual int PeerAddress(int fd, Address* out) = 0;
  virtual int SetOption(int fd, int level, int name, int value) = 0;
  // What the kernel has found out about the socket and nobody was told (SO_ERROR): 0, or -errno, once.
  virtual int TakeError(int fd) = 0;
  // SO_LINGER 0: the next close resets the connection.
  virtual int SetAbortOnClose(int fd) = 0;
  virtual int ShutdownWrite(int fd) = 0;
  // Both directions: wakes whoever waits on the socket, as the first step of a close.
  virtual int ShutdownBoth(int fd) = 0;

  // Connects in the calling thread: 0, -errno, -ETIMEDOUT at `deadline`, -ECANCELED when cancelled.
  virtual int ConnectAndAwait(int fd, const Address& address, TimePoint deadline,
                              ConnectCanceller& canceller) = 0;

  // Sends what the kernel takes at once: bytes, or -errno (-EAGAIN: nothing). Raises no SIGPIPE.
  virtual int64_t SendNow(int fd, const iovec* pieces, int count) = 0;

  // --- Datagrams ---

  // A non-blocking, close-on-exec UDP socket. The descriptor, or -errno.
  virtual int OpenDatagram(int family) = 0;
  // Names the destination, and the only source that is heard. Never waits.
  virtual int ConnectDatagram(int fd, const Address& address) = 0;
  // Takes what has arrived, at most the batch's capacity: how many slots are filled, or -errno (-EAGAIN:
  // nothing).
  virtual int ReceiveDatagrams(int fd, ReceiveBatch& batch) = 0;
  // Sends what the kernel takes at once, in order: how many have left (>= 1), or -errno of the first.
  virtual int SendDatagrams(int fd, const OutgoingDatagram* datagrams, int count, SendBatch& batch) = 0;
  // One, by the calling thread: 0 or -errno (-EAGAIN: not now).
  virtual int SendDatagramNow(int fd, const OutgoingDatagram& datagram) = 0;
  // `local` names the interface (a wildcard: the system's choice), and what comes in by another is not heard;
  // `source` may be invalid: any.
  virtual int JoinGroup(int fd, const Address& group, const Address& local, const Address& source) = 0;
  // Multicast leaves by the interface that `local` names; all else, too, where `everything`.
  virtual int SetSendInterface(int fd, const Address& local, bool everything) = 0;
  // Datagrams that found the receive buffer full, since the socket was made: the low 32 bits of their number,
  // or -errno.
  virtual int64_t ReceiveDrops(int fd) = 0;

  virtual int Resolve(const std::string& name, uint16_t port, std::vector<Address>* out,
                      std::string* detail) = 0;

  // The kernel's.
  static Network& System();
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_NET_NETWORK_H_
