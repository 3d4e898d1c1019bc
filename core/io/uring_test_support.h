// Internal to core. Tests only.
//
// Connected sockets and a loop with a deadline, for the tests of what is UringPort's alone. What all
// ports have in common is in port_contract_suite.
//
// Threads:  the test's.
#ifndef HPSOCKET_CORE_IO_URING_TEST_SUPPORT_H_
#define HPSOCKET_CORE_IO_URING_TEST_SUPPORT_H_

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "hpsocket/core/io/completion_port.h"
#include "hpsocket/core/io/recording_operations.h"
#include "hpsocket/core/io/uring_required.h"

namespace hpsocket::core {

inline bool RunUntil(CompletionPort& port, const std::function<bool()>& done) {
  const TimePoint give_up = Clock::System().Now() + std::chrono::seconds(20);
  while (!done()) {
    if (Clock::System().Now() >= give_up) return false;
    port.RunOnce(give_up);
  }
  return true;
}

// Runs rounds as long as the kernel has something to tell.
inline void RunDry(CompletionPort& port, int rounds = 20) {
  for (int i = 0; i < rounds; ++i) port.RunOnce(kAtOnce);
}

// A connection: `socket` for the port, `peer` for the test (blocking).
class Pair {
 public:
  explicit Pair(CompletionPort& port) : port_(port) {
    int fds[2] = {-1, -1};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
    EXPECT_EQ(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
    socket.fd = fds[0];
    peer = fds[1];
    receive.socket = &socket;
    send.socket = &socket;
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;
  ~Pair() {
    port_.Cancel(receive);
    port_.Cancel(send);
    EXPECT_TRUE(RunUntil(port_, [&] { return !receive.in_flight() && !send.in_flight(); }));
    port_.Close(socket);
    ClosePeer();
  }

  void Write(const std::string& data) {
    ASSERT_EQ(::send(peer, data.data(), data.size(), MSG_NOSIGNAL), static_cast<ssize_t>(data.size()));
  }
  void ClosePeer() {
    if (peer >= 0) close(std::exchange(peer, -1));
  }

  PortSocket socket;
  int peer = -1;
  RecordingReceive receive;
  RecordingSend send;

 private:
  CompletionPort& port_;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_URING_TEST_SUPPORT_H_
