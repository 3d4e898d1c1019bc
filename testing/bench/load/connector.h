// Internal to testing/bench. Tests only.
//
// Connects the load generator's sockets to the server.
//
// Threads:  one.
// Errors:   end the program.
#ifndef HPSOCKET_TESTING_BENCH_LOAD_CONNECTOR_H_
#define HPSOCKET_TESTING_BENCH_LOAD_CONNECTOR_H_

#include <netinet/in.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hpsocket::bench {

class Connector {
 public:
  // `message`: bytes that the server answers.
  Connector(uint16_t port, size_t message) : port_(port), message_(message) {}

  // A connected socket with TCP_NODELAY.
  int Connect() const;

  // The same from an address of loopback that changes with each call, so that ports in TIME_WAIT do
  // not run out however often connections come and go.
  int ConnectFromNextAddress();

  // The same with a connection that is under way; not blocking, and reset when it is closed.
  int BeginToConnect() const;
  // That one's socket before it connects, with these flags.
  static int NewSocketToReset(int flags = 0);
  static sockaddr_in Loopback(uint32_t host, uint16_t port);

  // That many, in steps that the server's backlog can take: returns when it has accepted them all.
  std::vector<int> ConnectMany(unsigned count) const;

  // Returns when the server has accepted every connection that stands.
  void AwaitAccepts() const;

 private:
  const uint16_t port_;
  const size_t message_;
  uint32_t next_address_ = 0;
};

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_LOAD_CONNECTOR_H_
