// agent_pull: one agent with as many connections to an echo server of packages as asked for, PULL.

#include <cstdint>
#include <optional>
#include <string>

#include "hpsocket/sdk/demos/agent_pull/package_agent.h"
#include "hpsocket/sdk/demos/common/commands.h"
#include "hpsocket/sdk/demos/common/console.h"
#include "hpsocket/sdk/demos/common/desk.h"
#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common/settings.h"

namespace hpsocket::demos {
namespace {

// Whether all went well as far as nobody has seen it fail.
bool Converse(PackageAgent& agent, Console& console, const CommandTable& commands,
              const AgentSettings& settings) {
  const bool interactive = settings.interactive();
  // Without commands there is nothing left to do once the texts are back or the connections have ended.
  const auto finished = [&] {
    if (!settings.no_interactive) return false;
    return agent.connections() == 0 || (!settings.text.empty() && agent.settled());
  };
  const auto at_end = [&] {
    AwaitEcho(console, [&] { return agent.settled(); });
    return true;
  };
  bool well = TakeCommands(console, commands, interactive, finished, at_end);
  if (!interactive && (agent.failed() || !agent.settled())) well = false;
  if (agent.running()) agent.Stop();
  Print(agent.Totals());
  return well;
}

int Run(int argc, char** argv) {
  AgentSettings settings;
  OptionTable table(
      "agent_pull",
      "An agent with many connections to a server that echoes packages: it shows every event and takes "
      "commands.");
  settings.AddTo(table);
  Console console;
  PackageAgent agent(settings, console);
  CommandTable commands;
  agent.AddCommandsTo(commands);
  AddArgumentsCommand(commands, table);
  table.Notes(
      commands.Help() +
      "\nServers: test_echo_pull_server, test_echo_4c_server and whatever else echoes its packages.\n"
      "The end of the input waits for what is still to come back, at most 5 seconds.\n"
      "Exit codes: 0 all that was sent came back; 1 it did not, or not as it was, a connection could "
      "not be\n"
      "made, or a command that did not come from a terminal failed; 2 a mistake on the command line.\n");
  if (const std::optional<int> exit_code = table.Parse(argc, argv)) return *exit_code;
  if (!settings.text.empty() && !CheckPackageText(settings.text)) return kExitUsage;

  RaiseDescriptorLimit();
  if (!settings.no_interactive) console.ReadStdin();
  bool started = agent.Start();
  for (uint32_t i = 0; started && i < settings.connections; ++i) {
    started = agent.Connect(settings.address, static_cast<uint16_t>(settings.port));
  }
  if (!started && !settings.interactive()) return kExitFailure;
  if (settings.interactive()) Print("type 'help' for the commands");
  return Converse(agent, console, commands, settings) ? kExitOk : kExitFailure;
}

}  // namespace
}  // namespace hpsocket::demos

int main(int argc, char** argv) { return hpsocket::demos::ExitCode(hpsocket::demos::Run(argc, argv)); }
