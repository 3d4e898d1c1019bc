#include "hpsocket/sdk/demos/common/desk.h"

#include <unistd.h>

#include <algorithm>

namespace hpsocket::demos {

void DeskSettings::AddTo(OptionTable& options, const std::string& alone) {
  options.Switch(0, "quiet", "do not show events", &quiet);
  options.Switch(0, "no-interactive", "take no commands; " + alone, &no_interactive);
}

bool DeskSettings::interactive() const { return !no_interactive && isatty(STDIN_FILENO) == 1; }

void DeskSettings::Event(const std::string& line) const {
  if (!quiet) Print(line);
}

void AddArgumentsCommand(CommandTable& commands, const OptionTable& options) {
  commands.Add("args", "", "the command line's settings", [&options](std::string) {
    Print(options.Values());
    return true;
  });
}

std::optional<AddressAndPort> ParseTarget(std::string arguments, const std::string& address, uint32_t port,
                                          uint16_t smallest_port) {
  const std::string wanted = TakeWord(&arguments);
  const std::string port_text = TakeWord(&arguments);
  uint64_t number = port;
  if (!port_text.empty() && !ParseNumber(port_text, smallest_port, 65535, &number)) {
    PrintError("'" + port_text + "' is no port");
    return std::nullopt;
  }
  return AddressAndPort{wanted.empty() ? address : wanted, static_cast<uint16_t>(number)};
}

bool ParseConnectionId(const std::string& text, uintptr_t* id) {
  uint64_t number = 0;
  if (!ParseNumber(text, 1, UINTPTR_MAX, &number)) {
    PrintError(text.empty() ? "which connection? 'status' lists them" : "'" + text + "' is no connection ID");
    return false;
  }
  *id = static_cast<uintptr_t>(number);
  return true;
}

bool ParsePeriod(const std::string& text, uint32_t* period_ms) {
  uint64_t number = 0;
  if (!ParseNumber(text, 0, 0x7FFFFFFF, &number)) {
    PrintError("how many milliseconds? '" + text + "' is no number");
    return false;
  }
  *period_ms = static_cast<uint32_t>(number);
  return true;
}

bool TakeCommands(Console& console, const CommandTable& commands, bool interactive,
                  const std::function<bool()>& finished, const std::function<bool()>& at_end) {
  bool worked = true;
  while (!finished()) {
    std::string line;
    const Console::Event event = console.Next(&line);
    if (event == Console::Event::kSignal) break;
    if (event == Console::Event::kEnd && at_end()) break;
    if (event != Console::Event::kLine) continue;
    const CommandTable::Outcome outcome = commands.Run(line);
    if (outcome == CommandTable::Outcome::kExit) break;
    // A person sees what went wrong; a script needs to be told.
    if (outcome == CommandTable::Outcome::kFailed && !interactive) worked = false;
  }
  return worked;
}

void AwaitEcho(Console& console, const std::function<bool()>& echoed) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point deadline = Clock::now() + kEchoPatience;
  while (!echoed() && Clock::now() < deadline) {
    std::string line;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (console.Next(&line, std::max(left, std::chrono::milliseconds(0))) == Console::Event::kSignal) return;
  }
}

}  // namespace hpsocket::demos
