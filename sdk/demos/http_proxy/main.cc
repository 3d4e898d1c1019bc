// http_proxy: an HTTP/1.1 forward proxy made of a TCP Server and a TCP Agent.

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <optional>
#include <string>

#include "hpsocket/sdk/demos/common/commands.h"
#include "hpsocket/sdk/demos/common/console.h"
#include "hpsocket/sdk/demos/common/desk.h"
#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common/settings.h"
#include "hpsocket/sdk/demos/http_proxy/proxy.h"

namespace hpsocket::demos {
namespace {

// How late a time-out may be.
constexpr std::chrono::milliseconds kTick{250};

struct Options {
  ProxySettings proxy;
  std::string log;
  bool no_interactive = false;
};

void AddOptions(OptionTable& table, Options& options) {
  ProxySettings& proxy = options.proxy;
  table.Text('b', "bind", "ADDRESS", "address to listen on, IPv4 or IPv6", &proxy.bind_address);
  table.Number('p', "port", "PORT", "port to listen on; 0 = any free one", 0, 65535, &proxy.port);
  const char* const wants =
      "wants HOST[:PORT], HOST a name, *.name, *, a whole address (10.0.0.1) or a network (10.0.0.0/8)";
  table.Each('A', "allow", "RULE", "only such targets may be reached; may be repeated", wants,
             [&proxy](const std::string& text) { return proxy.access.Allow(text); });
  table.Each('D', "deny", "RULE", "such targets may not be reached; may be repeated", wants,
             [&proxy](const std::string& text) { return proxy.access.Deny(text); });
  table.Text('l', "log", "FILE", "write a line per request; - = standard output", &options.log);
  table.Number('t', "threads", "COUNT", "worker threads of each side; 0 = one per CPU", 0, 500,
               &proxy.threads);
  table.Number('m', "max-connections", "COUNT", "further clients are reset; 0 = no limit", 0, 0x7FFFFFFF,
               &proxy.max_connections);
  table.Number(0, "header-timeout", "SECONDS", "for a request's header to come", 1, 86400,
               &proxy.timeouts.header);
  table.Number(0, "connect-timeout", "SECONDS", "for an origin to be reached", 1, 86400,
               &proxy.timeouts.connect);
  table.Number(0, "idle-timeout", "SECONDS", "for something to move", 1, 86400, &proxy.timeouts.idle);
  AddBackendOption(table, &proxy.backend);
  table.Switch(0, "no-interactive", "take no commands; run until SIGINT or SIGTERM", &options.no_interactive);
}

void AddCommands(CommandTable& commands, Proxy& proxy, const OptionTable& table) {
  commands.Add("stat", "", "the figures; so does SIGUSR1", [&proxy](std::string) {
    Print(proxy.FiguresText());
    return true;
  });
  commands.Add("status", "", "how many connections there are", [&proxy](std::string) {
    Print(proxy.StatusText());
    return true;
  });
  AddArgumentsCommand(commands, table);
}

// Runs until the user, the input or a signal ends it.
int Serve(Proxy& proxy, Console& console, const CommandTable& commands, bool interactive) {
  int exit_code = kExitOk;
  auto next_tick = std::chrono::steady_clock::now() + kTick;
  for (;;) {
    if (std::chrono::steady_clock::now() >= next_tick) {
      proxy.Tick();
      next_tick = std::chrono::steady_clock::now() + kTick;
    }
    std::string line;
    const Console::Event event = console.Next(&line, kTick);
    if (event == Console::Event::kSignal || event == Console::Event::kEnd) return exit_code;
    if (event == Console::Event::kUserSignal) Print(proxy.FiguresText());
    if (event != Console::Event::kLine) continue;
    const CommandTable::Outcome outcome = commands.Run(line);
    if (outcome == CommandTable::Outcome::kExit) return exit_code;
    // A person sees what went wrong; a script needs to be told.
    if (outcome == CommandTable::Outcome::kFailed && !interactive) exit_code = kExitFailure;
  }
}

int Run(int argc, char** argv) {
  Options options;
  OptionTable table("http_proxy",
                    "An HTTP/1.1 proxy: plain requests in absolute form, tunnels by CONNECT.\n"
                    "  curl -x http://127.0.0.1:8080 http://example.com/");
  AddOptions(table, options);
  Proxy proxy(options.proxy);
  CommandTable commands;
  AddCommands(commands, proxy, table);
  table.Notes(
      commands.Help() +
      "\nRULE is HOST[:PORT]: example.com, *.example.com, *:25, 10.0.0.0/8, [2001:db8::/32]:443; a comma\n"
      "separates several. A denial wins; once something is allowed, everything else is not.\n"
      "Whoever reaches the proxy may use it: bind it to an address that only your clients reach.\n"
      "\nExit codes: 0 stopped by exit, the end of the input, SIGINT or SIGTERM; 1 it could not start, or a\n"
      "command that did not come from a terminal failed; 2 a mistake on the command line.\n");
  if (const std::optional<int> exit_code = table.Parse(argc, argv)) return *exit_code;

  RaiseDescriptorLimit();
  if (!proxy.log().Open(options.log)) {
    PrintError("cannot write to " + options.log + ": " + ErrorText(errno));
    return kExitFailure;
  }
  Console console(Console::UserSignal::kTake);
  if (!options.no_interactive) console.ReadStdin();
  const bool interactive = !options.no_interactive && isatty(STDIN_FILENO) == 1;
  if (!proxy.Start()) return kExitFailure;
  if (interactive) Print("type 'help' for the commands");
  const int exit_code = Serve(proxy, console, commands, interactive);
  proxy.Stop();
  Print(proxy.FiguresText());
  Print(proxy.SummaryText());
  return exit_code;
}

}  // namespace
}  // namespace hpsocket::demos

int main(int argc, char** argv) { return hpsocket::demos::ExitCode(hpsocket::demos::Run(argc, argv)); }
