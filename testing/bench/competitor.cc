#include "hpsocket/testing/bench/competitor.h"

#include <unistd.h>

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "hpsocket/core/base/clock.h"
#include "hpsocket/testing/bench/load/load_sample.h"

namespace hpsocket::bench {
namespace {

// Shares of a sample's time beyond which it says more about the machine than about the server.
constexpr double kStolen = 0.06;
constexpr double kWaited = 0.05;  // for the CPU that is its own
constexpr double kOthers = 0.15;  // CPU time of strangers, where threads share the CPUs; counted in ticks

std::string Program(const std::string& programs, const std::string& name, End end) {
  if (name.front() == '/') return name;
  return absl::StrCat(programs, end == End::kServer ? "/servers/" : "/load/", name);
}

}  // namespace

bool Competitor::Exists(const std::string& programs, const Entrant& entrant, End end) {
  return access(Program(programs, entrant.program, end).c_str(), X_OK) == 0;
}

Competitor::Competitor(const std::string& programs, const Entrant& entrant, const Scenario& scenario,
                       bool small_pages_only)
    : entrant_(entrant), scenario_(scenario) {
  const std::vector<int> cpus = UsableCpus();
  Process::Options server_options{.small_pages_only = small_pages_only};
  Process::Options load_options;
  if (scenario.pinned && cpus.size() >= 2) {
    server_options.cpus = {cpus[0]};
    load_options.cpus = {cpus[1]};
  }
  server_ = std::make_unique<Process>(ServerCommand(programs), server_options);
  const std::string ready = server_->ReadLine();
  if (ready.compare(0, 6, "ready ") != 0) throw Failure(entrant.name + ": " + ready);
  load_ = std::make_unique<Process>(LoadCommand(programs, ready.substr(6)), load_options);
}

std::vector<std::string> Competitor::ServerCommand(const std::string& programs) const {
  if (scenario_.end == End::kClient) return {Program(programs, scenario_.opposite, End::kServer)};
  std::vector<std::string> command = {Program(programs, entrant_.program, End::kServer)};
  command.insert(command.end(), entrant_.arguments.begin(), entrant_.arguments.end());
  return command;
}

std::vector<std::string> Competitor::LoadCommand(const std::string& programs, const std::string& port) const {
  const bool competes = scenario_.end == End::kClient;
  std::vector<std::string> command = {
      Program(programs, competes ? entrant_.program : scenario_.opposite, End::kClient), "--port=" + port,
      absl::StrCat("--message=", scenario_.message), absl::StrCat("--depth=", scenario_.depth)};
  if (competes) command.insert(command.end(), entrant_.arguments.begin(), entrant_.arguments.end());
  return command;
}

void Competitor::Connect() {
  anonymous_before_ = memory().anonymous;
  if (scenario_.idle > 0) load_->Ask(absl::StrCat("idle ", scenario_.idle), "done");
  if (scenario_.exchange == Exchange::kEcho)
    load_->Ask(absl::StrCat("connect ", scenario_.connections), "done");
}

double Competitor::BytesPerConnection() const {
  const auto growth = static_cast<double>(memory().anonymous - anonymous_before_);
  return growth / static_cast<double>(scenario_.connections + scenario_.idle);
}

Sample Competitor::Measure(int milliseconds) {
  switch (scenario_.exchange) {
    case Exchange::kEcho:
      return Run(absl::StrCat("closed ", milliseconds));
    case Exchange::kChurn:
      return Run(absl::StrCat("churn ", milliseconds, " ", scenario_.connections));
    case Exchange::kDismissal:
      return Run(absl::StrCat("dismissal ", milliseconds, " ", scenario_.connections));
    case Exchange::kBlast:
      return Run(absl::StrCat("blast ", milliseconds));
    case Exchange::kDrain:
      return Run(absl::StrCat("drain ", milliseconds));
    case Exchange::kRush:
      return Run(absl::StrCat("rush ", scenario_.connections));
  }
  throw Failure("no such exchange");
}

Sample Competitor::MeasureOpen(int milliseconds, uint64_t messages_per_second) {
  return Run(absl::StrCat("open ", milliseconds, " ", messages_per_second));
}

// The load is quiet before and after, so what the server used in between was for these messages.
Sample Competitor::Run(const std::string& command) {
  const core::Clock& clock = core::Clock::System();
  const Scheduling server_scheduling = SchedulingOf(server_->pid());
  const Scheduling load_scheduling = SchedulingOf(load_->pid());
  const MachineTime machine = TimeOfMachine();
  const core::TimePoint started = clock.Now();
  const int64_t server_cpu = CpuTimeOf(server_->pid());
  const int64_t load_cpu = CpuTimeOf(load_->pid());

  const std::optional<LoadSample> result = LoadSample::FromLine(load_->Ask(command, "sample "));
  if (!result || result->messages == 0) throw Failure(entrant_.name + ": no messages");

  const int64_t server_used = CpuTimeOf(server_->pid()) - server_cpu;
  const int64_t load_used = CpuTimeOf(load_->pid()) - load_cpu;
  const int64_t elapsed = (clock.Now() - started).count();
  const MachineTime machine_after = TimeOfMachine();
  const Scheduling server_after = SchedulingOf(server_->pid());
  const Scheduling load_after = SchedulingOf(load_->pid());

  const auto messages = static_cast<double>(result->messages);
  Sample sample;
  sample.messages = result->messages;
  sample.rate = messages / result->seconds;
  const bool server_competes = scenario_.end == End::kServer;
  const uint64_t switches = server_competes ? server_after.switches - server_scheduling.switches
                                            : load_after.switches - load_scheduling.switches;
  sample.cpu_us = static_cast<double>(server_competes ? server_used : load_used) / 1000 / messages;
  sample.switches = static_cast<double>(switches) / messages;
  sample.server_busy = static_cast<double>(server_used) / static_cast<double>(elapsed);
  sample.load_busy = static_cast<double>(load_used) / static_cast<double>(elapsed);
  sample.p50_us = result->p50_us;
  sample.p99_us = result->p99_us;
  sample.p999_us = result->p999_us;
  sample.lost = result->lost;
  sample.disturbance = DisturbanceOf(elapsed, machine_after.stolen - machine.stolen,
                                     machine_after.busy - machine.busy - server_used - load_used,
                                     server_after.waited - server_scheduling.waited,
                                     load_after.waited - load_scheduling.waited);
  return sample;
}

std::string Competitor::DisturbanceOf(int64_t elapsed, int64_t stolen, int64_t others, int64_t server_waited,
                                      int64_t load_waited) const {
  const auto share = [&](int64_t time) { return static_cast<double>(time) / static_cast<double>(elapsed); };
  const double cpus = static_cast<double>(UsableCpus().size());
  if (share(stolen) / cpus > kStolen) return absl::StrFormat("%.0f %% stolen", share(stolen) / cpus * 100);
  // A client's own threads wait for each other.
  if (!scenario_.pinned || cpus < 2 || scenario_.end == End::kClient) {
    if (share(others) / cpus <= kOthers) return "";
    return absl::StrFormat("%.0f %% used by others", share(others) / cpus * 100);
  }
  if (share(load_waited) > kWaited) return absl::StrFormat("load waited %.0f %%", share(load_waited) * 100);
  if (share(server_waited) > kWaited)
    return absl::StrFormat("server waited %.0f %%", share(server_waited) * 100);
  return "";
}

}  // namespace hpsocket::bench
