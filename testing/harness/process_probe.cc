#include "hpsocket/testing/harness/process_probe.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

namespace hpsocket::harness {
namespace {

constexpr char kResolverName[] = "hp-resolver";

// The numbers among a folder's entries, without the descriptor used for looking. By system calls:
// ThreadSanitizer follows descriptors through libc's functions, and takes the number of one that io_uring has
// closed for still in use.
std::set<int> Numbers(const char* folder) {
  std::set<int> numbers;
  const int fd = static_cast<int>(syscall(SYS_openat, AT_FDCWD, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd < 0) return numbers;
  alignas(dirent64) char entries[4096];
  for (ssize_t size = 0; (size = getdents64(fd, entries, sizeof(entries))) > 0;) {
    for (ssize_t at = 0; at < size;) {
      const auto* const entry = reinterpret_cast<const dirent64*>(entries + at);
      at += entry->d_reclen;
      char* end = nullptr;
      const long number = std::strtol(entry->d_name, &end, 10);
      if (end != entry->d_name && *end == '\0' && number != fd) numbers.insert(static_cast<int>(number));
    }
  }
  syscall(SYS_close, fd);
  return numbers;
}

std::string TaskFile(int thread_id, const char* file) {
  return "/proc/self/task/" + std::to_string(thread_id) + "/" + file;
}

}  // namespace

std::set<int> OpenDescriptors() { return Numbers("/proc/self/fd"); }

bool IsCloseOnExec(int fd) {
  const int flags = fcntl(fd, F_GETFD);
  return flags < 0 || (flags & FD_CLOEXEC) != 0;
}

int64_t ResidentBytes() {
  int64_t all = 0;
  int64_t resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

std::set<int> ThreadIds() { return Numbers("/proc/self/task"); }

bool HasNoThreadBeside(const std::set<int>& known) {
  const std::set<int> now = ThreadIds();
  return std::all_of(now.begin(), now.end(),
                     [&known](int id) { return known.count(id) != 0 || ThreadName(id) == kResolverName; });
}

std::string ThreadName(int thread_id) {
  std::ifstream file(TaskFile(thread_id, "comm"));
  std::string name;
  std::getline(file, name);
  return name;
}

uint64_t BlockedSignals(int thread_id) {
  std::ifstream file(TaskFile(thread_id, "status"));
  const std::string key = "SigBlk:\t";
  for (std::string line; std::getline(file, line);) {
    if (line.compare(0, key.size(), key) == 0) return std::strtoull(line.c_str() + key.size(), nullptr, 16);
  }
  return 0;
}

}  // namespace hpsocket::harness
