// Internal to testing.
//
// A UDP peer on the machine's own sockets: a blocking socket with deadlines, nothing else.
//
// Threads:  one at a time.
// Owner:    the object owns its descriptor.
#ifndef HPSOCKET_TESTING_HARNESS_RAW_DATAGRAM_PEER_H_
#define HPSOCKET_TESTING_HARNESS_RAW_DATAGRAM_PEER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hpsocket/testing/harness/datagram_peer.h"
#include "hpsocket/testing/harness/deadline.h"

namespace hpsocket::harness {

class RawDatagramPeer final : public DatagramPeer {
 public:
  // Bound to `address`, a literal of this host; port 0: any. Null: errno says why.
  static std::unique_ptr<RawDatagramPeer> Bind(const std::string& address, uint16_t port = 0);

  RawDatagramPeer(const RawDatagramPeer&) = delete;
  RawDatagramPeer& operator=(const RawDatagramPeer&) = delete;
  ~RawDatagramPeer() override;

  uint16_t port() const override { return port_; }
  bool SendTo(const std::string& address, uint16_t port, std::string_view bytes) override;
  bool SendRun(const std::string& address, uint16_t port, std::string_view bytes, size_t length) override;
  std::optional<std::string> Receive(Deadline deadline) override;
  const std::string& last_source() const override { return last_source_; }
  uint16_t last_source_port() const override { return last_source_port_; }
  bool Quiet() override;

 private:
  RawDatagramPeer(int fd, uint16_t port) : fd_(fd), port_(port) {}

  const int fd_;
  const uint16_t port_;
  std::string last_source_;
  uint16_t last_source_port_ = 0;
};

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_RAW_DATAGRAM_PEER_H_
