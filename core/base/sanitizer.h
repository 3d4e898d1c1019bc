// Internal to core.
//
// What ThreadSanitizer cannot see because the kernel carries it: that whoever learns of a completion
// comes after whoever submitted the operation. Nothing in other builds. Poisoning for
// AddressSanitizer is core/memory/poison.h.
//
// Threads:  any.
#ifndef HPSOCKET_CORE_BASE_SANITIZER_H_
#define HPSOCKET_CORE_BASE_SANITIZER_H_

#if defined(__SANITIZE_THREAD__)
#define HPSOCKET_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HPSOCKET_THREAD_SANITIZER 1
#endif
#endif

#ifdef HPSOCKET_THREAD_SANITIZER
#include <sanitizer/tsan_interface.h>
#define HP_TSAN_RELEASE(address) __tsan_release(address)
#define HP_TSAN_ACQUIRE(address) __tsan_acquire(address)
#else
#define HP_TSAN_RELEASE(address) ((void)(address))
#define HP_TSAN_ACQUIRE(address) ((void)(address))
#endif

#endif  // HPSOCKET_CORE_BASE_SANITIZER_H_
