// Internal to core. Tests only.
//
// The receive buffers of a FakePort. While a buffer is at home its bytes are poisoned for
// AddressSanitizer and carry a pattern that is checked when it goes out again; while it is out, the
// bytes that were received must stay as they came.
//
// Threads:  the port's worker, which is the world's one thread.
// Owner:    the port.
// Lifetime: destroyed with every buffer at home.
#ifndef HPSOCKET_CORE_IO_FAKE_BUFFERS_H_
#define HPSOCKET_CORE_IO_FAKE_BUFFERS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "hpsocket/core/memory/receive_buffer.h"

namespace hpsocket::core {

class FakeBuffers final : public BufferHome {
 public:
  // `recycled` is called whenever a buffer has come home.
  FakeBuffers(uint32_t size, uint32_t count, std::function<void()> recycled);
  FakeBuffers(const FakeBuffers&) = delete;
  FakeBuffers& operator=(const FakeBuffers&) = delete;
  ~FakeBuffers();

  // Null when all are out. The caller fills it, seals it and delivers it.
  ReceiveBuffer* Take();
  // Remembers what the buffer holds, to be compared when it comes home.
  void Seal(ReceiveBuffer& buffer);

  size_t out() const { return slots_.size() - free_.size(); }
  uint64_t bytes() const { return slots_.size() * size_; }

  void Recycle(ReceiveBuffer* buffer) override;

 private:
  struct Slot {
    ReceiveBuffer buffer;
    std::unique_ptr<uint8_t[]> data;
    uint64_t seal = 0;
  };

  void GoHome(uint32_t id);

  const uint32_t size_;
  const uint32_t count_;
  const std::function<void()> recycled_;
  std::vector<std::unique_ptr<Slot>> slots_;  // made when first needed
  std::vector<uint32_t> free_;
};

// A hash of memory that must not change.
uint64_t FakeChecksum(uint64_t seed, const void* data, size_t length);

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_IO_FAKE_BUFFERS_H_
