#include "hpsocket/testing/harness/lossy_path.h"

#include <utility>

namespace hpsocket::harness {

std::vector<std::string> LossyPath::Pass(std::string datagram) {
  ++figures_.came;
  // All of them each time: what one is asked does not change the answers to the others.
  const bool lost = Chance(faults_.loss);
  const bool doubled = Chance(faults_.duplicate);
  const bool kept_back = Chance(faults_.reorder);
  if (lost) {
    ++figures_.lost;
    return {};
  }
  std::vector<std::string> leaving;
  if (doubled) {
    ++figures_.doubled;
    leaving.push_back(datagram);
  }
  if (kept_back && !held_) {
    held_ = std::move(datagram);
  } else {
    leaving.push_back(std::move(datagram));
    if (held_) {
      ++figures_.overtaken;
      leaving.push_back(*std::exchange(held_, std::nullopt));
    }
  }
  figures_.left += leaving.size();
  return leaving;
}

std::vector<std::string> LossyPath::Release() {
  if (!held_) return {};
  ++figures_.left;
  return {*std::exchange(held_, std::nullopt)};
}

bool LossyPath::Chance(double probability) {
  return static_cast<double>(random_() >> 11) * 0x1p-53 < probability;
}

}  // namespace hpsocket::harness
