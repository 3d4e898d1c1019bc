#include "hpsocket/core/io/shared_buffers.h"

#include <sys/mman.h>

#include <algorithm>

#include "absl/base/attributes.h"
#include "hpsocket/core/memory/poison.h"

namespace hpsocket::core {

SharedBuffers::SharedBuffers(uint32_t size, uint32_t count)
    : BufferHome(std::max(count, 2u) / 2), size_(size), buffers_(std::max(count, 2u)) {
  free_.reserve(buffers_.size());
}

SharedBuffers::~SharedBuffers() {
  HP_CHECK(free_.size() == made_);  // no lease is out
  for (const ReceiveBuffer* buffer : free_) {
    UnpoisonMemory(buffer->data(), size_);
    munmap(buffer->data(), size_);
  }
}

ABSL_ATTRIBUTE_HOT ReceiveBuffer* SharedBuffers::Take() {
  ReceiveBuffer* buffer = nullptr;
  if (free_.empty()) {
    buffer = Make();
    if (buffer == nullptr) return nullptr;
  } else {
    buffer = free_.back();
    free_.pop_back();
    UnpoisonMemory(buffer->data(), size_);
  }
  buffer->BeginDelivery();
  return buffer;
}

bool SharedBuffers::Prepare() {
  if (!free_.empty()) return true;
  ReceiveBuffer* const buffer = Make();
  if (buffer != nullptr) Recycle(buffer);
  return buffer != nullptr;
}

ABSL_ATTRIBUTE_HOT void SharedBuffers::Recycle(ReceiveBuffer* buffer) {
  // So that a listener that reads later what it was shown once is found.
  PoisonMemory(buffer->data(), size_);
  free_.push_back(buffer);
}

ReceiveBuffer* SharedBuffers::Make() {
  if (starved_ || made_ == buffers_.size()) return nullptr;
  void* memory = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  starved_ = memory == MAP_FAILED;
  if (starved_) return nullptr;
  ReceiveBuffer* buffer = &buffers_[made_];
  buffer->Init(this, static_cast<uint8_t*>(memory), size_, static_cast<uint32_t>(made_));
  ++made_;
  return buffer;
}

}  // namespace hpsocket::core
