#include "hpsocket/testing/bench/process_figures.h"

#include <sched.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace hpsocket::bench {
namespace {

// The number behind `name` in a file of "name: number" lines; 0 when it is not there.
int64_t Field(const std::string& path, const std::string& name) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.compare(0, name.size(), name) == 0) return std::stoll(line.substr(name.size()));
  }
  return 0;
}

}  // namespace

int64_t CpuTimeOf(pid_t process) {
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

Scheduling SchedulingOf(pid_t process) {
  Scheduling sum;
  std::error_code gone;
  for (const auto& thread :
       std::filesystem::directory_iterator(absl::StrCat("/proc/", process, "/task"), gone)) {
    const std::string path = thread.path().string();
    std::ifstream file(path + "/schedstat");
    int64_t ran = 0;
    int64_t waited = 0;
    file >> ran >> waited;
    sum.waited += waited;
    sum.switches += static_cast<uint64_t>(Field(path + "/status", "voluntary_ctxt_switches:") +
                                          Field(path + "/status", "nonvoluntary_ctxt_switches:"));
  }
  return sum;
}

Memory MemoryOf(pid_t process) {
  const std::string path = absl::StrCat("/proc/", process, "/smaps_rollup");
  return {Field(path, "Rss:") * 1024, Field(path, "Anonymous:") * 1024};
}

MachineTime TimeOfMachine() {
  std::ifstream file("/proc/stat");
  std::string name;
  int64_t user = 0, nice = 0, system = 0, idle = 0, waiting = 0, interrupts = 0, soft = 0, stolen = 0;
  file >> name >> user >> nice >> system >> idle >> waiting >> interrupts >> soft >> stolen;
  const int64_t tick = 1'000'000'000 / sysconf(_SC_CLK_TCK);
  return {(user + nice + system + interrupts + soft) * tick, stolen * tick};
}

std::vector<int> UsableCpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  sched_getaffinity(0, sizeof(set), &set);
  std::vector<int> cpus;
  for (size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &set)) cpus.push_back(static_cast<int>(cpu));
  }
  return cpus;
}

}  // namespace hpsocket::bench
