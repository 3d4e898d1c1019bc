// Internal to the demos.
//
// What a program's main thread waits for: a line on stdin, Ctrl-C (SIGINT, SIGTERM), or another
// thread that has news. Signals are the program's business: the library installs no handler.
//
// Threads:  one thread calls Next; any thread calls Wake. Construct it before any other thread
//           exists, because threads inherit the mask that keeps the signals for Next.
// Owner:    it owns the mask of SIGINT and SIGTERM (and of SIGUSR1, if it takes it) for the rest of the
// process.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_CONSOLE_H_
#define HPSOCKET_SDK_DEMOS_COMMON_CONSOLE_H_

#include <chrono>
#include <optional>
#include <string>

namespace hpsocket::demos {

class Console {
 public:
  enum class Event {
    kLine,        // `*line` has one, without its end
    kEnd,         // stdin is at its end; comes once
    kSignal,      // SIGINT or SIGTERM; comes once per signal
    kUserSignal,  // SIGUSR1, if it is taken
    kWake,        // somebody called Wake
    kTimeout,
  };
  enum class UserSignal { kLeave, kTake };

  explicit Console(UserSignal user_signal = UserSignal::kLeave);
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;
  ~Console();

  // From now on Next gives lines, and the end of the input.
  void ReadStdin() { reading_ = true; }

  // Blocks until something happens; for ever without `timeout`. Signals come before everything else.
  Event Next(std::string* line, std::optional<std::chrono::milliseconds> timeout = std::nullopt);
  void Wake();

 private:
  bool TakeLine(std::string* line);
  void ReadSome();

  int signal_fd_;
  int wake_fd_;
  bool reading_ = false;  // stdin is wanted and not at its end
  bool ended_ = false;
  std::string input_;
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_CONSOLE_H_
