// The load generator of the UDP scenarios: does what its standard input says.
//
//   connect COUNT          more sockets                                            -> done
//   closed MS              closed loop on all sockets                              -> sample ...
//   blast MS               one way, to the server, as many as it can               -> sample ...
//   drain MS               one way, from the server, as many as that can           -> sample ...
//   sessions COUNT BYTES   so many peers are heard once                            -> done
#include <memory>
#include <string>

#include "hpsocket/testing/bench/load/datagram_socket.h"
#include "hpsocket/testing/bench/load/load_program.h"
#include "hpsocket/testing/bench/load/one_way.h"
#include "hpsocket/testing/bench/load/session_opener.h"
#include "hpsocket/testing/bench/load/traffic.h"

namespace hpsocket::bench {
namespace {

class UdpLoad {
 public:
  explicit UdpLoad(const LoadOptions& options)
      : options_(options),
        share_(options.message),
        traffic_(share_, options.depth),
        sessions_(options.port) {}

  std::string Do(const LoadCommand& command) {
    const core::Duration duration = command.duration();
    if (command.verb == "connect") {
      for (unsigned i = 0; i < command.count(); ++i) traffic_.Add(ConnectDatagrams(options_.port));
      return "done";
    }
    if (command.verb == "closed") {
      return SampleOf(share_, [&] { traffic_.RunClosed(duration, 0, traffic_.streams()); });
    }
    if (command.verb == "blast") return one_way().Blast(duration).ToLine();
    if (command.verb == "drain") return one_way().Drain(duration).ToLine();
    if (command.verb == "sessions") {
      sessions_.Open(static_cast<size_t>(command.count()), static_cast<size_t>(command.detail));
      return "done";
    }
    return "";
  }

 private:
  OneWay& one_way() {
    if (one_way_ == nullptr) one_way_ = std::make_unique<OneWay>(options_.port, options_.message);
    return *one_way_;
  }

  const LoadOptions options_;
  StreamShare share_;
  Traffic<DatagramStream> traffic_;
  SessionOpener sessions_;
  std::unique_ptr<OneWay> one_way_;
};

}  // namespace
}  // namespace hpsocket::bench

int main(int argc, char** argv) {
  using namespace hpsocket::bench;
  UdpLoad load(ParseLoadFlags(argc, argv, "UDP load generator of echo_bench; commands on standard input."));
  ObeyCommands([&](const LoadCommand& command) { return load.Do(command); });
}
