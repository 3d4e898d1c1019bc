// Internal to core.
//
// Datagrams by the batch: the memory that one receive call fills.
//
// A kernel that is asked to (UDP_GRO) hands over a peer's datagrams of one length many at a time, as one
// message. Where a peer sends in such runs this costs a fraction; where none does, slots of a message's size
// are only far apart. So there are two kinds of batches, and IsRun() says which one is wanted.
//
// Threads:  one at a time per object.
// Units:    bytes.
#ifndef HPSOCKET_CORE_NET_RECEIVE_BATCH_H_
#define HPSOCKET_CORE_NET_RECEIVE_BATCH_H_

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "hpsocket/core/net/address.h"

namespace hpsocket::core {

class ReceiveBatch {
 public:
  enum class Slots {
    kDatagram,  // for one datagram; from a socket that merges them, the others would be lost
    kMessage,   // for as many as one message may hold
  };
  // What IsRun() takes for one, at least.
  static constexpr uint32_t kShortestRun = 16;

  // `count` slots. Of each datagram at most `size` bytes are kept. `addressed`: from a socket that is to tell
  // where they were sent to (LocalAddressOption). Throws std::bad_alloc.
  ReceiveBatch(uint32_t count, uint32_t size, Slots slots = Slots::kDatagram, bool addressed = false);
  ReceiveBatch(const ReceiveBatch&) = delete;
  ReceiveBatch& operator=(const ReceiveBatch&) = delete;

  // What is in one slot: datagrams of one peer, in order.
  struct Message {
    const uint8_t* data;
    uint32_t length;
    uint32_t segment;  // the length of each, but for the last, which may be shorter
    bool cut;          // it was longer than there is room; the rest is lost
    Address from;
    Address to;  // of this host, without a port; not valid where nobody has told
  };

  uint32_t capacity() const { return static_cast<uint32_t>(headers_.size()); }
  bool holds_messages() const { return kind_ == Slots::kMessage; }
  // After a receive; `index` below what it gave.
  Message at(uint32_t index) const;
  // visit(data, length, oversize) for each of its datagrams. Oversize: it was longer; the rest is lost.
  template <class Visit>
  void ForEachDatagram(const Message& message, Visit&& visit) const {
    uint32_t at = 0;
    do {
      const uint32_t length = std::min(message.segment, message.length - at);
      const bool cut = message.cut && at + length == message.length;
      visit(message.data + at, std::min(length, size_), cut || length > size_);
      at += length;
    } while (at < message.length);
  }
  // Whether the first `count` slots hold datagrams of one peer and one length, and many. Looks at some only.
  bool IsRun(uint32_t count) const;
  size_t memory_bytes() const;

  // --- For networks ---

  // What recvmmsg(2) takes, with every slot ready.
  mmsghdr* Prepare();
  // It has filled so many.
  void NoteFilled(uint32_t count) { filled_ = count; }
  // Instead of both: the datagram at `index`, as the kernel would have put it.
  void Put(uint32_t index, const Address& from, const uint8_t* data, size_t length,
           const Address& to = Address());
  // Adds to the message at `index`. False: the kernel would not, for it is another peer's, too long, or too
  // much.
  bool Append(uint32_t index, const Address& from, const uint8_t* data, size_t length);

 private:
  struct Name {
    sockaddr_in6 address;
  };
  // For the length of a message's datagrams, where they went, and what the application may have asked the
  // kernel to tell.
  struct Control {
    alignas(cmsghdr) char bytes[256];
  };

  const uint32_t size_;
  const Slots kind_;
  uint32_t filled_ = 0;
  std::vector<mmsghdr> headers_;
  std::vector<iovec> slots_;
  std::vector<Name> names_;
  std::vector<Control> controls_;     // where anything is to be told
  std::unique_ptr<uint8_t[]> bytes_;  // never written by us: what is not received into costs no memory
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_NET_RECEIVE_BATCH_H_
