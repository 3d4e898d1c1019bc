// Internal to core.
//
// The library's few messages to its operator: one line each, once per cause, to stderr or to the
// handler that the application set. Nothing is logged per connection or per message.
//
// Threads:  any; the handler is called on the thread that logs, one call at a time.
#ifndef HPSOCKET_CORE_BASE_LOG_H_
#define HPSOCKET_CORE_BASE_LOG_H_

#include <string>

namespace hpsocket::core {

enum class LogLevel { kInfo = 0, kWarning = 1, kError = 2 };

using LogFunction = void (*)(int level, const char* message, void* user);

// Null restores the default: warnings and errors, and the one line that says which port is used, to stderr.
void SetLogFunction(LogFunction function, void* user);

void Log(LogLevel level, const std::string& message);

// Logs `message` only the first time `cause` is seen in this process.
void LogOnce(LogLevel level, const std::string& cause, const std::string& message);

// Runs `say`, which makes the texts and logs them, for who has to go on regardless: where there is no memory
// for that, or the application's handler throws, nothing comes of it.
template <class Say>
void LogIfPossible(const Say& say) noexcept {
  try {
    say();
  } catch (...) {  // there is nobody else to tell
  }
}

}  // namespace hpsocket::core

#endif  // HPSOCKET_CORE_BASE_LOG_H_
