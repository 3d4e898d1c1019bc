// The load generator: connects, then does what its standard input says.
//
//   connect COUNT          more connections                                        -> done
//   idle COUNT             connections that never send                             -> done
//   closed MS              closed loop on all connections                          -> sample ...
//   turns MS               closed loop on a hundred connections after the other    -> sample ...
//   open MS RATE           open loop, messages per second                          -> sample ...
//   churn MS COUNT         connections come and go, COUNT at a time                -> sample ...
//   dismissal MS COUNT     likewise, but the server closes, and this end waits for it -> sample ...
//   rush COUNT             so many connections at once; reset afterwards           -> sample ...
//
// With "closed" and "rush" it is also what our agent on epoll is compared with.
#include <algorithm>
#include <string>
#include <vector>

#include "hpsocket/testing/bench/load/churn.h"
#include "hpsocket/testing/bench/load/connect_rush.h"
#include "hpsocket/testing/bench/load/connector.h"
#include "hpsocket/testing/bench/load/echo_stream.h"
#include "hpsocket/testing/bench/load/load_program.h"
#include "hpsocket/testing/bench/load/traffic.h"

namespace hpsocket::bench {
namespace {

constexpr size_t kTurn = 100;  // connections

class EchoLoad {
 public:
  explicit EchoLoad(const LoadOptions& options)
      : options_(options),
        share_(options.message),
        connector_(options.port, options.message),
        traffic_(share_, options.depth) {}

  std::string Do(const LoadCommand& command) {
    const core::Duration duration = command.duration();
    if (command.verb == "connect") return Connect(command.count());
    if (command.verb == "idle") return ConnectIdle(command.count());
    if (command.verb == "closed") {
      return SampleOf(share_, [&] { traffic_.RunClosed(duration, 0, traffic_.streams()); });
    }
    if (command.verb == "turns") return SampleOf(share_, [&] { TakeTurns(duration); });
    if (command.verb == "open") {
      return SampleOf(share_, [&] { traffic_.RunOpen(duration, command.detail); });
    }
    if (command.verb == "churn" || command.verb == "dismissal") {
      const bool dismissed = command.verb == "dismissal";
      return SampleOf(share_, [&] {
        Churn(share_, connector_, static_cast<unsigned>(command.detail), dismissed).Run(duration);
      });
    }
    if (command.verb == "rush")
      return ConnectRush(options_.port, options_.message).Run(command.count()).ToLine();
    return "";
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

  const LoadOptions options_;
  StreamShare share_;
  Connector connector_;
  Traffic<EchoStream> traffic_;
  std::vector<int> idle_;
};

}  // namespace
}  // namespace hpsocket::bench

int main(int argc, char** argv) {
  using namespace hpsocket::bench;
  EchoLoad load(
      ParseLoadFlags(argc, argv, "Verifying load generator of echo_bench; commands on standard input."));
  ObeyCommands([&](const LoadCommand& command) { return load.Do(command); });
}
