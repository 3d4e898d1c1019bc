#include "hpsocket/testing/bench/load/churn.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "hpsocket/testing/bench/load/load_failure.h"

namespace hpsocket::bench {
namespace {

constexpr int kPatienceMs = 20000;

int64_t Now() { return core::Clock::System().Now().time_since_epoch().count(); }

}  // namespace

Churn::Churn(StreamShare& share, Connector& connector, unsigned at_a_time, bool dismissed)
    : share_(share),
      connector_(connector),
      dismissed_(dismissed),
      epoll_(epoll_create1(EPOLL_CLOEXEC)),
      slots_(at_a_time),
      events_(at_a_time) {
  if (epoll_ < 0) FailLoad(std::strerror(errno));
}

Churn::~Churn() { close(epoll_); }

void Churn::Open(size_t slot) {
  const int64_t started = Now();
  EchoStream& stream = slots_[slot].emplace(connector_.ConnectFromNextAddress(), opened_++, share_);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = slot;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, stream.fd(), &event) != 0) FailLoad(std::strerror(errno));
  stream.Offer(1, started);
  stream.Flush();
}

bool Churn::IsOver(EchoStream& stream) const {
  if (stream.outstanding() == 0) return stream.Ended();  // had its echo before
  stream.Receive(Now());
  return stream.outstanding() == 0 && (!dismissed_ || stream.Ended());
}

void Churn::Run(core::Duration duration) {
  const int64_t end = Now() + duration.count();
  size_t open = slots_.size();
  for (size_t slot = 0; slot < slots_.size(); ++slot) Open(slot);
  while (open > 0) {
    const int count = epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), kPatienceMs);
    if (count < 0 && errno != EINTR) FailLoad(std::strerror(errno));
    if (count == 0) FailLoad("no answer from the server");
    for (int i = 0; i < count; ++i) {
      const auto slot = static_cast<size_t>(events_[static_cast<size_t>(i)].data.u64);
      if (!IsOver(*slots_[slot])) continue;
      slots_[slot].reset();
      if (Now() < end) {
        Open(slot);
      } else {
        --open;
      }
    }
  }
}

}  // namespace hpsocket::bench
