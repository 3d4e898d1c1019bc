#include "hpsocket/testing/bench/cost_mode.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <sstream>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "hpsocket/testing/bench/competitor.h"

namespace hpsocket::bench {
namespace {

constexpr double kTooFew = 0.0005;  // per message: not worth a word

// Per message, by function.
using Sites = std::vector<std::pair<double, std::string>>;

// "costs KIND@FUNCTION=COUNT ...", by kind.
std::map<std::string, Sites> ParseCosts(const std::string& line, double messages) {
  std::map<std::string, Sites> kinds;
  std::istringstream words(line);
  for (std::string word; words >> word;) {
    const size_t at = word.find('@');
    const size_t equals = word.rfind('=');
    if (at == std::string::npos || equals == std::string::npos || equals < at) continue;
    const auto count = static_cast<double>(std::stoull(word.substr(equals + 1)));
    kinds[word.substr(0, at)].emplace_back(count / messages, word.substr(at + 1, equals - at - 1));
  }
  return kinds;
}

std::string Words(Sites sites) {
  std::sort(sites.rbegin(), sites.rend());
  double total = 0;
  std::vector<std::string> worth_a_word;
  for (const auto& [share, name] : sites) {
    total += share;
    if (share >= kTooFew) worth_a_word.push_back(absl::StrFormat("`%s` %.3f", name, share));
  }
  const std::string sum = absl::StrFormat("%.3f", total);
  return worth_a_word.empty() ? sum : sum + ": " + absl::StrJoin(worth_a_word, ", ");
}

}  // namespace

Table CountCosts(const Scenario& scenario, const CostOptions& options) {
  Table table;
  table.title = "Per message, " + scenario.name + ": " + scenario.title;
  table.columns = {"server", "allocations", "locks", "atomic read-modify-writes", "writes to shared lines"};
  for (Entrant entrant : scenario.entrants) {
    if (entrant.role != Role::kOurs || entrant.program != "bench_server") continue;
    options.progress(scenario.name + ", " + entrant.name);
    entrant.program = options.server;
    Competitor competitor(options.programs, entrant, scenario);
    competitor.Connect();
    competitor.Measure(options.sample_ms / 4);
    competitor.server().Ask("costs", "costs");
    const auto messages = static_cast<double>(competitor.Measure(options.sample_ms).messages);
    std::map<std::string, Sites> kinds = ParseCosts(competitor.server().Ask("costs", "costs"), messages);
    // A worker that sleeps between two rounds leaves a trace, at least.
    if (kinds.empty()) throw Failure(options.server + " counts nothing: built without --config=costs?");
    table.rows.push_back({entrant.name, Words(kinds["allocation"]), Words(kinds["lock"]), Words(kinds["rmw"]),
                          Words(kinds["shared"])});
  }
  table.notes = {
      "Of the counter build, which is slow and so makes batches larger. The small locks are also among the "
      "read-modify-writes.",
      "Shared lines: cache lines that another thread read or wrote in the same sample."};
  return table;
}

}  // namespace hpsocket::bench
