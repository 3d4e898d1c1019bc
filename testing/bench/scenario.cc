#include "hpsocket/testing/bench/scenario.h"

#include <cstddef>

#include "absl/strings/str_cat.h"

namespace hpsocket::bench {
namespace {

// Receive buffers that suit a scenario best, as tried for the bare loops.
struct Buffers {
  unsigned uring_count = 256;
  size_t uring_size = 4096;
  size_t epoll_size = size_t{256} << 10;
  size_t asio_size = 4096;  // per connection
};

// What the ratio to the raw loop may be.
struct Limits {
  double limit = 0;
  double message_limit = 0;  // with one Send for each message; 0: not a part of the scenario
  double other_port_limit = 0;
};

Entrant Ours(const std::string& port, const Scenario& scenario, double limit) {
  return {"hp-" + port,   Role::kOurs,
          "bench_server", {"--port=" + port, absl::StrCat("--workers=", scenario.workers)},
          "raw-" + port,  limit};
}

Entrant Peer(const std::string& name, const Scenario& scenario, size_t buffer_size) {
  return {name,
          Role::kPeer,
          name + "_server",
          {absl::StrCat("--workers=", scenario.workers), absl::StrCat("--buffer_size=", buffer_size)},
          "raw-epoll"};
}

// The bare loop of that port.
Entrant RawLoop(const std::string& port, const Scenario& scenario, const Buffers& buffers) {
  Entrant entrant = {"raw-" + port,
                     Role::kRawLoop,
                     port == "epoll" ? "raw_epoll_server" : "raw_uring_server",
                     {absl::StrCat("--workers=", scenario.workers)},
                     "raw-" + port};
  if (port == "epoll") {
    entrant.arguments.push_back(absl::StrCat("--buffer_size=", buffers.epoll_size));
  } else {
    entrant.arguments.push_back(absl::StrCat("--buffers=", buffers.uring_count));
    entrant.arguments.push_back(absl::StrCat("--buffer_size=", buffers.uring_size));
  }
  return entrant;
}

std::vector<Entrant> Everybody(const Scenario& scenario, const Buffers& buffers, const Limits& limits) {
  std::vector<Entrant> all;
  for (const std::string port : {"io_uring", "epoll"}) {
    all.push_back(Ours(port, scenario, limits.limit));
    if (limits.message_limit > 0) {
      Entrant entrant = Ours(port, scenario, limits.message_limit);
      entrant.name += "-message";
      entrant.arguments.push_back(absl::StrCat("--message=", scenario.message));
      all.push_back(entrant);
    }
  }
  all.push_back(RawLoop("io_uring", scenario, buffers));
  all.push_back(RawLoop("epoll", scenario, buffers));
  all.push_back(Peer("libuv", scenario, buffers.epoll_size));
  all.push_back(Peer("asio", scenario, buffers.asio_size));
  all.push_back(Peer("libevent", scenario, buffers.epoll_size));
  return all;
}

Scenario WithEverybody(Scenario scenario, const Buffers& buffers, const Limits& limits) {
  scenario.other_port_limit = limits.other_port_limit;
  scenario.entrants = Everybody(scenario, buffers, limits);
  return scenario;
}

// The same traffic, answered by an application's thread, against answering on the worker. The bare loops
// hand their messages to the same thread: what that costs by itself.
Scenario Foreign(Scenario scenario, const Buffers& buffers) {
  scenario.name += "-foreign";
  scenario.title += ", answered from another thread";
  scenario.pinned = false;
  scenario.open_loop = false;
  for (const std::string port : {"io_uring", "epoll"}) {
    for (Entrant entrant : {Ours(port, scenario, 0), RawLoop(port, scenario, buffers)}) {
      entrant.reference = entrant.name;
      scenario.entrants.push_back(entrant);
      entrant.name += "-foreign";
      entrant.arguments.push_back("--foreign");
      if (entrant.role == Role::kOurs) entrant.limit = 1.12;
      scenario.entrants.push_back(entrant);
    }
    scenario.comparisons.push_back(
        {absl::StrCat("hp-", port, "-foreign"), absl::StrCat("raw-", port, "-foreign")});
  }
  return scenario;
}

// The same as S6, but the server closes after its answer: what an end costs that is ours.
Scenario Dismissal(Scenario scenario, const Buffers& buffers) {
  scenario.name += "-close";
  scenario.title = "connect, 64 B, closed by the server; 64 at a time";
  scenario.exchange = Exchange::kDismissal;
  for (const std::string port : {"io_uring", "epoll"}) {
    for (Entrant entrant : {Ours(port, scenario, 0), RawLoop(port, scenario, buffers)}) {
      entrant.arguments.push_back("--dismiss");
      scenario.entrants.push_back(entrant);
    }
  }
  return scenario;
}

// With a bare io_uring loop that asks for the peer's name at each accept, as ours has to: after a reset it
// can no longer be asked for.
Scenario WithNamedPeers(Scenario scenario, const Buffers& buffers) {
  Entrant entrant = RawLoop("io_uring", scenario, buffers);
  entrant.name += "-name";
  entrant.arguments.push_back("--name_peers");
  scenario.entrants.push_back(entrant);
  scenario.comparisons.push_back({"hp-io_uring", entrant.name, 1.08});
  return scenario;
}

// Each message fetched by itself, against our PUSH server with one Send for each.
Scenario Pull(Scenario scenario) {
  scenario.name += "-pull";
  scenario.title += ", fetched from a PULL server";
  scenario.open_loop = false;
  for (const std::string port : {"io_uring", "epoll"}) {
    Entrant push = Ours(port, scenario, 0);
    push.name += "-message";
    push.reference = push.name;
    push.arguments.push_back(absl::StrCat("--message=", scenario.message));
    Entrant pull = push;
    pull.name = absl::StrCat("hp-", port, "-pull");
    pull.program = "bench_pull_server";
    pull.limit = 1.15;
    scenario.entrants.push_back(push);
    scenario.entrants.push_back(pull);
  }
  return scenario;
}

Scenario TwoThreads(Scenario scenario, const Buffers& buffers, const Limits& limits) {
  scenario.name += "-T2";
  scenario.title += ", two server threads";
  scenario.workers = 2;
  scenario.pinned = false;
  scenario.open_loop = false;
  return WithEverybody(scenario, buffers, limits);
}

// Where connections come and go, a socket for each loop costs less than dealing them out. Where they stay
// it costs nothing either way, and dealing shares them evenly.
Scenario WithASocketForEachRawLoop(Scenario scenario) {
  for (Entrant& entrant : scenario.entrants) {
    if (entrant.role == Role::kRawLoop) entrant.arguments.push_back("--reuse_port");
  }
  return scenario;
}

}  // namespace

std::vector<Scenario> EchoScenarios(unsigned scale) {
  const unsigned many = 10000 / scale;
  const Scenario s0 = {"S0", "1 connection, 64 B ping-pong", 1};
  const Scenario s1 = {"S1", "100 connections, 64 B", 100};
  const Scenario s2 = {"S2", "1000 connections, 64 B", 1000};
  const Scenario s3 = {"S3", "50 connections, 64 B, 32 at a time", 50, 0, 64, 32};
  const Scenario s4 = {"S4", "10 connections, 64 KiB, 2 at a time", 10, 0, 65536, 2};
  const Scenario s5 = {"S5", absl::StrCat("100 connections, 64 B, beside ", many, " idle ones"), 100, many};
  Scenario s6 = {"S6", "connect, 64 B, close; 64 at a time", 64, 0, 64, 1, Exchange::kChurn};
  s6.open_loop = false;
  const Scenario s7 = {"S7", absl::StrCat(many, " connections, 64 B"), many};
  const Buffers usual;
  const Buffers one = {.uring_count = 64};
  const Buffers burst = {.uring_count = 2048};
  const Buffers large = {.uring_count = 8, .uring_size = size_t{256} << 10, .asio_size = size_t{64} << 10};
  const Limits lean = {.limit = 1.08};
  const Limits lean_on_both = {.limit = 1.08, .other_port_limit = 1.10};
  const Limits pipelined = {.limit = 1.08, .message_limit = 1.15, .other_port_limit = 1.10};
  const Limits two_threads = {.limit = 1.10, .other_port_limit = 1.10};
  const Limits peers_only = {.other_port_limit = 1.10};
  return {
      WithEverybody(s0, one, lean),
      WithEverybody(s1, usual, lean_on_both),
      WithEverybody(s2, burst, lean_on_both),
      WithEverybody(s3, usual, pipelined),
      WithEverybody(s4, large, lean),
      WithEverybody(s5, usual, {}),
      WithNamedPeers(WithEverybody(s6, usual, lean_on_both), usual),
      Dismissal(s6, usual),
      WithEverybody(s7, burst, lean_on_both),
      TwoThreads(s0, one, {}),
      TwoThreads(s1, usual, two_threads),
      TwoThreads(s2, burst, two_threads),
      TwoThreads(s3, usual, peers_only),
      TwoThreads(s4, large, {}),
      TwoThreads(s5, usual, {}),
      WithASocketForEachRawLoop(TwoThreads(s6, usual, peers_only)),
      TwoThreads(s7, burst, peers_only),
      Foreign(s1, usual),
      Foreign(s3, usual),
      Pull(s1),
      Pull(s3),
  };
}

}  // namespace hpsocket::bench
