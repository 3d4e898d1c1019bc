#include "hpsocket/sdk/demos/common/commands.h"

#include <algorithm>
#include <utility>

#include "hpsocket/sdk/demos/common/log_lines.h"

namespace hpsocket::demos {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

std::string Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(kBlank) - first + 1));
}

}  // namespace

std::string TakeWord(std::string* text) {
  const std::string all = Trimmed(*text);
  const size_t end = all.find_first_of(kBlank);
  *text = end == std::string::npos ? "" : Trimmed(std::string_view(all).substr(end));
  return all.substr(0, end);
}

void CommandTable::Add(std::string name, std::string arguments, std::string help,
                       std::function<bool(std::string)> action) {
  commands_.push_back({std::move(name), std::move(arguments), std::move(help), std::move(action)});
}

CommandTable::Outcome CommandTable::Run(std::string_view line) const {
  std::string rest(line);
  const std::string name = TakeWord(&rest);
  if (name.empty()) return Outcome::kDone;
  if (name == "exit" || name == "quit") return Outcome::kExit;
  if (name == "help" || name == "?") {
    Print(Help());
    return Outcome::kDone;
  }
  for (const Command& command : commands_) {
    if (command.name == name) return command.action(rest) ? Outcome::kDone : Outcome::kFailed;
  }
  PrintError("unknown command '" + name + "'; 'help' lists them all");
  return Outcome::kFailed;
}

std::string CommandTable::Help() const {
  std::string text = "Commands:\n";
  const auto add = [&text](const std::string& usage, const std::string& help) {
    std::string line = "  " + usage;
    line.resize(std::max<size_t>(line.size() + 1, 28), ' ');
    text += line + help + "\n";
  };
  for (const Command& command : commands_) {
    add(command.name + (command.arguments.empty() ? "" : " " + command.arguments), command.help);
  }
  add("help, ?", "show this");
  add("exit, quit", "stop and end; so does the end of the input");
  return text;
}

}  // namespace hpsocket::demos
