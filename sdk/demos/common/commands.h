// Internal to the demos.
//
// The commands that a user types: a table of names, what follows them, help and what they do.
//
// Threads:  one thread.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_COMMANDS_H_
#define HPSOCKET_SDK_DEMOS_COMMON_COMMANDS_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hpsocket::demos {

class CommandTable {
 public:
  enum class Outcome { kDone, kFailed, kExit };

  // `help` and `?`, `exit` and `quit` are there already. `action` gets what follows the name, trimmed, and
  // says whether it worked; it explains itself if it did not.
  void Add(std::string name, std::string arguments, std::string help,
           std::function<bool(std::string)> action);

  // An empty line does nothing.
  Outcome Run(std::string_view line) const;
  std::string Help() const;

 private:
  struct Command {
    std::string name;
    std::string arguments;
    std::string help;
    std::function<bool(std::string)> action;
  };

  std::vector<Command> commands_;
};

// Cuts the first word off `*text`; both come back trimmed.
std::string TakeWord(std::string* text);

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_COMMANDS_H_
