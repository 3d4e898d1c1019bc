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

Estimate Ratio(double Sample::*figure, const Track& track, const Track* reference) {
  std::vector<double> ratios;
  for (size_t i = 0; reference != nullptr && i < track.rounds.size(); ++i) {
    const auto& one = track.rounds[i];
    const auto& other = reference->rounds[i];
    if (one && other && (*other).*figure > 0) ratios.push_back((*one).*figure / (*other).*figure);
  }
  return EstimateMedian(ratios);
}

const Track* BestPeer(const ContestResult& result) {
  const Track* best = nullptr;
  for (const Track& track : result.tracks) {
    if (track.entrant.role != Role::kPeer || MedianOf(track, &Sample::cpu_us) == 0) continue;
    if (best == nullptr || MedianOf(track, &Sample::cpu_us) < MedianOf(*best, &Sample::cpu_us)) best = &track;
  }
  return best;
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
  standing.to_reference = Ratio(standing.measure == Measure::kCpu ? &Sample::cpu_us : &Sample::rate, track,
                                Find(result, track.entrant.reference));
  standing.to_best_peer = Ratio(&Sample::cpu_us, track, best_peer);
  standing.resident_mib = static_cast<double>(track.resident) / (1 << 20);
  standing.idle_bytes = track.idle_bytes;
  standing.used_bytes = track.used_bytes;
  return standing;
}

}  // namespace

std::string Standing::Verdict() const {
  if (entrant.limit == 0 || to_reference.count == 0) return "";
  const bool holds = measure == Measure::kCpu ? to_reference.high <= entrant.limit + kAllowance
                                              : to_reference.low >= entrant.limit - kAllowance;
  return holds ? "holds" : "misses";
}

std::string Standings::PeerVerdict() const {
  std::vector<const Standing*> ours;
  for (const Standing& entry : entries) {
    const bool plain = entry.entrant.name == "hp-io_uring" || entry.entrant.name == "hp-epoll";
    if (plain && entry.to_best_peer.count > 0) ours.push_back(&entry);
  }
  if (ours.empty()) return "";
  std::sort(ours.begin(), ours.end(), [](const Standing* one, const Standing* other) {
    return one->to_best_peer.median < other->to_best_peer.median;
  });
  const Estimate& better = ours.front()->to_best_peer;
  std::string words =
      absl::StrFormat("Our better port here, %s, costs %.2f (%.2f–%.2f) of the best peer, %s: %s.",
                      ours.front()->entrant.name, better.median, better.low, better.high, best_peer,
                      better.low <= 1 ? "holds" : "misses");
  if (ours.size() == 1) return words;
  const Estimate& other = ours.back()->to_best_peer;
  absl::StrAppendFormat(&words, " %s: %.2f (%.2f–%.2f)", ours.back()->entrant.name, other.median, other.low,
                        other.high);
  if (scenario.other_port_limit > 0) {
    absl::StrAppendFormat(&words, ", limit %.2f: %s", scenario.other_port_limit,
                          other.high <= scenario.other_port_limit + kAllowance ? "holds" : "misses");
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
  return standings;
}

}  // namespace hpsocket::bench
