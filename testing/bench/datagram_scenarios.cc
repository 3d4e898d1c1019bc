#include "hpsocket/testing/bench/datagram_scenarios.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace hpsocket::bench {
namespace {

// Our server on both ports against the bare loop that does the same, called `raw`.
Scenario Against(const std::string& raw, const std::string& task, double limit, Scenario scenario) {
  scenario.opposite = "udp_load";
  scenario.open_loop = false;
  const std::string what = absl::StrCat("--task=", task);
  for (const std::string port : {"io_uring", "epoll"}) {
    scenario.entrants.push_back(
        {absl::StrCat("hp-", port), Role::kOurs, "bench_udp_server", {"--port=" + port, what}, raw, limit});
  }
  scenario.entrants.push_back(
      {raw, Role::kRawLoop, "raw_udp_server", {what, "--buffers=256", "--buffer_size=1536"}, raw});
  return scenario;
}

}  // namespace

std::vector<Scenario> DatagramScenarios() {
  const Scenario u1 = {"U1", "UDP, 50 sockets, 64 B, 4 at a time", 50, 0, 64, 4};
  Scenario u2 = {"U2", "UDP, 1200 B from one peer, one-way", 1, 0, 1200, 1, Exchange::kBlast};
  Scenario u3 = {"U3", "UDP, 1200 B to one peer, one-way", 1, 0, 1200, 1, Exchange::kDrain};
  u2.measure = u3.measure = Measure::kRate;
  return {Against("raw-mmsg", "echo", 1.10, u1), Against("raw-mmsg", "count", 0.95, u2),
          Against("raw-gso", "blast", 0.90, u3)};
}

}  // namespace hpsocket::bench
