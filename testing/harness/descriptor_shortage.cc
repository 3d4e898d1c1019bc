#include "hpsocket/testing/harness/descriptor_shortage.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "hpsocket/testing/harness/process_probe.h"

namespace hpsocket::harness {
namespace {

// Room above the highest descriptor.
constexpr rlim_t kRoom = 200;

}  // namespace

DescriptorShortage::DescriptorShortage() {
  getrlimit(RLIMIT_NOFILE, &before_);
  const std::set<int> open = OpenDescriptors();
  const rlim_t above = open.empty() ? 0 : static_cast<rlim_t>(*open.rbegin()) + 1;
  rlimit lowered = before_;
  lowered.rlim_cur = std::min(above + kRoom, before_.rlim_cur);
  setrlimit(RLIMIT_NOFILE, &lowered);
}

void DescriptorShortage::Begin(int spare) {
  for (int fd = 0; (fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;) taken_.push_back(fd);
  for (; spare > 0 && !taken_.empty(); --spare) {
    close(taken_.back());
    taken_.pop_back();
  }
}

void DescriptorShortage::End() {
  if (over_) return;
  over_ = true;
  setrlimit(RLIMIT_NOFILE, &before_);
  for (const int fd : taken_) close(fd);
  taken_.clear();
}

}  // namespace hpsocket::harness
