#include "hpsocket/core/base/log.h"

#include <cstdio>
#include <set>

#include "hpsocket/core/base/mutex.h"

namespace hpsocket::core {
namespace {

struct LogState {
  Mutex mutex;
  LogFunction function ABSL_GUARDED_BY(mutex) = nullptr;
  void* user ABSL_GUARDED_BY(mutex) = nullptr;
  std::set<std::string> seen ABSL_GUARDED_BY(mutex);
};

// Leaked: threads of a component that is a global may log after static destructors have run.
LogState& State() {
  static LogState& state = *new LogState;
  return state;
}

void Write(LogState& state, LogLevel level, const std::string& message)
    ABSL_EXCLUSIVE_LOCKS_REQUIRED(state.mutex) {
  if (state.function != nullptr) {
    state.function(static_cast<int>(level), message.c_str(), state.user);
    return;
  }
  static constexpr const char* kNames[] = {"info", "warning", "error"};
  std::fprintf(stderr, "hpsocket: %s: %s\n", kNames[static_cast<int>(level)], message.c_str());
}

}  // namespace

void SetLogFunction(LogFunction function, void* user) {
  LogState& state = State();
  MutexLock lock(state.mutex);
  state.function = function;
  state.user = user;
}

void Log(LogLevel level, const std::string& message) {
  LogState& state = State();
  MutexLock lock(state.mutex);
  Write(state, level, message);
}

void LogOnce(LogLevel level, const std::string& cause, const std::string& message) {
  LogState& state = State();
  MutexLock lock(state.mutex);
  if (state.seen.insert(cause).second) Write(state, level, message);
}

}  // namespace hpsocket::core
