#include "hpsocket/core/net/send_batch.h"

#include <netinet/udp.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace hpsocket::core {
namespace {

constexpr int kFlags = MSG_DONTWAIT | MSG_NOSIGNAL;

// Errors of a segmented message after which its datagrams may still leave one by one: no offload on the
// way out, or a path that is narrower than they are.
bool MayBeTheSegmenting(int error) {
  return error == EINVAL || error == EMSGSIZE || error == EIO || error == EOPNOTSUPP || error == ENOPROTOOPT;
}

bool Same(const Address* one, const Address* other) {
  return one == other || (one != nullptr && other != nullptr && *one == *other);
}

int SendMessages(int fd, mmsghdr* messages, int count) {
  for (;;) {
    const int sent = sendmmsg(fd, messages, static_cast<unsigned>(count), kFlags);
    if (sent >= 0) return sent;
    if (errno != EINTR) return -errno;
  }
}

}  // namespace

SegmentRefusals::Peer* SegmentRefusals::Find(const Address* to) {
  for (Peer& peer : peers_) {
    if (peer.pause != 0 && (to == nullptr ? !peer.to.valid() : *to == peer.to)) return &peer;
  }
  return nullptr;
}

bool SegmentRefusals::Allows(const OutgoingDatagram& first) {
  if (pause_ != 0) {
    --pause_;
    return false;
  }
  if (used_ == 0) return true;
  Peer* const peer = Find(first.to);
  if (peer == nullptr || first.length <= peer->limit) return true;
  if (--peer->pause != 0) return false;
  --used_;
  return true;
}

void SegmentRefusals::NoteRefused(const OutgoingDatagram& first, bool whatever_length) {
  if (++in_row_ == kMostInRow) {
    in_row_ = 0;
    pause_ = kPause;
  }
  Peer* peer = Find(first.to);
  if (peer == nullptr) {
    peer = &peers_[next_];
    next_ = (next_ + 1) % kMostPeers;
    if (peer->pause == 0) ++used_;
    peer->to = first.to == nullptr ? Address() : *first.to;
  }
  peer->limit = whatever_length ? 0 : first.length - 1;
  peer->pause = kPause;
}

SendBatch::SendBatch() = default;

// How many of the datagrams, from the first on, can leave as one message.
int SendBatch::RunLength(const OutgoingDatagram* datagrams, int count) {
  const OutgoingDatagram& first = datagrams[0];
  if (first.length == 0 || count == 1 || !refusals_.Allows(first)) return 1;
  size_t total = first.length;
  int run = 1;
  while (run < std::min(count, kMostSegments)) {
    const OutgoingDatagram& next = datagrams[run];
    if (next.length == 0 || next.length > first.length || total + next.length > kMostSegmentedBytes) break;
    if (!Same(next.to, first.to) || !Same(next.from, first.from)) break;
    total += next.length;
    ++run;
    if (next.length < first.length) break;  // only the last may be shorter
  }
  return run;
}

void SendBatch::Fill(int message, const OutgoingDatagram* datagrams, int first, int run) {
  const OutgoingDatagram& datagram = datagrams[first];
  msghdr& header = messages_[message].msg_hdr;
  header = {};
  if (datagram.to != nullptr) {
    header.msg_name = const_cast<sockaddr*>(datagram.to->get());  // the C interface lacks the const
    header.msg_namelen = datagram.to->length();
  }
  header.msg_iov = &pieces_[first];
  const uint8_t* end = nullptr;
  for (int i = first; i < first + run; ++i) {
    const OutgoingDatagram& next = datagrams[i];
    if (next.data == end) {
      header.msg_iov[header.msg_iovlen - 1].iov_len += next.length;
    } else {
      header.msg_iov[header.msg_iovlen++] = {const_cast<uint8_t*>(next.data), next.length};
    }
    end = next.data + next.length;
  }
  if (run == 1 && datagram.from == nullptr) return;
  char* const controls = controls_[message].bytes;
  header.msg_control = controls;
  if (datagram.from != nullptr)
    header.msg_controllen = WriteLocalAddress(*datagram.from, reinterpret_cast<cmsghdr*>(controls));
  if (run == 1) return;
  auto* const control = reinterpret_cast<cmsghdr*>(controls + header.msg_controllen);
  control->cmsg_level = SOL_UDP;
  control->cmsg_type = UDP_SEGMENT;
  control->cmsg_len = CMSG_LEN(sizeof(uint16_t));
  const uint16_t size = static_cast<uint16_t>(datagram.length);
  std::memcpy(CMSG_DATA(control), &size, sizeof(size));
  header.msg_controllen += CMSG_SPACE(sizeof(uint16_t));
}

int SendBatch::Send(int fd, const OutgoingDatagram* datagrams, int count) {
  count = std::min(count, kMost);
  int messages = 0;
  for (int first = 0; first < count; first += runs_[messages++]) {
    runs_[messages] = RunLength(datagrams + first, count - first);
    Fill(messages, datagrams, first, runs_[messages]);
  }
  // More are waiting behind a full batch: a run that its end has cut short leaves with them.
  const int last_run = runs_[messages - 1];
  if (count == kMost && messages > 1 && last_run > 1 && last_run < kMostSegments) --messages;
  const int sent = SendMessages(fd, messages_, messages);
  if (sent > 0) {
    int datagrams_sent = 0;
    for (int i = 0; i < sent; ++i) {
      datagrams_sent += runs_[i];
      if (runs_[i] > 1) refusals_.NoteTaken();
    }
    return datagrams_sent;
  }
  if (runs_[0] == 1 || !MayBeTheSegmenting(-sent)) return sent;
  const int alone = SendOneByOne(fd, datagrams, runs_[0]);
  // It was: nothing of this length will pass there. (EIO: nothing at all.)
  if (alone > 0) refusals_.NoteRefused(datagrams[0], sent != -EMSGSIZE && sent != -EINVAL);
  return alone;
}

int SendBatch::SendOneByOne(int fd, const OutgoingDatagram* datagrams, int count) {
  for (int i = 0; i < count; ++i) Fill(i, datagrams, i, 1);
  return SendMessages(fd, messages_, count);
}

}  // namespace hpsocket::core
