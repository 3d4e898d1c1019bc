#include "hpsocket/core/io/epoll_set.h"

#include <linux/time_types.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <new>

#include "absl/base/attributes.h"
#include "hpsocket/core/base/check.h"

namespace hpsocket::core {
namespace {

// A socket begins the object that uses it, which is about that long.
constexpr int kPrefetchedLines = 5;
constexpr int kCacheLine = 64;

constexpr int kUseBits = 48;
constexpr uint64_t kPointerMask = (uint64_t{1} << kUseBits) - 1;

size_t PlaceIn(uint64_t tag) { return static_cast<size_t>((tag & kPointerMask) >> 2); }

template <class T>
T* PointerIn(uint64_t entry) {
  return reinterpret_cast<T*>(static_cast<uintptr_t>(entry & kPointerMask));
}

// How far descriptors may go, as far as that is sensible to prepare for. Memory that is only reserved is
// address space; moving what grows would leave its old places behind.
size_t MostDescriptors() {
  constexpr rlim_t kMost = 1 << 17;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1;
  return static_cast<size_t>(std::min(limit.rlim_cur, kMost));
}

}  // namespace

EpollSet::~EpollSet() {
  if (fd_ >= 0) close(fd_);
}

int EpollSet::Open(bool single_socket) {
  HP_CHECK(fd_ < 0);
  single_socket_ = single_socket;
  fd_ = epoll_create1(EPOLL_CLOEXEC);
  if (fd_ < 0) return -errno;
  try {
    sockets_.reserve(single_socket ? 1 : MostDescriptors());
  } catch (const std::bad_alloc&) {
    return -ENOMEM;
  }
  return 0;
}

int EpollSet::WatchWakeup(int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = static_cast<uint64_t>(Whom::kWakeup);
  return epoll_ctl(fd_, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : -errno;
}

int EpollSet::Watch(PortSocket& socket, uint64_t tag, uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = tag;
  const int verb = (socket.port_bits & kInSet) != 0 ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  if (epoll_ctl(fd_, verb, socket.fd, &event) != 0) return -errno;
  socket.port_bits = kInSet | (socket.port_bits & kPolled) | events;
  return 0;
}

int EpollSet::WatchSocket(PortSocket& socket, uint32_t events) {
  const size_t place = PlaceOf(socket);
  if (place >= sockets_.size()) {
    try {
      sockets_.resize(place + 1);
    } catch (const std::bad_alloc&) {
      return -ENOMEM;
    }
  }
  const uint64_t use = sockets_[place] & ~kPointerMask;
  const uint64_t address = reinterpret_cast<uintptr_t>(&socket);
  HP_CHECK((address & ~kPointerMask) == 0);
  sockets_[place] = use | address;
  return Watch(socket, use | uint64_t{place} << 2 | static_cast<uint64_t>(Whom::kSocket), events);
}

void EpollSet::Unwatch(PortSocket& socket) {
  if ((socket.port_bits & kInSet) == 0) return;
  epoll_event ignored{};
  epoll_ctl(fd_, EPOLL_CTL_DEL, socket.fd, &ignored);
  socket.port_bits &= kPolled;
}

void EpollSet::Strike(PortSocket& socket) {
  socket.port_bits = 0;
  const size_t place = PlaceOf(socket);
  if (place >= sockets_.size()) return;
  sockets_[place] = (sockets_[place] & ~kPointerMask) + (uint64_t{1} << kUseBits);
}

ABSL_ATTRIBUTE_HOT PortSocket* EpollSet::FindSocket(uint64_t tag) const {
  const uint64_t entry = sockets_[PlaceIn(tag)];
  return ((entry ^ tag) & ~kPointerMask) == 0 ? PointerIn<PortSocket>(entry) : nullptr;
}

ABSL_ATTRIBUTE_HOT void EpollSet::Prefetch(uint64_t tag) const {
  if (WhomOf(tag) != Whom::kSocket) return;
  const char* const socket = PointerIn<const char>(sockets_[PlaceIn(tag)]);
  for (int line = 0; line < kPrefetchedLines; ++line) __builtin_prefetch(socket + line * kCacheLine);
}

ABSL_ATTRIBUTE_HOT int EpollSet::Poll(epoll_event* events, int room, TimePoint deadline) {
  for (;;) {
    Duration rest{0};
    if (deadline != kAtOnce && deadline != kForever) {
      const TimePoint now = Clock::System().Now();
      if (deadline > now) rest = deadline - now;
    }
    int count = -1;
    if (rest > Duration::zero() && has_pwait2_) {
      // Not the C library's timespec, whose fields have 32 bits where pointers have.
      const __kernel_timespec timeout{rest / std::chrono::seconds(1),
                                      (rest % std::chrono::seconds(1)).count()};
      count = static_cast<int>(syscall(SYS_epoll_pwait2, fd_, events, room, &timeout, nullptr, size_t{0}));
      if (count < 0 && (errno == ENOSYS || errno == EPERM)) {
        has_pwait2_ = false;
        continue;
      }
    } else {
      const auto ms = std::chrono::ceil<std::chrono::milliseconds>(rest).count();
      const int timeout = deadline == kForever ? -1 : static_cast<int>(std::min<int64_t>(ms, INT_MAX));
      count = epoll_wait(fd_, events, room, timeout);
    }
    if (count >= 0) return count;
    HP_CHECK(errno == EINTR);
  }
}

}  // namespace hpsocket::core
