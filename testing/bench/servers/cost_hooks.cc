// The functions that code compiled with -fsanitize=thread calls, by the names that GCC gives them, and those
// to which the linker sends calls of allocators and locks. Each counts and does what was asked for.
#include "hpsocket/testing/bench/servers/cost_hooks.h"

#include <pthread.h>

#include <cstddef>
#include <cstdint>

using hpsocket::bench::Cost;

// NOLINTBEGIN: names and shapes are the compiler's and the linker's.
#define COUNT(cost, address) hpsocket::bench::Count(cost, address, __builtin_frame_address(0))

#define PLAIN(size)                                                                \
  void __tsan_read##size(void* address) { COUNT(Cost::kRead, address); }           \
  void __tsan_write##size(void* address) { COUNT(Cost::kWrite, address); }         \
  void __tsan_unaligned_read##size(void* address) { COUNT(Cost::kRead, address); } \
  void __tsan_unaligned_write##size(void* address) { COUNT(Cost::kWrite, address); }

#define FETCH(bits, name)                                                                                  \
  uint##bits##_t __tsan_atomic##bits##_fetch_##name(volatile void* address, uint##bits##_t value, int) {   \
    COUNT(Cost::kReadModifyWrite, const_cast<const void*>(address));                                       \
    return __atomic_fetch_##name(static_cast<volatile uint##bits##_t*>(address), value, __ATOMIC_SEQ_CST); \
  }

#define EXCHANGE_IF_EQUAL(bits, name, weak)                                                 \
  int __tsan_atomic##bits##_compare_exchange_##name(volatile void* address, void* expected, \
                                                    uint##bits##_t value, int, int) {       \
    COUNT(Cost::kReadModifyWrite, const_cast<const void*>(address));                        \
    return __atomic_compare_exchange_n(static_cast<volatile uint##bits##_t*>(address),      \
                                       static_cast<uint##bits##_t*>(expected), value, weak, \
                                       __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);                 \
  }

#define ATOMIC(bits)                                                                                     \
  uint##bits##_t __tsan_atomic##bits##_load(const volatile void* address, int) {                         \
    COUNT(Cost::kRead, const_cast<const void*>(address));                                                \
    return __atomic_load_n(static_cast<const volatile uint##bits##_t*>(address), __ATOMIC_SEQ_CST);      \
  }                                                                                                      \
  void __tsan_atomic##bits##_store(volatile void* address, uint##bits##_t value, int) {                  \
    COUNT(Cost::kWrite, const_cast<const void*>(address));                                               \
    __atomic_store_n(static_cast<volatile uint##bits##_t*>(address), value, __ATOMIC_SEQ_CST);           \
  }                                                                                                      \
  uint##bits##_t __tsan_atomic##bits##_exchange(volatile void* address, uint##bits##_t value, int) {     \
    COUNT(Cost::kReadModifyWrite, const_cast<const void*>(address));                                     \
    return __atomic_exchange_n(static_cast<volatile uint##bits##_t*>(address), value, __ATOMIC_SEQ_CST); \
  }                                                                                                      \
  FETCH(bits, add)                                                                                       \
  FETCH(bits, sub)                                                                                       \
  FETCH(bits, and)                                                                                       \
  FETCH(bits, or)                                                                                        \
  FETCH(bits, xor)                                                                                       \
  EXCHANGE_IF_EQUAL(bits, strong, false)                                                                 \
  EXCHANGE_IF_EQUAL(bits, weak, true)

extern "C" {

void __tsan_init() {}
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}
void __tsan_acquire(void*) {}
void __tsan_release(void*) {}
void __tsan_vptr_update(void** address, void*) { COUNT(Cost::kWrite, address); }
void __tsan_read_range(void* address, size_t) { COUNT(Cost::kRead, address); }
void __tsan_write_range(void* address, size_t) { COUNT(Cost::kWrite, address); }
void __tsan_atomic_thread_fence(int) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
void __tsan_atomic_signal_fence(int) { __atomic_signal_fence(__ATOMIC_SEQ_CST); }

PLAIN(1)
PLAIN(2)
PLAIN(4)
PLAIN(8)
PLAIN(16)
ATOMIC(8)
ATOMIC(16)
ATOMIC(32)
ATOMIC(64)

#define ALLOCATOR(name, parameters, arguments) \
  void* __real_##name parameters;              \
  void* __wrap_##name parameters {             \
    COUNT(Cost::kAllocation, nullptr);         \
    return __real_##name arguments;            \
  }

ALLOCATOR(malloc, (size_t bytes), (bytes))
ALLOCATOR(calloc, (size_t count, size_t bytes), (count, bytes))
ALLOCATOR(realloc, (void* place, size_t bytes), (place, bytes))
ALLOCATOR(mi_malloc, (size_t bytes), (bytes))
ALLOCATOR(mi_heap_malloc, (void* heap, size_t bytes), (heap, bytes))
ALLOCATOR(_Znwm, (size_t bytes), (bytes))
ALLOCATOR(_Znam, (size_t bytes), (bytes))

int __real_pthread_mutex_lock(pthread_mutex_t* mutex);
int __wrap_pthread_mutex_lock(pthread_mutex_t* mutex) {
  COUNT(Cost::kLock, mutex);
  return __real_pthread_mutex_lock(mutex);
}

}  // extern "C"
// NOLINTEND
