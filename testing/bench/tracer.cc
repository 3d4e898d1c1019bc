#include "hpsocket/testing/bench/tracer.h"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "hpsocket/core/base/clock.h"
#include "hpsocket/testing/bench/interruption.h"
#include "hpsocket/testing/bench/syscall_counts.h"

namespace hpsocket::bench {
namespace {

constexpr core::Duration kPatience = std::chrono::seconds(20);

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// perf has opened and switched on its counters when it waits for their first events.
bool WaitsInPoll(pid_t process) {
  std::ifstream file(absl::StrCat("/proc/", process, "/syscall"));
  long number = -1;
  return file >> number && (number == SYS_poll || number == SYS_ppoll);
}

bool AllThreadsTraced(pid_t process) {
  std::error_code gone;
  for (const auto& thread :
       std::filesystem::directory_iterator(absl::StrCat("/proc/", process, "/task"), gone)) {
    if (ReadFile(thread.path() / "status").find("TracerPid:\t0\n") != std::string::npos) return false;
  }
  return !gone;
}

std::vector<std::string> CommandOf(const std::string& tool, const std::string& output, pid_t traced) {
  if (tool == "perf") return {"perf", "trace", "-s", "-o", output, "-p", absl::StrCat(traced)};
  return {"strace", "-c", "-f", "-o", output, "-p", absl::StrCat(traced)};
}

}  // namespace

Tracer::Tracer(const std::string& tool, pid_t traced)
    : tool_(tool),
      output_(std::filesystem::temp_directory_path() / absl::StrCat("echo_bench.", getpid(), ".trace")),
      process_(CommandOf(tool, output_, traced), {.quiet = true}) {
  const core::Clock& clock = core::Clock::System();
  const core::TimePoint deadline = clock.Now() + kPatience;
  while (!(tool_ == "perf" ? WaitsInPoll(process_.pid()) : AllThreadsTraced(traced))) {
    if (clock.Now() > deadline || Interrupted())
      throw Failure(tool_ + " does not start (tools/bootstrap --bench)");
    poll(nullptr, 0, 10);
  }
}

Tracer::~Tracer() {
  std::error_code ignored;
  std::filesystem::remove(output_, ignored);
}

std::map<std::string, uint64_t> Tracer::Counts() {
  kill(process_.pid(), SIGINT);
  process_.Finish();
  const std::string text = ReadFile(output_);
  return tool_ == "perf" ? ParsePerfSummary(text) : ParseStraceSummary(text);
}

}  // namespace hpsocket::bench
