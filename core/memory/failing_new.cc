#include "hpsocket/core/memory/failing_new.h"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace hpsocket::core {
namespace {

constexpr int64_t kOff = INT64_MAX;

std::atomic<int64_t> left{kOff};  // before the one that fails; negative: it has failed
std::atomic<int64_t> live{0};
thread_local int tests_own = 0;

bool MustFail() {
  if (tests_own > 0 || left.load(std::memory_order_relaxed) == kOff) return false;
  return left.fetch_sub(1) == 0;
}

void* Allocate(std::size_t bytes, std::size_t alignment) {
  if (MustFail()) return nullptr;
  void* place = nullptr;
  if (alignment <= alignof(std::max_align_t)) {
    place = std::malloc(bytes == 0 ? 1 : bytes);
  } else if (posix_memalign(&place, alignment, bytes == 0 ? 1 : bytes) != 0) {
    place = nullptr;
  }
  if (place != nullptr) live.fetch_add(1, std::memory_order_relaxed);
  return place;
}

void* AllocateOrThrow(std::size_t bytes, std::size_t alignment) {
  void* const place = Allocate(bytes, alignment);
  if (place == nullptr) throw std::bad_alloc();
  return place;
}

void Free(void* place) {
  if (place == nullptr) return;
  live.fetch_sub(1, std::memory_order_relaxed);
  std::free(place);
}

constexpr std::size_t kPlain = alignof(std::max_align_t);

}  // namespace

void FailOneNewForTest(int64_t skip) { left.store(skip); }

bool EndFailingNewForTest() { return left.exchange(kOff) < 0; }

int64_t LiveNewsForTest() { return live.load(); }

TestsOwnNew::TestsOwnNew() { ++tests_own; }
TestsOwnNew::~TestsOwnNew() { --tests_own; }

}  // namespace hpsocket::core

using hpsocket::core::Allocate;
using hpsocket::core::AllocateOrThrow;
using hpsocket::core::Free;
using hpsocket::core::kPlain;

void* operator new(std::size_t bytes) { return AllocateOrThrow(bytes, kPlain); }
void* operator new[](std::size_t bytes) { return AllocateOrThrow(bytes, kPlain); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept { return Allocate(bytes, kPlain); }
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept { return Allocate(bytes, kPlain); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return AllocateOrThrow(bytes, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t bytes, std::align_val_t alignment) {
  return AllocateOrThrow(bytes, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t bytes, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return Allocate(bytes, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t bytes, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return Allocate(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* place) noexcept { Free(place); }
void operator delete[](void* place) noexcept { Free(place); }
void operator delete(void* place, std::size_t) noexcept { Free(place); }
void operator delete[](void* place, std::size_t) noexcept { Free(place); }
void operator delete(void* place, const std::nothrow_t&) noexcept { Free(place); }
void operator delete[](void* place, const std::nothrow_t&) noexcept { Free(place); }
void operator delete(void* place, std::align_val_t) noexcept { Free(place); }
void operator delete[](void* place, std::align_val_t) noexcept { Free(place); }
void operator delete(void* place, std::size_t, std::align_val_t) noexcept { Free(place); }
void operator delete[](void* place, std::size_t, std::align_val_t) noexcept { Free(place); }
void operator delete(void* place, std::align_val_t, const std::nothrow_t&) noexcept { Free(place); }
void operator delete[](void* place, std::align_val_t, const std::nothrow_t&) noexcept { Free(place); }
