#include "hpsocket/core/stream/stream_settings.h"

#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <fstream>
#include <string>

namespace hpsocket::core {
namespace {

constexpr uint32_t kMaxSigned = 0x7fffffff;
constexpr uint32_t kMaxWorkers = 500;

uint32_t UsableCpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  // More CPUs than the set holds: then the number that are online is what there is to know.
  const long count =
      sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : sysconf(_SC_NPROCESSORS_ONLN);
  return static_cast<uint32_t>(std::clamp<long>(count, 1, kMaxWorkers));
}

// The memory that this process may use: of the machine, or of its cgroup where that is less.
uint64_t UsableMemory() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page_size = sysconf(_SC_PAGESIZE);
  uint64_t bytes = pages > 0 && page_size > 0
                       ? static_cast<uint64_t>(pages) * static_cast<uint64_t>(page_size)
                       : uint64_t{1} << 30;
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

StreamSettings::StreamSettings(Role role) {
  socket_buffer_size = static_cast<uint32_t>(sysconf(_SC_PAGESIZE));
  worker_thread_count = role == Role::kClient ? 1 : UsableCpus();
  socket_listen_queue = SOMAXCONN;
  max_pending_total = DefaultPendingTotal();
}

bool StreamSettings::Valid(Role role) const {
  const bool common = io_backend >= IO_AUTO && io_backend <= IO_EPOLL && keep_alive_time <= kMaxSigned &&
                      keep_alive_interval <= kMaxSigned && busy_poll <= 1000 &&
                      graceful_timeout <= kMaxSigned && sync_connect_timeout > 0 &&
                      sync_connect_timeout <= kMaxSigned && slow_callback_time <= kMaxSigned &&
                      socket_buffer_size <= kMaxSigned;
  if (!common) return false;
  if (role == Role::kClient) {
    return socket_buffer_size > 0 && free_buffer_pool_size <= kMaxSigned &&
           free_buffer_pool_hold <= kMaxSigned;
  }
  const bool complex = send_policy >= SP_PACK && send_policy <= SP_DIRECT && recv_policy >= RP_SERIAL &&
                       recv_policy <= RP_PARALLEL && free_socket_obj_lock_time <= kMaxSigned &&
                       free_socket_obj_pool <= kMaxSigned && free_socket_obj_hold <= kMaxSigned &&
                       free_socket_obj_hold >= free_socket_obj_pool && free_buffer_obj_pool <= kMaxSigned &&
                       free_buffer_obj_hold <= kMaxSigned && free_buffer_obj_hold >= free_buffer_obj_pool &&
                       worker_thread_count >= 1 && worker_thread_count <= kMaxWorkers &&
                       max_shutdown_wait_time <= kMaxSigned && max_idle_time <= kMaxSigned &&
                       socket_buffer_size >= 64;
  if (!complex || role == Role::kAgent) return complex;
  return accept_socket_count > 0 && accept_socket_count <= kMaxSigned && socket_listen_queue > 0 &&
         socket_listen_queue <= kMaxSigned;
}

}  // namespace hpsocket::core
