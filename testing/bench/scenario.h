// Internal to testing/bench. Tests only.
//
// What is measured: the scenarios, who competes in each, and what our servers are to reach.
//
// Threads:  any.
#ifndef HPSOCKET_TESTING_BENCH_SCENARIO_H_
#define HPSOCKET_TESTING_BENCH_SCENARIO_H_

#include <string>
#include <vector>

namespace hpsocket::bench {

enum class Role { kOurs, kRawLoop, kPeer };

// A server program with its arguments.
struct Entrant {
  std::string name;
  Role role = Role::kOurs;
  std::string program;  // in servers/
  std::vector<std::string> arguments;
  std::string reference;  // the entrant that it is compared with; itself for raw loops
  double limit = 0;       // of the ratio to the reference; 0: none is promised
};

struct Scenario {
  std::string name;
  std::string title;
  unsigned connections = 1;
  unsigned idle = 0;
  unsigned message = 64;  // bytes
  unsigned depth = 1;
  bool churn = false;  // connections come and go, `connections` at a time
  unsigned workers = 1;
  // One CPU for the server, another for the load; else both go where the kernel likes.
  bool pinned = true;
  double other_port_limit = 0;  // of our dearer port's ratio to the best peer; 0: none is promised
  std::vector<Entrant> entrants;
};

// All of them. `scale` divides the numbers of connections above 1000, for a quick look.
std::vector<Scenario> AllScenarios(unsigned scale);

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_SCENARIO_H_
