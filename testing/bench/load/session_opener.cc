#include "hpsocket/testing/bench/load/session_opener.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "hpsocket/testing/bench/load/datagram_socket.h"
#include "hpsocket/testing/bench/load/load_failure.h"

namespace hpsocket::bench {
namespace {

constexpr unsigned kAtOnce = 64;  // fewer than any receive buffer holds
constexpr int kPatienceMs = 20000;
constexpr uint32_t kFirstPort = 10000;
constexpr uint32_t kPorts = 50000;  // of each address
constexpr uint32_t kFirstHost = 256;

}  // namespace

void SessionOpener::Open(unsigned count, size_t length) {
  const std::vector<uint8_t> question(length, 'q');
  std::vector<uint8_t> answer(length + 1);
  for (unsigned done = 0; done < count; done += kAtOnce) {
    std::vector<int> sockets;
    while (sockets.size() < std::min(kAtOnce, count - done)) {
      sockets.push_back(NextSocket());
      CheckSent(send(sockets.back(), question.data(), length, 0), length);
    }
    for (const int fd : sockets) {
      iovec piece{answer.data(), answer.size()};
      msghdr message{};
      message.msg_iov = &piece;
      message.msg_iovlen = 1;
      const int received = ReceiveWithin(fd, kPatienceMs, &message);
      if (received < 0) FailLoad("no answer from the server");
      if (!std::equal(question.begin(), question.end(), answer.begin(), answer.begin() + received))
        FailLoad("a wrong answer from the server");
      close(fd);
    }
  }
}

int SessionOpener::NextSocket() {
  for (;;) {
    const uint32_t number = next_++;
    const int fd = ConnectDatagrams(port_, kFirstHost + number / kPorts,
                                    static_cast<uint16_t>(kFirstPort + number % kPorts));
    if (fd >= 0) return fd;
  }
}

}  // namespace hpsocket::bench
