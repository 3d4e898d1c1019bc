// Internal to core. Tests only.
//
// The simulated kernel's TCP: sockets, names, byte streams with bounded buffers, FIN, RST, silence,
// and the packets under way. It behaves as Linux does, in virtual time; nothing in it fails unless
// Linux would fail too (FakeNetwork and FakePort inject the errors).
//
// Threads:  the world's one thread.
// Errors:   negative errnos. A descriptor that does not exist is a bug of the caller: fatal.
// Units:    bytes, virtual time.
#ifndef HPSOCKET_CORE_IO_FAKE_KERNEL_H_
#define HPSOCKET_CORE_IO_FAKE_KERNEL_H_

#include <sys/uio.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "hpsocket/core/io/fake_clock.h"
#include "hpsocket/core/io/fake_faults.h"
#include "hpsocket/core/io/fake_socket.h"
#include "hpsocket/core/io/fake_trace.h"

namespace hpsocket::core {

class FakeKernel {
 public:
  // Descriptors of the program under test and of the test's own peers; no real one is that large.
  static constexpr int kFirstDescriptor = 1 << 24;
  static constexpr int kFirstPeerDescriptor = 1 << 25;

  FakeKernel(FakeClock& clock, FakeFaults& faults, FakeTrace& trace);
  FakeKernel(const FakeKernel&) = delete;
  FakeKernel& operator=(const FakeKernel&) = delete;
  ~FakeKernel();

  // --- Sockets ---
  int NewSocket(int family, bool of_peer);
  void Close(int fd);
  int Bind(int fd, const Address& address);
  int Listen(int fd, int backlog);
  int LocalAddress(int fd, Address* out);
  int PeerAddress(int fd, Address* out);
  int SetOption(int fd, int level, int name, int value);
  int TakeError(int fd);  // positive; 0: none
  void SetAbortOnClose(int fd) { Get(fd).abort_on_close = true; }
  int ShutdownWrite(int fd);
  int ShutdownBoth(int fd);

  // --- Connecting ---
  // 0: under way.
  int StartConnect(int fd, const Address& address);
  // 0, -EINPROGRESS, or why it failed.
  int ConnectResult(int fd) const;
  // Makes `result`, which StartConnect() gave, what ConnectResult() gives.
  void RememberConnectResult(int fd, int result);

  // --- Accepting ---
  bool Acceptable(int fd) const;
  // The descriptor; -EAGAIN, -EMFILE; -EINVAL when the socket does not listen any more.
  int Accept(int fd, Address* peer);
  // Resets the connection that is first in the queue, if there is one.
  void DropFirstQueued(int fd);

  // --- Bytes ---
  bool Readable(int fd) const;  // Read() would not give -EAGAIN
  bool Writable(int fd) const;
  size_t ReadableBytes(int fd) const { return Get(fd).receive_queue.size(); }
  size_t UnsentBytes(int fd) const { return Get(fd).send_queue.size(); }
  // Bytes, 0 at the end, or a negative errno.
  int64_t Read(int fd, uint8_t* out, size_t length);
  // Takes at most `limit` bytes.
  int64_t Write(int fd, const iovec* pieces, int count, size_t limit);

  // --- Datagrams (fake_kernel_datagrams.cc) ---
  int NewDatagramSocket(int family, bool of_peer);
  // Names the destination, and the only source that is heard.
  int ConnectDatagram(int fd, const Address& address);
  // One datagram; to where the socket is connected when `to` is null, and from where it is bound, or this
  // host likes, when `from` is. 0, or a negative errno. What the options lose is lost here.
  int SendDatagram(int fd, const Address* to, const uint8_t* data, size_t length,
                   const Address* from = nullptr);
  // False: nothing is there.
  bool ReceiveDatagram(int fd, FakeDatagram* out);
  // UDP_GRO is set.
  bool MergesDatagrams(int fd) const;
  // A LocalAddressOption is.
  bool TellsLocalAddress(int fd) const;
  int JoinGroup(int fd, const Address& group, const Address& local, const Address& source);
  int SetSendInterface(int fd, const Address& local, bool everything);
  uint64_t DatagramDrops(int fd) const { return Get(fd).datagram_drops; }
  // As if so many more had found the receive buffer full.
  void AddDatagramDrops(int fd, uint64_t count) { Get(fd).datagram_drops += count; }
  // What ICMP has said of an earlier datagram, told once in place of the call's result.
  bool TellsRefusal(int fd);
  // As a queue on the way out that is full: while it is, the program's datagram sockets take nothing.
  void HoldDatagrams(bool hold);

  // --- What tests do to the network ---
  // The connection of `fd` breaks: both ends find ECONNRESET, or this one finds `error`.
  void Break(int fd, int error);
  // Nothing passes any more in either direction, or again.
  void SetSilent(int fd, bool silent);
  // Nobody answers at this address, whatever the port; and an address this host has besides loopback.
  void AddSilentHost(const Address& address) { silent_hosts_.push_back(address); }
  void AddLocalAddress(const Address& address) { local_addresses_.push_back(address); }

  // --- For the world's parts ---
  bool Exists(int fd) const { return by_fd_.find(fd) != by_fd_.end(); }
  const FakeSocket& Get(int fd) const;
  FakeSocket& Get(int fd);
  void Watch(int fd, FakeSocketWatcher* watcher);
  // Of a datagram socket, which several ports may know.
  void Unwatch(int fd, FakeSocketWatcher* watcher);
  // Calls `event` when the time has come, from RunDueEvents().
  void After(Duration delay, std::function<void()> event);
  // kForever when nothing is under way.
  TimePoint NextEvent() const;
  bool RunDueEvents();
  // Descriptors of the program under test.
  size_t open_descriptors() const;
  std::string Describe(int fd) const;

 private:
  FakeSocket& NewRecord(int family, bool of_peer);
  FakeSocket* Find(uint64_t id);
  int AttachDescriptor(FakeSocket& socket);
  void Destroy(FakeSocket& socket);
  void Notify(const FakeSocket& socket);

  // Names (fake_kernel_names.cc).
  bool IsLocal(const Address& address) const;
  bool IsSilentHost(const Address& address) const;
  bool Overlaps(const FakeSocket& socket, const Address& address, bool v6_only) const;
  bool MayBind(const FakeSocket& socket, const Address& address) const;
  bool InUseAtAll(const Address& address, bool v6_only) const;
  bool TupleInUse(const Address& local, const Address& remote) const;
  void EnterTimeWait(const FakeSocket& socket);
  uint16_t EphemeralPort(const FakeSocket& socket, const Address& local, const Address* remote);
  FakeSocket* FindListener(const Address& destination);

  // Handshake.
  void ArriveSyn(uint64_t id, int attempt);
  void Establish(FakeSocket& client, FakeSocket& listener);
  void FailConnect(FakeSocket& socket, int error);

  // Datagrams.
  bool IsFull(FakeSocket& socket);
  int Route(const FakeSocket& socket, const Address& destination) const;
  bool Hears(const FakeSocket& socket, const Address& from, const Address& to) const;
  void ArriveDatagram(const Address& from, const Address& to, const FakeDatagram& datagram);

  // Streams (fake_kernel_stream.cc).
  void Flush(FakeSocket& socket);
  void Transfer(FakeSocket& socket);
  void QueueFin(FakeSocket& socket);
  // This end is given up: the other one is reset. A closed socket is destroyed.
  void Abort(FakeSocket& socket);
  void ArriveReset(uint64_t id);
  // The end of an established socket, found by its next call as `error`. May destroy it.
  void Kill(FakeSocket& socket, int error);
  void Unlink(FakeSocket& socket);
  void ArmSilence(FakeSocket& socket);

  FakeClock& clock_;
  FakeFaults& faults_;
  FakeTrace& trace_;
  const bool reuse_descriptors_;

  uint64_t last_id_ = 0;
  std::map<uint64_t, std::unique_ptr<FakeSocket>> sockets_;
  std::map<int, FakeSocket*> by_fd_;
  int next_fd_ = kFirstDescriptor;
  int next_peer_fd_ = kFirstPeerDescriptor;
  uint16_t next_ephemeral_ = 0;
  std::vector<Address> silent_hosts_;
  std::vector<Address> local_addresses_;
  bool datagrams_held_ = false;

  struct TimeWait {
    Address local;
    TimePoint until;
    bool reuse_address;
  };
  std::vector<TimeWait> time_waits_;

  // By time, then by turn.
  std::map<std::pair<TimePoint, uint64_t>, std::function<void()>> events_;
  uint64_t last_event_ = 0;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_FAKE_KERNEL_H_
