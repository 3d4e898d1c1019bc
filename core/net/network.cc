#include "hpsocket/core/net/network.h"

#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "absl/base/attributes.h"
#include "hpsocket/core/base/sanitizer.h"
#include "hpsocket/core/net/multicast.h"

namespace hpsocket::core {
namespace {

int ResultOf(int returned) { return returned < 0 ? -errno : returned; }

// Where wake_fd() is missing, a waiter looks this often whether it was cancelled.
constexpr Duration kBlindCancelPeriod = std::chrono::milliseconds(10);

// How often a send may find what ICMP said of earlier ones.
constexpr int kMostReports = 3;

// One wait for `fd` to become writable or for a cancel. The result of poll(), EINTR as "nothing yet".
int PollOnce(int fd, int wake_fd, TimePoint deadline) {
  pollfd watched[2] = {{fd, POLLOUT, 0}, {wake_fd, POLLIN, 0}};  // poll() skips a negative descriptor
  timespec timeout{};
  timespec* limit = nullptr;
  if (wake_fd < 0 || deadline != kForever) {
    const TimePoint now = Clock::System().Now();
    Duration rest = deadline <= now ? Duration::zero() : deadline - now;
    if (wake_fd < 0) rest = std::min(rest, kBlindCancelPeriod);
    // Settings reach 49 days, so 32 bits will do.
    timeout.tv_sec = static_cast<time_t>(std::chrono::duration_cast<std::chrono::seconds>(rest).count());
    timeout.tv_nsec = static_cast<long>((rest % std::chrono::seconds(1)).count());
    limit = &timeout;
  }
  const int ready = ppoll(watched, 2, limit, nullptr);
  if (ready < 0) return errno == EINTR ? 0 : -errno;
  return watched[0].revents != 0 ? 1 : 0;
}

// While the connection stands, SO_ERROR tells what the kernel has only been told, by anybody, and goes on in
// spite of: a router's message that the peer cannot be reached.
bool Stands(int fd) {
  uint8_t state = TCP_CLOSE;  // of tcp_info the first byte
  socklen_t length = sizeof(state);
  return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &state, &length) == 0 && state != TCP_CLOSE;
}

int ErrorOf(int fd) {
  if (Stands(fd)) return 0;
  int error = 0;
  socklen_t length = sizeof(error);
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? -error : -errno;
}

int AwaitConnected(int fd, TimePoint deadline, ConnectCanceller& canceller) {
  for (;;) {
    const int wake_fd = canceller.wake_fd();
    if (canceller.cancelled()) return -ECANCELED;
    const int ready = PollOnce(fd, wake_fd, deadline);
    if (canceller.cancelled()) return -ECANCELED;
    if (ready < 0) return ready;
    if (ready > 0) return ErrorOf(fd);
    if (deadline != kForever && Clock::System().Now() >= deadline) return -ETIMEDOUT;
  }
}

class SystemNetwork final : public Network {
 public:
  int OpenStream(int family) override {
    return ResultOf(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
  }

  // The descriptor is gone even where close(2) reports EINTR; trying again could close somebody else's.
  void Close(int fd) override {
#ifdef HPSOCKET_THREAD_SANITIZER
    // Past ThreadSanitizer, which does not see the descriptors that io_uring closes and gives out: it would
    // take an earlier use of the same number for one of this socket.
    syscall(SYS_close, fd);
#else
    close(fd);
#endif
  }

  int Bind(int fd, const Address& address) override {
    return ResultOf(bind(fd, address.get(), address.length()));
  }

  int Listen(int fd, int backlog) override { return ResultOf(listen(fd, backlog)); }

  int LocalAddress(int fd, Address* out) override { return NameOf(getsockname, fd, out); }

  int PeerAddress(int fd, Address* out) override { return NameOf(getpeername, fd, out); }

  int SetOption(int fd, int level, int name, int value) override {
    return ResultOf(setsockopt(fd, level, name, &value, sizeof(value)));
  }

  int TakeError(int fd) override { return ErrorOf(fd); }

  int SetAbortOnClose(int fd) override {
    const linger at_once{1, 0};
    return ResultOf(setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)));
  }

  int ShutdownWrite(int fd) override { return ResultOf(shutdown(fd, SHUT_WR)); }

  int ShutdownBoth(int fd) override { return ResultOf(shutdown(fd, SHUT_RDWR)); }

  int ConnectAndAwait(int fd, const Address& address, TimePoint deadline,
                      ConnectCanceller& canceller) override {
    if (canceller.cancelled()) return -ECANCELED;
    if (connect(fd, address.get(), address.length()) == 0) return 0;
    // After EINTR the attempt goes on by itself, as after EINPROGRESS.
    if (errno != EINPROGRESS && errno != EINTR) return -errno;
    return AwaitConnected(fd, deadline, canceller);
  }

  ABSL_ATTRIBUTE_HOT int64_t SendNow(int fd, const iovec* pieces, int count) override {
    constexpr int kFlags = MSG_DONTWAIT | MSG_NOSIGNAL;
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(pieces);  // the C interface lacks the const; it is only read
    message.msg_iovlen = static_cast<size_t>(std::min(count, IOV_MAX));
    for (;;) {
      const ssize_t sent =
          count == 1 ? send(fd, pieces->iov_base, pieces->iov_len, kFlags) : sendmsg(fd, &message, kFlags);
      if (sent >= 0) return sent;
      if (errno != EINTR) return -errno;
    }
  }

  int OpenDatagram(int family) override {
    return ResultOf(socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP));
  }

  int ConnectDatagram(int fd, const Address& address) override {
    return ResultOf(connect(fd, address.get(), address.length()));
  }

  int ReceiveDatagrams(int fd, ReceiveBatch& batch) override {
    for (;;) {
      const int count = recvmmsg(fd, batch.Prepare(), batch.capacity(), MSG_DONTWAIT, nullptr);
      if (count >= 0) {
        batch.NoteFilled(static_cast<uint32_t>(count));
        return count;
      }
      if (errno != EINTR) return -errno;
    }
  }

  int SendDatagrams(int fd, const OutgoingDatagram* datagrams, int count, SendBatch& batch) override {
    return batch.Send(fd, datagrams, count);
  }

  int SendDatagramNow(int fd, const OutgoingDatagram& datagram) override {
    // The C interface lacks the const; it is only read.
    iovec piece{const_cast<uint8_t*>(datagram.data), datagram.length};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    if (datagram.to != nullptr) {
      message.msg_name = const_cast<sockaddr*>(datagram.to->get());
      message.msg_namelen = datagram.to->length();
    }
    alignas(cmsghdr) char control[kLocalAddressSpace];
    if (datagram.from != nullptr) {
      message.msg_control = control;
      message.msg_controllen = WriteLocalAddress(*datagram.from, reinterpret_cast<cmsghdr*>(control));
    }
    // The first call may tell what ICMP said of an earlier one instead.
    for (int reports = 0;; ++reports) {
      const ssize_t sent = sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent >= 0) return 0;
      if (errno != EINTR && (errno != ECONNREFUSED || reports == kMostReports)) return -errno;
    }
  }

  int JoinGroup(int fd, const Address& group, const Address& local, const Address& source) override {
    const int index = InterfaceOf(local);
    if (index < 0) return index;
    const int result = JoinMulticastGroup(fd, group, index, source);
    if (result < 0 || index == 0 || group.family() != AF_INET6) return result;
    return HearOnlyBy(fd, index);
  }

  int SetSendInterface(int fd, const Address& local, bool everything) override {
    const int index = InterfaceOf(local);
    if (index <= 0) return index;
    return SetOutgoingInterface(fd, local, index, everything);
  }

  int64_t ReceiveDrops(int fd) override {
    uint32_t info[SK_MEMINFO_VARS] = {};
    socklen_t length = sizeof(info);
    if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &length) != 0) return -errno;
    return info[SK_MEMINFO_DROPS];
  }

  int Resolve(const std::string& name, uint16_t port, std::vector<Address>* out,
              std::string* detail) override {
    return -ResolveName(name, port, out, detail);
  }

 private:
  static int NameOf(int (*ask)(int, sockaddr*, socklen_t*), int fd, Address* out) {
    sockaddr_storage name{};
    socklen_t length = sizeof(name);
    if (ask(fd, reinterpret_cast<sockaddr*>(&name), &length) != 0) return -errno;
    *out = Address::FromSockaddr(reinterpret_cast<const sockaddr*>(&name), length);
    return 0;
  }
};

}  // namespace

Network& Network::System() {
  // Leaked: workers go on until the process is gone, past the end of static objects.
  static SystemNetwork& network = *new SystemNetwork;
  return network;
}

}  // namespace hpsocket::core
