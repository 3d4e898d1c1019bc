#include "hpsocket/testing/bench/client_scenarios.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace hpsocket::bench {
namespace {

// Our agent on each port against the bare loop of that port.
Scenario Agents(double limit, Scenario scenario) {
  scenario.end = End::kClient;
  scenario.measure = Measure::kRate;
  scenario.opposite = "raw_epoll_server";
  scenario.open_loop = false;
  for (const std::string port : {"io_uring", "epoll"}) {
    scenario.entrants.push_back({absl::StrCat("hp-", port),
                                 Role::kOurs,
                                 "agent_load",
                                 {"--backend=" + port},
                                 absl::StrCat("raw-", port),
                                 limit});
  }
  scenario.entrants.push_back({"raw-io_uring", Role::kRawLoop, "raw_uring_load", {}, "raw-io_uring"});
  scenario.entrants.push_back({"raw-epoll", Role::kRawLoop, "echo_load", {}, "raw-epoll"});
  return scenario;
}

// With bare loops, too, that set on each connection what components set by default: keep-alive, three system
// calls.
Scenario WithKeepAlive(Scenario scenario) {
  const std::vector<Entrant> entrants = scenario.entrants;
  for (Entrant loop : entrants) {
    if (loop.role != Role::kRawLoop) continue;
    const std::string port = loop.name;
    loop.name += "-alive";
    loop.reference = loop.name;
    loop.arguments.push_back("--keep_alive");
    scenario.entrants.push_back(loop);
    for (const Entrant& ours : entrants) {
      if (ours.role == Role::kOurs && ours.reference == port)
        scenario.comparisons.push_back({ours.name, loop.name, ours.limit});
    }
  }
  return scenario;
}

}  // namespace

std::vector<Scenario> ClientScenarios(unsigned scale) {
  const unsigned many = 9000 / scale;
  return {Agents(0.95, {"A1", "agent, 1000 connections, 64 B", 1000}),
          WithKeepAlive(Agents(0.90, {"A2", absl::StrCat("agent, ", many, " connects at once"), many, 0, 64,
                                      1, Exchange::kRush}))};
}

}  // namespace hpsocket::bench
