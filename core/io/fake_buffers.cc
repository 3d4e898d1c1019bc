#include "hpsocket/core/io/fake_buffers.h"

#include <cstring>

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "hpsocket/core/memory/poison.h"

namespace hpsocket::core {
namespace {

constexpr uint8_t kPattern = 0xdb;

bool HoldsPattern(const uint8_t* data, size_t length) {
  return data[0] == kPattern && std::memcmp(data, data + 1, length - 1) == 0;
}

}  // namespace

uint64_t FakeChecksum(uint64_t seed, const void* data, size_t length) {
  return absl::HashOf(seed, absl::string_view(static_cast<const char*>(data), length));
}

FakeBuffers::FakeBuffers(uint32_t size, uint32_t count, std::function<void()> recycled)
    : BufferHome(count / 2), size_(size), count_(count), recycled_(std::move(recycled)) {
  HP_CHECK(size > 0 && count > 0);
}

FakeBuffers::~FakeBuffers() {
  if (leased() != 0) HP_FATAL("a port was destroyed while a lease on a buffer of it is out");
  HP_CHECK(out() == 0);
  for (const auto& slot : slots_) {
    UnpoisonMemory(slot->data.get(), size_);
    if (!HoldsPattern(slot->data.get(), size_))
      HP_FATAL("a receive buffer was written after it had been given back");
  }
}

ReceiveBuffer* FakeBuffers::Take() {
  if (free_.empty()) {
    if (slots_.size() == count_) return nullptr;
    auto slot = std::make_unique<Slot>();
    slot->data = std::make_unique<uint8_t[]>(size_);
    slot->buffer.Init(this, slot->data.get(), size_, static_cast<uint32_t>(slots_.size()));
    slots_.push_back(std::move(slot));
    GoHome(static_cast<uint32_t>(slots_.size() - 1));
  }
  // The one that has been at home longest: late writes have had time to happen.
  Slot& slot = *slots_[free_.front()];
  free_.erase(free_.begin());
  UnpoisonMemory(slot.data.get(), size_);
  if (!HoldsPattern(slot.data.get(), size_))
    HP_FATAL("a receive buffer was written after it had been given back");
  return &slot.buffer;
}

void FakeBuffers::Seal(ReceiveBuffer& buffer) {
  slots_[buffer.id()]->seal = FakeChecksum(0, buffer.data(), size_);
}

void FakeBuffers::Recycle(ReceiveBuffer* buffer) {
  if (slots_[buffer->id()]->seal != FakeChecksum(0, buffer->data(), size_)) {
    HP_FATAL("received bytes were changed while their buffer was out");
  }
  GoHome(buffer->id());
  recycled_();
}

void FakeBuffers::GoHome(uint32_t id) {
  std::memset(slots_[id]->data.get(), kPattern, size_);
  PoisonMemory(slots_[id]->data.get(), size_);
  free_.push_back(id);
}

}  // namespace hpsocket::core
