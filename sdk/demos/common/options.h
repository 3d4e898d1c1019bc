// Internal to the demos.
//
// A program's command line: a table of options, each with a short and a long name, that fills in
// variables, checks what it is given and writes the `--help` page.
//
//   OptionTable options("test_echo_server", "An interactive echo server.");
//   options.Number('p', "port", "PORT", "port to listen on; 0 = any free one", 0, 65535, &port);
//   if (const std::optional<int> exit_code = options.Parse(argc, argv)) return *exit_code;
//
// Threads:  the main thread, before it starts others (getopt_long has static state).
// Lifetime: the variables outlive the table.
// Errors:   a command line that makes no sense is explained on stderr and gives exit code 2.
#ifndef HPSOCKET_SDK_DEMOS_COMMON_OPTIONS_H_
#define HPSOCKET_SDK_DEMOS_COMMON_OPTIONS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hpsocket::demos {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailure = 1;
inline constexpr int kExitUsage = 2;

// A decimal number from `min` to `max` and nothing else; false leaves `*value` alone.
bool ParseNumber(std::string_view text, uint64_t min, uint64_t max, uint64_t* value);

// One name of a setting that has a few values; its number is accepted too.
struct Choice {
  std::string name;
  int value;
};

class OptionTable {
 public:
  // `program` as the user typed it, sub-command included. `-h, --help` and `-v, --version` are there already.
  OptionTable(std::string program, std::string about);

  // `short_name` 0: only a long name. The variable's value at this point is the default that `--help` shows.
  void Text(char short_name, std::string long_name, std::string argument, std::string help,
            std::string* value);
  void Number(char short_name, std::string long_name, std::string argument, std::string help, uint32_t min,
              uint32_t max, uint32_t* value);
  void OneOf(char short_name, std::string long_name, std::string help, std::vector<Choice> choices,
             int* value);
  // On without an argument or with 1, off with 0: `-n`, `-n 0`, `--async=1`.
  void Switch(char short_name, std::string long_name, std::string help, bool* value);
  // May be given several times: `take` gets each text and says whether it will do; `wants` explains.
  void Each(char short_name, std::string long_name, std::string argument, std::string help, std::string wants,
            std::function<bool(const std::string&)> take);
  // Text for the end of `--help`.
  void Notes(std::string text);

  // The exit code if the program should end here (help, version, a mistake); nothing: go on.
  std::optional<int> Parse(int argc, char** argv);
  // Of values that do not go together, or that only the program can judge: says so; the exit code.
  int Complain(const std::string& what) const;

  std::string Help() const;
  // One line per option with its present value: the command `args`.
  std::string Values() const;

 private:
  enum class Argument { kRequired, kSwitch };
  struct Option {
    char short_name;
    std::string long_name;
    std::string argument;  // as `--help` shows it; empty for a switch
    std::string help;
    Argument kind;
    std::string default_value;
    std::function<std::string(const std::string&)> set;  // a complaint, or nothing if all is well
    std::function<std::string()> get;
  };

  void Add(Option option);
  const Option* Find(int code) const;

  const std::string program_;
  const std::string about_;
  std::string notes_;
  std::vector<Option> options_;
};

}  // namespace hpsocket::demos

#endif  // HPSOCKET_SDK_DEMOS_COMMON_OPTIONS_H_
