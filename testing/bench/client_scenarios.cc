#include "hpsocket/testing/bench/client_scenarios.h"

#include <string>

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

}  // namespace

std::vector<Scenario> ClientScenarios(unsigned scale) {
  const unsigned many = 9000 / scale;
  return {Agents(0.95, {"A1", "agent, 1000 connections, 64 B", 1000}),
          Agents(0.90, {"A2", absl::StrCat("agent, ", many, " connects at once"), many, 0, 64, 1,
                        Exchange::kRush})};
}

}  // namespace hpsocket::bench
