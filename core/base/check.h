// Internal to core.
//
// HP_CHECK stops the program on a broken invariant, in every build, with the place and the reason.
// It is for programmer errors only: what a peer, the kernel or an argument can cause is handled.
//
// Threads:  any.
#ifndef HPSOCKET_CORE_BASE_CHECK_H_
#define HPSOCKET_CORE_BASE_CHECK_H_

namespace hpsocket::core {

// Prints "file:line: what" through the log's last-resort path and aborts.
[[noreturn]] void Fatal(const char* file, int line, const char* what);

}  // namespace hpsocket::core

#define HP_CHECK(condition)                          \
  (__builtin_expect(static_cast<bool>(condition), 1) \
       ? (void)0                                     \
       : ::hpsocket::core::Fatal(__FILE__, __LINE__, #condition))

#define HP_FATAL(message) ::hpsocket::core::Fatal(__FILE__, __LINE__, message)

// Checks that cost something on the hot path; on in builds without NDEBUG.
#ifdef NDEBUG
#define HP_DCHECK(condition) ((void)0)
#else
#define HP_DCHECK(condition) HP_CHECK(condition)
#endif

#endif  // HPSOCKET_CORE_BASE_CHECK_H_
