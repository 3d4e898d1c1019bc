// Internal to testing.
//
// Peers on the machine's own sockets: blocking calls with deadlines, nothing else.
//
// Threads:  as Peer.
// Owner:    each object owns its descriptor.
#ifndef HPSOCKET_TESTING_HARNESS_RAW_PEER_H_
#define HPSOCKET_TESTING_HARNESS_RAW_PEER_H_

#include <sys/socket.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "hpsocket/testing/harness/peer.h"

namespace hpsocket::harness {

// The port in a socket name; 0 for what is neither IPv4 nor IPv6.
uint16_t PortOf(const sockaddr_storage& name);
// The address in one, as text; of an IPv4 peer that an IPv6 socket names, the IPv4 address.
std::string HostOf(const sockaddr_storage& name);
// Writes the name of an IPv4 or IPv6 literal, with or without "%interface"; its length, or 0 if the text is
// none.
socklen_t NameOf(const std::string& address, uint16_t port, sockaddr_storage* name);

class RawPeer final : public Peer {
 public:
  // Null when the connection does not come about, errno saying why.
  static std::unique_ptr<RawPeer> Connect(const std::string& address, uint16_t port,
                                          const PeerOptions& options);

  // Takes over a connected socket. `remote_port`: where it is known, since a socket that has been reset does
  // not tell any more.
  explicit RawPeer(int fd, uint16_t remote_port = 0);
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;
  ~RawPeer() override;

  bool Send(std::string_view bytes, Deadline deadline) override;
  std::string Receive(size_t count, Deadline deadline) override;
  std::string ReceiveToEnd(StreamEnd* end, Deadline deadline) override;
  void HalfClose() override;
  void Close() override;
  void Reset() override;
  bool Vanish() override;
  bool SeemUnreachable() override;
  uint16_t local_port() const override { return local_port_; }
  uint16_t remote_port() const override { return remote_port_; }

 private:
  // Appends up to `most` bytes; false when the stream has ended, `*end` saying how.
  bool ReceiveSome(size_t most, Deadline deadline, std::string* bytes, StreamEnd* end);

  int fd_;
  uint16_t local_port_ = 0;
  uint16_t remote_port_ = 0;
};

class RawPeerListener final : public PeerListener {
 public:
  // Null when the address is taken or not ours, errno saying why.
  static std::unique_ptr<RawPeerListener> Open(const PeerListenOptions& options);

  RawPeerListener(const RawPeerListener&) = delete;
  RawPeerListener& operator=(const RawPeerListener&) = delete;
  ~RawPeerListener() override;

  uint16_t port() const override { return port_; }
  std::unique_ptr<Peer> Accept(Deadline deadline) override;

 private:
  explicit RawPeerListener(int fd);

  int fd_;
  uint16_t port_ = 0;
};

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_RAW_PEER_H_
