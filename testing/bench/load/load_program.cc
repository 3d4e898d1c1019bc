#include "hpsocket/testing/bench/load/load_program.h"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <sstream>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "hpsocket/testing/bench/load/load_failure.h"
#include "hpsocket/testing/bench/load/load_sample.h"

ABSL_FLAG(uint32_t, port, 0, "the server's port on 127.0.0.1");
ABSL_FLAG(uint32_t, message, 64, "bytes of a message");
ABSL_FLAG(uint32_t, depth, 1, "messages outstanding per connection in closed loops");

namespace hpsocket::bench {

core::Duration LoadCommand::duration() const { return std::chrono::milliseconds(amount); }

LoadOptions ParseLoadFlags(int argc, char** argv, const char* usage) {
  absl::SetProgramUsageMessage(usage);
  absl::ParseCommandLine(argc, argv);
  std::signal(SIGPIPE, SIG_IGN);
  LoadOptions options;
  options.port = static_cast<uint16_t>(absl::GetFlag(FLAGS_port));
  options.message = absl::GetFlag(FLAGS_message);
  options.depth = absl::GetFlag(FLAGS_depth);
  return options;
}

void ObeyCommands(const std::function<std::string(const LoadCommand&)>& obey) {
  LoadCommand command;
  while (std::getline(std::cin, command.line)) {
    command.amount = command.detail = 0;
    std::istringstream words(command.line);
    words >> command.verb >> command.amount >> command.detail;
    const std::string answer = obey(command);
    if (answer.empty()) FailLoad("unknown command: " + command.line);
    std::printf("%s\n", answer.c_str());
    std::fflush(stdout);
  }
}

std::string SampleOf(StreamShare& share, const std::function<void()>& run) {
  share.completed = 0;
  share.latencies.Clear();
  const core::TimePoint started = core::Clock::System().Now();
  run();
  const core::Duration elapsed = core::Clock::System().Now() - started;
  LoadSample sample;
  sample.messages = share.completed;
  sample.seconds = std::chrono::duration<double>(elapsed).count();
  sample.p50_us = static_cast<double>(share.latencies.Percentile(0.5)) / 1000;
  sample.p99_us = static_cast<double>(share.latencies.Percentile(0.99)) / 1000;
  sample.p999_us = static_cast<double>(share.latencies.Percentile(0.999)) / 1000;
  return sample.ToLine();
}

}  // namespace hpsocket::bench
