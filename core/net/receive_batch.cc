#include "hpsocket/core/net/receive_batch.h"

#include <netinet/udp.h>

#include <algorithm>
#include <cstring>

#include "hpsocket/core/net/local_address.h"

namespace hpsocket::core {
namespace {

// The longest message that the kernel makes, and a little: beginnings of slots that are a power of two apart
// would push each other out of the caches.
constexpr uint32_t kRoomOfMessage = (64 << 10) + (1 << 10);

void ReadControls(const mmsghdr& filled, ReceiveBatch::Message* message) {
  msghdr header = filled.msg_hdr;  // the C interface lacks the const
  for (cmsghdr* control = CMSG_FIRSTHDR(&header); control != nullptr;
       control = CMSG_NXTHDR(&header, control)) {
    if (control->cmsg_level == SOL_UDP && control->cmsg_type == UDP_GRO) {
      int segment = 0;
      std::memcpy(&segment, CMSG_DATA(control), sizeof(segment));
      if (segment > 0) message->segment = static_cast<uint32_t>(segment);
    } else if (const Address local = ReadLocalAddress(*control); local.valid()) {
      message->to = local;
    }
  }
}

// As ReadControls() reads it. The place is large enough.
void WriteControls(const Address& to, int segment, msghdr* header) {
  header->msg_controllen = 0;
  auto* const begin = static_cast<char*>(header->msg_control);
  if (to.valid()) header->msg_controllen = WriteLocalAddress(to, reinterpret_cast<cmsghdr*>(begin));
  if (segment == 0) return;
  auto* const control = reinterpret_cast<cmsghdr*>(begin + header->msg_controllen);
  control->cmsg_level = SOL_UDP;
  control->cmsg_type = UDP_GRO;
  control->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(control), &segment, sizeof(segment));
  header->msg_controllen += CMSG_SPACE(sizeof(int));
}

}  // namespace

ReceiveBatch::ReceiveBatch(uint32_t count, uint32_t size, Slots slots, bool addressed)
    : size_(size),
      kind_(slots),
      headers_(count),
      slots_(count),
      names_(count),
      controls_(slots == Slots::kMessage || addressed ? count : 0) {
  const uint32_t room = slots == Slots::kMessage ? kRoomOfMessage : size;
  bytes_ = std::make_unique_for_overwrite<uint8_t[]>(size_t{count} * room);
  for (uint32_t i = 0; i < count; ++i) {
    slots_[i] = {bytes_.get() + size_t{i} * room, room};
    msghdr& header = headers_[i].msg_hdr;
    header = {};
    header.msg_iov = &slots_[i];
    header.msg_iovlen = 1;
    header.msg_name = &names_[i];
    header.msg_namelen = sizeof(Name);
    if (controls_.empty()) continue;
    header.msg_control = controls_[i].bytes;
    header.msg_controllen = sizeof(Control);
  }
}

mmsghdr* ReceiveBatch::Prepare() {
  for (uint32_t i = 0; i < filled_; ++i) {
    headers_[i].msg_hdr.msg_namelen = sizeof(Name);
    if (!controls_.empty()) headers_[i].msg_hdr.msg_controllen = sizeof(Control);
  }
  filled_ = 0;
  return headers_.data();
}

ReceiveBatch::Message ReceiveBatch::at(uint32_t index) const {
  const mmsghdr& header = headers_[index];
  Message message{
      static_cast<const uint8_t*>(slots_[index].iov_base),
      header.msg_len,
      header.msg_len,
      (header.msg_hdr.msg_flags & MSG_TRUNC) != 0,
      Address::FromSockaddr(reinterpret_cast<const sockaddr*>(&names_[index]), header.msg_hdr.msg_namelen),
      Address()};
  if (!controls_.empty()) ReadControls(header, &message);
  return message;
}

bool ReceiveBatch::IsRun(uint32_t count) const {
  if (count < kShortestRun) return false;
  const mmsghdr& first = headers_[0];
  const auto is_like_first = [&](uint32_t index) {
    const mmsghdr& other = headers_[index];
    return other.msg_len == first.msg_len && other.msg_hdr.msg_namelen == first.msg_hdr.msg_namelen &&
           std::memcmp(&names_[index], &names_[0], first.msg_hdr.msg_namelen) == 0;
  };
  return first.msg_len != 0 && is_like_first(1) && is_like_first(count / 2) && is_like_first(count - 1);
}

void ReceiveBatch::Put(uint32_t index, const Address& from, const uint8_t* data, size_t length,
                       const Address& to) {
  mmsghdr& header = headers_[index];
  const size_t kept = std::min(length, slots_[index].iov_len);
  if (kept != 0) std::memcpy(slots_[index].iov_base, data, kept);
  header.msg_len = static_cast<unsigned>(kept);
  header.msg_hdr.msg_flags = kept < length ? MSG_TRUNC : 0;
  std::memcpy(&names_[index], from.get(), from.length());
  header.msg_hdr.msg_namelen = from.length();
  if (!controls_.empty()) WriteControls(to, 0, &header.msg_hdr);
}

bool ReceiveBatch::Append(uint32_t index, const Address& from, const uint8_t* data, size_t length) {
  const Message message = at(index);
  mmsghdr& header = headers_[index];
  if (!holds_messages() || length == 0 || message.length == 0 || !(message.from == from)) return false;
  // A shorter one is the last.
  if (length > message.segment || message.length % message.segment != 0) return false;
  if (message.length + length > kRoomOfMessage) return false;
  std::memcpy(static_cast<uint8_t*>(slots_[index].iov_base) + message.length, data, length);
  header.msg_len += static_cast<unsigned>(length);
  WriteControls(message.to, static_cast<int>(message.segment), &header.msg_hdr);
  return true;
}

size_t ReceiveBatch::memory_bytes() const {
  const size_t room = slots_.empty() ? 0 : slots_[0].iov_len;
  return headers_.size() * (sizeof(mmsghdr) + sizeof(iovec) + sizeof(Name) + room) +
         controls_.size() * sizeof(Control);
}

}  // namespace hpsocket::core
