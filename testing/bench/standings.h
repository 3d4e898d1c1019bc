// Internal to testing/bench. Tests only.
//
// What a contest says: medians, and ratios of samples of the same round.
//
// Threads:  any.
#ifndef HPSOCKET_TESTING_BENCH_STANDINGS_H_
#define HPSOCKET_TESTING_BENCH_STANDINGS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "hpsocket/testing/bench/contest.h"
#include "hpsocket/testing/bench/scenario.h"
#include "hpsocket/testing/bench/statistics.h"

namespace hpsocket::bench {

struct Standing {
  Entrant entrant;
  size_t samples = 0;
  double rate = 0;  // medians
  double cpu_us = 0;
  double switches = 0;
  double server_busy = 0;
  double load_busy = 0;
  double p50_us = 0;
  double p99_us = 0;
  double p999_us = 0;
  double lost = 0;
  Measure measure = Measure::kCpu;
  Estimate to_reference;  // of what is measured
  Estimate to_best_peer;  // CPU per message
  double resident_mib = 0;
  double idle_bytes = 0;
  double used_bytes = 0;

  // "holds", "misses", or nothing when nothing was promised.
  std::string Verdict() const;
};

// A ratio with its scenario's Comparison.
struct ComparedStanding {
  Comparison comparison;
  Measure measure = Measure::kCpu;
  Estimate ratio;

  std::string Verdict() const;  // as Standing's
};

struct Standings {
  Scenario scenario;
  std::vector<Standing> entries;
  std::vector<ComparedStanding> comparisons;
  std::string best_peer;  // against which the better of our ports looks worst, within the rounds
  size_t rounds = 0;
  size_t disturbed = 0;
  size_t missing = 0;
  uint64_t open_rate = 0;

  // In words, whether our better port and our other one keep up with the peers.
  std::string PeerVerdict() const;
};

Standings MakeStandings(const ContestResult& result);

// How many rounds the line with the fewest rests on, of those about which something is promised: rounds in
// which neither place is empty. Against peers: ours against each of them.
size_t FewestRounds(const ContestResult& result);

// The rounds that a verdict takes.
constexpr size_t kEnoughRounds = 100;

// A verdict, or a first look at one.
std::string InWords(const std::string& verdict, size_t rounds);

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_STANDINGS_H_
