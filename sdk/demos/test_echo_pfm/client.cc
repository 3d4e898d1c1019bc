#include "hpsocket/sdk/demos/test_echo_pfm/client.h"

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>

#include "hpsocket/core/api/library.h"
#include "hpsocket/sdk/demos/common/console.h"
#include "hpsocket/sdk/demos/common/log_lines.h"
#include "hpsocket/sdk/demos/common/options.h"
#include "hpsocket/sdk/demos/common/settings.h"
#include "hpsocket/sdk/demos/test_echo_pfm/performance_run.h"
#include "hpsocket/sdk/demos/test_echo_pfm/summary.h"

namespace hpsocket::demos {
namespace {

constexpr const char* kNotes =
    "Every connection sends a message of the given length per round; the server sends it back. Messages are "
    "checked\n"
    "byte for byte. A run is as the original's, except that a connection waits when it has --window messages "
    "under\n"
    "way, so that memory stays bounded.\n"
    "\n"
    "Ctrl-C ends the run: nothing more is sent, what is under way has 5 seconds to come back, then the "
    "summary. A\n"
    "second one ends the program at once (exit code 130).\n"
    "\n"
    "Exit codes: 0 every expected byte was sent and came back unchanged (with --duration all that was begun "
    "before\n"
    "Ctrl-C; without, Ctrl-C before the last round leaves the run incomplete); 1 something was lost, changed "
    "or\n"
    "incomplete, or the server could not be reached; 2 a mistake on the command line.\n";

void AddOptions(OptionTable& table, RunOptions& options, bool& json) {
  table.Text('a', "address", "ADDRESS", "server: IPv4, IPv6 or a name", &options.address);
  table.Number('p', "port", "PORT", "server's port", 1, 65535, &options.port);
  table.Number('e', "rounds", "COUNT", "messages per connection", 1, 0x7FFFFFFF, &options.rounds);
  table.Number('i', "interval", "MS", "pause between rounds", 0, 3'600'000, &options.interval_ms);
  table.Number('c', "connections", "COUNT", "connections", 1, 1'000'000, &options.connections);
  table.Number('l', "length", "BYTES", "length of a message", 1, 16u << 20, &options.length);
  table.Number(0, "duration", "SECONDS", "send for so long instead of counting rounds; 0 = count", 0,
               31'536'000, &options.duration_s);
  table.Number('w', "window", "COUNT", "most messages under way per connection; 0 = 64 MiB for all", 0,
               1'000'000, &options.window);
  table.Number(0, "wait-ms", "MS", "between connecting and sending", 0, 3'600'000, &options.wait_ms);
  table.Number(0, "timeout", "SECONDS", "give up when nothing comes back for so long", 1, 86'400,
               &options.timeout_s);
  table.Number(0, "buffer-size", "BYTES", "most bytes per OnReceive; 0 = the library's default", 0,
               0x7FFFFFFF, &options.buffer_size);
  AddBackendOption(table, &options.backend);
  table.Switch(0, "quiet", "only the summary, no progress", &options.quiet);
  table.Switch(0, "json", "one more line at the end, for programs", &json);
  table.Notes(kNotes);
}

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

}  // namespace

int RunPerformanceClient(int argc, char** argv) {
  RunOptions options;
  bool json = false;
  OptionTable table("test_echo_pfm client", "The client of the performance test.");
  AddOptions(table, options, json);
  if (const std::optional<int> exit_code = table.Parse(argc, argv)) return *exit_code;

  RaiseDescriptorLimit();
  if (options.quiet) HP_SetLogHandler(PrintWarning, nullptr);
  Console console;
  PerformanceRun run(options);
  std::thread watcher([&] { Watch(run, console, options.quiet); });
  Summary summary;
  const bool executed = run.Execute(&summary);
  console.Wake();
  watcher.join();
  if (!executed) return kExitFailure;

  if (!options.quiet && summary.ok()) {
    Print(EventLine(0, "END TEST", "Total Time Consuming: " + std::to_string(summary.duration / 1'000'000)));
  }
  Print(SummaryText(summary));
  if (json) Print(SummaryJson(summary));
  return summary.ok() ? kExitOk : kExitFailure;
}

}  // namespace hpsocket::demos
