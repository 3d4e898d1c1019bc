#include "hpsocket/core/io/buffer_ring.h"

#include <errno.h>
#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

#include "absl/base/attributes.h"
#include "hpsocket/core/io/uring_memory.h"
#include "hpsocket/core/memory/poison.h"

namespace hpsocket::core {
namespace {

constexpr uint32_t kMostBuffers = 32768;

// Where we look for stray writes, a buffer is filled with this before the kernel gets it.
constexpr uint8_t kPattern = 0xa5;

// Not shared with children of fork(): they never need it, and it spares copying pages that the kernel writes
// to.
void* Map(size_t bytes) {
  void* memory =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  madvise(memory, bytes, MADV_DONTFORK);
  return memory;
}

void Seal([[maybe_unused]] ReceiveBuffer& buffer) {
  if constexpr (kPoisons) {
    UnpoisonMemory(buffer.data(), buffer.capacity());
    std::memset(buffer.data(), kPattern, buffer.capacity());
    PoisonMemory(buffer.data(), buffer.capacity());
  }
}

// Nobody but the kernel, and it only the first `length` bytes, has written since Seal().
void Unseal(ReceiveBuffer& buffer, uint32_t length) {
  UnpoisonMemory(buffer.data(), buffer.capacity());
  if constexpr (kPoisons) {
    HP_CHECK(std::all_of(buffer.data() + length, buffer.data() + buffer.capacity(),
                         [](uint8_t byte) { return byte == kPattern; }));
  }
}

}  // namespace

BufferRing::BufferRing(uint16_t group, uint32_t size, uint32_t count)
    : BufferHome(std::clamp(count, 2u, kMostBuffers) / 2),
      group_(group),
      size_(size),
      count_(std::clamp(count, 2u, kMostBuffers)),
      slots_(std::bit_ceil(count_)),
      wanted_stock_(std::min(count_, kFirstStock)) {}

BufferRing::~BufferRing() {
  if (memory_ != nullptr) {
    HP_CHECK(complete());  // no lease is out
    UnpoisonMemory(memory_, static_cast<size_t>(size_) * count_);
    munmap(memory_, static_cast<size_t>(size_) * count_);
  }
  // The kernel holds the pages of the shared ring by itself until it has let go of the ring.
  if (shared_ != nullptr) munmap(shared_, slots_ * sizeof(io_uring_buf));
}

int BufferRing::Open(io_uring* ring) {
  const int result = Prepare();
  return result < 0 ? result : RetryWhileRingsGo([&] { return Register(ring); });
}

int BufferRing::OpenNow(io_uring* ring) {
  const int result = Prepare();
  return result < 0 ? result : Register(ring);
}

int BufferRing::Prepare() {
  HP_CHECK(memory_ == nullptr);
  memory_ = static_cast<uint8_t*>(Map(static_cast<size_t>(size_) * count_));
  shared_ = static_cast<io_uring_buf_ring*>(Map(slots_ * sizeof(io_uring_buf)));
  home_count_ = count_;  // none is away
  if (memory_ == nullptr || shared_ == nullptr) return -ENOMEM;
  try {
    buffers_ = std::make_unique<ReceiveBuffer[]>(count_);
    home_ = std::make_unique<uint16_t[]>(count_);
  } catch (const std::bad_alloc&) {
    return -ENOMEM;
  }
  for (uint32_t id = 0; id < count_; ++id) {
    buffers_[id].Init(this, memory_ + static_cast<size_t>(id) * size_, size_, id);
    home_[id] = static_cast<uint16_t>(count_ - 1 - id);
  }
  return 0;
}

int BufferRing::Register(io_uring* ring) {
  io_uring_buf_reg registration{};
  registration.ring_addr = static_cast<uint64_t>(reinterpret_cast<uintptr_t>(shared_));
  registration.ring_entries = slots_;
  registration.bgid = group_;
  return io_uring_register_buf_ring(ring, &registration, 0);
}

ABSL_ATTRIBUTE_HOT ReceiveBuffer* BufferRing::Take(uint32_t id, uint32_t length) {
  HP_CHECK(id < count_ && stock_ > 0 && length <= size_);
  --stock_;
  ++taken_;
  ReceiveBuffer& buffer = buffers_[id];
  Unseal(buffer, length);
  if (length > 0) return &buffer;
  Recycle(&buffer);
  return nullptr;
}

ABSL_ATTRIBUTE_HOT void BufferRing::Publish() {
  // Twice what one round takes, so that the next one may be larger.
  if (grow_ || taken_ > wanted_stock_ / 2) wanted_stock_ = std::min(count_, wanted_stock_ * 2);
  grow_ = false;
  taken_ = 0;
  if (stock_ >= wanted_stock_ || home_count_ == 0) return;
  const int mask = io_uring_buf_ring_mask(slots_);
  int added = 0;
  while (stock_ < wanted_stock_ && home_count_ > 0) {
    ReceiveBuffer& buffer = buffers_[home_[--home_count_]];
    Seal(buffer);
    io_uring_buf_ring_add(shared_, buffer.data(), size_, static_cast<uint16_t>(buffer.id()), mask, added++);
    ++stock_;
  }
  used_ = std::max(used_, count_ - home_count_);
  io_uring_buf_ring_advance(shared_, added);
}

ABSL_ATTRIBUTE_HOT void BufferRing::Recycle(ReceiveBuffer* buffer) {
  PoisonMemory(buffer->data(), buffer->capacity());
  home_[home_count_++] = static_cast<uint16_t>(buffer->id());
}

}  // namespace hpsocket::core
