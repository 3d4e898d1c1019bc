// Internal to testing.
//
// A UDP peer on the machine's own sockets: a blocking socket with deadlines, nothing else.
//
// Threads:  one at a time.
// Owner:    the object owns its descriptor.
#ifndef HPSOCKET_TESTING_HARNESS_DATAGRAM_PEER_H_
#define HPSOCKET_TESTING_HARNESS_DATAGRAM_PEER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hpsocket/testing/harness/deadline.h"

namespace hpsocket::harness {

class DatagramPeer {
 public:
  // Bound to `address`, a literal of this host; port 0: any. Null: errno says why.
  static std::unique_ptr<DatagramPeer> Bind(const std::string& address, uint16_t port = 0);

  DatagramPeer(const DatagramPeer&) = delete;
  DatagramPeer& operator=(const DatagramPeer&) = delete;
  ~DatagramPeer();

  uint16_t port() const { return port_; }
  bool SendTo(const std::string& address, uint16_t port, std::string_view bytes);
  // The next datagram, from whomever; nothing at the deadline.
  std::optional<std::string> Receive(Deadline deadline);
  // Who sent it.
  uint16_t last_source_port() const { return last_source_port_; }
  // The next one that is not empty.
  std::optional<std::string> ReceiveData(Deadline deadline);
  // Whether nothing is there now.
  bool Quiet();

 private:
  DatagramPeer(int fd, uint16_t port) : fd_(fd), port_(port) {}

  const int fd_;
  const uint16_t port_;
  uint16_t last_source_port_ = 0;
};

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_DATAGRAM_PEER_H_
