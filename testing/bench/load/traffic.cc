#include "hpsocket/testing/bench/load/traffic.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "hpsocket/testing/bench/load/load_failure.h"

namespace hpsocket::bench {
namespace {

constexpr int kPatienceMs = 20000;  // for one answer, on a machine that is busy with other things

int64_t Now() { return core::Clock::System().Now().time_since_epoch().count(); }

}  // namespace

template <class Stream>
Traffic<Stream>::Traffic(StreamShare& share, unsigned depth)
    : share_(share), depth_(depth), epoll_(epoll_create1(EPOLL_CLOEXEC)), events_(1024) {
  if (epoll_ < 0) FailLoad(std::strerror(errno));
}

template <class Stream>
Traffic<Stream>::~Traffic() {
  close(epoll_);
}

template <class Stream>
void Traffic<Stream>::Add(int connected_socket) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = streams_.size();
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, connected_socket, &event) != 0) FailLoad(std::strerror(errno));
  streams_.emplace_back(connected_socket, streams_.size(), share_);
}

template <class Stream>
void Traffic<Stream>::RunClosed(core::Duration duration, size_t first, size_t count) {
  const int64_t end = Now() + duration.count();
  for (size_t i = first; i < first + count; ++i) {
    streams_[i].Offer(depth_, Now());
    streams_[i].Flush();
    outstanding_ += depth_;
  }
  while (outstanding_ > 0) Round(kPatienceMs, Now() < end);
}

template <class Stream>
void Traffic<Stream>::RunOpen(core::Duration duration, uint64_t messages_per_second) {
  const int64_t start = Now();
  const auto total = static_cast<uint64_t>(static_cast<double>(duration.count()) * 1e-9 *
                                           static_cast<double>(messages_per_second));
  for (uint64_t next = 0; next < total || outstanding_ > 0;) {
    const int64_t now = Now();
    for (; next < total; next += depth_) {
      const int64_t due = start + static_cast<int64_t>(static_cast<double>(next) * 1e9 /
                                                       static_cast<double>(messages_per_second));
      if (due > now) break;
      // As many at once as a closed loop has outstanding: one by one they would cost far more than there,
      // where the rate comes from.
      Stream& stream = streams_[static_cast<size_t>(next / depth_ % streams_.size())];
      stream.Offer(depth_, due);
      stream.Flush();
      outstanding_ += depth_;
    }
    // No sleep while messages will be due: it would end too late.
    Round(next < total ? 0 : kPatienceMs, false);
  }
}

template <class Stream>
void Traffic<Stream>::Round(int timeout_ms, bool offer_more) {
  const int count = epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), timeout_ms);
  if (count < 0 && errno != EINTR) FailLoad(std::strerror(errno));
  if (count == 0 && timeout_ms > 0) FailLoad("no answer from the server");
  for (int i = 0; i < count; ++i) {
    Stream& stream = streams_[static_cast<size_t>(events_[static_cast<size_t>(i)].data.u64)];
    const int64_t now = Now();
    const uint64_t complete = stream.Receive(now);
    if (offer_more) {
      stream.Offer(complete, now);
    } else {
      outstanding_ -= complete;
    }
    stream.Flush();
  }
}

template class Traffic<EchoStream>;
template class Traffic<DatagramStream>;

}  // namespace hpsocket::bench
