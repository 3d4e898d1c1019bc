// The benchmark: echo servers against each other. README.md says how it measures.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_split.h"
#include "hpsocket/testing/bench/client_scenarios.h"
#include "hpsocket/testing/bench/competitor.h"
#include "hpsocket/testing/bench/contest.h"
#include "hpsocket/testing/bench/cost_mode.h"
#include "hpsocket/testing/bench/datagram_scenarios.h"
#include "hpsocket/testing/bench/interruption.h"
#include "hpsocket/testing/bench/memory_mode.h"
#include "hpsocket/testing/bench/plot.h"
#include "hpsocket/testing/bench/process.h"
#include "hpsocket/testing/bench/report.h"
#include "hpsocket/testing/bench/scenario.h"
#include "hpsocket/testing/bench/session_memory.h"
#include "hpsocket/testing/bench/standings.h"
#include "hpsocket/testing/bench/start_mode.h"
#include "hpsocket/testing/bench/syscall_mode.h"
#include "hpsocket/testing/bench/table.h"
#include "hpsocket/testing/harness/network_namespace.h"

ABSL_FLAG(bool, full, false, "100 rounds that count, or 160: about 110 minutes (default: 3 minutes)");
ABSL_FLAG(bool, smoke, false, "one short round with fewer connections: does it work, are the bytes right");
ABSL_FLAG(std::vector<std::string>, modes, std::vector<std::string>({"echo"}),
          "what to measure: echo (closed loop), latency (open loop), memory, start, syscalls, costs; or all");
ABSL_FLAG(std::vector<std::string>, scenarios, {},
          "some of S0 .. S7, S6-close, S0-T2 ..., S1-foreign, S1-pull ..., U1 .. U3, A1, A2; default all");
ABSL_FLAG(std::vector<std::string>, servers, {},
          "some of the servers, by the names in the tables; default all");
ABSL_FLAG(uint32_t, rounds, 0, "rounds of samples, instead of what --full, --smoke and the default say");
ABSL_FLAG(uint32_t, sample_ms, 0, "milliseconds of a sample, likewise");
ABSL_FLAG(bool, keep_disturbed, false, "count samples that the machine disturbed, too; --smoke does");
ABSL_FLAG(double, load, 0.5, "of the open loop, as a share of what the slower raw loop can do");
ABSL_FLAG(std::string, tracer, "perf", "what counts system calls: perf or strace");
ABSL_FLAG(std::vector<std::string>, server_flags, {}, "more flags for our servers, such as --busy_poll=50");
ABSL_FLAG(std::string, counting_server, "",
          "what --modes=costs runs: the path of the counter build's server");
ABSL_FLAG(std::string, json, "", "write all figures to this file");
ABSL_FLAG(std::string, plot, "", "write index.html and SVG bars into this folder");
ABSL_FLAG(std::string, programs, "", "folder of the programs; default: where this one is");

namespace hpsocket::bench {
namespace {

const char kUsage[] =
    "measures our servers and our agent against bare loops and other libraries.\n\n"
    "  echo_bench                      3 minutes: closed-loop echo, every scenario\n"
    "  echo_bench --full --modes=all --json=FILE --plot=FOLDER\n"
    "  echo_bench --scenarios=S1,S3 --servers=hp-epoll,raw-epoll --rounds=40\n\n"
    "Tables go to standard output, progress to standard error. Ctrl-C prints what there is.";

struct Effort {
  size_t rounds = 7;
  size_t most_rounds = 7;
  int sample_ms = 100;
  unsigned scale = 1;
};

Effort EffortFromFlags() {
  Effort effort;
  if (absl::GetFlag(FLAGS_full)) effort = {.rounds = 100, .most_rounds = 160, .sample_ms = 250};
  if (absl::GetFlag(FLAGS_smoke)) effort = {.rounds = 1, .most_rounds = 1, .sample_ms = 20, .scale = 10};
  if (absl::GetFlag(FLAGS_rounds) > 0) effort.rounds = effort.most_rounds = absl::GetFlag(FLAGS_rounds);
  if (absl::GetFlag(FLAGS_sample_ms) > 0) effort.sample_ms = static_cast<int>(absl::GetFlag(FLAGS_sample_ms));
  return effort;
}

std::vector<Scenario> AllScenarios(unsigned scale) {
  std::vector<Scenario> all = EchoScenarios(scale);
  for (const auto& more : {DatagramScenarios(), ClientScenarios(scale)}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

bool Wanted(const std::vector<std::string>& list, const std::string& name) {
  return list.empty() || std::find(list.begin(), list.end(), name) != list.end();
}

std::string ProgramFolder() {
  if (!absl::GetFlag(FLAGS_programs).empty()) return absl::GetFlag(FLAGS_programs);
  return std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
}

// Where there is no terminal for ShowProgress().
void SayWhatBegins(const std::string& what) {
  if (isatty(STDERR_FILENO) == 0) std::fprintf(stderr, "echo_bench: %s\n", what.c_str());
}

// On a terminal one line that changes.
void ShowProgress(const std::string& scenario, const std::string& text) {
  if (isatty(STDERR_FILENO) == 0) return;
  std::fprintf(stderr, "\r\033[K%s: %s", scenario.c_str(), text.c_str());
}

void EndProgress() {
  if (isatty(STDERR_FILENO) != 0) std::fprintf(stderr, "\r\033[K");
}

class EchoBench {
 public:
  EchoBench(int argc, char** argv)
      : effort_(EffortFromFlags()), programs_(ProgramFolder()), surroundings_(Surroundings(argc, argv)) {}

  // The exit code.
  int Run() {
    ChooseScenarios();
    std::printf("%s\n\n", surroundings_.c_str());
    std::fflush(stdout);
    int result = 0;
    try {
      for (const std::string mode : {"echo", "latency", "memory", "start", "syscalls", "costs"}) {
        if (IsOn(mode) && !Interrupted()) RunMode(mode);
      }
    } catch (const Failure& failure) {
      EndProgress();
      std::fprintf(stderr, "echo_bench: %s\n", failure.what());
      result = 1;
    }
    WriteResults();
    return Interrupted() ? 130 : result;
  }

 private:
  static bool IsOn(const std::string& mode) {
    const std::vector<std::string> modes = absl::GetFlag(FLAGS_modes);
    return Wanted(modes, mode) || Wanted(modes, "all");
  }

  void ChooseScenarios() {
    for (Scenario& scenario : AllScenarios(effort_.scale)) {
      if (!Wanted(absl::GetFlag(FLAGS_scenarios), scenario.name)) continue;
      std::vector<Entrant> entrants;
      for (Entrant& entrant : scenario.entrants) {
        if (!Wanted(absl::GetFlag(FLAGS_servers), entrant.name)) continue;
        if (!Competitor::Exists(programs_, entrant, scenario.end)) continue;
        const std::vector<std::string> more = absl::GetFlag(FLAGS_server_flags);
        if (entrant.role == Role::kOurs && scenario.end == End::kServer) {
          entrant.arguments.insert(entrant.arguments.end(), more.begin(), more.end());
        }
        entrants.push_back(entrant);
      }
      scenario.entrants = entrants;
      if (!entrants.empty()) scenarios_.push_back(scenario);
    }
  }

  void RunMode(const std::string& mode) {
    if (mode == "echo" || mode == "latency") {
      for (const Scenario& scenario : scenarios_) RunContest(scenario, mode == "latency");
    } else if (mode == "memory") {
      SayWhatBegins(mode);
      RunMemory();
    } else if (mode == "start") {
      SayWhatBegins(mode);
      StartOptions options{.programs = programs_,
                           .progress = [](const auto& text) { ShowProgress("start", text); }};
      options.times /= effort_.scale;
      options.clients /= effort_.scale;
      Print(MeasureStarts(options));
    } else if (mode == "costs") {
      RunCosts();
    } else {
      SyscallOptions options{.programs = programs_,
                             .sample_ms = 4 * effort_.sample_ms,
                             .tracer = absl::GetFlag(FLAGS_tracer),
                             .progress = [](const auto& text) { ShowProgress("syscalls", text); }};
      for (const Scenario& scenario : scenarios_) {
        if (scenario.end != End::kServer) continue;
        SayWhatBegins("system calls, " + scenario.name);
        Print(CountSyscalls(scenario, options));
      }
    }
  }

  void RunContest(const Scenario& scenario, bool open) {
    if (Interrupted() || (open && !scenario.open_loop)) return;
    SayWhatBegins((open ? "open loop, " : "") + scenario.name);
    ContestOptions options;
    options.programs = programs_;
    options.rounds = effort_.rounds;
    options.most_rounds = effort_.most_rounds;
    options.enough = [&](const ContestResult& result) { return FewestRounds(result) >= effort_.rounds; };
    options.sample_ms = effort_.sample_ms;
    options.keep_disturbed = absl::GetFlag(FLAGS_keep_disturbed) || absl::GetFlag(FLAGS_smoke);
    options.open_load = open ? absl::GetFlag(FLAGS_load) : 0;
    options.progress = [&](const std::string& text) { ShowProgress(scenario.name, text); };
    const Standings standings = MakeStandings(Contest(scenario, options).Run());
    EndProgress();
    if (standings.rounds == 0) return;
    contests_.push_back(standings);
    std::printf("%s", TableOf(standings).ToMarkdown().c_str());
    std::fflush(stdout);
  }

  void RunMemory() {
    const auto progress = [](const std::string& text) { ShowProgress("memory", text); };
    if (const Scenario* plain = PlainScenario(); plain != nullptr) {
      MemoryOptions options{.programs = programs_, .progress = progress};
      options.few /= effort_.scale;
      options.many /= effort_.scale;
      Print(MeasureMemory(plain->entrants, options));
    }
    if (const Scenario* datagrams = Find("U1"); datagrams != nullptr) {
      SessionMemoryOptions options{.programs = programs_, .progress = progress};
      options.sessions /= effort_.scale;
      Print(MeasureSessionMemory(datagrams->entrants, options));
    }
  }

  void RunCosts() {
    const std::string server = absl::GetFlag(FLAGS_counting_server);
    if (server.empty()) {
      std::fprintf(stderr, "echo_bench: no costs: --counting_server does not say of what\n");
      return;
    }
    const CostOptions options{.programs = programs_,
                              .server = std::filesystem::absolute(server),
                              .sample_ms = 4 * effort_.sample_ms,
                              .progress = [](const auto& text) { ShowProgress("costs", text); }};
    for (const Scenario& scenario : scenarios_) {
      if (scenario.end != End::kServer || scenario.opposite != "echo_load") continue;
      SayWhatBegins("costs, " + scenario.name);
      const Table table = CountCosts(scenario, options);
      if (!table.rows.empty()) Print(table);
    }
  }

  const Scenario* Find(const std::string& name) const {
    for (const Scenario& scenario : scenarios_) {
      if (scenario.name == name) return &scenario;
    }
    return nullptr;
  }

  // Everybody in the settings of many connections, or what there is of echo servers.
  const Scenario* PlainScenario() const {
    if (const Scenario* many = Find("S7"); many != nullptr) return many;
    for (const Scenario& scenario : scenarios_) {
      if (scenario.end == End::kServer && scenario.opposite == "echo_load") return &scenario;
    }
    return nullptr;
  }

  void Print(const Table& table) {
    EndProgress();
    tables_.push_back(table);
    std::printf("%s", table.ToMarkdown().c_str());
    std::fflush(stdout);
  }

  void WriteResults() {
    const Table verdicts = VerdictsOf(contests_);
    if (!verdicts.rows.empty() || !verdicts.notes.empty()) Print(verdicts);
    const std::string json = absl::GetFlag(FLAGS_json);
    if (!json.empty()) std::ofstream(json) << ReportJson(surroundings_, contests_, tables_);
    const std::string plots = absl::GetFlag(FLAGS_plot);
    if (!plots.empty()) WritePlots(plots, surroundings_, contests_, tables_);
  }

  const Effort effort_;
  const std::string programs_;
  const std::string surroundings_;
  std::vector<Scenario> scenarios_;
  std::vector<Standings> contests_;
  std::vector<Table> tables_;
};

}  // namespace
}  // namespace hpsocket::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage(hpsocket::bench::kUsage);
  absl::ParseCommandLine(argc, argv);
  hpsocket::bench::CatchInterruptions();
  const std::string shared = hpsocket::harness::EnterOwnNetwork();
  if (!shared.empty())
    std::fprintf(stderr, "echo_bench: on this machine's own loopback: %s\n", shared.c_str());
  return hpsocket::bench::EchoBench(argc, argv).Run();
}
