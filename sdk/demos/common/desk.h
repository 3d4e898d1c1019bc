// Internal to the demos.
//
// What the programs that a person plays with have in common: whom they show events to, and the loop in
// which they take commands.
//
// Threads:  any shows an event; the rest the program's own.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_DESK_H_
#define HPSOCKET_SDK_DEMOS_COMMON_DESK_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "hpsocket/sdk/demos/common/commands.h"
#include "hpsocket/sdk/demos/common/console.h"
#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/options.h"

namespace hpsocket::demos {

// `--quiet`, `--no-interactive`
struct DeskSettings {
  bool quiet = false;
  bool no_interactive = false;

  // `alone`: what the program does without commands.
  void AddTo(OptionTable& options, const std::string& alone);
  // Whether a person types the commands, and sees what went wrong.
  bool interactive() const;
  void Event(const std::string& line) const;
};

// The command `args`: what the command line has set.
void AddArgumentsCommand(CommandTable& commands, const OptionTable& options);

// "[address [port]]", each with a default. Says what is wrong with it and gives nothing.
struct AddressAndPort {
  std::string address;
  uint16_t port = 0;
};
std::optional<AddressAndPort> ParseTarget(std::string arguments, const std::string& address, uint32_t port,
                                          uint16_t smallest_port);

// Says so if `text` is none.
bool ParseConnectionId(const std::string& text, uintptr_t* id);
bool ParsePeriod(const std::string& text, uint32_t* period_ms);

// Runs commands until the user, the end of the input, a signal, or `finished`, which is asked before each
// wait, ends it. `at_end` is run at the end of the input; true: it ends there. Whether every command worked
// that nobody has seen fail.
bool TakeCommands(Console& console, const CommandTable& commands, bool interactive,
                  const std::function<bool()>& finished, const std::function<bool()>& at_end);

// How long the end of the input waits for what is still to come back.
inline constexpr std::chrono::seconds kEchoPatience{5};
// Waits so long for `echoed`, which is asked again whenever the console is woken; a signal cuts it short.
void AwaitEcho(Console& console, const std::function<bool()>& echoed);

// Of a component: "127.0.0.1:5555", or "?" if it does not know. `get` is GetLocalAddress, GetListenAddress,
// ...
template <class Get>
std::string AddressOf(Get&& get) {
  char address[64];
  int room = sizeof(address);
  uint16_t port = 0;
  return get(address, room, port) ? AddressText(address, port) : "?";
}

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_DESK_H_
