#include "hpsocket/testing/bench/report.h"

#include <sys/utsname.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "hpsocket/testing/bench/process_figures.h"

namespace hpsocket::bench {
namespace {

std::string Short(double value) {
  if (value >= 1e6) return absl::StrFormat("%.2fM", value / 1e6);
  if (value >= 1e4) return absl::StrFormat("%.1fk", value / 1e3);
  return absl::StrFormat("%.0f", value);
}

std::string Words(const Estimate& estimate) {
  if (estimate.count == 0) return "–";
  return absl::StrFormat("%.2f (%.2f–%.2f)", estimate.median, estimate.low, estimate.high);
}

std::string EstimateJson(const Estimate& estimate) {
  return absl::StrFormat("{\"median\": %.4f, \"low\": %.4f, \"high\": %.4f, \"rounds\": %u}", estimate.median,
                         estimate.low, estimate.high, estimate.count);
}

std::string EntryJson(const Standing& entry) {
  return absl::StrFormat(
      "{\"server\": %s, \"reference\": %s, \"samples\": %u, \"messages_per_second\": %.1f, "
      "\"cpu_us_per_message\": %.4f, \"to_reference\": %s, \"to_best_peer\": %s, \"limit\": %.2f, "
      "\"verdict\": %s, \"p50_us\": %.2f, \"p99_us\": %.2f, \"p999_us\": %.2f, \"rss_mib\": %.2f, "
      "\"idle_bytes_per_connection\": %.0f, \"used_bytes_per_connection\": %.0f, "
      "\"switches_per_message\": %.4f, \"server_busy\": %.3f, \"load_busy\": %.3f, \"lost\": %.4f}",
      QuoteJson(entry.entrant.name), QuoteJson(entry.entrant.reference), entry.samples, entry.rate,
      entry.cpu_us, EstimateJson(entry.to_reference), EstimateJson(entry.to_best_peer), entry.entrant.limit,
      QuoteJson(entry.Verdict()), entry.p50_us, entry.p99_us, entry.p999_us, entry.resident_mib,
      entry.idle_bytes, entry.used_bytes, entry.switches, entry.server_busy, entry.load_busy, entry.lost);
}

const char* MeasureWords(const Scenario& scenario) {
  return scenario.measure == Measure::kCpu ? "CPU" : "rate";
}

std::string ComparisonJson(const ComparedStanding& compared) {
  return absl::StrFormat(
      "{\"server\": %s, \"reference\": %s, \"ratio\": %s, \"limit\": %.2f, \"verdict\": %s}",
      QuoteJson(compared.comparison.name), QuoteJson(compared.comparison.reference),
      EstimateJson(compared.ratio), compared.comparison.limit, QuoteJson(compared.Verdict()));
}

std::string StandingsJson(const Standings& standings) {
  std::vector<std::string> entries;
  for (const Standing& entry : standings.entries) entries.push_back(EntryJson(entry));
  std::vector<std::string> comparisons;
  for (const ComparedStanding& compared : standings.comparisons)
    comparisons.push_back(ComparisonJson(compared));
  return absl::StrFormat(
      "{\"scenario\": %s, \"title\": %s, \"measure\": %s, \"rounds\": %u, \"disturbed\": %u, \"missing\": "
      "%u, "
      "\"open_rate\": %u, \"best_peer\": %s, \"servers\": [\n    %s], \"comparisons\": [%s]}",
      QuoteJson(standings.scenario.name), QuoteJson(standings.scenario.title),
      QuoteJson(MeasureWords(standings.scenario)), standings.rounds, standings.disturbed, standings.missing,
      standings.open_rate, QuoteJson(standings.best_peer), absl::StrJoin(entries, ",\n    "),
      absl::StrJoin(comparisons, ", "));
}

// Divided among few connections, what the server needs anyway would say nothing.
std::string PerConnection(double bytes, unsigned connections) {
  return connections < 1000 ? "–" : absl::StrFormat("%.0f", bytes);
}

std::vector<std::string> ClosedRow(const Standing& entry, unsigned connections) {
  return {entry.entrant.name,
          Short(entry.rate),
          absl::StrFormat("%.3f", entry.cpu_us),
          Words(entry.to_reference),
          Words(entry.to_best_peer),
          absl::StrFormat("%.0f", entry.p50_us),
          absl::StrFormat("%.0f", entry.p99_us),
          absl::StrFormat("%.1f", entry.resident_mib),
          PerConnection(entry.idle_bytes, connections),
          PerConnection(entry.used_bytes, connections),
          absl::StrFormat("%.3f", entry.switches),
          absl::StrFormat("%.0f / %.0f %%", entry.server_busy * 100, entry.load_busy * 100)};
}

// Without the time that a message takes to come back: none does.
std::vector<std::string> OneWayRow(const Standing& entry) {
  return {entry.entrant.name,
          Short(entry.rate),
          absl::StrFormat("%.3f", entry.cpu_us),
          Words(entry.to_reference),
          absl::StrFormat("%.1f %%", entry.lost * 100),
          absl::StrFormat("%.3f", entry.switches),
          absl::StrFormat("%.0f / %.0f %%", entry.server_busy * 100, entry.load_busy * 100)};
}

std::vector<std::string> OpenRow(const Standing& entry) {
  return {entry.entrant.name,
          absl::StrFormat("%.0f", entry.p50_us),
          absl::StrFormat("%.0f", entry.p99_us),
          absl::StrFormat("%.0f", entry.p999_us),
          absl::StrFormat("%.3f", entry.cpu_us),
          Words(entry.to_reference),
          absl::StrFormat("%.3f", entry.switches)};
}

void AddClosedRows(const Standings& standings, Table* table) {
  table->columns = {"server", "msg/s",   "CPU µs/msg",  "÷ reference", "÷ best peer",  "p50 µs",
                    "p99 µs", "RSS MiB", "B/conn idle", "B/conn used", "switches/msg", "busy: server / load"};
  const unsigned connections = standings.scenario.connections + standings.scenario.idle;
  for (const Standing& entry : standings.entries) table->rows.push_back(ClosedRow(entry, connections));
}

void AddOneWayRows(const Standings& standings, Table* table) {
  table->columns = {"server", "msg/s",        "CPU µs/msg",         "÷ reference",
                    "lost",   "switches/msg", "busy: server / load"};
  for (const Standing& entry : standings.entries) table->rows.push_back(OneWayRow(entry));
}

void AddOpenRows(const Standings& standings, Table* table) {
  table->columns = {"server", "p50 µs", "p99 µs", "p99.9 µs", "CPU µs/msg", "÷ reference", "switches/msg"};
  for (const Standing& entry : standings.entries) table->rows.push_back(OpenRow(entry));
}

bool ComesBack(Exchange exchange) {
  return exchange == Exchange::kEcho || exchange == Exchange::kChurn || exchange == Exchange::kDismissal;
}

std::vector<std::string> VerdictRow(const Standings& standings, const Comparison& comparison,
                                    const Estimate& ratio, const std::string& verdict) {
  const char* const side = standings.scenario.measure == Measure::kCpu ? "≤" : "≥";
  return {standings.scenario.name,
          comparison.name,
          comparison.reference,
          MeasureWords(standings.scenario),
          Words(ratio),
          comparison.limit == 0 ? "–" : absl::StrFormat("%s %.2f", side, comparison.limit),
          absl::StrCat(ratio.count),
          verdict.empty() ? "–" : InWords(verdict, ratio.count)};
}

std::string CpuModel() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.compare(0, 10, "model name") == 0) return line.substr(line.find(':') + 2);
  }
  return "unknown CPU";
}

}  // namespace

Table TableOf(const Standings& standings) {
  Table table;
  table.title = absl::StrCat(standings.scenario.name, ": ", standings.scenario.title);
  if (standings.open_rate > 0) {
    absl::StrAppend(&table.title, ", open loop, ", standings.open_rate, " messages/s");
    AddOpenRows(standings, &table);
  } else if (ComesBack(standings.scenario.exchange)) {
    AddClosedRows(standings, &table);
  } else {
    AddOneWayRows(standings, &table);
  }
  if (standings.scenario.end == End::kClient) table.columns.front() = "client";
  table.notes.push_back(absl::StrCat(standings.rounds, " rounds; ", standings.disturbed,
                                     " disturbed samples, ", standings.missing, " places stayed empty."));
  if (standings.scenario.measure == Measure::kRate)
    table.notes.push_back("÷ reference: messages per second.");
  return table;
}

Table VerdictsOf(const std::vector<Standings>& all) {
  Table table;
  table.title = "What was to be reached";
  table.columns = {"scenario", "server", "against", "of", "ratio (95 %)", "limit", "rounds", "verdict"};
  for (const Standings& standings : all) {
    if (standings.open_rate > 0) continue;  // promises are about closed loops
    for (const Standing& entry : standings.entries) {
      if (entry.Verdict().empty()) continue;
      table.rows.push_back(VerdictRow(standings,
                                      {entry.entrant.name, entry.entrant.reference, entry.entrant.limit},
                                      entry.to_reference, entry.Verdict()));
    }
    for (const ComparedStanding& compared : standings.comparisons) {
      if (compared.ratio.count == 0) continue;
      table.rows.push_back(VerdictRow(standings, compared.comparison, compared.ratio, compared.Verdict()));
    }
    const std::string peers = standings.PeerVerdict();
    if (!peers.empty()) table.notes.push_back(standings.scenario.name + ". " + peers);
  }
  return table;
}

std::string Surroundings(int argc, char** argv) {
  utsname system{};
  uname(&system);
  std::vector<std::string> command(argv, argv + argc);
  command.front() = "echo_bench";
  return absl::StrFormat("%s; %u CPUs usable, %s; Linux %s", absl::StrJoin(command, " "), UsableCpus().size(),
                         CpuModel(), system.release);
}

std::string ReportJson(const std::string& surroundings, const std::vector<Standings>& all,
                       const std::vector<Table>& tables) {
  std::vector<std::string> contests;
  for (const Standings& standings : all) contests.push_back(StandingsJson(standings));
  std::vector<std::string> others;
  for (const Table& table : tables) others.push_back(table.ToJson());
  return absl::StrCat("{\"run\": ", QuoteJson(surroundings), ",\n\"contests\": [\n  ",
                      absl::StrJoin(contests, ",\n  "), "],\n\"tables\": [", absl::StrJoin(others, ",\n  "),
                      "]}\n");
}

}  // namespace hpsocket::bench
