#include "hpsocket/sdk/demos/common_pfm/performance_client.h"

#include <unistd.h>

#include <chrono>
#include <optional>
#include <thread>

#include "hpsocket/sdk/demos/common/console.h"
#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/settings.h"
#include "hpsocket/sdk/demos/common_pfm/performance_run.h"
#include "hpsocket/sdk/demos/common_pfm/summary.h"

namespace hpsocket::demos {
namespace {

constexpr const char* kNotes =
    "\n"
    "Ctrl-C ends the run: nothing more is sent, what is under way has 5 seconds to come back, then the "
    "summary. A\n"
    "second one ends the program at once (exit code 130).\n"
    "\n";

// With --quiet the library says only what is wrong; the port it took is in the summary.
void PrintWarning(int level, const char* message, void*) {
  if (level > 0) PrintError(std::string("hpsocket: ") + message);
}

// Shows progress and waits for Ctrl-C while the run goes on, until woken.
void Watch(PerformanceRun& run, Console& console, bool quiet) {
  const std::chrono::milliseconds period(isatty(STDERR_FILENO) == 1 ? 200 : 1000);
  bool interrupted = false;
  for (;;) {
    std::string line;
    const auto timeout = quiet ? std::nullopt : std::optional(period);
    switch (console.Next(&line, timeout)) {
      case Console::Event::kSignal:
        if (interrupted) _exit(130);
        interrupted = true;
        PrintError("interrupted; waiting for what is under way (again to end at once)");
        run.Interrupt();
        break;
      case Console::Event::kTimeout:
        if (const std::string text = run.ProgressText(); !text.empty()) DrawProgress(text);
        break;
      default:
        return;
    }
  }
}

// False: there is nothing to sum up.
bool Execute(const ClientKind& kind, const RunOptions& options, Console& console, Summary* summary) {
  Shared shared(options.length, options.EffectiveWindow());
  Exchanges exchanges;
  for (uint32_t i = 0; i < options.connections; ++i) exchanges.push_back(kind.make_exchange(i, shared));
  const std::unique_ptr<Transport> transport = kind.make_transport(options, exchanges);
  PerformanceRun run(options, kind.server, shared, exchanges, *transport);
  std::thread watcher([&] { Watch(run, console, options.quiet); });
  const bool executed = run.Execute(summary);
  console.Wake();
  watcher.join();
  return executed;
}

int ExitCodeOf(Summary::Outcome outcome) {
  switch (outcome) {
    case Summary::Outcome::kComplete:
      return kExitOk;
    case Summary::Outcome::kLost:
      return kExitDataLost;
    case Summary::Outcome::kFailed:
      break;
  }
  return kExitFailure;
}

}  // namespace

const char* const kExitCodes =
    "Exit codes: 0 every expected byte was sent and came back unchanged (with --duration all that was begun "
    "before\n"
    "Ctrl-C; without, Ctrl-C before the last round leaves the run incomplete); 1 something was lost, changed "
    "or\n"
    "incomplete, or the server could not be reached; 2 a mistake on the command line.\n";

int RunPerformanceClient(const ClientKind& kind, int argc, char** argv) {
  RunOptions options = kind.defaults;
  OptionTable table(kind.command, kind.about);
  options.AddTo(table, kind.longest_message);
  kind.add_options(table);
  table.Notes(kind.notes + kNotes + kind.exit_codes);
  if (const std::optional<int> exit_code = table.Parse(argc, argv)) return *exit_code;
  if (const std::string complaint = options.Complaint(); !complaint.empty()) return table.Complain(complaint);

  RaiseDescriptorLimit();
  if (options.quiet) kind.set_log_handler(PrintWarning, nullptr);
  Console console;
  Summary summary;
  summary.demo = kind.demo;
  if (!Execute(kind, options, console, &summary)) return kExitFailure;

  if (!options.quiet && summary.ok()) {
    Print(EventLine(0, "END TEST", "Total Time Consuming: " + std::to_string(summary.duration / 1'000'000)));
  }
  Print(SummaryText(summary));
  if (options.json) Print(SummaryJson(summary));
  return ExitCodeOf(summary.outcome());
}

}  // namespace hpsocket::demos
