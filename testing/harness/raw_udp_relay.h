// Internal to testing.
//
// A UdpRelay on the machine's own sockets, with a thread of its own.
//
// Threads:  as UdpRelay.
// Owner:    the object owns its sockets and its thread; destroying it ends both.
// Errors:   what a socket refuses is lost, as on any network.
#ifndef HPSOCKET_TESTING_HARNESS_RAW_UDP_RELAY_H_
#define HPSOCKET_TESTING_HARNESS_RAW_UDP_RELAY_H_

#include <netinet/in.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "hpsocket/testing/harness/deadline.h"
#include "hpsocket/testing/harness/udp_relay.h"

namespace hpsocket::harness {

class RawUdpRelay final : public UdpRelay {
 public:
  // To a server on IPv4 loopback. Null: errno says why.
  static std::unique_ptr<RawUdpRelay> Open(uint16_t server_port, uint64_t seed);

  ~RawUdpRelay() override;

  uint16_t port() const override { return port_; }

 private:
  // A client: the socket under which the server knows it.
  struct Link {
    int fd;
    sockaddr_in client;
  };

  RawUdpRelay(uint64_t seed, uint16_t server_port, int stop, int front, uint16_t port);
  void Run();
  void TakeFromClients();
  void TakeFromServer(size_t client);
  void SendOn(size_t client, RelayWay way, const std::vector<std::string>& datagrams);
  void ReleaseAll();
  // Adds a link where there is none; nothing when no socket is to be had.
  std::optional<size_t> ClientOf(const sockaddr_in& address);

  const uint16_t server_port_;
  const int stop_;   // eventfd
  const int front_;  // what clients see
  const uint16_t port_;
  std::vector<Link> links_;             // its thread only
  std::optional<Deadline> release_at_;  // its thread only; while something is kept back
  std::thread thread_;
};

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_RAW_UDP_RELAY_H_
