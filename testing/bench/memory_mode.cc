#include "hpsocket/testing/bench/memory_mode.h"

#include <cstdint>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "hpsocket/testing/bench/competitor.h"

namespace hpsocket::bench {
namespace {

constexpr int kTurnMs = 2;
constexpr double kIdleLimit = 384;
constexpr double kUsedLimit = 512;

Scenario Connections() {
  Scenario scenario;
  scenario.name = "memory";
  scenario.connections = 0;
  return scenario;
}

// What GetStats says of pools; -1 for programs that have no such thing.
int64_t PoolBytes(Competitor& competitor) {
  if (competitor.entrant().role != Role::kOurs) return -1;
  const std::string answer = competitor.server().Ask("stats", "stats pool_bytes=");
  return std::atoll(answer.c_str() + sizeof("stats pool_bytes=") - 1);
}

std::string Mib(int64_t bytes) {
  return bytes < 0 ? "–" : absl::StrFormat("%.2f", static_cast<double>(bytes) / (1 << 20));
}

// Anonymous memory at few and at many connections, a server's whole life; `turns`: all of them have talked.
double SlopeOf(Competitor& competitor, const MemoryOptions& options, bool turns) {
  const auto grow_to = [&](unsigned more) {
    competitor.load().Ask(absl::StrCat("connect ", more), "done");
    if (turns) competitor.load().Ask(absl::StrCat("turns ", kTurnMs), "sample ");
    return competitor.memory().anonymous;
  };
  const int64_t few = grow_to(options.few);
  const int64_t many = grow_to(options.many - options.few);
  return static_cast<double>(many - few) / static_cast<double>(options.many - options.few);
}

std::string WithVerdict(double slope, double limit, bool ours) {
  return absl::StrFormat("%.0f%s", slope, !ours ? "" : slope <= limit ? " (holds)" : " (misses)");
}

std::vector<std::string> RowOf(const Entrant& entrant, const MemoryOptions& options) {
  const bool ours = entrant.role == Role::kOurs;
  options.progress(entrant.name + ", idle");
  Competitor idle(options.programs, entrant, Connections(), true);
  const int64_t at_start = idle.memory().anonymous;
  const double idle_slope = SlopeOf(idle, options, false);
  const int64_t idle_pools = PoolBytes(idle);

  options.progress(entrant.name + ", after traffic");
  Competitor used(options.programs, entrant, Connections(), true);
  const double used_slope = SlopeOf(used, options, true);
  const int64_t used_pools = PoolBytes(used);
  used.load().Ask("closed 200", "sample ");
  const double shared = static_cast<double>(used.memory().anonymous) - used_slope * options.many;
  return {entrant.name,
          Mib(at_start),
          WithVerdict(idle_slope, kIdleLimit, ours),
          WithVerdict(used_slope, kUsedLimit, ours),
          Mib(static_cast<int64_t>(shared)),
          Mib(idle_pools),
          Mib(used_pools)};
}

}  // namespace

Table MeasureMemory(const std::vector<Entrant>& entrants, const MemoryOptions& options) {
  Table table;
  table.title =
      absl::StrCat("User-space memory per connection, slope from ", options.few, " to ", options.many);
  table.columns = {"server",     "MiB at start",   "B/conn idle",   "B/conn used",
                   "MiB shared", "pools idle MiB", "pools used MiB"};
  for (const Entrant& entrant : entrants) {
    if (Competitor::Exists(options.programs, entrant)) table.rows.push_back(RowOf(entrant, options));
  }
  table.notes = {
      "Anonymous memory of the server (/proc/PID/smaps_rollup), in pages of 4 KiB.",
      "Shared: program, rings, receive buffers and pools, after all had a message under way at once.",
      "Pools: GetStats' pool_bytes at the larger number of connections, which are in it."};
  return table;
}

}  // namespace hpsocket::bench
