#include "hpsocket/testing/bench/datagram_scenarios.h"

#include <string>
#include <vector>

namespace hpsocket::bench {
namespace {

// Everything that a closed loop has outstanding finds room at the server: it loses nothing.
constexpr char kRoomForAll[] = "--receive_buffer=1048576";

// Our server on both ports against the bare loop that does the same, called `raw`.
Scenario Against(const std::string& raw, double limit, const std::vector<std::string>& arguments,
                 Scenario scenario) {
  scenario.opposite = "udp_load";
  scenario.open_loop = false;
  for (const std::string port : {"io_uring", "epoll"}) {
    scenario.entrants.push_back({"hp-" + port, Role::kOurs, "bench_udp_server", arguments, raw, limit});
    scenario.entrants.back().arguments.push_back("--port=" + port);
  }
  scenario.entrants.push_back({raw, Role::kRawLoop, "raw_udp_server", arguments, raw});
  for (const char* const buffers : {"--buffers=256", "--buffer_size=1536"}) {
    scenario.entrants.back().arguments.push_back(buffers);
  }
  return scenario;
}

}  // namespace

std::vector<Scenario> DatagramScenarios() {
  const Scenario u1 = {"U1", "UDP, 50 sockets, 64 B, 4 at a time", 50, 0, 64, 4};
  Scenario u2 = {"U2", "UDP, 1200 B from one peer, one-way", 1, 0, 1200, 1, Exchange::kBlast};
  Scenario u3 = {"U3", "UDP, 1200 B to one peer, one-way", 1, 0, 1200, 1, Exchange::kDrain};
  u2.measure = u3.measure = Measure::kRate;
  return {Against("raw-mmsg", 1.10, {"--task=echo", kRoomForAll}, u1),
          Against("raw-mmsg", 0.95, {"--task=count"}, u2), Against("raw-gso", 0.90, {"--task=blast"}, u3)};
}

}  // namespace hpsocket::bench
