// Internal to testing.
//
// A UDP peer, as a test sees it: the oracle against which UDP components are judged. RawDatagramPeer has a
// socket of the machine; a simulated world has its own.
//
// Threads:  one at a time.
// Errors:   told by results, never by exceptions.
#ifndef HPSOCKET_TESTING_HARNESS_DATAGRAM_PEER_H_
#define HPSOCKET_TESTING_HARNESS_DATAGRAM_PEER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hpsocket/testing/harness/deadline.h"

namespace hpsocket::harness {

class DatagramPeer {
 public:
  virtual ~DatagramPeer() = default;

  virtual uint16_t port() const = 0;
  // To a literal. False: it was refused.
  virtual bool SendTo(const std::string& address, uint16_t port, std::string_view bytes) = 0;
  // As datagrams of `length`, the last one perhaps shorter; in one call, where that can be. False: some were
  // refused.
  virtual bool SendRun(const std::string& address, uint16_t port, std::string_view bytes, size_t length) {
    do {
      if (!SendTo(address, port, bytes.substr(0, length))) return false;
      bytes.remove_prefix(std::min(length, bytes.size()));
    } while (!bytes.empty());
    return true;
  }
  // The next datagram, from whomever; nothing at the deadline.
  virtual std::optional<std::string> Receive(Deadline deadline) = 0;
  // Who sent it: address as text, and port.
  virtual const std::string& last_source() const = 0;
  virtual uint16_t last_source_port() const = 0;
  // Whether nothing is there now.
  virtual bool Quiet() = 0;

  // The next one that is not empty.
  std::optional<std::string> ReceiveData(Deadline deadline) {
    for (;;) {
      std::optional<std::string> bytes = Receive(deadline);
      if (!bytes || !bytes->empty()) return bytes;
    }
  }
};

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_DATAGRAM_PEER_H_
