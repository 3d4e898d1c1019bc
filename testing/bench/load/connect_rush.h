// Internal to testing/bench. Tests only.
//
// Many connections at once: how fast they are established by a bare epoll loop. Each is ready for
// traffic then. Afterwards they are reset, so that no port stays in TIME_WAIT.
//
// Threads:  one.
// Errors:   end the program.
#ifndef HPSOCKET_TESTING_BENCH_LOAD_CONNECT_RUSH_H_
#define HPSOCKET_TESTING_BENCH_LOAD_CONNECT_RUSH_H_

#include <sys/epoll.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hpsocket/testing/bench/load/connector.h"
#include "hpsocket/testing/bench/load/load_sample.h"

namespace hpsocket::bench {

class ConnectRush {
 public:
  // As Connector's.
  ConnectRush(uint16_t port, size_t message);
  ConnectRush(const ConnectRush&) = delete;
  ConnectRush& operator=(const ConnectRush&) = delete;
  ~ConnectRush();

  // A message is a connection; the seconds are those until the last one stood.
  LoadSample Run(unsigned count);

 private:
  void Begin();
  void TakeReady(int timeout_ms);
  void Establish(int fd);

  const Connector connector_;
  const int epoll_;
  std::vector<int> sockets_;
  std::vector<epoll_event> events_;
  size_t established_ = 0;
};

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_LOAD_CONNECT_RUSH_H_
