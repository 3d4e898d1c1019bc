#include "hpsocket/testing/harness/udp_relay.h"

#include <algorithm>
#include <utility>

namespace hpsocket::harness {

void UdpRelay::Set(const PathFaults& faults) {
  std::lock_guard<std::mutex> lock(mutex_);
  faults_ = faults;
  for (LossyPath& path : paths_) path.Set(faults);
}

PathFigures UdpRelay::figures(RelayWay way) const {
  std::lock_guard<std::mutex> lock(mutex_);
  PathFigures sum;
  for (size_t i = IndexOf(way); i < paths_.size(); i += 2) {
    const PathFigures& each = paths_[i].figures();
    sum.came += each.came;
    sum.lost += each.lost;
    sum.doubled += each.doubled;
    sum.overtaken += each.overtaken;
    sum.left += each.left;
  }
  return sum;
}

std::vector<std::string> UdpRelay::left(RelayWay way) const {
  std::lock_guard<std::mutex> lock(mutex_);
  return left_[IndexOf(way)];
}

bool UdpRelay::holds() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return std::any_of(paths_.begin(), paths_.end(), [](const LossyPath& path) { return path.holds(); });
}

size_t UdpRelay::AddClient() {
  std::lock_guard<std::mutex> lock(mutex_);
  for (int way = 0; way < 2; ++way) {
    paths_.emplace_back(seed_ * 1'000'003 + paths_.size());
    paths_.back().Set(faults_);
  }
  return paths_.size() / 2 - 1;
}

std::vector<std::string> UdpRelay::Pass(size_t client, RelayWay way, std::string datagram) {
  std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::string> leaving = paths_[client * 2 + IndexOf(way)].Pass(std::move(datagram));
  left_[IndexOf(way)].insert(left_[IndexOf(way)].end(), leaving.begin(), leaving.end());
  return leaving;
}

std::vector<std::string> UdpRelay::Release(size_t client, RelayWay way) {
  std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::string> leaving = paths_[client * 2 + IndexOf(way)].Release();
  left_[IndexOf(way)].insert(left_[IndexOf(way)].end(), leaving.begin(), leaving.end());
  return leaving;
}

}  // namespace hpsocket::harness
