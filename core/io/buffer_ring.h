// Internal to core.
//
// A group of receive buffers that the kernel takes from by itself when data comes ("provided
// buffers"). The kernel is not given all of them at once but a stock that follows the demand: the
// buffers in use stay few, so in the cache, and memory is touched only when a burst needs it.
//
// Threads:  the port's worker only.
// Owner:    of the buffers' memory and of the ring that it shares with the kernel.
// Lifetime: outlives every lease, and every receive that names the group.
// Errors:   Open() gives -errno.
// Units:    bytes.
#ifndef HPSOCKET_CORE_IO_BUFFER_RING_H_
#define HPSOCKET_CORE_IO_BUFFER_RING_H_

#include <liburing.h>

#include <cstddef>
#include <cstdint>
#include <memory>

#include "hpsocket/core/memory/receive_buffer.h"

namespace hpsocket::core {

class BufferRing final : public BufferHome {
 public:
  // What the stock starts with.
  static constexpr uint32_t kFirstStock = 128;

  // `count` buffers (2 .. 32768) of `size` bytes each; half of them may be leased.
  BufferRing(uint16_t group, uint32_t size, uint32_t count);
  BufferRing(const BufferRing&) = delete;
  BufferRing& operator=(const BufferRing&) = delete;
  ~BufferRing();

  // Once, and then Publish() before the first receive. May wait about a second for the memory of rings that
  // have just gone; OpenNow() does not. 0 or a negative errno.
  int Open(io_uring* ring);
  int OpenNow(io_uring* ring);

  // The buffer that the kernel has filled with `length` bytes, in the caller's hands from now on:
  // BeginDelivery() and EndDelivery() send it home. With length 0 it goes home at once: null.
  ReceiveBuffer* Take(uint32_t id, uint32_t length);

  // Hands the kernel what came home, up to the stock. Once per round, before entering the kernel.
  void Publish();

  // The kernel had none left.
  void ReportShortage() { grow_ = true; }

  // Buffers that the kernel has, as far as we were told.
  uint32_t stock() const { return stock_; }
  uint32_t size() const { return size_; }
  uint16_t group() const { return group_; }
  // Whether every buffer is here or with the kernel.
  bool complete() const { return stock_ + home_count_ == count_; }
  // Memory that was ever used.
  uint64_t bytes() const { return static_cast<uint64_t>(used_) * size_; }

  void Recycle(ReceiveBuffer* buffer) override;

 private:
  int Prepare();
  int Register(io_uring* ring);

  const uint16_t group_;
  const uint32_t size_;
  const uint32_t count_;
  const uint32_t slots_;  // of the shared ring: a power of two

  uint8_t* memory_ = nullptr;
  io_uring_buf_ring* shared_ = nullptr;  // with the kernel
  std::unique_ptr<ReceiveBuffer[]> buffers_;
  std::unique_ptr<uint16_t[]> home_;  // buffers that are here; the hottest last
  uint32_t home_count_ = 0;

  uint32_t stock_ = 0;
  uint32_t wanted_stock_;
  uint32_t taken_ = 0;  // since the last Publish()
  uint32_t used_ = 0;   // buffers that the kernel ever had
  bool grow_ = false;
};

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_BUFFER_RING_H_
