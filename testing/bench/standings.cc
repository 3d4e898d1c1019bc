#include "hpsocket/testing/bench/standings.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_format.h"

namespace hpsocket::bench {
namespace {

constexpr double kAllowance = 0.02;  // beyond a limit, for the worse end of an interval

const Track* Find(const ContestResult& result, const std::string& name) {
  for (const Track& track : result.tracks) {
    if (track.entrant.name == name) return &track;
  }
  return nullptr;
}

double MedianOf(const Track& track, double Sample::*figure) {
  std::vector<double> values;
  for (const auto& sample : track.rounds) {
    if (sample) values.push_back((*sample).*figure);
  }
  return Median(values);
}

// Of the rounds in which neither place is empty.
std::vector<double> Ratios(double Sample::*figure, const Track& track, const Track* reference) {
  std::vector<double> ratios;
  for (size_t i = 0; reference != nullptr && i < track.rounds.size() && i < reference->rounds.size(); ++i) {
    const auto& one = track.rounds[i];
    const auto& other = reference->rounds[i];
    if (one && other && (*other).*figure > 0) ratios.push_back((*one).*figure / (*other).*figure);
  }
  return ratios;
}

Estimate Ratio(double Sample::*figure, const Track& track, const Track* reference) {
  return EstimateMedian(Ratios(figure, track, reference));
}

// With default settings: those that are held against peers.
bool IsPlain(const Entrant& entrant) { return entrant.name == "hp-io_uring" || entrant.name == "hp-epoll"; }

struct Rival {
  const Track* peer = nullptr;
  double ratio = 0;  // to it
};

// Against which that one looks worst; by ratios within a round, as everything: machines drift, and the
// lowest median may only have been lucky with its rounds.
Rival HardestRival(const ContestResult& result, const Track& track) {
  Rival hardest;
  for (const Track& peer : result.tracks) {
    if (peer.entrant.role != Role::kPeer) continue;
    const double ratio = Median(Ratios(&Sample::cpu_us, track, &peer));
    if (ratio > hardest.ratio) hardest = {&peer, ratio};
  }
  return hardest;
}

// That of the better of our ports, or of the raw loops where we do not take part.
const Track* BestPeer(const ContestResult& result) {
  for (const Role role : {Role::kOurs, Role::kRawLoop}) {
    Rival best;
    for (const Track& track : result.tracks) {
      if (track.entrant.role != role || (role == Role::kOurs && !IsPlain(track.entrant))) continue;
      const Rival rival = HardestRival(result, track);
      if (rival.peer != nullptr && (best.peer == nullptr || rival.ratio < best.ratio)) best = rival;
    }
    if (best.peer != nullptr) return best.peer;
  }
  return nullptr;
}

double Sample::*FigureOf(Measure measure) {
  return measure == Measure::kCpu ? &Sample::cpu_us : &Sample::rate;
}

std::string VerdictOn(const Estimate& ratio, double limit, Measure measure) {
  if (limit == 0 || ratio.count == 0) return "";
  const bool holds =
      measure == Measure::kCpu ? ratio.high <= limit + kAllowance : ratio.low >= limit - kAllowance;
  return holds ? "holds" : "misses";
}

Standing MakeStanding(const ContestResult& result, const Track& track, const Track* best_peer) {
  Standing standing;
  standing.entrant = track.entrant;
  standing.samples = static_cast<size_t>(
      std::count_if(track.rounds.begin(), track.rounds.end(), [](const auto& s) { return s.has_value(); }));
  standing.rate = MedianOf(track, &Sample::rate);
  standing.cpu_us = MedianOf(track, &Sample::cpu_us);
  standing.switches = MedianOf(track, &Sample::switches);
  standing.server_busy = MedianOf(track, &Sample::server_busy);
  standing.load_busy = MedianOf(track, &Sample::load_busy);
  standing.p50_us = MedianOf(track, &Sample::p50_us);
  standing.p99_us = MedianOf(track, &Sample::p99_us);
  standing.p999_us = MedianOf(track, &Sample::p999_us);
  standing.lost = MedianOf(track, &Sample::lost);
  standing.measure = result.scenario.measure;
  standing.to_reference = Ratio(FigureOf(standing.measure), track, Find(result, track.entrant.reference));
  standing.to_best_peer = Ratio(&Sample::cpu_us, track, best_peer);
  standing.resident_mib = static_cast<double>(track.resident) / (1 << 20);
  standing.idle_bytes = track.idle_bytes;
  standing.used_bytes = track.used_bytes;
  return standing;
}

std::string InRounds(const Estimate& ratio) {
  return absl::StrFormat("%.2f (%.2f–%.2f; %u rounds)", ratio.median, ratio.low, ratio.high, ratio.count);
}

}  // namespace

std::string InWords(const std::string& verdict, size_t rounds) {
  return verdict.empty() || rounds >= kEnoughRounds ? verdict : "a first look (" + verdict + ")";
}

std::string Standing::Verdict() const { return VerdictOn(to_reference, entrant.limit, measure); }

std::string ComparedStanding::Verdict() const { return VerdictOn(ratio, comparison.limit, measure); }

std::string Standings::PeerVerdict() const {
  std::vector<const Standing*> ours;
  for (const Standing& entry : entries) {
    if (IsPlain(entry.entrant) && entry.to_best_peer.count > 0) ours.push_back(&entry);
  }
  if (ours.empty()) return "";
  std::sort(ours.begin(), ours.end(), [](const Standing* one, const Standing* other) {
    return one->to_best_peer.median < other->to_best_peer.median;
  });
  const Estimate& better = ours.front()->to_best_peer;
  std::string words = absl::StrFormat("Our better port here, %s, costs %s of the best peer, %s: %s.",
                                      ours.front()->entrant.name, InRounds(better), best_peer,
                                      InWords(better.low <= 1 ? "holds" : "misses", better.count));
  if (ours.size() == 1) return words;
  const Estimate& other = ours.back()->to_best_peer;
  absl::StrAppendFormat(&words, " %s: %s", ours.back()->entrant.name, InRounds(other));
  if (scenario.other_port_limit > 0) {
    absl::StrAppendFormat(&words, ", limit %.2f: %s", scenario.other_port_limit,
                          InWords(VerdictOn(other, scenario.other_port_limit, Measure::kCpu), other.count));
  }
  return words + ".";
}

Standings MakeStandings(const ContestResult& result) {
  const Track* const best_peer = BestPeer(result);
  Standings standings;
  standings.scenario = result.scenario;
  standings.best_peer = best_peer == nullptr ? "" : best_peer->entrant.name;
  standings.rounds = result.rounds;
  standings.disturbed = result.disturbed;
  standings.missing = result.missing;
  standings.open_rate = result.open_rate;
  for (const Track& track : result.tracks)
    standings.entries.push_back(MakeStanding(result, track, best_peer));
  for (const Comparison& comparison : result.scenario.comparisons) {
    const Track* const track = Find(result, comparison.name);
    if (track == nullptr || Find(result, comparison.reference) == nullptr) continue;  // does not take part
    standings.comparisons.push_back(
        {comparison, result.scenario.measure,
         Ratio(FigureOf(result.scenario.measure), *track, Find(result, comparison.reference))});
  }
  return standings;
}

size_t FewestRounds(const ContestResult& result) {
  size_t fewest = result.rounds;
  const auto look_at = [&](const Track* track, const Track* reference) {
    if (track == nullptr || reference == nullptr) return;  // does not take part
    fewest = std::min(fewest, Ratios(FigureOf(result.scenario.measure), *track, reference).size());
  };
  for (const Track& track : result.tracks) {
    if (track.entrant.limit > 0) look_at(&track, Find(result, track.entrant.reference));
    for (const Track& other : result.tracks) {
      if (IsPlain(track.entrant) && other.entrant.role == Role::kPeer) look_at(&track, &other);
    }
  }
  for (const Comparison& comparison : result.scenario.comparisons) {
    if (comparison.limit > 0) look_at(Find(result, comparison.name), Find(result, comparison.reference));
  }
  return fewest;
}

}  // namespace hpsocket::bench
