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

std::vector<Entrant> Everybody(const Scenario& scenario, const Buffers& buffers, const Limits& limits) {
  const std::string workers = absl::StrCat("--workers=", scenario.workers);
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
  all.push_back({"raw-io_uring",
                 Role::kRawLoop,
                 "raw_uring_server",
                 {workers, absl::StrCat("--buffers=", buffers.uring_count),
                  absl::StrCat("--buffer_size=", buffers.uring_size)},
                 "raw-io_uring"});
  all.push_back({"raw-epoll",
                 Role::kRawLoop,
                 "raw_epoll_server",
                 {workers, absl::StrCat("--buffer_size=", buffers.epoll_size)},
                 "raw-epoll"});
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

// The same traffic, answered by an application's thread, against answering on the worker.
Scenario Foreign(Scenario scenario) {
  scenario.name += "-foreign";
  scenario.title += ", answered from another thread";
  scenario.pinned = false;
  scenario.open_loop = false;
  scenario.entrants.clear();
  for (const std::string port : {"io_uring", "epoll"}) {
    Entrant inline_answer = Ours(port, scenario, 0);
    inline_answer.reference = inline_answer.name;
    Entrant foreign = Ours(port, scenario, 1.12);
    foreign.name += "-foreign";
    foreign.reference = inline_answer.name;
    foreign.arguments.push_back("--foreign");
    scenario.entrants.push_back(inline_answer);
    scenario.entrants.push_back(foreign);
  }
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

Scenario TwoThreads(Scenario scenario, const Buffers& buffers, double limit) {
  scenario.name += "-T2";
  scenario.title += ", two server threads";
  scenario.workers = 2;
  scenario.pinned = false;
  scenario.open_loop = false;
  return WithEverybody(scenario, buffers, {limit});
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
  return {
      WithEverybody(s0, one, lean),
      WithEverybody(s1, usual, lean_on_both),
      WithEverybody(s2, burst, lean_on_both),
      WithEverybody(s3, usual, pipelined),
      WithEverybody(s4, large, lean),
      WithEverybody(s5, usual, {}),
      WithEverybody(s6, usual, lean_on_both),
      WithEverybody(s7, burst, lean_on_both),
      TwoThreads(s1, usual, 1.10),
      TwoThreads(s2, burst, 1.10),
      TwoThreads(s3, usual, 0),
      TwoThreads(s4, large, 0),
      TwoThreads(s6, usual, 0),
      Foreign(s1),
      Foreign(s3),
      Pull(s1),
      Pull(s3),
  };
}

}  // namespace hpsocket::bench
