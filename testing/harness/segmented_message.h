// Internal to testing.
//
// Runs of datagrams of one length that the kernel cuts (UDP_SEGMENT) or hands up uncut (UDP_GRO).
//
// Threads:  any.
// Units:    bytes.
#ifndef HPSOCKET_TESTING_HARNESS_SEGMENTED_MESSAGE_H_
#define HPSOCKET_TESTING_HARNESS_SEGMENTED_MESSAGE_H_

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace hpsocket::harness {

// How many datagrams one message can be cut into.
inline size_t MostSegments(size_t datagram) { return std::min<size_t>(64, 65000 / datagram); }

// A sendmsg or recvmsg of one piece with room for a segment's size.
class SegmentedMessage {
 public:
  SegmentedMessage(void* bytes, size_t length) : piece_{bytes, length} {
    header_.msg_iov = &piece_;
    header_.msg_iovlen = 1;
    header_.msg_control = control_;
    header_.msg_controllen = sizeof(control_);
  }
  SegmentedMessage(const SegmentedMessage&) = delete;
  SegmentedMessage& operator=(const SegmentedMessage&) = delete;

  msghdr* header() { return &header_; }

  // To be cut into datagrams of that size.
  void CutInto(size_t datagram) {
    cmsghdr* const control = CMSG_FIRSTHDR(&header_);
    control->cmsg_level = SOL_UDP;
    control->cmsg_type = UDP_SEGMENT;
    control->cmsg_len = CMSG_LEN(sizeof(uint16_t));
    const auto size = static_cast<uint16_t>(datagram);
    std::memcpy(CMSG_DATA(control), &size, sizeof(size));
    header_.msg_controllen = CMSG_SPACE(sizeof(uint16_t));
  }

  // After a receive of `length`: the size of every datagram in it but the last.
  size_t SegmentSize(size_t length) {
    for (cmsghdr* control = CMSG_FIRSTHDR(&header_); control != nullptr;
         control = CMSG_NXTHDR(&header_, control)) {
      if (control->cmsg_level != SOL_UDP || control->cmsg_type != UDP_GRO) continue;
      int size = 0;
      std::memcpy(&size, CMSG_DATA(control), sizeof(size));
      return static_cast<size_t>(size);
    }
    return length;
  }

 private:
  iovec piece_;
  msghdr header_{};
  alignas(cmsghdr) char control_[CMSG_SPACE(sizeof(int))]{};
};

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_SEGMENTED_MESSAGE_H_
