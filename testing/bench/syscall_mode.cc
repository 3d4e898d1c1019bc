#include "hpsocket/testing/bench/syscall_mode.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "hpsocket/testing/bench/competitor.h"
#include "hpsocket/testing/bench/tracer.h"

namespace hpsocket::bench {
namespace {

constexpr double kTooFew = 0.0005;  // calls per message that are not worth a word

std::string Breakdown(const std::map<std::string, uint64_t>& counts, double messages) {
  std::vector<std::pair<double, std::string>> calls;
  for (const auto& [name, count] : counts) {
    const double share = static_cast<double>(count) / messages;
    if (share >= kTooFew) calls.emplace_back(share, absl::StrFormat("%s %.3f", name, share));
  }
  std::sort(calls.rbegin(), calls.rend());
  return absl::StrJoin(calls, ", ", [](std::string* out, const auto& call) { *out += call.second; });
}

}  // namespace

Table CountSyscalls(const Scenario& scenario, const SyscallOptions& options) {
  Table table;
  table.title = "System calls per message, " + scenario.name + ": " + scenario.title;
  table.columns = {"server", "calls/message", "of these"};
  for (const Entrant& entrant : scenario.entrants) {
    options.progress(scenario.name + ", " + entrant.name);
    Competitor competitor(options.programs, entrant, scenario);
    competitor.Connect();
    competitor.Measure(options.sample_ms / 4);
    Tracer tracer(options.tracer, competitor.server().pid());
    const auto messages = static_cast<double>(competitor.Measure(options.sample_ms).messages);
    const std::map<std::string, uint64_t> counts = tracer.Counts();
    uint64_t total = 0;
    for (const auto& [name, count] : counts) total += count;
    table.rows.push_back({entrant.name, absl::StrFormat("%.3f", static_cast<double>(total) / messages),
                          Breakdown(counts, messages)});
  }
  table.notes = {"Counted by " + options.tracer +
                 ", which slows the server and so makes its batches larger."};
  return table;
}

}  // namespace hpsocket::bench
