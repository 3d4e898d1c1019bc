// Internal to testing/bench. Tests only.
//
// Messages on connections that stay: closed loop (each connection has `depth` messages outstanding)
// and open loop (`depth` messages at once are due at a fixed rate, whatever the server does, timed from then:
// a server that stalls pays for everything that was due meanwhile). Both end when every message has
// come back.
//
// Threads:  one.
#ifndef HPSOCKET_TESTING_BENCH_LOAD_TRAFFIC_H_
#define HPSOCKET_TESTING_BENCH_LOAD_TRAFFIC_H_

#include <sys/epoll.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hpsocket/core/base/clock.h"
#include "hpsocket/testing/bench/load/datagram_stream.h"
#include "hpsocket/testing/bench/load/echo_stream.h"

namespace hpsocket::bench {

template <class Stream>  // EchoStream, DatagramStream
class Traffic {
 public:
  Traffic(StreamShare& share, unsigned depth);
  Traffic(const Traffic&) = delete;
  Traffic& operator=(const Traffic&) = delete;
  ~Traffic();

  void Add(int connected_socket);
  size_t streams() const { return streams_.size(); }

  // On the streams numbered `first` and up, `count` of them.
  void RunClosed(core::Duration duration, size_t first, size_t count);

  // On all streams in turn.
  void RunOpen(core::Duration duration, uint64_t messages_per_second);

 private:
  // Receives on what is ready within `timeout_ms`; `offer_more`: each complete message brings the next.
  void Round(int timeout_ms, bool offer_more);

  StreamShare& share_;
  const unsigned depth_;
  const int epoll_;
  std::vector<Stream> streams_;
  std::vector<epoll_event> events_;
  uint64_t outstanding_ = 0;
};

extern template class Traffic<EchoStream>;
extern template class Traffic<DatagramStream>;

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_LOAD_TRAFFIC_H_
