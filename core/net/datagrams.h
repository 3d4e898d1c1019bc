// Internal to core.
//
// Datagrams by the batch: the memory that one receive call fills, and what one send call takes.
//
// Threads:  one at a time per object.
// Units:    bytes.
#ifndef HPSOCKET_CORE_NET_DATAGRAMS_H_
#define HPSOCKET_CORE_NET_DATAGRAMS_H_

#include <sys/socket.h>
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "hpsocket/core/net/address.h"

namespace hpsocket::core {

// The largest payload of a datagram over IPv4.
inline constexpr uint32_t kLargestDatagram = 65507;

class ReceiveBatch {
 public:
  // Room for `count` datagrams of at most `size` bytes. Throws std::bad_alloc.
  ReceiveBatch(uint32_t count, uint32_t size);
  ReceiveBatch(const ReceiveBatch&) = delete;
  ReceiveBatch& operator=(const ReceiveBatch&) = delete;

  struct Datagram {
    const uint8_t* data;
    uint32_t length;
    bool oversize;  // it was longer than there is room; the rest is lost
    Address from;
  };

  uint32_t capacity() const { return static_cast<uint32_t>(headers_.size()); }
  uint32_t size() const { return size_; }
  // After a receive; `index` below what it gave.
  Datagram at(uint32_t index) const;
  size_t memory_bytes() const;

  // --- For networks ---

  // What recvmmsg(2) takes, with every slot ready.
  mmsghdr* Prepare();
  // It has filled so many.
  void NoteFilled(uint32_t count) { filled_ = count; }
  // Instead of both: the datagram at `index`, as the kernel would have put it.
  void Put(uint32_t index, const Address& from, const uint8_t* data, size_t length);

 private:
  struct Name {
    sockaddr_in6 address;
  };

  const uint32_t size_;
  uint32_t filled_ = 0;
  std::vector<mmsghdr> headers_;
  std::vector<iovec> slots_;
  std::vector<Name> names_;
  std::unique_ptr<uint8_t[]> bytes_;  // never written by us: what is not received into costs no memory
};

struct OutgoingDatagram {
  const Address* to;  // null: where the socket is connected
  const uint8_t* data;
  uint32_t length;
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

  SendBatch();
  SendBatch(const SendBatch&) = delete;
  SendBatch& operator=(const SendBatch&) = delete;

  // Sends on the kernel's socket `fd` what it takes at once: how many have left (>= 1), or -errno of
  // the first. Runs of one length to one peer leave as one message that the kernel cuts.
  int Send(int fd, const OutgoingDatagram* datagrams, int count);

 private:
  static constexpr int kMostSegments = 64;
  static constexpr size_t kMostSegmentedBytes = 65000;

  struct Control {
    alignas(cmsghdr) char bytes[CMSG_SPACE(sizeof(uint16_t))];
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

#endif  // HPSOCKET_CORE_NET_DATAGRAMS_H_
