#include "hpsocket/core/engine/common_settings.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace hpsocket::core {
namespace {

constexpr uint32_t kMaxWorkers = 500;

uint32_t UsableCpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  // More CPUs than the set holds: then the number that are online is what there is to know.
  const long count =
      sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : sysconf(_SC_NPROCESSORS_ONLN);
  return static_cast<uint32_t>(std::clamp<long>(count, 1, kMaxWorkers));
}

// The memory that this process may use: of the machine, or of its cgroup or what its pointers reach where
// that is less.
uint64_t UsableMemory() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page_size = sysconf(_SC_PAGESIZE);
  uint64_t bytes = pages > 0 && page_size > 0
                       ? static_cast<uint64_t>(pages) * static_cast<uint64_t>(page_size)
                       : uint64_t{1} << 30;
  bytes = std::min<uint64_t>(bytes, UINTPTR_MAX);
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    if (line.rfind("0::", 0) != 0) continue;
    // Limits of the groups above bind too.
    for (std::string path = line.substr(3);; path.resize(path.find_last_of('/'))) {
      std::ifstream limit("/sys/fs/cgroup" + path + "/memory.max");
      uint64_t value = 0;
      if (limit >> value) bytes = std::min(bytes, value);
      if (path.empty() || path.find('/') == std::string::npos) break;
    }
  }
  return bytes;
}

uint64_t DefaultPendingTotal() {
  static const uint64_t bytes = UsableMemory() / 4;
  return bytes;
}

}  // namespace

CommonSettings::CommonSettings(Role role) {
  worker_thread_count = IsSingle(role) ? 1 : UsableCpus();
  max_pending_total = DefaultPendingTotal();
}

bool CommonSettings::Valid(Role role) const {
  const bool common = io_backend >= IO_AUTO && io_backend <= IO_EPOLL && busy_poll <= 1000 &&
                      graceful_timeout <= kMaxSetting && sync_connect_timeout > 0 &&
                      sync_connect_timeout <= kMaxSetting && slow_callback_time <= kMaxSetting;
  if (!common) return false;
  if (IsSingle(role)) return free_buffer_pool_size <= kMaxSetting && free_buffer_pool_hold <= kMaxSetting;
  return send_policy >= SP_PACK && send_policy <= SP_DIRECT && recv_policy >= RP_SERIAL &&
         recv_policy <= RP_PARALLEL && free_socket_obj_lock_time <= kMaxSetting &&
         free_socket_obj_pool <= kMaxSetting && free_socket_obj_hold <= kMaxSetting &&
         free_socket_obj_hold >= free_socket_obj_pool && free_buffer_obj_pool <= kMaxSetting &&
         free_buffer_obj_hold <= kMaxSetting && free_buffer_obj_hold >= free_buffer_obj_pool &&
         worker_thread_count >= 1 && worker_thread_count <= kMaxWorkers &&
         max_shutdown_wait_time <= kMaxSetting && max_idle_time <= kMaxSetting;
}

}  // namespace hpsocket::core
