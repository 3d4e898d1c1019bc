// Internal to testing.
//
// A relay between a UDP server and its clients that loses, doubles and overtakes datagrams, by a seed.
// Clients send to its port; each meets the server under an address of its own, so the server sees as many
// peers as there are clients. RawUdpRelay has sockets of the machine; a simulated world has its own.
//
// Threads:  any.
// Order:    datagrams of a client leave in the order in which left() lists them.
#ifndef HPSOCKET_TESTING_HARNESS_UDP_RELAY_H_
#define HPSOCKET_TESTING_HARNESS_UDP_RELAY_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "hpsocket/testing/harness/lossy_path.h"

namespace hpsocket::harness {

enum class RelayWay { kToServer, kToClient };

class UdpRelay {
 public:
  UdpRelay(const UdpRelay&) = delete;
  UdpRelay& operator=(const UdpRelay&) = delete;
  virtual ~UdpRelay() = default;

  // Where clients send to, on loopback.
  virtual uint16_t port() const = 0;

  // From now on, in both ways and for all clients.
  void Set(const PathFaults& faults);
  // Of all clients together.
  PathFigures figures(RelayWay way) const;
  // Every datagram that has left, copies included.
  std::vector<std::string> left(RelayWay way) const;
  // Something is kept back, for a moment.
  bool holds() const;

 protected:
  explicit UdpRelay(uint64_t seed) : seed_(seed) {}

  // A client that was not heard before: its number, from 0.
  size_t AddClient();
  // What leaves when this one comes.
  std::vector<std::string> Pass(size_t client, RelayWay way, std::string datagram);
  std::vector<std::string> Release(size_t client, RelayWay way);

 private:
  static size_t IndexOf(RelayWay way) { return way == RelayWay::kToServer ? 0 : 1; }

  const uint64_t seed_;
  mutable std::mutex mutex_;
  PathFaults faults_;
  std::deque<LossyPath> paths_;  // of each client, to the server and back
  std::vector<std::string> left_[2];
};

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_UDP_RELAY_H_
