// Internal to core.
//
// Datagrams by the batch: what one send call takes.
//
// Threads:  one at a time per object.
// Units:    bytes.
#ifndef HPSOCKET_CORE_NET_SEND_BATCH_H_
#define HPSOCKET_CORE_NET_SEND_BATCH_H_

#include <sys/socket.h>
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>

#include "hpsocket/core/net/address.h"
#include "hpsocket/core/net/local_address.h"

namespace hpsocket::core {

// The largest payload of a datagram over IPv4.
inline constexpr uint32_t kLargestDatagram = 65507;

struct OutgoingDatagram {
  const Address* to;  // null: where the socket is connected
  const uint8_t* data;
  uint32_t length;
  const Address* from = nullptr;  // of this host; null: the system's choice
};

// What the kernel has refused to segment (UDP_SEGMENT), and may take datagram by datagram: by peer, since
// paths differ in width and in what their devices can do. Tried again after a while, since both may change.
class SegmentRefusals {
 public:
  static constexpr int kMostPeers = 8;
  static constexpr uint32_t kMostInRow = 64;
  static constexpr uint32_t kPause = 4096;  // runs of datagrams

  // Whether a run that begins with it may leave as one message. Asked once per run.
  bool Allows(const OutgoingDatagram& first);
  // A run was refused as one message and has left one by one. `whatever_length`: not for the length of its
  // datagrams. Where nothing else happens any more, no run is tried for a while.
  void NoteRefused(const OutgoingDatagram& first, bool whatever_length);
  // One has left as one message.
  void NoteTaken() { in_row_ = 0; }

 private:
  struct Peer {
    Address to;  // not valid: where the socket is connected
    uint32_t limit = kLargestDatagram;
    uint32_t pause = 0;  // 0: not in use
  };

  Peer* Find(const Address* to);

  Peer peers_[kMostPeers];
  int used_ = 0;
  int next_ = 0;
  uint32_t in_row_ = 0;
  uint32_t pause_ = 0;
};

// What a send call needs besides, and remembers about its socket.
class SendBatch {
 public:
  static constexpr int kMost = 128;  // datagrams per call
  // What leaves as one message at most.
  static constexpr int kMostSegments = 64;
  static constexpr size_t kMostSegmentedBytes = 65000;

  SendBatch();
  SendBatch(const SendBatch&) = delete;
  SendBatch& operator=(const SendBatch&) = delete;

  // Sends on the kernel's socket `fd` what it takes at once: how many have left (>= 1), or -errno of
  // the first. Runs of one length from one address to one peer leave as one message that the kernel cuts;
  // cheapest where they stand one behind the other in memory.
  int Send(int fd, const OutgoingDatagram* datagrams, int count);

 private:
  struct Control {
    alignas(cmsghdr) char bytes[kLocalAddressSpace + CMSG_SPACE(sizeof(uint16_t))];
  };

  int RunLength(const OutgoingDatagram* datagrams, int count);
  void Fill(int message, const OutgoingDatagram* datagrams, int first, int run);
  int SendOneByOne(int fd, const OutgoingDatagram* datagrams, int count);

  SegmentRefusals refusals_;
  mmsghdr messages_[kMost];
  iovec pieces_[kMost];
  Control controls_[kMost];
  int runs_[kMost];
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_NET_SEND_BATCH_H_
