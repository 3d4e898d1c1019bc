// Internal to core.
//
// The few large receive buffers of a port that reads by system call: the one that came home last,
// and so is still in the cache, is used for the next read. Normally that is always the same one;
// others are needed only while leases keep buffers away.
//
// Threads:  the port's worker only.
// Lifetime: outlives every lease.
// Units:    bytes.
#ifndef HPSOCKET_CORE_IO_SHARED_BUFFERS_H_
#define HPSOCKET_CORE_IO_SHARED_BUFFERS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hpsocket/core/memory/receive_buffer.h"

namespace hpsocket::core {

class SharedBuffers final : public BufferHome {
 public:
  // At most `count` buffers (two at least) of `size` bytes each; half of them may be leased. Memory
  // comes from the system when a buffer is used for the first time.
  SharedBuffers(uint32_t size, uint32_t count);
  SharedBuffers(const SharedBuffers&) = delete;
  SharedBuffers& operator=(const SharedBuffers&) = delete;
  ~SharedBuffers() override;

  // The hottest free buffer, its delivery begun; EndDelivery() gives it back. Null: all are away, or there is
  // no memory for another one.
  ReceiveBuffer* Take();
  // Whether Take() gives one.
  bool Prepare();
  // Whether it may.
  bool available() const { return !free_.empty() || (!starved_ && made_ < buffers_.size()); }
  // There was no memory for another one. Take() asks the system again only after TryAgain(): asking in every
  // round would make the shortage worse.
  bool starved() const { return starved_; }
  void TryAgain() { starved_ = false; }

  uint64_t bytes() const { return static_cast<uint64_t>(made_) * size_; }

  void Recycle(ReceiveBuffer* buffer) override;

 private:
  ReceiveBuffer* Make();

  const uint32_t size_;
  size_t made_ = 0;  // buffers that have memory
  bool starved_ = false;
  std::vector<ReceiveBuffer> buffers_;  // never grows: leases point into it
  std::vector<ReceiveBuffer*> free_;    // the hottest last
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_SHARED_BUFFERS_H_
