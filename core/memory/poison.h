// Internal to core.
//
// Tells AddressSanitizer that bytes which we keep are nobody's at the moment: touching them is then
// reported like a use after free. Nothing in other builds.
//
// Threads:  any.
#ifndef HPSOCKET_CORE_MEMORY_POISON_H_
#define HPSOCKET_CORE_MEMORY_POISON_H_

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define HPSOCKET_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HPSOCKET_ADDRESS_SANITIZER 1
#endif
#endif

#ifdef HPSOCKET_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#endif

namespace hpsocket::core {

#ifdef HPSOCKET_ADDRESS_SANITIZER
inline void PoisonMemory(const void* first, size_t bytes) { __asan_poison_memory_region(first, bytes); }
inline void UnpoisonMemory(const void* first, size_t bytes) { __asan_unpoison_memory_region(first, bytes); }
// Always false where there is no AddressSanitizer.
inline bool IsPoisoned(const void* address) { return __asan_address_is_poisoned(address) != 0; }
inline constexpr bool kPoisons = true;
#else
inline void PoisonMemory(const void*, size_t) {}
inline void UnpoisonMemory(const void*, size_t) {}
inline bool IsPoisoned(const void*) { return false; }
inline constexpr bool kPoisons = false;
#endif

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_MEMORY_POISON_H_
