// Internal to testing.
//
// What a bad network does to the datagrams of one direction: it loses, doubles and overtakes them, as a
// seed decides. The n-th datagram that comes meets the same fate in every run.
//
// Threads:  one at a time.
#ifndef HPSOCKET_TESTING_HARNESS_LOSSY_PATH_H_
#define HPSOCKET_TESTING_HARNESS_LOSSY_PATH_H_

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace hpsocket::harness {

// Probabilities, 0..1.
struct PathFaults {
  double loss = 0;
  double duplicate = 0;
  double reorder = 0;  // is kept back until the next one has passed
};

struct PathFigures {
  uint64_t came = 0;
  uint64_t lost = 0;
  uint64_t doubled = 0;
  uint64_t overtaken = 0;  // left after one that had come later
  uint64_t left = 0;       // copies included
};

class LossyPath {
 public:
  explicit LossyPath(uint64_t seed) : random_(seed) {}

  void Set(const PathFaults& faults) { faults_ = faults; }
  // `datagram` comes: what leaves now, in this order.
  std::vector<std::string> Pass(std::string datagram);
  // Nothing else may come for long: what leaves of what was kept back.
  std::vector<std::string> Release();
  bool holds() const { return held_.has_value(); }
  const PathFigures& figures() const { return figures_; }

 private:
  bool Chance(double probability);

  std::mt19937_64 random_;
  PathFaults faults_;
  PathFigures figures_;
  std::optional<std::string> held_;
};

}  // namespace hpsocket::harness

#endif  // HPSOCKET_TESTING_HARNESS_LOSSY_PATH_H_
