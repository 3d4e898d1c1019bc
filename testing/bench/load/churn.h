// Internal to testing/bench. Tests only.
//
// Connections that come and go: connect, one message, its echo, close; some at a time. A "message" is
// one such life, timed from the call of connect to the echo.
//
// Threads:  one.
#ifndef HPSOCKET_TESTING_BENCH_LOAD_CHURN_H_
#define HPSOCKET_TESTING_BENCH_LOAD_CHURN_H_

#include <sys/epoll.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "hpsocket/core/base/clock.h"
#include "hpsocket/testing/bench/load/connector.h"
#include "hpsocket/testing/bench/load/echo_stream.h"

namespace hpsocket::bench {

class Churn {
 public:
  // `dismissed`: the server closes after its echo, and each connection waits for that.
  Churn(StreamShare& share, Connector& connector, unsigned at_a_time, bool dismissed);
  Churn(const Churn&) = delete;
  Churn& operator=(const Churn&) = delete;
  ~Churn();

  // Ends when the last connection has had its echo, and its end.
  void Run(core::Duration duration);

 private:
  void Open(size_t slot);
  // Whether that connection's life is over.
  bool IsOver(EchoStream& stream) const;

  StreamShare& share_;
  Connector& connector_;
  const bool dismissed_;
  const int epoll_;
  std::vector<std::optional<EchoStream>> slots_;
  std::vector<epoll_event> events_;
  uint64_t opened_ = 0;
};

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_LOAD_CHURN_H_
