#include "hpsocket/testing/bench/contest.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "hpsocket/testing/bench/interruption.h"

namespace hpsocket::bench {
namespace {

constexpr int kTries = 3;
constexpr int kWarmUpMs = 50;
constexpr int kCalibrationMs = 200;

}  // namespace

Contest::Contest(const Scenario& scenario, const ContestOptions& options) : options_(options) {
  result_.scenario = scenario;
}

ContestResult Contest::Run() {
  try {
    Start();
    WarmUp();
    for (size_t round = 0;
         round < options_.rounds || (round < options_.most_rounds && !options_.enough(result_)); ++round) {
      RunRound(round);
    }
  } catch (const Failure&) {
    if (!Interrupted()) throw;
  }
  for (size_t i = 0; i < result_.tracks.size(); ++i) {
    result_.tracks[i].rounds.resize(result_.rounds);  // of a round that was interrupted
    result_.tracks[i].resident = competitors_[i]->memory().resident;
    result_.tracks[i].used_bytes = competitors_[i]->BytesPerConnection();
  }
  return result_;
}

void Contest::Start() {
  for (const Entrant& entrant : result_.scenario.entrants) {
    options_.progress("starts " + entrant.name);
    competitors_.push_back(std::make_unique<Competitor>(options_.programs, entrant, result_.scenario));
    competitors_.back()->Connect();
    result_.tracks.push_back({.entrant = entrant, .idle_bytes = competitors_.back()->BytesPerConnection()});
  }
}

void Contest::WarmUp() {
  double slowest_raw_loop = 0;
  for (const auto& competitor : competitors_) {
    options_.progress("warms up " + competitor->entrant().name);
    const Sample sample = competitor->Measure(options_.open_load > 0 ? kCalibrationMs : kWarmUpMs);
    if (competitor->entrant().role != Role::kRawLoop) continue;
    slowest_raw_loop = slowest_raw_loop == 0 ? sample.rate : std::min(slowest_raw_loop, sample.rate);
  }
  if (options_.open_load == 0) return;
  if (slowest_raw_loop == 0) throw Failure("an open loop needs a raw loop to find its rate");
  result_.open_rate = static_cast<uint64_t>(slowest_raw_loop * options_.open_load);
}

void Contest::RunRound(size_t round) {
  const size_t count = competitors_.size();
  for (size_t i = 0; i < count; ++i) {
    const size_t turn = (round + i) % count;
    options_.progress(absl::StrFormat("round %u of %u, %s, %u disturbed samples", round + 1, options_.rounds,
                                      competitors_[turn]->entrant().name, result_.disturbed));
    result_.tracks[turn].rounds.push_back(SampleOf(*competitors_[turn]));
  }
  result_.rounds = round + 1;
}

std::optional<Sample> Contest::SampleOf(Competitor& competitor) {
  for (int i = 0; i < kTries; ++i) {
    Sample sample = result_.open_rate > 0 ? competitor.MeasureOpen(options_.sample_ms, result_.open_rate)
                                          : competitor.Measure(options_.sample_ms);
    if (sample.disturbance.empty()) return sample;
    ++result_.disturbed;
    if (options_.keep_disturbed) return sample;
  }
  ++result_.missing;
  return std::nullopt;
}

}  // namespace hpsocket::bench
