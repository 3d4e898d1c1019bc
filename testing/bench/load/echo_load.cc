// The load generator: connects, then does what its standard input says, one line each, and answers
// each with one line. Quiet in between.
//
//   connect COUNT          more connections                                        -> done
//   idle COUNT             connections that never send                             -> done
//   closed MS              closed loop on all connections                          -> sample ...
//   turns MS               closed loop on a hundred connections after the other    -> sample ...
//   open MS RATE           open loop, messages per second                          -> sample ...
//   churn MS COUNT         connections come and go, COUNT at a time                -> sample ...
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <functional>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "hpsocket/core/base/clock.h"
#include "hpsocket/testing/bench/load/churn.h"
#include "hpsocket/testing/bench/load/connector.h"
#include "hpsocket/testing/bench/load/echo_stream.h"
#include "hpsocket/testing/bench/load/load_failure.h"
#include "hpsocket/testing/bench/load/load_sample.h"
#include "hpsocket/testing/bench/load/traffic.h"

ABSL_FLAG(uint32_t, port, 0, "the echo server's port on 127.0.0.1");
ABSL_FLAG(uint32_t, message, 64, "bytes of a message");
ABSL_FLAG(uint32_t, depth, 1, "messages outstanding per connection in closed loops");

namespace hpsocket::bench {
namespace {

constexpr size_t kTurn = 100;  // connections

class EchoLoad {
 public:
  EchoLoad(uint16_t port, size_t message, unsigned depth)
      : share_(message), connector_(port), traffic_(share_, depth) {}

  std::string Do(const std::string& line) {
    std::istringstream words(line);
    std::string verb;
    uint64_t amount = 0;
    uint64_t detail = 0;
    words >> verb >> amount >> detail;
    const core::Duration duration = std::chrono::milliseconds(amount);
    if (verb == "connect") return Connect(static_cast<unsigned>(amount));
    if (verb == "idle") return ConnectIdle(static_cast<unsigned>(amount));
    if (verb == "closed") return Sample([&] { traffic_.RunClosed(duration, 0, traffic_.streams()); });
    if (verb == "turns") return Sample([&] { TakeTurns(duration); });
    if (verb == "open") return Sample([&] { traffic_.RunOpen(duration, detail); });
    if (verb == "churn") {
      return Sample([&] { Churn(share_, connector_, static_cast<unsigned>(detail)).Run(duration); });
    }
    FailLoad("unknown command: " + line);
  }

 private:
  std::string Connect(unsigned count) {
    for (const int fd : connector_.ConnectMany(count)) traffic_.Add(fd);
    return "done";
  }

  std::string ConnectIdle(unsigned count) {
    const std::vector<int> sockets = connector_.ConnectMany(count);
    idle_.insert(idle_.end(), sockets.begin(), sockets.end());
    return "done";
  }

  // Few connections at a time, so that what the server shares among connections does not grow.
  void TakeTurns(core::Duration duration) {
    for (size_t first = 0; first < traffic_.streams(); first += kTurn) {
      traffic_.RunClosed(duration, first, std::min(kTurn, traffic_.streams() - first));
    }
  }

  std::string Sample(const std::function<void()>& run) {
    share_.completed = 0;
    share_.latencies.Clear();
    const core::TimePoint started = core::Clock::System().Now();
    run();
    const core::Duration elapsed = core::Clock::System().Now() - started;
    LoadSample sample;
    sample.messages = share_.completed;
    sample.seconds = std::chrono::duration<double>(elapsed).count();
    sample.p50_us = static_cast<double>(share_.latencies.Percentile(0.5)) / 1000;
    sample.p99_us = static_cast<double>(share_.latencies.Percentile(0.99)) / 1000;
    sample.p999_us = static_cast<double>(share_.latencies.Percentile(0.999)) / 1000;
    return sample.ToLine();
  }

  StreamShare share_;
  Connector connector_;
  Traffic traffic_;
  std::vector<int> idle_;
};

}  // namespace
}  // namespace hpsocket::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("Verifying load generator of echo_bench; commands on standard input.");
  absl::ParseCommandLine(argc, argv);
  std::signal(SIGPIPE, SIG_IGN);
  hpsocket::bench::EchoLoad load(static_cast<uint16_t>(absl::GetFlag(FLAGS_port)),
                                 absl::GetFlag(FLAGS_message), absl::GetFlag(FLAGS_depth));
  for (std::string line; std::getline(std::cin, line);) {
    std::printf("%s\n", load.Do(line).c_str());
    std::fflush(stdout);
  }
}
