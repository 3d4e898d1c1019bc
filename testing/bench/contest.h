// Internal to testing/bench. Tests only.
//
// One scenario: all its servers are up, and short samples go round among them in an order that rotates,
// so that what disturbs the machine disturbs all alike. A disturbed sample is taken again, and left
// out when that does not help.
//
// Threads:  one.
// Errors:   as Competitor. Ctrl-C ends it early, with the rounds that were complete.
#ifndef HPSOCKET_TESTING_BENCH_CONTEST_H_
#define HPSOCKET_TESTING_BENCH_CONTEST_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hpsocket/testing/bench/competitor.h"
#include "hpsocket/testing/bench/sample.h"
#include "hpsocket/testing/bench/scenario.h"

namespace hpsocket::bench {

struct ContestResult;

struct ContestOptions {
  std::string programs;     // folder
  size_t rounds = 10;       // at least ...
  size_t most_rounds = 10;  // ... and at most, while there are not `enough`
  std::function<bool(const ContestResult&)> enough = [](const ContestResult&) { return true; };
  int sample_ms = 300;
  bool keep_disturbed = false;  // they count nevertheless: figures mean little, but there are some
  double open_load = 0;  // open loop with this share of what the slower raw loop can do; 0: closed loop
  // Told before each sample.
  std::function<void(const std::string& text)> progress = [](const std::string&) {};
};

// One server's part.
struct Track {
  Entrant entrant;
  std::vector<std::optional<Sample>> rounds;  // nothing: disturbed
  int64_t resident = 0;
  double idle_bytes = 0;  // user space, per connection, before and after the traffic
  double used_bytes = 0;
};

struct ContestResult {
  Scenario scenario;
  std::vector<Track> tracks;
  size_t rounds = 0;
  size_t disturbed = 0;    // samples that were thrown away
  size_t missing = 0;      // places that stayed empty
  uint64_t open_rate = 0;  // messages per second; 0: closed loop
};

class Contest {
 public:
  Contest(const Scenario& scenario, const ContestOptions& options);

  ContestResult Run();

 private:
  void Start();
  void WarmUp();
  void RunRound(size_t round);
  std::optional<Sample> SampleOf(Competitor& competitor);

  const ContestOptions& options_;
  ContestResult result_;
  std::vector<std::unique_ptr<Competitor>> competitors_;
};

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_CONTEST_H_
