#include "hpsocket/sdk/demos/common/options.h"

#include <getopt.h>

#include <charconv>
#include <cstdio>
#include <memory>
#include <utility>

#include "hpsocket/core/version.h"

namespace hpsocket::demos {
namespace {

// getopt_long's code of the option with this position; beyond all characters.
constexpr int kFirstCode = 1000;
constexpr int kHelpCode = 'h';
constexpr int kVersionCode = 'v';

bool IsSwitchValue(const char* text) {
  return text != nullptr && (text[0] == '0' || text[0] == '1') && text[1] == 0;
}

}  // namespace

bool ParseNumber(std::string_view text, uint64_t min, uint64_t max, uint64_t* value) {
  uint64_t parsed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
  if (error != std::errc() || end != text.data() + text.size() || parsed < min || parsed > max) return false;
  *value = parsed;
  return true;
}

OptionTable::OptionTable(std::string program, std::string about)
    : program_(std::move(program)), about_(std::move(about)) {}

void OptionTable::Add(Option option) {
  option.default_value = option.get();
  options_.push_back(std::move(option));
}

void OptionTable::Text(char short_name, std::string long_name, std::string argument, std::string help,
                       std::string* value) {
  Add({.short_name = short_name,
       .long_name = std::move(long_name),
       .argument = std::move(argument),
       .help = std::move(help),
       .kind = Argument::kRequired,
       .set =
           [value](const std::string& text) {
             *value = text;
             return std::string();
           },
       .get = [value] { return *value; }});
}

void OptionTable::Number(char short_name, std::string long_name, std::string argument, std::string help,
                         uint32_t min, uint32_t max, uint32_t* value) {
  Add({.short_name = short_name,
       .long_name = std::move(long_name),
       .argument = std::move(argument),
       .help = std::move(help),
       .kind = Argument::kRequired,
       .set =
           [value, min, max](const std::string& text) {
             uint64_t number = 0;
             if (!ParseNumber(text, min, max, &number)) {
               return "wants a number from " + std::to_string(min) + " to " + std::to_string(max);
             }
             *value = static_cast<uint32_t>(number);
             return std::string();
           },
       .get = [value] { return std::to_string(*value); }});
}

void OptionTable::OneOf(char short_name, std::string long_name, std::string help, std::vector<Choice> choices,
                        int* value) {
  std::string names;
  for (const Choice& choice : choices) names += (names.empty() ? "" : "|") + choice.name;
  Add({.short_name = short_name,
       .long_name = std::move(long_name),
       .argument = names,
       .help = std::move(help),
       .kind = Argument::kRequired,
       .set =
           [value, choices, names](const std::string& text) {
             for (const Choice& choice : choices) {
               if (text == choice.name || text == std::to_string(choice.value)) {
                 *value = choice.value;
                 return std::string();
               }
             }
             return "wants one of " + names;
           },
       .get =
           [value, choices] {
             for (const Choice& choice : choices) {
               if (choice.value == *value) return choice.name;
             }
             return std::to_string(*value);
           }});
}

void OptionTable::Switch(char short_name, std::string long_name, std::string help, bool* value) {
  Add({.short_name = short_name,
       .long_name = std::move(long_name),
       .help = std::move(help),
       .kind = Argument::kSwitch,
       .set =
           [value](const std::string& text) {
             if (!text.empty() && !IsSwitchValue(text.c_str())) return std::string("wants 0 or 1");
             *value = text != "0";
             return std::string();
           },
       .get = [value] { return std::string(*value ? "1" : "0"); }});
}

void OptionTable::Each(char short_name, std::string long_name, std::string argument, std::string help,
                       std::string wants, std::function<bool(const std::string&)> take) {
  const auto taken = std::make_shared<std::string>();
  Add({.short_name = short_name,
       .long_name = std::move(long_name),
       .argument = std::move(argument),
       .help = std::move(help),
       .kind = Argument::kRequired,
       .set =
           [taken, wants = std::move(wants), take = std::move(take)](const std::string& text) {
             if (!take(text)) return wants;
             *taken += (taken->empty() ? "" : " ") + text;
             return std::string();
           },
       .get = [taken] { return *taken; }});
}

void OptionTable::Notes(std::string text) { notes_ = std::move(text); }

const OptionTable::Option* OptionTable::Find(int code) const {
  if (code < kFirstCode) return nullptr;
  return &options_[static_cast<size_t>(code - kFirstCode)];
}

int OptionTable::Complain(const std::string& what) const {
  std::fprintf(stderr, "%s: %s\nTry '%s --help'.\n", program_.c_str(), what.c_str(), program_.c_str());
  return kExitUsage;
}

std::optional<int> OptionTable::Parse(int argc, char** argv) {
  std::string short_options = "+:hv";
  std::vector<option> long_options = {{"help", no_argument, nullptr, kHelpCode},
                                      {"version", no_argument, nullptr, kVersionCode}};
  for (size_t i = 0; i < options_.size(); ++i) {
    const bool is_switch = options_[i].kind == Argument::kSwitch;
    long_options.push_back({options_[i].long_name.c_str(), is_switch ? optional_argument : required_argument,
                            nullptr, kFirstCode + static_cast<int>(i)});
    if (options_[i].short_name != 0) {
      short_options += options_[i].short_name;
      short_options += is_switch ? "::" : ":";
    }
  }
  long_options.push_back({nullptr, 0, nullptr, 0});

  opterr = 0;
  optind = 0;  // glibc: start anew
  for (;;) {
    const int before = optind == 0 ? 1 : optind;
    int code = getopt_long(argc, argv, short_options.c_str(), long_options.data(), nullptr);
    if (code == -1) break;
    const std::string typed = argv[before];
    if (code == kHelpCode) {
      std::fputs(Help().c_str(), stdout);
      return kExitOk;
    }
    if (code == kVersionCode) {
      std::printf("%s, HP-Socket %s\n", program_.c_str(), core::kVersion);
      return kExitOk;
    }
    if (code == '?') return Complain("unknown option '" + typed + "'");
    if (code == ':') return Complain("option '" + typed + "' needs a value");
    for (size_t i = 0; code < kFirstCode && i < options_.size(); ++i) {
      if (options_[i].short_name == code) code = kFirstCode + static_cast<int>(i);
    }
    const Option* const chosen = Find(code);
    if (chosen == nullptr) return Complain("unknown option '" + typed + "'");
    std::string argument = optarg != nullptr ? optarg : "";
    // getopt takes a switch's value only without a space in front of it; people type the space.
    if (chosen->kind == Argument::kSwitch && optarg == nullptr && optind < argc &&
        IsSwitchValue(argv[optind])) {
      argument = argv[optind++];
    }
    const std::string complaint = chosen->set(argument);
    if (!complaint.empty())
      return Complain("--" + chosen->long_name + " " + complaint + ", not '" + argument + "'");
  }
  if (optind < argc) return Complain("unexpected '" + std::string(argv[optind]) + "'");
  return std::nullopt;
}

std::string OptionTable::Help() const {
  std::string text = about_ + "\n\nUsage: " + program_ + " [OPTIONS]\n\nOptions:\n";
  const auto add = [&text](char short_name, const std::string& names, const std::string& help) {
    std::string line = short_name != 0 ? std::string("  -") + short_name + ", " : "      ";
    line += "--" + names;
    if (line.size() < 34) {
      line.resize(34, ' ');
    } else {
      line += "\n" + std::string(34, ' ');
    }
    text += line + help + "\n";
  };
  for (const Option& option : options_) {
    std::string help = option.help;
    if (option.kind == Argument::kRequired && !option.default_value.empty())
      help += " [" + option.default_value + "]";
    if (option.kind == Argument::kSwitch) help += option.default_value == "1" ? " [on; 0 = off]" : " [off]";
    add(option.short_name, option.long_name + (option.argument.empty() ? "" : " " + option.argument), help);
  }
  add('h', "help", "show this and end");
  add('v', "version", "show the version and end");
  if (!notes_.empty()) text += "\n" + notes_;
  return text;
}

std::string OptionTable::Values() const {
  std::string text;
  for (const Option& option : options_) text += "  " + option.long_name + " = " + option.get() + "\n";
  return text;
}

}  // namespace hpsocket::demos
