// Internal to core.
//
// An epoll set: which events are asked of which descriptor, and whom an event concerns. A socket's
// events carry its descriptor and the number of its use, so that an event of a descriptor that was
// closed in the meantime is known as such, whoever has the number now.
//
// Threads:  one.
// Owner:    of the epoll descriptor, not of what is in it.
// Lifetime: a socket is told by Strike() before its descriptor goes away.
// Errors:   0, or -errno.
#ifndef HPSOCKET_CORE_IO_EPOLL_SET_H_
#define HPSOCKET_CORE_IO_EPOLL_SET_H_

#include <sys/epoll.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hpsocket/core/base/clock.h"
#include "hpsocket/core/io/operation.h"

namespace hpsocket::core {

class EpollSet {
 public:
  // Whom an event concerns, in the two low bits of what it carries; above them, for a listener and a
  // connecting socket, is the operation's address.
  enum class Whom : uint64_t { kSocket = 0, kAccept = 1, kConnect = 2, kWakeup = 3 };

  template <class T>
  static uint64_t Tag(T& object, Whom whom) {
    static_assert(alignof(T) > kWhomMask);
    return reinterpret_cast<uintptr_t>(&object) | static_cast<uint64_t>(whom);
  }
  static Whom WhomOf(uint64_t tag) { return static_cast<Whom>(tag & kWhomMask); }
  template <class T>
  static T& Untag(uint64_t tag) {
    return *reinterpret_cast<T*>(static_cast<uintptr_t>(tag & ~kWhomMask));
  }

  EpollSet() = default;
  EpollSet(const EpollSet&) = delete;
  EpollSet& operator=(const EpollSet&) = delete;
  ~EpollSet();

  // `single_socket`: there is one socket at a time, whatever its number.
  int Open(bool single_socket);

  // A descriptor of the port's own, for good.
  int WatchWakeup(int fd);
  // Asks for `events` of a listener or a connecting socket, to be told with `tag`.
  int Watch(PortSocket& socket, uint64_t tag, uint32_t events);
  // The same for a socket's own events, which FindSocket() understands.
  int WatchSocket(PortSocket& socket, uint32_t events);
  // Takes it out; nothing where it is not in.
  void Unwatch(PortSocket& socket);
  // Its descriptor goes away, and with it, unless another process holds it too, its place in the set. What
  // the set, or a batch of events, still says of it has an old number from now on.
  void Strike(PortSocket& socket);

  // Whose event it is; null if it was struck.
  PortSocket* FindSocket(uint64_t tag) const;
  // With many sockets their memory has left the caches between two events; an event takes long enough to
  // bring the next one's back.
  void Prefetch(uint64_t tag) const;

  // Waits for events, at most `room` of them. How many came.
  int Poll(epoll_event* events, int room, TimePoint deadline);

  // PortSocket::port_bits: the EPOLLIN and EPOLLOUT that the set has, whether it is in the set, and whether
  // it is a PolledSocket (the port's to say).
  static constexpr uint32_t kEventBits = EPOLLIN | EPOLLOUT;
  static constexpr uint32_t kInSet = 1u << 16;
  static constexpr uint32_t kPolled = 1u << 17;

 private:
  static constexpr uint64_t kWhomMask = 3;

  size_t PlaceOf(const PortSocket& socket) const {
    return single_socket_ ? 0 : static_cast<size_t>(socket.fd);
  }

  int fd_ = -1;
  bool has_pwait2_ = true;
  bool single_socket_ = false;
  // By descriptor: the socket that is in the set, and how often the number has been used here (above its
  // 48 bits).
  std::vector<uint64_t> sockets_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_EPOLL_SET_H_
