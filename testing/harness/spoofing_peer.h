// Internal to testing.
//
// Sends UDP datagrams under any source address, IPv4. Needs the right to open raw sockets, as a network
// namespace of one's own gives it.
//
// Threads:  one at a time; it belongs to the network of the thread that opened it.
// Owner:    the object owns its descriptor.
#ifndef HPSOCKET_TESTING_HARNESS_SPOOFING_PEER_H_
#define HPSOCKET_TESTING_HARNESS_SPOOFING_PEER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hpsocket::harness {

class SpoofingPeer {
 public:
  // To a server at `address`, an IPv4 literal. Null: errno says why.
  static std::unique_ptr<SpoofingPeer> Open(const std::string& address, uint16_t port);

  SpoofingPeer(const SpoofingPeer&) = delete;
  SpoofingPeer& operator=(const SpoofingPeer&) = delete;
  ~SpoofingPeer();

  // As if it came from there; `host` as a number, 10.0.0.1 is 0x0a000001.
  bool SendAs(uint32_t host, uint16_t port, std::string_view bytes);

 private:
  SpoofingPeer(int fd, uint32_t server, uint16_t port) : fd_(fd), server_(server), port_(port) {}

  const int fd_;
  const uint32_t server_;  // in network order
  const uint16_t port_;
};

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_SPOOFING_PEER_H_
