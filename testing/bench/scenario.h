// Internal to testing/bench. Tests only.
//
// What is measured: the scenarios, who competes in each, and what ours are to reach.
//
// Threads:  any.
#ifndef HPSOCKET_TESTING_BENCH_SCENARIO_H_
#define HPSOCKET_TESTING_BENCH_SCENARIO_H_

#include <string>
#include <vector>

namespace hpsocket::bench {

enum class Role { kOurs, kRawLoop, kPeer };

// Which end competes; at the other one is the same program for everybody.
enum class End { kServer, kClient };

enum class Exchange {
  kEcho,       // each connection has `depth` messages outstanding
  kChurn,      // connect, a message, close; `connections` at a time
  kDismissal,  // the same, but the server closes
  kBlast,      // datagrams to the server, as many as the load can
  kDrain,      // datagrams from the server, as many as that can
  kRush,       // `connections` connects at once
};

enum class Measure {
  kCpu,   // of the competing end, per message: the limit is the most
  kRate,  // messages per second: the limit is the least
};

// A competing program with its arguments.
struct Entrant {
  std::string name;
  Role role = Role::kOurs;
  std::string program;  // in servers/, or load/ where clients compete; or its whole path
  std::vector<std::string> arguments;
  std::string reference;  // the entrant that it is compared with; itself for raw loops
  double limit = 0;       // of the ratio to the reference; 0: none is promised
};

// One more ratio, besides those of each entrant to its reference.
struct Comparison {
  std::string name;
  std::string reference;
  double limit = 0;  // as Entrant's
};

struct Scenario {
  std::string name;
  std::string title;
  unsigned connections = 1;
  unsigned idle = 0;
  unsigned message = 64;  // bytes
  unsigned depth = 1;
  Exchange exchange = Exchange::kEcho;
  unsigned workers = 1;
  // One CPU for the server, another for the load; else both go where the kernel likes.
  bool pinned = true;
  End end = End::kServer;
  Measure measure = Measure::kCpu;
  std::string opposite = "echo_load";  // the other end's program, in load/ or servers/
  bool open_loop = true;               // has a part in the mode "latency"
  double other_port_limit = 0;         // of our dearer port's ratio to the best peer; 0: none is promised
  std::vector<Entrant> entrants;
  std::vector<Comparison> comparisons;
};

// The echo servers'. `scale` divides the numbers of connections above 1000, for a quick look.
std::vector<Scenario> EchoScenarios(unsigned scale);

}  // namespace hpsocket::bench

#endif  // HPSOCKET_TESTING_BENCH_SCENARIO_H_
